"""Speaks MCP to mcp-server-mturk (installed as it is) and calls its tools one after the other."""

import asyncio
import json
import os
import sys

import control
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client


async def main():
    server = StdioServerParameters(command=sys.executable, args=["-m", "mturk_mcp.server"], env=dict(os.environ))
    async with stdio_client(server) as (read, write), ClientSession(read, write) as session:
        await session.initialize()
        tools = [tool.name for tool in (await session.list_tools()).tools]
        called = []

        async def use(tool, **arguments):
            answer = await session.call_tool(tool, arguments)
            text = answer.content[0].text
            assert not answer.isError and "error (" not in text and not text.startswith("Error"), f"{tool}: {text}"
            called.append(tool)
            return json.loads(text)

        print(await use("get_account_balance"))
        hit = (
            await use(
                "create_hit", title="Tag an image", description="d", question_html='<input name="answer">', reward="0.05",
                max_assignments=3, keywords="image", lifetime_seconds=3600,
            )
        )["hit_id"]
        assignments = [control.work(hit, f"A{number}MCP", answer="dog") for number in range(3)]
        await use("get_hit", hit_id=hit)
        await use("list_hits")
        await use("list_reviewable_hits")
        await use("list_assignments", hit_id=hit)
        await use("get_assignment", assignment_id=assignments[0])
        await use("approve_assignment", assignment_id=assignments[0], feedback="good")
        await use("reject_assignment", assignment_id=assignments[1], feedback="empty")
        await use("approve_all_submitted_assignments", hit_id=hit)
        await use("send_bonus", worker_id="A0MCP", assignment_id=assignments[0], bonus_amount="0.10", reason="thanks")
        await use("list_bonus_payments", hit_id=hit)
        qualification = (await use("create_qualification_type", name="Trusted", description="d"))["qualification_type_id"]
        await use("list_qualification_types")
        await use("assign_qualification", qualification_type_id=qualification, worker_id="A0MCP", value=5)
        await use("get_qualification_score", qualification_type_id=qualification, worker_id="A0MCP")
        await use("revoke_qualification", qualification_type_id=qualification, worker_id="A0MCP", reason="over")
        await use("block_worker", worker_id="A1MCP", reason="spam")
        await use("list_blocked_workers")
        await use("unblock_worker", worker_id="A1MCP", reason="appealed")
        await use("notify_workers", worker_ids="A0MCP", subject="Hello", message="More")
        await use("create_additional_assignments", hit_id=hit, additional_assignments=1)
        await use("update_hit_expiration", hit_id=hit, expire_at="2015-01-01T00:00:00Z")
        await use("delete_hit", hit_id=hit)
        print("not called:", sorted(set(tools) - set(called)) or "none")
        print("mcp-server-mturk: all done")


asyncio.run(main())

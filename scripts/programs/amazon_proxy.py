#!/usr/bin/env python3
"""Stands where a program expects Amazon: an HTTPS proxy whose other side is a market.

Programs that have Amazon's endpoint in their code reach a market through this without a change to them:

    amazon_proxy.py MARKET_URL DIRECTORY

prints the environment that such a program needs (HTTPS_PROXY, AWS_CA_BUNDLE), then serves until it is stopped. DIRECTORY holds
the certificate, which is made there with openssl and trusted by nobody else.
"""

import asyncio
import os
import ssl
import subprocess
import sys
import urllib.parse

HOSTS = ["mturk-requester.us-east-1.amazonaws.com", "mturk-requester-sandbox.us-east-1.amazonaws.com"]


def certificate(directory):
    key, chain = os.path.join(directory, "key.pem"), os.path.join(directory, "certificate.pem")
    names = ",".join(f"DNS:{host}" for host in HOSTS)
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=market", "-addext",
         f"subjectAltName={names}", "-keyout", key, "-out", chain],
        check=True, capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, key)
    return context, chain


async def pump(reader, writer):
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except (ConnectionError, ssl.SSLError):
        pass
    finally:
        writer.close()


def serve(market, context):
    async def connected(reader, writer):
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        method, target, _ = head.split("\r\n")[0].split(" ", 2)
        if method != "CONNECT" or target.rsplit(":", 1)[0] not in HOSTS:
            writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
            writer.close()
            return
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await writer.drain()
        await writer.start_tls(context)
        to_market = await asyncio.open_connection(market.hostname, market.port)
        await asyncio.gather(pump(reader, to_market[1]), pump(to_market[0], writer))

    return connected


async def main(market, directory):
    context, chain = certificate(directory)
    server = await asyncio.start_server(serve(urllib.parse.urlsplit(market), context), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    print(f"export HTTPS_PROXY=http://127.0.0.1:{port}\nexport AWS_CA_BUNDLE={chain}", flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:3]))

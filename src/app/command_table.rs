//! The rows of the command table.

use super::command::{CommandId, CommandSpec, Contexts, Danger};
use super::enabled::{
    has_file, has_hits, has_marks, has_open_work, has_row, has_rules, has_test, is_publishing, list_shown, may_approve,
    may_bonus, may_grant, may_import, may_override, may_publish, may_reject, may_repeat, may_restore, may_retry,
    may_send, may_undo, on_holders, on_own_type, on_requests,
};

const fn row(id: CommandId, name: &'static str, contexts: Contexts, danger: Danger) -> CommandSpec {
    CommandSpec::new(id, name, contexts, danger)
}

/// Every command, in the order of [`CommandId`].
pub const COMMANDS: [CommandSpec; 112] = [
    row(CommandId::Down, "down", Contexts::LISTS, Danger::Motion)
        .says("one line down", "Moves the cursor one row down; the page turns at its end."),
    row(CommandId::Up, "up", Contexts::LISTS, Danger::Motion)
        .says("one line up", "Moves the cursor one row up; the page turns at its top."),
    row(CommandId::Top, "top", Contexts::LISTS, Danger::Motion)
        .says("first line", "Moves the cursor to the first row."),
    row(CommandId::Bottom, "bottom", Contexts::LISTS, Danger::Motion)
        .says("last line", "Moves the cursor to the last row."),
    row(CommandId::HalfDown, "half-down", Contexts::LISTS, Danger::Motion)
        .says("half a page down", "Moves the cursor half a page down."),
    row(CommandId::HalfUp, "half-up", Contexts::LISTS, Danger::Motion)
        .says("half a page up", "Moves the cursor half a page up."),
    row(CommandId::PageDown, "page-down", Contexts::LISTS, Danger::Motion)
        .says("one page down", "Moves the cursor one page down."),
    row(CommandId::PageUp, "page-up", Contexts::LISTS, Danger::Motion)
        .says("one page up", "Moves the cursor one page up."),
    row(CommandId::ScrollDown, "scroll-down", Contexts::VIEWER, Danger::Motion)
        .says("scroll the text down", "Scrolls the viewer one line down; at the end of the text comes the next row."),
    row(CommandId::ScrollUp, "scroll-up", Contexts::VIEWER, Danger::Motion)
        .says("scroll the text up", "Scrolls the viewer one line up."),
    row(CommandId::ScrollHalfDown, "scroll-half-down", Contexts::VIEWER, Danger::Motion)
        .says("read on", "Scrolls half a page down; at the end of the text comes the next row, so that a batch can be read with one key.")
        .footer("read on", 4),
    row(CommandId::ScrollHalfUp, "scroll-half-up", Contexts::VIEWER, Danger::Motion)
        .says("read back", "Scrolls half a page up."),
    row(CommandId::ScrollPageDown, "scroll-page-down", Contexts::VIEWER, Danger::Motion)
        .says("one page of text down", "Scrolls one page down; at the end of the text comes the next row."),
    row(CommandId::ScrollPageUp, "scroll-page-up", Contexts::VIEWER, Danger::Motion)
        .says("one page of text up", "Scrolls one page up."),
    row(CommandId::ScrollTop, "scroll-top", Contexts::VIEWER, Danger::Motion)
        .says("top of the text", "Scrolls to the top."),
    row(CommandId::ScrollBottom, "scroll-bottom", Contexts::VIEWER, Danger::Motion)
        .says("end of the text", "Scrolls to the end."),
    row(CommandId::NextRow, "next-row", Contexts::VIEWER, Danger::Motion)
        .says("next row", "Shows the next row in the viewer.")
        .when(has_row),
    row(CommandId::PreviousRow, "previous-row", Contexts::VIEWER, Danger::Motion)
        .says("previous row", "Shows the previous row in the viewer.")
        .when(has_row),
    row(CommandId::ViewDown, "view-down", Contexts::VIEWED, Danger::Motion)
        .says("scroll the viewer from the list", "Scrolls the viewer down without leaving the list.")
        .when(has_row),
    row(CommandId::ViewUp, "view-up", Contexts::VIEWED, Danger::Motion)
        .says("scroll the viewer up from the list", "Scrolls the viewer up without leaving the list.")
        .when(has_row),
    row(CommandId::NextOpen, "next-undecided", Contexts::ROWS, Danger::Motion)
        .says("next undecided", "Moves the cursor to the next row that nobody has decided.")
        .when(has_open_work),
    row(CommandId::PreviousOpen, "previous-undecided", Contexts::ROWS, Danger::Motion)
        .says("previous undecided", "Moves the cursor to the previous row that nobody has decided.")
        .when(has_open_work),
    row(CommandId::Open, "open", Contexts::LISTS, Danger::Plain)
        .says("open", "Opens the row in the viewer; in the HIT list: shows its assignments; in Activity: goes to the assignment; in Workers: the worker's page, then their work; in Batches: the batch's page, then its work.")
        .footer("open", 5),
    row(CommandId::Back, "back", Contexts::ANY, Danger::Plain)
        .says("one step back", "Backs out one step: range, viewer, zoom, filter, part of the account. Never decides anything."),
    row(CommandId::NextPane, "next-pane", Contexts::ANY, Danger::Plain)
        .says("next pane", "Moves the focus to the next pane; under 120 columns the HIT list comes over the others. In Activity, Qualifications and Batches: the next tab.")
        .footer("HITs", 6),
    row(CommandId::PreviousPane, "previous-pane", Contexts::ANY, Danger::Plain)
        .says("previous pane", "Moves the focus to the previous pane. In Activity: the previous tab."),
    row(CommandId::Fold, "fold", Contexts::HITS, Danger::Plain)
        .says("fold or unfold a batch", "Shows or hides the HITs of the batch under the cursor.")
        .footer("fold", 3),
    row(CommandId::Review, "review", Contexts::ANY, Danger::Plain)
        .says("Review screen", "Goes to the Review screen."),
    row(CommandId::Workers, "workers", Contexts::ANY, Danger::Plain)
        .says("Workers screen", "Goes to the Workers screen: everybody who ever worked for this account."),
    row(CommandId::Qualifications, "qualifications", Contexts::ANY, Danger::Plain)
        .says("Qualifications screen", "Goes to the Qualifications screen: types, who holds them, who asks for them."),
    row(CommandId::Batches, "batches", Contexts::ANY, Danger::Plain)
        .says("Batches screen", "Goes to the Batches screen: what was published, how far it is, what it costs and pays."),
    row(CommandId::Activity, "activity", Contexts::ANY, Danger::Plain)
        .says("Activity screen", "Goes to the Activity screen: staged, sending, failed, unknown, sent, and the audit trail."),
    row(CommandId::Hits, "hits", Contexts::ANY, Danger::Plain)
        .says("HIT list", "Moves the focus to the HIT list."),
    row(CommandId::Zoom, "zoom", Contexts::ANY, Danger::Plain)
        .says("zoom", "Gives the focused pane the window, or takes it back."),
    row(CommandId::Mark, "mark", Contexts::MARKED, Danger::Plain)
        .says("mark", "Marks or unmarks the row and moves on.")
        .footer("mark", 4)
        .when(has_row),
    row(CommandId::Range, "range", Contexts::RANGES, Danger::Plain)
        .says("mark a range", "Begins a range at the row; a decision then acts on all of it, and the same key again turns it into marks.")
        .when(has_row),
    row(CommandId::MarkShown, "mark-shown", Contexts::MARKED, Danger::Plain)
        .says("mark all shown", "Marks all rows that the list shows.")
        .when(has_row),
    row(CommandId::MarkQuery, "mark-query", Contexts::QUERIED, Danger::Plain)
        .says("mark by query", "Marks the shown rows that fit a query; of holders and requests a range of scores, or a query about the workers.")
        .takes("QUERY")
        .when(has_row),
    row(CommandId::Unmark, "unmark", Contexts::MARKED, Danger::Plain)
        .says("unmark all", "Takes all marks away, also the hidden ones.")
        .when(has_marks),
    row(CommandId::Approve, "approve", Contexts::ROWS, Danger::Decides)
        .says("approve", "Approves the marked rows, else the row under the cursor. From the palette: with feedback to the workers.")
        .footer("approve", 9)
        .takes("FEEDBACK")
        .when(may_approve),
    row(CommandId::ApproveFeedback, "approve-feedback", Contexts::ROWS, Danger::Prompts)
        .says("approve with feedback", "Asks for a text that the workers will read, then approves.")
        .when(may_approve),
    row(CommandId::Reject, "reject", Contexts::ROWS, Danger::Prompts)
        .says("reject", "Asks for the reason (digits pick templates), then rejects the marked rows, else the row under the cursor.")
        .footer("reject", 8)
        .when(may_reject),
    row(CommandId::Override, "override", Contexts::ROWS, Danger::Decides)
        .says("override a rejection", "Approves work that was rejected, within 30 days of its submission.")
        .when(may_override),
    row(CommandId::Bonus, "bonus", Contexts::ROWS, Danger::Prompts)
        .says("pay a bonus", "Asks for an amount and a reason, then pays a bonus to the workers of the marked rows, else of the row under the cursor; in Workers on each one's latest work, an amount for each or in all, after it has said what was paid before.")
        .takes("AMOUNT REASON")
        .when(may_bonus),
    row(CommandId::Worker, "worker", Contexts::WORK, Danger::Plain)
        .says("this worker", "Goes to the page of one worker: of the row under the cursor, or by worker ID. Answers are decided there too; Enter opens them in Review, Esc goes back.")
        .takes("WORKER")
        .when(has_row),
    row(CommandId::Message, "message", Contexts::ROWS, Danger::Prompts)
        .says("message the worker", "Asks for a subject and a text, shows them, and writes to the marked workers, else to the one under the cursor. Both may have fields such as {{ worker }}.")
        .footer("message", 1)
        .when(has_row),
    row(CommandId::Block, "block", Contexts::ROWS, Danger::Prompts)
        .says("block the worker", "Asks for the reason, says what a block does, offers exclusion by a qualification instead, and blocks the marked workers, else the one under the cursor.")
        .footer("block", 6)
        .when(has_row),
    row(CommandId::Unblock, "unblock", Contexts::ROWS, Danger::Prompts)
        .says("unblock the worker", "Takes the block of the marked workers away, else of the one under the cursor.")
        .footer("unblock", 7)
        .when(has_row),
    row(CommandId::Qualify, "qualify", Contexts::ROWS, Danger::Prompts)
        .says("grant a qualification", "Grants a qualification by name to the marked workers, else to the one under the cursor, or changes its score.")
        .when(has_row),
    row(CommandId::Disqualify, "disqualify", Contexts::ROWS, Danger::Prompts)
        .says("take a qualification away", "Takes a qualification by name from the marked workers, else from the one under the cursor, with a reason.")
        .when(has_row),
    row(CommandId::Pay, "pay", Contexts::WORKERS, Danger::Prompts)
        .says("pay without an assignment", "Pays the marked workers, else the one under the cursor, each by a HIT that only they can see; again: goes on with a payment that waits for the worker, or takes it back.")
        .when(has_row),
    row(CommandId::Redact, "redact", Contexts::ANY, Danger::Plain)
        .says("pseudonyms for workers", "Shows keyed pseudonyms instead of worker IDs everywhere on the screen and in copies, or the IDs again; a pseudonym stays the same in a data directory."),
    row(CommandId::Grant, "grant", Contexts::TYPE_TAB, Danger::Decides)
        .says("grant requests", "Grants the marked requests, else the one under the cursor, each with the value that the key proposes.")
        .footer("grant", 9)
        .when(may_grant),
    row(CommandId::GrantWith, "grant-with", Contexts::TYPE_TAB, Danger::Prompts)
        .says("grant requests with a value", "Asks for a value, then grants the marked requests, else the one under the cursor.")
        .footer("grant with value", 9)
        .takes("VALUE")
        .when(on_requests),
    row(CommandId::Refuse, "reject-request", Contexts::TYPE_TAB, Danger::Prompts)
        .says("reject requests", "Asks for the reason, then rejects the marked requests, else the one under the cursor.")
        .footer("reject", 8)
        .when(on_requests),
    row(CommandId::Score, "score", Contexts::TYPE_TAB, Danger::Prompts)
        .says("change scores", "Asks for a score, then gives it to the marked holders, else to the one under the cursor.")
        .footer("change score", 9)
        .takes("SCORE")
        .when(on_holders),
    row(CommandId::Revoke, "revoke", Contexts::TYPE_TAB, Danger::Prompts)
        .says("revoke qualifications", "Asks for a reason, which may be empty, then takes the qualification from the marked holders, else from the one under the cursor.")
        .footer("revoke", 8)
        .when(on_holders),
    row(CommandId::Restore, "restore", Contexts::TYPE_TAB, Danger::Prompts)
        .says("restore qualifications", "Gives what was revoked back with the score that it had, without telling the worker.")
        .footer("restore", 10)
        .when(may_restore),
    row(CommandId::Scores, "scores", Contexts::TYPE_TAB, Danger::Plain)
        .says("filter", "Shows the holders and requests whose score is in a range (50-80, >=90, <10, 7; held, revoked or all) and whose workers answer a query (approved-rate<90).")
        .footer("filter", 3)
        .takes("RANGE QUERY")
        .when(list_shown),
    row(CommandId::NewType, "new-type", Contexts::TYPES, Danger::Prompts)
        .says("new qualification type", "Opens the form of a new qualification type; a question shows everything before it is staged.")
        .footer("new", 7),
    row(CommandId::EditType, "edit-type", Contexts::TYPES, Danger::Prompts)
        .says("change the type", "Opens the form of the type under the cursor; a question shows what changes before it is staged.")
        .footer("change", 8)
        .when(on_own_type),
    row(CommandId::DeleteType, "delete-type", Contexts::TYPES, Danger::Prompts)
        .says("delete the type", "Deletes the qualification type under the cursor, after a question that says what goes with it.")
        .when(on_own_type),
    row(CommandId::TryTest, "try-test", Contexts::QUALS, Danger::Plain)
        .says("try the test", "Shows the test of the type under the cursor as a worker sees it, to be answered; the key's score stands above it at once.")
        .footer("try test", 4)
        .when(has_test),
    row(CommandId::Require, "requirements", Contexts::QUALS, Danger::Plain)
        .says("put requirements together", "Opens the table of requirements: by name, with what fits each type; it says how many known workers qualify, and writes tables for batch files.")
        .footer("require", 3),
    row(CommandId::SystemTypes, "system-types", Contexts::TYPES, Danger::Plain)
        .says("system types", "Shows the types of the system among the others, or leaves them out again."),
    row(CommandId::ImportScores, "import-scores", Contexts::QUALS, Danger::Prompts)
        .says("read a score file", "Asks for a file, shows what it changes line by line, and stages all of it as one group: the website's worker file, workerid<TAB>score, worker,score, or a list of workers.")
        .takes("FILE")
        .when(on_own_type),
    row(CommandId::ExportScores, "export-scores", Contexts::QUALS, Danger::Plain)
        .says("write a score file", "Asks for a new file and writes the scores of all holders: worker,score; as workerid<TAB>score where its name ends in .tab or .txt.")
        .takes("FILE")
        .when(on_own_type),
    row(CommandId::Exclude, "exclude", Contexts::TAKEN_PART, Danger::Prompts)
        .says("exclude from future work", "Puts the workers of the marked rows, else of the row under the cursor, in the HIT list everybody who took part, on a qualification at a score; says what each way to ask for it leaves of those who ever worked here, and writes it into a batch file. From the palette: the workers of a results file, or of a list.")
        .takes("FILE"),
    row(CommandId::Undo, "undo", Contexts::ANY, Danger::Plain)
        .says("undo", "Takes the last decisions back that have not been sent; in Activity: the one under the cursor.")
        .footer("undo", 7)
        .when(may_undo),
    row(CommandId::Send, "send", Contexts::ANY, Danger::Send)
        .says("send now", "Lets all staged decisions leave at once.")
        .footer("send now", 7)
        .when(may_send),
    row(CommandId::Repeat, "repeat", Contexts::ROWS, Danger::Decides)
        .says("repeat the last decision", "Makes the last decision again, with the same reason, for the marked rows or the row under the cursor.")
        .when(may_repeat),
    row(CommandId::Retry, "retry", Contexts::ACTIVITY, Danger::Decides)
        .says("retry what failed", "Stages the failed decision under the cursor again and sends it at once.")
        .footer("retry", 6)
        .when(may_retry),
    row(CommandId::Rule, "rule", Contexts::REVIEW_ALL, Danger::Plain)
        .says("run a rule", "Runs a rule of the configuration over all work: says what it would stage, asks, then stages or marks it.")
        .takes("NAME")
        .when(has_rules),
    row(CommandId::Rules, "rules", Contexts::REVIEW_ALL, Danger::Plain)
        .says("rules", "Lists the rules of the configuration with the number of assignments that fit each; Enter runs one.")
        .when(has_rules),
    row(CommandId::ReviewImport, "review-import", Contexts::REVIEW_ALL, Danger::Prompts)
        .says("decide what a file says", "Reads a reviewed file (Approve and Reject marks of a batch-results CSV, or a file of the command-line tools), says what it would stage for whom, asks, then stages it as one group.")
        .takes("FILE")
        .when(may_import),
    row(CommandId::Filter, "filter", Contexts::TABLES, Danger::Plain)
        .says("filter", "Shows only the rows that fit a query, as you type; Tab completes fields and values.")
        .footer("filter", 3)
        .takes("QUERY"),
    row(CommandId::Sort, "sort", Contexts::TABLES, Danger::Plain)
        .says("sort", "Chooses the order of the list; the same again turns it round.")
        .takes("KEY"),
    row(CommandId::Columns, "columns", Contexts::ROWS, Danger::Plain)
        .says("columns", "Chooses the columns of the list; in Workers those of the workers.")
        .takes("COLUMN"),
    row(CommandId::Group, "group", Contexts::REVIEW, Danger::Plain)
        .says("group", "Groups the list by HIT, worker, answer or deadline.")
        .footer("group", 2)
        .takes("KEY"),
    row(CommandId::NextView, "next-view", Contexts::REVIEW_ALL, Danger::Plain)
        .says("next saved view", "Shows the next saved view."),
    row(CommandId::PreviousView, "previous-view", Contexts::REVIEW_ALL, Danger::Plain)
        .says("previous saved view", "Shows the previous saved view."),
    row(CommandId::View, "view", Contexts::ANY, Danger::Plain)
        .says("a saved view by name", "Shows a saved view by name.")
        .takes("NAME"),
    row(CommandId::Copy, "copy", Contexts::TABLES, Danger::Plain)
        .says("copy", "Copies the ID of the assignment, worker or HIT, the preview's URL, or the answer (OSC 52); in Workers the IDs; in Batches names, or IDs of HITs.")
        .takes("WHAT")
        .when(has_row),
    row(CommandId::Url, "url", Contexts::TASKS, Danger::Plain)
        .says("open the URL", "Opens the task as a worker sees it in a browser, or shows the address.")
        .when(has_row),
    row(CommandId::Raw, "raw", Contexts::REVIEW, Danger::Plain)
        .says("raw answer", "Shows the answer as it came, or decoded again.")
        .when(has_row),
    row(CommandId::Note, "note", Contexts::ROWS, Danger::Plain)
        .says("note", "Keeps a note on the row, in Workers on the worker; an empty one removes it.")
        .when(has_row),
    row(CommandId::Edit, "edit", Contexts::REVIEW, Danger::Plain)
        .says("edit the note in $EDITOR", "Opens the note of the row in $EDITOR.")
        .when(has_row),
    row(CommandId::Pipe, "pipe", Contexts::REVIEW, Danger::Plain)
        .says("pipe to a command", "Runs a shell command with the marked rows, else the row, as JSON lines on its standard input.")
        .takes("COMMAND")
        .when(has_row),
    row(CommandId::Extend, "extend", Contexts::BATCHES_ALL, Danger::Prompts)
        .says("extend the time", "Asks how much longer, or until when, workers can accept the HITs; says what it costs, then stages it.")
        .footer("extend", 7)
        .takes("TIME")
        .when(has_hits),
    row(CommandId::AddAssignments, "add-assignments", Contexts::BATCHES_ALL, Danger::Prompts)
        .says("add assignments", "Asks for a number, says what it costs, then adds that many assignments to each HIT. A HIT made with fewer than ten never gets ten.")
        .footer("add", 8)
        .takes("NUMBER")
        .when(has_hits),
    row(CommandId::TopUp, "top-up", Contexts::BATCHES_ALL, Danger::Prompts)
        .says("top up", "Gets the answers that HITs lack: more assignments for rejected work, more time for those that are over; says what it costs first.")
        .footer("top up", 8)
        .when(has_hits),
    row(CommandId::Republish, "republish", Contexts::BATCHES_ALL, Danger::Prompts)
        .says("republish rejected work", "Adds as many assignments as were rejected and not made up for yet; says what it costs first.")
        .when(has_hits),
    row(CommandId::Anew, "anew", Contexts::BATCHES_ALL, Danger::Prompts)
        .says("publish anew", "Publishes new HITs of the same rows for answers that HITs lack and do not get any more: rejected work, and what nobody did before the end. Asks how long they are open and says what it costs first.")
        .takes("TIME")
        .when(has_hits),
    row(CommandId::Retype, "retype", Contexts::BATCHES_ALL, Danger::Prompts)
        .says("change the HIT type", "Asks for a HIT type, or the batch whose type it is, and moves HITs that nobody has accepted yet to it.")
        .takes("TYPE")
        .when(has_hits),
    row(CommandId::Reviewing, "reviewing", Contexts::BATCHES_ALL, Danger::Prompts)
        .says("review status", "Marks Reviewable HITs as Reviewing, or Reviewing ones as Reviewable again, after a question.")
        .when(has_hits),
    row(CommandId::Expire, "expire", Contexts::HIT_ACTS, Danger::Prompts)
        .says("expire HITs", "Expires the HITs or the batch under the cursor, or the marked ones, after a question.")
        .footer("expire", 2)
        .when(has_hits),
    row(CommandId::Delete, "delete", Contexts::HIT_ACTS, Danger::Prompts)
        .says("delete HITs", "Deletes HITs, expiring them first where needed, after a question that says what goes with them; what is undecided stays.")
        .when(has_hits),
    row(CommandId::TargetWage, "target-wage", Contexts::BATCHES_ALL, Danger::Plain)
        .says("target wage", "Holds what an hour pays against a target, where no batch file has one; none takes it away.")
        .takes("DOLLARS"),
    row(CommandId::OpenBatch, "open-batch", Contexts::BATCHES_ALL, Danger::Plain)
        .says("open a batch file", "Asks for the path of a batch file, which Tab completes, and shows what the check finds, what it costs and pays; R looks again.")
        .footer("open file", 4)
        .takes("PATH"),
    row(CommandId::Publish, "publish", Contexts::BATCHES_ALL, Danger::Prompts)
        .says("publish the batch file", "Asks how many rows of the open batch file, shows the cost, and publishes those that are missing after a yes; the same again goes on.")
        .footer("publish", 6)
        .takes("ROWS")
        .when(may_publish),
    row(CommandId::StopPublishing, "stop-publishing", Contexts::BATCHES_ALL, Danger::Plain)
        .says("stop publishing", "Begins nothing more and finishes what has begun; publishing the same again goes on.")
        .footer("stop publishing", 1)
        .when(is_publishing),
    row(CommandId::NextItem, "next-item", Contexts::BATCH_PAGE, Danger::Plain)
        .says("next row of the file", "Shows the next row of the open batch file as workers will see it, or the row with this number.")
        .takes("ROW")
        .when(has_file),
    row(CommandId::PreviousItem, "previous-item", Contexts::BATCH_PAGE, Danger::Plain)
        .says("previous row of the file", "Shows the previous row of the open batch file.")
        .when(has_file),
    row(CommandId::Refresh, "refresh", Contexts::ANY, Danger::Plain)
        .says("refresh", "Shows what has arrived and reads the endpoint again.")
        .footer("refresh", 1),
    row(CommandId::Palette, "palette", Contexts::ANY, Danger::Plain)
        .says("command palette", "Runs any command by name, with what may follow it; Tab completes both."),
    row(CommandId::Help, "help", Contexts::ANY, Danger::Plain)
        .says("help", "Lists every command that works here, with its keys; Enter runs one.")
        .footer("help", 9),
    row(CommandId::Messages, "messages", Contexts::ANY, Danger::Plain)
        .says("messages", "Shows all notices of this run."),
    row(CommandId::Mouse, "mouse", Contexts::ANY, Danger::Plain)
        .says("mouse on or off", "Turns the mouse on or off; on, the terminal no longer selects text by itself."),
    row(CommandId::Redraw, "redraw", Contexts::ANY, Danger::Plain)
        .says("redraw", "Draws the whole screen again."),
    row(CommandId::Suspend, "suspend", Contexts::ANY, Danger::Plain)
        .says("suspend", "Stops the desk; `fg` brings it back."),
    row(CommandId::Close, "close", Contexts::ANY, Danger::Plain)
        .says("back or quit", "Backs out of viewer and Activity; in the list: leaves the desk."),
    row(CommandId::Quit, "quit", Contexts::ANY, Danger::Plain)
        .says("quit", "Leaves the desk; asks when decisions are staged."),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_command_is_in_its_place_and_says_what_it_does() {
        for (at, spec) in COMMANDS.iter().enumerate() {
            assert_eq!(spec.id as usize, at, "{} is out of order", spec.name);
            assert!(!spec.title.is_empty() && spec.help.ends_with('.'), "{} has no words", spec.name);
            assert!(spec.footer == 0 || !spec.short.is_empty(), "{} has no label for the footer", spec.name);
            assert!(!spec.contexts.words().is_empty(), "{} exists nowhere", spec.name);
        }
        let names: HashSet<_> = COMMANDS.iter().map(|spec| spec.name).collect();
        assert_eq!(names.len(), COMMANDS.len());
    }
}

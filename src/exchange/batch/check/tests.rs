use super::*;
use crate::domain::fees::FeeSchedule;
use crate::exchange::batch::{Files, data, read_spec, task::Task};
use rstest::rstest;

const SPEC: &str = r#"
name = "kg"
title = "Relations"
description = "Find the relation"
keywords = ["graph"]
reward = "0.05"
assignments = 5
lifetime = "1h"
time_limit = "10m"
auto_approve = "3d"
template = "task.html"
consent = "none"
"#;

const PAGE: &str = "<p>${a} and ${b}</p><form action=\"https://www.mturk.com/mturk/externalSubmit\">\
    <input type=hidden name=assignmentId><input name=\"relation\" title=\"${a}\"></form>";

fn facts(rows: u64) -> Facts {
    Facts {
        types: Vec::new(),
        sandbox: false,
        amazon: false,
        balance: Some(Usd::cents(100)),
        fees: FeeSchedule::AMAZON,
        workers: Vec::new(),
        scores: Vec::new(),
        earlier: Vec::new(),
        rows,
    }
}

fn draft(spec: &str, source: &str, rows: &str) -> Draft {
    let spec_text = spec.to_owned();
    let spec = read_spec("kg.toml", spec).unwrap_or_else(|faults| panic!("{faults}"));
    Draft {
        task: Task::new(&spec, source, None),
        spec,
        spec_text,
        source_text: source.to_owned(),
        table: data::read("items.csv", rows.as_bytes()).unwrap(),
        files: Files { spec: "kg.toml".into(), source: "task.html".into(), data: "items.csv".into() },
    }
}

fn report(spec: &str, source: &str, rows: &str) -> Report {
    let draft = draft(spec, source, rows);
    check(&draft, &facts(draft.table.rows.len() as u64))
}

fn said(report: &Report, level: Level) -> Vec<String> {
    report.of(level).map(Finding::to_string).collect()
}

#[test]
fn a_good_batch_has_nothing_but_its_price() {
    let report = report(SPEC, PAGE, "a,b\nRome,Italy\nBonn,Germany\n");
    assert_eq!(said(&report, Level::Error), [""; 0]);
    assert_eq!(said(&report, Level::Warning), [""; 0]);
    assert_eq!(report.cost.as_ref().map(Cost::total), Some(Usd::cents(60)));
    let names: Vec<&str> = report.fields.iter().map(|field| field.name.as_str()).collect();
    assert_eq!((names, report.longest.map(|(row, _)| row)), (vec!["relation"], Some(2)));
}

#[rstest]
#[case("a,c\n1,2\n", "task.html: line 1: ${b} has no column of that name in items.csv")]
#[case("a,B\n1,2\n", "did you mean ${B}?")]
#[case("a,b\n", "items.csv: there are no rows")]
fn columns_must_have_what_the_task_names(#[case] rows: &str, #[case] expected: &str) {
    let found = said(&report(SPEC, PAGE, rows), Level::Error);
    assert!(found.iter().any(|words| words.contains(expected)), "{found:?}");
}

#[test]
fn columns_that_nobody_sees_are_doubtful() {
    let found = said(&report(SPEC, PAGE, "a,b,note,my id\n1,2,3,4\n"), Level::Warning);
    assert!(found[0].starts_with("items.csv: column \"note\": no worker sees it"), "{found:?}");
    assert!(found[1].contains("column \"my id\"") && found[1].contains("cannot stand in ${}"), "{found:?}");
    let gold = format!("{SPEC}gold = \"note\"\n");
    assert_eq!(said(&report(&gold, PAGE, "a,b,note\n1,2,3\n"), Level::Warning), [""; 0]);
}

#[test]
fn the_known_answer_must_not_reach_workers() {
    let spec = format!("{SPEC}gold = \"b\"\n");
    let found = said(&report(&spec, PAGE, "a,b\n1,2\n"), Level::Error);
    assert!(found[0].starts_with("task.html: line 1: ${b} shows workers the known answer"), "{found:?}");
    let found =
        said(&report(&SPEC.replace("consent", "gold = \"gld\"\nconsent"), PAGE, "a,b,gold\n1,2,3\n"), Level::Error);
    assert!(found[0].contains("kg.toml: gold: items.csv has no column \"gld\"; did you mean \"gold\"?"), "{found:?}");
}

#[test]
fn a_value_that_breaks_the_page_is_named_by_row_and_column() {
    let report = report(SPEC, PAGE, "a,b\nok,ok\nok,<!-- never\nok,fine\nok,<textarea>\nok,<!-- again\n");
    let found = said(&report, Level::Error);
    assert_eq!(
        found,
        [
            "items.csv: row 2 (line 3), column \"b\": with its values in place the question is broken: The comment that begins \
             here never ends.",
            "items.csv: row 5 (line 6), column \"b\": with its values in place the question is broken: The comment that begins \
             here never ends.",
            "items.csv: row 4 (line 5), column \"b\": with its values in place the question is broken: The <textarea> that \
             begins here never ends.",
        ]
    );
    let doubtful = said(&report, Level::Warning);
    assert!(
        doubtful[0].contains("row 2 (line 3), column \"b\": it holds < or &")
            && doubtful[0].contains("(and 2 rows more)"),
        "{doubtful:?}"
    );
}

#[rstest]
#[case("<script>", "the field \"assignmentId\" is not in the page any more")]
#[case("</form>", "the field \"assignmentId\" is outside its form")]
#[case("<template>", "the field \"assignmentId\" is not in the page any more")]
#[case("<form action=x>", "the form to \"https://www.mturk.com/mturk/externalSubmit\" is not in the page")]
fn a_value_that_breaks_the_form_is_named_by_row_and_column(#[case] value: &str, #[case] expected: &str) {
    let before = "<p>${b}</p><form action=\"https://www.mturk.com/mturk/externalSubmit\">${a}<input name=assignmentId>\
                  <input name=relation><button>Send</button><script>\"x\"</script></form><template></template>";
    let page = if value.contains("form action") { before.replace("<p>${b}", "${a}${b}") } else { before.to_owned() };
    let report = report(SPEC, &page, &format!("a,b\nok,ok\n{value},<b>fine</b>\nx & y,\"\"\"q\"\"\"\n"));
    let found = said(&report, Level::Error);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("items.csv: row 2 (line 3), column \"a\": with its value in place "), "{found:?}");
    assert!(found[0].contains(expected), "{found:?}");
}

#[test]
fn fields_may_be_named_by_values_and_come_with_them() {
    let page = PAGE.replace("relation", "${a}").replace("<p>", "<p>${c}");
    let found = report(SPEC, &page, "a,b,c\nq'1,ok,ok\nq2 & 3,ok,<input name=own>\n");
    assert_eq!(said(&found, Level::Error), [""; 0]);
    let found = said(&found, Level::Warning);
    let own = "items.csv: row 2 (line 3), column \"c\": its markup adds to the form: the field \"own\"";
    assert!(found.iter().any(|words| words == own), "{found:?}");
}

#[test]
fn rows_that_are_only_counted_are_kept_for_programs() {
    let report = report(SPEC, PAGE, &format!("a,b\n{}", "x,<!--\n".repeat(8)));
    assert!(said(&report, Level::Error)[4].ends_with("(and 3 rows more)"));
    let more = report.more.iter().find(|more| more.level == Level::Error).unwrap();
    assert_eq!((more.rows.as_slice(), more.column.as_deref()), (&[(6, 7), (7, 8), (8, 9)][..], Some("b")));
}

#[test]
fn a_broken_template_is_named_by_line() {
    let found = said(&report(SPEC, "<form>\n<p title=\"${a}>${b}</p>\n", "a,b\n1,2\n"), Level::Error);
    assert!(found[0].starts_with("task.html: line 2, column 1: The tag <p> that begins here never ends."), "{found:?}");
}

#[test]
fn xml_is_read_with_each_rows_values() {
    let spec = SPEC.replace("template = \"task.html\"", "question = \"form.xml\"");
    let form = "<QuestionForm xmlns=\"http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2017-11-06/QuestionForm.xsd\">\
        <Question><QuestionIdentifier>q</QuestionIdentifier><QuestionContent><Text>${a} ${b}</Text></QuestionContent>\
        <AnswerSpecification><FreeTextAnswer/></AnswerSpecification></Question></QuestionForm>";
    let report = report(&spec, form, "a,b\n1,2\n1,x & y\n");
    let found = said(&report, Level::Error);
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("items.csv: row 2 (line 3), column \"b\": with its values in place"), "{found:?}");
    assert_eq!(report.fields.first().map(|field| field.name.as_str()), Some("q"));
}

#[test]
fn a_question_must_fit_into_65535_bytes() {
    let page = format!("{PAGE}<p>]]></p>");
    let frame = crate::question::write::html_question(&page.replace("${a}", "").replace("${b}", "")).len();
    let fits = "x".repeat(65_535 - frame);
    let report = |value: &str| report(SPEC, &page, &format!("a,b\n,1\n\"\",{value}\n"));
    assert_eq!((said(&report(&fits), Level::Error), report(&fits).longest), (vec![], Some((2, 65_535))));
    let found = said(&report(&format!("{fits}y")), Level::Error);
    assert_eq!(
        found,
        ["items.csv: row 2 (line 3), column \"b\": its question has 65536 bytes; at most 65535 are allowed"]
    );
    // The same, counted on the question itself.
    let found = said(&report(&format!("{}<b>", &fits[..fits.len() - 2])), Level::Error);
    assert!(found[0].contains("has 65536 bytes"), "{found:?}");
}

#[test]
fn a_page_must_be_handed_in_and_send_something_back() {
    let found = |page: &str, level| said(&report(SPEC, page, "a,b\n1,2\n"), level);
    assert!(found("<p>${a}${b}</p>", Level::Error)[0].contains("nobody can hand it in"));
    let script = found("<p>${a}${b}</p><script>x</script>", Level::Warning);
    assert!(
        script[0].contains("a script must hand it in") && script[1].contains("no field in it has a name"),
        "{script:?}"
    );
    let bare = found("${a}${b}<form action='/mturk/externalSubmit'><input name=x></form>", Level::Warning);
    assert!(bare[0].contains("nothing in it mentions assignmentId"), "{bare:?}");
    let crowd = "<crowd-form>${a}${b}<crowd-input name=x></crowd-input><crowd-keypoint></crowd-keypoint></crowd-form>";
    assert_eq!((found(crowd, Level::Error), found(crowd, Level::Warning)), (vec![], vec![]));
    assert!(found(crowd, Level::Notice).iter().any(|words| words.contains("in place of <crowd-keypoint> (line 1)")));
    let plain = found(&format!("{PAGE}<img src='http://h/x.png'>"), Level::Warning);
    assert!(plain[0].contains("http://h/x.png is not https"), "{plain:?}");
}

#[test]
fn a_page_elsewhere_is_named_and_not_looked_at() {
    let spec = SPEC.replace("template = \"task.html\"", "url = \"https://tasks.lab/do?item=${a}\"");
    let report = report(&spec, "", "a\nx y\n");
    assert_eq!(report.addresses, ["https://tasks.lab/do?item=${a}"]);
    let found = said(&report, Level::Warning);
    assert!(
        found[0].starts_with("items.csv: row 1 (line 2): the page at tasks.lab can be handed in only if it posts"),
        "{found:?}"
    );
    let plain = SPEC.replace("template = \"task.html\"", "url = \"http://tasks.lab/${a}\"");
    let found = said(&super::check(&draft(&plain, "", "a\nx\n"), &facts(1)), Level::Error);
    assert!(found[0].contains("row 1 (line 2)") && found[0].contains("must begin with https://"), "{found:?}");
}

#[test]
fn equal_rows_are_named() {
    let rich = |rows: &str| {
        let draft = draft(SPEC, PAGE, rows);
        check(&draft, &Facts { balance: None, ..facts(draft.table.rows.len() as u64) })
    };
    let found = said(&rich("a,b\n1,2\n3,4\n1,2\n1,2\n"), Level::Warning);
    assert_eq!(
        found,
        [
            "items.csv: row 3 (line 4): the same as an earlier row: each becomes a HIT of its own (row 1, and 1 row more)"
        ]
    );
    let found = said(&report(SPEC, PAGE, "id,a,b\n1,1,2\n2,1,2\n"), Level::Warning);
    assert!(found[1].contains("workers see the same as in an earlier row (row 1)"), "{found:?}");
}

#[test]
fn money_is_told_to_the_cent_with_the_cheaper_way() {
    let spec = SPEC.replace("assignments = 5", "assignments = 10");
    let report = report(&spec, PAGE, "a,b\n1,2\n3,4\n");
    assert_eq!(report.cost.as_ref().map(Cost::total), Some(Usd::cents(140)));
    assert_eq!(report.split.as_ref().map(Cost::total), Some(Usd::cents(120)));
    let notes = said(&report, Level::Notice);
    assert!(
        notes.iter().any(|words| words.contains("as 4 HITs of at most 9 the same costs $1.20, $0.20 less")),
        "{notes:?}"
    );
    let found = said(&report, Level::Warning);
    assert!(
        found[0].contains("the balance of $1.00 does not cover $1.40: it is enough for 1 row (--limit 1)"),
        "{found:?}"
    );
}

#[test]
fn an_unfair_wage_says_what_would_be_fair() {
    let spec = format!("{SPEC}expected_minutes = 0.5\ntarget_wage = \"15.00\"\n");
    let found = said(&report(&spec, PAGE, "a,b\n1,2\n"), Level::Warning);
    assert_eq!(found, ["kg.toml: an hour pays $6.00, the target is $15.00: a reward of $0.13 would reach it"]);
    let long = format!("{SPEC}expected_minutes = 20\n");
    let found = said(&report(&long, PAGE, "a,b\n1,2\n"), Level::Warning);
    assert_eq!(found, ["kg.toml: time_limit is 10m, and the work is expected to take 20m"]);
}

#[test]
fn requirements_are_held_against_those_who_are_known() {
    let spec =
        format!("{SPEC}[[requirement]]\nqualification = \"NumberHITsApproved\"\ncomparator = \"<\"\nvalue = 1\n");
    let draft = draft(&spec, PAGE, "a,b\n1,2\n");
    let worker = |id: &str, approved| (WorkerId::parse(id).unwrap(), Record { approved, ..Record::default() });
    let facts = Facts { workers: vec![worker("A1", 7), worker("A2", 1)], ..facts(1) };
    let report = check(&draft, &facts);
    assert_eq!(report.pool.map(|pool| (pool.of, pool.satisfy + pool.open)), Some((2, 0)));
    assert!(said(&report, Level::Warning)[0].contains("nobody of the 2 workers who are known here meets"));
    let spec = spec.replace("NumberHITsApproved", "Careful readers");
    let found = said(&super::check(&super::tests::draft(&spec, PAGE, "a,b\n1,2\n"), &facts), Level::Error);
    assert!(found[0].starts_with("kg.toml: requirement 1: qualification: \"Careful readers\" is neither"), "{found:?}");
}

#[test]
fn what_else_may_surprise_is_said() {
    let earlier = vec![(BatchName::parse("pilot").unwrap(), 2)];
    let found = check(&draft(SPEC, PAGE, "a,b\n1,2\n3,4\n"), &Facts { earlier, ..facts(2) });
    assert_eq!(said(&found, Level::Warning), ["items.csv: 2 of the 2 rows stand in the batch pilot too"]);
    let spec = format!("{SPEC}annotation = \"${{b}}\"\n");
    let found = said(&report(&spec, PAGE, &format!("a,b\n1,{}\n2,ü\n3,${{c}}\n", "x".repeat(250))), Level::Error);
    assert!(found[0].contains("row 1 (line 2): its annotation has 285 characters"), "{found:?}");
    assert!(
        found[1].contains("row 2 (line 3): its annotation has characters that are no printable ASCII"),
        "{found:?}"
    );
    let sandbox = Facts { amazon: true, sandbox: true, ..facts(1) };
    let found = said(&check(&draft(SPEC, PAGE, "a,b\n1,2\n"), &sandbox), Level::Warning);
    assert!(found[0].contains("this is the other of Amazon's two sites"), "{found:?}");
}

#[test]
fn pages_of_other_sites_are_named_with_their_rows() {
    let spec = SPEC.replace("template = \"task.html\"", "url = \"https://${host}/do?item=${item}\"");
    let rows = "host,item\ntasks.example,1\nwww.mturk.com,2\ntasks.example,3\nstudy.example:8443,4\n";
    let report = report(&spec, "https://${host}/do?item=${item}", rows);
    let said = said(&report, Level::Warning);
    let first = "items.csv: row 1 (line 2): the page at tasks.example (also in row 3) can be handed in only";
    assert!(said[0].starts_with(first), "{said:?}");
    assert!(said[1].starts_with("items.csv: row 2 (line 3): its page is at www.mturk.com: Amazon's site"), "{said:?}");
    assert!(said[2].contains("row 4 (line 5): the page at study.example:8443"), "{said:?}");
}

#[test]
fn an_address_of_amazons_that_is_put_together_is_named_by_its_line() {
    let page = PAGE.replace(
        "<p>",
        "<p>See <a href=\"https://www.mturk.com/help\">mturk.com</a>\n<script>\n\
         f.action = 'https://www.' + 'mturk.com/mturk/' + end;\nvar host = \"https://www.mturk.com\";</script>\n<p>",
    );
    let rows = "a,b\nRome,Italy\n";
    let said = said(&report(SPEC, &page, rows), Level::Warning);
    assert_eq!(said.len(), 1, "whole addresses and links are none: {said:?}");
    assert!(said[0].starts_with("task.html: line 3: Amazon's address is put together"), "{said:?}");
    let draft = draft(SPEC, &page, rows);
    let at_amazon = check(&draft, &Facts { amazon: true, ..facts(1) });
    assert_eq!(self::said(&at_amazon, Level::Warning), [""; 0]);
}

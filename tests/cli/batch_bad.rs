//! Input of every kind that cannot be meant: named by file, row and column, and nothing is published.

use super::batch::{hits, write_batch};
use super::lab::Lab;
use rstest::rstest;

const ROWS: &str = "id,city\n1,Rome\n2,Bonn\n";

/// Checks and publishes a batch that must not be published, and says what was said.
fn refused(lab: &Lab, spec: &str) -> String {
    let (_, checked) = lab.run(&["batch", "check", spec], 1);
    let (_, said) = lab.run(&["batch", "publish", spec, "--yes"], 1);
    assert!(hits(lab, "cities").is_empty(), "{said}");
    assert_eq!(lab.json(&["batch", "list"], 0).as_array().map(Vec::len), Some(0));
    checked
}

#[rstest]
#[case(b"id,city\n1,Rome\n2\n".as_slice(), "items.csv: row 2 (line 3): 1 cell, but the header has 2 columns")]
#[case(b"id,city,city\n1,Rome,x\n", "items.csv: two columns are called \"city\"")]
#[case(b"id,city\n1,K\xf6ln\n", "items.csv: line 2, character 4: the byte 0xf6 is no UTF-8")]
#[case(b"\xff\xfei\x00d\x00", "items.csv: it is written in UTF-16")]
#[case(b"id,city\n", "items.csv: there are no rows")]
#[case(b"", "items.csv: it is empty")]
#[case(b"id,town\n1,Rome\n", "task.html: line 3: ${city} has no column of that name in")]
#[case(
    b"id,city\n1,Rome\n2,<!-- x\n",
    "items.csv: row 2 (line 3), column \"city\": with its values in place the question is broken"
)]
#[case(b"id,city\n1,\"a\x08b\"\n", "items.csv: row 1 (line 2), column \"city\": the character U+0008 is not allowed")]
fn rows_are_named(#[case] rows: &[u8], #[case] expected: &str) {
    let lab = Lab::empty();
    let spec = write_batch(&lab, "", ROWS);
    std::fs::write(lab.home.path().join("batch/items.csv"), rows).unwrap();
    let said = refused(&lab, &spec);
    assert!(said.contains(expected), "{said}");
}

#[rstest]
#[case("reward = \"0.05\"", "reward = \"0.055\"", "batch.toml:5:10: \"0.055\" is not an amount in dollars")]
#[case("reward", "rewards", "batch.toml:5:1: unknown key `rewards`: did you mean `reward`?")]
#[case("consent = \"none\"", "", "there is no consent")]
#[case(
    "consent = \"none\"",
    "consent = \"consent.html\"",
    "consent.html: No such file or directory (os error 2) (named in"
)]
#[case("template = \"task.html\"", "template = \"tsk.html\"", "tsk.html: No such file")]
#[case("lifetime = \"1h\"", "lifetime = \"5s\"", "batch.toml:7:12: lifetime is 5 seconds; it must be 30 to 31536000")]
#[case("consent", "gold = \"city\"\nconsent", "${city} shows workers the known answer")]
#[case("data = \"items.csv\"\n", "", "there is no data: name a CSV or JSONL file")]
fn batch_files_are_named(#[case] from: &str, #[case] to: &str, #[case] expected: &str) {
    let lab = Lab::empty();
    let spec = write_batch(&lab, "", ROWS);
    let text = std::fs::read_to_string(&spec).unwrap().replacen(from, to, 1);
    std::fs::write(&spec, text).unwrap();
    let said = refused(&lab, &spec);
    assert!(said.contains(expected), "{said}");
}

#[rstest]
#[case("<p>${city}</p>", "task.html: nobody can hand it in")]
#[case(
    "<form>\n<p title=\"${city}>x</p></form>",
    "task.html: line 2, column 1: The tag <p> that begins here never ends."
)]
fn templates_are_named(#[case] page: &str, #[case] expected: &str) {
    let lab = Lab::empty();
    let spec = write_batch(&lab, "", ROWS);
    std::fs::write(lab.home.path().join("batch/task.html"), page).unwrap();
    let said = refused(&lab, &spec);
    assert!(said.contains(expected), "{said}");
}

#[test]
fn a_row_that_is_too_long_is_named_with_its_bytes() {
    let lab = Lab::empty();
    let spec = write_batch(&lab, "", &format!("id,city\n1,Rome\n2,{}\n", "x".repeat(65_500)));
    let said = refused(&lab, &spec);
    assert!(
        said.contains("row 2 (line 3), column \"city\": its question has 65") && said.contains("at most 65535"),
        "{said}"
    );
}

#[test]
fn a_requirement_that_nobody_knows_is_an_error() {
    let lab = Lab::empty();
    let more = "[[requirement]]\nqualification = \"Careful\"\ncomparator = \">=\"\nvalue = 80\n";
    let spec = write_batch(&lab, more, ROWS);
    let said = refused(&lab, &spec);
    assert!(said.contains("batch.toml: requirement 1: qualification: \"Careful\" is neither"), "{said}");
    lab.qualification("Careful", &[]);
    let made = lab.json(&["batch", "publish", &spec, "--yes"], 0);
    assert_eq!(made["HITsMade"], 2);
}

/// Who has no account yet can look at a batch all the same.
#[test]
fn a_batch_is_checked_without_an_account() {
    let lab = Lab::empty();
    let spec = write_batch(&lab, "", ROWS);
    let mut command = super::lab::hitdeck_in(lab.home.path());
    let (out, said) = super::lab::ran(command.args(["batch", "check", &spec]), 0);
    assert!(out.contains("$0.24") && said.contains("are not known here"), "{out}{said}");
    let mut command = super::lab::hitdeck_in(lab.home.path());
    let (out, said) = super::lab::ran(command.args(["batch", "check", &spec, "--offline"]), 0);
    assert!(out.contains("$0.24") && !said.contains("not known"), "{out}{said}");
}

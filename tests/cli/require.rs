//! Requirements that are written into batch files: of those who are kept out, and by name.

use super::lab::Lab;
use std::os::unix::fs::PermissionsExt;

pub const SPEC: &str = r#"# The next study.
name = "next"      # not the pilot
title = "Read"
description = "Read a text"
reward = "0.05"
assignments = 3
lifetime = "1h"
time_limit = "10m"
auto_approve = "3d"
template = "task.html"
consent = "none"
data = "items.csv"

# Who may work:
[[requirement]]
qualification = "PercentAssignmentsApproved"
comparator = "<="
value = 100
"#;

/// A batch file with its task and rows.
fn batch(lab: &Lab) -> String {
    lab.file("task.html", "<crowd-form><p>${text}</p><crowd-input name=\"label\"></crowd-input></crowd-form>");
    lab.file("items.csv", "text\none\ntwo\n");
    lab.file("batch.toml", SPEC)
}

#[test]
fn who_is_excluded_is_kept_out_of_the_batch_file_and_the_batch_publishes_with_it() {
    let lab = Lab::open();
    let of = lab.qualification("Took part", &[]);
    let file = batch(&lab);
    let exclude = ["worker", "exclude", "--batch", "pilot", "--qual", "Took part", "--require-in", &file, "--yes"];
    let (_, err) = lab.run(&[&exclude[..], &["--dry-run"]].concat(), 0);
    assert!(err.contains("gets the requirement Took part does not exist:"), "{err}");
    assert!(err.contains("20 + [[requirement]]") && err.contains("23 + action = \"discover\""), "{err}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), SPEC, "a dry run writes nothing");

    let (_, err) = lab.run(&exclude, 0);
    assert!(err.contains(&format!("written: {file}")), "{err}");
    let written = std::fs::read_to_string(&file).unwrap();
    let table =
        "\n[[requirement]]\nqualification = \"Took part\"\ncomparator = \"does not exist\"\naction = \"discover\"\n";
    assert_eq!(written, format!("{SPEC}{table}"));
    assert_eq!(lab.scores("Took part").len(), 5);

    let (_, err) = lab.run(&exclude, 0);
    assert!(err.contains("requires Took part does not exist already") && !err.contains("written:"), "{err}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), written, "the same again changes nothing");

    lab.run(&["batch", "publish", &file, "--yes"], 0);
    let hits = super::batch::hits(&lab, "next");
    let hit = hits[0]["HITId"].as_str().unwrap().to_owned();
    let required = lab.json(&["qual", "show", &of], 0)[0].to_string();
    assert!(required.contains(&hit), "{required}");
    assert!(!lab.accepts(&hit, "A1W0"), "who took part is kept out");
    assert!(lab.accepts(&hit, "A1NEW"), "everybody else may work");
}

#[test]
fn the_way_by_scores_needs_a_grant_above_and_makes_it() {
    let lab = Lab::open();
    lab.qualification("New here", &[]);
    let file = batch(&lab);
    let exclude = ["worker", "exclude", "--batch", "pilot", "--qual", "New here", "--score", "0", "--yes"];
    let above = [&exclude[..], &["--require-in", &file, "--way", "above"]].concat();
    let (_, err) = lab.run(&above, 2);
    assert!(err.contains("give --auto-grant 1 (or more) as well"), "{err}");
    let (_, err) = lab.run(&[&above[..], &["--auto-grant", "0"]].concat(), 2);
    assert!(err.contains("more than the score 0"), "{err}");
    assert_eq!((lab.scores("New here"), std::fs::read_to_string(&file).unwrap().as_str()), (Vec::new(), SPEC));

    let (_, err) = lab.run(&[&above[..], &["--auto-grant", "100"]].concat(), 0);
    assert!(err.contains("gets the requirement New here > 0:"), "{err}");
    let granted = lab.json(&["qual", "show", "New here"], 0)[0].clone();
    assert_eq!((&granted["AutoGranted"], &granted["AutoGrantedValue"]), (&true.into(), &100.into()));
    assert!(std::fs::read_to_string(&file).unwrap().ends_with("comparator = \">\"\nvalue = 0\naction = \"accept\"\n"));
    let (_, err) = lab.run(&above, 0);
    assert!(err.contains("requires New here > 0 already"), "{err}");

    let test = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/qualification/test.xml");
    lab.qualification("Tested", &["--test", test, "--test-duration", "40m"]);
    let tested = ["worker", "exclude", "A1W0", "--qual", "Tested", "--require-in", &file, "--way", "above"];
    let (_, err) = lab.run(&[&tested[..], &["--auto-grant", "100", "--yes"]].concat(), 2);
    assert!(err.contains("what is tested is never granted"), "{err}");
}

#[test]
fn a_file_that_cannot_take_it_is_refused_before_anything_is_sent() {
    let lab = Lab::open();
    lab.qualification("Took part", &[]);
    let broken = lab.file("broken.toml", &SPEC.replace("\"0.05\"", "\"five\""));
    let other = lab.file("other.toml", "[[view]]\nname = \"speeders\"\n");
    let fixed = lab.file("fixed.toml", SPEC);
    std::fs::set_permissions(&fixed, std::fs::Permissions::from_mode(0o444)).unwrap();
    let contrary = lab.file(
        "contrary.toml",
        &format!("{SPEC}[[requirement]]\nqualification = \"Took part\"\ncomparator = \"exists\"\n"),
    );
    let missing = lab.home.path().join("missing.toml").display().to_string();
    for (file, why) in [
        (&broken, "broken.toml:5:10: "),
        (&other, "other.toml:1:"),
        (&fixed, "fixed.toml is read-only"),
        (&contrary, "contrary.toml:19: the batch requires Took part exists already: nobody could meet"),
        (&missing, "missing.toml cannot be read: No such file"),
    ] {
        let exclude = ["worker", "exclude", "A1W0", "--qual", "Took part", "--require-in", file, "--yes"];
        let (_, err) = lab.run(&exclude, 1);
        assert!(err.contains(why), "{err}");
    }
    assert_eq!(lab.scores("Took part"), []);
    let (_, err) = lab.run(&["worker", "exclude", "A1W0", "--qual", "Took part", "--way", "above"], 2);
    assert!(err.contains("--require-in"), "{err}");
}

#[test]
fn a_requirement_is_written_by_name_with_what_it_leaves() {
    let lab = Lab::open();
    lab.qualification("Skill", &[]);
    lab.run(&["qual", "grant", "Skill", "A1W0", "A1W1", "--score", "80"], 0);
    lab.run(&["sync"], 0);
    let file = batch(&lab);
    let require = ["batch", "require", &file, "Skill", ">=", "75", "--action", "preview"];
    let (_, err) = lab.run(&[&require[..], &["--dry-run"]].concat(), 0);
    assert!(err.contains("2 of 5 known workers meet it") && err.contains("the pool smaller"), "{err}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), SPEC);
    lab.run(&require, 0);
    lab.run(&["batch", "require", &file, "Locale", "in", "US-NY", "canada"], 0);
    let table = "\n[[requirement]]\nqualification = \"Skill\"\ncomparator = \">=\"\nvalue = 75\naction = \"preview\"\n\n\
                 [[requirement]]\nqualification = \"Locale\"\ncomparator = \"in\"\n\
                 value = [\"US-NY\", \"CA\"]  # New York (US-NY), Canada (CA)\naction = \"accept\"\n";
    assert_eq!(std::fs::read_to_string(&file).unwrap(), format!("{SPEC}{table}"));
    let (_, err) = lab.run(&require, 0);
    assert!(err.contains("requires Skill >= 75 already"), "{err}");
    for (wrong, why) in [
        (&["Skil", ">=", "75"][..], "qualification: \"Skil\""),
        (&["Skill", "about", "75"], "comparator: \"about\""),
        (&["Skill", ">=", "much"], "value: \"much\" is no number"),
        (&["Locale", "in", "5"], "value: "),
        (&["Skill", ">="], "exactly one"),
    ] {
        let (_, err) = lab.run(&[&["batch", "require", &file], wrong].concat(), 2);
        assert!(err.contains(why), "{wrong:?}: {err}");
    }
}

//! The whole note on qualifications, and the steps of the tutorial about workers, as one person does them with the keys of
//! one desk of 80 columns. What is asserted is what the market says afterwards.

use super::driver::{Flow, Lab, Setup};

const TEST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/qualification/test.xml");
const KEY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/qualification/key.xml");
const NEXT: &str = r#"# The next study.
name = "next"
title = "The next study"
description = "Read a text"
reward = "0.05"
assignments = 1
lifetime = "1h"
time_limit = "10m"
auto_approve = "3d"
template = "task.html"
consent = "none"
data = "items.csv"   # two rows
"#;

/// Lets everything leave that is staged, and waits until it has arrived.
async fn send(desk: &mut Flow) {
    assert!(desk.state().outbox.unsent() > 0, "nothing was staged\n{}", desk.screen());
    desk.press("$").await;
    desk.until("it was sent", |desk| desk.state().outbox.unsent() == 0).await;
}

/// Says yes to the question that is open, and sends.
async fn agree(lab: &Lab, desk: &mut Flow) {
    lab.pass(1_000);
    desk.press("y").await;
    send(desk).await;
}

fn shows(desk: &Flow, text: &str) {
    assert!(desk.screen().contains(text), "no {text:?} in\n{}", desk.screen());
}

/// Waits until the desk has heard of a type of this name.
async fn known(desk: &mut Flow, name: &str) {
    let types = |desk: &Flow| desk.state().people.known.as_ref().map_or(Vec::new(), |known| known.types.clone());
    desk.until(name, |desk| types(desk).iter().any(|kind| kind.it.name == name)).await;
}

/// Goes to the type of this name on the Qualifications screen.
async fn type_called(desk: &mut Flow, name: &str) {
    desk.press("3g").await;
    known(desk, name).await;
    for _ in 0..20 {
        let mut types = desk.screen().lines().take_while(|line| !line.starts_with('─'));
        if types.any(|line| line.starts_with('>') && line.contains(name)) {
            return;
        }
        desk.press("j").await;
    }
    panic!("{name} is not in the list\n{}", desk.screen());
}

/// Goes to a tab beside the types, and into its list.
async fn list_of(desk: &mut Flow, tab: &str) {
    for _ in 0..4 {
        if desk.screen().contains(&format!("[{tab}]")) {
            return desk.press("<enter>").await;
        }
        desk.press("<tab>").await;
    }
    panic!("no tab {tab}\n{}", desk.screen());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_whole_note_is_done_with_the_keys() {
    let lab = Lab::open().await;
    for item in ["one", "two"] {
        let hit = lab.publish(item, 5).await;
        for worker in ["A1ADA", "A2BEN", "A3CAT"] {
            lab.work(&hit, worker, "done").await;
        }
    }
    let mut desk = lab.desk_with(Setup { size: (80, 24), ..Setup::default() }).await;
    let file = |name: &str, text: &str| {
        let path = lab.folder().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };

    // Q1: a type of one's own with any value, given by hand; T8: compared on a HIT.
    desk.press("3n<enter>Skill<enter>j<enter>Reads with care<enter>s").await;
    agree(&lab, &mut desk).await;
    let skill = lab.qualification_type("Skill").await;
    desk.press("2").await;
    desk.until_shown("A1ADA").await;
    desk.press("*+Skill 80<enter>").await;
    agree(&lab, &mut desk).await;
    assert_eq!(lab.scores(&skill).await.iter().map(|(_, score)| *score).collect::<Vec<_>>(), [80, 80, 80]);

    // Q2: "has a value" can be asked for; Q11: each requirement makes the pool smaller.
    type_called(&mut desk, "Skill").await;
    desk.press("i").await;
    desk.until_shown("3 of 3 known workers").await;
    desk.press("l<enter>").await;
    desk.until_shown("does not exist").await;
    shows(&desk, "0 of 3 known workers");
    shows(&desk, "only new workers could");
    desk.press("x<esc>").await;

    // Q3: workers ask, requests wait; granted with a value, or rejected.
    lab.create_type("By hand").await;
    let by_hand = lab.qualification_type("By hand").await;
    for worker in ["A5EVE", "A6FAY"] {
        lab.take_test(&by_hand, worker, &[]).await;
    }
    desk.press("R").await;
    desk.until_shown("By hand").await;
    type_called(&mut desk, "By hand").await;
    list_of(&mut desk, "requests").await;
    desk.until_shown("A6FAY").await;
    desk.press("A70<enter>").await;
    lab.pass(1_000);
    desk.press("jrWe have enough people this time<enter>").await;
    send(&mut desk).await;
    assert_eq!(lab.scores(&by_hand).await, [("A5EVE".to_owned(), 70)]);

    // Q4: granted by itself, switched on and off on a type that is there.
    type_called(&mut desk, "By hand").await;
    desk.press("ejjjj<enter>100<enter>s").await;
    desk.until_shown("+ auto-grant value: 100").await;
    agree(&lab, &mut desk).await;
    assert_eq!(lab.type_of(&by_hand).await.auto_granted_value, Some(100));
    desk.press("R").await;
    type_called(&mut desk, "By hand").await;
    desk.press("ejjjjxs").await;
    desk.until_shown("- auto-grant value: 100").await;
    agree(&lab, &mut desk).await;
    assert_eq!(lab.type_of(&by_hand).await.auto_granted, Some(false));

    // Q5, T7: a test with its key from files, scored by itself; then another key for a test that is there.
    desk.press("3n<enter>Basics<enter>j<enter>Reads first<enter>jjjj<enter>1m<enter>jf").await;
    desk.press(&format!("{TEST}<enter>")).await;
    desk.until_shown("lines; enter opens it").await;
    desk.press(&format!("j<enter>40m<enter>jf{KEY}<enter>")).await;
    desk.until("both are read", |desk| desk.screen().matches("lines; enter opens it").count() == 2).await;
    desk.press("s").await;
    agree(&lab, &mut desk).await;
    let basics = lab.qualification_type("Basics").await;
    lab.take_test(&basics, "A1ADA", &[("battery", &["good"]), ("words", &["love"])]).await;
    assert_eq!(lab.scores(&basics).await, [("A1ADA".to_owned(), 25)]);
    let easier = file("easier.xml", &std::fs::read_to_string(KEY).unwrap().replace("Score>4<", "Score>2<"));
    type_called(&mut desk, "Basics").await;
    desk.press(&format!("eGf{easier}<enter>")).await;
    desk.until_shown("doubtful").await;
    desk.press("s").await;
    desk.until_shown("~ answer key").await;
    agree(&lab, &mut desk).await;
    assert!(lab.type_of(&basics).await.answer_key.unwrap().contains("Score>2<"));

    // T17: taken away with a reason, so that the test can be taken again.
    desk.press("R").await;
    type_called(&mut desk, "Basics").await;
    list_of(&mut desk, "holders").await;
    desk.until_shown("A1ADA").await;
    desk.press("xRead the text again<enter>").await;
    send(&mut desk).await;
    assert_eq!(lab.scores(&basics).await, []);
    lab.market_passes(std::time::Duration::from_secs(120));
    lab.take_test(&basics, "A1ADA", &[("battery", &["good"]), ("words", &["love"])]).await;
    assert_eq!(lab.scores(&basics).await, [("A1ADA".to_owned(), 50)], "scored by the new key");

    // Q6, Q11: everybody who took part is lowered to 0, the next study requires more, new workers are granted more.
    desk.press("3n<enter>Took part<enter>j<enter>In our studies<enter>s").await;
    agree(&lab, &mut desk).await;
    let took_part = lab.qualification_type("Took part").await;
    known(&mut desk, "Took part").await;
    file("task.html", "<crowd-form><p>${text}</p><crowd-input name=\"label\"></crowd-input></crowd-form>");
    file("items.csv", "text\nthree\nfour\n");
    let next = file("next.toml", NEXT);
    desk.press("1<tab>g").await;
    desk.until_shown("labels").await;
    desk.press("jE").await;
    desk.until_shown("Took part 0").await;
    desk.press("<enter>").await;
    desk.until_shown("makes the pool smaller").await;
    lab.pass(1_000);
    desk.press("s").await;
    desk.until_shown("it gets: Took part > 0").await;
    desk.press(&format!("{next}<enter>")).await;
    desk.until_shown("14 + [[requirement]]").await;
    lab.pass(1_000);
    desk.press("y").await;
    desk.until_shown("written:").await;
    let table =
        "\n[[requirement]]\nqualification = \"Took part\"\ncomparator = \">\"\nvalue = 0\naction = \"accept\"\n";
    assert_eq!(std::fs::read_to_string(&next).unwrap(), format!("{NEXT}{table}"));
    send(&mut desk).await;
    assert_eq!(lab.scores(&took_part).await.iter().map(|(_, score)| *score).collect::<Vec<_>>(), [0, 0, 0]);
    assert_eq!(lab.type_of(&took_part).await.auto_granted_value, Some(1));

    // T8: the batch is published with it.
    desk.press(&format!("4o{next}<enter>")).await;
    desk.until_shown("2 HITs").await;
    desk.press("p<enter>").await;
    desk.until_shown("publish 2 rows").await;
    lab.pass(1_000);
    desk.press("y").await;
    desk.until_shown("2 HITs published").await;
    let hit = lab.hit_called("The next study").await;
    assert_eq!(lab.requirements(&hit).await, [(took_part.clone(), "GreaterThan".to_owned(), vec![0])]);

    // Q7: the workers of a results file.
    let results = file("results.csv", "HITId,WorkerId,Answer.label\n3A,A5EVE,yes\n3A,A1ADA,no\n3B,A5EVE,no\n");
    desk.press(&format!("2:exclude {results}<enter>")).await;
    desk.until_shown("Took part 0").await;
    desk.press("<enter>").await;
    desk.until_shown("left out: 1").await;
    agree(&lab, &mut desk).await;
    assert!(lab.scores(&took_part).await.contains(&("A5EVE".to_owned(), 0)));

    // Q8, T16: the website's worker file sets scores and blocks; Q9: the command-line tools' file, both ways.
    type_called(&mut desk, "Skill").await;
    let website = file("workers.csv", "Worker ID,UPDATE-Skill,UPDATE-BlockStatus\nA1ADA,60,\nA2BEN,61,Block\n");
    desk.press(&format!("I{website}<enter>")).await;
    desk.until_shown("60  (was 80)").await;
    agree(&lab, &mut desk).await;
    assert_eq!(lab.scores(&skill).await[..2], [("A1ADA".to_owned(), 60), ("A2BEN".to_owned(), 61)]);
    assert_eq!(lab.blocks().await.len(), 1);
    let tab = file("scores.txt", "workerid\tscore\nA3CAT\t90\n");
    desk.press(&format!("I{tab}<enter>")).await;
    desk.until_shown("90  (was 80)").await;
    agree(&lab, &mut desk).await;
    let out = lab.folder().join("out.tab");
    desk.press(&format!("E{}<enter>", out.display())).await;
    desk.until_shown("written: ").await;
    assert_eq!(std::fs::read_to_string(out).unwrap(), "workerid\tscore\nA1ADA\t60\nA2BEN\t61\nA3CAT\t90\n");

    // Q10: one command over any set of workers.
    desk.press("R").await;
    type_called(&mut desk, "Skill").await;
    list_of(&mut desk, "holders").await;
    desk.until("the scores are those of the files", |desk| {
        let of = |score: &str| desk.screen().lines().any(|line| line.contains(&format!(" {score}  ")));
        of("60") && of("61") && of("90")
    })
    .await;
    desk.press("T<80<enter>e75<enter>").await;
    send(&mut desk).await;
    assert_eq!(lab.scores(&skill).await.iter().map(|(_, score)| *score).collect::<Vec<_>>(), [75, 75, 90]);

    // T16: who is blocked, with the reason; one more, and all of them set free again.
    desk.press("2R/blocked:yes<enter>").await;
    desk.until_shown("A2BEN").await;
    assert!(!desk.screen().contains("A3CAT"));
    desk.press("Xa mistake<enter>").await;
    agree(&lab, &mut desk).await;
    assert_eq!(lab.blocks().await, []);
    desk.press("<esc>/id:A3CAT<enter>").await;
    desk.press("xcopied answers<enter>").await;
    desk.until_shown("can do none of your HITs").await;
    agree(&lab, &mut desk).await;
    assert_eq!(lab.blocks().await, [("A3CAT".to_owned(), "copied answers".to_owned())]);
}

use super::*;
use proptest::prelude::*;
use rstest::rstest;
use std::fmt::Write as _;

fn lines(file: &ScoreFile) -> Vec<(u32, String, Change)> {
    file.lines.iter().map(|line| (line.line, line.worker.to_string(), line.change)).collect()
}

fn scores(text: &str) -> Vec<(String, i32)> {
    let file = read(text, "Skill", None).unwrap();
    assert_eq!(file.broken, []);
    let score = |line: &ScoreLine| match line.change {
        Change::Score(score) => (line.worker.to_string(), score),
        other => panic!("{other:?}"),
    };
    file.lines.iter().map(score).collect()
}

#[rstest]
#[case::tools("workerid\tscore\nA1X\t80\nA2Y\t-5\n", Layout::Tab)]
#[case::tools_without_a_header("A1X\t80\r\nA2Y\t-5", Layout::Tab)]
#[case::tools_turned_around("score\tworkerid\n80\tA1X\n-5\tA2Y", Layout::Tab)]
#[case::csv("worker,score\nA1X,80\nA2Y,-5\n", Layout::Csv)]
#[case::names_of_the_api("WorkerId,IntegerValue,Note\nA1X,80,\"good, fast\"\nA2Y,-5,\n", Layout::Csv)]
#[case::bare("\u{feff}# panel 3\n\n A1X , 80\nA2Y,-5\nA2Y,-5\n", Layout::Csv)]
#[case::appended("worker,score\nA1X,80\nworker,score\nA2Y,-5\n", Layout::Csv)]
fn plain_layouts_say_the_same(#[case] text: &str, #[case] layout: Layout) {
    assert_eq!(scores(text), [("A1X".to_owned(), 80), ("A2Y".to_owned(), -5)]);
    assert_eq!(read(text, "Skill", None).unwrap().layout, layout);
}

#[test]
fn a_bare_list_takes_the_score_that_is_given() {
    let file = read("A1X\nA2Y\n", "Skill", Some(0)).unwrap();
    assert_eq!((file.layout, file.lines.len(), file.lines[1].change), (Layout::List, 2, Change::Score(0)));
    assert_eq!(read("A1X\nA2Y\n", "Skill", None), Err(ScoreFileError::NoScores));
    let file = read("workerid\nA1X\n", "Skill", Some(7)).unwrap();
    assert_eq!(lines(&file), [(2, "A1X".to_owned(), Change::Score(7))]);
}

const WEBSITE: &str = "\"Worker ID\",\"Number of HITs approved - Lifetime\",\"CURRENT-Skill\",\"UPDATE-Skill\",\
    \"CURRENT-Other\",\"UPDATE-Other\",\"CURRENT-BlockStatus\",\"UPDATE-BlockStatus\"\n";

#[test]
fn the_website_file_is_followed_in_its_own_columns_only() {
    let text = format!(
        "{WEBSITE}A1X,5,10,80,,3,Never Blocked,\nA2Y,5,10,Revoke,,,Never Blocked,Block\nA3Z,5,,,,100,Blocked,\n\
         A4W,1,,,,,Blocked,Unblock\n"
    );
    let file = read(&text, "Skill", None).unwrap();
    assert_eq!(
        lines(&file),
        [
            (2, "A1X".to_owned(), Change::Score(80)),
            (3, "A2Y".to_owned(), Change::Revoke),
            (3, "A2Y".to_owned(), Change::Block),
            (5, "A4W".to_owned(), Change::Unblock),
        ]
    );
    assert_eq!((file.layout, file.untouched, file.broken.len()), (Layout::Website, 1, 0));
    assert_eq!(file.others, ["UPDATE-Other"], "what is not followed is named");
    let error = read(&text, "Skil", None).unwrap_err().to_string();
    assert!(error.contains("\"UPDATE-Skil\"") && error.contains("UPDATE-Skill, UPDATE-Other"), "{error}");
}

#[test]
fn every_broken_line_is_named_and_spoils_no_other() {
    let text = "worker,score\nA1X,80\nB2Y,10\nA3Z,high\nA4W\nA1X,81\n\"A5V,3\nA6U,99999999999\nA7T,1\nA1X,80\n";
    let file = read(text, "Skill", None).unwrap();
    assert_eq!(lines(&file), [(9, "A7T".to_owned(), Change::Score(1))], "of two scores for a worker neither is taken");
    let broken: Vec<(u32, &str)> = file.broken.iter().map(|broken| (broken.line, broken.why.as_str())).collect();
    let expected = [
        (2, "stands in line 6 with something else"),
        (3, "is not a worker ID"),
        (4, "\"high\" is not a score"),
        (5, "no score"),
        (6, "stands in line 2 with something else"),
        (7, "a quotation mark is not closed"),
        (8, "\"99999999999\" is not a score"),
        (10, "stands in line 2 with something else"),
    ];
    assert_eq!(broken.len(), expected.len(), "{broken:?}");
    for ((line, why), (expected_line, words)) in broken.iter().zip(expected) {
        assert!(*line == expected_line && why.contains(words), "{line}: {why}");
    }
    assert_eq!(file.repeated, 0);
    let website = format!("{WEBSITE}A1X,5,10,101,,,,\nA2Y,5,10,5,,,,block them\nA3Z,5,10,Revok,,,,\n");
    let broken = read(&website, "Skill", None).unwrap().broken;
    assert!(broken[0].why.contains("0 to 100") && broken[1].why.contains("UPDATE-BlockStatus"), "{broken:?}");
    assert!(broken[2].why.contains("\"Revok\""), "{broken:?}");
}

#[test]
fn a_header_without_workers_is_refused_as_a_whole() {
    let error = read("who,score\nA1X,80\n", "Skill", None).unwrap_err().to_string();
    assert!(error.contains("Worker ID") && error.contains("who, score"), "{error}");
    assert_eq!(read("\n# nothing\n", "Skill", Some(1)), Err(ScoreFileError::Empty));
    assert_eq!(read("worker,score\n", "Skill", None), Err(ScoreFileError::Empty));
}

/// 100,000 workers, every hundredth line broken in one of five ways.
#[test]
fn a_large_file_with_one_percent_of_broken_lines() {
    let mut text = String::from("workerid\tscore\n");
    for number in 0..100_000 {
        let _ = match number % 500 {
            0 => writeln!(text, "W{number}\t5"),
            100 => writeln!(text, "A{number}\tfive"),
            200 => writeln!(text, "A{number}\t"),
            300 => writeln!(text, "\"A{number}\t5"),
            400 => writeln!(text, "A{}\t{}", number - 1, number % 101 + 1),
            _ => writeln!(text, "A{number}\t{}", number % 101),
        };
    }
    let file = read(&text, "Skill", None).unwrap();
    // Of 200 workers with two scores both lines are named.
    assert_eq!((file.lines.len(), file.broken.len(), file.repeated), (98_800, 1_200, 0));
    assert!(file.broken.iter().all(|broken| (broken.line - 2) % 100 == 0 || (broken.line - 1) % 100 == 0));
}

proptest! {
    /// What is written is read again as it was, in every layout.
    #[test]
    fn layouts_go_round(
        workers in prop::collection::btree_map("A[A-Z0-9]{1,12}", (0i32..=100, any::<bool>()), 1..20),
        name in "[ -~]{1,20}",
    ) {
        let held: Vec<Held> = workers
            .iter()
            .map(|(worker, (score, blocked))| Held {
                worker: WorkerId::parse(worker).unwrap(),
                score: Some(*score),
                blocked: *blocked,
            })
            .collect();
        for layout in [Layout::Tab, Layout::Csv] {
            let mut out = Vec::new();
            write(&mut out, layout, &name, &held).unwrap();
            let file = read(std::str::from_utf8(&out).unwrap(), &name, None).unwrap();
            prop_assert_eq!(file.layout, layout);
            let read: Vec<(WorkerId, Change)> = file.lines.into_iter().map(|line| (line.worker, line.change)).collect();
            let expected: Vec<(WorkerId, Change)> =
                held.iter().map(|it| (it.worker.clone(), Change::Score(it.score.unwrap()))).collect();
            prop_assert_eq!(read, expected);
        }
        let mut out = Vec::new();
        write(&mut out, Layout::Website, name.trim(), &held).unwrap();
        if !name.trim().is_empty() && name.trim() != "BlockStatus" {
            let file = read(std::str::from_utf8(&out).unwrap(), name.trim(), None).unwrap();
            prop_assert_eq!((file.lines.len(), file.broken.len(), file.untouched as usize), (0, 0, held.len()));
        }
    }

    #[test]
    fn nothing_panics(text in "[A-Z0-9\\t,\"\n \u{0}é-]{0,200}", name in ".{0,8}") {
        let _ = read(&text, &name, Some(1));
    }
}

use super::*;
use proptest::prelude::*;

fn field(name: &str, value: Value) -> Field {
    Field { name: name.to_owned(), value }
}

fn text(name: &str, value: &str) -> Field {
    field(name, Value::Text(value.to_owned()))
}

fn choice(name: &str, chosen: &[&str]) -> Field {
    field(name, Value::Choice(chosen.iter().map(|c| (*c).to_owned()).collect()))
}

fn crowd(json: &str) -> Answer {
    decode(&write(&[("taskAnswers", json)]))
}

#[test]
fn plain_fields_come_in_document_order() {
    let answer = decode(&write(&[("part_no", "0"), ("note", "a & b — \"c\"\n<d>"), ("none", "")]));
    assert_eq!(answer.problem, None);
    assert_eq!(answer.fields, [text("part_no", "0"), text("note", "a & b — \"c\"\n<d>"), field("none", Value::Empty)]);
}

#[test]
fn the_layout_is_mturks_own() {
    let xml = write(&[("a", "x—y \"z\"\u{1}"), ("b", "")]);
    assert_eq!(
        xml,
        "<?xml version=\"1.0\" encoding=\"ASCII\"?><QuestionFormAnswers xmlns=\"http://mechanicalturk.amazonaws.com/\
         AWSMechanicalTurkDataSchemas/2005-10-01/QuestionFormAnswers.xsd\"><Answer><QuestionIdentifier>a\
         </QuestionIdentifier><FreeText>x&#8212;y \"z\"</FreeText></Answer><Answer><QuestionIdentifier>b\
         </QuestionIdentifier><FreeText/></Answer></QuestionFormAnswers>"
    );
}

#[test]
fn selections_and_uploads() {
    let answer = decode(
        "<QuestionFormAnswers><Answer><QuestionIdentifier>fruit</QuestionIdentifier><SelectionIdentifier>apple\
         </SelectionIdentifier><SelectionIdentifier>pear</SelectionIdentifier><OtherSelectionText>fig\
         </OtherSelectionText></Answer><Answer><QuestionIdentifier>photo</QuestionIdentifier>\
         <UploadedFileSizeInBytes>1024</UploadedFileSizeInBytes><UploadedFileKey>k/1.png</UploadedFileKey></Answer>\
         <Answer><QuestionIdentifier>skipped</QuestionIdentifier></Answer></QuestionFormAnswers>",
    );
    let upload = Value::Upload { key: "k/1.png".to_owned(), bytes: 1024 };
    let expected = [choice("fruit", &["apple", "pear", "fig"]), field("photo", upload), field("skipped", Value::Empty)];
    assert_eq!((answer.fields.as_slice(), answer.problem), (expected.as_slice(), None));
}

#[test]
fn crowd_forms_are_flattened() {
    let answer = crowd(
        r#"[{"age":{"18-25":false,"26-35":true},"agree":{"on":true},"sentiment":{"label":"Positive"},
        "topics":{"labels":["a","b"]},"country":"United States","n":3,"none":null,
        "box":{"boundingBoxes":[{"left":1,"label":"cat"}],"size":{"height":5}},"gender":{"f":false,"m":false}}]"#,
    );
    assert_eq!(answer.problem, None);
    assert_eq!(
        answer.fields,
        [
            choice("age", &["26-35"]),
            field("agree", Value::Flag(true)),
            choice("sentiment", &["Positive"]),
            choice("topics", &["a", "b"]),
            text("country", "United States"),
            text("n", "3"),
            field("none", Value::Empty),
            text("box.boundingBoxes.0.left", "1"),
            text("box.boundingBoxes.0.label", "cat"),
            text("box.size.height", "5"),
            field("gender", Value::Empty),
        ]
    );
}

#[test]
fn options_that_come_as_fields_of_their_own_are_joined() {
    let answer = decode(&write(&[
        ("age.18-25", "false"),
        ("comment", "fine"),
        ("age.26-35", "true"),
        ("agree.on", "true"),
        ("a.b", "true"),
        ("a.c", "7"),
    ]));
    let expected = [
        choice("age", &["26-35"]),
        text("comment", "fine"),
        field("agree", Value::Flag(true)),
        text("a.b", "true"),
        text("a.c", "7"),
    ];
    assert_eq!(answer.fields, expected);
}

#[test]
fn bars_separate_choices_but_not_prose() {
    let answer = decode(&write(&[("tags", "red|green"), ("prose", "either | or"), ("odd", "a||b")]));
    assert_eq!(answer.fields, [choice("tags", &["red", "green"]), text("prose", "either | or"), text("odd", "a||b")]);
}

#[test]
fn broken_documents_give_what_could_be_read() {
    let cut = decode("<QuestionFormAnswers><Answer><QuestionIdentifier>a</QuestionIdentifier><FreeText>half of");
    assert_eq!(cut.fields, [text("a", "half of")]);
    assert_eq!(cut.problem.as_deref(), Some("the document ends before it is complete"));

    let markup = decode(
        "<QuestionFormAnswers><Answer><QuestionIdentifier>a</QuestionIdentifier><FreeText>x <b>bold</b> y</FreeText>\
         </Answer></QuestionFormAnswers>",
    );
    assert_eq!(markup.fields, [text("a", "x <b>bold</b> y")]);
    assert_eq!(markup.problem.as_deref(), Some("markup inside a text, shown as it stands"));

    let prose = decode("just words");
    assert_eq!(prose.fields, [text("answer", "just words")]);
    assert!(prose.problem.is_some());

    assert_eq!(decode("  "), Answer::default());
    let json = crowd("[{\"a\":");
    assert_eq!(json.fields, [text("taskAnswers", "[{\"a\":")]);
    assert!(json.problem.unwrap().starts_with("taskAnswers is not JSON"));
}

#[test]
fn entity_bombs_are_not_expanded() {
    let bomb = "<!DOCTYPE a [<!ENTITY l \"lol\"><!ENTITY m \"&l;&l;\">]><QuestionFormAnswers><Answer>\
                <QuestionIdentifier>a</QuestionIdentifier><FreeText>&m;</FreeText></Answer></QuestionFormAnswers>";
    let answer = decode(bomb);
    assert_eq!(answer.fields, [text("a", "&m;")]);
    assert!(answer.problem.unwrap().contains("document type"));
}

#[test]
fn size_depth_and_count_are_bounded() {
    let deep = format!("<QuestionFormAnswers>{}", "<x>".repeat(100_000));
    assert!(decode(&deep).problem.unwrap().contains("nested deeper"));
    let nested = format!("{}1{}", "[".repeat(5_000), "]".repeat(5_000));
    assert!(crowd(&nested).problem.unwrap().contains("taskAnswers is not JSON"));
    let many: Vec<_> = (0..20_000).map(|n| (format!("f{n}"), "x")).collect();
    let answer = decode(&write(&many));
    assert_eq!(answer.fields.len(), entries::FIELDS);
    assert!(answer.problem.unwrap().contains("more than 10000 fields"));
    let long = "é".repeat(500_000);
    assert_eq!(decode(&write(&[("a", &long)])).fields, [text("a", &long)]);
    let huge = format!("<QuestionFormAnswers>{}", "é".repeat(5 << 20));
    assert!(decode(&huge).problem.unwrap().contains("only the first"));
}

#[test]
fn the_summary_is_one_line_with_the_telling_fields_first() {
    let answer = decode(&write(&[
        ("userAgent", "Mozilla/5.0"),
        ("comment", "long  words\nand more of them, so many that this is certainly a long text and no label"),
        ("entailment", "yes"),
        ("tags", "a|b"),
        ("empty", ""),
    ]));
    let line = summary(&answer, 200);
    assert!(line.starts_with("tags: a, b; entailment: yes; comment: long words and more"), "{line}");
    assert!(line.ends_with("userAgent: Mozilla/5.0"), "{line}");
    assert_eq!(summary(&answer, 12), "tags: a, b;…");
    assert_eq!(summary(&Answer::default(), 80), "(empty)");
    assert_eq!(super::text(&decode(&write(&[("a", "x"), ("b", "p|q")]))), "x\np|q");
}

#[test]
fn json_is_recognised() {
    let json = |value: &str| Value::Text(value.to_owned()).is_json();
    assert!(json(" {\"a\": [1, 2]} "));
    assert!(!json("{\"a\": }"));
    assert!(json("12"));
    assert!(!json("twelve") && !json(""));
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(fields in prop::collection::vec(("[a-z]{1,8}", "[^|\u{0}-\u{1f}\u{7f}\r\u{fffe}\u{ffff}]{1,40}"), 0..8)) {
        let answer = decode(&write(&fields));
        prop_assert_eq!(answer.problem, None);
        let read: Vec<_> = answer.fields.into_iter().map(|f| (f.name, f.value.text().into_owned())).collect();
        prop_assert_eq!(read, fields);
    }

    #[test]
    fn no_text_makes_it_fail(text in "(<|>|/|&|;|Answer|FreeText|QuestionIdentifier|QuestionFormAnswers|<!\\[CDATA\\[|\\]\\]>|<!--|<\\?|[ -~]|\\PC){0,60}") {
        let answer = decode(&text);
        summary(&answer, 80);
        prop_assert!(summary(&answer, 10).chars().count() <= 10);
    }
}

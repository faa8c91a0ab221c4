//! Documents that somebody made to break the readers: none may panic, and none may cost more than its length.

use hitdeck::question::question_form::QuestionForm;
use hitdeck::question::sheet::AnswerSheet;
use hitdeck::question::{answer_key, asked, constraint, fault, question_form, schema, write};
use proptest::prelude::*;
use std::time::{Duration, Instant};

const SCHEMAS: &str = "http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/";

/// What is mutated: one valid document of each kind.
fn seeds() -> Vec<String> {
    let form = format!(
        "<QuestionForm xmlns=\"{SCHEMAS}2017-11-06/QuestionForm.xsd\"><Overview><List><ListItem>a</ListItem></List>\
         <FormattedContent><![CDATA[<p title=\"x\">a &eacute; <a href=\"http://h/\">b</a></p>]]></FormattedContent>\
         </Overview><Question><QuestionIdentifier>t</QuestionIdentifier><IsRequired>true</IsRequired><QuestionContent>\
         <Binary><MimeType><Type>image</Type></MimeType><DataURL>http://h/i</DataURL><AltText>i</AltText></Binary>\
         </QuestionContent><AnswerSpecification><FreeTextAnswer><Constraints><IsNumeric minValue=\"1\"/><Length \
         minLength=\"1\" maxLength=\"9\"/><AnswerFormatRegex regex=\"^[0-9]+$\"/></Constraints></FreeTextAnswer>\
         </AnswerSpecification></Question><Question><QuestionIdentifier>s</QuestionIdentifier><QuestionContent><Text>?\
         </Text></QuestionContent><AnswerSpecification><SelectionAnswer><MinSelectionCount>1</MinSelectionCount>\
         <MaxSelectionCount>2</MaxSelectionCount><StyleSuggestion>list</StyleSuggestion><Selections><Selection>\
         <SelectionIdentifier>a</SelectionIdentifier><Text>A</Text></Selection><Selection><SelectionIdentifier>b\
         </SelectionIdentifier><Text>B</Text></Selection></Selections></SelectionAnswer></AnswerSpecification></Question>\
         </QuestionForm>"
    );
    let key = format!(
        "<AnswerKey xmlns=\"{SCHEMAS}2005-10-01/AnswerKey.xsd\"><Question><QuestionIdentifier>s</QuestionIdentifier>\
         <AnswerOption><SelectionIdentifier>a</SelectionIdentifier><AnswerScore>5</AnswerScore></AnswerOption>\
         <DefaultScore>-1</DefaultScore></Question><QualificationValueMapping><RangeMapping><SummedScoreRange>\
         <InclusiveLowerBound>0</InclusiveLowerBound><InclusiveUpperBound>5</InclusiveUpperBound><QualificationValue>1\
         </QualificationValue></SummedScoreRange><OutOfRangeQualificationValue>0</OutOfRangeQualificationValue>\
         </RangeMapping></QualificationValueMapping></AnswerKey>"
    );
    let answers = format!(
        "<QuestionFormAnswers xmlns=\"{SCHEMAS}2005-10-01/QuestionFormAnswers.xsd\"><Answer><QuestionIdentifier>t\
         </QuestionIdentifier><FreeText>12</FreeText></Answer><Answer><QuestionIdentifier>s</QuestionIdentifier>\
         <SelectionIdentifier>a</SelectionIdentifier><OtherSelectionText>o</OtherSelectionText></Answer>\
         </QuestionFormAnswers>"
    );
    let external = format!(
        "<ExternalQuestion xmlns=\"{SCHEMAS}2006-07-14/ExternalQuestion.xsd\"><ExternalURL>https://u@[::1]:1/a?b=c&amp;d\
         </ExternalURL><FrameHeight>1</FrameHeight></ExternalQuestion>"
    );
    let page = "<!DOCTYPE html><svg><title/></svg><!-- c --><script>a</script><form action='x'><textarea>b</textarea>";
    vec![form, key, answers, external, write::html_question(page)]
}

/// What mutations put in.
const PIECES: &[&str] = &[
    "<",
    ">",
    "&",
    ";",
    "\"",
    "'",
    "/",
    "=",
    "]]>",
    "<![CDATA[",
    "<!--",
    "-->",
    "<?",
    "?>",
    "<!DOCTYPE",
    "&#",
    "&lt;",
    "&#x10ffff;",
    "\u{0}",
    "\u{feff}",
    "\u{fffe}",
    "é",
    "😀",
    "\r\n",
    "xmlns",
    ":",
    "-1",
    "99999999999999999999",
    "1e999",
    "NaN",
    "(",
    "[",
    "{",
    "\\",
    "(a{99}){99}",
    "<Question>",
    "</Question>",
    "<script>",
    "</",
    "<svg",
    "javascript:",
];

/// Everything that reads a document, on this one, and everything that works with what was read.
fn exercise(text: &str) {
    let _ = schema::check_answer(text);
    let answers = AnswerSheet::read(text);
    let _ = answers.values();
    let test = question_form::read_test(text, true);
    let form = question_form::read(text).map_or_else(|_| QuestionForm::default(), |read| read.value);
    let _ = constraint::check(&form, &answers);
    if let Ok(key) = answer_key::read(text) {
        let _ = answer_key::check(&key.value, &form);
        let score = answer_key::score(&key.value, &answers);
        assert_eq!(score.marks.len(), key.value.questions.len());
    }
    if let Err(faults) = asked::read(text) {
        let lines = text.matches('\n').count() as u32 + 1;
        assert!(faults.iter().all(|fault| (1..=lines).contains(&fault.place.line) && fault.place.column >= 1));
        assert!(faults.to_string().len() < 100_000);
    }
    assert!(test.is_err() || question_form::read(text).is_ok(), "a test is a form");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn mutated_documents_never_panic(
        seed in 0..5_usize,
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0..40_usize, prop::sample::select(PIECES)), 1..6),
    ) {
        let mut text = seeds().swap_remove(seed);
        for (at, cut, piece) in edits {
            let from = text.floor_char_boundary(at.index(text.len() + 1));
            let to = text.ceil_char_boundary((from + cut).min(text.len()));
            text.replace_range(from..to, piece);
        }
        exercise(&text);
    }

    #[test]
    fn arbitrary_text_never_panics(text in "\\PC{0,200}", bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        exercise(&text);
        exercise(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn arbitrary_pages_and_formatted_content_never_panic(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..60)) {
        exercise(&write::html_question(&pieces.concat()));
        let content = pieces.concat().replace("]]>", "").replace(['\0', '\u{fffe}'], "");
        exercise(&seeds()[0].replace("<p title=\"x\">", &content));
    }
}

#[test]
fn the_seeds_are_valid() {
    let seeds = seeds();
    let form = question_form::read(&seeds[0]).unwrap().value;
    let key = answer_key::read(&seeds[1]).unwrap().value;
    assert_eq!(answer_key::check(&key, &form).unwrap().value, ());
    schema::check_answer(&seeds[2]).unwrap();
    asked::read(&seeds[3]).unwrap();
    asked::read(&seeds[4]).unwrap();
    let unmet = constraint::check(&form, &AnswerSheet::read(&seeds[2]));
    assert_eq!(unmet.len(), 1, "a text beside selections that take none: {unmet:?}");
}

/// Ten megabytes of the same, at every reader. The bound is far above what it takes, and far below what anything that
/// grows faster than its input would take.
#[test]
fn ten_megabytes_are_read_in_bounded_time() {
    const LENGTH: usize = 10_000_000;
    let root = format!("<QuestionFormAnswers xmlns=\"{SCHEMAS}2005-10-01/QuestionFormAnswers.xsd\">");
    let fill = |start: &str, piece: &str| format!("{start}{}", piece.repeat(LENGTH / piece.len()));
    let floods = [
        fill("", "a"),
        fill("", "<"),
        fill("", "&"),
        fill(&root, "<a>"),
        fill(&root, "<Answer/>"),
        fill(&root, "<Answer><FreeText>x</FreeText></Answer>"),
        fill(&root, "&#65;"),
        fill(&root, "&lt;"),
        fill(&root, "<!-- -->"),
        fill(&root, "<![CDATA[x]]>"),
        fill(&root, "</"),
        fill(&format!("{root}<a "), "a='' "),
        fill(&format!("{root}<a b=\""), "'"),
        fill(&format!("{root}<!--"), "--"),
        fill(&format!("{root}<Answer><FreeText>"), "\n"),
        fill("<!DOCTYPE a [", "<!ENTITY a '&a;'>"),
    ];
    for flood in &floods {
        let start = Instant::now();
        exercise(flood);
        let took = start.elapsed();
        assert!(took < Duration::from_secs(30), "{took:?} for {:?}", &flood[..60]);
    }
}

/// As much as a question can hold of what could make a reader slow: pages, patterns, faults.
#[test]
fn full_documents_are_read_in_bounded_time() {
    let room = schema::MAX_BYTES - 2_000;
    let pages = ["<!--x", "</script", "<a b='", "<textarea>", "<svg>", "< "];
    let field = |pattern: &str| {
        seeds()[0]
            .replace("<AnswerFormatRegex regex=\"^[0-9]+$\"/>", pattern)
            .replace("maxLength=\"9\"", "maxLength=\"99999\"")
    };
    let pattern = "<AnswerFormatRegex regex='(a*)*(a|aa)+(.{1,200})b$'/>";
    let mut documents: Vec<String> =
        pages.iter().map(|page| write::html_question(&page.repeat(room / page.len()))).collect();
    documents.push(field(&pattern.repeat(room / pattern.len())));
    documents.push(seeds()[0].replace("<p title=\"x\">", &"<b>".repeat(room / 3)));
    documents.push(seeds()[0].replace("<Overview>", &format!("<Overview>{}", "<x/>".repeat(room / 4))));
    let held = |form: &QuestionForm, answers: &AnswerSheet| {
        let unmet = constraint::check(form, answers);
        unmet.iter().filter(|unmet| matches!(unmet.want, constraint::Want::Format(_))).count()
    };
    let answers = seeds()[2].replace("<FreeText>12", &format!("<FreeText>{}", "a".repeat(8_000)));
    let answers = AnswerSheet::read(&answers);
    let mut most = 0;
    for document in &documents {
        let start = Instant::now();
        exercise(document);
        if let Ok(form) = question_form::read(document) {
            most = most.max(held(&form.value, &answers));
        }
        let took = start.elapsed();
        assert!(took < Duration::from_secs(20), "{took:?} for {:?}", &document[..400]);
    }
    assert!((1..100).contains(&most), "some patterns are held against the answer, and not all: {most}");
}

#[test]
fn faults_are_capped() {
    let faults = question_form::read(&seeds()[0].replace("<Overview>", &format!("<Overview>{}", "<x/>".repeat(9_000))));
    let faults: fault::Faults = faults.unwrap_err();
    assert!(faults.iter().count() <= 100 && faults.to_string().len() < 2_000, "{faults}");
}

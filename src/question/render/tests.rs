use super::*;
use crate::question::html::tags::{Token, Tokens};
use crate::question::question_form::{self, Content, FreeText, Medium, Style};
use crate::question::sheet::Given;
use proptest::prelude::*;
use rstest::rstest;

fn read(parts: &str) -> QuestionForm {
    let space = "http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2017-11-06/QuestionForm.xsd";
    question_form::read(&format!("<QuestionForm xmlns=\"{space}\">{parts}</QuestionForm>")).unwrap().value
}

fn question(identifier: &str, required: bool, answer: &str) -> String {
    format!(
        "<Question><QuestionIdentifier>{identifier}</QuestionIdentifier><IsRequired>{required}</IsRequired>\
         <QuestionContent><Text>What is {identifier}?</Text></QuestionContent>\
         <AnswerSpecification>{answer}</AnswerSpecification></Question>"
    )
}

fn selection(bounds: &str, style: &str, more: &str) -> String {
    let style = if style.is_empty() { String::new() } else { format!("<StyleSuggestion>{style}</StyleSuggestion>") };
    let choices: String = ["red", "green", "blue"]
        .iter()
        .map(|id| {
            format!("<Selection><SelectionIdentifier>{id}</SelectionIdentifier><Text>{id} one</Text></Selection>")
        })
        .collect();
    format!("<SelectionAnswer>{bounds}{style}<Selections>{choices}{more}</Selections></SelectionAnswer>")
}

fn posted(pairs: &[(&str, &str)]) -> Posted {
    Posted(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
}

/// Hands pairs in: the answers as text, and what is wrong with them.
fn hand_in(form: &QuestionForm, pairs: &[(&str, &str)]) -> (Vec<String>, Vec<String>) {
    let answers = answers(form, &posted(pairs));
    let wrong = unmet(form, &answers).iter().map(|unmet| format!("{}: {}", unmet.question, unmet.want)).collect();
    let say = |(name, given): &(String, Given)| {
        let mut values: Vec<&str> = given.selected.iter().map(String::as_str).collect();
        values.extend(given.texts.iter().map(String::as_str));
        format!("{name}={}", values.join("+"))
    };
    (answers.iter().map(say).collect(), wrong)
}

const MANY: &str = "<MinSelectionCount>1</MinSelectionCount><MaxSelectionCount>2</MaxSelectionCount>";
const OTHER: &str = "<OtherSelection><Constraints><Length maxLength=\"20\"/></Constraints></OtherSelection>";

#[test]
fn a_form_with_everything() {
    let form = read(&format!(
        "<Overview><Title>Colours &amp; words</Title><Text>Read &lt;b&gt; first.\nThen answer.</Text>\
         <List><ListItem>one</ListItem><ListItem>two</ListItem></List>\
         <Binary><MimeType><Type>image</Type><SubType>png</SubType></MimeType><DataURL>https://h.example/a.png?x=1&amp;y=2\
         </DataURL><AltText>A \"picture\"</AltText></Binary>\
         <EmbeddedBinary><EmbeddedMimeType><Type>audio</Type><SubType>mpeg</SubType></EmbeddedMimeType>\
         <DataURL>https://h.example/a.mp3</DataURL><AltText>Listen</AltText><Width>300</Width><Height>4em</Height>\
         </EmbeddedBinary></Overview>{}{}{}{}{}{}",
        question("radio", true, &selection("", "radiobutton", "")),
        question("boxes", false, &selection(MANY, "", OTHER)),
        question("menu", true, &selection("", "dropdown", "")),
        question("own", false, &selection("", "combobox", OTHER)),
        question(
            "age",
            true,
            "<FreeTextAnswer><Constraints><IsNumeric minValue=\"18\" maxValue=\"99\"/></Constraints></FreeTextAnswer>"
        ),
        question(
            "why",
            false,
            "<FreeTextAnswer><Constraints><Length minLength=\"3\" maxLength=\"500\"/></Constraints>\
             <DefaultText>Because &lt;</DefaultText><NumberOfLinesSuggestion>4</NumberOfLinesSuggestion></FreeTextAnswer>"
        ),
    ));
    let html = super::form(&form, None, &[]);
    insta::assert_snapshot!(html.replace("><", ">\n<"));
}

#[rstest]
#[case(&[("c", "red")], "c=red", &[])]
#[case(&[], "c=", &["c: An answer is required."])]
#[case(&[("c", ""), ("c-other", "  ")], "c=", &["c: An answer is required."])]
#[case(&[("c", "")], "c=", &["c: An answer is required."])]
#[case(&[("c", ""), ("c-other", "teal")], "c=teal", &[])]
#[case(&[("c", "red"), ("c-other", "teal")], "c=red+teal", &["c: Select one."])]
#[case(&[("c", "red"), ("c", "blue")], "c=blue+red", &["c: Select one."])]
#[case(&[("c", "pink")], "c=pink", &["c: There is no selection \"pink\"."])]
#[case(&[("c-other", "a colour with a long name")], "c=a colour with a long name", &["c: At most 20 characters are allowed."])]
fn one_of_several(#[case] pairs: &[(&str, &str)], #[case] answer: &str, #[case] wrong: &[&str]) {
    for style in ["radiobutton", "dropdown", "combobox", "list", ""] {
        let form = read(&question("c", true, &selection("", style, OTHER)));
        let (answers, found) = hand_in(&form, pairs);
        assert_eq!(
            (answers, found.as_slice()),
            (vec![answer.to_owned()], &wrong.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>()[..]),
            "{style}"
        );
    }
}

#[rstest]
#[case(&[("c", "red"), ("c", "blue")], &[])]
#[case(&[("c", "red"), ("c", "blue"), ("c", "green")], &["c: Select 1 to 2."])]
#[case(&[], &[])]
fn several_of_several(#[case] pairs: &[(&str, &str)], #[case] wrong: &[&str]) {
    for style in ["checkbox", "list", "multichooser", ""] {
        let form = read(&question("c", false, &selection(MANY, style, "")));
        assert_eq!(hand_in(&form, pairs).1, wrong, "{style}");
    }
}

#[test]
fn errors_stand_above_and_at_the_field_and_what_was_filled_in_stays() {
    let text = "<FreeTextAnswer><Constraints><AnswerFormatRegex regex=\"^[a-z]+$\" errorText=\"Small letters &lt;only&gt;.\"/>\
                </Constraints></FreeTextAnswer>";
    let form = read(&(question("t", false, text) + &question("c", true, &selection("", "", ""))));
    let filled = posted(&[("t", "A <b>\r\nc")]);
    let wrong = unmet(&form, &answers(&form, &filled));
    let html = super::form(&form, Some(&filled), &wrong);
    for expected in [
        "2 answers are not complete yet.",
        "<a href=\"#q1\">Question 1</a>: Small letters &lt;only&gt;.",
        "<p class=\"qf-error\" id=\"q1-error\">Small letters &lt;only&gt;.</p>",
        "value=\"A &lt;b&gt;\r\nc\"",
        "aria-describedby=\"q2-error\" aria-invalid=\"true\"",
    ] {
        assert!(html.contains(expected), "{expected} in {html}");
    }
}

#[test]
fn names_that_cannot_be_a_fields_are_numbered() {
    let text = "<FreeTextAnswer/>";
    let names = ["plain-1", "two words", "assignmentId", "a-other", "é", "question:2"];
    let form = read(&names.iter().map(|name| question(name, false, text)).collect::<String>());
    let fields = ["plain-1", "question:2", "question:3", "question:4", "question:5", "question:6"];
    let html = super::form(&form, None, &[]);
    assert!(fields.iter().all(|name| html.contains(&format!(" name=\"{name}\""))), "{html}");
    let pairs: Vec<(&str, &str)> = fields.iter().map(|name| (*name, *name)).collect();
    let expected: Vec<String> = names.iter().zip(fields).map(|(name, field)| format!("{name}={field}")).collect();
    assert_eq!(hand_in(&form, &pairs).0, expected);
}

#[test]
fn a_file_is_never_missed() {
    let upload = "<FileUploadAnswer><MaxFileSizeInBytes>9</MaxFileSizeInBytes><MinFileSizeInBytes>1</MinFileSizeInBytes>\
                  </FileUploadAnswer>";
    let form = read(&question("f", true, upload));
    assert_eq!(hand_in(&form, &[("f", "x")]), (vec![], vec![]));
    assert!(super::form(&form, None, &[]).contains("Files cannot be handed in any more"));
}

#[rstest]
#[case("a <i>b</i> c", "a <i>b</i> c")]
#[case("<b>x</b>y<b>z</b>", "<b>x</b>y<b>z</b>")]
#[case("1 &lt; 2 &amp;&eacute;", "1 &lt; 2 &amp;é")]
#[case("<br/><hr/>t", "<br><hr>t")]
#[case(
    "<a href='https://e.example/?a=1&amp;b=2' accesskey='s' target='_top'>x</a>",
    "<a href=\"https://e.example/?a=1&amp;b=2\" target=\"_blank\" rel=\"noopener noreferrer nofollow\">x</a>"
)]
#[case("<a href='/logout'>x</a>", "<a>x</a>")]
#[case("<a href='//e.example'>x</a>", "<a>x</a>")]
#[case("<a href='#csrf'>x</a><a name='csrf'>y</a>", "<a href=\"#c-csrf\">x</a><a name=\"c-csrf\">y</a>")]
#[case("<img src='/accept' alt='a'/>", "<img alt=\"a\" loading=\"lazy\" referrerpolicy=\"no-referrer\">")]
#[case(
    "<img src='https://h/i.png' alt='\"'/>",
    "<img src=\"https://h/i.png\" alt=\"&quot;\" loading=\"lazy\" referrerpolicy=\"no-referrer\">"
)]
fn formatted_content_comes_out_of_its_tree(#[case] markup: &str, #[case] expected: &str) {
    let mut out = String::new();
    formatted::push(&mut out, markup);
    assert_eq!(out, format!("<div class=\"qf-formatted\" dir=\"auto\">{expected}</div>"));
}

#[test]
fn what_is_not_of_the_subset_does_not_come_out() {
    let mut out = String::new();
    formatted::push(&mut out, "<script>x</script><p onclick='a()' style='b' id='c'>t</p><a href='javascript:1'>l</a>");
    assert_eq!(out, "<div class=\"qf-formatted\" dir=\"auto\">x<p>t</p><a>l</a></div>");
    out.clear();
    formatted::push(&mut out, "<p>left open <script>alert(1)</script>");
    assert!(!out.contains("<script") && out.contains("&lt;script"), "{out}");
    out.clear();
    formatted::push(&mut out, "<font color='red'>x</font>");
    assert!(out.contains("qf-paper"), "colours have a page that they were chosen for: {out}");
}

/// Texts as an attacker writes them.
fn nasty() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[<>\"'&/= a-z!-]{0,40}",
        Just("\"><script>alert(1)</script>".to_owned()),
        Just("' onfocus=alert(1) autofocus '".to_owned()),
        Just("</textarea><img src=x onerror=alert(1)>".to_owned()),
        Just("javascript:alert(1)".to_owned()),
    ]
}

fn block() -> impl Strategy<Value = Content> {
    let medium = (nasty(), nasty(), nasty()).prop_map(|(kind, url, alternative)| Medium {
        kind: if kind.len() % 2 == 0 { "image".to_owned() } else { kind },
        subtype: None,
        url: if url.len() % 2 == 0 { format!("https://{url}") } else { url },
        alternative,
    });
    prop_oneof![
        nasty().prop_map(Content::Title),
        nasty().prop_map(Content::Text),
        prop::collection::vec(nasty(), 0..3).prop_map(Content::List),
        nasty().prop_map(Content::Formatted),
        (medium, nasty(), nasty()).prop_map(|(medium, width, height)| Content::Embedded {
            medium,
            width,
            height,
            parameters: Vec::new()
        }),
    ]
}

fn specification() -> impl Strategy<Value = AnswerSpecification> {
    let text = (nasty(), 0..9_u32)
        .prop_map(|(default, lines)| FreeText { default_text: Some(default), lines, ..FreeText::default() })
        .boxed();
    let style = prop::sample::select(vec![None, Some(Style::DropDown), Some(Style::List), Some(Style::MultiChooser)]);
    let choice = (nasty(), block()).prop_map(|(identifier, label)| question_form::Choice { identifier, label });
    let choices = prop::collection::vec(choice, 1..4);
    let selection =
        (1..4_u32, style, choices, prop::option::of(text.clone())).prop_map(|(max, style, choices, other)| {
            AnswerSpecification::Selection(question_form::Selection { min: 1, max, style, choices, other })
        });
    prop_oneof![text.prop_map(AnswerSpecification::FreeText), selection]
}

proptest! {
    #[test]
    fn nothing_of_a_hostile_form_runs(
        parts in prop::collection::vec((nasty(), prop::option::of(nasty()), prop::collection::vec(block(), 0..3), specification()), 1..4),
        filled in prop::collection::vec((nasty(), nasty()), 0..4),
    ) {
        let parts = parts.into_iter().map(|(identifier, display_name, content, answer)| Part::Question(Question {
            place: crate::question::fault::Place { line: 1, column: 1 },
            identifier, display_name, is_required: true, content, answer,
        }));
        let form = QuestionForm { parts: parts.collect() };
        let filled = Posted(filled);
        let given = answers(&form, &filled);
        let html = super::form(&form, Some(&filled), &unmet(&form, &given)) + &super::form(&form, None, &[]);
        let mut tokens = Tokens::new(&html);
        while let Some(token) = tokens.next() {
            let Token::Open(name, attributes) = token else { continue };
            let own = ["div", "section", "h2", "h3", "p", "ul", "li", "label", "span", "input", "textarea", "select", "option", "audio", "video", "a", "img"];
            prop_assert!(own.contains(&name) || crate::question::xhtml::is_element(name), "{name} in {html}");
            for banned in ["onfocus", "onerror", "onclick", "autofocus", "style", "formaction", "srcdoc"] {
                prop_assert!(attributes.get(banned).is_none(), "{banned} in {html}");
            }
            for address in ["href", "src"].iter().filter_map(|key| attributes.get(key)) {
                let fine = ["http://", "https://", "#", "mailto:", "ftp://"].iter().any(|start| address.to_ascii_lowercase().starts_with(start));
                prop_assert!(fine, "{address} in {html}");
            }
            if name == "textarea" {
                tokens.skip_raw("textarea");
            }
        }
    }
}

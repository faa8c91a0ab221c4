use super::*;
use proptest::prelude::*;

fn html(content: &str) -> Item {
    let item = read(&format!(
        "<HTMLQuestion xmlns=\"http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2011-11-11/\
         HTMLQuestion.xsd\"><HTMLContent><![CDATA[{content}]]></HTMLContent><FrameHeight>0</FrameHeight></HTMLQuestion>"
    ));
    assert_eq!(item.problem, None);
    item
}

fn pairs(item: &Item) -> Vec<(&str, &str)> {
    item.pairs.iter().map(|(label, value)| (label.as_str(), value.as_str())).collect()
}

#[test]
fn tables_give_pairs() {
    let item = html(
        "<!DOCTYPE html><html><head><title>t</title><style>p {}</style><script>var a = '<p>';</script></head><body>\
         <p>Read both.</p><table><tr><th>id</th><td>266</td></tr><tr><th>text:</th><td>Fran&#231;e &amp; <b>Russia</b>\n \
         want</td></tr><tr><td>hypothesis</td><td></td></tr></table></body></html>",
    );
    assert_eq!(pairs(&item), [("id", "266"), ("text", "Fran\u{e7}e & Russia want"), ("hypothesis", "")]);
    assert_eq!(item.text, ["Read both."]);
}

#[test]
fn a_table_with_a_head_gives_a_pair_per_column() {
    let item = html("<table><thead><tr><th>a</th><th>b</th><th>c</th></tr></thead><tr><td>1<td>2<td>3</table>");
    assert_eq!(pairs(&item), [("a", "1"), ("b", "2"), ("c", "3")]);
}

#[test]
fn lists_labels_and_headings_give_pairs() {
    let item = html(
        "<dl><dt>Name</dt><dd>Ada</dd><dt>Born:</dt><dd>1815</dd></dl><p><b>Sentence:</b> It rains.</p>\
         <div><label>Source</label>: the news</div><h3>Text</h3><p>Three of its members</p><h3>Rules</h3><p>1</p><p>2</p>\
         <p>3</p>",
    );
    assert_eq!(
        pairs(&item),
        [
            ("Name", "Ada"),
            ("Born", "1815"),
            ("Sentence", "It rains."),
            ("Source", "the news"),
            ("Text", "Three of its members")
        ]
    );
    assert_eq!(item.text, ["Rules", "1", "2", "3"]);
}

#[test]
fn labels_of_real_templates() {
    let item = html(
        "<div><label>Company name:</label> <span>Acme &amp; Sons</span></div><div><label>Phone</label> 555-1234</div>\
         <div><label>Website:</label><input name=url></div><p><b>Premise:</b> It rains.<br><b>Hypothesis:</b><br>It is \
         wet.</p><p>Mind this <b>rule:</b> be kind.</p><p><strong>Bold</strong> without a colon</p>\
         <table><tr><td><img src='https://x/a.jpg'></td><td>Look.</td></tr></table>",
    );
    assert_eq!(
        pairs(&item),
        [
            ("Company name", "Acme & Sons"),
            ("Phone", "555-1234"),
            ("Premise", "It rains."),
            ("Hypothesis", "It is wet.")
        ]
    );
    assert_eq!(
        item.text,
        ["Website:", "Mind this rule: be kind.", "Bold without a colon", "[image: https://x/a.jpg] | Look."]
    );
}

#[test]
fn forms_are_reduced_to_their_options() {
    let item = html(
        "<form><p>Does it follow?</p><label><input type=\"radio\" name=\"entailment\" value=\"yes\"> Yes</label>\
         <label><input type=\"radio\" name=\"entailment\" value=\"no\"/> No</label><br>\
         <select name=\"sure\"><option value=\"1\">very</option><option>not</option></select>\
         <label>Comment: <textarea name=c>old</textarea></label><input type=submit value=Send></form>",
    );
    assert_eq!(item.text, ["Does it follow?", "Comment:", "entailment: Yes | No", "sure: very | not"]);
    assert!(item.pairs.is_empty(), "{:?}", item.pairs);
}

#[test]
fn crowd_elements_are_understood() {
    let item = html(
        "<crowd-form><crowd-classifier name=\"sentiment\" categories=\"['Positive', 'Negative']\" header=\"How is it?\">\
         <classification-target>Great film</classification-target></crowd-classifier><crowd-radio-group name=\"rel\">\
         <crowd-radio-button name=\"is-a\">is a</crowd-radio-button><crowd-radio-button name=\"none\"></crowd-radio-button>\
         </crowd-radio-group></crowd-form>",
    );
    assert_eq!(item.text, ["How is it?", "Great film", "sentiment: Positive | Negative", "rel: is a | none"]);
}

#[test]
fn links_and_media_show_their_address() {
    let item = html(
        "<p><a href=\"https://example.org/a?b=1&amp;c=2\">page</a> <a href='https://x.test'>https://x.test</a></p>\
         <p><img src=\"https://x.test/1.png\" alt=\"a cat\"><audio src=\"https://x.test/1.mp3\"></audio></p>",
    );
    assert_eq!(
        item.text,
        [
            "page (https://example.org/a?b=1&c=2) https://x.test",
            "[image: a cat https://x.test/1.png][audio: https://x.test/1.mp3]"
        ]
    );
}

#[test]
fn html_outside_cdata_is_read_too() {
    let item = read(
        "<HTMLQuestion><HTMLContent>&lt;p&gt;escaped &amp;amp; fine&lt;/p&gt;<p>open</p></HTMLContent></HTMLQuestion>",
    );
    assert_eq!(item.text, ["escaped & fine", "open"]);
}

#[test]
fn external_questions_have_an_address() {
    let item = read(
        "<ExternalQuestion><ExternalURL>https://h/p?a=1&amp;b=2</ExternalURL><FrameHeight>600</FrameHeight></ExternalQuestion>",
    );
    assert_eq!(item.url.as_deref(), Some("https://h/p?a=1&b=2"));
    assert_eq!(item.problem, None);
}

#[test]
fn question_forms_give_texts_and_options() {
    let item = read(
        "<QuestionForm><Overview><Title>Fruit</Title><Text>Choose.</Text><List><ListItem>one</ListItem></List></Overview>\
         <Question><QuestionIdentifier>q1</QuestionIdentifier><QuestionContent><Text>Which?</Text><FormattedContent>\
         <![CDATA[<b>Note:</b> all ripe]]></FormattedContent></QuestionContent><AnswerSpecification><SelectionAnswer>\
         <Selections><Selection><SelectionIdentifier>a</SelectionIdentifier><Text>Apple</Text></Selection><Selection>\
         <SelectionIdentifier>p</SelectionIdentifier><FormattedContent><![CDATA[<i>Pear</i>]]></FormattedContent>\
         </Selection></Selections></SelectionAnswer></AnswerSpecification></Question></QuestionForm>",
    );
    assert_eq!(item.text, ["Fruit", "Choose.", "- one", "Which?", "q1: Apple | Pear"]);
    assert_eq!(pairs(&item), [("Note", "all ripe")]);
}

#[test]
fn what_is_no_question_says_so() {
    assert!(read("").problem.unwrap().contains("no question"));
    assert!(read("<a/>").problem.unwrap().contains("neither"));
    assert!(read("<HTMLQuestion><HTMLContent>half").text == ["half"]);
}

#[test]
fn hostile_html_takes_linear_time() {
    html(&"<table>".repeat(50_000));
    html(&"<a href=\"".repeat(2_000));
    html(&"<a href=x><p>t".repeat(50_000));
    html(&"<a x='>\"".repeat(50_001));
    html(&"<b>".repeat(100_000));
    html(&"</".repeat(50_000));
    html(&format!("<script>{}", "</scrip>".repeat(50_000)));
    html(&"<input type=radio name=a value=b>".repeat(10_000));
}

proptest! {
    #[test]
    fn no_html_makes_it_fail(content in "(<|>|/|&|;|=|\"|'|table|tr|td|th|dl|dt|dd|h1|<p>|label|b|input|select|option|type=radio|name|<!--|-->| |[ -~]|\\PC){0,80}") {
        read(&format!("<HTMLQuestion><HTMLContent><![CDATA[{content}]]></HTMLContent></HTMLQuestion>"));
    }
}

use super::*;
use rstest::rstest;

const SCHEMAS: &str = "http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/";

fn html(inner: &str) -> String {
    format!("<HTMLQuestion xmlns=\"{SCHEMAS}2011-11-11/HTMLQuestion.xsd\">{inner}</HTMLQuestion>")
}

fn external(url: &str) -> String {
    format!(
        "<ExternalQuestion xmlns=\"{SCHEMAS}2006-07-14/ExternalQuestion.xsd\">\n<ExternalURL>{url}</ExternalURL>\
         <FrameHeight>600</FrameHeight></ExternalQuestion>"
    )
}

const PAGE: &str = "<HTMLContent><![CDATA[<!DOCTYPE html><p>&nbsp;</p><crowd-form></crowd-form>]]></HTMLContent>";
const HEIGHT: &str = "<FrameHeight>0</FrameHeight>";

#[test]
fn the_three_kinds() {
    let read =
        read(&format!("\u{feff}<?xml version=\"1.0\"?>\n<!-- a -->{}\n", html(&format!("{PAGE} {HEIGHT}")))).unwrap();
    let Asked::Html { content, frame_height: 0 } = &read.value else { panic!("{read:?}") };
    assert!(content.starts_with("<!DOCTYPE html><p>&nbsp;"), "{content}");
    assert_eq!(read.warnings, []);
    let read = super::read(&external("https://h/p?a=1&amp;b=2")).unwrap();
    assert_eq!(read.value, Asked::External { url: "https://h/p?a=1&b=2".to_owned(), frame_height: 600 });
    for year in ["2005-10-01", "2017-11-06"] {
        let form = format!(
            "<q:QuestionForm xmlns:q='{SCHEMAS}{year}/QuestionForm.xsd' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' \
             xsi:schemaLocation='a b'><q:Overview><q:Text>x</q:Text></q:Overview></q:QuestionForm>"
        );
        assert!(matches!(super::read(&form).unwrap().value, Asked::Form(_)), "{year}");
    }
}

#[rstest]
#[case("https://example.org")]
#[case("HTTPS://user@example.org:8443/a?b#c")]
#[case("https://[2001:db8::1]/x")]
#[case("http://localhost:8000/task")]
#[case("http://127.0.0.1/")]
#[case("http://[::1]:3000/")]
fn addresses_that_pass(#[case] url: &str) {
    super::read(&external(url)).unwrap();
}

#[rstest]
#[case("", "must begin with https://")]
#[case("http://example.org/", "must begin with https://")]
#[case("http://127.example.org/", "must begin with https://")]
#[case("http://localhost.example.org/", "must begin with https://")]
#[case("http://localhost@example.org/", "must begin with https://")]
#[case("javascript:alert(1)", "must begin with https://")]
#[case("//example.org/", "must begin with https://")]
#[case("https://", "must name a host")]
#[case("https:///path", "must name a host")]
#[case("https://a b/", "without blanks")]
#[case("https://a\\b/", "without blanks")]
fn addresses_that_do_not(#[case] url: &str, #[case] why: &str) {
    let message = super::read(&external(url)).unwrap_err().to_string();
    assert!(message.starts_with("line 2, column 1: <ExternalURL>") && message.contains(why), "{message}");
}

#[rstest]
#[case(String::new(), "line 1, column 1: The document has no element.")]
#[case("hello".into(), "text outside")]
#[case("<a/>".into(), "not one of: HTMLQuestion, ExternalQuestion, QuestionForm")]
#[case(html("<HTMLContent>"), "column 129: This is not well-formed XML: expected `</HTMLContent>`")]
#[case(html("<HTMLContent>x"), "not well-formed")]
#[case(html("<a></b>"), "not well-formed")]
#[case("<HTMLQuestion></HTMLQuestion>".into(), "namespace \"\"")]
#[case(format!("<HTMLQuestion xmlns:tns='{SCHEMAS}2011-11-11/HTMLQuestion.xsd'/>"), "namespace \"\"")]
#[case(format!("<HTMLQuestion xmlns='{SCHEMAS}2012-01-01/HTMLQuestion.xsd'/>"), "expected http")]
#[case(format!("{0}{0}", html(&format!("{PAGE}{HEIGHT}"))), "second root")]
#[case(format!("<!DOCTYPE a [<!ENTITY b 'c'>]>{}", html("")), "document type")]
#[case(html(&"<a>".repeat(300)), "deeper than 256")]
#[case(html(&"x".repeat(70_000)), "at most 65535")]
#[case(html(HEIGHT), "<HTMLQuestion> needs a <HTMLContent>.")]
#[case(html(PAGE), "<HTMLQuestion> needs a <FrameHeight>.")]
#[case(html(&format!("{HEIGHT}{PAGE}")), "<HTMLContent> must stand before <FrameHeight>")]
#[case(html(&format!("{PAGE}{HEIGHT}{HEIGHT}")), "<FrameHeight> stands here once too often")]
#[case(html(&format!("{PAGE}<FrameHeight>-1</FrameHeight>")), "<FrameHeight> must be a whole number of pixels")]
#[case(html(&format!("<HTMLContent> </HTMLContent>{HEIGHT}")), "<HTMLContent> is empty.")]
#[case(html(&format!("<HTMLContent><p>x</p></HTMLContent>{HEIGHT}")), "write markup as CDATA")]
#[case(html(&format!("<HTMLContent>&nbsp;</HTMLContent>{HEIGHT}")), "&nbsp; is not defined in XML")]
#[case(html(&format!("<HTMLContent>\u{1}</HTMLContent>{HEIGHT}")), "U+0001 is not allowed")]
fn what_is_no_question(#[case] text: String, #[case] why: &str) {
    let message = read(&text).unwrap_err().to_string();
    assert!(message.starts_with("line 1, ") && message.contains(why), "{message:?} should say {why:?}");
}

use super::*;
use rstest::rstest;

#[test]
fn names_spaces_values_and_places() {
    let root = parse(
        "<a xmlns='u' xmlns:p='v' p:x='1 &lt; &#50;'>t<b y=\"&quot;\"/>&amp;<![CDATA[<c>]]></a >\n",
        Kind::Document,
    )
    .unwrap();
    assert_eq!((root.name, root.space.as_deref(), root.at), ("a", Some("u"), 0));
    let x = &root.attributes[0];
    assert_eq!((x.name, x.space.as_deref(), x.value.as_str(), x.at), ("p:x", Some("v"), "1 < 2", 25));
    let b = &root.children[0];
    assert_eq!((b.name, b.space.as_deref(), b.attributes[0].value.as_str()), ("b", Some("u"), "\""));
    assert_eq!(root.text.value, "t&<c>");
    let source: Vec<usize> = (0..5).map(|at| root.text.source(at)).collect();
    assert_eq!(source, [44, 60, 74, 75, 76], "where t, &amp; and the inside of the CDATA stand");
}

#[test]
fn a_namespace_ends_with_its_element() {
    let root = parse("<a><b xmlns='u'><c xmlns=''/></b><d/></a>", Kind::Document).unwrap();
    let spaces: Vec<_> = root.children.iter().map(|child| child.space.as_deref()).collect();
    assert_eq!(spaces, [Some("u"), None]);
    assert_eq!(root.children[0].children[0].space, None);
}

#[rstest]
#[case("", 0, "no element")]
#[case("<a>", 3, "")]
#[case("<a", 0, "not well-formed")]
#[case("<a>]]></a>", 3, "\"]]>\" must not stand in text")]
#[case("<a b='1' b='2'/>", 9, "stands twice")]
#[case("<a b='1'c='2'/>", 8, "A blank must stand before an attribute.")]
#[case("<a b=1/>", 3, "must stand in quotes")]
#[case("<a b/>", 3, "name=\"value\"")]
#[case("<a b='<'/>", 3, "\"<\" must not stand in the value")]
#[case("<a b='&'/>", 3, "\"&\" must be written \"&amp;\".")]
#[case("<a b='&nbsp;'/>", 3, "&nbsp; is not defined in XML")]
#[case("<a>&#0;</a>", 3, "&#0; is no character")]
#[case("<a>&#xFFFF;</a>", 3, "no character")]
#[case("<a>&lol9;</a>", 3, "&lol9; is not defined")]
#[case("<a>a & b</a>", 5, "not well-formed")]
#[case("<a><!-- a -- b --></a>", 3, "")]
#[case("<p:a/>", 0, "The prefix \"p\" has no namespace")]
#[case("<a p:b='1'/>", 3, "The prefix \"p\" has no namespace")]
#[case("<a/> x", 5, "text outside")]
#[case("<a/>&#32;", 4, "text outside")]
#[case("<a/><![CDATA[ ]]>", 4, "text outside")]
#[case("<a/><b/>", 4, "second root element <b>")]
#[case("<a/><?xml version='1.0'?>", 4, "XML declaration")]
#[case("<!DOCTYPE a><a/>", 0, "document type")]
#[case("<a>\u{fffe}</a>", 3, "U+FFFE")]
fn what_xml_forbids(#[case] source: &str, #[case] at: usize, #[case] why: &str) {
    let wrong = parse(source, Kind::Document).unwrap_err();
    assert!(wrong.words.contains(why), "{wrong:?} should say {why:?}");
    if !why.is_empty() && why != "not well-formed" {
        assert_eq!(wrong.offset, at, "{wrong:?}");
    }
}

#[test]
fn floods_are_cut_off() {
    let why = |source: String| parse(&source, Kind::Document).unwrap_err().words;
    assert!(why("<a>".repeat(1_000_000)).contains("nested deeper"));
    assert!(why(format!("<a>{}</a>", "<b/>".repeat(2_000_000))).contains("more than 100000 elements"));
    let attributes: String = (0..100_000).map(|n| format!(" a{n}=''")).collect();
    assert!(why(format!("<a{attributes}/>")).contains("more than 64 attributes"));
    let spaces: String = (0..60).map(|n| format!(" xmlns:a{n}='u'")).collect();
    assert!(why(format!("<a{spaces}>").repeat(200)).contains("namespaces are declared"));
}

use super::*;
use rstest::rstest;

fn form_text(inner: &str) -> String {
    format!(
        "<QuestionForm xmlns=\"http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2017-11-06/\
         QuestionForm.xsd\">\n{inner}</QuestionForm>"
    )
}

/// A form of one question with this answer.
fn asking(answer: &str) -> String {
    form_text(&format!(
        "<Question><QuestionIdentifier>q</QuestionIdentifier><QuestionContent><Text>?</Text></QuestionContent>\n\
         <AnswerSpecification>{answer}</AnswerSpecification></Question>"
    ))
}

fn selecting(before: &str, selections: &str) -> String {
    asking(&format!("<SelectionAnswer>{before}<Selections>{selections}</Selections></SelectionAnswer>"))
}

const A: &str = "<Selection><SelectionIdentifier>a</SelectionIdentifier><Text>A</Text></Selection>";
const B: &str = "<Selection><SelectionIdentifier>b</SelectionIdentifier><Text>B</Text></Selection>";

/// The example that Amazon documents, with a second overview and all that it leaves out.
const DOCUMENTED: &str = r#"
  <Overview>
    <Title>Game 01523, "X" to play</Title>
    <Text>
      You are helping to decide the next move.
    </Text>
    <Binary>
      <MimeType><Type>image</Type><SubType>gif</SubType></MimeType>
      <DataURL>http://tictactoe.amazon.com/game/01523/board.gif</DataURL>
      <AltText>The game board, with "X" to move.</AltText>
    </Binary>
  </Overview>
  <Question>
    <QuestionIdentifier>nextmove</QuestionIdentifier>
    <DisplayName>The Next Move</DisplayName>
    <IsRequired>true</IsRequired>
    <QuestionContent>
      <Text>What are the coordinates of the best move?</Text>
      <List><ListItem>It must be a valid move.</ListItem><ListItem>"X" cannot resign.</ListItem></List>
      <FormattedContent><![CDATA[<p>Think <b>twice</b>.</p>]]></FormattedContent>
      <EmbeddedBinary>
        <EmbeddedMimeType><Type>video</Type></EmbeddedMimeType>
        <DataURL>https://h/v.mp4</DataURL><AltText>v</AltText><Width>400</Width><Height>300</Height>
        <ApplicationParameter><Name>game_id</Name><Value>01523</Value></ApplicationParameter>
      </EmbeddedBinary>
    </QuestionContent>
    <AnswerSpecification>
      <FreeTextAnswer>
        <Constraints>
          <IsNumeric minValue="-1" maxValue="9"/>
          <Length minLength="2" maxLength="2"></Length>
          <AnswerFormatRegex regex="\S" errorText="The content cannot be blank."/>
          <AnswerFormatRegex regex="^[a-c][1-3]$" flags="i"/>
        </Constraints>
        <DefaultText>C1</DefaultText>
        <NumberOfLinesSuggestion>3</NumberOfLinesSuggestion>
      </FreeTextAnswer>
    </AnswerSpecification>
  </Question>
  <Overview><Text>Almost done.</Text></Overview>
  <Question>
    <QuestionIdentifier>likelytowin</QuestionIdentifier>
    <QuestionContent><Text>How likely is it?</Text></QuestionContent>
    <AnswerSpecification>
      <SelectionAnswer>
        <MinSelectionCount>0</MinSelectionCount>
        <MaxSelectionCount>2</MaxSelectionCount>
        <StyleSuggestion>checkbox</StyleSuggestion>
        <Selections>
          <Selection><SelectionIdentifier>notlikely</SelectionIdentifier><Text>Not likely</Text></Selection>
          <Selection><SelectionIdentifier>likely</SelectionIdentifier>
            <FormattedContent>&lt;i&gt;Likely&lt;/i&gt;</FormattedContent></Selection>
          <OtherSelection><NumberOfLinesSuggestion>1</NumberOfLinesSuggestion></OtherSelection>
        </Selections>
      </SelectionAnswer>
    </AnswerSpecification>
  </Question>
"#;

#[test]
fn the_whole_schema() {
    let read = read(&form_text(DOCUMENTED)).unwrap();
    assert_eq!(read.warnings, []);
    let form = read.value;
    assert!(matches!(
        form.parts.as_slice(),
        [Part::Overview(_), Part::Question(_), Part::Overview(_), Part::Question(_)]
    ));
    let Part::Overview(overview) = &form.parts[0] else { unreachable!("matched above") };
    assert_eq!(overview[1], Content::Text("You are helping to decide the next move.".to_owned()));
    let Content::Binary(medium) = &overview[2] else { panic!("{overview:?}") };
    assert_eq!((medium.kind.as_str(), medium.subtype.as_deref()), ("image", Some("gif")));

    let next = form.question("nextmove").unwrap();
    assert_eq!((next.display_name.as_deref(), next.is_required), (Some("The Next Move"), true));
    assert_eq!((next.place.line, next.place.column), (12 + 2, 3));
    assert_eq!(next.content[2], Content::Formatted("<p>Think <b>twice</b>.</p>".to_owned()));
    let Content::Embedded { width, parameters, .. } = &next.content[3] else { panic!("{:?}", next.content) };
    assert_eq!((width.as_str(), parameters.as_slice()), ("400", &[("game_id".to_owned(), "01523".to_owned())][..]));
    let AnswerSpecification::FreeText(field) = &next.answer else { panic!("{:?}", next.answer) };
    assert_eq!((field.numeric, field.min_length, field.max_length), (Some((Some(-1), Some(9))), Some(2), Some(2)));
    assert_eq!((field.default_text.as_deref(), field.lines), (Some("C1"), 3));
    let texts: Vec<_> = field.patterns.iter().map(|p| (p.error_text.as_str(), p.ignore_case)).collect();
    assert_eq!(texts, [("The content cannot be blank.", false), ("Invalid input supplied.", true)]);

    let likely = form.question("likelytowin").unwrap();
    assert!(!likely.is_required);
    let AnswerSpecification::Selection(selection) = &likely.answer else { panic!("{:?}", likely.answer) };
    assert_eq!((selection.min, selection.max, selection.style), (0, 2, Some(Style::CheckBox)));
    assert_eq!(selection.choices[1].label, Content::Formatted("<i>Likely</i>".to_owned()));
    assert!(selection.other.is_some());
}

#[test]
fn defaults() {
    let form = read(&selecting("", A)).unwrap().value;
    let AnswerSpecification::Selection(selection) = &form.questions().next().unwrap().answer else {
        panic!("{form:?}")
    };
    assert_eq!((selection.min, selection.max, selection.style), (1, 1, None));
    let form = read(&asking("<FreeTextAnswer/>")).unwrap().value;
    let AnswerSpecification::FreeText(field) = &form.questions().next().unwrap().answer else { panic!("{form:?}") };
    assert_eq!(field, &FreeText { lines: 1, ..FreeText::default() });
}

#[rstest]
#[case(
    asking(
        "<FileUploadAnswer><MaxFileSizeInBytes>3000000</MaxFileSizeInBytes><MinFileSizeInBytes>1000\
               </MinFileSizeInBytes></FileUploadAnswer>"
    ),
    "withdrawn"
)]
#[case(form_text("<Overview><Text>x</Text></Overview>"), "nothing to answer")]
#[case(asking("<FreeTextAnswer/>").replace("<Text>?</Text>", "<Text> </Text>"), "its content is empty")]
#[case(
    asking("<FreeTextAnswer><Constraints><AnswerFormatRegex regex='(?=a)'/></Constraints></FreeTextAnswer>"),
    "look-around is not supported"
)]
fn what_is_doubtful_passes(#[case] form: String, #[case] why: &str) {
    let warnings = read(&form).unwrap().warnings;
    assert!(warnings.len() == 1 && warnings[0].words.contains(why), "{warnings:?} should say {why:?}");
}

#[rstest]
#[case(form_text(""), "line 1, column 1: <QuestionForm> needs a <Question>.")]
#[case(form_text("text"), "line 2, column 1: Text is not allowed directly in <QuestionForm>.")]
#[case(form_text("<Intro/>"), "line 2, column 1: <Intro> is not allowed in <QuestionForm>")]
#[case(form_text("<Overview/>"), "<Overview> needs a <Title>, <Text>")]
#[case(form_text("<Question/>"), "<Question> needs a <QuestionContent>.")]
#[case(form_text("<Overview><b>x</b></Overview>"), "line 2, column 11: <b> is no kind of content.")]
#[case(form_text("<Overview><Text><b>x</b></Text></Overview>"), "<Text> holds text only, but <b> stands in it")]
#[case(form_text("<Overview><Application/></Overview>"), "withdrawn on 2017-12-12")]
#[case(form_text("<Overview><List/></Overview>"), "<List> needs a <ListItem>.")]
#[case(form_text("<Overview kind='x'><Text/></Overview>"), "line 2, column 11: <Overview> has no attribute kind.")]
#[case(form_text("<Overview><Text xmlns='urn:x'>a</Text></Overview>"), "namespace \"urn:x\"")]
#[case(form_text(DOCUMENTED).replace("http://tictactoe", "ftp://tictactoe"), "<DataURL> must begin with http")]
#[case(form_text(DOCUMENTED).replace(">image<", ">text<"), "<Type> must be image, audio or video, not \"text\".")]
#[case(form_text(DOCUMENTED).replace("<Width>400</Width>", ""), "<EmbeddedBinary> needs a <Width>.")]
#[case(form_text(DOCUMENTED).replace("<Value>01523</Value>", ""), "<ApplicationParameter> needs a <Value>.")]
#[case(form_text(DOCUMENTED).replace("<AltText>The game board, with \"X\" to move.</AltText>", ""), "needs a <AltText>")]
#[case(form_text(DOCUMENTED).replace("<IsRequired>true", "<IsRequired>yes"), "must be true or false, not \"yes\".")]
#[case(form_text(DOCUMENTED).replace("likelytowin", "nextmove"), "line 43, column 5: The QuestionIdentifier \"nextmove\" is used twice.")]
#[case(form_text(DOCUMENTED).replace("<b>twice", "<div>twice"), "Formatted content:")]
#[case(asking(""), "line 3, column 1: <AnswerSpecification> needs a <FreeTextAnswer>")]
#[case(asking("<FreeTextAnswer/><FreeTextAnswer/>"), "holds one")]
#[case(asking("<Guess/>"), "<Guess> is no kind of answer")]
#[case(
    asking("<FreeTextAnswer><DefaultText/><Constraints/></FreeTextAnswer>"),
    "<Constraints> must stand before <DefaultText>"
)]
#[case(
    asking("<FreeTextAnswer><Constraints><Length minLength='5' maxLength='2'/></Constraints></FreeTextAnswer>"),
    "minLength is 5, but maxLength is 2."
)]
#[case(
    asking("<FreeTextAnswer><Constraints><Length maxLength='0'/></Constraints></FreeTextAnswer>"),
    "maxLength must be a whole number from 1, not 0."
)]
#[case(
    asking("<FreeTextAnswer><Constraints><IsNumeric minValue='x'/></Constraints></FreeTextAnswer>"),
    "minValue must be a whole number of at most 32 bits, not \"x\"."
)]
#[case(
    asking("<FreeTextAnswer><Constraints><IsNumeric minValue='2' maxValue='1'/></Constraints></FreeTextAnswer>"),
    "minValue is 2, but maxValue is 1."
)]
#[case(
    asking("<FreeTextAnswer><Constraints><AnswerFormatRegex/></Constraints></FreeTextAnswer>"),
    "needs the attribute regex"
)]
#[case(
    asking("<FreeTextAnswer><Constraints><AnswerFormatRegex regex='a' flags='g'/></Constraints></FreeTextAnswer>"),
    "flags can only be \"i\", not \"g\"."
)]
#[case(
    asking("<FreeTextAnswer><NumberOfLinesSuggestion>0</NumberOfLinesSuggestion></FreeTextAnswer>"),
    "must be a whole number from 1, not 0."
)]
#[case(
    asking(
        "<FileUploadAnswer><MaxFileSizeInBytes>2000000001</MaxFileSizeInBytes><MinFileSizeInBytes>1</MinFileSizeInBytes></FileUploadAnswer>"
    ),
    "2000000000 at most"
)]
#[case(selecting("", ""), "<Selections> needs a <Selection>.")]
#[case(selecting("", &format!("{A}{A}")), "The SelectionIdentifier \"a\" is used twice.")]
#[case(
    selecting("", "<Selection><SelectionIdentifier>a</SelectionIdentifier></Selection>"),
    "needs a <Text>, <FormattedContent> or <Binary>."
)]
#[case(selecting("<MinSelectionCount>2</MinSelectionCount>", &format!("{A}{B}")), "MinSelectionCount is 2, but MaxSelectionCount is 1.")]
#[case(selecting("<MinSelectionCount>3</MinSelectionCount><MaxSelectionCount>3</MaxSelectionCount>", &format!("{A}{B}")), "there are 2 selections only")]
#[case(selecting("<MaxSelectionCount>2</MaxSelectionCount><StyleSuggestion>radiobutton</StyleSuggestion>", &format!("{A}{B}")), "A radiobutton takes one selection, but MaxSelectionCount is 2.")]
#[case(selecting("<MaxSelectionCount>2</MaxSelectionCount><StyleSuggestion>dropdown</StyleSuggestion>", &format!("{A}{B}")), "A dropdown takes one")]
#[case(selecting("<StyleSuggestion>slider</StyleSuggestion>", A), "must be one of radiobutton")]
#[case(selecting("", &format!("<OtherSelection/>{A}")), "<Selection> stands here once too often or too late in <Selections>.")]
fn what_the_schema_refuses(#[case] form: String, #[case] why: &str) {
    let faults = read(&form).unwrap_err();
    assert!(faults.iter().any(|fault| fault.to_string().contains(why)), "{faults} should say {why:?}");
}

#[test]
fn everything_wrong_is_named_at_once_in_order() {
    let faults = read(&form_text("<Question><DisplayName/></Question>\n<Odd/>\n<Question/>")).unwrap_err();
    let lines: Vec<u32> = faults.iter().map(|fault| fault.place.line).collect();
    assert_eq!(lines, [2, 2, 2, 3, 4, 4, 4]);
}

#[test]
fn qualification_tests() {
    let text = asking("<FreeTextAnswer/>");
    assert!(read_test(&text, false).is_ok());
    assert!(read_test(&text, true).unwrap_err().to_string().contains("line 2, column 1: A test with an answer key"));
    let other = selecting("", &format!("{A}<OtherSelection/>"));
    assert!(read_test(&other, false).is_ok());
    assert!(read_test(&other, true).unwrap_err().to_string().contains("OtherSelection"));
    assert!(read_test(&selecting("", A), true).is_ok());
    let upload = "<FileUploadAnswer><MaxFileSizeInBytes>2</MaxFileSizeInBytes><MinFileSizeInBytes>1</MinFileSizeInBytes>\
                  </FileUploadAnswer>";
    assert!(read_test(&asking(upload), false).unwrap_err().to_string().contains("cannot ask for a file"));
    let html = crate::question::write::html_question("<p>");
    assert!(read_test(&html, false).unwrap_err().to_string().contains("<HTMLQuestion> is not one of: QuestionForm."));
}

use super::*;

fn read(text: &[u8]) -> Result<Vec<ResultRow>, BatchError> {
    Reader::new(text)?.collect()
}

fn fails(text: &[u8]) -> String {
    read(text).unwrap_err().to_string()
}

const HEAD: &str = "HITId,AssignmentId,WorkerId,Input.a,Answer.b\n";

fn with(rows: &str) -> Vec<u8> {
    format!("{HEAD}{rows}").into_bytes()
}

#[test]
fn a_full_file_is_read() {
    let file = include_bytes!("../../../tests/data/batch_results.csv");
    let rows = read(file).unwrap();
    assert_eq!(rows.len(), 4);
    let first = &rows[0];
    assert_eq!(first.row, 2);
    assert_eq!(first.hit.as_str(), "3HITAAAAAAAAAAAAAAAAAAAAAAAAA1");
    assert_eq!((first.reward, first.max_assignments), (Some(Usd::cents(5)), Some(2)));
    assert_eq!(first.duration, Some(Seconds(600)));
    assert_eq!(first.submitted.unwrap() - first.accepted.unwrap(), Seconds(42));
    assert_eq!(first.work_time, Some(Seconds(42)));
    assert_eq!(first.status, AssignmentStatus::Submitted);
    assert_eq!(&*first.inputs[0].0, "text");
    assert_eq!(first.inputs[0].1, "A quick, \"brown\" fox\nover two lines");
    assert_eq!(
        first.answers.iter().map(|(name, value)| (&**name, value.as_str())).collect::<Vec<_>>(),
        [("label", "yes"), ("note", "fine, thanks")]
    );
    assert_eq!(rows[1].status, AssignmentStatus::Approved);
    assert!(rows[1].approved.is_some());
    assert_eq!((rows[2].status, rows[2].feedback.as_str()), (AssignmentStatus::Rejected, "empty answer"));
    assert_eq!(rows[3].approve.to_ascii_lowercase(), "x");
    assert_eq!(rows[3].reject, "");
}

#[test]
fn missing_columns_are_normal() {
    let rows = read(&with("3H,3A,A1,x,y\n")).unwrap();
    let row = &rows[0];
    assert_eq!((row.accepted, row.submitted, row.reward, row.hit_type.as_ref()), (None, None, None, None));
    assert_eq!((row.status, row.title.as_str()), (AssignmentStatus::Submitted, ""));
    let decided = read(b"HITId,AssignmentId,WorkerId,RejectionTime\n3H,3A,A1,Tue Jan 23 12:27:02 PST 2018\n").unwrap();
    assert_eq!(decided[0].status, AssignmentStatus::Rejected);
}

#[test]
fn line_ends_marks_and_blank_rows_do_not_matter() {
    let text = b"\xef\xbb\xbf\"HITId\",\"AssignmentId\",\"WorkerId\"\r\n3H,3A,A1\r\n,,\r\n\r\n3H,3B,A2";
    let rows = read(text).unwrap();
    assert_eq!(rows.iter().map(|row| row.row).collect::<Vec<_>>(), [2, 4]);
}

#[test]
fn what_is_no_batch_results_file_is_named() {
    for (text, part) in [
        (&b""[..], "it is empty"),
        (b"\xff\xfeH\0I\0", "UTF-16"),
        (b"H\0I\0T\0", "UTF-16"),
        (b"PK\x03\x04....", "Excel workbook"),
        (b"\x1f\x8b\x08\0", "gunzip"),
        (b"<!DOCTYPE html>", "HTML"),
        (b"hitid\thittypeid\ttitle\n", "separated by tabs"),
        (b"name,value\n1,2\n", "column HITId is missing (this file begins with the columns name, value)"),
        (b"HITId,AssignmentId,WorkerId,Input.a,Input.a\n", "column Input.a is there twice"),
        (b"HITId,\xe4\n", "row 1 (line 1), column number 2: the text is not UTF-8"),
    ] {
        let error = fails(text);
        assert!(error.contains(part), "{error}");
    }
}

#[test]
fn errors_name_row_and_column() {
    for (rows, part) in [
        ("3H,3A,A1,x,y\n3H,3B\n", "row 3 (line 3) has 2 cells where the header has 5"),
        ("3H,3A,A1,x,y,z\n", "row 2 (line 2) has 6 cells"),
        ("3H,3A,A1,\"x\ny\",z\n3H,3A,A2,x,y\n", "row 3 (line 4), column AssignmentId: 3A is there twice"),
        ("3H,3A,B1,x,y\n", "row 2 (line 2), column WorkerId: \"B1\" is not a worker ID"),
        ("3H,3A,A1,x,y\n3H,3B,A1,x,\"y\n3H,3C,A1,x,y", "row 3 (line 3), column Answer.b: a quote opens here and never"),
        ("3H,3A,A1,x,y\n3H,3B,A1,\"x\"s,y\n", "row 3 (line 3), column Input.a: text stands behind the closing"),
        ("3H,,A1,x,y\n", "row 2 (line 2), column AssignmentId: the cell is empty"),
    ] {
        let error = fails(&with(rows));
        assert!(error.contains(part), "{error}");
        let error = fails(format!("{HEAD}{rows}").replace('\n', "\r\n").as_bytes());
        assert!(error.contains(part), "with CRLF: {error}");
    }
    let windows = String::from_utf8(with("3H,3A,A1,\"x\ny\",z\n3H,3A,A2,x,y\n")).unwrap().replace('\n', "\r\n");
    assert!(fails(windows.as_bytes()).starts_with("row 3 (line 4)"), "{}", fails(windows.as_bytes()));
    let error = fails(&[HEAD.as_bytes(), b"3H,3A,A1,caf\xe9,y\n"].concat());
    assert!(error.starts_with("row 2 (line 2), column Input.a: the text is not UTF-8"), "{error}");
    for (column, cell, part) in [
        ("Reward", "five", "is not an amount such as $0.05"),
        ("SubmitTime", "yesterday", "is not a time such as"),
        ("AssignmentStatus", "Done", "one of Submitted, Approved, Rejected"),
        ("MaxAssignments", "0", "is not a whole number"),
    ] {
        let error = fails(format!("HITId,AssignmentId,WorkerId,{column}\n3H,3A,A1,{cell}\n").as_bytes());
        assert!(error.contains(part) && error.contains(column), "{error}");
    }
}

#[test]
fn reading_goes_on_behind_a_bad_row() {
    let text = with("3H,3A,A1,x,y\nbad\n3H,3B,A1,x,y\n");
    let rows: Vec<_> = Reader::new(text.as_slice()).unwrap().map(|row| row.is_ok()).collect();
    assert_eq!(rows, [true, false, true]);
}

#[test]
fn times_are_pacific_or_iso() {
    assert_eq!(parse_time("Tue Jan 23 12:27:02 PST 2018"), Some(Time(1_516_739_222)));
    assert_eq!(parse_time("Mon Jul 23 12:27:02 PDT 2018"), Some(Time(1_532_374_022)));
    assert_eq!(parse_time("2018-01-23T20:27:02Z"), Some(Time(1_516_739_222)));
    for text in ["", "Tue Jan 32 12:27:02 PST 2018", "Tue Jan 23 12:27 PST 2018", "Tue Jan 23 12:27:02 XYZ 2018"] {
        assert_eq!(parse_time(text), None, "{text}");
    }
}

/// A file of any size that is never in memory.
struct Endless {
    head: std::io::Cursor<Vec<u8>>,
    row: u64,
    rows: u64,
}

impl std::io::Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.head.read(buffer)?;
        if count > 0 || self.row == self.rows {
            return Ok(count);
        }
        self.row += 1;
        let row = format!("3H{},3A{},A1,{},y\n", self.row / 10, self.row, "x".repeat(900));
        self.head = std::io::Cursor::new(row.into_bytes());
        self.head.read(buffer)
    }
}

#[test]
fn long_files_stream_and_an_unclosed_quote_ends_early() {
    let head = std::io::Cursor::new(HEAD.as_bytes().to_vec());
    let file = Reader::new(Endless { head, row: 0, rows: 20_000 }).unwrap();
    assert_eq!(file.filter(Result::is_ok).count(), 20_000);
    let text = [HEAD.as_bytes(), b"3H,3A,A1,\"x".to_vec().as_slice()].concat();
    let mut endless = Reader::new(std::io::Read::chain(text.as_slice(), std::io::repeat(b'z'))).unwrap();
    let error = endless.next().unwrap().unwrap_err().to_string();
    assert!(error.contains("row 2 (line 2)") && error.contains("never closed"), "{error}");
    assert!(endless.next().is_none());
}

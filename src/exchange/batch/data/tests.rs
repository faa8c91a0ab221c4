use super::*;
use rstest::rstest;

fn rows(table: &Table) -> Vec<Vec<&str>> {
    table.rows.iter().map(|row| row.iter().map(String::as_str).collect()).collect()
}

fn wrong(file: &str, bytes: &[u8]) -> String {
    read(file, bytes).unwrap_err().to_string()
}

#[test]
fn csv_of_every_dialect_is_the_same_table() {
    let expected = [vec!["Rome, Italy", "a \"b\"\nc"], vec!["", "x"]];
    for text in [
        "city,note\n\"Rome, Italy\",\"a \"\"b\"\"\nc\"\n,x\n",
        "\u{feff}city,note\r\n\"Rome, Italy\",\"a \"\"b\"\"\nc\"\r\n,x\r\n,\r\n\r\n",
        "city\tnote\nRome, Italy\t\"a \"\"b\"\"\nc\"\n\tx",
        "city;note\nRome, Italy;\"a \"\"b\"\"\nc\"\n;x",
    ] {
        let table = read("items.csv", text.as_bytes()).unwrap();
        assert_eq!(table.columns, ["city", "note"]);
        assert_eq!(rows(&table), expected, "{text:?}");
        assert_eq!(table.lines, [2, 4], "{text:?}");
    }
}

#[test]
fn json_lines_are_a_table() {
    let text = "{\"city\":\"Rome\",\"n\":2.50,\"tags\":[\"a\",1]}\n\n{\"n\":null,\"tags\":true,\"city\":\"Bonn\"}\n";
    for file in ["items.jsonl", "items"] {
        let table = read(file, text.as_bytes()).unwrap();
        assert_eq!(table.columns, ["city", "n", "tags"]);
        assert_eq!(rows(&table), [vec!["Rome", "2.5", "[\"a\",1]"], vec!["Bonn", "", "true"]]);
        assert_eq!(table.lines, [1, 3]);
    }
}

#[rstest]
#[case("a,b\n1,2\n3\n", "i.csv: row 2 (line 3): 1 cell, but the header has 2 columns")]
#[case("a,b\n1,2,3\n", "i.csv: row 1 (line 2): 3 cells, but the header has 2 columns")]
#[case("a,a\n1,2\n", "i.csv: two columns are called \"a\": which of them would be ${a}?")]
#[case("a,\n1,2\n", "i.csv: column 2 of the header has no name")]
#[case("", "i.csv: it is empty: the first line must name the columns")]
#[case("\n\n", "i.csv: it is empty")]
#[case("a\nx\u{1}y\n", "i.csv: row 1 (line 2), column \"a\": the character U+0001 is not allowed")]
#[case("id,t\n1,a\n2,\"never\n3,b\n", "i.csv: row 2 (line 3), column \"t\": a quote opens here and never closes")]
#[case("id,t\r\n\r\n1,\"abc\r\n2,d\r\n3,e", "i.csv: row 1 (line 3), column \"t\": a quote opens here and never closes")]
#[case("id,t\n,\n1,\"x\ny\"\n2,\"x\"y\n", "i.csv: row 2 (line 5), column \"t\": text stands behind the closing quote")]
#[case("id,\"t\n1,a\n", "i.csv: column \"2\": a quote opens here and never closes")]
fn a_bad_table_is_named_by_row_and_column(#[case] text: &str, #[case] expected: &str) {
    let words = wrong("i.csv", text.as_bytes());
    assert!(words.contains(expected), "{words}");
}

#[rstest]
#[case("{\"a\":1}\n{\"a\":1,\"b\":2}\n", "i.jsonl: row 2 (line 2), column \"b\": the first row has no such key")]
#[case("{\"a\":1,\"b\":2}\n\n{\"a\":1}\n", "i.jsonl: row 2 (line 3), column \"b\": it is missing here")]
#[case("{\"a\":1}\n{\"a\":\n", "i.jsonl: row 2 (line 2): no JSON: EOF")]
#[case("[{\"a\":1}]\n", "i.jsonl: row 1 (line 1): a list")]
#[case("[\n{\"a\":1},\n", "i.jsonl: row 1 (line 1): a list")]
#[case("{\"a\":1,\"b\":2,\"a\":3}\n", "i.jsonl: row 1 (line 1), column \"a\": this key stands here twice")]
#[case("7\n", "i.jsonl: row 1 (line 1): not an object")]
#[case("", "i.jsonl: it is empty: each line must hold one object")]
fn bad_json_lines_are_named(#[case] text: &str, #[case] expected: &str) {
    let words = wrong("i.jsonl", text.as_bytes());
    assert!(words.contains(expected), "{words}");
}

#[test]
fn other_encodings_are_told_from_utf_8() {
    assert!(wrong("i.csv", b"\xff\xfea\x00").contains("i.csv: it is written in UTF-16: save it as UTF-8"));
    let words = wrong("i.csv", "name\nBonn\nK\u{f6}ln\n".chars().map(|c| c as u8).collect::<Vec<_>>().as_slice());
    assert!(words.contains("i.csv: line 3, character 2: the byte 0xf6 is no UTF-8"), "{words}");
}

#[test]
fn a_quote_that_never_closes_is_found_by_what_it_swallows() {
    let rest: String = (0..20_000).map(|n| format!("{n},x\n")).collect();
    let words = wrong("i.csv", format!("a,b\n1,\"x\n{rest}").as_bytes());
    assert!(
        words
            == "i.csv: row 1 (line 2), column \"b\": a quote opens here and never closes: it swallows the rest of the \
                  file (20001 lines)",
        "{words}"
    );
}

#[test]
fn no_more_faults_are_named_than_can_be_read() {
    let words = wrong("i.csv", format!("a,b\n{}", "1\n".repeat(1_000)).as_bytes());
    assert_eq!(words.lines().count(), 21);
    assert!(words.ends_with("i.csv: and more"));
}

#[test]
fn a_table_that_is_too_long_says_so() {
    let words = wrong("i.csv", format!("a\n{}", "x\n".repeat(MOST_ROWS + 5)).as_bytes());
    assert!(words.contains("more than 250000 rows"), "{words}");
    assert_eq!(read("i.csv", format!("a\n{}", "x\n".repeat(MOST_ROWS)).as_bytes()).unwrap().rows.len(), MOST_ROWS);
}

#[test]
fn the_column_of_an_earlier_failure_is_no_data() {
    let table = read("i.csv", b"a,hitdeck_error,b\n1,too long,2\n").unwrap();
    assert_eq!((table.columns.as_slice(), rows(&table)), (&["a".to_owned(), "b".to_owned()][..], vec![vec!["1", "2"]]));
}

#[test]
fn rows_that_failed_are_data_again() {
    for (file, text) in [
        ("i.csv", "a;b\n1;\"x;y\"\n2;\"l\n\"\"q\"\n3;ok\n"),
        ("i.jsonl", "{\"a\":1,\"b\":\"x;y\"}\n{\"a\":2,\"b\":\"l\\n\\\"q\"}\n{\"a\":3,\"b\":\"ok\"}\n"),
    ] {
        let table = read(file, text.as_bytes()).unwrap();
        let mut out = Vec::new();
        write_failed(&mut out, &table, &[(0, "too long".into()), (1, "=odd".into())]).unwrap();
        let text = String::from_utf8(out.clone()).unwrap();
        assert!(text.contains("hitdeck_error") && text.contains("too long"), "{text}");
        let again = read(file, &out).unwrap();
        assert_eq!(
            (again.columns, rows(&read(file, &out).unwrap())),
            (table.columns.clone(), rows(&table)[..2].to_vec())
        );
    }
}

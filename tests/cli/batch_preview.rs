//! A row as the worker will see it: as text, and as a page that shows which answers would come back.

use super::batch::write_batch;
use super::lab::Lab;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

/// The preview of a batch, served.
struct Preview {
    child: Child,
    host: String,
    path: String,
}

impl Preview {
    fn of(spec: &str, home: &std::path::Path) -> Preview {
        let mut child = Command::new(assert_cmd::cargo::cargo_bin("hitdeck"))
            .args(["batch", "preview", spec, "--serve"])
            .env_clear()
            .env("HOME", home)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let (host, path) = line.trim().strip_prefix("http://").unwrap().split_once('/').unwrap();
        Preview { host: host.to_owned(), path: format!("/{path}"), child }
    }

    /// A request, and the whole answer.
    fn ask(&self, method: &str, path: &str, form: &str) -> String {
        let mut stream = TcpStream::connect(&self.host).unwrap();
        let host = &self.host;
        let length = form.len();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {length}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\n\r\n{form}"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    fn get(&self, under: &str) -> String {
        self.ask("GET", &format!("{}{under}", self.path), "")
    }

    fn post(&self, under: &str, form: &str) -> String {
        self.ask("POST", &format!("{}{under}", self.path), form)
    }
}

impl Drop for Preview {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_row_is_shown_as_text() {
    let lab = Lab::empty();
    let spec = write_batch(&lab, "", "city\nRome\n\"Bo\u{202e}nn \u{1f1e9}\"\n");
    let (out, _) = lab.run(&["batch", "preview", &spec, "--row", "2"], 0);
    assert!(out.contains("row 2 of 2") && out.contains("Answers: country"), "{out}");
    assert!(!out.contains('\u{202e}'), "what turns text around is taken out: {out:?}");
    let (_, said) = lab.run(&["batch", "preview", &spec, "--row", "3"], 2);
    assert!(said.contains("--row 3") && said.contains("has 2 rows"), "{said}");
    let (_, said) = lab.run(&["batch", "preview", &spec, "--serve", "--listen", "0.0.0.0:0"], 2);
    assert!(said.contains("for this machine only"), "{said}");
}

#[test]
fn a_page_that_is_filled_in_shows_what_would_come_back() {
    let lab = Lab::empty();
    let spec = write_batch(&lab, "", "city\n<b>Rome</b>\n");
    let preview = Preview::of(&spec, lab.home.path());
    let outer = preview.get("");
    assert!(outer.contains("sandbox=\"allow-scripts allow-forms") && !outer.contains("allow-same-origin"), "{outer}");
    let entered = preview.get("/enter");
    assert!(
        entered.contains("/page?assignmentId=3PREVIEW") && entered.contains("turkSubmitTo=http%3A%2F%2F127.0.0.1"),
        "{entered}"
    );
    assert!(preview.get("/enter?unaccepted=true").contains("assignmentId=ASSIGNMENT_ID_NOT_AVAILABLE"));
    let page = preview.get("/page");
    let action = format!("action=\"http://{}{}/mturk/externalSubmit\"", preview.host, preview.path);
    assert!(page.contains("<b>Rome</b>") && page.contains(&action), "{page}");
    let back = preview.post("/mturk/externalSubmit", "assignmentId=3PREVIEW&country=It%3Ci%3E&country=aly&hitId=x");
    assert!(back.contains("Answer.country") && back.contains("It&lt;i&gt;|aly") && !back.contains("hitId"), "{back}");
    assert!(preview.post("/mturk/externalSubmit", "country=Italy").contains("the form sent no assignmentId"));
    let early = preview.post("/mturk/externalSubmit", "assignmentId=ASSIGNMENT_ID_NOT_AVAILABLE&country=x");
    assert!(early.contains("Nothing is handed in before accepting"), "{early}");
    // Who does not know the word in its address finds nothing.
    assert!(preview.ask("GET", "/1/page", "").starts_with("HTTP/1.1 404"));
    assert!(preview.ask("GET", "/0000000000000000/1", "").starts_with("HTTP/1.1 404"));
}

#[test]
fn a_question_form_is_shown_as_the_market_shows_it() {
    let lab = Lab::empty();
    let folder = lab.home.path().join("facts");
    let (out, _) = lab.run(&["batch", "new", "qualification", folder.to_str().unwrap()], 0);
    let preview = Preview::of(out.lines().next().unwrap(), lab.home.path());
    let page = preview.get("/page");
    assert!(page.contains("The harbour froze in January") && page.contains("/answers\""), "{page}");
    let missing = preview.post("/answers", "comment=nice");
    assert!(missing.contains("One answer is not complete yet"), "{missing}");
    let back = preview.post("/answers", "statement=first&comment=nice");
    assert!(back.contains("Answer.statement") && back.contains("first"), "{back}");
}

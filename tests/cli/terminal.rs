//! Questions, answered at a terminal as a person does.

use super::driver::Pty;
use super::lab::{HITS, Lab, WORKERS, assignment};

impl Lab {
    /// The program in a terminal.
    fn terminal(&self, arguments: &[&str], columns: u16) -> Pty {
        let home = self.home.path().to_str().unwrap();
        let variables = [
            ("HOME", home),
            ("USER", "ada"),
            ("LANG", "C.UTF-8"),
            ("AWS_ENDPOINT_URL_MTURK", &self.market.endpoint),
            ("AWS_ACCESS_KEY_ID", &self.market.access_key_id),
            ("AWS_SECRET_ACCESS_KEY", &self.market.secret_access_key),
        ];
        Pty::start(env!("CARGO_BIN_EXE_hitdeck"), arguments, &variables, columns, 40)
    }
}

#[test]
fn a_yes_goes_on_and_everything_else_does_not() {
    let lab = Lab::open();
    let approve = ["assignment", "approve", "--where", "worker:A1W0"];
    for no in ["\r", "n\r", "yep\r", "\x04"] {
        let mut pty = lab.terminal(&approve, 120);
        pty.wait_for("(play money)? [y/N]");
        pty.press(no.as_bytes());
        assert_eq!(pty.wait_for_end().exit_code(), 1, "{no:?}: {}", pty.screen());
        assert!(pty.screen().contains("nothing was decided"), "{}", pty.screen());
    }
    assert_eq!(lab.paid("reward"), Vec::<String>::new());
    let mut pty = lab.terminal(&approve, 120);
    pty.wait_for("[y/N]");
    pty.press(b"y\r");
    assert_eq!(pty.wait_for_end().exit_code(), 0, "{}", pty.screen());
    assert_eq!(lab.paid("reward").len(), HITS);
}

#[test]
fn a_mass_rejection_is_typed_out() {
    let lab = Lab::open();
    let reject = ["assignment", "reject", "--where", "batch:pilot", "--feedback", "Nonsense."];
    let words = format!("reject {}", HITS * WORKERS);
    for not in ["y\r", "reject\r", "\r"] {
        let mut pty = lab.terminal(&reject, 120);
        pty.wait_for(&format!("Type {words} to go on:"));
        pty.press(not.as_bytes());
        assert_eq!(pty.wait_for_end().exit_code(), 1, "{not:?}: {}", pty.screen());
    }
    assert_eq!(lab.status(&assignment(0, 0)), "Submitted");
    let mut pty = lab.terminal(&reject, 120);
    pty.wait_for("mass rejection");
    pty.wait_for("to go on:");
    pty.press(format!("{words}\r").as_bytes());
    assert_eq!(pty.wait_for_end().exit_code(), 0, "{}", pty.screen());
    assert_eq!(lab.status(&assignment(0, 0)), "Rejected");
}

#[test]
fn a_table_fits_its_terminal() {
    let lab = Lab::open();
    for columns in [60, 80, 120, 200] {
        let mut pty = lab.terminal(&["assignment", "list"], columns);
        assert_eq!(pty.wait_for_end().exit_code(), 0, "{}", pty.screen());
        let rows: Vec<String> = pty.terminal().rows(0, columns).filter(|row| !row.trim().is_empty()).collect();
        assert_eq!(rows.len(), 1 + HITS * WORKERS, "no line is broken: {}", pty.screen());
        assert!(rows[0].starts_with("ASSIGNMENT") && rows[0].contains("ANSWER"), "{}", rows[0]);
    }
}

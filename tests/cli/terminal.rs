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

#[test]
fn work_over_a_second_shows_how_far_it_is() {
    let lab = Lab::with(hitdeck::market::serve::Options {
        speed: 0.0,
        seed: 7,
        latency: std::time::Duration::from_millis(1_050),
        ..Default::default()
    });
    lab.import(&super::lab::work());
    let mut pty = lab.terminal(&["assignment", "approve", "--where", "batch:pilot", "--yes"], 120);
    assert_eq!(pty.wait_for_end().exit_code(), 0, "{}", pty.screen());
    let written = String::from_utf8_lossy(&pty.written).into_owned();
    assert!(written.contains("\rreading [") && written.contains(" of 4 HITs"), "{written}");
    assert!(written.contains("\rsending [") && written.contains("] 20 of 20 decisions"), "{written}");
    assert!(!pty.screen().contains("of 4 HITs"), "the bar is gone when the work is done:\n{}", pty.screen());
    // Into a file goes none of it.
    let (_, err) = lab.run(&["sync"], 0);
    assert!(!err.contains("HITs") && !err.contains('\r'), "{err}");
}

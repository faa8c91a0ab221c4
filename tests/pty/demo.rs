//! `hitdeck demo` with its options, on the smallest usual terminal.

use super::driver::Pty;
use super::{PROGRAM, Person};

/// How many rows are undecided, when the list is there.
fn undecided(screen: &str) -> Option<u32> {
    let at = |screen: &str| screen.split("[undecided ").nth(1)?.split(']').next()?.parse().ok();
    at(screen).filter(|_| screen.contains("a approve") && screen.lines().any(|line| line.starts_with('>')))
}

fn open(person: &Person, arguments: &[&str]) -> Pty {
    let mut pty = person.start(PROGRAM, arguments, 80, 24);
    pty.wait_until("all work, with the cursor on it", |screen| {
        undecided(&screen.contents()).is_some() && screen.contents().contains("as of")
    });
    pty
}

#[test]
fn the_first_work_is_on_the_screen_at_80x24() {
    let person = Person::at_home();
    let arguments = ["demo", "--hits", "12", "--workers", "6", "--seed", "3", "--speed", "0"];
    let mut pty = open(&person, &arguments);
    assert!(pty.screen().contains("play money"), "{}", pty.screen());
    pty.press(b"Q");
    assert_eq!(pty.wait_for_end().exit_code(), 0);
}

#[test]
fn a_kept_demo_goes_on_where_it_was() {
    let person = Person::at_home();
    let folder = person.home.path().join("kept");
    let folder = folder.to_str().expect("a path");
    let arguments = ["demo", "--hits", "12", "--workers", "6", "--seed", "3", "--speed", "0", "--keep", folder];
    let mut pty = open(&person, &arguments);
    pty.press(b"a$");
    pty.wait_until("its badge says that it was sent", |screen| {
        screen.contents().lines().any(|line| line.trim_start().starts_with("A "))
    });
    pty.press(b"Q");
    assert_eq!(pty.wait_for_end().exit_code(), 0, "{}", pty.screen());
    let mut again = open(&person, &arguments);
    again.press(b"/by:me\r");
    again.wait_until("what was decided before is there", |screen| screen.contents().contains("1 of 1"));
}

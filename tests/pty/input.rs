//! Keys that nobody meant: pastes, replies of the terminal.

use super::Person;
use std::time::Duration;

const LONG: usize = 10_000;

#[test]
fn a_bracketed_paste_into_the_list_decides_nothing() {
    let person = Person::at_home();
    let mut pty = person.desk();
    let text = "approve all of this, $ a r a a\n".repeat(LONG / 30);
    pty.press(&[b"\x1b[200~", text.as_bytes(), b"\x1b[201~"].concat());
    pty.wait_until("it says that it took no notice", |screen| screen.contents().contains("paste"));
    assert_nothing_decided(&mut pty);
}

#[test]
fn a_paste_without_brackets_into_the_list_decides_nothing() {
    let person = Person::at_home();
    let mut pty = person.desk();
    pty.press(&b"a $ratio of a thousand answers, approved "[..].repeat(LONG / 40));
    pty.wait_until("it asks", |screen| screen.contents().contains("paste"));
    while pty.observe(Duration::from_millis(300)) > 0 {}
    pty.press(b"\x1b");
    assert_nothing_decided(&mut pty);
}

#[test]
fn late_replies_of_a_terminal_are_no_keys() {
    let person = Person::at_home();
    let mut pty = person.desk();
    pty.press(b"\x1b[?62;22c\x1b]11;rgb:aaaa/aaaa/aaaa\x07\x1bP>|tmux 3.5a\x1b\\\x1b[12;40R");
    assert_nothing_decided(&mut pty);
}

#[track_caller]
fn assert_nothing_decided(pty: &mut super::Pty) {
    while pty.observe(Duration::from_millis(300)) > 0 {}
    let screen = pty.screen();
    assert!(!screen.contains("staged") && !screen.contains("sending in"), "{screen}");
    // Had anything been staged, leaving would ask about it.
    pty.press(b"q");
    assert_eq!(pty.wait_for_end().exit_code(), 0, "{}", pty.screen());
}

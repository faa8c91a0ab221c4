//! What the desk writes: the first frame, silence, other sizes.

use super::driver::forbidden;
use super::{Person, wait_for_work};
use std::time::Duration;

/// What can be read on a screen: blanks at the end of a line do not count.
fn text(screen: &vt100::Screen) -> Vec<String> {
    screen.contents().lines().map(|line| line.trim_end().to_owned()).collect()
}

#[test]
fn the_first_frame_comes_without_a_question_to_the_terminal() {
    let person = Person::at_home();
    let mut pty = person.desk();
    assert!(pty.terminal().alternate_screen());
    assert!(pty.terminal().bracketed_paste());
    pty.press(b"jjjj");
    pty.wait_until("the cursor has moved", |screen| screen.contents().contains("5 of "));
    for over in ["?", ":", "/"] {
        // The frame is there in full, and what the viewer shows of the row has come.
        while pty.observe(Duration::from_millis(100)) > 0 {}
        let before = text(pty.terminal());
        pty.press(over.as_bytes());
        pty.wait_until("something lies over the list", |screen| text(screen) != before);
        pty.press(b"\x1b");
        pty.wait_until("it is gone again", |screen| text(screen) == before);
    }
    pty.press(b"5");
    pty.wait_until("the Activity screen", |screen| !screen.contents().contains("auto-approves"));
    pty.press(b"1");
    wait_for_work(&mut pty);
    let before = pty.written.len();
    pty.press(b"\x0c");
    pty.wait_for_bytes(before, "\x1b[2J");
    pty.press(b"Q");
    assert_eq!(pty.wait_for_end().exit_code(), 0, "{}", pty.screen());
    assert_eq!(forbidden(&pty.written), Vec::<String>::new());
}

#[test]
fn an_idle_desk_writes_nothing_and_sleeps() {
    let person = Person::at_home();
    let mut pty = person.desk();
    let switches = |pid: u32| -> u64 {
        let tasks = std::fs::read_dir(format!("/proc/{pid}/task")).expect("Linux");
        let of = |task: std::io::Result<std::fs::DirEntry>| {
            let status = std::fs::read_to_string(task.ok()?.path().join("status")).ok()?;
            let line = status.lines().find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"))?;
            line.trim().parse::<u64>().ok()
        };
        tasks.filter_map(of).sum()
    };
    // Until what the start set off has come to rest.
    while pty.observe(Duration::from_millis(1_500)) > 0 {}
    let before = switches(pty.pid());
    assert_eq!(pty.observe(Duration::from_secs(4)), 0, "{}", pty.screen());
    let woken = switches(pty.pid()) - before;
    assert!(woken <= 8, "{woken} wake-ups in four idle seconds");
}

#[test]
fn every_size_is_drawn_and_the_same_size_repaints() {
    let person = Person::at_home();
    let mut pty = person.desk();
    for (columns, lines) in [(80, 24), (200, 60), (40, 10), (120, 40)] {
        let before = pty.written.len();
        pty.resize(columns, lines);
        // Whole, and down to the last line.
        pty.wait_for_bytes(before, "\x1b[2J");
        pty.wait_until("title and footer are there", |screen| {
            let rows: Vec<String> = screen.rows(0, columns).collect();
            rows[0].contains("demo") && rows[usize::from(lines) - 1].contains("help")
        });
    }
    pty.resize(30, 8);
    pty.wait_for("terminal too small");
    pty.resize(120, 40);
    wait_for_work(&mut pty);
    let before = pty.written.len();
    pty.signal("WINCH");
    pty.wait_for_bytes(before, "\x1b[2J");
    pty.wait_for_bytes(before, "\x1b[?2026l");
    assert!(pty.written.len() - before > 1_000, "a window change of the same size draws everything");
    assert_eq!(forbidden(&pty.written), Vec::<String>::new());
}

//! However the desk ends, the terminal is as it was and what was decided is kept.

use super::driver::{Pty, proc_status, wait_for};
use super::{DEMO, PROGRAM, Person, wait_for_work};

#[track_caller]
fn assert_restored(pty: &Pty) {
    let screen = pty.terminal();
    assert!(!screen.alternate_screen(), "the alternate screen is left");
    assert!(!screen.hide_cursor(), "the cursor is shown");
    assert!(!screen.bracketed_paste(), "bracketed paste is off");
    let text = String::from_utf8_lossy(&pty.written);
    assert!(text.ends_with("\x1b[23;2t"), "the title is put back last");
    assert_eq!(text.matches("\x1b[?1049h").count(), text.matches("\x1b[?1049l").count());
    assert_eq!(text.matches("\x1b[22;2t").count(), text.matches("\x1b[23;2t").count());
}

#[test]
fn leaving_gives_the_terminal_back() {
    let person = Person::at_home();
    let mut pty = person.desk();
    pty.press(b"Q");
    assert_eq!(pty.wait_for_end().exit_code(), 0);
    assert_restored(&pty);
}

#[test]
fn every_deadly_signal_is_an_orderly_end() {
    for (signal, code) in [("TERM", 143), ("INT", 130), ("QUIT", 131), ("ABRT", 134), ("HUP", 129)] {
        let person = Person::at_home();
        let mut pty = person.desk();
        pty.signal(signal);
        assert_eq!(pty.wait_for_end().exit_code(), code, "{signal}");
        assert_restored(&pty);
    }
}

#[test]
fn suspended_and_brought_back_by_a_shell() {
    let person = Person::at_home();
    let mut pty = person.start("sh", &["-i", "-m"], 120, 40);
    pty.press(format!("PS1='ready> '; {PROGRAM} {}\n", DEMO.join(" ")).as_bytes());
    wait_for_work(&mut pty);
    for _ in 0..2 {
        pty.press(b"\x1a");
        pty.wait_until("the shell has the terminal", |screen| !screen.alternate_screen());
        pty.press(b"echo in the $((1+1))nd place\n");
        pty.wait_for("in the 2nd place");
        assert!(!pty.terminal().hide_cursor());
        pty.press(b"fg\n");
        pty.wait_until("the desk is back", |screen| screen.alternate_screen());
        wait_for_work(&mut pty);
    }
    pty.press(b"?");
    pty.wait_for("What works here");
    pty.press(b"\x1b");
    pty.wait_until("the help is gone", |screen| !screen.contents().contains("What works here"));
    pty.press(b"Q");
    pty.wait_until("the shell has the terminal", |screen| !screen.alternate_screen());
    pty.press(b"exit\n");
    assert_eq!(pty.wait_for_end().exit_code(), 0);
}

#[test]
fn in_the_background_it_keeps_off_the_terminal() {
    let person = Person::at_home();
    let mut pty = person.start("sh", &["-i", "-m"], 120, 40);
    pty.press(format!("PS1='ready> '; {PROGRAM} {}\n", DEMO.join(" ")).as_bytes());
    wait_for_work(&mut pty);
    pty.press(b"\x1a");
    pty.wait_until("the shell has the terminal", |screen| !screen.alternate_screen());
    pty.press(b"bg\n");
    pty.press(b"echo in the $((1+1))nd place\n");
    pty.wait_for("in the 2nd place");
    assert!(!pty.terminal().alternate_screen());
    pty.press(b"fg\n");
    pty.wait_until("the desk is back", |screen| screen.alternate_screen());
    wait_for_work(&mut pty);
    pty.press(b"Q");
    pty.wait_until("the shell has the terminal", |screen| !screen.alternate_screen());
}

/// Only a debug build can be asked to panic.
#[cfg(debug_assertions)]
#[test]
fn a_panic_gives_the_terminal_back_and_then_says_what_happened() {
    for (place, code) in [("loop", 101), ("task", 1)] {
        let person = Person::at_home();
        let script = format!("RUST_BACKTRACE=0 HITDECK_PANIC={place} {PROGRAM} {}; echo code $?; cat", DEMO.join(" "));
        let mut pty = person.start("sh", &["-c", &script], 120, 40);
        pty.wait_for(&format!("code {code}"));
        let (screen, report) = (pty.terminal(), pty.screen());
        assert!(!screen.alternate_screen() && !screen.hide_cursor() && !screen.bracketed_paste(), "{place}: {report}");
        assert!(report.contains("The application panicked"), "{place}: {report}");
        assert!(report.contains("HITDECK_PANIC asked for this"), "{place}: {report}");
        // Lines begin at the left edge, and the terminal echoes again: it is in its ordinary modes.
        assert!(report.lines().any(|line| line.starts_with("code ")), "{place}: {report}");
        pty.press(b"echoed\n");
        pty.wait_for("echoed");
    }
}

#[test]
fn a_dropped_line_ends_the_process() {
    let person = Person::at_home();
    let mut pty = person.desk();
    let pid = pty.pid();
    pty.hang_up();
    assert_eq!(pty.wait_for_end().exit_code(), 129);
    assert_eq!(proc_status(pid, "State"), None);
}

/// In a session of its own the program gets no SIGHUP: all it sees is that the terminal is gone.
#[test]
fn a_dropped_line_without_a_signal_ends_the_process() {
    let person = Person::at_home();
    let home = person.home.path().join("pid");
    let script = format!("setsid sh -c 'echo $$ >{}; exec {PROGRAM} {}'; sleep 1000", home.display(), DEMO.join(" "));
    let mut pty = person.start("sh", &["-c", &script], 120, 40);
    wait_for_work(&mut pty);
    let pid: u32 = std::fs::read_to_string(home).expect("a pid").trim().parse().expect("a number");
    assert!(proc_status(pid, "State").is_some());
    pty.hang_up();
    let gone = || proc_status(pid, "State").is_none_or(|state| state.starts_with('Z'));
    wait_for("the process is gone", gone);
}

#[test]
fn a_pipe_is_refused_with_a_hint() {
    let output = std::process::Command::new(PROGRAM).args(DEMO).output().expect("it runs");
    assert!(!output.status.success());
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(text.contains("terminal") && text.contains("assignment list"), "{text}");
    assert_eq!(output.stdout, b"");
}

#[test]
fn a_dumb_terminal_is_refused_with_a_hint() {
    let person = Person::at_home();
    let mut pty = person.start("sh", &["-c", &format!("TERM=dumb {PROGRAM} {}", DEMO.join(" "))], 80, 24);
    assert!(pty.wait_for_end().exit_code() != 0);
    let screen = pty.screen().replace('\n', "");
    assert!(screen.contains("TERM") && screen.contains("assignment list"), "{screen}");
    assert!(!String::from_utf8_lossy(&pty.written).contains("\x1b[?1049h"));
}

//! The built program in a pseudo-terminal: the contract with the terminal, the system and the person at it.
//!
//! Nothing is waited for but conditions; the only times are those of a bounded look at silence.

#[path = "common/pty.rs"]
mod driver;

#[path = "pty/demo.rs"]
mod demo;
#[path = "pty/ending.rs"]
mod ending;
#[path = "pty/hostile.rs"]
mod hostile;
#[path = "pty/input.rs"]
mod input;
#[path = "pty/screen.rs"]
mod screen;

use driver::Pty;
use tempfile::TempDir;

/// A person with an empty home, who opens the demo with some work in it and time standing still.
pub struct Person {
    home: TempDir,
}

impl Person {
    pub fn at_home() -> Person {
        Person { home: tempfile::tempdir().expect("a directory") }
    }

    fn variables(&self) -> Vec<(&'static str, String)> {
        let home = self.home.path();
        let below = |name: &str| home.join(name).to_string_lossy().into_owned();
        vec![
            ("HOME", below("")),
            ("XDG_CONFIG_HOME", below("config")),
            ("XDG_DATA_HOME", below("data")),
            ("XDG_STATE_HOME", below("state")),
        ]
    }

    pub fn start(&self, program: &str, arguments: &[&str], columns: u16, lines: u16) -> Pty {
        self.start_with(program, arguments, &[], columns, lines)
    }

    /// With more in the environment.
    pub fn start_with(
        &self,
        program: &str,
        arguments: &[&str],
        more: &[(&str, &str)],
        columns: u16,
        lines: u16,
    ) -> Pty {
        let variables = self.variables();
        let variables = variables.iter().map(|(name, value)| (*name, value.as_str()));
        let variables: Vec<(&str, &str)> = variables.chain(more.iter().copied()).collect();
        Pty::start(program, arguments, &variables, columns, lines)
    }

    /// The desk on a demo market, with its list filled.
    pub fn desk(&self) -> Pty {
        let mut pty = self.start(PROGRAM, &DEMO, 120, 40);
        wait_for_work(&mut pty);
        pty
    }
}

pub const PROGRAM: &str = env!("CARGO_BIN_EXE_hitdeck");
/// No worker comes and no time passes while a test looks.
pub const DEMO: [&str; 9] = ["demo", "--speed", "0", "--hits", "30", "--workers", "20", "--seed", "7"];

pub fn wait_for_work(pty: &mut Pty) {
    pty.wait_until("the market has been read", |screen| {
        let text = screen.contents();
        text.contains("hitdeck") && text.contains("as of") && text.contains("a approve")
    });
}

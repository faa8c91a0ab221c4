//! Other people's programs: the editor, the browser, a shell command; and where their files are.

use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::process::Stdio;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};

/// The longest text taken back from an editor.
const LONGEST_TEXT: u64 = 1 << 20;
/// What is read of the output of a command; the rest is thrown away.
const OUTPUT: u64 = 1 << 16;
/// What is shown of it.
const SHOWN: usize = 200;

/// Which programs to start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Programs {
    /// The editor, as a shell would run it.
    pub editor: String,
    /// What opens an address; None without a display.
    pub browser: Option<String>,
    /// The person's own folder, which `~` stands for.
    pub home: Option<PathBuf>,
}

impl Programs {
    /// From `VISUAL`, `EDITOR`, `DISPLAY`, `WAYLAND_DISPLAY` and `HOME`.
    pub fn read() -> Self {
        let var = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let editor = var("VISUAL").or_else(|| var("EDITOR")).unwrap_or_else(|| "vi".into());
        let display = var("DISPLAY").or_else(|| var("WAYLAND_DISPLAY")).is_some();
        let browser = match (cfg!(target_os = "macos"), display) {
            (true, _) => Some("open".into()),
            (false, true) => Some("xdg-open".into()),
            (false, false) => None,
        };
        Programs { editor, browser, home: var("HOME").map(PathBuf::from) }
    }

    /// Lets a person edit `text` in the terminal, which must be theirs by now.
    pub fn edit(&self, text: &str) -> std::io::Result<Editing> {
        let path = std::env::temp_dir().join(format!("hitdeck-{:016x}.txt", rand::random::<u64>()));
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
        let editing = |child| Editing { child, path: path.clone() };
        let started = file.write_all(text.as_bytes()).and_then(|()| {
            Command::new("sh").args(["-c", &format!("exec {} \"$1\"", self.editor), "sh"]).arg(&path).spawn()
        });
        started.map(editing).inspect_err(|_| {
            let _ = std::fs::remove_file(&path);
        })
    }

    /// Opens an address in a browser. The answer is for the person.
    pub async fn open(&self, url: &str) -> Result<String, String> {
        if !(url.starts_with("https://") || url.starts_with("http://")) {
            return Err(format!("not opened, because it is no web address: {url}"));
        }
        let Some(browser) = &self.browser else {
            return Err(format!("there is no display here to open it on: {url}"));
        };
        let command = Command::new(browser)
            .arg(url)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .status();
        match command.await {
            Ok(status) if status.success() => Ok(format!("opened {url}")),
            Ok(status) => Err(format!("{browser} did not open it ({status}): {url}")),
            Err(error) => Err(format!("{browser} could not be started ({error}): {url}")),
        }
    }
}

/// An editor at work.
#[derive(Debug)]
pub struct Editing {
    child: Child,
    path: PathBuf,
}

impl Editing {
    /// Comes back when the editor has ended. Cancel safe.
    pub async fn ended(&mut self) -> std::io::Result<std::process::ExitStatus> {
        self.child.wait().await
    }

    /// The text that was left behind, or why there is none; the file is removed.
    pub fn text(self, ended: std::io::Result<std::process::ExitStatus>) -> Result<String, String> {
        let text = ended.map_err(|error| format!("the editor could not be waited for: {error}")).and_then(|status| {
            if !status.success() {
                return Err(format!("the editor ended with {status}; nothing was changed"));
            }
            let length = std::fs::metadata(&self.path).map_or(0, |file| file.len());
            if length > LONGEST_TEXT {
                return Err(format!("{length} bytes came back from the editor, more than {LONGEST_TEXT}"));
            }
            std::fs::read_to_string(&self.path).map_err(|error| format!("the edited text could not be read: {error}"))
        });
        let _ = std::fs::remove_file(&self.path);
        // Editors end a text with a line feed whether it had one or not.
        text.map(|text| text.strip_suffix('\n').map_or(text.clone(), str::to_owned))
    }
}

/// Runs a shell command with `input` on its standard input. What it says first is the answer.
pub async fn pipe(command: &str, input: String) -> Result<String, String> {
    let mut child = Command::new("sh")
        .args(["-c", command])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| format!("sh could not be started: {error}"))?;
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let write = async {
        if let Some(mut stdin) = stdin {
            // A command need not read all of its input.
            let _ = stdin.write_all(input.as_bytes()).await;
        }
    };
    let ((), out, err) = tokio::join!(write, first_line(stdout), first_line(stderr));
    let status = child.wait().await.map_err(|error| format!("the command could not be waited for: {error}"))?;
    match (status.success(), out, err) {
        (true, Some(line), _) => Ok(line),
        (true, None, Some(line)) => Ok(line),
        (true, None, None) => Ok("done, without a word".into()),
        (false, _, Some(line)) => Err(format!("{status}: {line}")),
        (false, Some(line), None) => Err(format!("{status}: {line}")),
        (false, None, None) => Err(status.to_string()),
    }
}

/// The first line with something on it, shortened; reads to the end so that the writer never waits for ever.
async fn first_line(from: Option<impl tokio::io::AsyncRead + Unpin>) -> Option<String> {
    let mut from = from?;
    let mut bytes = Vec::new();
    let _ = (&mut from).take(OUTPUT).read_to_end(&mut bytes).await;
    let _ = tokio::io::copy(&mut from, &mut tokio::io::sink()).await;
    let text = String::from_utf8_lossy(&bytes);
    let line = text.lines().find(|line| !line.trim().is_empty())?;
    Some(line.trim_end().chars().take(SHOWN).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn programs(editor: &str) -> Programs {
        Programs { editor: editor.into(), browser: None, home: None }
    }

    async fn edited(editor: &str, text: &str) -> Result<String, String> {
        let mut editing = programs(editor).edit(text).unwrap();
        let path = editing.path.clone();
        let ended = editing.ended().await;
        let text = editing.text(ended);
        assert!(!path.exists());
        text
    }

    #[tokio::test]
    async fn an_edited_text_comes_back() {
        assert_eq!(edited("printf 'more\\n' >>", "some ").await, Ok("some more".into()));
        assert_eq!(edited("true", "as it was").await, Ok("as it was".into()));
    }

    #[tokio::test]
    async fn an_editor_that_fails_changes_nothing() {
        assert_eq!(
            edited("false", "text").await,
            Err("the editor ended with exit status: 1; nothing was changed".into())
        );
    }

    #[tokio::test]
    async fn a_command_gets_its_input_and_its_first_line_is_told() {
        assert_eq!(pipe("wc -l", "a\nb\n".into()).await, Ok("2".into()));
        assert_eq!(pipe("cat >/dev/null; echo; echo first; echo second", "x".into()).await, Ok("first".into()));
        assert_eq!(pipe("true", "x".repeat(1 << 20)).await, Ok("done, without a word".into()));
        assert_eq!(pipe("cat", "y".repeat(1 << 20)).await, Ok("y".repeat(SHOWN)));
        assert_eq!(pipe("echo no >&2; exit 3", String::new()).await, Err("exit status: 3: no".into()));
    }

    #[tokio::test]
    async fn without_a_display_the_address_is_shown() {
        let error = programs("vi").open("https://example.org/x").await.unwrap_err();
        assert_eq!(error, "there is no display here to open it on: https://example.org/x");
        assert!(programs("vi").open("--help").await.unwrap_err().contains("no web address"));
    }
}

//! The editor, commands, the clipboard.

use super::driver::{Lab, Setup};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_note_is_written_in_the_editor_and_kept() {
    let lab = Lab::with_work(1).await;
    let setup = Setup { editor: "printf 'looks copied' >>".into(), ..Setup::default() };
    let mut desk = lab.desk_with(setup).await;
    desk.press("e").await;
    desk.until_shown("looks copied").await;
    assert_eq!(desk.memory().lent, 1);
    desk.settle().await;
    desk.close().await;
    let mut desk = lab.desk().await;
    desk.until_shown("looks copied").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_editor_that_fails_is_told() {
    let lab = Lab::with_work(1).await;
    let mut desk = lab.desk_with(Setup { editor: "false".into(), ..Setup::default() }).await;
    desk.press("e").await;
    desk.until_shown("nothing was changed").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_go_to_a_command_as_json_lines() {
    let lab = Lab::with_work(3).await;
    let mut desk = lab.desk().await;
    desk.press("*|grep -c A1WORKER<enter>").await;
    desk.until("its first line is told", |desk| desk.screen().lines().rev().take(3).any(|line| line.trim() == "3"))
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_copied_reaches_the_clipboard() {
    let lab = Lab::with_work(1).await;
    let mut desk = lab.desk().await;
    desk.press("y").await;
    desk.press("<enter>").await;
    assert_eq!(desk.memory().copied.len(), 1, "{}", desk.screen());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_shell_the_desk_does_not_stop() {
    let lab = Lab::with_work(1).await;
    let mut desk = lab.desk().await;
    desk.read(vec![hitdeck::app::key::Key::ctrl('z')]).await;
    assert!(desk.screen().contains("not suspended"), "{}", desk.screen());
}

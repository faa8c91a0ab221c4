//! Work that comes in while a person looks.

use super::driver::Lab;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn new_work_is_announced_and_moves_nothing() {
    let lab = Lab::with_work(3).await;
    let mut desk = lab.desk().await;
    desk.press("j").await;
    let before = desk.state().list.cursor;
    let list = |screen: &str| screen.lines().filter(|line| line.contains("A1WORKER")).count();
    let shown = list(desk.screen());
    let hit = lab.publish("late text", 5).await;
    lab.work(&hit, "A1WORKERLATE", "late label").await;
    desk.press("R").await;
    desk.until("it is announced", |desk| !desk.state().list.news.is_empty()).await;
    desk.settle().await;
    assert_eq!(desk.state().list.cursor, before);
    assert_eq!(list(desk.screen()), shown);
    assert!(!desk.screen().contains("late label"), "{}", desk.screen());
    desk.press("R").await;
    desk.until_shown("late label").await;
    assert_eq!(desk.state().list.cursor, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_work_of_all_is_simply_shown() {
    let lab = Lab::open().await;
    let mut desk = lab.desk().await;
    let hit = lab.publish("first text", 5).await;
    lab.work(&hit, "A1WORKER", "first label").await;
    desk.press("R").await;
    desk.until_shown("first label").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_viewer_follows_the_cursor() {
    let lab = Lab::with_work(4).await;
    let mut desk = lab.desk().await;
    for _ in 0..3 {
        desk.press("j").await;
        let state = desk.state();
        let row = state.model.summary(state.current().expect("a row")).replace("label: ", "");
        let number = row.trim_start_matches("label ");
        assert!(desk.screen().contains(&format!("text number {number}")), "{}", desk.screen());
    }
}

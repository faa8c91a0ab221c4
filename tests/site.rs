//! The worker site: people who work on it, in plain HTTP and in a real browser, and people who attack it.

#[path = "common/browser.rs"]
mod browser;
#[allow(dead_code, reason = "the tests of the desk use more of it")]
#[path = "common/flow.rs"]
mod driver;
#[allow(dead_code, reason = "the tests of the API use more of it")]
#[path = "market/support.rs"]
mod support;
#[path = "common/webdriver.rs"]
mod webdriver;

#[path = "site/attacks.rs"]
mod attacks;
#[path = "site/chromium.rs"]
mod chromium;
#[path = "site/elsewhere.rs"]
mod elsewhere;
#[path = "site/people.rs"]
mod people;
#[path = "site/sign_in.rs"]
mod sign_in;
#[path = "site/story.rs"]
mod story;
#[path = "site/task.rs"]
mod task;
#[path = "site/task_browser.rs"]
mod task_browser;
#[path = "site/task_forms.rs"]
mod task_forms;
#[path = "site/telling.rs"]
mod telling;
#[path = "site/texts.rs"]
mod texts;
#[path = "site/working.rs"]
mod working;

//! People: whoever has signed up, and has a browser.

use hitdeck::domain::id::WorkerId;
use hitdeck::market::clock::wall_millis;
use hitdeck::market::secret::Secret;
use hitdeck::market::service::NewInvitation;

use super::browser::{Browser, Page};
use super::support::Desk;

pub const PASSCODE: &str = "seven green kettles";

/// A link to sign up with.
pub async fn invited(desk: &Desk, worker: Option<&str>) -> String {
    let secret = Secret::random();
    let worker = worker.map(|id| WorkerId::parse(id).unwrap());
    let new = NewInvitation { worker, note: Some("for a test".into()), lasts_ms: 3_600_000 };
    desk.market.service.invite(new, &secret, wall_millis()).await.unwrap();
    format!("/join/{}", secret.reveal())
}

/// A worker with a browser.
pub struct Person {
    pub browser: Browser,
    pub worker: WorkerId,
}

impl Person {
    /// Signs up by an invitation, in a browser without scripts.
    pub async fn new(desk: &Desk) -> Person {
        Person::claiming(desk, None).await
    }

    /// The same for a worker whom the market knows.
    pub async fn claiming(desk: &Desk, worker: Option<&str>) -> Person {
        let link = invited(desk, worker).await;
        let mut browser = Browser::at(&desk.market.endpoint);
        let page = browser.open(&link).await;
        assert_eq!(page.status, 200, "{}", page.text());
        let fields = [("passcode", PASSCODE), ("again", PASSCODE), ("agree", "1")];
        let page = browser.press(&page, &link, &fields).await;
        assert_eq!((page.status, page.path.as_str()), (200, "/work"), "{}", page.text());
        let worker = page.between("Worker </span>", "</a>").unwrap().to_owned();
        Person { browser, worker: WorkerId::parse(&worker).unwrap() }
    }

    /// Accepts the next HIT of a group from the list; the assignment.
    pub async fn accept(&mut self, group: &str) -> String {
        let page = self.try_accept(group).await;
        let path = page.path.strip_prefix("/work/assignments/");
        path.unwrap_or_else(|| panic!("{} {}: {}", page.status, page.path, page.text())).to_owned()
    }

    pub async fn try_accept(&mut self, group: &str) -> Page {
        let page = self.browser.open("/account").await;
        self.browser.press(&page, "/work/accept", &[("group", group)]).await
    }
}

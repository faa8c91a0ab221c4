//! Tasks whose pages lie on other sites (ExternalQuestion): what they may do, and what they may not, wherever they lead.

use std::collections::HashMap;

use axum::Router;
use axum::extract::Query;
use axum::response::{Html, Redirect};
use axum::routing::get;
use hitdeck::market::SiteOptions;
use hitdeck::question::write::{html_question, html_text};

use super::people::Person;
use super::support::{Desk, desk, desk_with, still};
use super::task::{FORM, answers, framed, publish};
use super::task_browser::{FRAME, accept, attack, reached_nothing, sign_up};
use super::task_forms::TEST;
use super::webdriver::{DESKTOP, Driver, Window};

/// A page on a server of its own, as a requester's: it reads its parameters, keeps something, and hands in.
const ELSEWHERE: &str = "<!DOCTYPE html><html><body><form method=\"post\"><input id=\"kept\" name=\"kept\">\
    <input id=\"reach\" name=\"reach\"><input type=\"hidden\" name=\"assignmentId\"><button>Send</button></form><script>\
    const given = new URLSearchParams(location.search); const form = document.forms[0];\
    form.action = given.get('turkSubmitTo') + '/mturk/externalSubmit';\
    form.elements.assignmentId.value = given.get('assignmentId');\
    localStorage.setItem('worker', given.get('workerId')); form.elements.kept.value = localStorage.getItem('worker');\
    let reach = ''; try { reach += parent.document.title; } catch (error) { reach += 'parent ' + error.name; }\
    try { top.location = 'https://evil.example/'; reach += ' went'; } catch (error) { reach += ', top ' + error.name; }\
    form.elements.reach.value = reach;</script></body></html>";

/// What a page says that asks for sound and pictures.
const RECORDER: &str = "<!DOCTYPE html><html><body><p id=said></p><script>\
    navigator.mediaDevices.getUserMedia({ audio: true, video: true }).then((stream) => `${stream.getTracks().length} tracks`, \
    (error) => `refused: ${error.name}`).then((words) => { document.getElementById('said').textContent = words; })\
    </script></body></html>";

/// Somebody else's server on this machine, with these pages. `/go?to=ADDRESS` leads on.
async fn server(pages: Vec<(&'static str, String)>) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let lead = async |Query(asked): Query<HashMap<String, String>>| Redirect::temporary(&asked["to"]);
    let mut router = Router::new().route("/go", get(lead));
    for (path, page) in pages {
        router = router.route(path, get(async move || Html(page)));
    }
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

fn external(url: &str) -> String {
    format!(
        "<ExternalQuestion xmlns=\"http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2006-07-14/\
         ExternalQuestion.xsd\"><ExternalURL>{}</ExternalURL><FrameHeight>400</FrameHeight></ExternalQuestion>",
        html_text(url)
    )
}

#[tokio::test]
async fn a_page_of_another_site_keeps_its_own_origin_and_reaches_no_other() {
    let Some(driver) = Driver::open(DESKTOP).await else { return };
    let desk = desk().await;
    let worker = sign_up(&desk, &driver).await;
    let site = server(vec![("/do", ELSEWHERE.to_owned())]).await;
    let (hit, group) = publish(&desk, &external(&format!("{site}/do?a=1")), 1).await;
    accept(&desk, &driver, &group).await;
    driver.enter(FRAME).await;
    driver.click("button").await;
    driver.enter(None).await;
    assert_eq!(driver.text("[role=status]").await, "Handed in. Thank you.");
    let reach = "reach=parent SecurityError, top SecurityError".to_owned();
    assert_eq!(answers(&desk, &hit).await, [[format!("kept={worker}"), reach]]);
}

/// A HIT in a group of its own, which has this title; the HIT and the group.
async fn publish_as(desk: &Desk, title: &str, question: &str) -> (String, String) {
    let hit = desk.hit().title(title).question(question).max_assignments(1).send().await.unwrap().hit.unwrap();
    (hit.hit_id().unwrap().to_owned(), hit.hit_group_id().unwrap().to_owned())
}

/// The worker holds an assignment that an attacker would like to have; its ID.
async fn with_prey(desk: &Desk, driver: &Driver) -> String {
    let (_, group) = publish(desk, TEST, 1).await;
    accept(desk, driver, &group).await;
    driver.arrives("/work/assignments/").await.rsplit('/').next().unwrap().to_owned()
}

async fn is_held(desk: &Desk, driver: &Driver, assignment: &str) -> bool {
    let path = format!("{}/work/assignments/{assignment}/state", desk.market.endpoint);
    driver.run(&format!("return fetch('{path}').then((answer) => answer.text())")).await == "held"
}

#[tokio::test]
async fn a_page_of_another_site_that_attacks_reaches_nothing() {
    let Some(driver) = Driver::open(DESKTOP).await else { return };
    let desk = desk().await;
    sign_up(&desk, &driver).await;
    let prey = with_prey(&desk, &driver).await;
    // A server of the same machine is a neighbour: browsers send it the site's cookies, and the site a form of its with them.
    let evil = server(vec![("/attack", attack(&desk.market.endpoint, &prey))]).await;
    let (_, group) = publish(&desk, &external(&format!("{evil}/attack")), 1).await;
    accept(&desk, &driver, &group).await;
    let here = driver.arrives("/work/assignments/").await;
    driver.enter(FRAME).await;
    let said: serde_json::Value = serde_json::from_str(&driver.text("#said").await).unwrap();
    assert_eq!((&said["origin"], &said["cookies"]), (&evil.as_str().into(), &"none".into()), "{said}");
    reached_nothing(&said);
    driver.click("#out").await;
    driver.enter(None).await;
    assert_eq!(driver.url().await, here);
    assert!(is_held(&desk, &driver, &prey).await, "nothing was returned or handed in");
}

#[tokio::test]
async fn a_frame_that_is_led_back_to_the_site_has_no_origin_there() {
    let Some(driver) = Driver::open(DESKTOP).await else { return };
    let desk = desk().await;
    let site = desk.market.endpoint.clone();
    sign_up(&desk, &driver).await;
    let prey = with_prey(&desk, &driver).await;
    let evil = server(vec![]).await;
    let lead = |path: &str| {
        let target: String = form_urlencoded::byte_serialize(format!("{site}{path}").as_bytes()).collect();
        external(&format!("{evil}/go?to={target}"))
    };
    let (trap, _) = publish_as(&desk, "A trap", &html_question(&attack(&site, &prey))).await;
    let css = "/crowd/task.css".to_owned();
    for path in
        ["/queue", "/account", "/", "/healthz", "/_control/ledger", "/nowhere", css.as_str(), "/mturk/externalSubmit"]
    {
        let (_, group) = publish_as(&desk, &format!("To {path}"), &lead(path)).await;
        accept(&desk, &driver, &group).await;
        driver.enter(FRAME).await;
        let mut at = driver.run("return [self.origin, location.href]").await;
        for _ in 0..500 {
            if at[1] != "about:blank" {
                break;
            }
            at = driver.run("return [self.origin, location.href]").await;
        }
        assert_eq!(at[0], "null", "{path}: {at}");
        assert!(!driver.has("main").await, "{path}");
        driver.enter(None).await;
    }
    // A requester's page is the one thing of the site's that stands in a frame.
    let (_, group) = publish_as(&desk, "To the trap", &lead(&format!("/preview/{trap}/page"))).await;
    accept(&desk, &driver, &group).await;
    driver.enter(FRAME).await;
    let said: serde_json::Value = serde_json::from_str(&driver.text("#said").await).unwrap();
    assert_eq!((&said["origin"], &said["cookies"]), (&"null".into(), &"refused: SecurityError".into()), "{said}");
    reached_nothing(&said);
    driver.enter(None).await;
    assert!(is_held(&desk, &driver, &prey).await, "nothing was returned or handed in");
}

#[tokio::test]
async fn no_spelling_makes_a_page_of_the_site_a_task() {
    let options = SiteOptions { url: Some("https://work.example.org".into()), ..SiteOptions::default() };
    let desk = desk_with(hitdeck::market::serve::Options { site: options, ..still() }).await;
    let port = desk.market.endpoint.rsplit(':').next().unwrap().to_owned();
    let mut person = Person::new(&desk).await;
    for address in [
        format!("{}/queue", desk.market.endpoint),
        format!("HTTP://127.0.0.1:0{port}/queue"),
        format!("http://LOCALHOST:{port}/queue"),
        format!("http://127.0.0.9:{port}/queue"),
        format!("http://[::1]:{port}/queue"),
        format!("https://2130706433:{port}/queue"),
        format!("https://a.localhost.:{port}/queue"),
        "https://WORK.example.org/queue".into(),
        "https://worker@work.example.org.:443/queue".into(),
        "https://work\u{3002}example.org/queue".into(),
        "https://%77ork.example.org/queue".into(),
    ] {
        let (_, group) = publish_as(&desk, &address, &external(&address)).await;
        let assignment = person.accept(&group).await;
        let (page, path) = framed(&mut person, &assignment).await;
        let sandbox = page.between("sandbox=\"", "\"").unwrap();
        assert!(!sandbox.contains("allow-same-origin"), "{address}: {sandbox}");
        assert!(page.header("content-security-policy").contains("frame-src 'self';"), "{address}");
        person.browser.fetch(&path).await.says("This task cannot be shown");
    }
    // Its neighbours are somebody else's.
    let (_, group) = publish_as(&desk, "Elsewhere", &external("https://tasks.example.org/do")).await;
    let assignment = person.accept(&group).await;
    let (page, path) = framed(&mut person, &assignment).await;
    assert!(page.between("sandbox=\"", "\"").unwrap().contains("allow-same-origin"));
    assert!(person.browser.fetch(&path).await.header("location").starts_with("https://tasks.example.org/do?"));
}

#[tokio::test]
async fn sound_and_pictures_are_recorded_by_an_accepted_task_and_by_nothing_else() {
    let Some(driver) = Driver::open(Window { devices: true, ..DESKTOP }).await else { return };
    let desk = desk().await;
    let site = desk.market.endpoint.clone();
    sign_up(&desk, &driver).await;
    let studio = server(vec![("/record", RECORDER.to_owned())]).await;
    let (_, group) = publish(&desk, &external(&format!("{studio}/record")), 1).await;
    driver.go(&format!("{site}/work/groups/{group}/preview")).await;
    driver.enter(FRAME).await;
    assert_eq!(driver.text("#said:not(:empty)").await, "refused: NotAllowedError", "a preview");
    driver.enter(None).await;
    accept(&desk, &driver, &group).await;
    driver.enter(FRAME).await;
    assert_eq!(driver.text("#said:not(:empty)").await, "2 tracks");
    driver.enter(None).await;
    // Browsers give devices to no page without an origin: such tasks lie on a server of their own.
    let (_, group) = publish_as(&desk, "A page of ours", &html_question(&format!("{RECORDER}{FORM}"))).await;
    accept(&desk, &driver, &group).await;
    driver.enter(FRAME).await;
    assert!(driver.text("#said:not(:empty)").await.starts_with("refused"));
    driver.enter(None).await;
    for path in ["/work", "/account"] {
        driver.go(&format!("{site}{path}")).await;
        let got = "navigator.mediaDevices.getUserMedia({ audio: true }).then(() => 'got', (error) => error.name)";
        assert_eq!(driver.run(&format!("return {got}")).await, "NotAllowedError", "{path}");
    }
}

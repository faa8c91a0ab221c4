//! The site in a real browser: with scripts and without, on a desk and on a phone, light and dark.

use serde_json::Value;

use super::people::{PASSCODE, invited};
use super::support::{Desk, desk};
use super::webdriver::{DESKTOP, Driver, PHONE, Window};

async fn sign_up(desk: &Desk, driver: &Driver) {
    driver.go(&format!("{}{}", desk.market.endpoint, invited(desk, None).await)).await;
    driver.fill("#passcode", PASSCODE).await;
    driver.fill("#again", PASSCODE).await;
    driver.click("#agree").await;
    driver.click("main button").await;
    assert!(driver.text("[role=status]").await.starts_with("Welcome."));
}

async fn with_work() -> Desk {
    let desk = desk().await;
    for title in ["Tag an image", "Tag another image"] {
        desk.hit().title(title).send().await.unwrap();
    }
    desk
}

/// One whole visit with mouse and keys.
async fn visit(window: Window) {
    let Some(driver) = Driver::open(window).await else { return };
    let desk = with_work().await;
    let site = desk.market.endpoint.clone();
    sign_up(&desk, &driver).await;
    driver.fill("#q", "another").await;
    driver.click(".search button").await;
    assert_eq!(driver.text("article h2").await, "Tag another image");
    driver.click("article h2 a").await;
    driver.click("a[href$=preview]").await;
    assert_eq!(driver.text(".kicker").await.to_lowercase(), "preview");
    driver.click(".workbar form button").await;
    driver.arrives("/work/assignments/").await;
    assert_eq!(driver.text(".workbar h1").await, "Tag another image");
    driver.click("nav a[href='/queue']").await;
    assert_eq!(driver.text("article h2").await, "Tag another image");
    driver.click("article form button").await;
    assert!(driver.text("[role=status]").await.contains("returned"));
    driver.go(&format!("{site}/queue")).await;
    assert!(driver.text(".empty").await.contains("You hold nothing."));
    driver.click("footer a[href='/signout']").await;
    driver.click("main button").await;
    assert!(driver.text("[role=status]").await.contains("signed out"));
    driver.go(&format!("{site}/work")).await;
    assert!(driver.url().await.ends_with("/signin"));
}

#[tokio::test]
async fn a_visit() {
    visit(DESKTOP).await;
}

#[tokio::test]
async fn a_visit_without_scripts() {
    visit(Window { scripts: false, ..DESKTOP }).await;
}

#[tokio::test]
async fn a_visit_on_a_phone() {
    visit(PHONE).await;
}

/// Every text's contrast with what lies behind it, fields without a name, what is wider than the page, and headings. Colours are
/// taken as the browser has computed them.
const LOOK: &str = r#"
const rgb = (text) => { const m = text.match(/[\d.]+/g).map(Number); return { r: m[0], g: m[1], b: m[2], a: m[3] ?? 1 }; };
const light = ({ r, g, b }) => { const [x, y, z] = [r, g, b].map((c) => { c /= 255; return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; }); return 0.2126 * x + 0.7152 * y + 0.0722 * z; };
const ground = (element) => { for (let at = element; at; at = at.parentElement) { const c = rgb(getComputedStyle(at).backgroundColor); if (c.a > 0.99) return c; } return { r: 255, g: 255, b: 255 }; };
const named = (element) => element.getAttribute("aria-label") || (element.getAttribute("aria-labelledby") ?? "").split(" ").some((id) => document.getElementById(id)?.textContent.trim());
const faults = [];
const seen = (element) => element.getClientRects().length > 0 && !element.closest(".for, .skip");
for (const element of document.querySelectorAll("body *")) {
  if (!seen(element)) continue;
  const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
  if (own && !element.closest("iframe")) {
    const [a, b] = [light(rgb(getComputedStyle(element).color)), light(ground(element))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < 4.5) faults.push(`contrast ${contrast.toFixed(2)}: ${element.outerHTML.slice(0, 90)}`);
  }
  if (element.matches("input:not([type=hidden]), select, textarea") && element.labels.length === 0 && !named(element)) faults.push(`no label: ${element.outerHTML.slice(0, 90)}`);
  if (element.matches("a, button") && !element.textContent.trim() && !element.getAttribute("aria-label")) faults.push(`no name: ${element.outerHTML.slice(0, 90)}`);
  if (element.matches("button, .button, input:not([type=checkbox], [type=radio], [type=hidden]), select") && element.getBoundingClientRect().height < 24) faults.push(`too small to hit: ${element.outerHTML.slice(0, 90)}`);
}
if (document.documentElement.scrollWidth > innerWidth + 1) faults.push(`${document.documentElement.scrollWidth} wide in ${innerWidth}`);
if (document.querySelectorAll("h1").length !== 1) faults.push(`${document.querySelectorAll("h1").length} first headings`);
if (document.querySelectorAll("main").length !== 1 || !document.querySelector("a.skip[href='#main']")) faults.push("no way past the navigation");
if (!document.documentElement.lang || !document.title.trim()) faults.push("no language or no title");
for (const element of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")) {
  if (!seen(element) || element.matches(":disabled, details:not([open]) form *")) continue;
  element.focus({ preventScroll: true, focusVisible: true });
  const look = getComputedStyle(element);
  if (document.activeElement !== element) faults.push(`not reached: ${element.outerHTML.slice(0, 90)}`);
  else if (look.outlineStyle === "none" || parseFloat(look.outlineWidth) < 2) faults.push(`no focus shown: ${element.outerHTML.slice(0, 90)}`);
}
if (document.activeElement) document.activeElement.blur();
const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
if (new Set(ids).size !== ids.length) faults.push(`an id twice: ${ids}`);
return faults;
"#;

async fn faults(driver: &Driver, what: &str) -> Vec<String> {
    let found = driver.run(LOOK).await;
    let found = found.as_array().expect("a list").iter();
    found.map(|fault| format!("{what}: {}", fault.as_str().unwrap_or_default())).collect()
}

/// Opens a page, takes a picture of it, and says what is wrong with it.
async fn look_at(driver: &Driver, site: &str, path: &str, (width, dark): (u32, bool), name: &str) -> Vec<String> {
    driver.go(&format!("{site}{path}")).await;
    let look = if dark { "dark" } else { "light" };
    driver.picture(&format!("{width}-{look}{name}")).await;
    faults(driver, &format!("{path} {look} {width}")).await
}

#[tokio::test]
async fn every_page_is_legible_labelled_and_fits_its_screen() {
    let Some(driver) = Driver::open(DESKTOP).await else { return };
    let desk = with_work().await;
    let site = desk.market.endpoint.clone();
    let made = desk.client.create_qualification_type().name("Careful reading").description("Reads with care.");
    let made = made.qualification_type_status("Active".into()).send().await.unwrap().qualification_type.unwrap();
    let qualification = format!("/qualifications/{}", made.qualification_type_id().unwrap());
    let long = desk.hit().title("Averyveryverylongwordthatnobodycanbreak".repeat(3)).description("x".repeat(900));
    let requirement = aws_sdk_mturk::types::QualificationRequirement::builder()
        .qualification_type_id(made.qualification_type_id().unwrap())
        .comparator(aws_sdk_mturk::types::Comparator::Exists)
        .build()
        .unwrap();
    let guarded = long.qualification_requirements(requirement).send().await.unwrap().hit.unwrap();
    let mut all = Vec::new();
    let join = invited(&desk, None).await;
    for (width, height) in [(1_280, 900), (390, 844)] {
        driver.size(width, height).await;
        for dark in [false, true] {
            driver.dark(dark).await;
            for path in [join.as_str(), "/", "/signin", "/privacy", "/nowhere"] {
                let name = path.split('/').nth(1).unwrap_or_default();
                all.extend(look_at(&driver, &site, path, (width, dark), &format!("out_{name}")).await);
            }
        }
    }
    driver.size(1_280, 900).await;
    sign_up(&desk, &driver).await;
    let worker = driver.text("a.me").await.replace("Worker ", "");
    let hits = desk.client.list_hits().send().await.unwrap();
    let id = |title: &str| {
        let hit = hits.hits().iter().find(|hit| hit.title() == Some(title)).unwrap();
        hit.hit_id().unwrap().to_owned()
    };
    let done = desk.work(&id("Tag an image"), &worker).await;
    desk.client.reject_assignment().assignment_id(&done).requester_feedback("Too short.").send().await.unwrap();
    let letter = desk.client.notify_workers().subject("More work").message_text("Come back.").worker_ids(&worker);
    letter.send().await.unwrap();
    let held = desk.accept(&id("Tag another image"), &worker).await;
    // A test that was begun, and a form of questions: the site's own pages too.
    let test = format!("/qualifications/{}", super::task_forms::qualification(&desk, true).await);
    driver.go(&format!("{site}{test}")).await;
    driver.click("form[action$='/request'] button").await;
    driver.arrives("/test").await;
    let test = format!("{test}/test");
    let (form, form_group) = super::task::publish(&desk, super::task_forms::TEST, 2).await;
    let form_preview = format!("/work/groups/{form_group}/preview");
    let form = format!("/work/assignments/{}", desk.accept(&form, &worker).await);
    let group = format!("/work/groups/{}", guarded.hit_group_id().unwrap());
    let (assignment, history) = (format!("/work/assignments/{held}"), format!("/history/{done}"));
    let pages = [
        "/",
        "/work",
        "/work?q=nothing",
        &group,
        &assignment,
        "/queue",
        "/history",
        &history,
        "/qualifications",
        &qualification,
        &test,
        &form,
        &form_preview,
        "/statements",
        "/statements/owed",
        "/messages",
        "/account",
        "/signout",
    ];
    for (width, height) in [(1_280, 900), (390, 844)] {
        driver.size(width, height).await;
        for dark in [false, true] {
            driver.dark(dark).await;
            for path in pages {
                let name = path.replace(['/', '?'], "_").chars().take(24).collect::<String>();
                all.extend(look_at(&driver, &site, path, (width, dark), &name).await);
            }
        }
    }
    assert_eq!(all, Vec::<String>::new());
}

#[tokio::test]
async fn one_can_work_with_the_keyboard_alone() {
    const TAB: &str = "\u{e004}";
    const ENTER: &str = "\u{e007}";
    let Some(driver) = Driver::open(DESKTOP).await else { return };
    let desk = with_work().await;
    sign_up(&desk, &driver).await;
    driver.go(&format!("{}/work", desk.market.endpoint)).await;
    driver.keys("body", TAB).await;
    assert_eq!(
        driver.run("return document.activeElement.className").await,
        "skip",
        "the first stop leads past the navigation"
    );
    assert_ne!(driver.run("return getComputedStyle(document.activeElement).outlineStyle").await, "none");
    driver.keys("a.skip", ENTER).await;
    assert_eq!(driver.run("return document.activeElement.id").await, "main");
    // Every link and button is reached, in the order in which it stands.
    let order = driver.run("return [...document.querySelectorAll('main a, main button, main input:not([type=hidden]), main select')].every((element) => element.tabIndex === 0)").await;
    assert_eq!(order, Value::Bool(true));
    driver.keys("article form button", ENTER).await;
    driver.text(".workbar h1").await;
    driver.arrives("/work/assignments/").await;
    // The frame is no trap: who goes on from its last field comes to what stands behind it.
    driver.enter(Some("iframe")).await;
    driver.keys("input[name=a]", TAB).await;
    driver.enter(None).await;
    assert_eq!(driver.run("return document.activeElement.closest('footer') !== null").await, Value::Bool(true));
}

#[tokio::test]
async fn time_left_counts_down_in_view() {
    let Some(driver) = Driver::open(DESKTOP).await else { return };
    let desk = with_work().await;
    sign_up(&desk, &driver).await;
    driver.click("article form button").await;
    let first = driver.text(".left").await;
    let counted = driver
        .run("return new Promise((done) => { const left = document.querySelector('.left'); const first = left.textContent; new MutationObserver(() => { if (left.textContent !== first) done(left.textContent); }).observe(left, { childList: true, characterData: true, subtree: true }); })")
        .await;
    assert_ne!(counted, Value::String(first));
}

/// A task that is many screens tall, in a frame of its own height and as a form.
async fn over_a_tall_task(window: Window) {
    let Some(driver) = Driver::open(window).await else { return };
    let desk = desk().await;
    sign_up(&desk, &driver).await;
    let page = hitdeck::question::write::framed_html_question(
        "<form action='/mturk/externalSubmit'><input name=a></form>",
        4_000,
    );
    for question in [page.as_str(), super::task_forms::TEST] {
        let (_, group) = super::task::publish(&desk, question, 1).await;
        super::task_browser::accept(&desk, &driver, &group).await;
        let until = driver.text(".time").await;
        if !window.scripts {
            assert!(
                until.contains("until 20") && until.contains("UTC"),
                "what counts nothing down says when it ends: {until}"
            );
        }
        let shown = "scrollTo(0, document.documentElement.scrollHeight); \
            const box = document.querySelector('.time .left').getBoundingClientRect(); \
            const seen = document.elementFromPoint(box.left + 2, box.top + 2); \
            return [scrollY, seen !== null && seen.closest('.time') !== null]";
        let shown = driver.run(shown).await;
        assert!(shown[0].as_f64().unwrap() > 200.0 && shown[1] == true, "{shown}");
        driver.picture(&format!("tall-{}-{}", window.width, if window.scripts { "scripts" } else { "plain" })).await;
        let width =
            driver.run("return document.querySelector('.workbar').getBoundingClientRect().height / innerHeight").await;
        let most = if window.scripts { 0.25 } else { 0.3 };
        assert!(width.as_f64().unwrap() < most, "it leaves room for the task: {width}");
    }
}

#[tokio::test]
async fn time_left_stays_in_view_over_a_tall_task() {
    over_a_tall_task(DESKTOP).await;
}

#[tokio::test]
async fn time_left_stays_in_view_on_a_phone() {
    over_a_tall_task(PHONE).await;
}

#[tokio::test]
async fn the_deadline_is_in_view_on_a_phone_without_scripts() {
    over_a_tall_task(Window { scripts: false, ..PHONE }).await;
}

/// A page of another site: one that frames the market, and one that sends it forms.
async fn evil(content: String) -> (String, tokio::task::JoinHandle<()>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let page = axum::Router::new().fallback(move || {
        let content = content.clone();
        async move { axum::response::Html(content) }
    });
    let server = tokio::spawn(async move { axum::serve(listener, page).await.unwrap_or_default() });
    // Another name of this machine is another site.
    (format!("http://localhost:{}/", address.port()), server)
}

#[tokio::test]
async fn another_sites_page_can_neither_frame_the_site_nor_send_its_forms() {
    let Some(driver) = Driver::open(DESKTOP).await else { return };
    let desk = with_work().await;
    let site = desk.market.endpoint.clone();
    sign_up(&desk, &driver).await;
    let (frames, first) = evil(format!("<h1>Win a prize</h1><iframe src='{site}/work'></iframe>")).await;
    driver.go(&frames).await;
    driver.enter(Some("iframe")).await;
    assert!(!driver.has("main").await, "the site was framed");
    driver.enter(None).await;
    for path in ["/signout", "/work/accept", "/account/hook"] {
        let form = format!(
            "<form method=post action='{site}{path}'><input name=hook value='http://127.0.0.1:1/'></form><script>document.forms[0].submit()</script>"
        );
        let (sends, second) = evil(form).await;
        driver.go(&sends).await;
        driver.text("h1").await;
        second.abort();
    }
    first.abort();
    driver.go(&format!("{site}/account")).await;
    assert!(driver.text("h1").await.starts_with("Worker A"), "still signed in");
    assert_eq!(driver.run("return document.querySelector('#to').value").await, "");
    driver.go(&format!("{site}/queue")).await;
    assert!(driver.text(".empty").await.contains("You hold nothing."));
}

/// What somebody has filled in survives the buttons around the task, but for the one that says that it is lost.
async fn half_done(window: Window) {
    let Some(driver) = Driver::open(window).await else { return };
    let desk = with_work().await;
    sign_up(&desk, &driver).await;
    driver.click("article form button").await;
    driver.enter(Some("iframe")).await;
    driver.fill("input[name=a]", "half done").await;
    driver.enter(None).await;
    driver.click("#auto").await;
    if !window.scripts {
        driver.click("noscript button, form.choice button").await;
    }
    assert_eq!(driver.text("#go-on-words").await, "", "it is said when it is needed");
    driver.click("#go-on button").await;
    assert!(driver.text("#go-on-words").await.starts_with("Not handed in yet. Send the task off"));
    driver.picture(&format!("early-{}-{}", window.width, if window.scripts { "scripts" } else { "plain" })).await;
    driver.enter(Some("iframe")).await;
    let value = driver.property("input[name=a]", "value").await;
    assert_eq!(value, "half done");
    driver.enter(None).await;
    driver.click("nav a[href='/queue']").await;
    driver.click("article h2 a").await;
    assert_eq!(driver.property("#auto", "checked").await, true, "it was saved");
    driver.click(".sure summary").await;
    driver.click(".sure form button").await;
    assert!(driver.text("[role=status]").await.contains("returned"));
}

#[tokio::test]
async fn what_is_half_done_is_not_lost() {
    half_done(DESKTOP).await;
}

#[tokio::test]
async fn what_is_half_done_is_not_lost_without_scripts() {
    half_done(Window { scripts: false, ..PHONE }).await;
}

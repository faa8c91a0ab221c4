//! Requesters' pages in a real browser: HITs of every kind done by people, with scripts and without, and pages that attack.

use hitdeck::question::write::html_question;

use super::people::{PASSCODE, Person, invited};
use super::support::{Desk, desk};
use super::task::{FORM, answers, publish};
use super::task_forms::TEST;
use super::webdriver::{DESKTOP, Driver, PHONE, Window};

pub const CROWD: &str = "<!DOCTYPE html><html><head><meta charset=\"utf-8\"></head><body>\
    <script src=\"https://assets.crowd.aws/crowd-html-elements.js\"></script>\
    <crowd-form><crowd-instructions link-text=\"View instructions\" link-type=\"button\"><short-summary>Judge the text.\
    </short-summary><positive-example>Happy: positive.</positive-example></crowd-instructions>\
    <crowd-classifier name=\"sentiment\" categories=\"['Positive', 'Negative']\" header=\"What is the sentiment?\">\
    <classification-target>I loved every minute of it.</classification-target>\
    <short-instructions>Choose the label that fits.</short-instructions>\
    <full-instructions header=\"How to judge\"><p>Read all of it.</p></full-instructions></crowd-classifier>\
    <crowd-radio-group><crowd-radio-button name=\"long\" value=\"yes\">It is long</crowd-radio-button>\
    <crowd-radio-button name=\"short\" value=\"yes\">It is short</crowd-radio-button></crowd-radio-group>\
    <crowd-checkbox name=\"sure\">I am sure</crowd-checkbox>\
    <crowd-input name=\"word\" label=\"A word for it\" required></crowd-input>\
    <crowd-slider name=\"much\" min=\"1\" max=\"9\" value=\"4\"></crowd-slider>\
    <crowd-keypoint name=\"points\" header=\"Mark the eyes\" labels=\"['left','right']\"></crowd-keypoint>\
    </crowd-form></body></html>";

pub const WITHOUT_SCRIPTS: Window = Window { scripts: false, ..DESKTOP };

/// Whoever has signed up in this browser; their worker ID.
pub async fn sign_up(desk: &Desk, driver: &Driver) -> String {
    driver.go(&format!("{}{}", desk.market.endpoint, invited(desk, None).await)).await;
    driver.fill("#passcode", PASSCODE).await;
    driver.fill("#again", PASSCODE).await;
    driver.click("#agree").await;
    driver.click("main button").await;
    driver.text(".me").await.replace("Worker ", "")
}

/// Accepts the next HIT of a group from its preview.
pub async fn accept(desk: &Desk, driver: &Driver, group: &str) {
    driver.go(&format!("{}/work/groups/{group}/preview", desk.market.endpoint)).await;
    driver.click("form[action='/work/accept'] button").await;
    driver.text(".time .left").await;
}

pub const FRAME: Option<&str> = Some("iframe.task-frame");

#[tokio::test]
async fn hits_of_three_kinds_are_done_and_one_is_returned_to_somebody_who_waits() {
    let Some(driver) = Driver::open(DESKTOP).await else { return };
    let desk = desk().await;
    sign_up(&desk, &driver).await;

    // A plain form with Amazon's script. The script around the frame goes on by itself.
    let (hit, group) = publish(&desk, &html_question(FORM), 1).await;
    accept(&desk, &driver, &group).await;
    driver.enter(FRAME).await;
    driver.fill("#word", "jaguar \u{1f406}").await;
    driver.click("#submitButton").await;
    driver.enter(None).await;
    assert_eq!(driver.text("[role=status]").await, "Handed in. Thank you.");
    assert_eq!(answers(&desk, &hit).await, [["word=jaguar \u{1f406}", "tag=a|b"]]);

    // Crowd elements, handed in with the keyboard.
    let (hit, group) = publish(&desk, &html_question(CROWD), 1).await;
    accept(&desk, &driver, &group).await;
    driver.enter(FRAME).await;
    driver.keys("crowd-input input", "great\u{e007}").await;
    assert!(driver.run("return !document.querySelector('crowd-form').checkValidity()").await.as_bool().unwrap());
    assert!(answers(&desk, &hit).await.is_empty(), "a category is required");
    driver.click("crowd-classifier input[value=Positive]").await;
    driver.click("crowd-radio-button[name=short] input").await;
    driver.click("crowd-checkbox label").await;
    driver.keys("crowd-keypoint textarea", "left: here").await;
    driver.keys("crowd-input input", "\u{e007}").await;
    driver.enter(None).await;
    assert_eq!(driver.text("[role=status]").await, "Handed in. Thank you.");
    let listed = desk.client.list_assignments_for_hit().hit_id(&hit).send().await.unwrap();
    let answer = listed.assignments()[0].answer().unwrap();
    let json = "[{\"sentiment\":{\"label\":\"Positive\"},\"long\":{\"yes\":false},\"short\":{\"yes\":true},\
         \"sure\":{\"on\":true},\"word\":\"great\",\"much\":4,\"points\":\"left: here\"}]";
    let expected = format!("<QuestionIdentifier>taskAnswers</QuestionIdentifier><FreeText>{json}</FreeText>");
    assert!(answer.contains(&expected), "{answer}");
    assert_eq!(answer.matches("<Answer>").count(), 1, "{answer}");

    // A form of questions: the browser checks, then the site.
    let (hit, group) = publish(&desk, TEST, 1).await;
    accept(&desk, &driver, &group).await;
    driver.click("input[name=capital][value=paris]").await;
    driver.fill("input[name=age]", "12").await;
    driver.click(".hand-in button").await;
    assert!(driver.text("#q4-error").await.contains("18 or more"));
    driver.fill("input[name=age]", "33").await;
    driver.click(".hand-in button").await;
    assert_eq!(driver.text("[role=status]").await, "Handed in. Thank you.");
    assert_eq!(answers(&desk, &hit).await[0][0], "capital=paris");

    // One is returned; somebody else waits for it.
    let (hit, group) = publish(&desk, &html_question(FORM), 1).await;
    let mut second = Person::new(&desk).await;
    accept(&desk, &driver, &group).await;
    driver.text(".workbar h1").await;
    assert_eq!(second.try_accept(&group).await.status, 409);
    driver.click("details.sure summary").await;
    driver.click("form[action$='/return'] button").await;
    assert!(driver.text("[role=status]").await.contains("somebody else can do it"));
    let assignment = second.accept(&group).await;
    let page = second.browser.open(&format!("/work/assignments/{assignment}")).await;
    let path = page.targets("/task/")[0].to_owned();
    second.browser.post_from(&format!("{path}/mturk/externalSubmit"), &[("word", "mine")], &[]).await.says("Handed in");
    assert_eq!(answers(&desk, &hit).await, [["word=mine"]]);
}

#[tokio::test]
async fn a_plain_form_and_a_question_form_need_no_scripts() {
    let Some(driver) = Driver::open(WITHOUT_SCRIPTS).await else { return };
    let desk = desk().await;
    sign_up(&desk, &driver).await;
    let (hit, group) = publish(&desk, &html_question(FORM), 1).await;
    accept(&desk, &driver, &group).await;
    driver.enter(FRAME).await;
    driver.fill("#word", "ocelot").await;
    driver.click("#submitButton").await;
    assert_eq!(driver.text("h1").await, "Handed in");
    driver.enter(None).await;
    driver.click("#go-on button").await;
    assert_eq!(driver.text("[role=status]").await, "Handed in. Thank you.");
    assert_eq!(answers(&desk, &hit).await, [["word=ocelot", "tag=a|b"]]);
    let (hit, group) = publish(&desk, TEST, 1).await;
    accept(&desk, &driver, &group).await;
    driver.click("input[name=capital][value=rome]").await;
    driver.fill("input[name=age]", "40").await;
    driver.click(".hand-in button").await;
    assert_eq!(driver.text("[role=status]").await, "Handed in. Thank you.");
    assert_eq!(answers(&desk, &hit).await[0][0], "capital=rome");
}

#[tokio::test]
async fn previews_take_no_answers() {
    let Some(driver) = Driver::open(DESKTOP).await else { return };
    let desk = desk().await;
    sign_up(&desk, &driver).await;
    for page in [FORM, CROWD] {
        let (hit, group) = publish(&desk, &html_question(page), 1).await;
        driver.go(&format!("{}/work/groups/{group}/preview?hit={hit}", desk.market.endpoint)).await;
        driver.enter(FRAME).await;
        let button = if page == FORM { "#submitButton" } else { "crowd-button button" };
        driver.text(button).await;
        assert!(driver.run(&format!("return document.querySelector('{button}').disabled")).await.as_bool().unwrap());
        if page == FORM {
            driver.run("document.querySelector('form').submit()").await;
            assert_eq!(driver.text("h1").await, "Accept the HIT first");
        }
        driver.enter(None).await;
        assert!(answers(&desk, &hit).await.is_empty());
    }
}

/// A page that tries everything, and says in its title what came of it.
pub fn attack(site: &str, other: &str) -> String {
    let script = r#"
      const said = {};
      const tried = async (name, what) => { try { said[name] = await what(); } catch (error) { said[name] = 'refused: ' + error.name; } };
      const status = async (path, options) => (await fetch(SITE + path, options)).status;
      (async () => {
        await tried('origin', () => String(self.origin));
        await tried('cookies', () => document.cookie || 'none');
        await tried('storage', () => localStorage.length);
        await tried('parent', () => parent.document.title);
        await tried('top', () => top.location.href);
        await tried('session', () => status('/queue', {credentials: 'include'}));
        await tried('account', () => status('/account', {credentials: 'include'}));
        await tried('api', () => status('/', {method: 'POST', headers: {'X-Amz-Target': 'MTurkRequesterServiceV20170117.GetAccountBalance'}, body: '{}'}));
        await tried('control', () => status('/_control/ledger', {}));
        await tried('control_return', async () => (await fetch(SITE + '/_control/return', {method: 'POST', mode: 'no-cors', body: JSON.stringify({AssignmentId: OTHER})})).type);
        await tried('worker', () => status('/mturk/externalSubmit', {method: 'POST', body: new URLSearchParams({assignmentId: OTHER, word: 'stolen'}), credentials: 'include'}));
        await tried('return', () => status('/work/assignments/' + OTHER + '/return', {method: 'POST', credentials: 'include'}));
        await tried('popup', () => { const w = open(SITE + '/queue'); return w ? w.document.title : 'none'; });
        await tried('navigate', () => { top.location = 'https://evil.example/'; return 'went'; });
        await tried('parentframe', () => { parent.location.href = SITE + '/signout'; return 'went'; });
        await tried('worker_script', () => navigator.serviceWorker ? 'there' : 'none');
        for (const [name, path, method] of [['control', '/_control/submit', 'POST'], ['bare', '/mturk/externalSubmit', 'POST'], ['queue', '/queue', 'GET']]) {
          const frame = document.createElement('iframe');
          frame.name = 'f-' + name;
          document.body.append(frame);
          const form = document.createElement('form');
          Object.assign(form, {method, action: SITE + path, target: frame.name, enctype: 'text/plain'});
          form.innerHTML = '<input name="assignmentId" value="' + OTHER + '"><input name="word" value="stolen">';
          document.body.append(form);
          form.submit();
          await new Promise(done => frame.addEventListener('load', done, {once: true}));
          await tried('frame_' + name, () => frame.contentDocument ? 'read' : 'not readable');
        }
        const out = document.createElement('pre');
        out.id = 'said';
        out.textContent = JSON.stringify(said);
        document.body.append(out);
      })();"#;
    let script = script.replace("SITE", &format!("'{site}'")).replace("OTHER", &format!("'{other}'"));
    let window = r#"<button id="pop" onclick="const w = window.open(SITE + '/account');
        document.body.insertAdjacentHTML('beforeend', '<p id=popped>' + (w === null ? 'severed' : 'reached') + '</p>')">open</button>"#;
    let window = window.replace("SITE", &format!("'{site}'"));
    format!(
        "<!DOCTYPE html><html><body><form action=\"/mturk/externalSubmit\"><input name=word></form>{window}\
         <a id=out target=_top href=\"https://evil.example/\">out</a>\
         <script>{script}</script></body></html>"
    )
}

/// What such a page must not have got hold of, wherever it comes from.
pub fn reached_nothing(said: &serde_json::Value) {
    for (name, expected) in [
        ("parent", "refused: SecurityError"),
        ("top", "refused: SecurityError"),
        ("session", "refused: TypeError"),
        ("account", "refused: TypeError"),
        ("api", "refused: TypeError"),
        ("control", "refused: TypeError"),
        ("control_return", "opaque"),
        ("worker", "refused: TypeError"),
        ("return", "refused: TypeError"),
        ("navigate", "refused: SecurityError"),
        ("parentframe", "refused: SecurityError"),
        ("popup", "none"),
        ("frame_control", "not readable"),
        ("frame_bare", "not readable"),
        ("frame_queue", "not readable"),
    ] {
        assert_eq!(said[name], expected, "{name}: {said}");
    }
}

#[tokio::test]
async fn a_page_that_attacks_reaches_nothing() {
    let Some(driver) = Driver::open(DESKTOP).await else { return };
    let desk = desk().await;
    let site = desk.market.endpoint.clone();
    sign_up(&desk, &driver).await;
    // The worker holds another assignment, and somebody else holds one too.
    let (own_hit, own) = publish(&desk, TEST, 1).await;
    accept(&desk, &driver, &own).await;
    let own = driver.arrives("/work/assignments/").await.rsplit('/').next().unwrap().to_owned();
    let (hit, group) = publish(&desk, &html_question(FORM), 1).await;
    let mut victim = Person::new(&desk).await;
    let other = victim.accept(&group).await;
    for target in [&own, &other] {
        let (_, evil) = publish(&desk, &html_question(&attack(&site, target)), 2).await;
        accept(&desk, &driver, &evil).await;
        let here = driver.arrives("/work/assignments/").await;
        driver.enter(FRAME).await;
        let said = driver.text("#said").await;
        let said: serde_json::Value = serde_json::from_str(&said).unwrap();
        assert_eq!(said["origin"], "null");
        for own in ["cookies", "storage"] {
            assert_eq!(said[own], "refused: SecurityError", "{said}");
        }
        reached_nothing(&said);
        // A window that a person opened is one of the site's, and lost to whoever opened it.
        driver.click("#pop").await;
        assert_eq!(driver.text("#popped").await, "severed");
        driver.click("#out").await;
        driver.enter(None).await;
        assert_eq!(driver.url().await, here, "the page around it stands where it stood");
        let state =
            driver.run(&format!("return fetch('{site}/work/assignments/{own}/state').then(a => a.text())")).await;
        assert_eq!(state, "held", "nothing was returned or handed in");
    }
    assert!(answers(&desk, &hit).await.is_empty() && answers(&desk, &own_hit).await.is_empty());
    assert_eq!(victim.browser.open(&format!("/work/assignments/{other}/state")).await.body, "held");
    // What reached the control interface was refused as a web page's.
    let tally = desk.fetch("/_control/requests").await.1;
    assert_eq!(tally.get("GetAccountBalance").and_then(|counts| counts.get("ok")), None, "{tally}");
}

#[tokio::test]
async fn stored_scripts_stay_text() {
    let Some(driver) = Driver::open(DESKTOP).await else { return };
    let desk = desk().await;
    let site = desk.market.endpoint.clone();
    let worker = sign_up(&desk, &driver).await;
    let nasty = "</title><script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">";
    let escaped = hitdeck::question::write::html_text(nasty);
    let form = TEST.replace("A few questions.", &escaped).replace("Capital of France?", &escaped);
    let form = form.replace(">Paris<", &format!(">{escaped}<"));
    let hit = desk.hit().title("&lt;i>".to_owned() + &nasty[..90]).description(nasty).keywords("<script>x</script>");
    let hit = hit.question(form).max_assignments(1).send().await.unwrap().hit.unwrap();
    let made = desk.client.create_qualification_type().name(nasty).description(nasty).keywords("<script>x</script>");
    let made = made.qualification_type_status("Active".into()).auto_granted(true);
    let made = made.send().await.unwrap().qualification_type.unwrap();
    let group = hit.hit_group_id().unwrap();
    accept(&desk, &driver, group).await;
    let assignment = driver.arrives("/work/assignments/").await.rsplit('/').next().unwrap().to_owned();
    driver.fill("textarea[name=why]", nasty).await;
    driver.fill("input[name=age]", "1").await;
    driver.keys("input[name=capital]", " ").await;
    driver.click(".hand-in button").await;
    assert!(driver.text("#q4-error").await.contains("18 or more"));
    assert_ne!(driver.run("return document.title").await, "owned");
    assert_eq!(driver.run("return document.querySelector('textarea[name=why]').value").await, nasty);
    driver.fill("input[name=age]", "19").await;
    driver.click(".hand-in button").await;
    driver.text("[role=status]").await;
    desk.client.reject_assignment().assignment_id(&assignment).requester_feedback(nasty).send().await.unwrap();
    let letter = desk.client.notify_workers().subject(nasty).message_text(nasty).worker_ids(&worker);
    letter.send().await.unwrap();
    let qualification = made.qualification_type_id().unwrap();
    for path in [
        "/work".to_owned(),
        format!("/work/groups/{group}"),
        "/history".into(),
        format!("/history/{assignment}"),
        "/messages".into(),
        "/qualifications".into(),
        format!("/qualifications/{qualification}"),
        "/statements".into(),
    ] {
        driver.go(&format!("{site}{path}")).await;
        let found = driver
            .run("return [document.title, document.querySelectorAll('img, main script:not([src])').length]")
            .await;
        assert!(found[0] != "owned" && found[1] == 0, "{path}: {found}");
    }
}

/// What each kind of task looks like, where `HITDECK_SCREENSHOTS` names a folder.
#[tokio::test]
async fn pictures() {
    for (name, window) in [("desk", DESKTOP), ("phone", PHONE)] {
        let Some(driver) = Driver::open(window).await else { return };
        let desk = desk().await;
        let worker = sign_up(&desk, &driver).await;
        for (kind, question) in
            [("plain", html_question(FORM)), ("crowd", html_question(CROWD)), ("form", TEST.to_owned())]
        {
            let (_, group) = publish(&desk, &question, 2).await;
            driver.go(&format!("{}/work/groups/{group}/preview", desk.market.endpoint)).await;
            driver.text(".kicker").await;
            driver.picture(&format!("task-{kind}-{name}-preview")).await;
            driver.click("form[action='/work/accept'] button").await;
            driver.text(".time .left").await;
            for dark in [false, true] {
                driver.dark(dark).await;
                let light = if dark { "dark" } else { "light" };
                driver.picture(&format!("task-{kind}-{name}-{light}")).await;
            }
            driver.dark(false).await;
            if kind == "form" {
                driver.run("document.querySelector('form.task-form').noValidate = true").await;
                driver.click(".hand-in button").await;
                driver.text(".qf-summary").await;
                driver.picture(&format!("task-{kind}-{name}-errors")).await;
            } else {
                driver.enter(FRAME).await;
                driver.run("document.querySelector('crowd-form, form').id").await;
                driver.enter(None).await;
            }
            let width = driver.run("return document.documentElement.scrollWidth - window.innerWidth").await;
            assert!(width.as_i64().unwrap() <= 0, "{kind} on a {name} is too wide by {width}");
        }
        let hit = desk.hit().title("Summarise a short text").send().await.unwrap().hit.unwrap();
        let done = desk.work(hit.hit_id().unwrap(), &worker).await;
        desk.client.approve_assignment().assignment_id(&done).send().await.unwrap();
        let bonus = desk.client.send_bonus().worker_id(&worker).assignment_id(&done).bonus_amount("1.20");
        bonus.reason("good").send().await.unwrap();
        for (path, picture) in [("/statements", "statements"), ("/statements/owed", "statement")] {
            driver.go(&format!("{}{path}", desk.market.endpoint)).await;
            driver.text("h1").await;
            driver.picture(&format!("{picture}-{name}")).await;
        }
    }
}

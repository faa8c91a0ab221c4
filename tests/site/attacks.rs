//! What an attacker does to workers and to the site: all of it refused.

use std::time::Duration;

use axum::http::Method;

use super::browser::Browser;
use super::people::{PASSCODE, Person, invited};
use super::support::{Desk, desk};

/// Every path of the site that changes something, with what a worker's own page would send.
fn changing(hit_group: &str, assignment: &str) -> Vec<(String, Vec<(&'static str, String)>)> {
    let none = Vec::new;
    vec![
        ("/work/accept".into(), vec![("group", hit_group.to_owned())]),
        ("/work/auto".into(), vec![("on", "1".into())]),
        ("/work/go-on".into(), vec![("assignment", assignment.to_owned())]),
        (format!("/work/assignments/{assignment}/return"), none()),
        (format!("/history/{assignment}/answer"), vec![("text", "no".into())]),
        ("/qualifications/3QUAL/request".into(), none()),
        ("/account/profile".into(), vec![("country", "DE".into())]),
        (
            "/account/passcode".into(),
            vec![
                ("current", PASSCODE.into()),
                ("passcode", "stolen passcode".into()),
                ("again", "stolen passcode".into()),
            ],
        ),
        ("/account/sessions".into(), none()),
        ("/account/hook".into(), vec![("hook", "http://127.0.0.1:1/steal".into())]),
        ("/signout".into(), none()),
    ]
}

#[tokio::test]
async fn a_form_of_another_site_changes_nothing() {
    let desk = desk().await;
    let hit = desk.published().await;
    let mut person = Person::new(&desk).await;
    let assignment = person.accept(hit.hit_group_id().unwrap()).await;
    let csrf = person.browser.open("/account").await.csrf().to_owned();
    let mut stranger = Person::new(&desk).await;
    let strange = stranger.browser.open("/account").await.csrf().to_owned();
    for (path, fields) in changing(hit.hit_group_id().unwrap(), &assignment) {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let with = |secret| [&[("csrf", secret)], fields.as_slice()].concat();
        for (what, fields, headers) in [
            ("without the secret", fields.clone(), vec![]),
            ("with an empty secret", with(""), vec![]),
            ("with another worker's secret", with(strange.as_str()), vec![]),
            ("from another origin", with(csrf.as_str()), vec![("origin", "https://evil.example")]),
            ("from a frame without origin", with(csrf.as_str()), vec![("origin", "null")]),
            ("from another site", with(csrf.as_str()), vec![("sec-fetch-site", "cross-site")]),
            ("from a sister site", with(csrf.as_str()), vec![("sec-fetch-site", "same-site")]),
        ] {
            let page = person.browser.post_from(&path, &fields, &headers).await;
            assert_eq!(page.status, 403, "{path} {what}: {}", page.text());
        }
        let text =
            person.browser.send(Method::POST, &path, &[("content-type", "text/plain")], &format!("csrf={csrf}")).await;
        assert_eq!(text.status, 415, "{path} as text, which any page may send");
        let get = person.browser.fetch(&format!("{path}?csrf={csrf}")).await;
        assert!(get.status != 303 || path == "/signout", "{path} by a link: {}", get.status);
    }
    let page = person.browser.open("/queue").await;
    page.says("Tag an image").says("Queue 1");
    assert_eq!(desk.market.service.worker_account(&person.worker).await.unwrap().unwrap().hook, None);
}

#[tokio::test]
async fn nobody_is_signed_in_by_somebody_elses_form() {
    let desk = desk().await;
    let attacker = Person::new(&desk).await;
    let mut victim = Browser::at(&desk.market.endpoint);
    victim.open("/signin").await;
    let mut own = Browser::at(&desk.market.endpoint);
    let secret = own.open("/signin").await.csrf().to_owned();
    let fields = [("csrf", secret.as_str()), ("worker", attacker.worker.as_str()), ("passcode", PASSCODE)];
    assert_eq!(victim.post_from("/signin", &fields, &[]).await.status, 403, "the attacker's secret");
    assert!(!victim.cookies.contains_key("hitdeck_session"));
}

#[tokio::test]
async fn a_session_that_somebody_else_chose_is_not_signed_in() {
    let desk = desk().await;
    let mut person = Person::new(&desk).await;
    let chosen = "ab".repeat(32);
    for planted in [chosen.clone(), "x".into(), person.browser.cookies["hitdeck_session"].clone()] {
        let mut browser = Browser::at(&desk.market.endpoint);
        browser.cookies.insert("hitdeck_session".into(), planted.clone());
        if planted == person.browser.cookies["hitdeck_session"] {
            // The victim signs in anew over a session that the attacker knows: that one is over.
            let page = browser.open("/account").await;
            let fields = [("csrf", page.csrf()), ("worker", person.worker.as_str()), ("passcode", PASSCODE)];
            browser.post("/signin", &fields).await;
        } else {
            let page = browser.open("/signin").await;
            assert_eq!(page.status, 200);
            let fields = [("worker", person.worker.as_str()), ("passcode", PASSCODE)];
            assert_eq!(browser.press(&page, "/signin", &fields).await.path, "/work");
        }
        assert_ne!(browser.cookies["hitdeck_session"], planted, "another secret at sign-in");
        let mut attacker = Browser::at(&desk.market.endpoint);
        attacker.cookies.insert("hitdeck_session".into(), planted);
        assert_eq!(attacker.fetch("/work").await.status, 303);
    }
    assert_eq!(person.browser.fetch("/work").await.status, 303, "signing in anew has ended what was there");
}

#[tokio::test]
async fn whether_a_worker_exists_is_told_to_nobody() {
    let desk = desk().await;
    let person = Person::new(&desk).await;
    desk.work(desk.published().await.hit_id().unwrap(), "A1WITHOUTACCOUNT").await;
    let mut answers = Vec::new();
    for worker in [person.worker.as_str(), "A1WITHOUTACCOUNT", "A1NOBODYATALL", "not an id", ""] {
        let mut browser = Browser::at(&desk.market.endpoint);
        let page = browser.open("/signin").await;
        let page = browser.press(&page, "/signin", &[("worker", worker), ("passcode", "wrong passcode")]).await;
        let words = page.text().replace(worker, "");
        answers.push((page.status, words, page.headers.keys().map(ToString::to_string).collect::<Vec<_>>()));
    }
    for answer in &answers {
        assert_eq!(answer, &answers[0]);
    }
    assert_eq!(answers[0].0, 401);
}

#[tokio::test]
async fn guessing_passcodes_is_slowed_down_whoever_it_is_about() {
    let desk = desk().await;
    let mut person = Person::new(&desk).await;
    let mut outcomes = Vec::new();
    for worker in [person.worker.as_str(), "A1NOBODYATALL"] {
        let mut browser = Browser::at(&desk.market.endpoint);
        let form = browser.open("/signin").await;
        let mut statuses = Vec::new();
        for n in 0..8 {
            let guess = format!("guess number {n}");
            let page = browser.press(&form, "/signin", &[("worker", worker), ("passcode", &guess)]).await;
            statuses.push(page.status);
            if page.status == 429 {
                assert!(page.header("retry-after").parse::<u64>().unwrap() >= 1);
                page.says("Too many attempts.");
            }
        }
        // The right one is not looked at either while one has to wait.
        let page = browser.press(&form, "/signin", &[("worker", worker), ("passcode", PASSCODE)]).await;
        statuses.push(page.status);
        outcomes.push(statuses);
    }
    assert_eq!(outcomes[0], outcomes[1], "the same for a worker who is not there");
    assert!(outcomes[0].iter().filter(|status| **status == 401).count() <= 6, "{outcomes:?}");
    assert_eq!(outcomes[0].last(), Some(&429));
    assert_eq!(person.browser.open("/work").await.status, 200, "who is signed in works on");
}

#[tokio::test]
async fn links_lead_nowhere_else() {
    let desk = desk().await;
    let person = Person::new(&desk).await;
    for target in [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/%09/evil.example\t",
        "javascript:alert(1)",
        "\\\\evil",
    ] {
        let mut browser = Browser::at(&desk.market.endpoint);
        let page = browser
            .open(&format!("/signin?next={}", form_urlencoded::byte_serialize(target.as_bytes()).collect::<String>()))
            .await;
        page.says_nothing_of("evil").says_nothing_of("alert(1)");
        let fields =
            [("csrf", page.csrf()), ("worker", person.worker.as_str()), ("passcode", PASSCODE), ("next", target)];
        let answer = browser.post_from("/signin", &fields, &[]).await;
        assert_eq!((answer.status, answer.header("location")), (303, "/work"), "{target}");
    }
    let mut browser = Browser::at(&desk.market.endpoint);
    for path in
        ["/mturk/preview?groupId=//evil.example", "/mturk/preview?groupId=../../signout", "/projects/%2F%2Fevil/tasks"]
    {
        assert_eq!(browser.fetch(path).await.status, 404, "{path}");
    }
    let hostile = browser.send(Method::GET, "/work", &[("host", "evil.example"), ("accept", "text/html")], "").await;
    assert_eq!(hostile.header("location"), "/signin", "no address is made of the Host header");
}

#[tokio::test]
async fn every_answer_protects_whoever_sees_it() {
    let desk = desk().await;
    let hit = desk.published().await;
    let mut person = Person::new(&desk).await;
    let assignment = person.accept(hit.hit_group_id().unwrap()).await;
    let work = format!("/work/assignments/{assignment}");
    let css = person.browser.open("/").await.targets("/site/")[0].clone();
    let paths =
        ["/", "/privacy", "/signin", "/work", &work, "/queue", "/history", "/account", "/nowhere", "/join/x", &css];
    for path in paths {
        let page = person.browser.fetch(path).await;
        let policy = page.header("content-security-policy");
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
        assert!(policy.contains("base-uri 'none'") && !policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(page.header("x-frame-options"), "DENY", "{path}");
        assert_eq!(page.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(page.header("referrer-policy"), "same-origin", "{path}");
        let kept = page.header("cache-control");
        assert!(kept == "no-store" || path == css, "{path}: {kept}");
    }
    let page = person.browser.open("/work").await;
    assert!(!page.body.contains("<script>") && !page.body.contains(" onclick"), "no script stands in a page");
}

/// Whoever leads a frame to an address of the site sees nothing there, or a page without an origin.
#[tokio::test]
async fn nothing_of_the_site_has_an_origin_in_a_frame() {
    let desk = desk().await;
    let (hit, group) = super::task::publish(
        &desk,
        &hitdeck::question::write::html_question("<p>Do it.</p><form><input name=a></form>"),
        1,
    )
    .await;
    let mut person = Person::new(&desk).await;
    person.browser.open(&format!("/work/groups/{group}/preview")).await;
    let assignment = person.accept(&group).await;
    let (_, task) = super::task::framed(&mut person, &assignment).await;
    let over = format!("/task/{}", "0".repeat(64));
    let mut paths: Vec<String> = [
        "/",
        "/privacy",
        "/signin",
        "/signout",
        "/join/x",
        "/work",
        "/queue",
        "/history",
        "/qualifications",
        "/messages",
        "/account",
        "/account/export",
        "/statements",
        "/statements/owed",
        "/statements/owed/csv",
        "/nowhere",
        "/healthz",
        "/_control/ledger",
        "/_control/clock",
        "/crowd/task.js",
        "/crowd/externalHIT_v1.js",
        "/mturk/externalSubmit",
        "/mturk/preview",
        "/projects/x/tasks",
    ]
    .map(str::to_owned)
    .into();
    paths.extend(person.browser.open("/").await.targets("/site/"));
    paths.extend([
        format!("/work/groups/{group}"),
        format!("/work/groups/{group}/preview"),
        format!("/work/hits/{hit}"),
    ]);
    paths.extend([format!("/work/assignments/{assignment}"), format!("/work/assignments/{assignment}/state")]);
    let framed = [
        task.clone(),
        format!("{task}/page"),
        format!("/preview/{hit}"),
        format!("/preview/{hit}/page"),
        over.clone(),
        format!("{over}/page"),
        format!("{over}/mturk/externalSubmit"),
        "/preview/mturk/externalSubmit".into(),
    ];
    let form = [("content-type", "text/plain")];
    for (path, method) in paths.iter().chain(&framed).flat_map(|path| [(path, Method::GET), (path, Method::POST)]) {
        let page = person.browser.send(method.clone(), path, &form, "").await;
        let policy = page.header("content-security-policy");
        let sandboxed = policy.starts_with("sandbox ") && !policy.contains("allow-same-origin");
        let refused = policy.contains("frame-ancestors 'none'") && page.header("x-frame-options") == "DENY";
        assert!(sandboxed || refused, "{method} {path} ({}): {policy}", page.status);
        assert!(!sandboxed || framed.contains(path) || path == "/mturk/externalSubmit", "{path} is no task's");
        assert_eq!(page.header("x-content-type-options"), "nosniff", "{method} {path}");
    }
}

#[tokio::test]
async fn cookies_are_for_the_site_alone() {
    let desk = desk().await;
    let link = invited(&desk, None).await;
    let mut browser = Browser::at(&desk.market.endpoint);
    let page = browser.open(&link).await;
    let fields = [("csrf", page.csrf()), ("passcode", PASSCODE), ("again", PASSCODE), ("agree", "1")];
    let page = browser.post_from(&link, &fields, &[]).await;
    let cookies: Vec<&str> = page.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap()).collect();
    assert!(cookies.iter().any(|cookie| cookie.starts_with("hitdeck_session=")), "{cookies:?}");
    for cookie in cookies {
        assert!(
            cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Path=/"),
            "{cookie}"
        );
    }
}

#[tokio::test]
async fn the_control_interface_is_closed_to_browsers() {
    let desk = desk().await;
    let mut browser = Browser::at(&desk.market.endpoint);
    for headers in [[("origin", "null")], [("sec-fetch-site", "same-origin")], [("host", "evil.example")]] {
        let page = browser.send(Method::POST, "/_control/clock", &headers, "{\"advance_seconds\":1}").await;
        assert_eq!(page.status, 403, "{headers:?}");
    }
}

#[tokio::test]
async fn somebody_elses_work_is_out_of_reach() {
    let desk = desk().await;
    let hit = desk.published().await;
    let mut victim = Person::new(&desk).await;
    let mut attacker = Person::new(&desk).await;
    let assignment = victim.accept(hit.hit_group_id().unwrap()).await;
    let page = attacker.browser.open("/account").await;
    for path in [
        format!("/work/assignments/{assignment}"),
        format!("/work/assignments/{assignment}/state"),
        format!("/history/{assignment}"),
    ] {
        let seen = attacker.browser.open(&path).await;
        assert!(seen.status == 404 || seen.body == "over", "{path}: {}", seen.text());
    }
    for path in [
        format!("/work/assignments/{assignment}/return"),
        format!("/history/{assignment}/answer"),
        "/work/go-on".to_owned(),
    ] {
        let fields = [("assignment", assignment.as_str()), ("text", "mine")];
        assert_eq!(attacker.browser.press(&page, &path, &fields).await.status, 404, "{path}");
    }
    victim.browser.open("/queue").await.says("Tag an image");
}

/// What would run if it was ever taken for more than text.
const SCRIPT: &str =
    "</title></textarea></script><script>alert(1)</script><img src=x onerror=alert(2)>\"'><svg onload=alert(3)>{{7*7}}";

async fn hostile_hit(desk: &Desk, qualification: &str) -> aws_sdk_mturk::types::Hit {
    let required = aws_sdk_mturk::types::QualificationRequirement::builder()
        .qualification_type_id(qualification)
        .comparator(aws_sdk_mturk::types::Comparator::Exists)
        .actions_guarded(aws_sdk_mturk::types::HitAccessActions::Accept)
        .build()
        .unwrap();
    let hit =
        desk.hit().title(&SCRIPT[..100]).description(SCRIPT).keywords(SCRIPT).qualification_requirements(required);
    hit.send().await.unwrap().hit.unwrap()
}

#[tokio::test]
async fn scripts_in_texts_stay_texts() {
    let desk = desk().await;
    let made =
        desk.client.create_qualification_type().name(SCRIPT).description(SCRIPT).keywords("<script>alert(4)</script>");
    let made = made.qualification_type_status("Active".into()).send().await.unwrap().qualification_type.unwrap();
    let qualification = made.qualification_type_id().unwrap();
    let hit = hostile_hit(&desk, qualification).await;
    let mut person = Person::new(&desk).await;
    let page = person.browser.open(&format!("/qualifications/{qualification}")).await;
    let asked = person.browser.press(&page, &format!("/qualifications/{qualification}/request"), &[]).await;
    assert_eq!(asked.status, 200);
    let grant = desk.client.associate_qualification_with_worker().qualification_type_id(qualification);
    grant.worker_id(person.worker.as_str()).send_notification(true).send().await.unwrap();
    let assignment = person.accept(hit.hit_group_id().unwrap()).await;
    let queue = person.browser.open("/queue").await;
    desk.post("/_control/submit", &format!("{{\"AssignmentId\":\"{assignment}\",\"Fields\":{{\"a\":\"b\"}}}}")).await;
    desk.client.reject_assignment().assignment_id(&assignment).requester_feedback(SCRIPT).send().await.unwrap();
    let bonus = desk.client.send_bonus().worker_id(person.worker.as_str()).assignment_id(&assignment);
    bonus.bonus_amount("0.10").reason(SCRIPT).unique_request_token("t").send().await.unwrap();
    let letter = desk.client.notify_workers().subject(SCRIPT).message_text(SCRIPT);
    letter.worker_ids(person.worker.as_str()).send().await.unwrap();
    let revoke = desk.client.disassociate_qualification_from_worker().qualification_type_id(qualification);
    revoke.worker_id(person.worker.as_str()).reason(SCRIPT).send().await.unwrap();
    let done = format!("/history/{assignment}");
    let page = person.browser.open(&done).await;
    let answered = person.browser.press(&page, &format!("{done}/answer"), &[("text", SCRIPT)]).await;
    desk.market
        .service
        .suspend(&person.worker, Some(SCRIPT.into()), hitdeck::market::clock::wall_millis())
        .await
        .unwrap();
    let mut pages = vec![queue, answered];
    let group = format!("/work/groups/{}", hit.hit_group_id().unwrap());
    let search = format!("/work?q={}", form_urlencoded::byte_serialize(SCRIPT.as_bytes()).collect::<String>());
    let types = search.replace("/work", "/qualifications");
    for path in
        ["/work", "/queue", "/history", "/qualifications", "/messages", "/account", &group, &done, &search, &types]
    {
        pages.push(person.browser.open(path).await);
    }
    let mut shown = 0;
    for page in &pages {
        for live in ["<script>alert", "<img src=x", "<svg onload", "</textarea></script>", "{{7*7}}", " 49"] {
            let found = page.body.replace("{{7*7}}", "").contains(live) && live != " 49";
            assert!(!found, "{}: {live} is in: {}", page.path, page.body);
        }
        shown += usize::from(page.body.contains("&lt;script&gt;alert(1)"));
    }
    assert!(shown >= pages.len() - 1, "the texts are shown, as texts: {shown} of {}", pages.len());
}

#[tokio::test]
async fn many_requests_of_one_worker_are_slowed_down() {
    let desk = desk().await;
    let mut person = Person::new(&desk).await;
    let begun = std::time::Instant::now();
    let mut refused = None;
    for _ in 0..2_000 {
        let page = person.browser.fetch("/work/assignments/3NONE/state").await;
        if page.status == 429 {
            refused = Some(page);
            break;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "never refused");
    }
    if let Some(page) = refused {
        assert_eq!(page.header("retry-after"), "1");
    } else {
        assert!(begun.elapsed() > Duration::from_secs(40), "2,000 requests came through in {:?}", begun.elapsed());
    }
}

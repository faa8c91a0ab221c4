//! Requesters' pages in plain HTTP: what is served, what is handed in, and under which path.

use axum::http::Method;
use hitdeck::question::answer;
use hitdeck::question::write::html_question;

use super::browser::{Browser, Page};
use super::people::Person;
use super::support::{Desk, desk};

pub const FORM: &str = "<!DOCTYPE html><html><head><title>t</title></head><body>\
    <script src=\"https://s3.amazonaws.com/mturk-public/externalHIT_v1.js\"></script>\
    <form id=\"mturk_form\" method=\"post\" action=\"https://www.mturk.com/mturk/externalSubmit\">\
    <input type=\"hidden\" id=\"assignmentId\" name=\"assignmentId\" value=\"\">\
    <input id=\"word\" name=\"word\"><label><input type=\"checkbox\" name=\"tag\" value=\"a\" checked>a</label>\
    <label><input type=\"checkbox\" name=\"tag\" value=\"b\" checked>b</label>\
    <input type=\"submit\" id=\"submitButton\" value=\"Submit\"></form>\
    <script>turkSetAssignmentID();</script></body></html>";

/// A HIT with this question for so many workers; its ID and its group.
pub async fn publish(desk: &Desk, question: &str, workers: i32) -> (String, String) {
    let hit = desk.hit().question(question).max_assignments(workers).send().await.unwrap().hit.unwrap();
    (hit.hit_id().unwrap().to_owned(), hit.hit_group_id().unwrap().to_owned())
}

/// What was handed in for a HIT: `name=value`, in order.
pub async fn answers(desk: &Desk, hit: &str) -> Vec<Vec<String>> {
    let listed = desk.client.list_assignments_for_hit().hit_id(hit).send().await.unwrap();
    let fields = |xml: &str| {
        let answer = answer::decode(xml);
        assert_eq!(answer.problem, None);
        answer.fields.iter().map(|field| format!("{}={}", field.name, field.value.text())).collect()
    };
    listed.assignments().iter().map(|assignment| fields(assignment.answer().unwrap())).collect()
}

/// The page of an assignment, and where its frame leads.
pub async fn framed(person: &mut Person, assignment: &str) -> (Page, String) {
    let page = person.browser.open(&format!("/work/assignments/{assignment}")).await;
    let path = page.targets("/task/").first().map(|path| (*path).to_owned());
    (page, path.unwrap_or_default())
}

/// Whoever has no cookies: what runs in a frame without an origin.
fn nobody(desk: &Desk) -> Browser {
    Browser::at(&desk.market.endpoint)
}

const SANDBOXED: [(&str, &str); 2] = [("origin", "null"), ("sec-fetch-site", "cross-site")];

#[tokio::test]
async fn a_page_has_a_path_of_its_own_and_no_origin() {
    let desk = desk().await;
    let (hit, group) = publish(&desk, &html_question(FORM), 1).await;
    let mut person = Person::new(&desk).await;
    let assignment = person.accept(&group).await;
    let (page, path) = framed(&mut person, &assignment).await;
    assert_eq!(path.len(), "/task/".len() + 64);
    let sandbox = page.between("sandbox=\"", "\"").unwrap();
    assert!(
        sandbox.contains("allow-scripts") && !sandbox.contains("same-origin") && !sandbox.contains("top-navigation")
    );
    assert!(page.header("content-security-policy").contains("frame-src 'self';"));
    assert_eq!(framed(&mut person, &assignment).await.1, path, "loaded again, it is the same");

    let mut frame = nobody(&desk);
    let led = frame.fetch(&path).await;
    let site = desk.market.endpoint.clone();
    let encoded: String = form_urlencoded::byte_serialize(format!("{site}{path}").as_bytes()).collect();
    let query = format!("assignmentId={assignment}&hitId={hit}&workerId={}&turkSubmitTo={encoded}", person.worker);
    assert_eq!((led.status, led.header("location")), (303, format!("{site}{path}/page?{query}").as_str()));
    let shown = frame.fetch(&format!("{path}/page?{query}")).await;
    assert_eq!(shown.status, 200);
    let policy = shown.header("content-security-policy");
    assert!(policy.starts_with("sandbox allow-scripts") && !policy.contains("allow-same-origin"), "{policy}");
    assert!(policy.contains("frame-ancestors 'self'"), "{policy}");
    assert_eq!(shown.header("referrer-policy"), "strict-origin", "the path is told to nobody");
    assert!(shown.body.contains(&format!("action=\"{site}{path}/mturk/externalSubmit\"")), "{}", shown.body);
    assert!(shown.body.contains(&format!("src=\"{site}/crowd/externalHIT_v1.js\"")), "{}", shown.body);
    for file in ["externalHIT_v1.js", "crowd-html-elements.js"] {
        let script = frame.fetch(&format!("/crowd/{file}")).await;
        assert!(script.header("content-type").starts_with("text/javascript") && script.body.len() > 500);
    }
}

#[tokio::test]
async fn what_is_handed_in_is_kept_and_the_path_is_over() {
    let desk = desk().await;
    let (hit, group) = publish(&desk, &html_question(FORM), 1).await;
    let mut person = Person::new(&desk).await;
    let assignment = person.accept(&group).await;
    let (page, path) = framed(&mut person, &assignment).await;
    let submit = format!("{path}/mturk/externalSubmit");
    let mut frame = nobody(&desk);
    let fields = [("assignmentId", assignment.as_str()), ("word", "naïve \u{1f600} <b>"), ("tag", "a"), ("tag", "b")];
    let answer = frame.post_from(&submit, &fields, &SANDBOXED).await;
    assert_eq!(answer.status, 200);
    answer.says("Handed in");
    assert!(answer.header("content-security-policy").starts_with("sandbox "));
    assert_eq!(answers(&desk, &hit).await, [["word=naïve \u{1f600} <b>", "tag=a|b"]]);
    for (method, gone) in [(Method::GET, &path), (Method::GET, &format!("{path}/page")), (Method::POST, &submit)] {
        let page = frame.send(method, gone, &[], "word=again").await;
        assert_eq!(page.status, 410, "{gone}");
        page.says("This task is over");
    }
    assert_eq!(answers(&desk, &hit).await.len(), 1);
    // The page around the frame goes on by itself, or by its button.
    let state = person.browser.open(&format!("/work/assignments/{assignment}/state")).await;
    assert_eq!(state.body, "over");
    person.browser.press(&page, "/work/go-on", &[("assignment", &assignment)]).await.says("Handed in. Thank you.");
}

#[tokio::test]
async fn a_path_ends_with_its_acceptance_and_the_next_worker_gets_another() {
    let desk = desk().await;
    let (hit, group) = publish(&desk, &html_question(FORM), 1).await;
    let mut first = Person::new(&desk).await;
    let mut second = Person::new(&desk).await;
    let assignment = first.accept(&group).await;
    let (page, old) = framed(&mut first, &assignment).await;
    first.browser.press(&page, &format!("/work/assignments/{assignment}/return"), &[]).await;
    assert_eq!(nobody(&desk).fetch(&old).await.status, 410);
    assert_eq!(second.accept(&group).await, assignment, "the same AssignmentId");
    let (_, new) = framed(&mut second, &assignment).await;
    assert_ne!(old, new);
    let fields = [("assignmentId", assignment.as_str()), ("word", "stolen")];
    for (path, status) in [(&old, 410), (&format!("/task/{}", "0".repeat(64)), 410)] {
        let page = nobody(&desk).post_from(&format!("{path}/mturk/externalSubmit"), &fields, &[]).await;
        assert_eq!(page.status, status, "{path}");
    }
    assert!(answers(&desk, &hit).await.is_empty());
    // Returned behind the site's back, or left until its time is over: that ends it too.
    desk.post("/_control/return", &format!("{{\"AssignmentId\":\"{assignment}\"}}")).await;
    assert_eq!(nobody(&desk).fetch(&new).await.status, 410);
    let third = first.accept(&group).await;
    let (_, path) = framed(&mut first, &third).await;
    desk.advance(601).await;
    assert_eq!(nobody(&desk).fetch(&path).await.status, 410);
    let late = nobody(&desk).post_from(&format!("{path}/mturk/externalSubmit"), &[("word", "late")], &[]).await;
    assert_eq!((late.status, answers(&desk, &hit).await.len()), (410, 0));
}

#[tokio::test]
async fn one_assignment_is_not_handed_in_through_the_path_of_another() {
    let desk = desk().await;
    let (hit, group) = publish(&desk, &html_question(FORM), 2).await;
    let mut attacker = Person::new(&desk).await;
    let mut victim = Person::new(&desk).await;
    let (own, other) = (attacker.accept(&group).await, victim.accept(&group).await);
    let (_, path) = framed(&mut attacker, &own).await;
    let submit = format!("{path}/mturk/externalSubmit");
    let page = nobody(&desk).post_from(&submit, &[("assignmentId", &other), ("word", "x")], &[]).await;
    assert_eq!(page.status, 403);
    page.says("another assignment");
    // With their own session neither, by any path that takes answers.
    let fields = [("assignmentId", other.as_str()), ("word", "x")];
    assert_eq!(attacker.browser.post_from("/mturk/externalSubmit", &fields, &[]).await.status, 404);
    let page = attacker.browser.open("/account").await;
    let page = attacker.browser.press(&page, &format!("/work/assignments/{other}/answers"), &[("word", "x")]).await;
    assert_eq!(page.status, 404);
    assert!(answers(&desk, &hit).await.is_empty());
}

#[tokio::test]
async fn amazons_bare_path_is_for_the_worker_who_holds_the_assignment() {
    let desk = desk().await;
    let (hit, group) = publish(&desk, &html_question(FORM), 1).await;
    let mut person = Person::new(&desk).await;
    let assignment = person.accept(&group).await;
    let fields = [("assignmentId", assignment.as_str()), ("word", "x")];
    let bare = "/mturk/externalSubmit";
    assert_eq!(nobody(&desk).post_from(bare, &fields, &[]).await.status, 403);
    for headers in [&SANDBOXED[..], &[("sec-fetch-site", "cross-site")], &[("origin", "https://evil.example")]] {
        assert_eq!(person.browser.post_from(bare, &fields, headers).await.status, 403, "{headers:?}");
    }
    let by_link = format!("{bare}?assignmentId={assignment}&word=x");
    let page = person.browser.send(Method::GET, &by_link, &[("sec-fetch-site", "cross-site")], "").await;
    assert_eq!(page.status, 403, "a link of somebody else's");
    let preview = person.browser.post_from(bare, &[("assignmentId", "ASSIGNMENT_ID_NOT_AVAILABLE")], &[]).await;
    assert_eq!(preview.status, 403);
    assert_eq!(person.browser.post_from(bare, &[("word", "x")], &[]).await.status, 400);
    assert!(answers(&desk, &hit).await.is_empty());
    assert_eq!(person.browser.post(bare, &fields).await.path, format!("/history/{assignment}"));
    assert_eq!(answers(&desk, &hit).await, [["word=x"]]);
}

#[tokio::test]
async fn forms_come_in_every_way() {
    let desk = desk().await;
    let plain = ("content-type", "application/x-www-form-urlencoded");
    let parts = "--X\r\nContent-Disposition: form-data; name=\"w\"\r\n\r\nzwei\r\n--X\r\nContent-Disposition: form-data; \
                 name=\"f\"; filename=\"cat.png\"\r\n\r\nPNG\r\n--X--\r\n";
    let long = format!("w={}", "%C3%A9".repeat(1 << 19));
    for (method, query, kind, body, expected) in [
        (Method::GET, "?w=1%202&w=3", plain, "", vec!["w=1 2|3".to_owned()]),
        (Method::POST, "?q=1", plain, "w=2", vec!["q=1".to_owned(), "w=2".into()]),
        (Method::POST, "", plain, "_charset_=Shift_JIS&w=%93%FA%96%7B", vec!["w=日本".into()]),
        (Method::POST, "", plain, "w=caf%E9+cr%E8me+br%FBl%E9e", vec!["w=café crème brûlée".into()]),
        (
            Method::POST,
            "",
            ("content-type", "multipart/form-data; boundary=X"),
            parts,
            vec!["w=zwei".into(), "f=cat.png".into()],
        ),
        (Method::POST, "", ("content-type", "text/plain"), "w=a b\r\n", vec!["w=a b".into()]),
        (Method::POST, "", plain, "%D9%85=%E2%80%8F%D9%85%00%1B", vec!["\u{645}=\u{200f}\u{645}".into()]),
        (Method::POST, "", plain, &long, vec![format!("w={}", "é".repeat(1 << 19))]),
    ] {
        let (hit, group) = publish(&desk, &html_question(FORM), 1).await;
        let mut person = Person::new(&desk).await;
        let assignment = person.accept(&group).await;
        let (_, path) = framed(&mut person, &assignment).await;
        let page = nobody(&desk).send(method, &format!("{path}/mturk/externalSubmit{query}"), &[kind], body).await;
        assert_eq!(page.status, 200, "{}", page.text());
        let found = answers(&desk, &hit).await;
        assert!(
            found == [expected.as_slice()],
            "{:?}",
            &found.iter().flatten().map(|f| f.chars().take(40).collect::<String>()).collect::<Vec<_>>()
        );
    }
}

#[tokio::test]
async fn a_preview_hands_nothing_in() {
    let desk = desk().await;
    let (hit, group) = publish(&desk, &html_question(FORM), 1).await;
    let mut person = Person::new(&desk).await;
    let page = person.browser.open(&format!("/mturk/preview?groupId={group}")).await;
    let path = page.targets("/preview/")[0].to_owned();
    assert_eq!(path, format!("/preview/{hit}"));
    let led = person.browser.fetch(&path).await;
    let target = led.header("location").strip_prefix(&desk.market.endpoint).unwrap().to_owned();
    let submit_to: String =
        form_urlencoded::byte_serialize(format!("{}/preview", desk.market.endpoint).as_bytes()).collect();
    assert_eq!(
        target,
        format!("{path}/page?assignmentId=ASSIGNMENT_ID_NOT_AVAILABLE&hitId={hit}&turkSubmitTo={submit_to}")
    );
    let shown = person.browser.fetch(&target).await;
    assert!(shown.header("content-security-policy").starts_with("sandbox "));
    assert!(shown.body.contains("/preview/mturk/externalSubmit\""), "{}", shown.body);
    let fields = [("assignmentId", "ASSIGNMENT_ID_NOT_AVAILABLE"), ("word", "x")];
    let page = nobody(&desk).post_from("/preview/mturk/externalSubmit", &fields, &SANDBOXED).await;
    assert_eq!(page.status, 403);
    page.says("Accept the HIT first");
    let led = nobody(&desk).fetch(&path).await;
    assert!(led.header("location").starts_with("/signin"), "for workers only: {led:?}");
}

#[tokio::test]
async fn other_sites_pages_get_what_is_documented() {
    let desk = desk().await;
    let question = "<ExternalQuestion xmlns=\"http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2006-07-14/\
         ExternalQuestion.xsd\"><ExternalURL>https://tasks.example/do?a=1&amp;b=2</ExternalURL><FrameHeight>640</FrameHeight>\
         </ExternalQuestion>";
    let (hit, group) = publish(&desk, question, 1).await;
    let mut person = Person::new(&desk).await;
    person.browser.open(&format!("/work/groups/{group}/preview")).await;
    let led = person.browser.fetch(&format!("/preview/{hit}")).await;
    assert!(
        led.header("location").starts_with("https://tasks.example/do?a=1&b=2&assignmentId=ASSIGNMENT_ID_NOT_AVAILABLE")
    );
    assert!(!led.header("location").contains("workerId"));
    let assignment = person.accept(&group).await;
    let (page, path) = framed(&mut person, &assignment).await;
    assert!(page.body.contains("height=\"640\""));
    assert!(page.header("content-security-policy").contains("frame-src 'self' https:;"));
    let led = person.browser.fetch(&path).await;
    let start =
        format!("https://tasks.example/do?a=1&b=2&assignmentId={assignment}&hitId={hit}&workerId={}", person.worker);
    assert!(led.header("location").starts_with(&start), "{led:?}");
    assert_eq!(led.header("referrer-policy"), "strict-origin");
    // Its page posts to where it was told to.
    let fields = [("assignmentId", assignment.as_str()), ("w", "x")];
    let elsewhere = [("origin", "https://tasks.example"), ("sec-fetch-site", "cross-site")];
    let page = nobody(&desk).post_from(&format!("{path}/mturk/externalSubmit"), &fields, &elsewhere).await;
    assert_eq!((page.status, answers(&desk, &hit).await), (200, vec![vec!["w=x".to_owned()]]));
}

#[tokio::test]
async fn a_page_of_this_very_site_is_no_task() {
    let desk = desk().await;
    let question = format!(
        "<ExternalQuestion xmlns=\"http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2006-07-14/\
         ExternalQuestion.xsd\"><ExternalURL>{}/queue</ExternalURL><FrameHeight>0</FrameHeight></ExternalQuestion>",
        desk.market.endpoint
    );
    let (_, group) = publish(&desk, &question, 1).await;
    let mut person = Person::new(&desk).await;
    let assignment = person.accept(&group).await;
    let (_, path) = framed(&mut person, &assignment).await;
    person.browser.fetch(&path).await.says("This task cannot be shown");
}

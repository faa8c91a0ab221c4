//! Finding work, doing it, and what comes of it.

use aws_sdk_mturk::types::{Comparator, HitAccessActions, QualificationRequirement};

use super::people::Person;
use super::support::{Desk, desk};

async fn group(desk: &Desk, title: &str, reward: &str, count: usize) -> String {
    let mut group = String::new();
    for _ in 0..count {
        let hit = desk.hit().title(title).reward(reward).max_assignments(1).send().await.unwrap().hit.unwrap();
        group = hit.hit_group_id().unwrap().to_owned();
    }
    group
}

#[tokio::test]
async fn groups_are_found_by_words_reward_and_order() {
    let desk = desk().await;
    group(&desk, "Tag an image", "0.05", 3).await;
    group(&desk, "Write a summary", "1.50", 1).await;
    group(&desk, "Name the dog breed", "0.20", 2).await;
    let mut person = Person::new(&desk).await;
    let all = person.browser.open("/work").await;
    all.says("3 groups").says("3 HITs").says("$1.50");
    let titles = |text: &str| -> Vec<usize> {
        ["Tag an image", "Write a summary", "Name the dog breed"]
            .map(|title| text.find(title).unwrap_or(usize::MAX))
            .into()
    };
    let order = |page: &super::browser::Page| {
        let at = titles(&page.text());
        let mut order = vec![0, 1, 2];
        order.sort_by_key(|index| at[*index]);
        order
    };
    assert_eq!(order(&all), [2, 1, 0], "newest first");
    assert_eq!(order(&person.browser.open("/work?sort=reward").await), [1, 2, 0]);
    assert_eq!(order(&person.browser.open("/work?sort=most").await), [0, 2, 1]);
    assert_eq!(order(&person.browser.open("/work?sort=title").await), [2, 0, 1]);
    person.browser.open("/work?q=DOG+three").await.says("1 group found").says("Name the dog breed");
    person.browser.open("/work?reward=0.20").await.says("2 groups found").says_nothing_of("Tag an image");
    person.browser.open("/work?q=zebra").await.says("Nothing fits.");
}

#[tokio::test]
async fn long_lists_come_in_pages() {
    let desk = desk().await;
    for n in 0..45 {
        group(&desk, &format!("Group number {n}"), "0.05", 1).await;
    }
    let mut person = Person::new(&desk).await;
    let mut seen = std::collections::BTreeSet::new();
    let mut path = "/work?q=number".to_owned();
    let mut pages = 0;
    loop {
        let page = person.browser.open(&path).await;
        pages += 1;
        seen.extend(page.targets("/work/groups/").into_iter().filter(|path| !path.ends_with("/preview")));
        match page.between("rel=\"next\" href=\"", "\"") {
            Some(next) => path = super::browser::plain(next),
            None => break,
        }
    }
    assert_eq!((pages, seen.len()), (3, 45));
}

#[tokio::test]
async fn work_is_accepted_shown_with_its_time_and_returned() {
    let desk = desk().await;
    let group = group(&desk, "Tag an image", "0.05", 1).await;
    let mut first = Person::new(&desk).await;
    let mut second = Person::new(&desk).await;
    let assignment = first.accept(&group).await;
    let page = first.browser.open(&format!("/work/assignments/{assignment}")).await;
    page.says("Time left 10 min").says("Queue 1");
    second.browser.open("/work").await.says("There is no work for you right now");
    let refused = second.try_accept(&group).await;
    assert_eq!(refused.status, 409);
    refused.says("no HIT left");
    first
        .browser
        .press(&page, &format!("/work/assignments/{assignment}/return"), &[])
        .await
        .says("You have returned the HIT");
    // The next worker gets the same assignment; it is not the first one's any more.
    assert_eq!(second.accept(&group).await, assignment);
    assert_eq!(first.browser.open(&format!("/work/assignments/{assignment}")).await.status, 404);
    let again = first.browser.press(&page, &format!("/work/assignments/{assignment}/return"), &[]).await;
    assert_eq!(again.status, 404);
    second.browser.open("/queue").await.says("Tag an image");
    desk.advance(601).await;
    second.browser.open("/queue").await.says("You hold nothing.");
    second.browser.open(&format!("/work/assignments/{assignment}")).await.says("its time was over");
}

#[tokio::test]
async fn the_next_one_is_accepted_for_who_likes_that() {
    let desk = desk().await;
    let group = group(&desk, "Tag an image", "0.05", 3).await;
    let mut person = Person::new(&desk).await;
    let first = person.accept(&group).await;
    let here = format!("/work/assignments/{first}");
    let page = person.browser.open(&here).await;
    let early = person.browser.press(&page, "/work/go-on", &[("assignment", &first)]).await;
    assert_eq!(early.status, 204, "the page stays, with what is filled in there");
    let submit = async |assignment: &str| {
        let body = format!("{{\"AssignmentId\":\"{assignment}\",\"Fields\":{{\"a\":\"b\"}}}}");
        assert_eq!(desk.post("/_control/submit", &body).await.0, 200);
    };
    assert_eq!(person.browser.open(&format!("{here}/state")).await.body, "held");
    submit(&first).await;
    assert_eq!(person.browser.open(&format!("{here}/state")).await.body, "over");
    let on = person.browser.press(&page, "/work/go-on", &[("assignment", &first)]).await;
    assert_eq!(on.path, format!("/work/groups/{group}"));
    on.says("Handed in. Thank you.").says("Left for you 2 HITs");
    let second = person.accept(&group).await;
    let page = person.browser.open(&format!("/work/assignments/{second}")).await;
    let saved = person.browser.press(&page, "/work/auto", &[("assignment", &second), ("on", "1")]).await;
    assert_eq!(saved.status, 204);
    submit(&second).await;
    let third = person.browser.press(&page, "/work/go-on", &[("assignment", &second)]).await;
    third.says("This is the next HIT of the group.");
    let third = third.path.strip_prefix("/work/assignments/").unwrap().to_owned();
    submit(&third).await;
    let end = person.browser.press(&page, "/work/go-on", &[("assignment", &third)]).await;
    end.says("There is no HIT left in that group");
}

fn required(qualification: &str, guard: HitAccessActions) -> QualificationRequirement {
    let builder = QualificationRequirement::builder().qualification_type_id(qualification);
    builder.comparator(Comparator::GreaterThanOrEqualTo).integer_values(80).actions_guarded(guard).build().unwrap()
}

#[tokio::test]
async fn requirements_are_told_and_kept() {
    let desk = desk().await;
    let made = desk.client.create_qualification_type().name("Careful reading").description("Reads with care.");
    let made = made.qualification_type_status("Active".into()).send().await.unwrap().qualification_type.unwrap();
    let qualification = made.qualification_type_id().unwrap();
    let mut groups = Vec::new();
    for (title, guard) in [
        ("Guarded at accepting", HitAccessActions::Accept),
        ("Guarded at looking", HitAccessActions::PreviewAndAccept),
        ("Guarded at finding", HitAccessActions::DiscoverPreviewAndAccept),
    ] {
        let hit = desk.hit().title(title).qualification_requirements(required(qualification, guard)).send().await;
        groups.push(hit.unwrap().hit.unwrap().hit_group_id().unwrap().to_owned());
    }
    let mut person = Person::new(&desk).await;
    let list = person.browser.open("/work").await;
    list.says("2 groups").says("What is required").says_nothing_of("Guarded at finding");
    person.browser.open("/work?qualified=1").await.says("Nothing fits.");
    let group = person.browser.open(&format!("/work/groups/{}", groups[0])).await;
    group.says("Careful reading at least 80 — you do not have it; needed to accept").says("You do not meet this.");
    person.browser.open(&format!("/work/groups/{}/preview", groups[0])).await.says("Preview");
    let refused = person.browser.open(&format!("/work/groups/{}/preview", groups[1])).await;
    assert!(!refused.body.contains("class=\"task\""), "a guarded preview");
    for path in ["", "/preview"] {
        assert_eq!(person.browser.open(&format!("/work/groups/{}{path}", groups[2])).await.status, 404);
    }
    for group in &groups {
        assert!([403, 404].contains(&person.try_accept(group).await.status), "{group}");
    }
    person.browser.open("/queue").await.says("You hold nothing.");
    let grant = desk.client.associate_qualification_with_worker().qualification_type_id(qualification);
    grant.worker_id(person.worker.as_str()).integer_value(85).send().await.unwrap();
    person.browser.open("/work?qualified=1").await.says("3 groups found");
    person.browser.open(&format!("/work/groups/{}", groups[2])).await.says("yours is 85");
    person.accept(&groups[2]).await;
}

#[tokio::test]
async fn who_is_blocked_does_not_find_that_requesters_work() {
    let desk = desk().await;
    let group = group(&desk, "Tag an image", "0.05", 1).await;
    let mut person = Person::new(&desk).await;
    let block = desk.client.create_worker_block().worker_id(person.worker.as_str()).reason("private words");
    block.send().await.unwrap();
    let list = person.browser.open("/work").await;
    list.says("There is no work for you").says_nothing_of("private words");
    let page = person.try_accept(&group).await;
    assert_eq!(page.status, 409);
    page.says("blocked").says_nothing_of("private words");
    person.browser.open("/messages").await.says("does not want you to do more").says_nothing_of("private words");
}

#[tokio::test]
async fn earnings_are_exactly_what_was_paid() {
    let desk = desk().await;
    let group = group(&desk, "Tag an image", "0.07", 3).await;
    let mut person = Person::new(&desk).await;
    let mut done = Vec::new();
    for _ in 0..3 {
        let assignment = person.accept(&group).await;
        let body = format!("{{\"AssignmentId\":\"{assignment}\",\"Fields\":{{\"a\":\"b\"}}}}");
        assert_eq!(desk.post("/_control/submit", &body).await.0, 200);
        done.push(assignment);
    }
    desk.client.approve_assignment().assignment_id(&done[0]).requester_feedback("Well done.").send().await.unwrap();
    desk.client.reject_assignment().assignment_id(&done[1]).requester_feedback("Too short.").send().await.unwrap();
    let bonus = desk.client.send_bonus().worker_id(person.worker.as_str()).assignment_id(&done[0]).bonus_amount("0.13");
    bonus.reason("for speed").unique_request_token("once").send().await.unwrap();
    let page = person.browser.open("/history").await;
    page.says("Earned $0.20 $0.20").says("Approved $0.07").says("Bonuses $0.13").says("Waiting for a decision $0.07");
    page.says("Well done.").says("Too short.").says("50 % approved");
    person.browser.open("/history?status=rejected").await.says("Too short.").says_nothing_of("Well done.");
    person.browser.open(&format!("/history/{}", done[0])).await.says("$0.13").says("for speed");
}

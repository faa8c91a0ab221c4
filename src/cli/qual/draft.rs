//! `hitdeck qual create`, `update`, `delete`.

use super::super::context::Context;
use super::super::decide::{Item, Plan};
use super::super::exit::{Exit, Failure};
use super::super::people::{Fresh, People};
use super::args::{Status, TypeOptions};
use crate::app::format::plural;
use crate::config::Span;
use crate::domain::decision::{Decision, Target};
use crate::domain::qualification::{QualificationType, TypeDraft, TypeStatus};
use crate::domain::time::Seconds;
use crate::question::answer_key;
use crate::question::fault::Fault;
use crate::question::question_form::{QuestionForm, read_test};
use std::io::Write;
use std::path::Path;

/// Names and keywords can never be changed.
pub fn refuse_fixed(name: Option<&str>, keywords: Option<&str>) -> Result<(), Failure> {
    let what = match (name, keywords) {
        (Some(_), _) => "--name: a qualification type keeps its name",
        (None, Some(_)) => "--keywords: a qualification type keeps its keywords",
        (None, None) => return Ok(()),
    };
    let why = "the API has no way to change it. Make a new type, and carry the scores over with `hitdeck qual scores export` \
               and `import`";
    Err(Failure::Usage(format!("{what}: {why}")))
}

/// Runs `hitdeck qual create`.
pub async fn create(
    context: &Context,
    (name, description, keywords): (String, String, Option<String>),
    options: &TypeOptions,
    out: &mut impl Write,
) -> Result<Exit, Failure> {
    for (option, text) in [("--name", &name), ("--description", &description)] {
        if text.trim().is_empty() {
            return Err(Failure::Usage(format!("{option}: it must not be empty")));
        }
    }
    let mut draft = draft(context, options, None)?;
    if draft.test.is_some() && draft.test_duration.is_none() {
        return Err(Failure::Usage("--test needs --test-duration: how long workers have for it, such as 40m".into()));
    }
    draft.name = Some(name.clone());
    draft.keywords = keywords;
    draft.description = Some(description);
    draft.status = draft.status.or(Some(TypeStatus::Active));
    let people = People::open(context, Fresh::People).await?;
    let mut plan = Plan { verb: "create qualification type", ..Plan::default() };
    plan.notes.extend(lines(&draft, None));
    match people.types.iter().find(|of| of.own && of.it.name == name) {
        Some(of) => {
            let why = format!("there is one of that name already ({}); `hitdeck qual update` changes it", of.it.id);
            plan.refused.push((name, why));
        }
        None => plan.add(Target::NewType(name.as_str().into()), Decision::CreateType(Box::new(draft)), None),
    }
    plan.carry_out(context, &people.session, out).await
}

/// Runs `hitdeck qual update`.
pub async fn update(
    context: &Context,
    qual: &str,
    description: Option<String>,
    no_auto_grant: bool,
    options: &TypeOptions,
    out: &mut impl Write,
) -> Result<Exit, Failure> {
    let people = People::open(context, Fresh::People).await?;
    let now = people.find_own_type(qual)?.it.clone();
    let mut draft = draft(context, options, Some(&now))?;
    draft.description = description;
    if no_auto_grant {
        draft.auto_granted = Some(false);
    }
    may_update(&now, &draft)?;
    resend_test(context, &now, &mut draft)?;
    let changes = lines(&draft, Some(&now));
    let mut plan = Plan { verb: "update qualification type", ..Plan::default() };
    if changes.is_empty() {
        plan.already.push((now.name.clone(), format!("\"{}\" is like that already", now.name)));
    } else {
        plan.notes.extend(changes);
        let target = Target::Type(now.id.clone());
        let decision = Decision::UpdateType(Box::new(draft));
        plan.items.push(Item { id: now.name.clone(), ..Item::free(target, decision) });
    }
    plan.carry_out(context, &people.session, out).await
}

/// What cannot be changed any more, and why.
fn may_update(now: &QualificationType, draft: &TypeDraft) -> Result<(), Failure> {
    let has_test = now.test.is_some() || draft.test.is_some();
    let refuse = |words: String| Err(Failure::Usage(words));
    if draft.auto_granted == Some(true) && has_test {
        return refuse(format!(
            "--auto-grant: \"{}\" has a test, and a test can be replaced but never removed: a type with a test is never \
             granted by itself",
            now.name
        ));
    }
    if draft.test.is_some() && now.auto_granted.is_some() && draft.auto_granted != Some(false) {
        return refuse(format!(
            "--test: \"{}\" is granted to everybody who asks, which excludes a test; add --no-auto-grant",
            now.name
        ));
    }
    if draft.test.is_some() && draft.test_duration.is_none() && now.test_duration.is_none() {
        return refuse("--test needs --test-duration: how long workers have for it, such as 40m".into());
    }
    if !has_test && (draft.answer_key.is_some() || draft.test_duration.is_some()) {
        return refuse(format!("\"{}\" has no test: give one with --test", now.name));
    }
    Ok(())
}

/// Duration and key travel with the test only, and a test without its key loses it: what stays is sent again.
fn resend_test(context: &Context, now: &QualificationType, draft: &mut TypeDraft) -> Result<(), Failure> {
    if draft.test.is_none() && draft.answer_key.is_none() && draft.test_duration.is_none() {
        return Ok(());
    }
    if draft.test.is_none() {
        draft.test = now.test.clone();
        draft.answer_key = draft.answer_key.take().or_else(|| now.answer_key.clone());
    } else if draft.answer_key.is_none() && now.answer_key.is_some() {
        context.say("the new test comes without an answer key: the present key goes, and requests wait for you");
    }
    draft.test_duration = draft.test_duration.or(now.test_duration.map(|span| span.0));
    Ok(())
}

/// Runs `hitdeck qual delete`.
pub async fn delete(context: &Context, quals: &[String], out: &mut impl Write) -> Result<Exit, Failure> {
    let people = People::open(context, Fresh::People).await?;
    let mut plan = Plan { verb: "delete qualification type", ..Plan::default() };
    for qual in quals {
        let of = people.find_own_type(qual)?;
        let hits = people.session.engine.hits_requiring(&of.it.id).await?;
        let holders = people.read_holders(&of.it.id).await?.iter().filter(|it| !it.revoked).count();
        plan.notes.push(format!(
            "\"{}\": {} hold it, {} for it, {} it; its name can be used again when these are gone",
            of.it.name,
            plural(holders, "worker"),
            plural(of.requests as usize, "request"),
            plural(hits.len(), "HIT") + if hits.len() == 1 { " requires" } else { " require" }
        ));
        let item = Item::free(Target::Type(of.it.id.clone()), Decision::DeleteType);
        plan.items.push(Item { id: of.it.name.clone(), ..item });
    }
    let holds = plan.items.len();
    // Scores are lost with a type: it is asked for even where only one is named.
    plan.by_query = holds > 0;
    plan.carry_out(context, &people.session, out).await
}

/// What the options ask for. Test and key are read, checked, and held against each other; `now` is the type as it is.
fn draft(context: &Context, options: &TypeOptions, now: Option<&QualificationType>) -> Result<TypeDraft, Failure> {
    let test = options.test.as_deref().map(text).transpose()?;
    let key = options.answer_key.as_deref().map(text).transpose()?;
    let (test_name, key_name) =
        (name(options.test.as_deref(), "the present test"), name(options.answer_key.as_deref(), ""));
    let present = now.and_then(|now| now.test.as_deref());
    let form = match test.as_deref() {
        Some(test) => Some(checked(context, &test_name, read_test(test, key.is_some()))?),
        // A new key for the test as it is.
        None if key.is_some() => present.map(|test| checked(context, &test_name, read_test(test, true))).transpose()?,
        None => None,
    };
    if let Some(key) = key.as_deref() {
        let key = checked(context, &key_name, answer_key::read(key))?;
        match &form {
            Some(form) => check_key(context, &key_name, &key, form)?,
            None => return Err(Failure::Usage("--answer-key needs a test: give one with --test".into())),
        }
    }
    if options.test_duration.is_some() && options.test.is_none() && present.is_none() {
        return Err(Failure::Usage("--test-duration needs a test: give one with --test".into()));
    }
    Ok(TypeDraft {
        status: options.status.map(|status| match status {
            Status::Active => TypeStatus::Active,
            Status::Inactive => TypeStatus::Inactive,
        }),
        retry_delay: options.retry_delay.map(|span| seconds("--retry-delay", span)).transpose()?,
        test_duration: options.test_duration.map(|span| seconds("--test-duration", span)).transpose()?,
        auto_granted: options.auto_grant.map(|_| true),
        auto_granted_value: options.auto_grant,
        test,
        answer_key: key,
        ..TypeDraft::default()
    })
}

/// Reads an answer key by itself; what is wrong in it is said with its place.
pub fn read_key(context: &Context, path: &Path) -> Result<answer_key::AnswerKey, Failure> {
    checked(context, &path.display().to_string(), answer_key::read(&text(path)?))
}

fn name(path: Option<&Path>, otherwise: &str) -> String {
    path.map_or_else(|| otherwise.to_owned(), |path| path.display().to_string())
}

fn text(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path)
        .map_err(|reason| Failure::File { what: format!("reading {}", path.display()), reason })
}

/// What was read, with its warnings said; or each fault with its place.
fn checked<T>(
    context: &Context,
    name: &str,
    read: Result<crate::question::fault::Checked<T>, crate::question::fault::Faults>,
) -> Result<T, Failure> {
    let say = |kind: &str, fault: &Fault| {
        context.say(format_args!("{name}:{}:{}: {kind}{}", fault.place.line, fault.place.column, fault.words));
    };
    match read {
        Ok(read) => {
            read.warnings.iter().for_each(|warning| say("warning: ", warning));
            Ok(read.value)
        }
        Err(faults) => {
            faults.iter().for_each(|fault| say("", fault));
            Err(Failure::Failed(format!("{name} cannot be used; nothing was sent")))
        }
    }
}

fn check_key(context: &Context, name: &str, key: &answer_key::AnswerKey, form: &QuestionForm) -> Result<(), Failure> {
    checked(context, name, answer_key::check(key, form))
}

fn seconds(option: &str, span: Span) -> Result<i64, Failure> {
    match span.millis % 1_000 {
        0 if span.millis > 0 => Ok(span.millis / 1_000),
        _ => Err(Failure::Usage(format!("{option}: whole seconds, at least one"))),
    }
}

/// What a draft says, line by line; against a type as it is only what differs.
fn lines(draft: &TypeDraft, now: Option<&QualificationType>) -> Vec<String> {
    let span = |seconds: i64| Span::millis(seconds.saturating_mul(1_000)).to_string();
    let of_span = |span_of: Option<Seconds>| span_of.map(|it| span(it.0));
    let document = |text: &str| format!("{} bytes, {}", text.len(), plural(text.lines().count(), "line"));
    let auto = |value: Option<i32>| value.map_or("no".to_owned(), |value| format!("yes, with {value}"));
    let granted = match (draft.auto_granted, draft.auto_granted_value) {
        (Some(true), value) => Some(auto(Some(value.unwrap_or(1)))),
        (Some(false), _) => Some(auto(None)),
        (None, _) => None,
    };
    let rows: [(&str, Option<String>, Option<String>); 9] = [
        ("name", draft.name.clone(), now.map(|now| now.name.clone())),
        ("keywords", draft.keywords.clone(), now.and_then(|now| now.keywords.clone())),
        ("description", draft.description.clone(), now.map(|now| now.description.clone())),
        ("status", draft.status.map(|it| it.name().to_owned()), now.map(|now| now.status.name().to_owned())),
        ("granted by itself", granted, now.map(|now| auto(now.auto_granted))),
        ("retry after", draft.retry_delay.map(span), now.and_then(|now| of_span(now.retry_delay))),
        ("time for the test", draft.test_duration.map(span), now.and_then(|now| of_span(now.test_duration))),
        ("test", draft.test.clone(), now.and_then(|now| now.test.clone())),
        ("answer key", draft.answer_key.clone(), now.and_then(|now| now.answer_key.clone())),
    ];
    let loses_key = draft.test.is_some() && draft.answer_key.is_none();
    let mut lines = Vec::new();
    for (name, new, old) in rows {
        let is_document = matches!(name, "test" | "answer key");
        let show = |text: &str| if is_document { document(text) } else { text.to_owned() };
        match (new, old) {
            (Some(new), Some(old)) if new != old => lines.push(format!("{name}: {} -> {}", show(&old), show(&new))),
            (Some(new), None) if now.is_some() => lines.push(format!("{name}: - -> {}", show(&new))),
            (Some(new), None) => lines.push(format!("{name}: {}", show(&new))),
            (None, Some(old)) if name == "answer key" && loses_key => {
                lines.push(format!("{name}: {} -> none", show(&old)));
            }
            _ => {}
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::QualificationTypeId;
    use crate::domain::time::Time;

    fn plain() -> QualificationType {
        QualificationType {
            id: QualificationTypeId::parse("3Q").unwrap(),
            created: Time(0),
            name: "Skill".into(),
            description: "old".into(),
            keywords: None,
            status: TypeStatus::Active,
            test: None,
            test_duration: None,
            answer_key: None,
            retry_delay: Some(Seconds::DAY),
            requestable: true,
            auto_granted: Some(5),
        }
    }

    #[test]
    fn an_update_says_only_what_it_changes() {
        let draft = TypeDraft {
            description: Some("new".into()),
            status: Some(TypeStatus::Active),
            retry_delay: Some(5_400),
            auto_granted: Some(false),
            ..TypeDraft::default()
        };
        assert_eq!(
            lines(&draft, Some(&plain())),
            ["description: old -> new", "granted by itself: yes, with 5 -> no", "retry after: 1d -> 1h 30m"]
        );
        assert_eq!(lines(&TypeDraft::default(), Some(&plain())), Vec::<String>::new());
    }

    #[test]
    fn a_test_and_granting_by_itself_exclude_each_other() {
        let tested = QualificationType { test: Some("<QuestionForm/>".into()), auto_granted: None, ..plain() };
        let grant = TypeDraft { auto_granted: Some(true), auto_granted_value: Some(1), ..TypeDraft::default() };
        let error = may_update(&tested, &grant).unwrap_err().to_string();
        assert!(error.contains("never removed"), "{error}");
        let test = TypeDraft { test: Some("<QuestionForm/>".into()), test_duration: Some(60), ..TypeDraft::default() };
        let error = may_update(&plain(), &test).unwrap_err().to_string();
        assert!(error.contains("--no-auto-grant"), "{error}");
        may_update(&plain(), &TypeDraft { auto_granted: Some(false), ..test }).unwrap();
        let key = TypeDraft { answer_key: Some("<AnswerKey/>".into()), ..TypeDraft::default() };
        assert!(may_update(&plain(), &key).unwrap_err().to_string().contains("has no test"));
    }

    #[test]
    fn names_and_keywords_stay() {
        assert!(refuse_fixed(Some("x"), None).unwrap_err().to_string().contains("keeps its name"));
        assert!(refuse_fixed(None, Some("x")).unwrap_err().to_string().contains("keeps its keywords"));
        refuse_fixed(None, None).unwrap();
    }
}

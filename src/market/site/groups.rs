//! `/work`: the groups of HITs that a worker can find.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::response::Response;
use minijinja::context;
use minijinja::value::Serde;
use serde::Serialize;

use super::form::Fields;
use super::session::{Section, Session};
use super::trouble::Trouble;
use crate::domain::money::Usd;
use crate::market::Market;
use crate::market::rules::eligibility::Action;
use crate::market::service::Access;
use crate::market::storage::OpenGroup;

/// So many groups stand on a page.
const ON_A_PAGE: usize = 20;
/// So much of a description is shown in the list, in characters.
const SHOWN: usize = 240;

/// How groups are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    Newest,
    Reward,
    Most,
    Title,
}

impl Order {
    const ALL: [(Order, &'static str, &'static str); 4] = [
        (Order::Newest, "newest", "newest first"),
        (Order::Reward, "reward", "highest reward first"),
        (Order::Most, "most", "most HITs first"),
        (Order::Title, "title", "by title"),
    ];

    fn of(name: &str) -> Order {
        Order::ALL.into_iter().find(|(_, known, _)| *known == name).map_or(Order::Newest, |(order, ..)| order)
    }
}

/// What somebody looks for.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Wanted {
    /// Words that must all be there, in small letters.
    words: Vec<String>,
    /// The least reward.
    reward: Usd,
    /// Only what the worker may accept.
    qualified: bool,
    order: Order,
    page: usize,
}

impl Wanted {
    fn of(fields: &Fields) -> Wanted {
        let words: String = fields.text("q").chars().take(200).collect();
        Wanted {
            words: words.to_lowercase().split_whitespace().map(str::to_owned).collect(),
            reward: Usd::parse(fields.text("reward").trim().trim_start_matches('$')).unwrap_or(Usd::ZERO),
            qualified: fields.is_ticked("qualified"),
            order: Order::of(fields.text("sort")),
            page: fields.text("page").parse::<usize>().unwrap_or(1).clamp(1, 100_000),
        }
    }

    fn fits(&self, open: &OpenGroup) -> bool {
        let group = &open.group;
        if group.reward < self.reward || open.open <= open.taken {
            return false;
        }
        let keywords = group.keywords.as_deref().unwrap_or_default();
        let holds = |word: &String| {
            [&group.title, &group.description, keywords, &group.requester_name]
                .iter()
                .any(|text| text.to_lowercase().contains(word))
        };
        self.words.iter().all(holds)
    }

    fn sort(&self, groups: &mut [(OpenGroup, bool)]) {
        match self.order {
            Order::Newest => groups.sort_by_key(|(open, _)| std::cmp::Reverse(open.newest)),
            Order::Reward => groups.sort_by_key(|(open, _)| std::cmp::Reverse((open.group.reward, open.newest))),
            Order::Most => groups.sort_by_key(|(open, _)| std::cmp::Reverse((open.open - open.taken, open.newest))),
            Order::Title => groups.sort_by_cached_key(|(open, _)| (open.group.title.to_lowercase(), open.newest)),
        }
    }

    /// The same on another page.
    fn path(&self, fields: &Fields, page: usize) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for name in ["q", "reward", "qualified", "sort"] {
            let value = fields.text(name);
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        query.append_pair("page", &page.to_string());
        format!("/work?{}", query.finish())
    }
}

/// A group as the list shows it.
#[derive(Debug, Serialize)]
struct Row {
    id: String,
    title: String,
    requester: String,
    description: String,
    reward: String,
    left: u32,
    duration: i64,
    is_qualified: bool,
    may_preview: bool,
}

/// `GET /work?q=&reward=&qualified=&sort=&page=`
pub async fn list(
    State(market): State<Arc<Market>>,
    session: Session,
    RawQuery(query): RawQuery,
) -> Result<Response, Trouble> {
    let fields = Fields::parse(query.unwrap_or_default().as_bytes());
    let wanted = Wanted::of(&fields);
    let (key, asked) = (session.key, wanted.clone());
    let found = market.service.read(move |view| {
        let access = Access::of(view, Some(key))?;
        let may =
            |open: &OpenGroup, action| access.verdict(open.group.key).is_none_or(|verdict| verdict.allows(action));
        let found = view.open_groups(key)?.into_iter().filter(|open| may(open, Action::Discover) && asked.fits(open));
        let mut found: Vec<(OpenGroup, bool)> = found
            .map(|open| {
                let is_qualified = may(&open, Action::Accept);
                (open, is_qualified)
            })
            .filter(|(_, is_qualified)| *is_qualified || !asked.qualified)
            .collect();
        asked.sort(&mut found);
        let count = found.len();
        let page = found.into_iter().skip((asked.page - 1) * ON_A_PAGE).take(ON_A_PAGE);
        let rows: Vec<Row> = page
            .map(|(open, is_qualified)| {
                let may_preview = may(&open, Action::Preview);
                row(open, is_qualified, may_preview)
            })
            .collect();
        Ok((rows, count))
    });
    let (rows, count) = found.await?;
    let pages = count.div_ceil(ON_A_PAGE).max(1);
    let orders = Order::ALL.map(|(order, name, words)| (name, words, order == wanted.order));
    let with = context! {
        count, pages,
        rows => Serde(rows),
        orders => Serde(orders),
        page => wanted.page,
        previous => (wanted.page > 1).then(|| wanted.path(&fields, wanted.page - 1)),
        next => (wanted.page < pages).then(|| wanted.path(&fields, wanted.page + 1)),
        q => fields.text("q"),
        reward => if wanted.reward > Usd::ZERO { wanted.reward.to_string() } else { String::new() },
        qualified => wanted.qualified,
        is_search => !wanted.words.is_empty() || wanted.reward > Usd::ZERO || wanted.qualified,
    };
    Ok(session.page(&market, Section::Work, "groups.html", with))
}

fn row(open: OpenGroup, is_qualified: bool, may_preview: bool) -> Row {
    let OpenGroup { group, open, taken, .. } = open;
    Row {
        id: group.id,
        title: group.title,
        requester: group.requester_name,
        description: shortened(&group.description),
        reward: group.reward.display(),
        left: open - taken,
        duration: group.duration.0,
        is_qualified,
        may_preview,
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
    }
}

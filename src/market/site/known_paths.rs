//! Paths that workers' pages, bookmarks and programs know from Mechanical Turk: each leads to where the same is here.

use axum::Router;
use axum::extract::{Path, RawQuery};
use axum::response::Response;
use axum::routing::get;
use std::sync::Arc;

use super::form::Fields;
use super::page;
use super::trouble::Trouble;
use crate::domain::id::HitId;
use crate::market::Market;

/// The known paths, but for those of tasks.
pub fn routes() -> Router<Arc<Market>> {
    let mut router = Router::new()
        .route("/mturk/preview", get(preview))
        .route("/mturk/previewandaccept", get(preview))
        .route("/mturk/accept", get(preview))
        .route("/mturk/searchbar", get(search))
        .route("/mturk/requestqualification", get(qualification))
        .route("/projects/{group}/tasks", get(project))
        .route("/projects/{group}/tasks/{hit}", get(task));
    for (path, target) in MOVED {
        router = router.route(path, get(async move || page::to(target)));
    }
    router
}

const MOVED: [(&str, &str); 13] = [
    ("/mturk", "/"),
    ("/mturk/welcome", "/"),
    ("/mturk/beginsignin", "/signin"),
    ("/mturk/endsignin", "/signin"),
    ("/mturk/beginsignout", "/signout"),
    ("/mturk/findhits", "/work"),
    ("/mturk/viewhits", "/work"),
    ("/mturk/myhits", "/queue"),
    ("/mturk/dashboard", "/history"),
    ("/mturk/findquals", "/qualifications"),
    ("/projects", "/work"),
    ("/tasks", "/queue"),
    ("/dashboard", "/history"),
];

/// An ID as it may stand in a path: of anything else there is nothing.
fn id(text: &str) -> Result<HitId, Trouble> {
    HitId::parse(text.trim()).map_err(|_| Trouble::Nowhere("There is no such group of HITs."))
}

/// `GET /mturk/preview?groupId=` (and `hitId`). Accepting by a link is not possible: a link must not change anything.
async fn preview(RawQuery(query): RawQuery) -> Result<Response, Trouble> {
    let fields = Fields::parse(query.unwrap_or_default().as_bytes());
    let group = ["groupId", "hitGroupId", "hitTypeId"].map(|name| fields.text(name));
    let hit = HitId::parse(fields.text("hitId")).ok();
    let group = group.into_iter().find(|text| !text.is_empty());
    match (group, hit) {
        (Some(group), Some(hit)) => Ok(page::to(&format!("/work/groups/{}/preview?hit={hit}", id(group)?))),
        (Some(group), None) => Ok(page::to(&format!("/work/groups/{}/preview", id(group)?))),
        (None, Some(hit)) => Ok(page::to(&format!("/work/hits/{hit}"))),
        (None, None) => Ok(page::to("/work")),
    }
}

/// `GET /mturk/searchbar?searchWords=`
async fn search(RawQuery(query): RawQuery) -> Response {
    let fields = Fields::parse(query.unwrap_or_default().as_bytes());
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("q", fields.text("searchWords")).finish();
    page::to(&format!("/work?{query}"))
}

/// `GET /mturk/requestqualification?qualificationId=`
async fn qualification(RawQuery(query): RawQuery) -> Result<Response, Trouble> {
    let fields = Fields::parse(query.unwrap_or_default().as_bytes());
    Ok(page::to(&format!("/qualifications/{}", id(fields.text("qualificationId"))?)))
}

/// `GET /projects/{group}/tasks`
async fn project(Path(group): Path<String>) -> Result<Response, Trouble> {
    Ok(page::to(&format!("/work/groups/{}/preview", id(&group)?)))
}

/// `GET /projects/{group}/tasks/{hit}`
async fn task(Path((group, hit)): Path<(String, String)>) -> Result<Response, Trouble> {
    Ok(page::to(&format!("/work/groups/{}/preview?hit={}", id(&group)?, id(&hit)?)))
}

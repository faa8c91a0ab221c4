//! The preview as a small web site on this machine. Its address holds a word that nobody can guess, so that no other page
//! and no other person finds it; the task runs in a frame without an origin, as on a worker site.

use super::super::super::context::Context;
use super::super::super::exit::{Exit, Failure};
use super::question;
use crate::domain::span;
use crate::exchange::batch::Draft;
use crate::exchange::output::Format;
use crate::market::embed::{PREVIEW, SANDBOX, read_posted, rewrite, script, with_query};
use crate::question::asked::{self, Asked};
use crate::question::render::{self, Posted};
use crate::question::sheet::Given;
use crate::question::write::html_text;
use axum::Router;
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use std::io::Write;
use std::net::SocketAddr;
use std::sync::Arc;

/// What a worker has who has accepted.
const ACCEPTED: [(&str, &str); 3] = [
    ("assignmentId", "3PREVIEWPREVIEWPREVIEWPREVIEW1"),
    ("hitId", "3PREVIEWPREVIEWPREVIEWPREVIEW2"),
    ("workerId", "APREVIEW"),
];

/// What is shown, and where.
struct Site {
    draft: Arc<Draft>,
    /// `http://127.0.0.1:…/word`.
    base: String,
    origin: String,
}

/// Serves the rows until the program is interrupted.
pub(super) async fn run(
    context: &Context,
    draft: Arc<Draft>,
    row: usize,
    listen: SocketAddr,
    out: &mut impl Write,
) -> Result<Exit, Failure> {
    if !listen.ip().is_loopback() {
        return Err(Failure::Usage(format!(
            "--listen {listen}: a preview is for this machine only, such as 127.0.0.1:8080"
        )));
    }
    let io = |what: String| move |reason| Failure::File { what, reason };
    let listener = tokio::net::TcpListener::bind(listen).await.map_err(io(format!("listening on {listen}")))?;
    let address = listener.local_addr().map_err(io("listening".to_owned()))?;
    let word = format!("{:016x}", rand::random::<u64>());
    let origin = format!("http://{address}");
    let base = format!("{origin}/{word}");
    let url = format!("{base}/{row}");
    if context.global.output == Format::Table {
        writeln!(out, "{url}")?;
    } else {
        writeln!(out, "{}", serde_json::json!({ "url": url }))?;
    }
    out.flush()?;
    context.say("open it in a browser on this machine; Ctrl-C ends it");
    let site = Arc::new(Site { draft, base, origin });
    let routes = Router::new()
        .route("/{row}", get(outer))
        .route("/{row}/enter", get(enter))
        .route("/{row}/page", get(page))
        .route("/{row}/mturk/externalSubmit", post(came_back).get(came_back))
        .route("/{row}/answers", post(answered))
        .with_state(site);
    let router = Router::new().nest(&format!("/{word}"), routes).route("/crowd/{file}", get(script));
    let stop = async {
        // Without a handler for the signal the program would end by it.
        let _ = tokio::signal::ctrl_c().await;
    };
    axum::serve(listener, router).with_graceful_shutdown(stop).await.map_err(io("serving".to_owned()))?;
    Ok(Exit::Done)
}

/// Which view of a row.
#[derive(Debug, Default, serde::Deserialize)]
struct View {
    /// As before accepting.
    #[serde(default)]
    unaccepted: bool,
}

impl Site {
    /// A row of the address, from 1.
    fn row(&self, row: usize) -> Option<usize> {
        (1..=self.draft.table.rows.len()).contains(&row).then(|| row - 1)
    }

    fn asked(&self, row: usize) -> Result<Asked, String> {
        let at = self.row(row).ok_or_else(|| "there is no such row".to_owned())?;
        let question = question(&self.draft, at).map_err(|failure| failure.message().unwrap_or_default())?;
        asked::read(&question).map(|checked| checked.value).map_err(|faults| faults.to_string())
    }

    /// An address with the parameters that a worker's browser adds.
    fn given(&self, url: &str, row: usize, view: &View) -> String {
        let submit_to = format!("{}/{row}", self.base);
        let mut pairs: Vec<(&str, &str)> = ACCEPTED.to_vec();
        if view.unaccepted {
            pairs = vec![("assignmentId", PREVIEW), ACCEPTED[1]];
        }
        pairs.push(("turkSubmitTo", &submit_to));
        with_query(url, &pairs)
    }
}

/// The page around the task.
async fn outer(State(site): State<Arc<Site>>, Path(row): Path<usize>, Query(view): Query<View>) -> Response {
    let count = site.draft.table.rows.len();
    if site.row(row).is_none() {
        return (StatusCode::NOT_FOUND, "there is no such row").into_response();
    }
    let spec = &site.draft.spec;
    let (base, title) = (&site.base, html_text(&spec.title));
    let tail = if view.unaccepted { "?unaccepted=true" } else { "" };
    let other = if view.unaccepted { ("", "As after accepting") } else { ("?unaccepted=true", "As before accepting") };
    let link = |to: usize, words: &str| {
        if (1..=count).contains(&to) {
            format!("<a href=\"{base}/{to}{tail}\">{words}</a>")
        } else {
            format!("<span>{words}</span>")
        }
    };
    let asked = site.asked(row);
    let (height, origin) = match &asked {
        Ok(Asked::Html { frame_height, .. }) => (*frame_height, ""),
        Ok(Asked::External { frame_height, .. }) => (*frame_height, " allow-same-origin"),
        _ => (0, ""),
    };
    let height = if height == 0 { "78vh".to_owned() } else { format!("{height}px") };
    let body = match asked {
        Ok(_) => format!(
            "<iframe src=\"{base}/{row}/enter{tail}\" title=\"The task\" sandbox=\"{SANDBOX}{origin}\" referrerpolicy=\"no-referrer\" \
             style=\"height:{height}\"></iframe>"
        ),
        Err(why) => format!("<p class=bad>This row cannot be shown: {}</p>", html_text(&why)),
    };
    let page = format!(
        "<!DOCTYPE html><html lang=en><head><meta charset=utf-8><meta name=viewport content=\"width=device-width, \
         initial-scale=1\"><title>{title}</title><style>{STYLE}</style></head><body><header><h1>{title}</h1><p>{} · {} · row \
         {row} of {count} · {} {} · <a href=\"{base}/{row}{}\">{}</a></p></header>{body}</body></html>",
        html_text(&spec.reward.display()),
        span::words(spec.time_limit.0 * 1_000),
        link(row.wrapping_sub(1), "previous"),
        link(row + 1, "next"),
        other.0,
        other.1,
    );
    Html(page).into_response()
}

/// On to the task with its parameters: its own page, or one elsewhere.
async fn enter(State(site): State<Arc<Site>>, Path(row): Path<usize>, Query(view): Query<View>) -> Response {
    let target = match site.asked(row) {
        Ok(Asked::External { url, .. }) => url,
        _ => format!("{}/{row}/page", site.base),
    };
    let target = site.given(&target, row, &view);
    Redirect::to(&target).into_response()
}

/// The task itself.
async fn page(State(site): State<Arc<Site>>, Path(row): Path<usize>) -> Response {
    let submit_to = format!("{}/{row}", site.base);
    match site.asked(row) {
        Ok(Asked::Html { content, .. }) => task(rewrite(&content, &site.origin, &submit_to)),
        Ok(Asked::Form(form)) => task(form_page(&site, row, &render::form(&form, None, &[]))),
        Ok(Asked::External { .. }) | Err(_) => (StatusCode::NOT_FOUND, "there is no page here").into_response(),
    }
}

/// A question form, as the market shows it.
fn form_page(site: &Site, row: usize, fields: &str) -> String {
    format!(
        "<!DOCTYPE html><html lang=en><head><meta charset=utf-8><style>{}</style></head><body class=\"qf-page\"><form \
         method=post action=\"{}/{row}/answers\">{fields}<p><button class=\"qf-submit\">Submit</button></p></form></body></html>",
        render::STYLE,
        site.base
    )
}

/// The answers to a question form: what is wrong with them, or what would come back.
async fn answered(State(site): State<Arc<Site>>, Path(row): Path<usize>, request: Request) -> Response {
    let Ok(Asked::Form(form)) = site.asked(row) else {
        return (StatusCode::NOT_FOUND, "there is no form here").into_response();
    };
    let posted = match read_posted(request).await {
        Ok(fields) => Posted(fields),
        Err(trouble) => return trouble.into_response(),
    };
    let answers = render::answers(&form, &posted);
    let unmet = render::unmet(&form, &answers);
    if !unmet.is_empty() {
        return task(form_page(&site, row, &render::form(&form, Some(&posted), &unmet)));
    }
    let shown = answers.iter().map(|(name, given): &(String, Given)| {
        let values: Vec<&str> = given.values().into_iter().collect();
        (name.clone(), values.join(" | "))
    });
    task(result(&shown.collect::<Vec<_>>()))
}

/// What a page has handed in.
async fn came_back(request: Request) -> Response {
    let all = match read_posted(request).await {
        Ok(fields) => fields,
        Err(trouble) => return trouble.into_response(),
    };
    let assignment = all.iter().find(|(name, _)| name == "assignmentId").map(|(_, value)| value.as_str());
    match assignment {
        None | Some("") => task(note(
            "Nothing would come back: the form sent no assignmentId. A hidden field of that name must hold what stands in \
             the page's address under the same name.",
        )),
        Some(PREVIEW) => task(note(
            "Nothing is handed in before accepting. A page should not let workers try: it knows by its assignmentId.",
        )),
        Some(_) => {
            let ours = ["assignmentId", "hitId", "workerId", "turkSubmitTo"];
            let fields = all.iter().filter(|(name, _)| !ours.contains(&name.as_str()));
            task(result(&joined(fields)))
        }
    }
}

/// Fields of one name are one answer, its values joined as the market joins them.
fn joined<'f>(fields: impl Iterator<Item = &'f (String, String)>) -> Vec<(String, String)> {
    let mut joined: Vec<(String, String)> = Vec::new();
    for (name, value) in fields {
        match joined.iter_mut().find(|(known, _)| known == name) {
            Some((_, values)) => {
                values.push('|');
                values.push_str(value);
            }
            None => joined.push((name.clone(), value.clone())),
        }
    }
    joined
}

fn result(fields: &[(String, String)]) -> String {
    let row = |(name, value): &(String, String)| {
        format!("<tr><th scope=row>Answer.{}</th><td><pre>{}</pre></td></tr>", html_text(name), html_text(value))
    };
    let rows: String = fields.iter().map(row).collect();
    let table = if fields.is_empty() {
        "<p>No field: the form has none with a name.</p>".to_owned()
    } else {
        format!("<table>{rows}</table>")
    };
    around(&format!("<h2>This would come back</h2>{table}"))
}

fn note(words: &str) -> String {
    around(&format!("<p class=bad>{}</p>", html_text(words)))
}

fn around(body: &str) -> String {
    format!(
        "<!DOCTYPE html><html lang=en><head><meta charset=utf-8><style>{STYLE}</style></head><body>{body}</body></html>"
    )
}

/// A page for the frame: nothing else may show it, and nothing of it is kept.
fn task(html: String) -> Response {
    let mut response = Html(html).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers
        .insert(HeaderName::from_static("content-security-policy"), HeaderValue::from_static("frame-ancestors 'self'"));
    response
}

const STYLE: &str = "body{font:16px/1.45 system-ui,sans-serif;margin:1rem auto;max-width:64rem;padding:0 1rem;color:#1c1c1c;\
    background:#fff}h1{font-size:1.2rem;margin:0}h2{font-size:1.1rem}header p{margin:.2rem 0 .8rem;color:#555}header span{color:#999}\
    iframe{width:100%;border:1px solid #bbb;border-radius:4px;background:#fff}table{border-collapse:collapse}th,td{border:1px \
    solid #ccc;padding:.3rem .6rem;text-align:left;vertical-align:top}pre{margin:0;white-space:pre-wrap;font:inherit}.bad{color:#a00}\
    @media(prefers-color-scheme:dark){body{color:#e6e6e6;background:#181818}header p{color:#aaa}th,td{border-color:#444}a{color:#8ab4f8}}";

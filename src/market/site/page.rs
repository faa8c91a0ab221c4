//! Pages: templates that are compiled into the program, and the head that all pages share.

use std::sync::LazyLock;

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value, context};

use super::{assets, words};

/// What the browser may let a page and its frames use.
pub const PERMISSIONS: HeaderName = HeaderName::from_static("permissions-policy");
/// Nothing.
pub const WITHOUT_DEVICES: HeaderValue =
    HeaderValue::from_static("camera=(), microphone=(), geolocation=(), payment=(), usb=()");
/// Camera and microphone, for whatever stands in a frame that they are handed on to.
pub const WITH_DEVICES: HeaderValue =
    HeaderValue::from_static("camera=*, microphone=*, geolocation=(), payment=(), usb=()");

/// All templates. A page extends `base.html`.
const TEMPLATES: &[(&str, &str)] = &[
    ("account.html", include_str!("../../../assets/site/account.html")),
    ("assignment.html", include_str!("../../../assets/site/assignment.html")),
    ("base.html", include_str!("../../../assets/site/base.html")),
    ("done.html", include_str!("../../../assets/site/done.html")),
    ("exam.html", include_str!("../../../assets/site/exam.html")),
    ("group.html", include_str!("../../../assets/site/group.html")),
    ("groups.html", include_str!("../../../assets/site/groups.html")),
    ("history.html", include_str!("../../../assets/site/history.html")),
    ("join.html", include_str!("../../../assets/site/join.html")),
    ("landing.html", include_str!("../../../assets/site/landing.html")),
    ("messages.html", include_str!("../../../assets/site/messages.html")),
    ("notice.html", include_str!("../../../assets/site/notice.html")),
    ("pages.html", include_str!("../../../assets/site/pages.html")),
    ("preview.html", include_str!("../../../assets/site/preview.html")),
    ("privacy.html", include_str!("../../../assets/site/privacy.html")),
    ("qualification.html", include_str!("../../../assets/site/qualification.html")),
    ("qualification_ask.html", include_str!("../../../assets/site/qualification_ask.html")),
    ("qualification_state.html", include_str!("../../../assets/site/qualification_state.html")),
    ("qualifications.html", include_str!("../../../assets/site/qualifications.html")),
    ("queue.html", include_str!("../../../assets/site/queue.html")),
    ("requirements.html", include_str!("../../../assets/site/requirements.html")),
    ("sign_in.html", include_str!("../../../assets/site/sign_in.html")),
    ("sign_out.html", include_str!("../../../assets/site/sign_out.html")),
    ("statement.html", include_str!("../../../assets/site/statement.html")),
    ("statements.html", include_str!("../../../assets/site/statements.html")),
    ("trouble.html", include_str!("../../../assets/site/trouble.html")),
];

/// Everything in them that comes from people is escaped.
static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    environment.add_filter("span", words::span);
    environment.add_filter("moment", words::moment);
    environment.add_filter("clock", words::clock);
    environment.add_filter("plural", words::plural);
    environment.add_global("icon", assets::path("icon.svg"));
    environment.add_global("css", assets::path("site.css"));
    environment.add_global("js", assets::path("site.js"));
    for (name, source) in TEMPLATES {
        if let Err(error) = environment.add_template(name, source) {
            tracing::error!(%error, name, "a template of the worker site is broken");
        }
    }
    environment
});

/// Where what a requester put into a page may come from, besides this site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sources {
    /// Frames, as a content security policy names them.
    pub frames: String,
    /// Whether pictures, sounds and films of other sites are shown.
    pub media: bool,
    /// Whether what is in a frame may ask the worker for camera and microphone. The page around it has no use for them.
    pub devices: bool,
}

impl Sources {
    /// Nothing.
    pub fn none() -> Sources {
        Sources { frames: "'none'".to_owned(), media: false, devices: false }
    }
}

/// What a page's policy allows: styles, pictures and the scripts of this site, forms to this site, and what is in `sources`.
fn policy(sources: &Sources) -> String {
    let Sources { frames, media, .. } = sources;
    let media = if *media { " https: http:" } else { "" };
    format!(
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'{media}; media-src 'self'{media}; \
         connect-src 'self'; form-action 'self'; frame-src {frames}; frame-ancestors 'none'; base-uri 'none'"
    )
}

/// A page without frames.
pub fn show(status: StatusCode, template: &str, with: Value) -> Response {
    show_with_sources(status, template, with, &Sources::none())
}

/// A page in which something may come from elsewhere.
pub fn show_with_sources(status: StatusCode, template: &str, with: Value, sources: &Sources) -> Response {
    let rendered = ENVIRONMENT.get_template(template).and_then(|template| template.render(with));
    let (status, text) = match rendered {
        Ok(text) => (status, text),
        Err(error) => {
            tracing::error!(%error, template, "a page of the worker site could not be rendered");
            (StatusCode::INTERNAL_SERVER_ERROR, "This page could not be made.".to_owned())
        }
    };
    let mut response = (status, text).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    if let Ok(policy) = HeaderValue::from_str(&policy(sources)) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    if sources.devices {
        headers.insert(PERMISSIONS, WITH_DEVICES);
    }
    response
}

/// The way to another path of this site, with GET.
pub fn to(path: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    // Only paths of this site are ever given; a text that is no header would be one that is not.
    let target = HeaderValue::from_str(path).unwrap_or_else(|_| HeaderValue::from_static("/"));
    response.headers_mut().insert(header::LOCATION, target);
    response
}

/// What `with` says, over what all pages are told.
pub fn merged(common: Value, with: Value) -> Value {
    context! { ..with, ..common }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_is_whole() {
        let names: Vec<&str> = ENVIRONMENT.templates().map(|(name, _)| name).collect();
        assert_eq!(names.len(), TEMPLATES.len(), "{names:?}");
    }

    #[test]
    fn no_template_lets_a_text_through_as_it_is() {
        for (name, source) in TEMPLATES {
            for line in source.lines().filter(|line| line.contains("safe")) {
                assert!(line.contains("embedded|safe"), "{name}: {line}");
            }
        }
    }
}

//! HIT layouts: made by the operator for a requester, used by `CreateHIT`.

use super::Service;
use crate::market::error::{Refusal, ServiceError};
use crate::market::rules::layout::merge;
use crate::market::storage::{Layout, RequesterKey};
use crate::question::template::Template;
use crate::question::write::framed_html_question;
use std::collections::BTreeSet;

/// The longest page of a layout, in bytes. A question is shorter, but what stands in a placeholder may be as well.
const MAX_PAGE: usize = 1 << 20;

/// A layout that was registered.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct LayoutAdded {
    /// `HITLayoutId`.
    pub layout: String,
    /// The names of the parameters that it takes.
    pub parameters: Vec<String>,
}

impl Service {
    /// Registers a page with placeholders such as `${image_url}` as a layout of a requester.
    pub async fn add_layout(
        &self,
        who: RequesterKey,
        name: &str,
        page: &str,
        frame_height: u32,
    ) -> Result<LayoutAdded, ServiceError> {
        if name.trim().is_empty() || page.trim().is_empty() || page.len() > MAX_PAGE {
            let what = format!("A layout needs a name, and a page of 1 to {MAX_PAGE} bytes.");
            return Err(Refusal::Parameters(what).into());
        }
        let names: BTreeSet<&str> = Template::of(page).names().collect();
        let parameters = names.into_iter().map(str::to_owned).collect();
        let (name, page) = (name.to_owned(), page.to_owned());
        let added = self.storage.change(move |change| {
            let added = change.add_layout(who, &name, &page, frame_height)?;
            added.ok_or_else(|| Refusal::Parameters(format!("There is a layout named \"{name}\" already.")).into())
        });
        Ok(LayoutAdded { layout: added.await?, parameters })
    }

    /// A requester's layouts, oldest first.
    pub async fn layouts(&self, who: RequesterKey) -> Result<Vec<Layout>, ServiceError> {
        self.read(move |view| Ok(view.layouts(who)?)).await
    }

    /// The question that a layout makes of these parameters.
    pub(super) async fn question_of_layout(
        &self,
        who: RequesterKey,
        id: &str,
        parameters: &[(String, String)],
    ) -> Result<String, ServiceError> {
        let wanted = id.to_owned();
        let found = self.read(move |view| Ok(view.layout(who, &wanted)?)).await?;
        let Some(layout) = found else {
            let hint = "There is no such layout.".into();
            return Err(Refusal::Parameter { parameter: "HITLayoutId", value: id.to_owned(), hint }.into());
        };
        let page = merge(&layout.page, parameters).map_err(|wrong| Refusal::Parameters(wrong.to_string()))?;
        Ok(framed_html_question(&page, layout.frame_height))
    }
}

//! What workers get to see: whether it can be handed in, what comes back, what it loads, and whether they are asked.

use super::{Checking, Level};
use crate::domain::batch::Consent;
use crate::exchange::batch::task::Kind;
use crate::question::asked::{self, Asked};
use crate::question::form;
use crate::question::page::PageFacts;

/// Where pages of Amazon's own workers are handed in.
const AMAZON_SUBMIT: [&str; 2] = ["www.mturk.com", "workersandbox.mturk.com"];

impl Checking<'_> {
    /// Looks at the first row's question, and at the template where the place matters.
    pub(super) fn page(&mut self) {
        let draft = self.draft;
        let source = &draft.files.source;
        match &draft.spec.consent {
            Consent::None => {
                self.find(Level::Notice, &draft.files.spec, "nobody is asked for consent: consent = \"none\"");
            }
            Consent::Inside if draft.task.kind == Kind::Address => {}
            Consent::Inside => {
                let text = draft.source_text.to_lowercase();
                if !["consent", "agree"].iter().any(|word| text.contains(word)) {
                    let words = "consent = \"inside\", but it nowhere says consent or agree";
                    self.find(Level::Warning, source, words);
                }
            }
            Consent::File(_) | Consent::Text(_) => {}
        }
        let filling = draft.task.filling(&draft.table.columns);
        let first = draft.table.rows.first();
        match draft.task.kind {
            Kind::Page => {
                let page = first.and_then(|row| filling.content(row).ok()).unwrap_or_else(|| draft.task.text.clone());
                self.html(&page);
            }
            Kind::Document => {
                let text = first.and_then(|row| filling.content(row).ok()).unwrap_or_else(|| draft.task.text.clone());
                let Ok(asked) = asked::read(&text) else { return };
                match asked.value {
                    Asked::Html { content, .. } => self.html(&content),
                    Asked::External { .. } => self.elsewhere(),
                    Asked::Form(_) => self.report.fields = form::read(&text).fields,
                }
                for warning in asked.warnings {
                    self.find(Level::Warning, source, warning.to_string());
                }
            }
            Kind::Address => {
                self.report.addresses = vec![draft.task.text.clone()];
                self.elsewhere();
            }
        }
    }

    fn html(&mut self, page: &str) {
        let source = self.draft.files.source.clone();
        let facts = PageFacts::of(page);
        if !facts.can_be_submitted() {
            if facts.scripted {
                let words =
                    "no form in it goes to externalSubmit, and there is no <crowd-form>: a script must hand it in";
                self.find(Level::Warning, &source, words);
            } else {
                let words = "nobody can hand it in: it needs a form whose action is \
                             https://www.mturk.com/mturk/externalSubmit, or a <crowd-form>";
                self.find(Level::Error, &source, words);
            }
        }
        if facts.submits() && !facts.assignment_id {
            let words = "nothing in it mentions assignmentId: the form must send a field of that name, which a script \
                         takes out of the page's address";
            self.find(Level::Warning, &source, words);
        }
        if facts.form.fields.is_empty() {
            self.find(Level::Warning, &source, "no answer would come back: no field in it has a name");
        }
        for field in facts.form.fields.iter().filter(|field| field.name.contains("${")) {
            self.find(Level::Warning, &source, format!("the field {} is named by a placeholder", field.name));
        }
        self.own_site(&facts);
        let named = PageFacts::of(&self.draft.task.text).addresses;
        for address in facts.addresses.iter().filter(|address| address.starts_with("http://")) {
            let words = format!("{address} is not https: browsers do not load it into a page that is");
            self.find(Level::Warning, &source, words);
        }
        if let Some(other) = self.other_site(&facts) {
            self.find(Level::Warning, &source, other);
        }
        self.report.addresses = named;
        self.report.fields = facts.form.fields;
    }

    /// A form of the sandbox in production, or the other way round, hands nothing in.
    fn other_site(&self, facts: &PageFacts) -> Option<String> {
        let [production, sandbox] = AMAZON_SUBMIT;
        let wrong = if self.facts.sandbox { production } else { sandbox };
        let action = facts.actions.iter().find(|action| action.contains(wrong))?;
        self.facts.amazon.then(|| format!("its form goes to {action}, and this is the other of Amazon's two sites"))
    }
}

//! Messages to workers: minijinja over what is known of each, strict about names, so that no worker reads an empty gap.

use super::template::is_template;
use crate::domain::id::WorkerId;
use crate::domain::money::Usd;
use crate::domain::worker_stats::WorkerStats;
use minijinja::{Environment, UndefinedBehavior, context};

/// What the merge fields of a message are filled with.
#[derive(Debug, Clone, Copy)]
pub struct Addressee<'a> {
    /// Who.
    pub worker: &'a WorkerId,
    /// Their work; nothing of somebody who never worked here.
    pub stats: &'a WorkerStats,
    /// The bonuses they were paid.
    pub bonuses: Usd,
}

/// What a subject or a text may name, for people.
pub const FIELDS: &str = "fields: {{worker}} {{submitted}} {{approved}} {{rejected}} {{undecided}} {{rate}} {{earned}}";

/// Fills a subject or a text in for one worker. Names: `worker`, `submitted`, `approved`, `rejected`, `undecided` (counts),
/// `rate` (percent), `earned`, `bonuses` (dollars).
pub fn render(text: &str, to: Addressee<'_>) -> Result<String, String> {
    if !is_template(text) {
        return Ok(text.to_owned());
    }
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let stats = to.stats;
    let context = context! {
        worker => to.worker.as_str(),
        submitted => stats.submitted,
        approved => stats.lifetime.approved,
        rejected => stats.lifetime.rejected,
        undecided => stats.undecided(),
        rate => stats.lifetime.rate().map(|rate| format!("{}.{:02}", rate / 100, rate % 100)),
        earned => stats.earned.display(),
        bonuses => to.bonuses.display(),
    };
    environment.render_str(text, context).map_err(|error| {
        let why = error.detail().map_or_else(|| error.to_string(), str::to_owned);
        format!("it cannot be filled in for {}: {why}; {FIELDS}", to.worker)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::worker_stats::Tally;

    #[test]
    fn merge_fields_are_filled_in_and_unknown_ones_are_refused() {
        let worker = WorkerId::parse("A1X").unwrap();
        let lifetime = Tally { approved: 3, rejected: 1 };
        let stats = WorkerStats { submitted: 5, lifetime, earned: Usd::cents(15), ..WorkerStats::default() };
        let to = Addressee { worker: &worker, stats: &stats, bonuses: Usd::cents(50) };
        assert_eq!(render("plain {text}", to), Ok("plain {text}".to_owned()));
        let text = "{{ worker }}: {{ approved }} of {{ submitted }}, {{ rate }} %, {{ earned }} and {{ bonuses }}";
        assert_eq!(render(text, to), Ok("A1X: 3 of 5, 75.00 %, $0.15 and $0.50".to_owned()));
        let error = render("{{ name }}", to).unwrap_err();
        assert!(error.starts_with("it cannot be filled in for A1X: "), "{error}");
    }
}

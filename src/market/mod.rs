//! The MTurk-compatible service: API, rules, storage, accounts, simulated workers.
//!
//! A request comes in through [`api`] (signed, AWS JSON 1.1) or [`control`] (tests, on loopback); both call [`service`], which
//! loads from [`storage`], asks the pure [`rules`] what follows, and writes it down. [`serve`] puts it on a port.

mod accounts;
pub mod answers;
mod api;
pub mod clock;
mod control;
pub mod deliver;
pub mod error;
pub mod faults;
mod id;
pub mod import;
mod json;
mod operator;
mod rules;
pub mod serve;
pub mod service;
pub mod simulate;
mod site;
pub mod storage;
mod tally;

use accounts::Accounts;
use faults::FaultPlan;
use service::Service;
use tally::Tally;

pub use api::requirements_json;
pub use operator::{Credentials, add_layout, add_requester, list_requesters};
pub use rules::account::{Account, Kind, Movement};
pub use rules::eligibility::{Action, Standing, Verdict};
pub use rules::hit::HitState;
pub use rules::requirement::{Comparator, Guard, Locale, Required};

/// Everything that answers requests of one market.
struct Market {
    service: Service,
    accounts: Accounts,
    faults: FaultPlan,
    tally: Tally,
    balance: crate::domain::money::Usd,
    pages: std::sync::Arc<api::Pages>,
}

impl Market {
    /// A query of this market that is answered in pages.
    fn paged(&self, query: String) -> api::Paged {
        api::Paged::new(self.accounts.ring(), query, self.pages.buffers())
    }
}

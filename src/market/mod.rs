//! The MTurk-compatible service: API, rules, storage, accounts, simulated workers.
//!
//! A request comes in through [`api`] (signed, AWS JSON 1.1) or [`control`] (tests, on loopback); both call [`service`], which
//! loads from [`storage`], asks the pure [`rules`] what follows, and writes it down. [`serve`] puts it on a port.

mod access_log;
mod accounts;
pub mod answers;
mod api;
mod backup;
mod bucket;
pub mod clock;
mod connection;
mod control;
pub mod deliver;
pub mod error;
pub mod faults;
mod files;
mod id;
pub mod import;
mod json;
mod operator;
mod rules;
pub mod secret;
pub mod serve;
pub mod service;
pub mod simulate;
mod site;
pub mod storage;
mod tally;
mod tls;

use accounts::Accounts;
use faults::FaultPlan;
use service::Service;
use tally::Tally;

pub use crate::domain::requirement::{Comparator, Guard, Locale, Required, Standing};
pub use api::requirements_json;
pub use backup::{Copied, backup, restore};
pub use operator::{Credentials, Link, Operator, rekey};
pub use rules::account::{Account, Kind, Movement};
pub use rules::eligibility::{Action, Verdict};
pub use rules::hit::HitState;
pub use service::{Payroll, Statement};
pub use site::{SiteOptions, embed};
pub use storage::{Earning, PayLine, Quota, Requester};
pub use tls::TlsFiles;

/// Everything that answers requests of one market.
struct Market {
    service: Service,
    accounts: Accounts,
    faults: FaultPlan,
    tally: Tally,
    balance: crate::domain::money::Usd,
    pages: std::sync::Arc<api::Pages>,
    bodies: api::Bodies,
    site: site::Site,
}

impl Market {
    /// A query of this market that is answered in pages.
    fn paged(&self, query: String) -> api::Paged {
        api::Paged::new(self.accounts.ring(), query, self.pages.buffers())
    }
}

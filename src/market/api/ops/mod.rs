//! The operations, a file each: read the input, call the service, write the answer.

mod approve_assignment;
mod create_hit;
mod create_hit_type;
mod create_hit_with_hit_type;
mod delete_hit;
mod get_account_balance;
mod get_assignment;
mod get_hit;
mod list_assignments_for_hit;
mod list_bonus_payments;
mod list_hits;
mod list_reviewable_hits;
mod reject_assignment;
mod send_bonus;
mod shared;
mod update_expiration_for_hit;

use axum::body::Bytes;

use serde_json::{Map, Value};

use super::error::Fault;
use super::input::Input;
use crate::market::Market;
use crate::market::storage::RequesterKey;

const KNOWN: [&str; 15] = [
    "ApproveAssignment",
    "CreateHIT",
    "CreateHITType",
    "CreateHITWithHITType",
    "DeleteHIT",
    "GetAccountBalance",
    "GetAssignment",
    "GetHIT",
    "ListAssignmentsForHIT",
    "ListBonusPayments",
    "ListHITs",
    "ListReviewableHITs",
    "RejectAssignment",
    "SendBonus",
    "UpdateExpirationForHIT",
];

/// What operations with nothing to say answer.
fn nothing() -> Bytes {
    Bytes::from_static(b"{}")
}

/// Whether there is such an operation.
pub fn is_known(operation: &str) -> bool {
    KNOWN.contains(&operation)
}

/// Calls an operation.
pub async fn call(
    market: &Market,
    who: RequesterKey,
    operation: &str,
    members: &Map<String, Value>,
) -> Result<Bytes, Fault> {
    let input = Input::of(members);
    match operation {
        "ApproveAssignment" => approve_assignment::call(market, who, input).await,
        "CreateHIT" => create_hit::call(market, who, input).await,
        "CreateHITType" => create_hit_type::call(market, who, input).await,
        "CreateHITWithHITType" => create_hit_with_hit_type::call(market, who, input).await,
        "DeleteHIT" => delete_hit::call(market, who, input).await,
        "GetAccountBalance" => get_account_balance::call(market, who, input).await,
        "GetAssignment" => get_assignment::call(market, who, input).await,
        "GetHIT" => get_hit::call(market, who, input).await,
        "ListAssignmentsForHIT" => list_assignments_for_hit::call(market, who, input).await,
        "ListBonusPayments" => list_bonus_payments::call(market, who, input).await,
        "ListHITs" => list_hits::call(market, who, input).await,
        "ListReviewableHITs" => list_reviewable_hits::call(market, who, input).await,
        "RejectAssignment" => reject_assignment::call(market, who, input).await,
        "SendBonus" => send_bonus::call(market, who, input).await,
        "UpdateExpirationForHIT" => update_expiration_for_hit::call(market, who, input).await,
        _ => Err(Fault::FrontDoor("UnknownOperationException", "This market does not know that operation.".into())),
    }
}

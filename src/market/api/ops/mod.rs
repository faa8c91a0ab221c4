//! The operations, a file each: read the input, call the service, write the answer.

mod accept_qualification_request;
mod approve_assignment;
mod associate_qualification_with_worker;
mod create_additional_assignments_for_hit;
mod create_hit;
mod create_hit_type;
mod create_hit_with_hit_type;
mod create_qualification_type;
mod create_worker_block;
mod delete_hit;
mod delete_qualification_type;
mod delete_worker_block;
mod disassociate_qualification_from_worker;
mod get_account_balance;
mod get_assignment;
mod get_file_upload_url;
mod get_hit;
mod get_qualification_score;
mod get_qualification_type;
mod list_assignments_for_hit;
mod list_bonus_payments;
mod list_hits;
mod list_hits_for_qualification_type;
mod list_qualification_requests;
mod list_qualification_types;
mod list_review_policy_results_for_hit;
mod list_reviewable_hits;
mod list_worker_blocks;
mod list_workers_with_qualification_type;
mod notify_workers;
mod policies;
mod qualification_draft;
mod reject_assignment;
mod reject_qualification_request;
mod send_bonus;
mod send_test_event_notification;
mod shared;
mod specification;
mod update_expiration_for_hit;
mod update_hit_review_status;
mod update_hit_type_of_hit;
mod update_notification_settings;
mod update_qualification_type;

use axum::body::Bytes;

use serde_json::{Map, Value};

use super::error::Fault;
use super::input::Input;
use crate::market::Market;
use crate::market::storage::RequesterKey;

const KNOWN: [&str; 39] = [
    "AcceptQualificationRequest",
    "ApproveAssignment",
    "AssociateQualificationWithWorker",
    "CreateAdditionalAssignmentsForHIT",
    "CreateHIT",
    "CreateHITType",
    "CreateHITWithHITType",
    "CreateQualificationType",
    "CreateWorkerBlock",
    "DeleteHIT",
    "DeleteQualificationType",
    "DeleteWorkerBlock",
    "DisassociateQualificationFromWorker",
    "GetAccountBalance",
    "GetAssignment",
    "GetFileUploadURL",
    "GetHIT",
    "GetQualificationScore",
    "GetQualificationType",
    "ListAssignmentsForHIT",
    "ListBonusPayments",
    "ListHITs",
    "ListHITsForQualificationType",
    "ListQualificationRequests",
    "ListQualificationTypes",
    "ListReviewPolicyResultsForHIT",
    "ListReviewableHITs",
    "ListWorkerBlocks",
    "ListWorkersWithQualificationType",
    "NotifyWorkers",
    "RejectAssignment",
    "RejectQualificationRequest",
    "SendBonus",
    "SendTestEventNotification",
    "UpdateExpirationForHIT",
    "UpdateHITReviewStatus",
    "UpdateHITTypeOfHIT",
    "UpdateNotificationSettings",
    "UpdateQualificationType",
];

/// What operations with nothing to say answer.
fn nothing() -> Bytes {
    Bytes::from_static(b"{}")
}

/// Whether there is such an operation.
pub fn is_known(operation: &str) -> bool {
    KNOWN.contains(&operation)
}

/// Calls an operation. `request` is the ID of the request.
pub async fn call(
    market: &Market,
    who: RequesterKey,
    operation: &str,
    members: &Map<String, Value>,
    request: &str,
) -> Result<Bytes, Fault> {
    let input = Input::of(members);
    match operation {
        "AcceptQualificationRequest" => accept_qualification_request::call(market, who, input).await,
        "ApproveAssignment" => approve_assignment::call(market, who, input).await,
        "AssociateQualificationWithWorker" => associate_qualification_with_worker::call(market, who, input).await,
        "CreateAdditionalAssignmentsForHIT" => {
            create_additional_assignments_for_hit::call(market, who, input, request).await
        }
        "CreateHIT" => create_hit::call(market, who, input).await,
        "CreateHITType" => create_hit_type::call(market, who, input).await,
        "CreateHITWithHITType" => create_hit_with_hit_type::call(market, who, input).await,
        "CreateQualificationType" => create_qualification_type::call(market, who, input).await,
        "CreateWorkerBlock" => create_worker_block::call(market, who, input).await,
        "DeleteHIT" => delete_hit::call(market, who, input).await,
        "DeleteQualificationType" => delete_qualification_type::call(market, who, input).await,
        "DeleteWorkerBlock" => delete_worker_block::call(market, who, input).await,
        "DisassociateQualificationFromWorker" => disassociate_qualification_from_worker::call(market, who, input).await,
        "GetAccountBalance" => get_account_balance::call(market, who, input).await,
        "GetAssignment" => get_assignment::call(market, who, input).await,
        "GetFileUploadURL" => get_file_upload_url::call(market, who, input).await,
        "GetHIT" => get_hit::call(market, who, input).await,
        "GetQualificationScore" => get_qualification_score::call(market, who, input).await,
        "GetQualificationType" => get_qualification_type::call(market, who, input).await,
        "ListAssignmentsForHIT" => list_assignments_for_hit::call(market, who, input).await,
        "ListBonusPayments" => list_bonus_payments::call(market, who, input).await,
        "ListHITs" => list_hits::call(market, who, input).await,
        "ListHITsForQualificationType" => list_hits_for_qualification_type::call(market, who, input).await,
        "ListQualificationRequests" => list_qualification_requests::call(market, who, input).await,
        "ListQualificationTypes" => list_qualification_types::call(market, who, input).await,
        "ListReviewPolicyResultsForHIT" => list_review_policy_results_for_hit::call(market, who, input).await,
        "ListReviewableHITs" => list_reviewable_hits::call(market, who, input).await,
        "ListWorkerBlocks" => list_worker_blocks::call(market, who, input).await,
        "ListWorkersWithQualificationType" => list_workers_with_qualification_type::call(market, who, input).await,
        "NotifyWorkers" => notify_workers::call(market, who, input).await,
        "RejectAssignment" => reject_assignment::call(market, who, input).await,
        "RejectQualificationRequest" => reject_qualification_request::call(market, who, input).await,
        "SendBonus" => send_bonus::call(market, who, input).await,
        "SendTestEventNotification" => send_test_event_notification::call(market, who, input).await,
        "UpdateExpirationForHIT" => update_expiration_for_hit::call(market, who, input).await,
        "UpdateNotificationSettings" => update_notification_settings::call(market, who, input).await,
        "UpdateQualificationType" => update_qualification_type::call(market, who, input).await,
        "UpdateHITReviewStatus" => update_hit_review_status::call(market, who, input).await,
        "UpdateHITTypeOfHIT" => update_hit_type_of_hit::call(market, who, input).await,
        _ => Err(Fault::FrontDoor("UnknownOperationException", "This market does not know that operation.".into())),
    }
}

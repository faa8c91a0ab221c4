//! What can go wrong in the market: refusals (the request asks for what the rules do not allow) and failures of the service.

use std::path::PathBuf;

use crate::domain::hit::HitStatus;
use crate::domain::money::Usd;

use super::storage::StorageError;

/// Why the market does not do what it was asked. Nothing has changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No such HIT, or another requester's.
    #[error("Hit {0} does not exist.")]
    NoHit(String),
    /// No such HIT type, or another requester's.
    #[error("HITType {0} does not exist.")]
    NoHitType(String),
    /// No such assignment, another requester's, or not submitted yet.
    #[error("Assignment {0} does not exist.")]
    NoAssignment(String),
    /// No such qualification type.
    #[error("QualificationType {0} does not exist.")]
    NoQualificationType(String),
    /// The system's qualification types are nobody's.
    #[error("This user is not authorized to perform the requested operation.")]
    NotAuthorized,
    /// A qualification type of this name is there.
    #[error(
        "You have already created a QualificationType with this name. A QualificationType's name must be unique among all of the QualificationTypes created by the same user."
    )]
    QualificationTypeExists,
    /// The qualification type is in the wrong state.
    #[error(
        "This QualificationType is currently in the state '{current}'.  This operation can be called with a status of: {allowed}"
    )]
    QualificationTypeState {
        /// Where it is.
        current: &'static str,
        /// Where it would have to be.
        allowed: &'static str,
    },
    /// The worker was never granted the qualification.
    #[error("You requested a Qualification that does not exist.")]
    NoQualification,
    /// The qualification was revoked.
    #[error("This operation can be called with a status of: Granted")]
    QualificationState,
    /// No such request, or another requester's.
    #[error("QualificationRequest {0} does not exist.")]
    NoQualificationRequest(String),
    /// The request was decided already.
    #[error("This operation can be called with a status of: Pending")]
    QualificationRequestState,
    /// The assignment is in the wrong state for a decision.
    #[error("This operation can be called with a status of: Submitted")]
    AssignmentState,
    /// The HIT is in the wrong state.
    #[error("This HIT is currently in the state '{}'.  This operation can be called with a status of: {allowed}", .current.name())]
    HitState {
        /// Where it is.
        current: HitStatus,
        /// Where it would have to be.
        allowed: &'static str,
    },
    /// A HIT made with fewer than ten assignments would get ten or more.
    #[error("A HIT created with fewer than 10 assignments cannot be extended to 10 or more assignments.")]
    Increase,
    /// A HIT from before the fees were changed would get more assignments.
    #[error("HITs created before 2015-07-22 cannot be extended with additional assignments.")]
    HitTooOld,
    /// The type of a HIT would be changed that somebody has worked on.
    #[error("Hit {0} has accepted or submitted assignments: its HITType cannot be changed any more.")]
    HitHasWork(String),
    /// There is no such file.
    #[error(
        "There is no uploaded file for the question \"{0}\" of this assignment. Questions that take files were withdrawn on 2017-12-12."
    )]
    NoFile(String),
    /// The account cannot pay for it.
    #[error(
        "This Requester has insufficient funds in their account to complete this transaction. Please visit https://requester.mturk.com/prepayments/new to purchase Prepaid HITs. "
    )]
    InsufficientFunds,
    /// A `UniqueRequestToken` was used before, for a HIT.
    #[error("The HIT with ID \"{hit}\" was already created with the UniqueRequestToken \"{token}\".")]
    HitAlreadyExists {
        /// The token.
        token: String,
        /// The HIT it made.
        hit: String,
    },
    /// A token was used before.
    #[error("The idempotency token \"{0}\" has already been processed.")]
    TokenUsed(String),
    /// The token of a request that changed something was used before.
    #[error("The idempotency token \"{token}\" has already been processed by the request {request}.")]
    RequestRepeated {
        /// The token.
        token: String,
        /// The ID of the request that used it.
        request: String,
    },
    /// A value is out of bounds or names nothing.
    #[error("The value \"{value}\" is not valid for the parameter {parameter}.{}{hint}", if .hint.is_empty() { "" } else { " " })]
    Parameter {
        /// The parameter's name.
        parameter: &'static str,
        /// What was given, shortened.
        value: String,
        /// What is expected; may be empty.
        hint: String,
    },
    /// Two parameters do not go together, or one is missing.
    #[error("{0}")]
    Parameters(String),
    /// `RequesterFeedback` has characters that it cannot have, or too many.
    #[error("{0}")]
    Feedback(String),
    /// An XML document is not what it should be.
    #[error(
        "There was an error parsing the XML question or answer data in your request.  Please make sure the data is well-formed and validates against the appropriate schema. Details: {0}"
    )]
    Document(String),
    /// A notification cannot be sent to there.
    #[error("{0}")]
    Transport(String),
    /// A worker asks for what a worker cannot have now: said in words.
    #[error("{0}")]
    Worker(String),
    /// The operator lets a requester have only so many HITs open at a time.
    #[error(
        "Your account may have {0} HITs open to workers at one time, and has that many. Wait until some are done, expire some, or ask the operator of this market."
    )]
    OpenHits(u32),
    /// An import holds what cannot be: said in words.
    #[error("{0}")]
    Import(String),
}

/// A refusal or a failure.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ServiceError {
    /// The rules do not allow it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The market could not do it.
    #[error(transparent)]
    Failed(#[from] StorageError),
}

/// Why a market does not start.
#[derive(Debug, thiserror::Error)]
pub enum MarketError {
    /// The storage cannot be used.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}. Choose another with --listen (port 0 takes any free one)")]
    Listen {
        /// The address.
        address: std::net::SocketAddr,
        /// Why not.
        source: std::io::Error,
    },
    /// `--control` lets anybody who reaches the port move time and money.
    #[error(
        "--control lets anybody who reaches {0} submit work and move time: it is possible on a loopback address only"
    )]
    ControlBeyondLoopback(std::net::SocketAddr),
    /// The data directory or a file in it cannot be used.
    #[error("cannot {what} {path}: {source}")]
    File {
        /// What was tried.
        what: &'static str,
        /// Which file.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// The key file is damaged.
    #[error(
        "{0} does not hold a key of 64 hexadecimal digits; restore it from a backup, or the requesters' secrets are lost"
    )]
    Key(PathBuf),
    /// Others can read a file that protects secrets.
    #[error("{0} can be read by others than its owner; if nobody has read it: chmod 600 {0}")]
    Readable(PathBuf),
    /// The key file is gone.
    #[error(
        "{0} has requesters, but no market.key, from which their secrets follow; put it back from a backup, or make new secrets for all of them with: hitdeck market rekey --data {0}"
    )]
    NoKey(PathBuf),
    /// The key file is another market's.
    #[error(
        "the key in {0} is not the one from which the secrets of this market's requesters follow; put the right one there, or make new secrets for all of them with: hitdeck market rekey"
    )]
    OtherKey(PathBuf),
    /// Another process serves this market.
    #[error("{0} is served by another process; stop that one first, or choose another --data")]
    Busy(PathBuf),
    /// The market is served by an earlier version of the program, which does not know what this one would make of the data.
    #[error("{0} is served by an earlier version of hitdeck; start it anew with this version first")]
    EarlierServes(PathBuf),
    /// A requester of that name exists.
    #[error("there is a requester named \"{0}\" already")]
    RequesterExists(String),
    /// A requester cannot be called that.
    #[error("a requester's name has 1 to 64 characters, no control characters, and no blanks at its ends")]
    RequesterName,
    /// There is no such invitation.
    #[error("there is no invitation {0} that is still good; see: hitdeck market worker invitations")]
    NoInvitation(i64),
    /// There is no such requester.
    #[error("there is no requester with the name or the access key \"{0}\"; see: hitdeck market requester list")]
    NoRequester(String),
    /// The access key is not one of the requester's, or was revoked before.
    #[error("\"{key}\" is not an access key of \"{name}\" that can be revoked")]
    NoAccessKey {
        /// The access key.
        key: String,
        /// The requester.
        name: String,
    },
    /// More than there is cannot be withdrawn.
    #[error("\"{name}\" has {} available; what is on hold for open work cannot be withdrawn", .available.display())]
    Withdraw {
        /// The requester.
        name: String,
        /// What they have.
        available: Usd,
    },
    /// A copy must not replace anything.
    #[error("{0} is there already; choose another place, or move it away")]
    Exists(PathBuf),
    /// The backup is not one.
    #[error("{0} holds no backup of a market (a folder with market.db, as `hitdeck market backup` writes it)")]
    NoBackup(PathBuf),
    /// The backup was written without the key.
    #[error("{0} was written without market.key; say where that file is with --key FILE")]
    NoBackupKey(PathBuf),
    /// The copy is damaged.
    #[error("{path} is damaged and was not used: {}", .wrong.join("; "))]
    Damaged {
        /// The database.
        path: PathBuf,
        /// What is wrong with it.
        wrong: Vec<String>,
    },
    /// The certificate or its key cannot be used.
    #[error("cannot use {path} for TLS: {why}")]
    Tls {
        /// The file.
        path: PathBuf,
        /// Why not.
        why: String,
    },
    /// A proxy would hand on requests of anybody to the control interface.
    #[error("--control is for tests on this machine and does not go with --trust-proxy")]
    ControlBehindProxy,
    /// There is no market in that directory.
    #[error("{0} holds no market; start one there first with: hitdeck market serve --data {0}")]
    NoMarket(PathBuf),
    /// Something was refused.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

impl From<ServiceError> for MarketError {
    fn from(error: ServiceError) -> Self {
        match error {
            ServiceError::Refused(refusal) => refusal.into(),
            ServiceError::Failed(failure) => failure.into(),
        }
    }
}

//! The kinds of records, each with a file of its own.

/// What a record is. The order is that of the manifest: whatever a record names comes before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// `GetAccountBalance`.
    Balance,
    /// HIT types, as far as HITs tell of them.
    HitTypes,
    /// `ListHITs`: with question.
    Hits,
    /// `ListAssignmentsForHIT`, of every status, with the answer.
    Assignments,
    /// `ListBonusPayments`.
    Bonuses,
    /// `ListReviewPolicyResultsForHIT`, all pages of a HIT as one record.
    ReviewResults,
    /// `GetQualificationType` of the account's own types, with test and answer key.
    QualificationTypes,
    /// `ListWorkersWithQualificationType`: granted and revoked.
    Qualifications,
    /// `ListQualificationRequests`: those that wait.
    Requests,
    /// `ListWorkerBlocks`.
    Blocks,
}

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 10] = [
        Kind::Balance,
        Kind::HitTypes,
        Kind::Hits,
        Kind::Assignments,
        Kind::Bonuses,
        Kind::ReviewResults,
        Kind::QualificationTypes,
        Kind::Qualifications,
        Kind::Requests,
        Kind::Blocks,
    ];

    /// The file's name.
    pub const fn file(self) -> &'static str {
        match self {
            Kind::Balance => "balance.jsonl",
            Kind::HitTypes => "hit_types.jsonl",
            Kind::Hits => "hits.jsonl",
            Kind::Assignments => "assignments.jsonl",
            Kind::Bonuses => "bonus_payments.jsonl",
            Kind::ReviewResults => "review_policy_results.jsonl",
            Kind::QualificationTypes => "qualification_types.jsonl",
            Kind::Qualifications => "qualifications.jsonl",
            Kind::Requests => "qualification_requests.jsonl",
            Kind::Blocks => "worker_blocks.jsonl",
        }
    }

    /// From a file's name.
    pub fn of_file(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.file() == name)
    }

    /// Its name as a heading for people.
    pub const fn title(self) -> &'static str {
        match self {
            Kind::Balance => "balance",
            Kind::HitTypes => "HIT types",
            Kind::Hits => "HITs",
            Kind::Assignments => "assignments",
            Kind::Bonuses => "bonuses",
            Kind::ReviewResults => "review policy results",
            Kind::QualificationTypes => "qualification types",
            Kind::Qualifications => "qualifications",
            Kind::Requests => "qualification requests",
            Kind::Blocks => "blocks",
        }
    }

    /// Its name for programs.
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Balance => "AccountBalance",
            Kind::HitTypes => "HITTypes",
            Kind::Hits => "HITs",
            Kind::Assignments => "Assignments",
            Kind::Bonuses => "BonusPayments",
            Kind::ReviewResults => "ReviewPolicyResults",
            Kind::QualificationTypes => "QualificationTypes",
            Kind::Qualifications => "Qualifications",
            Kind::Requests => "QualificationRequests",
            Kind::Blocks => "WorkerBlocks",
        }
    }

    /// The members that tell one record of this kind from the others. Bonuses have no name: the whole record is.
    pub const fn identity(self) -> &'static [&'static str] {
        match self {
            Kind::Balance | Kind::Bonuses => &[],
            Kind::HitTypes => &["HITTypeId"],
            Kind::Hits | Kind::ReviewResults => &["HITId"],
            Kind::Assignments => &["AssignmentId"],
            Kind::QualificationTypes => &["QualificationTypeId"],
            Kind::Qualifications => &["QualificationTypeId", "WorkerId"],
            Kind::Requests => &["QualificationRequestId"],
            Kind::Blocks => &["WorkerId"],
        }
    }

    /// Other records that a record names: the member, and what it names. What it names has to be in the archive.
    pub const fn references(self) -> &'static [(&'static str, Kind)] {
        match self {
            Kind::Hits => &[("HITTypeId", Kind::HitTypes)],
            Kind::Assignments | Kind::ReviewResults => &[("HITId", Kind::Hits)],
            Kind::Bonuses => &[("AssignmentId", Kind::Assignments)],
            Kind::Qualifications | Kind::Requests => &[("QualificationTypeId", Kind::QualificationTypes)],
            _ => &[],
        }
    }
}

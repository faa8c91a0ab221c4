//! The manifest: what an archive is of, how much there is, and what is missing and why.

use super::kind::Kind;
use super::lines::Sums;
use serde::{Deserialize, Serialize};

/// The manifest's file.
pub const MANIFEST: &str = "manifest.json";
/// What a manifest calls its format.
pub const FORMAT: &str = "hitdeck-archive";
/// The version of the format that is written. A reader of a later one knows what an earlier one means.
pub const VERSION: u32 = 1;

/// Why a manifest cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ManifestError {
    /// It is something else.
    #[error("{MANIFEST} is not the manifest of an archive: {0}")]
    NotOne(String),
    /// A later program wrote it.
    #[error(
        "{MANIFEST} has format version {found}, and this program knows versions up to {VERSION}: use the program that made \
         the archive, or a later one"
    )]
    Newer {
        /// Its version.
        found: u32,
    },
    /// It names a file that no archive has.
    #[error("{MANIFEST} names the file {0:?}, which archives of this version do not have")]
    File(String),
}

/// What the archive of an account holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// [`FORMAT`].
    pub format: String,
    /// [`VERSION`].
    pub version: u32,
    /// The program that made it, with its version.
    pub program: String,
    /// The endpoint's address.
    pub endpoint: String,
    /// The account.
    pub account: String,
    /// When it was begun, in UTC. What happened later may or may not be in it.
    pub begun: String,
    /// When it was finished; none while it is not.
    pub ended: Option<String>,
    /// The files that are done, by name; while it is not finished, how much of each counts.
    pub files: Vec<File>,
    /// Lists that were read to their end, by file name: they are not read again when an interrupted archive goes on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub done: Vec<String>,
    /// What is not in it, and why.
    pub missing: Vec<Missing>,
    /// The HITs that the endpoint disposes of first, with the earliest date.
    pub soonest_gone: Vec<Soonest>,
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Its name.
    pub name: String,
    /// What is in it.
    #[serde(flatten)]
    pub sums: Sums,
}

/// Something that an archive does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missing {
    /// What.
    pub what: String,
    /// Why.
    pub why: String,
}

/// A HIT and when it may be gone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Soonest {
    /// From when on, in UTC.
    #[serde(rename = "PurgeTime")]
    pub from: String,
    /// Which.
    #[serde(rename = "HITId")]
    pub hit: String,
}

impl Manifest {
    /// Of an archive that begins.
    pub fn begin(program: String, endpoint: String, account: String, begun: String) -> Self {
        Manifest {
            format: FORMAT.to_owned(),
            version: VERSION,
            program,
            endpoint,
            account,
            begun,
            ended: None,
            files: Vec::new(),
            done: Vec::new(),
            missing: never().to_vec(),
            soonest_gone: Vec::new(),
        }
    }

    /// Reads one.
    pub fn parse(text: &str) -> Result<Self, ManifestError> {
        #[derive(Deserialize)]
        struct Head {
            format: String,
            version: u32,
        }
        let not_one = |error: serde_json::Error| ManifestError::NotOne(error.to_string());
        // The version first: a later one may look different in everything else.
        let head: Head = serde_json::from_str(text).map_err(not_one)?;
        if head.format != FORMAT {
            return Err(ManifestError::NotOne(format!("its format is {:?}", head.format)));
        }
        if head.version > VERSION {
            return Err(ManifestError::Newer { found: head.version });
        }
        let manifest: Manifest = serde_json::from_str(text).map_err(not_one)?;
        match manifest.files.iter().find(|file| Kind::of_file(&file.name).is_none()) {
            Some(file) => Err(ManifestError::File(file.name.clone())),
            None => Ok(manifest),
        }
    }

    /// As text for people and programs.
    pub fn to_text(&self) -> String {
        // Strings, numbers and lists can always be written.
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// What it says of a file.
    pub fn sums(&self, kind: Kind) -> Option<&Sums> {
        self.files.iter().find(|file| file.name == kind.file()).map(|file| &file.sums)
    }

    /// What is missing in this archive, and would not have to be.
    pub fn noted(&self) -> Vec<&Missing> {
        let never = never();
        self.missing.iter().filter(|missing| !never.contains(missing)).collect()
    }

    /// Whether everything was read.
    pub fn is_finished(&self) -> bool {
        self.ended.is_some()
    }
}

/// What the API tells nobody: it is missing in every archive.
fn never() -> [Missing; 8] {
    let missing = |what: &str, why: &str| Missing { what: what.to_owned(), why: why.to_owned() };
    [
        missing(
            "deleted and disposed HITs with their assignments, answers and bonuses",
            "ListHITs leaves them out, and what belongs to a HIT can only be asked for by its ID",
        ),
        missing(
            "HIT types without HITs, and notification settings",
            "no operation lists them; the HIT types that are here are those of the HITs",
        ),
        missing(
            "the parameters of review policies",
            "ListReviewPolicyResultsForHIT tells a policy's name and its results only",
        ),
        missing("HIT layouts", "no operation lists them; the questions made of them are here"),
        missing("messages to and from workers", "no operation reads them: they are e-mail"),
        missing(
            "qualification requests that were granted, rejected or are not handed in yet",
            "ListQualificationRequests tells those that wait only; who was granted is among the qualifications",
        ),
        missing(
            "files that workers uploaded",
            "answers carry their keys; GetFileUploadURL gives an address that lasts a minute",
        ),
        missing(
            "deposits, invoices, projects and batches of the requester website",
            "the website keeps them; its batch-results files can be imported beside an archive",
        ),
    ]
}

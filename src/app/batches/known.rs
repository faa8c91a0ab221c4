//! What the store knows of batches beside the rows.

use crate::domain::key::HitKey;
use crate::domain::money::Usd;
use crate::domain::time::Seconds;
use crate::domain::top_up::Asked;
use std::collections::HashMap;
use std::sync::Arc;

/// What the store knows of batches beside the rows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KnownBatches {
    /// The batches that were published from here, by name.
    pub published: HashMap<Arc<str>, Published>,
    /// Bonuses that were paid for work of a batch, by its name.
    pub bonuses: HashMap<Arc<str>, Bonuses>,
    /// What HITs were to bring, where that is not what they say.
    pub asked: Asked,
    /// How many assignments of HITs have left in a file.
    pub exported: HashMap<HitKey, u32>,
    /// The HIT group of a batch, by its name: workers find it under that. Of its newest HIT.
    pub groups: HashMap<Arc<str>, String>,
    /// What an hour is to pay, where no batch file says so.
    pub target: Option<Usd>,
    /// Batch files that were opened before, the newest first.
    pub files: Vec<String>,
}

/// What a batch file said of a batch that was published from here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Published {
    /// How long one assignment was expected to take.
    pub expected: Option<Seconds>,
    /// What an hour is to pay.
    pub target: Option<Usd>,
    /// How long its HITs were to be open.
    pub lifetime: Option<Seconds>,
    /// Rows.
    pub rows: u32,
    /// HITs that are there.
    pub made: u32,
    /// HITs that are still to be made, were refused, or of which nobody knows yet.
    pub waiting: u32,
}

/// Bonuses of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Bonuses {
    /// How many.
    pub count: u32,
    /// How much, without fees.
    pub sum: Usd,
    /// The fees on them.
    pub fees: Usd,
}

//! Rows behind one another in few bytes, to be kept and read in one go: thousands of assignments or HITs in a pack.
//!
//! A pack is made by the store out of the rows themselves and is only ever a copy of them: whatever cannot be read as a
//! pack is thrown away and made again. Numbers are little-endian.

use super::assignment::AssignmentStatus;
use super::codebook::Codebook;
use super::hit::HitStatus;
use super::id::{HitId, HitTypeId};
use super::key::{AssignmentKey, HitKey, WorkerKey};
use super::money::Usd;
use super::row::{AssignmentRow, Decider, HitRow, LightRow, TextRef};
use super::texts::{self, PLAIN};
use super::time::{Seconds, Stamp, Time};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// The first byte: another form of packs is another number.
const FORM: u8 = 1;
/// Form, number of the book, count.
const HEAD: usize = 6;
/// Seven numbers, decider, length of the text, status and note.
const ROW: usize = 7 * 4 + 2 + 2 + 1;
const STATUS: u8 = 0b011;
const NOTED: u8 = 0b100;

/// Assignments in a pack, in the order of their keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowPack {
    bytes: Vec<u8>,
    count: usize,
}

impl RowPack {
    /// Packs rows whose summaries are written by a book of this number where that makes them shorter.
    pub fn of(rows: &[AssignmentRow], number: u8, book: &Codebook) -> RowPack {
        let mut bytes = vec![FORM, number];
        bytes.extend((rows.len() as u32).to_le_bytes());
        let (mut all, mut codes) = (Vec::new(), Vec::new());
        for row in rows {
            let before = all.len();
            codes.clear();
            book.write(&row.summary, &mut codes);
            if codes.len() < row.summary.len() {
                texts::append(number, &codes, &mut all);
            } else {
                texts::append(PLAIN, row.summary.as_bytes(), &mut all);
            }
            let times = [row.accepted, row.submitted, row.auto_approval, row.decided].map(Stamp::bits);
            let numbers = [row.key.0, row.hit.0, row.worker.0].into_iter().chain(times);
            numbers.for_each(|number| bytes.extend(number.to_le_bytes()));
            bytes.extend(row.by.code().to_le_bytes());
            bytes.extend(u16::try_from(all.len() - before).unwrap_or_default().to_le_bytes());
            bytes.push(row.status as u8 | if row.noted { NOTED } else { 0 });
        }
        bytes.extend(all);
        RowPack { bytes, count: rows.len() }
    }

    /// The pack as bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// A pack out of its bytes; none if they are no pack of this form.
    pub fn parse(bytes: &[u8]) -> Option<RowPack> {
        let [FORM, _, a, b, c, d, ..] = *bytes else { return None };
        let count = u32::from_le_bytes([a, b, c, d]) as usize;
        let rows = bytes.get(HEAD..HEAD.checked_add(count.checked_mul(ROW)?)?)?;
        let mut texts = 0;
        for row in rows.chunks_exact(ROW) {
            texts += usize::from(u16::from_le_bytes([row[30], row[31]]));
            if row[32] & STATUS == STATUS {
                return None;
            }
        }
        (bytes.len() == HEAD + rows.len() + texts).then(|| RowPack { bytes: bytes.to_vec(), count })
    }

    /// The number of the book that its texts are written by.
    pub fn book(&self) -> u8 {
        self.bytes[1]
    }

    /// How many rows it holds.
    pub const fn len(&self) -> usize {
        self.count
    }

    /// Whether it holds none.
    pub const fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The texts of all rows, behind one another.
    pub fn texts(&self) -> &[u8] {
        &self.bytes[HEAD + self.count * ROW..]
    }

    /// The rows; each with the place of its summary among [`RowPack::texts`].
    pub fn rows(&self) -> impl Iterator<Item = LightRow> {
        let mut at = 0;
        self.bytes[HEAD..HEAD + self.count * ROW].chunks_exact(ROW).map(move |row| {
            let number = |at: usize| u32::from_le_bytes([row[at], row[at + 1], row[at + 2], row[at + 3]]);
            let short = |at: usize| u16::from_le_bytes([row[at], row[at + 1]]);
            let summary = TextRef(at);
            at += u32::from(short(30));
            AssignmentRow {
                key: AssignmentKey(number(0)),
                hit: HitKey(number(4)),
                worker: WorkerKey(number(8)),
                status: match row[32] & STATUS {
                    0 => AssignmentStatus::Submitted,
                    1 => AssignmentStatus::Approved,
                    _ => AssignmentStatus::Rejected,
                },
                by: Decider::of_code(short(28)),
                noted: row[32] & NOTED != 0,
                accepted: Stamp::of_bits(number(12)),
                submitted: Stamp::of_bits(number(16)),
                auto_approval: Stamp::of_bits(number(20)),
                decided: Stamp::of_bits(number(24)),
                summary,
            }
        })
    }

    /// The rows with their summaries.
    pub fn whole<'a>(&'a self, book: Option<&'a Codebook>) -> impl Iterator<Item = AssignmentRow> + 'a {
        self.rows().map(move |row| {
            let text = self.texts().get(row.summary.0 as usize..).and_then(texts::split);
            row.with_summary(text.map_or_else(Box::default, |(number, bytes)| texts::read(book, number, bytes).into()))
        })
    }
}

/// Rows in packs, and the books that they need.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Packed {
    /// Books by their numbers.
    pub books: Vec<(u8, Arc<Codebook>)>,
    /// Packs of assignments.
    pub rows: Vec<RowPack>,
}

/// Packs HITs. The texts that they share are written once.
pub fn pack_hits(hits: &[HitRow]) -> Vec<u8> {
    let mut numbers: HashMap<&str, u32> = HashMap::new();
    let mut shared: Vec<&str> = Vec::new();
    let mut number = |text| {
        *numbers.entry(text).or_insert_with(|| {
            shared.push(text);
            shared.len() as u32 - 1
        })
    };
    let mut rows = Vec::new();
    for hit in hits {
        let texts = [hit.type_id.as_str(), &hit.title, &hit.batch].map(&mut number);
        let counts = [hit.max_assignments, hit.pending, hit.available, hit.completed];
        let small = [hit.key.0].into_iter().chain(texts).chain(counts);
        small.for_each(|number| rows.extend(number.to_le_bytes()));
        let large = [hit.reward.as_cents(), hit.created.0, hit.expires.0, hit.auto_approval_delay.0];
        large.iter().for_each(|number| rows.extend(number.to_le_bytes()));
        let status = HitStatus::ALL.iter().position(|status| *status == hit.status).unwrap_or_default();
        rows.extend([status as u8, u8::from(hit.masters), hit.id.as_str().len() as u8]);
        rows.extend_from_slice(hit.id.as_str().as_bytes());
    }
    let mut bytes = vec![FORM];
    bytes.extend((shared.len() as u32).to_le_bytes());
    for text in shared {
        bytes.extend((text.len() as u32).to_le_bytes());
        bytes.extend_from_slice(text.as_bytes());
    }
    bytes.extend((hits.len() as u32).to_le_bytes());
    bytes.extend(rows);
    bytes
}

/// What the HITs of an account share: the same text is kept once, whichever pack it came in.
#[derive(Debug, Default)]
pub struct Shared {
    texts: HashSet<Arc<str>>,
    types: HashMap<Arc<str>, HitTypeId>,
}

impl Shared {
    /// The one copy of a text.
    pub fn text(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.texts.get(text) {
            return known.clone();
        }
        let text: Arc<str> = text.into();
        self.texts.insert(text.clone());
        text
    }

    /// The one copy of a type's identifier; none if it is none.
    pub fn type_id(&mut self, text: &str) -> Option<HitTypeId> {
        if let Some(known) = self.types.get(text) {
            return Some(known.clone());
        }
        let id = HitTypeId::parse(text).ok()?;
        self.types.insert(text.into(), id.clone());
        Some(id)
    }
}

/// HITs out of their pack; none if it is no pack of this form.
pub fn unpack_hits(bytes: &[u8], shared: &mut Shared) -> Option<Vec<HitRow>> {
    let mut from = Cursor(bytes);
    if from.byte()? != FORM {
        return None;
    }
    let mut texts = Vec::new();
    for _ in 0..from.number()? {
        let length = from.number()? as usize;
        texts.push(shared.text(from.text(length)?));
    }
    let types: Vec<_> = texts.iter().map(|text| shared.type_id(text)).collect();
    let count = from.number()?;
    let mut hits = Vec::with_capacity((count as usize).min(bytes.len() / 64));
    for _ in 0..count {
        let key = HitKey(from.number()?);
        let type_id = types.get(from.number()? as usize)?.clone()?;
        let mut text = || texts.get(from.number()? as usize).cloned();
        let (title, batch) = (text()?, text()?);
        let [max_assignments, pending, available, completed] =
            [from.number()?, from.number()?, from.number()?, from.number()?];
        let [reward, created, expires, delay] = [from.large()?, from.large()?, from.large()?, from.large()?];
        let (status, masters, length) = (from.byte()?, from.byte()?, from.byte()?);
        hits.push(HitRow {
            key,
            id: HitId::parse(from.text(length.into())?).ok()?,
            type_id,
            title,
            batch,
            status: *HitStatus::ALL.get(usize::from(status))?,
            reward: Usd::cents(reward),
            created: Time(created),
            expires: Time(expires),
            auto_approval_delay: Seconds(delay),
            max_assignments,
            pending,
            available,
            completed,
            masters: masters != 0,
        });
    }
    from.0.is_empty().then_some(hits)
}

struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (bytes, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*bytes)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take().map(|[byte]| byte)
    }

    fn number(&mut self) -> Option<u32> {
        self.take().map(u32::from_le_bytes)
    }

    fn large(&mut self) -> Option<i64> {
        self.take().map(i64::from_le_bytes)
    }

    fn text(&mut self, length: usize) -> Option<&'a str> {
        let (text, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        std::str::from_utf8(text).ok()
    }
}

#[cfg(test)]
mod tests;

//! `hitdeck worker duplicates`: workers whose answers share a value that tells people apart.
//!
//! The API tells no addresses of workers. What is looked at is what the task itself has recorded with the answer, or what a results
//! file has in a column of its own. Two people behind one router share an address: this is a hint and decides nothing.

use super::super::context::Context;
use super::super::exit::{Exit, Failure};
use super::super::session::Session;
use super::super::sync;
use crate::exchange::output::{Cell, Column, Writer};
use crate::question::answer::posted;
use crate::store::{ForExport, Reader, StoreError, Which};
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

/// Names of fields that hold such a value, without what stands before the last dot, in plain letters.
const TELLING: &[&str] = &[
    "ip",
    "ipaddress",
    "ipaddr",
    "ipv4",
    "ipv6",
    "clientip",
    "remoteip",
    "workerip",
    "fingerprint",
    "browserfingerprint",
    "deviceid",
    "location",
    "geolocation",
    "latlong",
];

/// By field and value: which workers gave it, and on how many assignments.
type Shared = BTreeMap<(String, String), (BTreeSet<String>, usize)>;

/// Runs `hitdeck worker duplicates`.
pub async fn run(
    context: &Context,
    fields: &[String],
    batch: Option<String>,
    offline: bool,
    out: &mut impl Write,
) -> Result<Exit, Failure> {
    let session = Session::open(context).await?;
    if !offline {
        sync::refresh(&session).await?;
    }
    let wanted: Vec<String> = fields.iter().map(|name| plain(name)).collect();
    let (shared, seen) = session.engine.store().reading(move |reader| read(reader, &wanted, batch.as_deref())).await?;
    if seen.is_empty() {
        let what = match fields {
            [] => {
                "no answer has a field called ip, ip_address, fingerprint, location or the like; name one with --field"
            }
            _ => "no answer has such a field",
        };
        return Err(Failure::Failed(format!(
            "{what}. MTurk tells nobody the addresses of workers: only what the task recorded itself is there"
        )));
    }
    let mut groups: Vec<_> = shared.into_iter().filter(|(_, (workers, _))| workers.len() > 1).collect();
    groups.sort_by_key(|(_, (workers, _))| std::cmp::Reverse(workers.len()));
    let columns = [
        Column::new("Field", "field"),
        Column::long("Value", "value"),
        Column::new("NumberOfWorkers", "workers"),
        Column::new("NumberOfAssignments", "assignments"),
        Column::long("", "who"),
        Column::data("WorkerIds"),
    ];
    let mut writer = Writer::new(out, context.global.output, columns, super::super::width());
    let (found, mut people) = (groups.len(), BTreeSet::new());
    for ((field, value), (workers, assignments)) in groups {
        let ids: Vec<String> = workers.iter().cloned().collect();
        people.extend(workers);
        writer.row(vec![
            field.into(),
            value.into(),
            (ids.len() as u32).into(),
            (assignments as u32).into(),
            ids.join(" ").into(),
            Cell::Json(ids.into()),
        ])?;
    }
    writer.finish()?;
    let names = seen.into_iter().collect::<Vec<_>>().join(", ");
    context.say(format_args!(
        "{found} values of {names} are shared, by {} workers. A household or an office shares an address: look before you \
         act, and prefer `hitdeck worker exclude` to a block",
        people.len()
    ));
    Ok(Exit::Done)
}

/// `Answer.IP_Address` and `ip address` are the same.
fn plain(name: &str) -> String {
    let last = name.rsplit('.').next().unwrap_or(name);
    last.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
}

fn read(reader: &Reader, wanted: &[String], batch: Option<&str>) -> Result<(Shared, BTreeSet<String>), StoreError> {
    let (mut shared, mut seen) = (Shared::new(), BTreeSet::new());
    let is_wanted = |name: &str| match wanted {
        [] => TELLING.contains(&plain(name).as_str()),
        wanted => wanted.contains(&plain(name)),
    };
    reader.for_export(Which { batch, deleted: true }, |next| {
        let ForExport::Work(work) = next else { return true };
        let given: Option<Json> = work.given.and_then(|json| serde_json::from_str(json).ok());
        let cells = given.as_ref().and_then(Json::as_object).into_iter().flatten();
        let cells = cells.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())));
        let mut of_this: BTreeMap<String, String> = BTreeMap::new();
        for (name, value) in cells.chain(posted(&work.answer.document())) {
            let value = value.trim();
            if !value.is_empty() && is_wanted(&name) {
                of_this.insert(plain(&name), value.to_owned());
            }
        }
        for (name, value) in of_this {
            seen.insert(name.clone());
            let (workers, assignments) = shared.entry((name, value)).or_default();
            workers.insert(work.worker.to_owned());
            *assignments += 1;
        }
        true
    })?;
    Ok((shared, seen))
}

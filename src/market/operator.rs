//! What an operator does to a market's data from another process, beside the one that serves it.

use std::path::Path;

use super::accounts::Keyring;
use super::clock::{Clock, Moment};
use super::error::MarketError;
use super::id::Mint;
use super::service::{LayoutAdded, Service};
use super::storage::{Place, Requester, Storage};
use crate::domain::fees::FeeSchedule;
use crate::domain::money::Usd;

/// A requester's account, as it is handed to them.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Credentials {
    /// The name the operator gave.
    pub name: String,
    /// For `AWS_ACCESS_KEY_ID`.
    pub access_key_id: String,
    /// For `AWS_SECRET_ACCESS_KEY`.
    pub secret_access_key: String,
}

/// Adds a requester to the market in `directory`.
pub async fn add_requester(directory: &Path, name: &str, balance: Usd) -> Result<Credentials, MarketError> {
    let (service, ring) = open(directory)?;
    let added = service.add_requester(name, balance).await?;
    let added = added.ok_or_else(|| MarketError::RequesterExists(name.to_owned()))?;
    let secret_access_key = ring.secret(&added.access_key);
    Ok(Credentials { name: added.name, access_key_id: added.access_key, secret_access_key })
}

/// The requesters of the market in `directory`, the first one first.
pub async fn list_requesters(directory: &Path) -> Result<Vec<Requester>, MarketError> {
    let (service, _) = open(directory)?;
    Ok(service.requesters().await?)
}

/// Registers a page with placeholders such as `${image_url}` as a HIT layout of a requester of the market in `directory`.
pub async fn add_layout(
    directory: &Path,
    requester: &str,
    name: &str,
    page: &str,
    frame_height: u32,
) -> Result<LayoutAdded, MarketError> {
    let (service, _) = open(directory)?;
    let requesters = service.requesters().await?;
    let found = requesters.into_iter().find(|known| known.name == requester);
    let who = found.ok_or_else(|| MarketError::NoRequester(requester.to_owned()))?;
    Ok(service.add_layout(who.key, name, page, frame_height).await?)
}

/// A market's data, seen at the time at which it was last changed. Time passes only in the process that serves it.
fn open(directory: &Path) -> Result<(Service, Keyring), MarketError> {
    let place = Place::Directory(directory.to_owned());
    let Some((latest, _)) = Storage::clock_of(&place)? else {
        return Err(MarketError::NoMarket(directory.to_owned()));
    };
    let ring = Keyring::of_directory(directory)?;
    let clock = Clock::starting_at(Moment(latest.0), 0.0);
    let storage = Storage::open(place, &clock, Mint::random(), |_| Ok(()))?;
    Ok((Service::new(storage, clock, FeeSchedule::NONE), ring))
}

//! Who may sign requests. A requester's secret is never stored: it follows from the access key and the market's own key, which
//! is a file that only its owner can read. So the database alone reveals no secret.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Instant, SystemTime};

use aws_sigv4::sign::v4::{calculate_signature, generate_signing_key};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::bucket::Bucket;
use super::error::{MarketError, ServiceError};
use super::files;
use super::service::Service;
use super::storage::{Licence, RequesterKey};

/// The region and service of every signature.
pub const REGION: &str = "us-east-1";
/// See [`REGION`].
pub const SIGNING_NAME: &str = "mturk-requester";

/// The market's own key.
#[derive(Clone)]
pub struct Keyring([u8; 32]);

impl Keyring {
    /// A new key, for a market in memory.
    pub fn random() -> Keyring {
        Keyring(rand::random())
    }

    /// The key of the market in this directory, if it has one. A key that others can read is refused.
    pub fn of_directory(directory: &Path) -> Result<Option<Keyring>, MarketError> {
        let path = directory.join(files::KEY);
        if path.exists() { Keyring::of_file(&path).map(Some) } else { Ok(None) }
    }

    /// The key in a file.
    pub fn of_file(path: &Path) -> Result<Keyring, MarketError> {
        files::check_private(path)?;
        let text = std::fs::read_to_string(path).map_err(files::failed("read", path))?;
        unhex(text.trim()).map(Keyring).ok_or_else(|| MarketError::Key(path.to_owned()))
    }

    /// Makes this the key of the market in a directory, in place of the one that it has.
    pub fn save(&self, directory: &Path) -> Result<(), MarketError> {
        files::write(&directory.join(files::KEY), hex(&self.0).as_bytes())
    }

    /// What tells this key from others and reveals nothing of it.
    pub fn check(&self) -> String {
        hex(&self.mac("this is the market's key"))
    }

    /// The secret access key that belongs to an access key: 40 characters.
    pub fn secret(&self, access_key: &str) -> String {
        STANDARD.encode(&self.mac(&format!("secret access key of {access_key}"))[..30])
    }

    /// A keyed hash of a text.
    pub fn mac(&self, text: &str) -> [u8; 32] {
        // HMAC-SHA-256, as 64 hexadecimal digits; `unhex` cannot fail on those.
        unhex(&calculate_signature(self.0, text.as_bytes())).unwrap_or_default()
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (byte, digits) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    }
    Some(bytes)
}

/// The secret that an access key goes with.
pub struct Signer {
    secret: String,
    /// The signing key of the last day they signed on.
    daily: Mutex<Option<(String, Vec<u8>)>>,
}

impl Signer {
    /// The key with which requests of a day (`20261122`) are signed.
    pub fn signing_key(&self, day: &str, time: SystemTime) -> Vec<u8> {
        let mut daily = self.daily.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, key)) = &*daily
            && of == day
        {
            return key.clone();
        }
        let key = generate_signing_key(&self.secret, time, REGION, SIGNING_NAME).as_ref().to_vec();
        *daily = Some((day.to_owned(), key.clone()));
        key
    }
}

/// Finds requesters by access key. It asks the data at every request, so that what is changed beside a running market (a key
/// added or revoked, a quota) holds from then on.
pub struct Accounts {
    service: Service,
    ring: Keyring,
    signers: RwLock<HashMap<String, Arc<Signer>>>,
    rates: Mutex<HashMap<RequesterKey, (u32, Bucket)>>,
}

impl Accounts {
    /// The accounts of a market.
    pub fn new(service: Service, ring: Keyring) -> Accounts {
        Accounts { service, ring, signers: RwLock::default(), rates: Mutex::default() }
    }

    /// The market's key.
    pub fn ring(&self) -> &Keyring {
        &self.ring
    }

    /// What an access key stands for, and its secret.
    pub async fn signer(&self, access_key: &str) -> Result<Option<(Licence, Arc<Signer>)>, ServiceError> {
        let Some(licence) = self.service.licence(access_key).await? else { return Ok(None) };
        if let Some(known) = self.signers.read().unwrap_or_else(PoisonError::into_inner).get(access_key) {
            return Ok(Some((licence, Arc::clone(known))));
        }
        let signer = Arc::new(Signer { secret: self.ring.secret(access_key), daily: Mutex::new(None) });
        let mut signers = self.signers.write().unwrap_or_else(PoisonError::into_inner);
        signers.insert(access_key.to_owned(), Arc::clone(&signer));
        Ok(Some((licence, signer)))
    }

    /// Whether a requester may send another request now.
    pub fn admit(&self, licence: Licence, now: Instant) -> bool {
        let Some(rate) = licence.rate else { return true };
        let mut rates = self.rates.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = rates.entry(licence.requester).or_insert_with(|| (rate, Bucket::new(rate, now)));
        if entry.0 != rate {
            *entry = (rate, Bucket::new(rate, now));
        }
        entry.1.take(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_saved_key_is_read_again_and_only_its_owner_can_read_it() {
        let dir = tempfile::tempdir().unwrap();
        assert!(Keyring::of_directory(dir.path()).unwrap().is_none());
        let first = Keyring::random();
        first.save(dir.path()).unwrap();
        let again = Keyring::of_directory(dir.path()).unwrap().unwrap();
        assert_eq!((first.secret("HDMKX"), first.check()), (again.secret("HDMKX"), again.check()));
        assert_eq!(first.secret("HDMKX").len(), 40);
        assert_ne!(first.secret("HDMKX"), first.secret("HDMKY"));
        let other = Keyring::random();
        assert_ne!((first.secret("HDMKX"), first.check()), (other.secret("HDMKX"), other.check()));
        let path = dir.path().join(files::KEY);
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        let error = Keyring::of_directory(dir.path()).err().unwrap().to_string();
        assert!(error.contains("chmod 600"), "{error}");
    }

    #[test]
    fn a_damaged_key_is_said_and_not_replaced() {
        let dir = tempfile::tempdir().unwrap();
        files::write(&dir.path().join(files::KEY), b"12").unwrap();
        let error = Keyring::of_directory(dir.path()).err().unwrap().to_string();
        assert!(error.contains("64 hexadecimal digits"), "{error}");
    }
}

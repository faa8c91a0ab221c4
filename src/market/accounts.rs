//! Who may sign requests. A requester's secret is never stored: it follows from the access key and the market's own key, which
//! is a file that only its owner can read.

use std::collections::HashMap;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::SystemTime;

use aws_sigv4::sign::v4::{calculate_signature, generate_signing_key};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::error::{MarketError, ServiceError};
use super::service::Service;
use super::storage::RequesterKey;

/// The region and service of every signature.
pub const REGION: &str = "us-east-1";
/// See [`REGION`].
pub const SIGNING_NAME: &str = "mturk-requester";

const KEY_FILE: &str = "market.key";

/// The market's own key.
#[derive(Clone)]
pub struct Keyring([u8; 32]);

impl Keyring {
    /// A new key, for a market in memory.
    pub fn random() -> Keyring {
        Keyring(rand::random())
    }

    /// The key of the market in this directory, made at the first start.
    pub fn of_directory(directory: &Path) -> Result<Keyring, MarketError> {
        let path = directory.join(KEY_FILE);
        let file = |what| {
            let path = path.clone();
            move |source| MarketError::File { what, path, source }
        };
        if !path.exists() {
            let key: [u8; 32] = rand::random();
            let mut options = std::fs::OpenOptions::new();
            let mut new = options.write(true).create_new(true).mode(0o600).open(&path).map_err(file("create"))?;
            new.write_all(hex(&key).as_bytes()).and_then(|()| new.sync_all()).map_err(file("write"))?;
            return Ok(Keyring(key));
        }
        let text = std::fs::read_to_string(&path).map_err(file("read"))?;
        unhex(text.trim()).map(Keyring).ok_or(MarketError::Key(path))
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

/// A requester who may sign.
pub struct Signer {
    /// Their row.
    pub requester: RequesterKey,
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

/// Finds requesters by access key. Those added beside a running market are found at their first request.
pub struct Accounts {
    service: Service,
    ring: Keyring,
    known: RwLock<HashMap<String, Arc<Signer>>>,
}

impl Accounts {
    /// The accounts of a market.
    pub fn new(service: Service, ring: Keyring) -> Accounts {
        Accounts { service, ring, known: RwLock::new(HashMap::new()) }
    }

    /// The market's key.
    pub fn ring(&self) -> &Keyring {
        &self.ring
    }

    /// Who signs with this access key.
    pub async fn signer(&self, access_key: &str) -> Result<Option<Arc<Signer>>, ServiceError> {
        if let Some(known) = self.known.read().unwrap_or_else(PoisonError::into_inner).get(access_key) {
            return Ok(Some(Arc::clone(known)));
        }
        let Some(found) = self.service.requester_of(access_key).await? else { return Ok(None) };
        let secret = self.ring.secret(access_key);
        let signer = Arc::new(Signer { requester: found.key, secret, daily: Mutex::new(None) });
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.insert(access_key.to_owned(), Arc::clone(&signer));
        Ok(Some(signer))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn the_key_is_made_once_and_only_its_owner_can_read_it() {
        let dir = tempfile::tempdir().unwrap();
        let first = Keyring::of_directory(dir.path()).unwrap();
        let again = Keyring::of_directory(dir.path()).unwrap();
        assert_eq!(first.secret("HDMKX"), again.secret("HDMKX"));
        assert_eq!(first.secret("HDMKX").len(), 40);
        assert_ne!(first.secret("HDMKX"), first.secret("HDMKY"));
        assert_ne!(first.secret("HDMKX"), Keyring::random().secret("HDMKX"));
        let mode = std::fs::metadata(dir.path().join(KEY_FILE)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_damaged_key_is_said_and_not_replaced() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join(KEY_FILE), "12").unwrap();
        let error = Keyring::of_directory(dir.path()).err().unwrap().to_string();
        assert!(error.contains("64 hexadecimal digits"), "{error}");
    }
}

//! Who asks: the AWS credential chain, or a pair of keys, and the account they belong to.

use aws_config::default_provider::credentials::DefaultCredentialsChain;
use aws_config::imds;
use aws_config::imds::client::error::ImdsError;
use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};
use aws_sdk_mturk::config::Region;

use super::error::{Error, chain, find};
use std::time::Duration;

/// How long the metadata service of a cloud machine may take. Elsewhere there is none, and nobody wants to wait for it.
const METADATA: Duration = Duration::from_millis(700);

/// Where the credentials come from.
#[derive(Clone, PartialEq, Eq)]
pub enum Source {
    /// The AWS chain: environment, shared files, SSO, processes, instance roles.
    Chain {
        /// This profile of the shared files and nothing else; the chain's own choice otherwise.
        profile: Option<String>,
    },
    /// This pair of keys (the built-in market's).
    Given {
        /// The public half.
        access_key_id: String,
        /// The secret half.
        secret_access_key: String,
        /// For temporary keys.
        session_token: Option<String>,
    },
}

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Source::Chain { profile } => f.debug_struct("Chain").field("profile", profile).finish(),
            Source::Given { access_key_id, .. } => write!(f, "Given({access_key_id})"),
        }
    }
}

impl Source {
    /// The account these credentials belong to: see [`account_of`]. Resolves the chain, which may read files, run a
    /// process or ask the network.
    pub async fn account(&self) -> Result<String, Error> {
        let keys = self.provider().await.provide_credentials().await;
        let keys = keys.map_err(|error| Error::Credentials { why: self.explain(&error) })?;
        Ok(account_of(keys.access_key_id()))
    }

    /// As [`Source::account`], if it can be told without files, processes and the network: given keys, or keys in the
    /// environment where no profile was asked for.
    pub fn quick_account(&self, environment: impl Fn(&str) -> Option<String>) -> Option<String> {
        match self {
            Source::Given { access_key_id, .. } => Some(account_of(access_key_id)),
            Source::Chain { profile: Some(_) } => None,
            Source::Chain { profile: None } => {
                let id = environment("AWS_ACCESS_KEY_ID").filter(|id| !id.trim().is_empty())?;
                environment("AWS_SECRET_ACCESS_KEY").filter(|key| !key.trim().is_empty())?;
                Some(account_of(id.trim()))
            }
        }
    }

    pub(super) async fn provider(&self) -> SharedCredentialsProvider {
        let config = || ProviderConfig::default().with_region(Some(Region::from_static("us-east-1")));
        match self {
            Source::Given { access_key_id, secret_access_key, session_token } => SharedCredentialsProvider::new(
                Credentials::new(access_key_id, secret_access_key, session_token.clone(), None, "hitdeck"),
            ),
            // Who names a profile means it, whatever keys a variable holds, as with the AWS command line.
            Source::Chain { profile: Some(profile) } => SharedCredentialsProvider::new(
                ProfileFileCredentialsProvider::builder().configure(&config()).profile_name(profile).build(),
            ),
            Source::Chain { profile: None } => {
                let metadata = imds::Client::builder().configure(&config());
                let metadata = metadata.max_attempts(1).connect_timeout(METADATA).operation_timeout(METADATA).build();
                let chain = DefaultCredentialsChain::builder().region(Region::from_static("us-east-1"));
                SharedCredentialsProvider::new(chain.imds_client(metadata).build().await)
            }
        }
    }

    /// Why there are no credentials, and what to do.
    fn explain(&self, error: &CredentialsError) -> String {
        let none = matches!(error, CredentialsError::CredentialsNotLoaded(_)) || find::<ImdsError>(error).is_some();
        match self {
            Source::Chain { profile: Some(profile) } if std::error::Error::source(error).is_none() => format!(
                "there is no profile \"{profile}\" with credentials in ~/.aws/credentials or ~/.aws/config; define it there, \
                 or choose another with --profile"
            ),
            Source::Chain { profile: Some(profile) } => format!(
                "there are no credentials for the profile \"{profile}\" of ~/.aws/credentials and ~/.aws/config ({}); \
                 define it there, or choose another with --profile",
                chain(error)
            ),
            _ if none => "no credentials were found: not in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, not in the \
                          default profile of ~/.aws/credentials and ~/.aws/config, and this machine has no role. Set the \
                          two variables or choose a profile with --profile; `hitdeck market serve` prints the keys of a \
                          market of your own"
                .to_owned(),
            _ => format!("the credentials could not be loaded: {}", chain(error)),
        }
    }
}

/// In our own words: no keys that may be used.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Unusable(String);

/// Hands out credentials of one account only: keys of another one never sign anything, also when a shared file is
/// edited or a role is switched while the program runs.
#[derive(Debug)]
pub(super) struct OneAccount {
    inner: SharedCredentialsProvider,
    source: Source,
    account: String,
}

impl OneAccount {
    pub(super) async fn new(source: &Source, account: String) -> Self {
        OneAccount { inner: source.provider().await, source: source.clone(), account }
    }
}

impl ProvideCredentials for OneAccount {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async move {
            let unusable = |why| CredentialsError::not_loaded(Unusable(why));
            let keys = self.inner.provide_credentials().await;
            let keys = keys.map_err(|error| unusable(self.source.explain(&error)))?;
            let found = account_of(keys.access_key_id());
            if found == self.account {
                return Ok(keys);
            }
            Err(unusable(format!(
                "the credentials are of account {found} by now, but this store belongs to account {}; choose the right \
                 profile",
                self.account
            )))
        })
    }
}

/// The account of an access key. Keys of Amazon's present form (`AKIA…`, `ASIA…`, 20 characters of base32) carry the
/// twelve-digit account number; any other key stands for itself.
pub fn account_of(access_key_id: &str) -> String {
    number_in(access_key_id).unwrap_or_else(|| access_key_id.to_owned())
}

fn number_in(key: &str) -> Option<String> {
    let tail = key.strip_prefix("AKIA").or_else(|| key.strip_prefix("ASIA"))?;
    // Keys from before 2019 have A to P in the fifth place and carry no account number.
    if tail.len() != 16 || !matches!(tail.bytes().next()?, b'Q'..=b'Z' | b'2'..=b'7') {
        return None;
    }
    let mut bits: u64 = 0;
    for byte in tail.bytes().take(10) {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'2'..=b'7' => byte - b'2' + 26,
            _ => return None,
        };
        bits = bits << 5 | u64::from(value);
    }
    if !tail.bytes().all(|byte| matches!(byte, b'A'..=b'Z' | b'2'..=b'7')) {
        return None;
    }
    // Ten characters are 50 bits; the first 48 are six bytes, of which one bit above and seven below are not the number.
    let number = (bits >> 2 & 0x7fff_ffff_ff80) >> 7;
    (number < 1_000_000_000_000).then(|| format!("{number:012}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn account_numbers_are_read_out_of_keys() {
        // The published example of this encoding.
        assert_eq!(account_of("ASIAQNZGKIQY56JQ7WML"), "029608264753");
        assert_eq!(account_of("AKIAIOSFODNN7EXAMPLE"), "AKIAIOSFODNN7EXAMPLE");
        assert_eq!(account_of("AKIAQNZGKIQY56JQ7WM"), "AKIAQNZGKIQY56JQ7WM");
        assert_eq!(account_of("market-1"), "market-1");
    }

    #[test]
    fn the_quick_way_never_guesses() {
        let given =
            Source::Given { access_key_id: "LAB1".into(), secret_access_key: "s3cret".into(), session_token: None };
        assert_eq!(given.quick_account(|_| None).as_deref(), Some("LAB1"));
        assert!(!format!("{given:?}").contains("s3cret"));
        let chain = Source::Chain { profile: None };
        let environment = |name: &str| match name {
            "AWS_ACCESS_KEY_ID" => Some("LAB2".to_owned()),
            "AWS_SECRET_ACCESS_KEY" => Some("x".to_owned()),
            _ => None,
        };
        assert_eq!(chain.quick_account(environment).as_deref(), Some("LAB2"));
        assert_eq!(chain.quick_account(|_| None), None);
        assert_eq!(Source::Chain { profile: Some("lab".into()) }.quick_account(environment), None);
    }
}

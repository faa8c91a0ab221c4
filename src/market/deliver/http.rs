//! One connection to the end of a route: dialled with care, plain or with TLS.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpStream, lookup_host};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::address::{Reach, Url};

/// Why a document was not delivered.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// No such host, nobody there, or no TLS.
    #[error("cannot reach {place}: {why}")]
    Unreachable {
        /// `host:port`.
        place: String,
        /// Why not.
        why: String,
    },
    /// A requester's web hook is at an address that requesters have no business with.
    #[error("{0} is in a private network, which a web hook of a requester cannot be")]
    Private(String),
    /// The request cannot be made.
    #[error("the request cannot be made: {0}")]
    Request(String),
    /// The connection broke.
    #[error("the connection broke: {0}")]
    Broken(#[from] hyper::Error),
    /// The connection was closed.
    #[error("the connection was closed")]
    Closed,
    /// No answer in time.
    #[error("no answer within {} s", PATIENCE.as_secs())]
    Late,
    /// The other end does not want it.
    #[error("answered {status}: {said}")]
    Refused {
        /// The status.
        status: StatusCode,
        /// The beginning of the body.
        said: String,
    },
}

const DIAL: Duration = Duration::from_secs(5);
const PATIENCE: Duration = Duration::from_secs(10);
/// How much of an answer is read, and how much of it is kept as the reason of a failure.
const MAX_ANSWER: usize = 64 << 10;
const MAX_REASON: usize = 300;

/// Makes connections.
#[derive(Default)]
pub struct Dialer {
    /// The system's root certificates are read when the first one is needed.
    tls: OnceLock<Option<TlsConnector>>,
}

/// An open connection.
pub struct Connection {
    sender: SendRequest<Body>,
}

impl Dialer {
    /// Connects to where a URL says, if it may be there.
    pub async fn connect(&self, url: &Url, reach: Reach) -> Result<Connection, SendError> {
        let dial = async {
            let place = || format!("{}:{}", url.host, url.port);
            let failed = |why: String| SendError::Unreachable { place: place(), why };
            let found: Vec<SocketAddr> =
                lookup_host((url.host.as_str(), url.port)).await.map_err(|error| failed(error.to_string()))?.collect();
            // The address that was looked at is the one that is dialled: a name cannot change its mind in between.
            let allowed: Vec<SocketAddr> =
                found.into_iter().filter(|address| reach == Reach::Anywhere || is_public(address.ip())).collect();
            if allowed.is_empty() {
                return Err(SendError::Private(place()));
            }
            let stream = TcpStream::connect(&allowed[..]).await.map_err(|error| failed(error.to_string()))?;
            stream.set_nodelay(true).map_err(|error| failed(error.to_string()))?;
            if !url.secure {
                let (sender, connection) = handshake(TokioIo::new(stream)).await?;
                tokio::spawn(connection);
                return Ok(Connection { sender });
            }
            let tls = self.tls.get_or_init(tls).clone().ok_or_else(|| failed("no root certificates here".into()))?;
            let name = ServerName::try_from(url.host.clone()).map_err(|error| failed(error.to_string()))?;
            let stream = tls.connect(name, stream).await.map_err(|error| failed(error.to_string()))?;
            let (sender, connection) = handshake(TokioIo::new(stream)).await?;
            tokio::spawn(connection);
            Ok(Connection { sender })
        };
        tokio::time::timeout(DIAL, dial).await.map_err(|_| SendError::Late)?
    }
}

impl Connection {
    /// Whether another request can go over it.
    pub fn is_open(&self) -> bool {
        !self.sender.is_closed()
    }

    /// Sends a request. Only a 2xx is an arrival; redirects are not followed.
    pub async fn send(&mut self, request: Request<Body>) -> Result<(), SendError> {
        let exchange = async {
            self.sender.ready().await?;
            let response = self.sender.send_request(request).await?;
            let status = response.status();
            let body = to_bytes(Body::new(response.into_body()), MAX_ANSWER).await.unwrap_or_default();
            if status.is_success() {
                return Ok(());
            }
            let text = String::from_utf8_lossy(&body);
            let said = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MAX_REASON).collect();
            Err(SendError::Refused { status, said })
        };
        tokio::time::timeout(PATIENCE, exchange).await.map_err(|_| SendError::Late)?
    }
}

fn tls() -> Option<TlsConnector> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .ok()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Some(TlsConnector::from(Arc::new(config)))
}

/// Whether an address is out in the open: not this machine, not a private network, nothing special.
fn is_public(address: IpAddr) -> bool {
    let four = |v4: Ipv4Addr| {
        let [a, b, ..] = v4.octets();
        !(v4.is_private()
            || v4.is_loopback()
            || v4.is_link_local()
            || v4.is_unspecified()
            || v4.is_multicast()
            || v4.is_broadcast()
            || a == 0
            || a >= 240
            || (a == 100 && (64..128).contains(&b))
            || (a == 192 && b == 0)
            || (a == 198 && (18..20).contains(&b)))
    };
    match address {
        IpAddr::V4(v4) => four(v4),
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => four(v4),
            // 2000::/3 is what is given out; within it, NAT64 and 6to4 carry addresses of the old kind.
            None => matches!(v6.segments()[0], 0x2000..=0x3fff) && v6.segments()[0] != 0x2002,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_places_are_known() {
        for address in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "0.0.0.0",
            "100.64.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::1",
            "::",
            "fe80::1",
            "fd00::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "2002:7f00:1::",
            "64:ff9b::7f00:1",
        ] {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
        for address in ["1.1.1.1", "52.94.0.1", "2600:1f00::1", "::ffff:1.1.1.1"] {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
    }
}

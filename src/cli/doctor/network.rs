//! The way to the endpoint: name, connection, what answers there, and its clock.

use super::Finding;
use crate::config::Endpoint;
use jiff::fmt::rfc2822;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// How long a look may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// A signature is refused when the clocks are further apart than this.
const SKEW: i64 = 300;

/// Looks up the name, connects, and reads the clock where that takes no encryption. Over TLS the answer to the first
/// request tells it.
pub(super) async fn look(endpoint: &Endpoint) -> Vec<Finding> {
    let mut findings = Vec::new();
    let addresses = match resolve(endpoint).await {
        Ok(addresses) => addresses,
        Err(finding) => return vec![finding],
    };
    let list: Vec<String> = addresses.iter().map(|address| address.ip().to_string()).collect();
    findings.push(Finding::ok("name", format!("{} is {}", endpoint.name(), list.join(", "))));
    let mut stream = match connect(endpoint, &addresses).await {
        Ok(stream) => stream,
        Err(finding) => {
            findings.push(finding);
            return findings;
        }
    };
    findings.push(Finding::ok("connection", format!("{} accepts connections", endpoint.host())));
    if endpoint.is_encrypted() {
        return findings;
    }
    if !endpoint.is_loopback() {
        let fix = "put TLS in front of it, or reach it through an SSH tunnel";
        let found = "http: what workers wrote and what you decide can be read on the way (the secret key is not sent)";
        findings.push(Finding::warning("encryption", found, fix));
    }
    findings.push(clock(&mut stream, endpoint).await);
    findings
}

async fn resolve(endpoint: &Endpoint) -> Result<Vec<SocketAddr>, Finding> {
    let name = (endpoint.name(), endpoint.port());
    let fix = "check the address and this machine's DNS (/etc/resolv.conf)";
    match tokio::time::timeout(PATIENCE, tokio::net::lookup_host(name)).await {
        Ok(Ok(found)) => {
            let found: Vec<SocketAddr> = found.collect();
            if found.is_empty() {
                return Err(Finding::problem("name", format!("{} has no address", endpoint.name()), fix));
            }
            Ok(found)
        }
        Ok(Err(error)) => Err(Finding::problem("name", format!("{}: {error}", endpoint.name()), fix)),
        Err(_) => Err(Finding::problem("name", format!("{}: no answer within 5 s", endpoint.name()), fix)),
    }
}

async fn connect(endpoint: &Endpoint, addresses: &[SocketAddr]) -> Result<TcpStream, Finding> {
    let fix = if endpoint.is_loopback() {
        "start the service there; a market of your own is started with `hitdeck market serve`"
    } else {
        "check the address, the network, and whether a proxy or firewall is in the way"
    };
    match tokio::time::timeout(PATIENCE, TcpStream::connect(addresses)).await {
        Ok(Ok(stream)) => Ok(stream),
        Ok(Err(error)) => Err(Finding::problem("connection", format!("{}: {error}", endpoint.host()), fix)),
        Err(_) => Err(Finding::problem("connection", format!("{}: no answer within 5 s", endpoint.host()), fix)),
    }
}

async fn clock(stream: &mut TcpStream, endpoint: &Endpoint) -> Finding {
    let request = format!("HEAD / HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", endpoint.host());
    let exchange = async {
        stream.write_all(request.as_bytes()).await?;
        let mut answer = Vec::new();
        // The head of an answer is small; whoever sends more is not listened to.
        stream.take(16_384).read_to_end(&mut answer).await?;
        Ok::<_, std::io::Error>(answer)
    };
    let answer = match tokio::time::timeout(PATIENCE, exchange).await {
        Ok(Ok(answer)) => String::from_utf8_lossy(&answer).into_owned(),
        Ok(Err(error)) => return Finding::warning("clock", format!("not told: {error}"), "look at the service's log"),
        Err(_) => return Finding::warning("clock", "not told within 5 s", "the service is slow: look at its log"),
    };
    judge_clock(date_in(&answer), jiff::Timestamp::now().as_second())
}

/// The `Date` header in the head of an answer.
fn date_in(answer: &str) -> Option<&str> {
    let mut headers = answer.lines().filter_map(|line| line.split_once(':'));
    headers.find(|(name, _)| name.eq_ignore_ascii_case("date")).map(|(_, date)| date)
}

/// The endpoint's clock, as the `Date` header of an answer tells it, beside ours.
pub(super) fn judge_clock(date: Option<&str>, now: i64) -> Finding {
    let date = date.and_then(|date| rfc2822::parse(date.trim()).ok());
    match date.map(|date| date.timestamp().as_second() - now) {
        None => Finding::note("clock", "the endpoint does not tell its time"),
        Some(skew) if skew.abs() <= SKEW => Finding::ok("clock", format!("{} s apart", skew.abs())),
        Some(skew) => {
            let order = if skew > 0 { "behind" } else { "ahead of" };
            let found = format!("this machine is {} s {order} the endpoint: signatures are refused", skew.abs());
            Finding::problem("clock", found, "set the clock (timedatectl set-ntp true)")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Verdict;
    use super::*;

    #[test]
    fn clocks_are_compared_to_the_second() {
        let answer = "HTTP/1.1 200 OK\r\ndate: Sun, 22 Nov 2026 02:00:00 GMT\r\n\r\n";
        let then = 1_795_312_800;
        assert_eq!(judge_clock(date_in(answer), then + 3), Finding::ok("clock", "3 s apart"));
        let late = judge_clock(date_in(answer), then - 900);
        assert_eq!((late.verdict, late.found.contains("900 s behind")), (Verdict::Problem, true));
        assert_eq!(judge_clock(date_in("HTTP/1.1 200 OK\r\n\r\n"), then).verdict, Verdict::Note);
    }
}

//! Where a document goes: destinations as requesters name them, services as the operator names them, and what follows.

use std::str::FromStr;

use axum::http::Uri;

use super::Options;
use crate::market::rules::event::Transport;

/// Why something is no destination.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadAddress {
    /// Not the URL of a queue.
    #[error(
        "The Destination of an SQS notification must be the URL of a queue, such as https://sqs.us-east-1.amazonaws.com/123456789012/name."
    )]
    Queue,
    /// Neither a topic nor a web hook.
    #[error(
        "The Destination of an SNS notification must be the ARN of a topic, such as arn:aws:sns:us-east-1:123456789012:name, or an http or https URL."
    )]
    Topic,
    /// Not the root of a service.
    #[error("expected a URL such as http://127.0.0.1:9324 or https://queues.example.org")]
    Endpoint,
}

/// A URL of a place that documents can be posted to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Url {
    /// Whether it is https.
    pub secure: bool,
    /// Host, without brackets.
    pub host: String,
    /// Port.
    pub port: u16,
    /// `host:port` as the Host header has it.
    pub authority: String,
    /// Path and query.
    pub path: String,
}

impl Url {
    fn parse(text: &str) -> Option<Url> {
        let uri: Uri = text.parse().ok()?;
        let secure = match uri.scheme_str()? {
            "http" => false,
            "https" => true,
            _ => return None,
        };
        let authority = uri.authority().filter(|authority| !authority.as_str().contains('@'))?;
        let host = authority.host().trim_start_matches('[').trim_end_matches(']').to_owned();
        if host.is_empty() || text.len() > 2_000 {
            return None;
        }
        let port = authority.port_u16().unwrap_or(if secure { 443 } else { 80 });
        let path = uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
        Some(Url { secure, host, port, authority: authority.as_str().to_owned(), path })
    }

    /// As text.
    pub fn text(&self) -> String {
        format!("http{}://{}{}", if self.secure { "s" } else { "" }, self.authority, self.path)
    }
}

/// A service or web hook that the operator names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint(Url);

impl FromStr for Endpoint {
    type Err = BadAddress;

    fn from_str(text: &str) -> Result<Endpoint, BadAddress> {
        Url::parse(text).map(Endpoint).ok_or(BadAddress::Endpoint)
    }
}

/// A destination as a requester names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// A queue's URL.
    Queue(Url),
    /// A topic, and the region in its ARN.
    Topic {
        /// The ARN.
        arn: String,
        /// Where it is.
        region: String,
    },
    /// A plain web hook.
    Hook(Url),
}

impl Address {
    /// Reads a destination.
    pub fn parse(transport: Transport, text: &str) -> Result<Address, BadAddress> {
        match transport {
            Transport::Sqs => {
                let url = Url::parse(text).ok_or(BadAddress::Queue)?;
                let name = url.path.trim_matches('/');
                if name.is_empty() || name.contains('?') { Err(BadAddress::Queue) } else { Ok(Address::Queue(url)) }
            }
            Transport::Sns if text.starts_with("arn:") => {
                let plain =
                    |part: &str| part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
                match text.splitn(6, ':').collect::<Vec<_>>()[..] {
                    ["arn", _, "sns", region, account, name]
                        if !region.is_empty() && !name.is_empty() && [region, account, name].into_iter().all(plain) =>
                    {
                        Ok(Address::Topic { arn: text.to_owned(), region: region.to_owned() })
                    }
                    _ => Err(BadAddress::Topic),
                }
            }
            Transport::Sns => Url::parse(text).map(Address::Hook).ok_or(BadAddress::Topic),
        }
    }
}

/// How far a connection may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Anywhere: the operator named the place.
    Anywhere,
    /// Not to this machine and not into private networks: a requester named the place.
    Public,
}

/// What is said, and in which language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Speech {
    /// SendMessage of SQS, to the queue of this URL.
    Queue {
        /// `QueueUrl`.
        queue: String,
        /// For the signature.
        region: String,
    },
    /// Publish of SNS.
    Topic {
        /// `TopicArn`.
        arn: String,
        /// For the signature.
        region: String,
    },
    /// The document as it is. `destination` is told where it is not the place itself.
    Plain {
        /// The destination that the requester named.
        destination: Option<String>,
    },
}

/// Where a document goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// Where to connect.
    pub url: Url,
    /// How far that may be.
    pub reach: Reach,
    /// What to say there.
    pub speech: Speech,
}

/// The region in the host of one of Amazon's queues: `sqs.us-east-1.amazonaws.com`.
fn amazon_region(host: &str) -> Option<&str> {
    let rest = host.strip_suffix(".amazonaws.com").or_else(|| host.strip_suffix(".amazonaws.com.cn"))?;
    let region = rest.strip_prefix("sqs.").or_else(|| rest.strip_suffix(".queue"))?;
    (!region.is_empty() && !region.contains('.')).then_some(region)
}

const REGION: &str = "us-east-1";

/// Where documents for a destination go, or why nowhere.
pub fn route(transport: Transport, address: &str, options: &Options) -> Result<Route, String> {
    let own = Reach::Anywhere;
    let hook = |Endpoint(url): &Endpoint| {
        let speech = Speech::Plain { destination: Some(address.to_owned()) };
        Route { url: url.clone(), reach: own, speech }
    };
    match Address::parse(transport, address).map_err(|error| error.to_string())? {
        Address::Queue(queue) => {
            let amazon = amazon_region(&queue.host).filter(|_| queue.secure).map(str::to_owned);
            let region = amazon.clone().unwrap_or_else(|| REGION.to_owned());
            let speech = Speech::Queue { queue: address.to_owned(), region };
            match (&options.sqs, &options.webhook, amazon) {
                (Some(Endpoint(service)), _, _) => {
                    let path = format!("{}{}", service.path.trim_end_matches('/'), queue.path);
                    Ok(Route { url: Url { path, ..service.clone() }, reach: own, speech })
                }
                (None, Some(webhook), _) => Ok(hook(webhook)),
                (None, None, Some(_)) => Ok(Route { url: queue, reach: own, speech }),
                (None, None, None) => Err(format!(
                    "{} is not one of Amazon's queues, and the market was started without --sqs-endpoint",
                    queue.host
                )),
            }
        }
        Address::Topic { arn, region } => match (&options.sns, &options.webhook) {
            (Some(Endpoint(service)), _) => {
                Ok(Route { url: service.clone(), reach: own, speech: Speech::Topic { arn, region } })
            }
            (None, Some(webhook)) => Ok(hook(webhook)),
            (None, None) => {
                let host = format!("https://sns.{region}.amazonaws.com/");
                let url = Url::parse(&host).ok_or_else(|| format!("{region} is not a region"))?;
                Ok(Route { url, reach: own, speech: Speech::Topic { arn, region } })
            }
        },
        Address::Hook(url) => {
            let reach = if options.private { Reach::Anywhere } else { Reach::Public };
            Ok(Route { url, reach, speech: Speech::Plain { destination: None } })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUEUE: &str = "https://sqs.eu-west-1.amazonaws.com/123456789012/events";
    const LOCAL: &str = "http://localhost:9324/000000000000/events";
    const TOPIC: &str = "arn:aws:sns:us-west-2:123456789012:events";

    fn options(sqs: Option<&str>, sns: Option<&str>, webhook: Option<&str>) -> Options {
        let end = |text: Option<&str>| text.map(|text| text.parse().unwrap());
        Options { sqs: end(sqs), sns: end(sns), webhook: end(webhook), ..Options::default() }
    }

    #[test]
    fn destinations_are_queues_topics_and_hooks() {
        for (transport, text) in [
            (Transport::Sqs, QUEUE),
            (Transport::Sqs, LOCAL),
            (Transport::Sns, TOPIC),
            (Transport::Sns, "https://example.org/hook?key=1"),
        ] {
            assert!(Address::parse(transport, text).is_ok(), "{text}");
        }
        for (transport, text) in [
            (Transport::Sqs, ""),
            (Transport::Sqs, "events"),
            (Transport::Sqs, "https://sqs.us-east-1.amazonaws.com/"),
            (Transport::Sqs, "https://h/queue?x=1"),
            (Transport::Sqs, TOPIC),
            (Transport::Sns, "arn:aws:sqs:us-east-1:1:q"),
            (Transport::Sns, "arn:aws:sns:us-east-1:1:"),
            (Transport::Sns, "arn:aws:sns:a/b:1:q"),
            (Transport::Sns, "ftp://example.org/"),
            (Transport::Sns, "https://user:pass@example.org/"),
            (Transport::Sns, "me@example.org"),
        ] {
            assert!(Address::parse(transport, text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_operators_service_wins_then_the_hook_then_amazon() {
        let to =
            |transport, address, options: &Options| route(transport, address, options).map(|route| route.url.text());
        let none = options(None, None, None);
        assert_eq!(to(Transport::Sqs, QUEUE, &none).as_deref(), Ok(QUEUE));
        assert_eq!(to(Transport::Sns, TOPIC, &none).as_deref(), Ok("https://sns.us-west-2.amazonaws.com/"));
        assert!(to(Transport::Sqs, LOCAL, &none).unwrap_err().contains("--sqs-endpoint"));
        assert!(
            to(Transport::Sqs, &QUEUE.replace("https", "http"), &none).is_err(),
            "Amazon's queues are reached by TLS"
        );
        let hook = options(None, None, Some("http://127.0.0.1:9/all"));
        for (transport, address) in [(Transport::Sqs, QUEUE), (Transport::Sqs, LOCAL), (Transport::Sns, TOPIC)] {
            let route = route(transport, address, &hook).unwrap();
            assert_eq!(route.url.text(), "http://127.0.0.1:9/all");
            assert_eq!(route.speech, Speech::Plain { destination: Some(address.into()) });
        }
        let own =
            options(Some("http://127.0.0.1:9324"), Some("http://127.0.0.1:9911/base/"), Some("http://127.0.0.1:9/"));
        let route = |transport, address| route(transport, address, &own).unwrap();
        let queue = route(Transport::Sqs, QUEUE);
        assert_eq!(queue.url.text(), "http://127.0.0.1:9324/123456789012/events");
        assert_eq!(queue.speech, Speech::Queue { queue: QUEUE.into(), region: "eu-west-1".into() });
        assert_eq!(route(Transport::Sns, TOPIC).url.text(), "http://127.0.0.1:9911/base/");
    }

    #[test]
    fn a_requesters_hook_does_not_reach_into_private_networks_of_an_open_market() {
        let hook = "https://example.org/hook";
        assert_eq!(route(Transport::Sns, hook, &Options::default()).unwrap().reach, Reach::Public);
        let private = Options { private: true, ..Options::default() };
        assert_eq!(route(Transport::Sns, hook, &private).unwrap().reach, Reach::Anywhere);
    }
}

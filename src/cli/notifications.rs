//! Where a served market sends its notifications.

use clap::Args;

use super::context::Context;
use crate::market::deliver::{Endpoint, Keys, Options};

/// The options of `hitdeck market serve` about notifications.
#[derive(Debug, Clone, Default, Args)]
pub struct NotifyArgs {
    /// An SQS-compatible service that gets the notifications for queues [default: Amazon's].
    #[arg(long, value_name = "URL")]
    pub sqs_endpoint: Option<Endpoint>,
    /// An SNS-compatible service that gets the notifications for topics [default: Amazon's].
    #[arg(long, value_name = "URL")]
    pub sns_endpoint: Option<Endpoint>,
    /// A web hook that gets the notifications of queues and topics for which no service is given.
    #[arg(long, value_name = "URL")]
    pub webhook: Option<Endpoint>,
}

impl NotifyArgs {
    /// What the market is told.
    pub fn options(&self, keys: Option<Keys>) -> Options {
        let NotifyArgs { sqs_endpoint: sqs, sns_endpoint: sns, webhook } = self.clone();
        Options { sqs, sns, webhook, keys, ..Options::default() }
    }
}

impl Context {
    /// The credentials in the environment, with which requests to queues and topics are signed.
    pub fn keys(&self) -> Option<Keys> {
        Some(Keys {
            access_key: self.vars.get("AWS_ACCESS_KEY_ID")?.to_owned(),
            secret: self.vars.get("AWS_SECRET_ACCESS_KEY")?.to_owned(),
            session: self.vars.get("AWS_SESSION_TOKEN").map(str::to_owned),
        })
    }
}

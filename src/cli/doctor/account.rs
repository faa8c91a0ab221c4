//! The account: are there credentials, and does the endpoint accept them.

use super::super::context::Context;
use super::{Finding, network};
use crate::config::Settings;
use crate::mturk::{Client, Error, Source};
use std::time::Duration;

/// How long credentials and the endpoint may take: a process or a sign-in service may be asked.
const PATIENCE: Duration = Duration::from_secs(20);

/// Looks for credentials, and tries them with `GetAccountBalance` where the endpoint answers at all. Says too whether it
/// is the credentials that do not work.
pub(super) async fn look(context: &Context, settings: &Settings, reachable: bool) -> (Vec<Finding>, bool) {
    let environment = &settings.environment;
    let source = Source::Chain { profile: environment.profile.clone() };
    let fix = "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile of ~/.aws/credentials with --profile \
               (`hitdeck market serve` prints the keys of its first requester)";
    let account = match tokio::time::timeout(PATIENCE, source.account()).await {
        Ok(Ok(account)) => account,
        Ok(Err(error)) => return (vec![Finding::problem("credentials", error.to_string(), fix)], true),
        Err(_) => {
            let finding =
                Finding::problem("credentials", "not found within 20 s", "check the profile's process or sign-in");
            return (vec![finding], true);
        }
    };
    let profile = environment.profile.as_deref().map_or(String::new(), |name| format!(" (profile {name})"));
    let mut findings = vec![Finding::ok("credentials", format!("of account {account}{profile}"))];
    if !reachable {
        findings.push(Finding::note("account", "not tried: the endpoint does not answer"));
        return (findings, false);
    }
    let client = Client::new(&environment.endpoint.to_string(), &source, &account).await;
    let refused = match tokio::time::timeout(PATIENCE, client.balance()).await {
        Ok(Ok(balance)) => {
            findings.push(Finding::ok(
                "account",
                format!("the endpoint accepts them; {} available", balance.available.display()),
            ));
            false
        }
        Ok(Err(error)) => {
            let (fix, refused) = advice(context, &error);
            findings.push(Finding::problem("account", error.to_string(), fix));
            refused
        }
        Err(_) => {
            findings.push(Finding::problem("account", "no answer within 20 s", "the endpoint is slow: try again"));
            false
        }
    };
    if environment.endpoint.is_encrypted()
        && let Some(date) = client.date()
    {
        findings.push(network::judge_clock(Some(&date), jiff::Timestamp::now().as_second()));
    }
    (findings, refused)
}

fn advice(context: &Context, error: &Error) -> (&'static str, bool) {
    match error {
        Error::Credentials { .. } if context.vars.get("AWS_ACCESS_KEY_ID").is_some() => {
            ("AWS_ACCESS_KEY_ID is set and used unless a profile is named: is it of this endpoint?", true)
        }
        Error::Credentials { .. } => ("choose the profile of this endpoint with --profile, or set the clock", true),
        Error::NotMturk { .. } => {
            ("point --endpoint, AWS_ENDPOINT_URL_MTURK or [env] at an MTurk-compatible service", false)
        }
        Error::NotSent { .. } => ("check the network, and the certificates of this machine", false),
        Error::Throttled { .. } => ("try again in a minute", false),
        Error::Offline => ("choose an account that has an endpoint with --env", false),
        Error::Maybe { .. } | Error::Refused { .. } | Error::Malformed { .. } => ("look at the service's log", false),
    }
}

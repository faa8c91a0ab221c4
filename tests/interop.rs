//! The market as boto3 and the AWS CLI see it. Needs python3 with boto3; says so when it is not there.

use std::process::Command;

use hitdeck::market::deliver;
use hitdeck::market::serve::{Options, start};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn boto3_and_the_aws_cli_work_as_with_amazon() {
    let python = Command::new("python3").args(["-c", "import boto3"]).output();
    if !python.is_ok_and(|output| output.status.success()) {
        eprintln!("SKIPPED: the interop test needs python3 with boto3 (pip install boto3 awscli)");
        return;
    }
    // A port that is free now, for the queues that one of the tests starts.
    let queues = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let endpoint = || Some(format!("http://{queues}").parse().unwrap());
    let notify = deliver::Options { sqs: endpoint(), sns: endpoint(), ..deliver::Options::default() };
    let market = start(Options { speed: 0.0, control: true, notify, ..Options::default() }).await.unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/interop/run.py");
    let mut command = Command::new("python3");
    command
        .arg(script)
        .env_remove("AWS_PROFILE")
        .env_remove("AWS_SESSION_TOKEN")
        .env("AWS_CONFIG_FILE", "/dev/null")
        .env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
        .env("AWS_ENDPOINT_URL_MTURK", &market.endpoint)
        .env("AWS_ACCESS_KEY_ID", &market.access_key_id)
        .env("AWS_SECRET_ACCESS_KEY", &market.secret_access_key)
        .env("AWS_DEFAULT_REGION", "us-east-1")
        .env("HITDECK_QUEUES_PORT", queues.port().to_string());
    let output = tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}");
    eprintln!("{said}");
    market.stop().await;
}

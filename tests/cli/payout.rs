//! Paying workers out, beside a running market.

use super::lab::{hitdeck_in, ran};
use super::market::serve;
use super::requester::{client, http};
use serde_json::{Value, json};
use tempfile::TempDir;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn workers_are_paid_out_beside_a_running_market() {
    let home = TempDir::new().unwrap();
    let data = home.path().join("market");
    let data = data.to_str().unwrap();
    let csv = home.path().join("work.csv");
    std::fs::write(
        &csv,
        "HITId,HITTypeId,Title,Reward,MaxAssignments,AssignmentId,WorkerId,AssignmentStatus,Answer.label\n\
         3HIT1,3TYPE1,\"=SUM(A1), a title\",$0.05,2,3ASG1,A1ADA,Submitted,yes\n\
         3HIT1,3TYPE1,\"=SUM(A1), a title\",$0.05,2,3ASG2,A2BOB,Submitted,no\n",
    )
    .unwrap();
    let (_served, ready) = serve(&home, &["--data", data, "--import", csv.to_str().unwrap(), "--access-log", "off"]);
    let text = |name: &str| ready[name].as_str().unwrap();
    let mturk = client(text("endpoint"), text("access_key_id"), text("secret_access_key"));
    let payout = |arguments: &[&str], code: i32| {
        let mut command = hitdeck_in(home.path());
        ran(command.args(["market", "payout", "--data", data]).args(arguments), code)
    };
    let (out, err) = payout(&["-o", "json"], 0);
    assert_eq!((out.trim(), err.contains("nobody is owed anything")), ("[]", true), "{err}");

    for assignment in ["3ASG1", "3ASG2"] {
        mturk.approve_assignment().assignment_id(assignment).send().await.unwrap();
    }
    let bonus = mturk.send_bonus().worker_id("A1ADA").assignment_id("3ASG1").bonus_amount("1.20");
    bonus.reason("clear notes").send().await.unwrap();
    let (out, err) = payout(&["-o", "json"], 0);
    let lines: Vec<Value> = serde_json::from_str(&out).unwrap();
    let code = lines[0]["payout"].as_str().unwrap().to_owned();
    assert!(err.contains(&format!("--mark-paid {code}")) && err.contains("$1.30 to 2 workers"), "{err}");
    assert_eq!(
        lines[0],
        json!({"WorkerId": "A1ADA", "amount": "1.25", "rewards": "0.05", "assignments": 1, "bonuses": "1.20",
               "bonus_count": 1, "payout": code, "paid": null})
    );
    let (csv, _) = payout(&["-o", "csv"], 0);
    assert_eq!(csv.lines().nth(2).unwrap(), format!("A2BOB,0.05,0.05,1,0.00,0,{code},"));

    let folder = home.path().join("statements");
    payout(&["--statements", folder.to_str().unwrap()], 0);
    let statement = std::fs::read_to_string(folder.join("A1ADA.csv")).unwrap();
    assert_eq!(statement.lines().count(), 3, "{statement}");
    assert!(statement.contains(",\"'=SUM(A1), a title\","), "no formula for a spreadsheet: {statement}");
    let page = home.path().join("pay.html");
    payout(&["--page", page.to_str().unwrap()], 0);
    let page = std::fs::read_to_string(page).unwrap();
    assert!(
        page.contains("<td>A1ADA</td><td>$0.05</td><td>1</td><td>$1.20</td>") && page.contains("2 workers"),
        "{page}"
    );
    let (one, _) = payout(&["--statement", "A2BOB", "-o", "jsonl"], 0);
    assert!(one.lines().count() == 1 && one.contains("\"reward\"") && one.contains("3ASG2"), "{one}");

    let (_, err) = payout(&["--mark-paid", "7-000000"], 1);
    assert!(err.contains("Nothing was marked") || err.contains("There is no pay-out"), "{err}");
    let (_, err) = payout(&["--mark-paid", &code], 0);
    assert!(err.contains("is marked as paid: $1.30 to 2 workers"), "{err}");
    let (_, err) = payout(&["--mark-paid", &code], 0);
    assert!(err.contains("was marked as paid before"), "{err}");
    let (out, _) = payout(&["-o", "json"], 0);
    assert_eq!(out.trim(), "[]");
    let (out, _) = payout(&["--list", "-o", "json"], 0);
    let made: Vec<Value> = serde_json::from_str(&out).unwrap();
    assert_eq!((made.len(), &made[0]["total"], &made[0]["payout"]), (1, &json!("1.30"), &json!(code)));
    let (out, _) = payout(&["--payout", &code, "-o", "jsonl"], 0);
    assert_eq!(out.lines().count(), 2, "{out}");
    let (status, _) = http(text("endpoint"), "GET", "/healthz", "", "").await.unwrap();
    assert_eq!(status, 200);
}

//! A market with known work, and a home directory of its own for the program.

use assert_cmd::Command;
use hitdeck::domain::decision::{Decision, NewDecision, Subject};
use hitdeck::domain::id::AssignmentId;
use hitdeck::domain::time::{Millis, Now};
use hitdeck::market::import::Survey;
use hitdeck::market::serve::{Options, Running, start};
use hitdeck::mturk::credentials::account_of;
use hitdeck::store::{Decided, Stamp, Store};
use std::fmt::Write as _;
use std::io::Cursor;
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// HITs of the work, each with [`WORKERS`] assignments.
pub const HITS: usize = 4;
/// Workers, each with an assignment of every HIT.
pub const WORKERS: usize = 5;

/// A market and a home.
pub struct Lab {
    pub market: Running,
    pub home: TempDir,
    runtime: Runtime,
}

impl Lab {
    /// A market without work.
    pub fn empty() -> Self {
        Lab::with(Options { speed: 0.0, seed: 7, ..Options::default() })
    }

    /// A market of another kind, without work.
    pub fn with(options: Options) -> Self {
        let runtime = Runtime::new().unwrap();
        let market = runtime.block_on(start(options)).unwrap();
        Lab { market, home: TempDir::new().unwrap(), runtime }
    }

    /// A market with 20 undecided assignments of batch `pilot`: workers A1W0 to A1W4, on HITs 3HIT0 to 3HIT3. Odd
    /// workers answered `no`, the others `yes`.
    pub fn open() -> Self {
        let lab = Lab::empty();
        lab.import(&work());
        lab
    }

    /// Puts the work of a batch-results file on the market.
    pub fn import(&self, csv: &str) {
        let now = self.market.clock.now().time();
        let survey = Survey::of(Cursor::new(csv.to_owned()), now).unwrap();
        self.runtime.block_on(self.market.service.import_each(self.market.requester, survey)).unwrap();
    }

    /// Takes the account of an archive over; what is said about it.
    pub fn take_over(&self, archive: &std::path::Path) -> String {
        let (service, who) = (&self.market.service, self.market.requester);
        self.runtime.block_on(hitdeck::market::import::import_path(service, who, archive)).unwrap()
    }

    /// The program, with nothing of the surroundings but this market.
    pub fn hitdeck(&self, arguments: &[&str]) -> Command {
        let mut command = hitdeck_in(self.home.path());
        command
            .env("AWS_ENDPOINT_URL_MTURK", &self.market.endpoint)
            .env("AWS_ACCESS_KEY_ID", &self.market.access_key_id)
            .env("AWS_SECRET_ACCESS_KEY", &self.market.secret_access_key)
            .args(arguments);
        command
    }

    /// Runs the program, expects an exit code, and hands over stdout and stderr.
    pub fn run(&self, arguments: &[&str], code: i32) -> (String, String) {
        ran(&mut self.hitdeck(arguments), code)
    }

    /// Runs the program with `-o json` and reads what it says.
    pub fn json(&self, arguments: &[&str], code: i32) -> serde_json::Value {
        let (out, err) = self.run(&[arguments, &["-o", "json"]].concat(), code);
        serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}\n{err}"))
    }

    /// Assignments that the market has paid for, in order of payment.
    pub fn paid(&self, kind: &str) -> Vec<String> {
        let ledger = self.runtime.block_on(self.market.service.ledger()).unwrap();
        let paid = ledger.iter().filter(|row| format!("{:?}", row.movement.kind).to_lowercase() == kind);
        paid.filter_map(|row| row.assignment.clone()).collect()
    }

    /// Leaves an approval unsent in the program's store, as a desk does that is closed before the grace period is over.
    pub fn stage_approval(&self, assignment: &str) {
        let checked = self.json(&["config", "check"], 0);
        let data = std::path::Path::new(checked["Data"].as_str().unwrap());
        let account = std::fs::read_dir(data).unwrap().next().unwrap().unwrap().path();
        let store = std::fs::read_dir(account).unwrap().next().unwrap().unwrap().path();
        let stamp = Stamp {
            endpoint: checked["Endpoint"].as_str().unwrap().to_owned(),
            account: account_of(&self.market.access_key_id),
        };
        let store = Store::open(&store, &stamp, "ada@lab").unwrap();
        let id = AssignmentId::parse(assignment).unwrap();
        let key = store.read(|reader| reader.assignment_key(&id)).unwrap().unwrap();
        let decision = Decision::Approve { feedback: None, override_rejection: false };
        let entry = NewDecision { subject: Subject::Assignment(key), decision };
        let now = Now { wall: Millis(1_000), time: self.market.clock.now().time() };
        let decided = self.runtime.block_on(store.decide(vec![entry], 1, now.wall, now)).unwrap();
        assert!(matches!(decided[0], Decided::Staged(_)), "{decided:?}");
    }

    /// A worker takes a HIT and hands in.
    pub fn work_on(&self, hit: &str, worker: &str) -> String {
        self.hand_in(hit, worker, &[("note", "done")])
    }

    /// A worker takes a HIT and hands in these answers.
    pub fn hand_in(&self, hit: &str, worker: &str, fields: &[(&str, &str)]) -> String {
        let (hit, worker) = (hit.parse().unwrap(), worker.parse().unwrap());
        let work = async {
            let assignment = self.market.service.accept(&hit, &worker).await.unwrap().assignment;
            let answer = hitdeck::market::answers::from_fields(fields.iter().copied());
            self.market.service.submit(&assignment, answer).await.unwrap();
            assignment.to_string()
        };
        self.runtime.block_on(work)
    }

    /// Lets the market's time pass.
    pub fn advance(&self, by: std::time::Duration) {
        self.runtime.block_on(self.market.service.advance(by)).unwrap();
    }

    /// A worker asks for a qualification.
    pub fn ask_for(&self, qualification: &str, worker: &str) {
        let worker = worker.parse().unwrap();
        let asked = self.market.service.request_qualification(qualification, &worker, None);
        self.runtime.block_on(asked).unwrap();
    }

    /// A worker takes a qualification test: the questions and what is selected.
    pub fn take_test(&self, qualification: &str, worker: &str, answers: &[(&str, &[&str])]) {
        let worker = worker.parse().unwrap();
        let selected = |one: &&str| format!("<SelectionIdentifier>{one}</SelectionIdentifier>");
        let answer = |(question, all): &(&str, &[&str])| {
            let all: String = all.iter().map(selected).collect();
            format!("<Answer><QuestionIdentifier>{question}</QuestionIdentifier>{all}</Answer>")
        };
        let answers: String = answers.iter().map(answer).collect();
        let namespace =
            "http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2005-10-01/QuestionFormAnswers.xsd";
        let document = format!("<QuestionFormAnswers xmlns=\"{namespace}\">{answers}</QuestionFormAnswers>");
        let asked = self.market.service.request_qualification(qualification, &worker, Some(document));
        self.runtime.block_on(asked).unwrap();
    }

    /// A file in the home, with its path.
    pub fn file(&self, name: &str, text: &str) -> String {
        let path = self.home.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// A new qualification type of this name and the given options: its identifier.
    pub fn qualification(&self, name: &str, options: &[&str]) -> String {
        let create = ["qual", "create", "--name", name, "--description", "For tests"];
        let made = self.json(&[&create, options].concat(), 0);
        made[0]["QualificationTypeId"].as_str().unwrap().to_owned()
    }

    /// Who holds a qualification, and with which score.
    pub fn scores(&self, qualification: &str) -> Vec<(String, i64)> {
        let holders = self.json(&["qual", "holders", qualification], 0);
        let score = |it: &serde_json::Value| {
            (it["WorkerId"].as_str().unwrap().to_owned(), it["IntegerValue"].as_i64().unwrap())
        };
        holders.as_array().unwrap().iter().map(score).collect()
    }

    /// Whether the market lets a worker accept a HIT; if so, it is accepted.
    pub fn accepts(&self, hit: &str, worker: &str) -> bool {
        let (hit, worker) = (hit.parse().unwrap(), worker.parse().unwrap());
        self.runtime.block_on(self.market.service.accept(&hit, &worker)).is_ok()
    }

    /// What the market says of an assignment: its status.
    pub fn status(&self, assignment: &str) -> String {
        let shown = self.json(&["assignment", "show", assignment], 0);
        shown[0]["AssignmentStatus"].as_str().unwrap().to_owned()
    }
}

/// The program in a home of its own, without any of the caller's settings.
pub fn hitdeck_in(home: &std::path::Path) -> Command {
    let mut command = Command::cargo_bin("hitdeck").unwrap();
    command
        .env_clear()
        .env("HOME", home)
        .env("USER", "ada")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("LANG", "C.UTF-8")
        .timeout(std::time::Duration::from_secs(120));
    command
}

/// Runs a command, expects an exit code, and hands over stdout and stderr.
pub fn ran(command: &mut Command, code: i32) -> (String, String) {
    let output = command.output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "stdout: {out}\nstderr: {err}");
    (out, err)
}

/// The identifier of worker `worker`'s assignment of HIT `hit`.
pub fn assignment(hit: usize, worker: usize) -> String {
    format!("3ASG{hit}W{worker}")
}

/// The work of [`Lab::open`], as a batch-results file.
pub fn work() -> String {
    let mut csv = "HITId,HITTypeId,Title,Reward,MaxAssignments,RequesterAnnotation,AssignmentId,WorkerId,\
                   AssignmentStatus,AcceptTime,SubmitTime,Input.text,Answer.label,Answer.comment\n"
        .to_owned();
    for hit in 0..HITS {
        for worker in 0..WORKERS {
            let (label, id) = (if worker % 2 == 1 { "no" } else { "yes" }, assignment(hit, worker));
            writeln!(
                csv,
                "3HIT{hit},3TYPE1,Does it follow?,$0.05,{WORKERS},pilot,{id},A1W{worker},Submitted,\
                 Tue Jan 23 12:2{hit}:00 PST 2018,Tue Jan 23 12:2{hit}:3{worker} PST 2018,Text {hit},{label},Comment {worker}"
            )
            .unwrap();
        }
    }
    csv
}

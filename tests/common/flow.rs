//! The desk as a person uses it, without a terminal: the real loop, the real SDK, a market in the same process whose
//! clock the test moves. A key press and a look at the screen are all a test needs; it never waits for a time.

use aws_sdk_mturk::config::retry::RetryConfig;
use aws_sdk_mturk::config::{BehaviorVersion, Credentials, Region};
use hitdeck::app::key::{Code, Key};
use hitdeck::app::keymap::{Bindings, Keymap};
use hitdeck::app::options::{Danger, Environment, Options};
use hitdeck::app::state::State;
use hitdeck::domain::id::{HitId, WorkerId};
use hitdeck::domain::time::{Millis, Now};
use hitdeck::market::Kind;
use hitdeck::market::answers;
use hitdeck::market::serve::{self, Running};
use hitdeck::mturk::Source;
use hitdeck::runtime::clock::Clock;
use hitdeck::runtime::desk::programs::Programs;
use hitdeck::runtime::desk::screen::Screen;
use hitdeck::runtime::desk::{Desk, Ending, Office, Outside, Pauses, Sources, Unpublished, first};
use hitdeck::runtime::engine::{self, Engine};
use hitdeck::term::decode::Input;
use hitdeck::term::reader::Message;
use hitdeck::ui::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;

/// How long something may take that has to happen. Far more than it takes: only a failing test waits so long.
const CAP: Duration = Duration::from_secs(30);

/// A screen in memory.
pub struct Memory {
    size: (u16, u16),
    canvas: Buffer,
    shown: String,
    pub frames: usize,
    pub copied: Vec<String>,
    pub lent: usize,
}

impl Screen for Memory {
    fn size(&self) -> (u16, u16) {
        self.size
    }

    fn resized(&mut self) {}

    fn forget(&mut self) {}

    fn canvas(&mut self) -> &mut Buffer {
        self.canvas.resize(Rect::new(0, 0, self.size.0, self.size.1));
        self.canvas.reset();
        &mut self.canvas
    }

    fn show(&mut self, _cursor: Option<(u16, u16)>) -> std::io::Result<()> {
        let width = usize::from(self.size.0);
        let line = |cells: &[ratatui::buffer::Cell]| cells.iter().map(|cell| cell.symbol()).collect::<String>();
        self.shown = self.canvas.content.chunks(width).map(line).collect::<Vec<_>>().join("\n");
        self.frames += 1;
        Ok(())
    }

    fn copy(&mut self, text: &str) -> Result<(), String> {
        self.copied.push(text.into());
        Ok(())
    }

    fn mouse(&mut self, _on: bool) -> std::io::Result<()> {
        Ok(())
    }

    fn is_behind(&self) -> bool {
        false
    }

    async fn catch_up(&mut self) -> std::io::Result<()> {
        Ok(())
    }

    async fn hand_over(&mut self) {
        self.lent += 1;
    }

    fn take_back(&mut self) -> std::io::Result<()> {
        Ok(())
    }

    fn may_take_back(&self) -> bool {
        true
    }

    fn stop(&mut self) -> Result<(), String> {
        Err("a test is not stopped".into())
    }

    fn can_stop(&self) -> bool {
        false
    }
}

/// A market with one requester, and what is published on it.
pub struct Lab {
    market: Option<Running>,
    keys: Source,
    account: String,
    endpoint: String,
    clock: hitdeck::market::clock::Clock,
    client: aws_sdk_mturk::Client,
    data: tempfile::TempDir,
    /// Milliseconds by which the person's clock is ahead.
    ahead: Arc<AtomicI64>,
}

/// How a desk is opened.
pub struct Setup {
    pub options: Options,
    pub size: (u16, u16),
    pub editor: String,
}

impl Default for Setup {
    fn default() -> Self {
        // Nothing leaves by itself while a test looks; `$` sends.
        let options = Options { grace: 3_600_000, ..Options::default() };
        Setup { options, size: (120, 40), editor: "true".into() }
    }
}

impl Lab {
    pub async fn open() -> Lab {
        let options = serve::Options { speed: 0.0, control: true, ..serve::Options::default() };
        let market = serve::start(options).await.expect("a market");
        let lab = Lab::beside(&market);
        Lab { market: Some(market), ..lab }
    }

    /// The requester's side of a market that somebody else runs.
    pub fn beside(market: &Running) -> Lab {
        let (access_key_id, secret) = (&market.access_key_id, &market.secret_access_key);
        let config = aws_sdk_mturk::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .endpoint_url(&market.endpoint)
            .credentials_provider(Credentials::new(access_key_id, secret, None, None, "test"))
            .retry_config(RetryConfig::disabled())
            .build();
        Lab {
            keys: Source::Given {
                access_key_id: access_key_id.clone(),
                secret_access_key: secret.clone(),
                session_token: None,
            },
            account: access_key_id.clone(),
            endpoint: market.endpoint.clone(),
            clock: market.clock.clone(),
            market: None,
            client: aws_sdk_mturk::Client::from_conf(config),
            data: tempfile::tempdir().expect("a directory"),
            ahead: Arc::default(),
        }
    }

    /// Publishes an item for so many workers, at 0.05 each.
    pub async fn publish(&self, item: &str, workers: i32) -> String {
        let page = format!("<table><tr><th>text</th><td>{item}</td></tr></table><input name=\"label\">");
        let question = format!(
            "<HTMLQuestion xmlns=\"http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2011-11-11/HTMLQuestion.xsd\">\
             <HTMLContent><![CDATA[<!DOCTYPE html><html><body><form>{page}</form></body></html>]]></HTMLContent>\
             <FrameHeight>0</FrameHeight></HTMLQuestion>"
        );
        let hit =
            self.client.create_hit().title("Label a text").description("One word").reward("0.05").question(question);
        let hit = hit.max_assignments(workers).lifetime_in_seconds(86_400).assignment_duration_in_seconds(600);
        let hit = hit.auto_approval_delay_in_seconds(259_200).requester_annotation("labels").send().await;
        hit.expect("the HIT is published").hit.and_then(|hit| hit.hit_id).expect("it has an id")
    }

    /// The HITs as the API lists them, oldest first.
    pub async fn hits(&self) -> Vec<aws_sdk_mturk::types::Hit> {
        let answer = self.client.list_hits().max_results(100).send().await.expect("HITs can be listed");
        let mut hits = answer.hits.unwrap_or_default();
        hits.sort_by_key(|hit| hit.creation_time.map(|time| time.secs()));
        hits
    }

    /// Registers a HIT type of this title; its id.
    pub async fn publish_type(&self, title: &str) -> String {
        let call = self.client.create_hit_type().title(title).description("For a test").reward("0.10");
        let made = call.assignment_duration_in_seconds(600).send().await.expect("the type is made");
        made.hit_type_id.expect("it has an id")
    }

    /// A worker does the HIT; the assignment's id.
    pub async fn work(&self, hit: &str, worker: &str, label: &str) -> String {
        let (hit, worker) = (HitId::parse(hit).expect("an id"), WorkerId::parse(worker).expect("an id"));
        let accepted = self.market().service.accept(&hit, &worker).await.expect("the HIT can be accepted");
        let answer = answers::from_fields([("label", label)]);
        self.market().service.submit(&accepted.assignment, answer).await.expect("the answer is taken");
        accepted.assignment.to_string()
    }

    /// So many items, each done by one worker: `A1WORKER0`, ... answering `label 0`, ...
    pub async fn with_work(count: usize) -> Lab {
        let lab = Lab::open().await;
        for n in 0..count {
            let hit = lab.publish(&format!("text number {n}"), 5).await;
            lab.work(&hit, &format!("A1WORKER{n}"), &format!("label {n}")).await;
        }
        lab
    }

    /// Payments of this kind that the market has made, in cents, by assignment.
    pub async fn paid(&self, kind: Kind) -> Vec<i64> {
        let ledger = self.market().service.ledger().await.expect("a ledger");
        ledger.iter().filter(|row| row.movement.kind == kind).map(|row| row.movement.amount.as_cents()).collect()
    }

    /// The status of an assignment, as the API tells it.
    pub async fn status(&self, assignment: &str) -> String {
        let answer = self.client.get_assignment().assignment_id(assignment).send().await.expect("it is there");
        answer.assignment.and_then(|one| one.assignment_status).expect("it has a status").as_str().to_owned()
    }

    /// The feedback of an assignment.
    pub async fn feedback(&self, assignment: &str) -> Option<String> {
        let answer = self.client.get_assignment().assignment_id(assignment).send().await.expect("it is there");
        answer.assignment.and_then(|one| one.requester_feedback)
    }

    /// A folder that goes with the lab.
    pub fn folder(&self) -> &std::path::Path {
        self.data.path()
    }

    /// Creates a qualification type that is granted by hand; its id.
    pub async fn create_type(&self, name: &str) -> String {
        let call = self.client.create_qualification_type().name(name).description("For a test");
        let made = call.qualification_type_status("Active".into()).send().await.expect("the type is created");
        made.qualification_type.and_then(|it| it.qualification_type_id).expect("it has an id")
    }

    /// The HIT with this title.
    pub async fn hit_called(&self, title: &str) -> String {
        let hits = self.client.list_hits().send().await.expect("the HITs are listed").hits.unwrap_or_default();
        let hit = hits.into_iter().find(|hit| hit.title.as_deref() == Some(title));
        hit.and_then(|hit| hit.hit_id).expect("there is such a HIT")
    }

    /// The id of a qualification type.
    pub async fn qualification_type(&self, name: &str) -> String {
        let call = self.client.list_qualification_types().must_be_requestable(false).must_be_owned_by_caller(true);
        let types = call.send().await.expect("types").qualification_types.unwrap_or_default();
        let found = types.into_iter().find(|it| it.name.as_deref() == Some(name)).expect("it was created");
        found.qualification_type_id.expect("it has an id")
    }

    /// A worker asks for a qualification, and takes its test if there is one.
    pub async fn take_test(&self, of: &str, worker: &str, answers: &[(&str, &[&str])]) {
        let worker = WorkerId::parse(worker).expect("an id");
        let chosen = |names: &[&str]| {
            names.iter().map(|name| format!("<SelectionIdentifier>{name}</SelectionIdentifier>")).collect::<String>()
        };
        let each = |(name, names): &(&str, &[&str])| {
            format!("<Answer><QuestionIdentifier>{name}</QuestionIdentifier>{}</Answer>", chosen(names))
        };
        let all: String = answers.iter().map(each).collect();
        let schema =
            "http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2005-10-01/QuestionFormAnswers.xsd";
        let answer = format!("<QuestionFormAnswers xmlns=\"{schema}\">{all}</QuestionFormAnswers>");
        let answer = (!answers.is_empty()).then_some(answer);
        self.market().service.request_qualification(of, &worker, answer).await.expect("it can be asked for");
    }

    /// A qualification type as the API tells it.
    pub async fn type_of(&self, of: &str) -> aws_sdk_mturk::types::QualificationType {
        let answer = self.client.get_qualification_type().qualification_type_id(of).send().await;
        answer.expect("it is there").qualification_type.expect("it is told")
    }

    /// What a HIT requires: type, comparator and values.
    pub async fn requirements(&self, hit: &str) -> Vec<(String, String, Vec<i32>)> {
        let hit = self.client.get_hit().hit_id(hit).send().await.expect("it is there").hit.expect("it is told");
        let all = hit.qualification_requirements.unwrap_or_default();
        let one = |it: aws_sdk_mturk::types::QualificationRequirement| {
            (it.qualification_type_id, it.comparator.as_str().to_owned(), it.integer_values.unwrap_or_default())
        };
        all.into_iter().map(one).collect()
    }

    /// Who holds a qualification, with their scores, by worker.
    pub async fn scores(&self, of: &str) -> Vec<(String, i32)> {
        let call = self.client.list_workers_with_qualification_type().qualification_type_id(of);
        let held = call.status("Granted".into()).send().await.expect("holders").qualifications.unwrap_or_default();
        let one = |it: aws_sdk_mturk::types::Qualification| Some((it.worker_id?, it.integer_value?));
        let mut scores: Vec<_> = held.into_iter().filter_map(one).collect();
        scores.sort();
        scores
    }

    /// Opens the desk and waits until it has read the market.
    pub async fn desk(&self) -> Flow {
        self.desk_with(Setup::default()).await
    }

    pub async fn desk_with(&self, setup: Setup) -> Flow {
        let mut flow = self.desk_unread(setup).await;
        flow.until("the market has been read", |flow| flow.state().sync.as_of.is_some()).await;
        flow.settle().await;
        flow
    }

    /// Opens the desk on what its store has.
    pub async fn desk_unread(&self, setup: Setup) -> Flow {
        let (market_clock, ahead) = (self.clock.clone(), self.ahead.clone());
        let now = move || Now { wall: wall().plus(ahead.load(Ordering::Relaxed)), time: market_clock.now().time() };
        let engine = Engine::open(engine::Options {
            dir: self.data.path().join("store"),
            endpoint: self.endpoint.clone(),
            source: self.keys.clone(),
            account: self.account.clone(),
            who: "tester@lab".into(),
            clock: Clock::of(now),
            read_only: setup.options.read_only,
            seed: 1,
            probe: None,
        });
        Flow::open(engine.expect("a store"), setup).await
    }

    /// Lets time pass on the person's clock.
    pub fn pass(&self, milliseconds: i64) {
        self.ahead.fetch_add(milliseconds, Ordering::Relaxed);
    }

    /// Lets time pass at the market.
    pub fn market_passes(&self, time: Duration) {
        self.clock.advance(time);
    }

    fn market(&self) -> &Running {
        self.market.as_ref().expect("the market runs")
    }

    /// Stops the market; its address.
    pub async fn stop(&mut self) -> String {
        self.market.take().expect("the market runs").stop().await;
        self.endpoint.clone()
    }

    /// Rejects an assignment behind the desk's back.
    pub async fn reject(&self, assignment: &str, feedback: &str) {
        let call = self.client.reject_assignment().assignment_id(assignment).requester_feedback(feedback);
        call.send().await.expect("it can be rejected");
    }

    /// Who is blocked, and why.
    pub async fn blocks(&self) -> Vec<(String, String)> {
        let answer = self.client.list_worker_blocks().send().await.expect("the blocks can be listed");
        let block = |block: &aws_sdk_mturk::types::WorkerBlock| {
            (block.worker_id.clone().unwrap_or_default(), block.reason.clone().unwrap_or_default())
        };
        answer.worker_blocks().iter().map(block).collect()
    }

    /// The texts of the messages that a worker was sent, newest first.
    pub async fn messages(&self, worker: &str) -> Vec<String> {
        let worker = WorkerId::parse(worker).expect("an id");
        let told = self.market().service.messages(&worker, None, 10).await.expect("a mailbox");
        told.into_iter().filter_map(|message| message.text).collect()
    }

    /// From now on requests meet these faults.
    pub async fn faults(&self, spec: &str) {
        let host = self.endpoint.trim_start_matches("http://");
        let mut line = TcpStream::connect(host).await.expect("the market listens");
        let length = spec.len();
        let request = format!(
            "POST /_control/faults HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{spec}"
        );
        line.write_all(request.as_bytes()).await.expect("the market listens");
        let mut answer = String::new();
        line.read_to_string(&mut answer).await.expect("the market answers");
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
}

/// A desk under a test's fingers.
pub struct Flow {
    desk: Desk<Memory>,
    keyboard: mpsc::Sender<Message>,
    pub outside: mpsc::Sender<Outside>,
    ending: Option<Ending>,
}

impl Flow {
    async fn open(engine: Engine, setup: Setup) -> Flow {
        let (keyboard, input) = mpsc::channel(1_024);
        let (outside, outside_in) = mpsc::channel(16);
        let (outcomes, outcomes_in) = mpsc::channel(64);
        let (data, data_in) = mpsc::channel(64);
        let sources = Sources { outside: outside_in, input, outcomes: outcomes_in, data: data_in };
        let environment = Environment {
            name: "lab".into(),
            danger: Danger::Play,
            host: "127.0.0.1".into(),
            worker_site: Some("http://127.0.0.1".into()),
            ..Environment::default()
        };
        let state =
            State::new(environment, setup.options, Keymap::new(&Bindings::default()).expect("the default keys"));
        let screen = Memory {
            size: setup.size,
            canvas: Buffer::empty(Rect::ZERO),
            shown: String::new(),
            frames: 0,
            copied: Vec::new(),
            lent: 0,
        };
        let programs = Programs { editor: setup.editor, browser: None, home: None };
        let (first, clock) = (first(&engine).expect("the store is read"), engine.clock().clone());
        let office = Office::open(engine, Pauses::default(), outcomes, data);
        let mut desk =
            Desk::new(state, Theme::preset("dark").expect("a theme"), screen, clock, sources, office, programs);
        desk.open(first).await;
        Flow { desk, keyboard, outside, ending: None }
    }

    pub fn state(&self) -> &State {
        self.desk.state()
    }

    pub fn memory(&self) -> &Memory {
        self.desk.screen()
    }

    /// What is on the screen.
    pub fn screen(&self) -> &str {
        &self.desk.screen().shown
    }

    /// Presses keys one after the other, each in a read of its own, and waits until everything they set off has settled.
    /// `<enter>`, `<esc>`, `<tab>` and `<space>` are keys; everything else is itself.
    pub async fn press(&mut self, keys: &str) {
        for key in keys_of(keys) {
            self.read(vec![key]).await;
        }
    }

    /// Keys that come in one read.
    pub async fn read(&mut self, keys: Vec<Key>) {
        self.keyboard.send(Message::Input(Input::Keys(keys))).await.expect("the desk listens");
        self.settle().await;
    }

    pub async fn paste(&mut self, text: &str) {
        self.keyboard.send(Message::Input(Input::Paste(text.into()))).await.expect("the desk listens");
        self.settle().await;
    }

    /// Lets the desk work until nothing that was asked for is open and the screen is up to date.
    pub async fn settle(&mut self) {
        while self.ending.is_none() && !self.desk.is_settled() {
            self.turn("settled").await;
        }
    }

    /// Lets the desk work until something is so.
    pub async fn until(&mut self, what: &str, holds: impl Fn(&Flow) -> bool) {
        while !holds(self) {
            self.turn(what).await;
        }
    }

    /// Lets the desk work until a text is on the screen.
    pub async fn until_shown(&mut self, text: &str) {
        self.until(text, |flow| flow.screen().contains(text)).await;
    }

    /// Lets the desk work until it ends.
    pub async fn until_ended(&mut self) -> Ending {
        self.until("the desk has ended", |flow| flow.ending.is_some()).await;
        self.ending.expect("it has just ended")
    }

    /// Closes the desk as the program does when it ends.
    pub async fn close(self) {
        self.leave().await;
    }

    /// The same; what was being published and is not.
    pub async fn leave(self) -> Vec<Unpublished> {
        self.desk.close(CAP, &|_| ()).await
    }

    async fn turn(&mut self, what: &str) {
        assert!(self.ending.is_none(), "the desk ended before: {what}\n{}", self.screen());
        match tokio::time::timeout(CAP, self.desk.turn()).await {
            Ok(ending) => self.ending = ending,
            Err(_) => panic!("not in {CAP:?}: {what}\n{}", self.screen()),
        }
    }
}

fn wall() -> Millis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970");
    Millis(i64::try_from(since.as_millis()).expect("before the year 292 million"))
}

fn keys_of(text: &str) -> Vec<Key> {
    let mut keys = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let named = ["<enter>", "<esc>", "<tab>", "<space>"].into_iter().find(|name| rest.starts_with(name));
        let code = match named {
            Some("<enter>") => Code::Enter,
            Some("<esc>") => Code::Esc,
            Some("<tab>") => Code::Tab,
            Some("<space>") => Code::Char(' '),
            _ => Code::Char(c),
        };
        keys.push(Key::plain(code));
        rest = &rest[named.map_or(c.len_utf8(), str::len)..];
    }
    keys
}

//! A real browser, driven over the W3C WebDriver protocol. Written here because nine commands are needed, which the HTTP client that is
//! there anyway sends; the crates for it bring a second HTTP client and TLS stack.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::{Method, Request};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};

/// The member under which an element's ID comes.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
/// How long an element is waited for.
const PATIENCE: u64 = 10_000;

/// How a browser is opened.
#[derive(Debug, Clone, Copy)]
pub struct Window {
    pub width: u32,
    pub height: u32,
    pub scripts: bool,
    /// Whether it has a camera and a microphone, made up ones, and says yes to whoever may ask for them.
    pub devices: bool,
}

pub const DESKTOP: Window = Window { width: 1_280, height: 900, scripts: true, devices: false };
pub const PHONE: Window = Window { width: 390, height: 844, scripts: true, devices: false };

/// A browser. Dropping it ends it.
pub struct Driver {
    process: Child,
    base: String,
    client: Client<HttpConnector, Body>,
}

impl Driver {
    /// Opens a browser; none where there is none, which is said.
    pub async fn open(window: Window) -> Option<Driver> {
        let browser = ["chromium", "chromium-browser", "google-chrome"].into_iter().find(|name| is_there(name));
        if browser.is_none() || !is_there("chromedriver") {
            println!("skipped: there is no chromium with chromedriver here");
            return None;
        }
        let mut command = Command::new("chromedriver");
        command.args(["--port=0"]).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = command.spawn().expect("chromedriver starts");
        let lines = BufReader::new(process.stdout.take().expect("its output")).lines();
        let port = lines.map_while(Result::ok).find_map(|line| {
            let rest = line.split_once("started successfully on port ")?.1.to_owned();
            rest.trim_end_matches('.').parse::<u16>().ok()
        });
        let base = format!("http://127.0.0.1:{}", port.expect("chromedriver says its port"));
        let mut driver = Driver { process, base, client: Client::builder(TokioExecutor::new()).build_http() };
        let mut args = vec!["--headless=new".to_owned(), "--no-sandbox".into(), "--hide-scrollbars".into()];
        args.extend(["--disable-dev-shm-usage".into(), "--disable-gpu".into()]);
        if window.devices {
            args.extend(["--use-fake-device-for-media-stream".into(), "--use-fake-ui-for-media-stream".into()]);
        }
        args.push(format!("--window-size={},{}", window.width.max(500), window.height));
        let mut options = json!({ "args": args });
        if !window.scripts {
            options["prefs"] = json!({ "profile.managed_default_content_settings.javascript": 2 });
        }
        let wanted = json!({ "capabilities": { "alwaysMatch": {
            "browserName": "chrome",
            "goog:chromeOptions": options,
            "unhandledPromptBehavior": "ignore",
            "timeouts": { "implicit": PATIENCE, "pageLoad": 30_000 },
        } } });
        let session = driver.call(Method::POST, "/session", wanted).await.expect("a session");
        driver.base = format!("{}/session/{}", driver.base, session["sessionId"].as_str().expect("its name"));
        driver.size(window.width, window.height).await;
        Some(driver)
    }

    async fn call(&self, method: Method, path: &str, body: Value) -> Result<Value, String> {
        let body = if method == Method::GET { Body::empty() } else { Body::from(body.to_string()) };
        let request = Request::builder().method(method).uri(format!("{}{path}", self.base));
        let request = request.header("content-type", "application/json").body(body).expect("a request");
        let answer = tokio::time::timeout(Duration::from_secs(60), self.client.request(request)).await;
        let answer = answer.expect("the browser answers in time").expect("the browser answers");
        let is_fine = answer.status().is_success();
        let bytes = axum::body::to_bytes(Body::new(answer.into_body()), 64 << 20).await.expect("a whole answer");
        let answer: Value = serde_json::from_slice(&bytes).expect("JSON");
        let value = answer["value"].clone();
        if is_fine { Ok(value) } else { Err(format!("{}: {}", value["error"], value["message"])) }
    }

    async fn post(&self, path: &str, body: Value) -> Result<Value, String> {
        self.call(Method::POST, path, body).await
    }

    /// A command of the browser's own protocol.
    pub async fn browser(&self, command: &str, parameters: Value) -> Value {
        let body = json!({ "cmd": command, "params": parameters });
        self.post("/goog/cdp/execute", body).await.expect("the browser knows the command")
    }

    /// The size of the page, as a phone or a screen has it.
    pub async fn size(&self, width: u32, height: u32) {
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500 });
        self.browser("Emulation.setDeviceMetricsOverride", metrics).await;
    }

    /// Whether the reader likes it dark.
    pub async fn dark(&self, dark: bool) {
        let value = if dark { "dark" } else { "light" };
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": value }] });
        self.browser("Emulation.setEmulatedMedia", features).await;
    }

    pub async fn go(&self, url: &str) {
        self.post("/url", json!({ "url": url })).await.expect("the page opens");
    }

    pub async fn url(&self) -> String {
        let url = self.call(Method::GET, "/url", Value::Null).await.expect("an address");
        url.as_str().expect("text").to_owned()
    }

    /// Waits until the browser has come to an address with this in it, and gives the address.
    pub async fn arrives(&self, part: &str) -> String {
        let until = Instant::now() + Duration::from_millis(PATIENCE);
        loop {
            let url = self.url().await;
            if url.contains(part) {
                return url;
            }
            assert!(Instant::now() < until, "{url}: it does not come to {part}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    async fn find(&self, css: &str) -> Result<String, String> {
        let found = self.post("/element", json!({ "using": "css selector", "value": css })).await?;
        Ok(format!("/element/{}", found[ELEMENT].as_str().expect("an element")))
    }

    /// Whether there is such an element now, without waiting for it.
    pub async fn has(&self, css: &str) -> bool {
        let all = self.now(css).await;
        all > 0
    }

    async fn now(&self, css: &str) -> usize {
        self.post("/timeouts", json!({ "implicit": 0 })).await.expect("a timeout");
        let all = self.post("/elements", json!({ "using": "css selector", "value": css })).await.expect("a list");
        self.post("/timeouts", json!({ "implicit": PATIENCE })).await.expect("a timeout");
        all.as_array().expect("a list").len()
    }

    /// Does something to an element. One that went away meanwhile, with its page, is looked for again.
    async fn act(&self, css: &str, what: &str, body: Value) {
        for _ in 0..20 {
            let element = self.find(css).await.unwrap_or_else(|error| panic!("{css}: {error}"));
            match self.post(&format!("{element}/{what}"), body.clone()).await {
                Ok(_) => return,
                Err(error) if error.contains("stale element") => {}
                Err(error) => panic!("{css}: {error}"),
            }
        }
        panic!("{css}: it goes away again and again");
    }

    pub async fn click(&self, css: &str) {
        self.act(css, "click", json!({})).await;
    }

    /// Types into a field, in place of what stands in it.
    pub async fn fill(&self, css: &str, text: &str) {
        self.act(css, "clear", json!({})).await;
        self.keys(css, text).await;
    }

    /// Presses keys in an element.
    pub async fn keys(&self, css: &str, text: &str) {
        self.act(css, "value", json!({ "text": text })).await;
    }

    /// What people read in an element; it is waited for.
    pub async fn text(&self, css: &str) -> String {
        for _ in 0..20 {
            let element = self.find(css).await.unwrap_or_else(|error| panic!("{css}: {error}"));
            match self.call(Method::GET, &format!("{element}/text"), Value::Null).await {
                Ok(text) => return text.as_str().expect("text").to_owned(),
                Err(error) if error.contains("stale element") => {}
                Err(error) => panic!("{css}: {error}"),
            }
        }
        panic!("{css}: it goes away again and again");
    }

    /// A property of an element, as the page has it now.
    pub async fn property(&self, css: &str, name: &str) -> Value {
        let element = self.find(css).await.unwrap_or_else(|error| panic!("{css}: {error}"));
        let value = self.call(Method::GET, &format!("{element}/property/{name}"), Value::Null).await;
        value.unwrap_or_else(|error| panic!("{css}: {error}"))
    }

    /// Goes into a frame of the page, or out of all of them.
    pub async fn enter(&self, css: Option<&str>) {
        let Some(css) = css else {
            self.post("/frame", json!({ "id": Value::Null })).await.expect("the page is there");
            return;
        };
        for _ in 0..20 {
            let element = self.find(css).await.unwrap_or_else(|error| panic!("{css}: {error}"));
            let id = json!({ ELEMENT: element.trim_start_matches("/element/") });
            match self.post("/frame", json!({ "id": id })).await {
                Ok(_) => return,
                Err(error) if error.contains("stale element") => {}
                Err(error) => panic!("{css}: {error}"),
            }
        }
        panic!("{css}: it goes away again and again");
    }

    /// Runs a script of the test in the page, and waits for what it promises.
    pub async fn run(&self, script: &str) -> Value {
        let body = json!({ "script": script, "args": [] });
        self.post("/execute/sync", body).await.unwrap_or_else(|error| panic!("{script}: {error}"))
    }

    /// A picture of the page, where `HITDECK_SCREENSHOTS` names a folder.
    pub async fn picture(&self, name: &str) {
        use base64::Engine;
        let Some(folder) = std::env::var_os("HITDECK_SCREENSHOTS") else { return };
        let taken = self.browser("Page.captureScreenshot", json!({})).await;
        let bytes = base64::engine::general_purpose::STANDARD.decode(taken["data"].as_str().expect("a picture"));
        let path = std::path::Path::new(&folder).join(format!("{name}.png"));
        std::fs::write(path, bytes.expect("a picture")).expect("the folder is there");
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // Only when it is asked to does chromedriver end its browser. Nothing can be awaited here.
        if let Some((host, path)) = self.base.trim_start_matches("http://").split_once('/')
            && let Ok(mut wire) = std::net::TcpStream::connect(host)
        {
            let request = format!("DELETE /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
            let _ = wire.set_read_timeout(Some(Duration::from_secs(10)));
            let _ = wire.write_all(request.as_bytes());
            let _ = wire.read(&mut [0; 64]);
        }
        let _ = rustix::process::kill_process(
            rustix::process::Pid::from_child(&self.process),
            rustix::process::Signal::TERM,
        );
        let _ = self.process.wait();
    }
}

fn is_there(program: &str) -> bool {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&paths).any(|folder| folder.join(program).is_file())
}

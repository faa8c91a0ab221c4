//! The configuration, read as people write it.

use super::*;
use std::path::{Path, PathBuf};

const LAB: &str = "env = \"lab\"\n[env.lab]\nendpoint = \"http://127.0.0.1:7878\"\nprofile = \"lab\"\n\
                   [env.far]\nendpoint = \"https://turk.example.org\"\n";

fn vars(pairs: &[(&str, &str)]) -> Vars {
    Vars::new(pairs.iter().map(|(name, value)| (name.to_string(), value.to_string())), Some("/home/ada".into()))
}

fn resolve(text: Option<&str>, pairs: &[(&str, &str)], flags: Flags) -> Result<Settings, ConfigError> {
    let vars = vars(pairs);
    let paths = Paths { config: "FILE".into(), ..Paths::find(&vars, &flags).unwrap() };
    Settings::resolve(paths, text, &vars, &flags)
}

fn env(name: &str) -> Flags {
    Flags { env: Some(name.into()), ..Flags::default() }
}

fn corpus(kind: &str) -> Vec<(PathBuf, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/config").join(kind);
    let mut files: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.clone(), std::fs::read_to_string(path).unwrap()))
        .collect();
    files.sort();
    assert!(!files.is_empty());
    files
}

#[test]
fn valid_files_are_read() {
    for (path, text) in corpus("valid") {
        let settings = resolve(Some(&text), &[], Flags::default());
        assert!(settings.is_ok(), "{}: {}", path.display(), settings.unwrap_err());
    }
}

/// The first line of each file holds what is to be said: `# line:column: message`.
#[test]
fn invalid_files_say_where_and_what() {
    let mut wrong = Vec::new();
    for (path, text) in corpus("invalid") {
        let expected = text.lines().next().unwrap().trim_start_matches("# ").trim_end();
        let error = resolve(Some(&text), &[], Flags::default()).map(|_| ()).unwrap_err().to_string();
        let found = error.strip_prefix("FILE:").unwrap_or(&error);
        if !found.starts_with(expected) || expected.len() < 10 {
            wrong.push(format!("{}: expected {expected}, found {found}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn nothing_configured_means_the_sandbox() {
    let settings = resolve(None, &[], Flags::default()).unwrap();
    assert_eq!(settings.environment.name, "sandbox");
    assert_eq!(settings.environment.endpoint.to_string(), SANDBOX);
    assert_eq!(settings.environment.danger, Danger::Play);
    assert_eq!(settings.environment.worker_site, "https://workersandbox.mturk.com");
    assert_eq!(settings.paths.data, Path::new("/home/ada/.local/share/hitdeck"));
}

#[test]
fn the_file_the_environment_and_flags_come_in_this_order() {
    let profile = |pairs: &[(&str, &str)], flags| resolve(Some(LAB), pairs, flags).unwrap().environment.profile;
    assert_eq!(profile(&[], env("far")), None);
    assert_eq!(profile(&[("AWS_PROFILE", "mine")], env("far")).as_deref(), Some("mine"));
    assert_eq!(profile(&[("AWS_PROFILE", "mine")], Flags::default()).as_deref(), Some("lab"));
    let keys = ("AWS_ACCESS_KEY_ID", "AKIA");
    assert_eq!(profile(&[("AWS_PROFILE", "mine"), keys], env("far")), None, "keys in variables win over it");
    assert_eq!(profile(&[keys], Flags::default()).as_deref(), Some("lab"), "but not over what was written down");
    let flags = Flags { profile: Some("flag".into()), ..Flags::default() };
    assert_eq!(profile(&[("AWS_PROFILE", "mine")], flags).as_deref(), Some("flag"));

    let name = |pairs: &[(&str, &str)], flags| resolve(Some(LAB), pairs, flags).unwrap().environment.name;
    assert_eq!(name(&[], Flags::default()), "lab");
    assert_eq!(name(&[("HITDECK_ENV", "far")], Flags::default()), "far");
    assert_eq!(name(&[("HITDECK_ENV", "far")], env("production")), "production");
}

#[test]
fn an_endpoint_from_outside_wins_over_the_configured_environment() {
    let url = "http://127.0.0.1:9999";
    for name in ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_MTURK"] {
        let found = resolve(Some(LAB), &[(name, url)], Flags::default()).unwrap().environment;
        assert_eq!((found.name.as_str(), found.endpoint.to_string()), ("127.0.0.1-9999", url.to_owned()));
        assert_eq!((found.danger, found.profile), (Danger::Play, None));
        assert_eq!(found.origin, Origin::Variable(name));
    }
    let both = [("AWS_ENDPOINT_URL", "http://a.example"), ("AWS_ENDPOINT_URL_MTURK", url)];
    assert_eq!(resolve(None, &both, Flags::default()).unwrap().environment.endpoint.to_string(), url);
    let flags = Flags { endpoint: Some("http://b.example".into()), ..Flags::default() };
    let found = resolve(None, &both, flags).unwrap().environment;
    assert_eq!((found.endpoint.to_string().as_str(), found.danger), ("http://b.example", Danger::RealMoney));
}

#[test]
fn an_endpoint_that_has_a_name_goes_by_it() {
    let flags = Flags { endpoint: Some("http://127.0.0.1:7878/".into()), ..Flags::default() };
    let found = resolve(Some(LAB), &[], flags).unwrap().environment;
    assert_eq!((found.name.as_str(), found.profile.as_deref()), ("lab", Some("lab")));
    let found = resolve(None, &[("AWS_ENDPOINT_URL", PRODUCTION)], Flags::default()).unwrap().environment;
    assert_eq!((found.name.as_str(), found.danger), ("production", Danger::RealMoney));
}

#[test]
fn a_named_environment_beside_another_endpoint_is_an_error() {
    let error = resolve(Some(LAB), &[("AWS_ENDPOINT_URL_MTURK", "http://127.0.0.1:1")], env("lab")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "--env lab means http://127.0.0.1:7878, but AWS_ENDPOINT_URL_MTURK says http://127.0.0.1:1: a decision for one \
         account must never reach another. Leave out one of the two (unset AWS_ENDPOINT_URL_MTURK)"
    );
    let flags = Flags { endpoint: Some("http://127.0.0.1:1".into()), ..env("production") };
    assert!(resolve(None, &[], flags).unwrap_err().to_string().starts_with("--env production means https://mturk-"));
    assert!(resolve(Some(LAB), &[("AWS_ENDPOINT_URL", "http://127.0.0.1:7878")], env("lab")).is_ok());
}

#[test]
fn danger_follows_the_endpoint_unless_it_is_said() {
    let of = |text: &str, name| resolve(Some(text), &[], env(name)).unwrap().environment.danger;
    assert_eq!(of(LAB, "lab"), Danger::Play);
    assert_eq!(of(LAB, "far"), Danger::RealMoney);
    assert_eq!(of(LAB, "production"), Danger::RealMoney);
    assert_eq!(of(LAB, "sandbox"), Danger::Play);
    assert_eq!(of("[env.far]\nendpoint = \"http://far.example\"\ndanger = \"play\"", "far"), Danger::Play);
    assert_eq!(of("[env.near]\nendpoint = \"http://[::1]:7\"\ndanger = \"real-money\"", "near"), Danger::RealMoney);
    assert_eq!(of(&format!("[env.x]\nendpoint = \"{PRODUCTION}\""), "x"), Danger::RealMoney);
}

#[test]
fn files_belong_where_the_xdg_standard_says() {
    let find = |pairs: &[(&str, &str)], flags: &Flags| Paths::find(&vars(pairs), flags).unwrap();
    let none = Flags::default();
    assert_eq!(find(&[], &none).config, Path::new("/home/ada/.config/hitdeck/config.toml"));
    assert_eq!(find(&[("XDG_CONFIG_HOME", "/c")], &none).config, Path::new("/c/hitdeck/config.toml"));
    assert_eq!(
        find(&[("XDG_CONFIG_HOME", "relative")], &none).config,
        Path::new("/home/ada/.config/hitdeck/config.toml")
    );
    assert_eq!(find(&[("XDG_DATA_HOME", "/d")], &none).data, Path::new("/d/hitdeck"));
    assert_eq!(find(&[("XDG_STATE_HOME", "/s")], &none).state, Path::new("/s/hitdeck"));
    let flags = Flags { config: Some("here.toml".into()), data_dir: Some("/x".into()), ..Flags::default() };
    let paths = find(&[("HITDECK_CONFIG", "/there")], &flags);
    assert_eq!((paths.config.as_path(), paths.config_named), (Path::new("here.toml"), true));
    assert_eq!(paths.data, Path::new("/x"));
    assert_eq!(Paths::find(&Vars::default(), &none), Err(ConfigError::NoHome));
}

const EXAMPLE: &str = include_str!("../../config.example.toml");

#[test]
fn the_example_shows_the_defaults() {
    let file = File::parse(Path::new("config.example.toml"), EXAMPLE).unwrap();
    assert_eq!(file.env.as_ref().map(|env| env.as_ref().as_str()), Some("sandbox"));
    assert_eq!(File { env: None, ..file }, File::default());
}

#[test]
fn the_example_shows_every_key() {
    let is_example = |line: &&str| line.starts_with('#') && !line.starts_with("# ") && line.len() > 1;
    let whole: String = EXAMPLE
        .lines()
        .map(|line| if is_example(&line) { &line[1..] } else { line })
        .fold(String::new(), |text, line| text + line + "\n");
    File::parse(Path::new("config.example.toml"), &whole).unwrap();
    let schema = schema();
    let mut missing = Vec::new();
    for table in std::iter::once(&schema).chain(schema["$defs"].as_object().unwrap().values()) {
        for key in table["properties"].as_object().into_iter().flat_map(|properties| properties.keys()) {
            let shown = whole.lines().any(|line| {
                let line = line.trim_start_matches(['[', ' ']);
                let inside = line.split(['{', ',']).any(|part| {
                    part.trim_start().strip_prefix(key.as_str()).is_some_and(|rest| rest.trim_start().starts_with('='))
                });
                inside || line.strip_prefix(key.as_str()).is_some_and(|rest| rest.starts_with([']', '.']))
            });
            if !shown {
                missing.push(key.clone());
            }
        }
    }
    assert_eq!(missing, Vec::<String>::new(), "config.example.toml shows every key");
}

#[test]
fn the_schema_knows_every_table() {
    let schema = schema();
    for table in ["env", "review", "ui", "feedback", "view", "rule", "layout", "keys"] {
        assert!(schema["properties"][table].is_object(), "{table}");
    }
    assert_eq!(schema["additionalProperties"], serde_json::Value::Bool(false));
}

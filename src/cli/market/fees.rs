//! What `--fees` names.

use std::path::PathBuf;

use serde::Deserialize;

use super::MarketFailure;
use crate::domain::fees::FeeSchedule;
use crate::domain::money::Usd;

/// The highest rate that is not taken for a mistake, in hundredths of a percent.
const MOST: u32 = 100_000;

/// A fee schedule file; what is left out is as Amazon had it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct FeesFile {
    reward: u32,
    many: u32,
    many_from: u32,
    masters: u32,
    bonus: u32,
    minimum: String,
}

impl Default for FeesFile {
    fn default() -> FeesFile {
        let FeeSchedule { reward, many, many_from, masters, bonus, minimum } = FeeSchedule::AMAZON;
        FeesFile { reward, many, many_from, masters, bonus, minimum: minimum.to_string() }
    }
}

/// The fee schedule that `--fees` names.
pub fn fees(named: &str) -> Result<FeeSchedule, MarketFailure> {
    match named {
        "amazon" => return Ok(FeeSchedule::AMAZON),
        "none" => return Ok(FeeSchedule::NONE),
        _ => {}
    }
    let path = PathBuf::from(named);
    let failed = |why: String| MarketFailure::Fees { path: path.clone(), why };
    let text = std::fs::read_to_string(&path)
        .map_err(|error| failed(format!("{error} (--fees takes amazon, none, or a file)")))?;
    let file: FeesFile = toml::from_str(&text).map_err(|error| failed(error.to_string()))?;
    let minimum = Usd::parse(&file.minimum).map_err(|error| failed(format!("minimum: {error}")))?;
    let FeesFile { reward, many, many_from, masters, bonus, .. } = file;
    for (name, rate) in [("reward", reward), ("many", many), ("masters", masters), ("bonus", bonus)] {
        if rate > MOST {
            let why = format!("{name} = {rate}: rates are hundredths of a percent, at most {MOST} (1000 %)");
            return Err(failed(why));
        }
    }
    Ok(FeeSchedule { reward, many, many_from, masters, bonus, minimum })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fees_are_named_or_in_a_file() {
        assert_eq!(fees("amazon").unwrap(), FeeSchedule::AMAZON);
        assert_eq!(fees("none").unwrap(), FeeSchedule::NONE);
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("fees.toml");
        std::fs::write(&path, "reward = 1000\nminimum = \"0.00\"\n").unwrap();
        let read = fees(path.to_str().unwrap()).unwrap();
        assert_eq!((read.reward, read.minimum, read.bonus), (1_000, Usd::ZERO, 2_000));
        std::fs::write(&path, "rewards = 1000\n").unwrap();
        let error = fees(path.to_str().unwrap()).unwrap_err().to_string();
        assert!(error.contains("rewards") && error.contains("fees.toml"), "{error}");
        for (text, expected) in [
            ("reward = 200000\n", "at most 100000"),
            ("reward = -1\n", "line 1"),
            ("minimum = \"0.001\"\n", "minimum"),
            ("reward 20\n", "line 1"),
        ] {
            std::fs::write(&path, text).unwrap();
            let error = fees(path.to_str().unwrap()).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
        let error = fees(dir.path().join("none.toml").to_str().unwrap()).unwrap_err().to_string();
        assert!(error.contains("none.toml") && error.contains("amazon, none"), "{error}");
    }
}

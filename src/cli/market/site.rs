//! The options of `hitdeck market serve` about the worker site.

use std::num::NonZeroU32;
use std::path::PathBuf;

use clap::Args;

use crate::market::SiteOptions;
use crate::market::error::MarketError;

/// What is said about the worker site.
#[derive(Debug, Clone, Args)]
pub struct SiteArgs {
    /// What the worker site is called.
    #[arg(long, value_name = "NAME", default_value = "hitdeck market")]
    pub site_name: String,
    /// Where people reach the worker site, as it stands in links to it [default: the address that is listened on].
    #[arg(long, value_name = "URL", value_parser = url)]
    pub site_url: Option<String>,
    /// A text file that stands at the head of the privacy notice: who runs this market, how to reach them.
    #[arg(long, value_name = "FILE")]
    pub privacy_notice: Option<PathBuf>,
    /// After how many days without a sign of a worker what tells who they are is taken away; "never" keeps it.
    #[arg(long, value_name = "DAYS|never", default_value = "365", value_parser = retention)]
    pub retention: Retention,
}

/// How long what tells who people are is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention(pub Option<NonZeroU32>);

fn retention(text: &str) -> Result<Retention, String> {
    if text == "never" {
        return Ok(Retention(None));
    }
    let days = text.parse::<NonZeroU32>().ok().filter(|days| days.get() <= 36_500);
    days.map(|days| Retention(Some(days))).ok_or_else(|| "expected a number of days from 1 on, or never".into())
}

fn url(text: &str) -> Result<String, String> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let fine = rest.is_some_and(|rest| {
        let host = rest.trim_end_matches('/');
        !host.is_empty() && !host.contains(['/', '?', '#', '@']) && text.bytes().all(|byte| byte.is_ascii_graphic())
    });
    if fine {
        Ok(text.trim_end_matches('/').to_owned())
    } else {
        Err("expected a URL without a path, such as https://work.example.org".into())
    }
}

impl SiteArgs {
    /// What the market is told.
    pub fn options(&self) -> Result<SiteOptions, MarketError> {
        let notice = match &self.privacy_notice {
            None => None,
            Some(path) => {
                let text = std::fs::read_to_string(path);
                Some(text.map_err(|source| MarketError::File { what: "read", path: path.clone(), source })?)
            }
        };
        Ok(SiteOptions {
            name: self.site_name.clone(),
            url: self.site_url.clone(),
            notice: notice.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()),
            retention: self.retention.0.map(NonZeroU32::get),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_is_reached_at_the_root_of_a_host() {
        assert_eq!(url("https://work.example.org/"), Ok("https://work.example.org".into()));
        assert_eq!(url("http://127.0.0.1:7878"), Ok("http://127.0.0.1:7878".into()));
        for wrong in ["work.example.org", "https://", "https://h/path", "https://h?x", "https://me@h", "ftp://h"] {
            assert!(url(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_retention_is_a_number_of_days() {
        assert_eq!(retention("30").unwrap().0.map(NonZeroU32::get), Some(30));
        assert_eq!(retention("never"), Ok(Retention(None)));
        assert!(retention("0").is_err() && retention("soon").is_err() && retention("99999").is_err());
    }
}

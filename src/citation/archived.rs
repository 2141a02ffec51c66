//! Addresses of archived copies: which page they are a copy of, and of when.
//!
//! **In:** an address as cited. **Out:** [`Archived`], where it is a copy's. **Not
//! here:** looking for copies, or fetching them.
//!
//! Whoever cites a copy means the copy: it is what is fetched and judged, and it
//! is fine when the original is gone. The original and its time stand beside it.
//! Most archives follow the Wayback Machine's form, `…/TIMESTAMP/ADDRESS`; some
//! give an opaque name (perma.cc) or take the address as an argument.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What the address of an archived copy tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Archived {
    /// Host of the archive.
    pub archive: String,
    /// The address that was archived, where the copy's address has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original: Option<String>,
    /// When, as far as the address says: `YYYY`, `YYYY-MM`, `YYYY-MM-DD` or RFC 3339, UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<String>,
}

/// Hosts of archives, without `www.`; a host below one of them counts too.
const ARCHIVES: &[&str] = &[
    "web.archive.org",
    "wayback.archive.org",
    "wayback.archive-it.org",
    "archive.today",
    "archive.ph",
    "archive.is",
    "archive.li",
    "archive.vn",
    "archive.fo",
    "archive.md",
    "perma.cc",
    "webcitation.org",
    "arquivo.pt",
    "webarchive.nationalarchives.gov.uk",
    "webarchive.org.uk",
    "webarchive.loc.gov",
    "webarchive.bac-lac.gc.ca",
    "webarchive.nla.gov.au",
    "web.archive.bibalex.org",
    "swap.stanford.edu",
    "vefsafn.is",
    "haw.nsk.hr",
    "timetravel.mementoweb.org",
    "ghostarchive.org",
    "megalodon.jp",
    "archive.wikiwix.com",
    "webcache.googleusercontent.com",
];

/// What an address tells, where it is that of an archived copy.
#[must_use]
pub fn archived(url_as_cited: &str) -> Option<Archived> {
    let cited = url_as_cited.trim();
    let (_, rest) = cited.split_once("://")?;
    let (host, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let host = host.to_ascii_lowercase();
    let host = host.split(':').next().unwrap_or("");
    let host = host.strip_prefix("www.").unwrap_or(host);
    let is_wayback = matches!(host, "archive.org") && path.starts_with("/wayback");
    let is_archive = is_wayback
        || ARCHIVES.iter().any(|archive| {
            host.strip_suffix(archive)
                .is_some_and(|below| below.is_empty() || below.ends_with('.'))
        });
    if !is_archive || path.len() < 2 {
        return None;
    }
    let (original, timestamp) = parts(path);
    Some(Archived {
        archive: host.to_owned(),
        original,
        timestamp,
    })
}

/// Original and time of a copy's path.
fn parts(path: &str) -> (Option<String>, Option<String>) {
    // The first argument that is an address, and its date: WebCite, Wikiwix, a search engine's cache.
    if let Some((before, query)) = path.split_once('?')
        && !before.contains("http")
        && !before.contains("www.")
    {
        let value = |name: &str| {
            query
                .split('#')
                .next()?
                .split('&')
                .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
        };
        let original = value("url").or_else(|| {
            let cached = value("q")?.strip_prefix("cache:")?;
            Some(cached.split_once(':').map_or(cached, |(name, rest)| {
                if name.starts_with("http") {
                    cached
                } else {
                    rest
                }
            }))
        });
        let original = original.map(|url| {
            percent_encoding::percent_decode_str(url)
                .decode_utf8_lossy()
                .into_owned()
        });
        if let Some(original) = original {
            return (address(&original), value("date").and_then(time));
        }
    }
    let mut timestamp = None;
    let mut at = 0;
    for segment in path.split('/') {
        let rest = &path[at..];
        let begins = rest.starts_with("http:") || rest.starts_with("https:");
        // After a time even a bare host is the original.
        if begins || (timestamp.is_some() && segment.contains('.')) {
            return (address(rest), timestamp);
        }
        timestamp = timestamp.or_else(|| time(segment));
        at += segment.len() + 1;
    }
    (None, timestamp)
}

/// An original as an address; some archives drop one of the two slashes, some the scheme.
fn address(original: &str) -> Option<String> {
    for scheme in ["http", "https", "ftp"] {
        if let Some(rest) = original
            .strip_prefix(scheme)
            .and_then(|rest| rest.strip_prefix(":/"))
        {
            let rest = rest.trim_start_matches('/');
            return (!rest.is_empty()).then(|| format!("{scheme}://{rest}"));
        }
    }
    original
        .split('/')
        .next()
        .is_some_and(|host| host.contains('.'))
        .then(|| format!("http://{original}"))
}

/// A time as archives write it: 4 to 14 digits (`20120320101010`, with a suffix such as `id_`),
/// `2012.03.20-101010`, `2012-0320-1010-10`, `2012-03-20`.
fn time(segment: &str) -> Option<String> {
    let end = segment
        .find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | '-'))
        .unwrap_or(segment.len());
    let suffix = &segment[end..];
    let known = suffix.is_empty() || suffix == "*" || (suffix.len() == 3 && suffix.ends_with('_'));
    let digits: String = segment[..end]
        .chars()
        .filter(char::is_ascii_digit)
        .collect();
    let in_range = |from: usize, least: u32, most: u32| {
        digits
            .get(from..from + 2)
            .and_then(|part| part.parse().ok())
            .is_some_and(|value: u32| (least..=most).contains(&value))
    };
    let year = digits.get(..4)?;
    if !known || !("1990"..="2199").contains(&year) || digits.len() > 14 {
        return None;
    }
    let mut time = year.to_owned();
    if digits.len() == 4 || !in_range(4, 1, 12) {
        return (digits.len() == 4 || digits.len() >= 8).then_some(time);
    }
    time.push('-');
    time.push_str(&digits[4..6]);
    if !in_range(6, 1, 31) {
        return Some(time);
    }
    time.push('-');
    time.push_str(&digits[6..8]);
    if in_range(8, 0, 23) && in_range(10, 0, 59) {
        let seconds = if in_range(12, 0, 60) {
            &digits[12..14]
        } else {
            "00"
        };
        time.push_str(&format!(
            "T{}:{}:{seconds}Z",
            &digits[8..10],
            &digits[10..12]
        ));
    }
    Some(time)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_copy_tells_its_original_and_its_time() {
        let check = |cited: &str, expected: Option<(Option<&str>, Option<&str>)>| {
            let found = archived(cited);
            let found = found
                .as_ref()
                .map(|a| (a.original.as_deref(), a.timestamp.as_deref()));
            assert_eq!(found, expected, "{cited}");
        };
        let original = Some("http://example.org/a?b=c");
        check("https://example.org/web/2012/http://a.example/", None);
        check("https://web.archive.org/", None);
        check(
            "https://web.archive.org/web/20120320101112/http://example.org/a?b=c",
            Some((original, Some("2012-03-20T10:11:12Z"))),
        );
        check(
            "http://web.archive.org/web/20120320101112id_/http://example.org/a?b=c",
            Some((original, Some("2012-03-20T10:11:12Z"))),
        );
        check(
            "https://web.archive.org/web/2012*/http://example.org/a?b=c",
            Some((original, Some("2012"))),
        );
        check(
            "https://web.archive.org/web/*/http:/example.org/a?b=c",
            Some((original, None)),
        );
        check(
            "https://web.archive.org/web/20120320/example.org/a?b=c",
            Some((original, Some("2012-03-20"))),
        );
        check(
            "https://archive.org/wayback/20120320101112/http://example.org/a?b=c",
            Some((original, Some("2012-03-20T10:11:12Z"))),
        );
        check("https://archive.org/details/rain", None);
        check("https://archive.ph/AbCdE", Some((None, None)));
        check(
            "https://archive.today/20120320101112/http://example.org/a?b=c",
            Some((original, Some("2012-03-20T10:11:12Z"))),
        );
        check(
            "https://archive.is/2012.03.20-101112/http://example.org/a?b=c",
            Some((original, Some("2012-03-20T10:11:12Z"))),
        );
        check(
            "https://archive.ph/o/AbCdE/http://example.org/a?b=c",
            Some((original, None)),
        );
        check("https://perma.cc/AB12-CD34", Some((None, None)));
        check(
            "http://www.webcitation.org/query?url=http%3A%2F%2Fexample.org%2Fa%3Fb%3Dc&date=2012-03-20",
            Some((original, Some("2012-03-20"))),
        );
        check("http://www.webcitation.org/5xYzAbCdE", Some((None, None)));
        check(
            "https://arquivo.pt/wayback/20120320101112/http://example.org/a?b=c",
            Some((original, Some("2012-03-20T10:11:12Z"))),
        );
        check(
            "https://arquivo.pt/noFrame/replay/20120320101112/http://example.org/a?b=c",
            Some((original, Some("2012-03-20T10:11:12Z"))),
        );
        check(
            "https://webarchive.nationalarchives.gov.uk/ukgwa/20120320101112/http://example.org/a?b=c",
            Some((original, Some("2012-03-20T10:11:12Z"))),
        );
        check(
            "https://wayback.archive-it.org/1234/20120320101112/http://example.org/a?b=c",
            Some((original, Some("2012-03-20T10:11:12Z"))),
        );
        check(
            "https://megalodon.jp/2012-0320-1011-12/http://example.org/a?b=c",
            Some((original, Some("2012-03-20T10:11:12Z"))),
        );
        check(
            "http://webcache.googleusercontent.com/search?q=cache:AbC:http://example.org/a%3Fb=c",
            Some((original, None)),
        );
    }

    proptest! {
        #[test]
        fn no_address_panics(path in "[a-z0-9/.?*:=&%_é-]{0,60}") {
            let _ = archived(&format!("https://web.archive.org/{path}"));
        }
    }
}

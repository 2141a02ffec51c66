//! When two addresses are one source.
//!
//! **In:** an address as cited. **Out:** a [`SourceUrl`], the canonical form
//! that two addresses share exactly when they are one source, and the address to
//! fetch. **Not here:** rules of single sites, redirects, or what a fetch would tell.
//!
//! The rules are those of RFC 3986, section 6.2.2 and 6.2.3, which no server can
//! tell apart: case of scheme and host, case of percent-encoding, encoded
//! unreserved characters, dot segments, default port, empty path. A fragment is
//! a place within a source (section 3.5) and a user name is not part of it.
//!
//! Beyond those, what tells only who came and from where is no part of a source:
//! parameters of campaigns and click counters, and session identifiers. They stay
//! in the address that is fetched, which is the one that was cited. A DOI is one
//! name however its resolver is written, and its case does not count (DOI Handbook,
//! section 2.4). In the address of an archived copy nothing is left out: it names the copy.

use super::archived::archived;
use crate::document::address::stands_for;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::sync::Arc;
use url::Url;

/// Parameters that say where a reader came from: campaigns (Google Analytics' `utm_`, Matomo's
/// `mtm_` and `pk_`, Mailchimp, HubSpot, Adobe) and the click counters of advertisers and
/// networks. No page is known to choose its text by them.
const TRACKING: &[&str] = &[
    "fbclid",
    "gclid",
    "gclsrc",
    "dclid",
    "gbraid",
    "wbraid",
    "msclkid",
    "yclid",
    "ymclid",
    "twclid",
    "ttclid",
    "li_fat_id",
    "igshid",
    "igsh",
    "epik",
    "rdt_cid",
    "srsltid",
    "mc_cid",
    "mc_eid",
    "mkt_tok",
    "_hsenc",
    "_hsmi",
    "__hstc",
    "__hssc",
    "__hsfp",
    "hsctatracking",
    "vero_id",
    "vero_conv",
    "oly_anon_id",
    "oly_enc_id",
    "s_cid",
    "wickedid",
    "_openstat",
    "_ga",
    "_gl",
    "at_medium",
    "at_campaign",
    "ns_mchannel",
    "ns_campaign",
    "ns_source",
    "xtor",
    "ref_src",
    "ref_url",
    "wt_mc",
    "ncid",
    "ocid",
    "smid",
    "cmpid",
];
/// Beginnings of such names.
const TRACKING_BEGINNINGS: &[&str] = &["utm_", "mtm_", "pk_", "matomo_", "piwik_", "hsa_"];
/// Names of session identifiers that frameworks give (PHP, Java, ASP, ColdFusion, osCommerce).
const SESSIONS: &[&str] = &[
    "phpsessid",
    "jsessionid",
    "cfid",
    "cftoken",
    "oscsid",
    "zenid",
];
/// Names that are session identifiers when their value looks like one; else they name a section or a story.
const MAYBE_SESSIONS: &[&str] = &["sid", "sessionid", "session_id", "sess", "s"];

/// The identity of a source: a canonical address. Its clones share it.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(transparent)]
pub struct SourceUrl(Arc<str>);

impl SourceUrl {
    /// The canonical form of an address as cited.
    ///
    /// # Errors
    /// A clause that says why it is no address ("it has no host").
    pub fn parse(url_as_cited: &str) -> Result<Self, String> {
        let mut url = parse(url_as_cited)?;
        url.set_fragment(None);
        // Both fail only for addresses that cannot have a user name at all.
        let _ = url.set_username("");
        let _ = url.set_password(None);
        if url.cannot_be_a_base() {
            return Ok(Self(url.as_str().into()));
        }
        let is_copy = archived(url.as_str()).is_some();
        let mut path = plain_percent(url.path());
        if !is_copy {
            path = without_session(&path);
        }
        url.set_path(&path);
        if let Some(query) = url.query() {
            let query = plain_percent(query);
            let kept = if is_copy {
                Some(query)
            } else {
                lasting(&query)
            };
            url.set_query(kept.as_deref());
        }
        if let Some(name) = doi(&url) {
            return Ok(Self(format!("https://doi.org/{name}").into()));
        }
        Ok(Self(url.as_str().into()))
    }

    /// As text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same and the address as it was cited, in memory of their own: once where they are alike.
    pub(super) fn anew(&self, url_as_cited: &str) -> (Self, Arc<str>) {
        let source = Self(self.as_str().into());
        let cited = if url_as_cited == source.as_str() {
            Arc::clone(&source.0)
        } else {
            url_as_cited.into()
        };
        (source, cited)
    }
}

impl std::fmt::Display for SourceUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// An address as cited without the user name and password that it may hold: those are for no
/// report. Everything else stays as it was printed.
#[must_use]
pub fn without_userinfo(url_as_cited: &str) -> std::borrow::Cow<'_, str> {
    let Some((scheme, rest)) = url_as_cited.split_once("//") else {
        return url_as_cited.into();
    };
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or(rest);
    match authority.rsplit_once('@') {
        Some((user, _)) => {
            let host_on = rest.get(user.len() + 1..).unwrap_or_default();
            format!("{scheme}//{host_on}").into()
        }
        None => url_as_cited.into(),
    }
}

/// The address to fetch for an address as cited: as written, its fragment left out.
#[must_use]
pub fn to_fetch(url_as_cited: &str) -> Option<Url> {
    let mut url = parse(url_as_cited).ok()?;
    url.set_fragment(None);
    Some(url)
}

fn parse(url_as_cited: &str) -> Result<Url, String> {
    // What the URL standard's parser leaves out comes out first, so that an address made
    // harmless is known by its sight before and after.
    let cited: Cow<'_, str> = if url_as_cited.contains(['\t', '\n', '\r']) {
        url_as_cited.replace(['\t', '\n', '\r'], "").into()
    } else {
        url_as_cited.into()
    };
    let cited = cited.trim_matches(|c: char| c.is_whitespace() || c < ' ');
    if cited.is_empty() {
        return Err("it is empty".to_owned());
    }
    let meant = stands_for(cited);
    let url = Url::parse(meant.as_deref().unwrap_or(cited)).map_err(|error| match error {
        url::ParseError::EmptyHost => "it has no host".to_owned(),
        url::ParseError::RelativeUrlWithoutBase => {
            "it is relative to a page that is not known".to_owned()
        }
        url::ParseError::InvalidPort => "its port is not a number from 0 to 65535".to_owned(),
        url::ParseError::IdnaError => "its host is not a valid name".to_owned(),
        other => format!("it is not an address: {other}"),
    })?;
    if matches!(url.scheme(), "http" | "https" | "ftp") && url.host_str().is_none_or(str::is_empty)
    {
        return Err("it has no host".to_owned());
    }
    Ok(url)
}

/// A query without the parameters that are no part of a source; nothing when none is left.
fn lasting(query: &str) -> Option<String> {
    if query.is_empty() {
        return Some(String::new());
    }
    let kept: Vec<&str> = query.split('&').filter(|pair| !is_passing(pair)).collect();
    (!kept.is_empty()).then(|| kept.join("&"))
}

/// Whether a parameter tells of the reader and not of the page.
fn is_passing(pair: &str) -> bool {
    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
    let name = name.to_ascii_lowercase();
    let name = name.as_str();
    let random = value.len() >= 20
        && value.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && value.bytes().any(|byte| byte.is_ascii_digit());
    TRACKING.contains(&name)
        || SESSIONS.contains(&name)
        || TRACKING_BEGINNINGS
            .iter()
            .any(|begin| name.starts_with(begin))
        || name.starts_with("aspsessionid")
        || (random && MAYBE_SESSIONS.contains(&name))
}

/// A path without the `;jsessionid=…` of its segments.
fn without_session(path: &str) -> String {
    let lower = path.to_ascii_lowercase();
    let mut kept = String::with_capacity(path.len());
    let mut copied = 0;
    for (start, _) in lower.match_indices(";jsessionid=") {
        if start < copied {
            continue;
        }
        kept.push_str(&path[copied..start]);
        let rest = &path[start + 1..];
        copied = start + 1 + rest.find(['/', ';']).unwrap_or(rest.len());
    }
    kept.push_str(&path[copied..]);
    kept
}

/// The DOI that an address resolves, in small letters.
fn doi(url: &Url) -> Option<String> {
    let host = url.host_str()?;
    if !matches!(host, "doi.org" | "dx.doi.org" | "www.doi.org") || url.query().is_some() {
        return None;
    }
    let name = url.path().strip_prefix('/')?;
    (name.starts_with("10.") && name.contains('/'))
        .then(|| name.to_ascii_lowercase().replace("%2f", "/"))
}

/// Percent-encoding in capitals, and taken away from characters that never need it
/// (RFC 3986, section 2.3: letters, digits, `-._~`).
fn plain_percent(part: &str) -> String {
    let bytes = part.as_bytes();
    let mut plain = String::with_capacity(part.len());
    let mut copied = 0;
    let mut at = 0;
    while at < bytes.len() {
        let code = bytes
            .get(at + 1..at + 3)
            .filter(|_| bytes[at] == b'%')
            .and_then(|digits| Some((hex(digits[0])?, hex(digits[1])?)));
        let Some((high, low)) = code else {
            at += 1;
            continue;
        };
        plain.push_str(&part[copied..at]);
        let byte = high * 16 + low;
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            plain.push(char::from(byte));
        } else {
            plain.push_str(&format!("%{byte:02X}"));
        }
        at += 3;
        copied = at;
    }
    plain.push_str(&part[copied..]);
    plain
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_user_name_and_a_password_are_for_no_report() {
        let check = |cited: &str, expected: &str| {
            assert_eq!(without_userinfo(cited), expected, "{cited}");
        };
        check("https://desk:secret@a.example/x@y", "https://a.example/x@y");
        check("ftp://desk@a.example", "ftp://a.example");
        check(
            "https://a@b:c@d.example:8080?e@f",
            "https://d.example:8080?e@f",
        );
        check("//x:y@a.example/", "//a.example/");
        check("https://a.example/@name", "https://a.example/@name");
        check("mailto:desk@a.example", "mailto:desk@a.example");
        check("https://ü:ä@ö.example/", "https://ö.example/");
    }

    #[test]
    fn one_source_has_one_form() {
        let check = |cited: &str, expected: &str| {
            let found = SourceUrl::parse(cited).map_or_else(|why| why, |url| url.to_string());
            assert_eq!(found, expected, "{cited}");
        };
        check("HTTP://Example.ORG:80", "http://example.org/");
        check(
            "http://example.org/a/../b/./c#part",
            "http://example.org/b/c",
        );
        check(
            "https://me:pw@example.org/%7euser/%c3%a4",
            "https://example.org/~user/%C3%A4",
        );
        check(
            "http://example.org/a%2fb?q=%41",
            "http://example.org/a%2Fb?q=A",
        );
        check("www.nhc.no", "http://www.nhc.no/");
        check("https://bücher.example/", "https://xn--bcher-kva.example/");
        check("mailto:a@example.org", "mailto:a@example.org");
        // What a printed form stands for.
        check("hxxps://example[.]org/a", "https://example.org/a");
        check("hxxps://a[b@Example.org/a", "https://example.org/a");
        check("example.org/a", "http://example.org/a");
        check("arXiv:2101.00001v2", "https://arxiv.org/abs/2101.00001v2");
        check("doi:10.1000/ABC", "https://doi.org/10.1000/abc");
        check("10.1000/a#b", "https://doi.org/10.1000/a%23b");
        check(
            "http://dx.doi.org/10.1000/Abc",
            "https://doi.org/10.1000/abc",
        );
        check("https://doi.org/", "https://doi.org/");
        // Where the reader came from.
        check(
            "https://example.org/a?utm_source=x&b=1&UTM_medium=y&fbclid=z",
            "https://example.org/a?b=1",
        );
        check(
            "https://example.org/a?utm_source=x#:~:text=b",
            "https://example.org/a",
        );
        check("https://example.org/a?", "https://example.org/a?");
        check("https://example.org/a?gclid", "https://example.org/a");
        check(
            "https://example.org/?source=x&ref=y",
            "https://example.org/?source=x&ref=y",
        );
        // Sessions.
        check(
            "https://example.org/a;jsessionid=0A1B/b?c=1",
            "https://example.org/a/b?c=1",
        );
        check(
            "https://example.org/a.do;JSESSIONID=0A1B",
            "https://example.org/a.do",
        );
        check(
            "https://example.org/?PHPSESSID=1&a=2",
            "https://example.org/?a=2",
        );
        check("https://example.org/?sid=12", "https://example.org/?sid=12");
        check(
            "https://example.org/?sid=0123456789abcdef0123&a",
            "https://example.org/?a",
        );
        // A copy is that copy.
        check(
            "https://web.archive.org/web/2012/http://example.org/?utm_source=x",
            "https://web.archive.org/web/2012/http://example.org/?utm_source=x",
        );
        check("/about", "it is relative to a page that is not known");
        check("http://", "it has no host");
        check(
            "http://x:99999/",
            "its port is not a number from 0 to 65535",
        );
    }

    #[test]
    fn what_is_fetched_is_what_was_cited() {
        let url = to_fetch("http://example.org/%7euser#top").unwrap();
        assert_eq!(url.as_str(), "http://example.org/%7euser");
        let url = to_fetch("http://example.org/?utm_source=x&PHPSESSID=1#:~:text=a").unwrap();
        assert_eq!(url.as_str(), "http://example.org/?utm_source=x&PHPSESSID=1");
    }

    proptest! {
        #[test]
        fn canonical_twice_is_canonical_once(
            cited in "(https?://|www\\.|hxxp://|doi:10\\.1000/|https://doi\\.org/10\\.1/)[a-z0-9.]{1,9}(/[a-zA-Z0-9%./~#?&=;]{0,24})?((;jsessionid|[?&]utm_a|&sid)=[a-z0-9]{1,24})?",
        ) {
            if let Ok(once) = SourceUrl::parse(&cited) {
                prop_assert_eq!(SourceUrl::parse(once.as_str()), Ok(once.clone()));
            }
        }
    }
}

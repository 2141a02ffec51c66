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

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

/// The identity of a source: a canonical address.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(transparent)]
pub struct SourceUrl(String);

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
            return Ok(Self(url.to_string()));
        }
        let path = plain_percent(url.path());
        url.set_path(&path);
        if let Some(query) = url.query() {
            let query = plain_percent(query);
            url.set_query(Some(&query));
        }
        Ok(Self(url.to_string()))
    }

    /// As text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for SourceUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
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
    let cited = url_as_cited.trim();
    if cited.is_empty() {
        return Err("it is empty".to_owned());
    }
    let starts_bare = cited
        .get(..4)
        .is_some_and(|start| start.eq_ignore_ascii_case("www."));
    let parsed = if starts_bare {
        Url::parse(&format!("http://{cited}"))
    } else {
        Url::parse(cited)
    };
    let url = parsed.map_err(|error| match error {
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
    fn one_source_has_one_form() {
        let check = |cited: &str, expected: &str| {
            let found = SourceUrl::parse(cited).map_or_else(|why| why, |url| url.0);
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
    }

    proptest! {
        #[test]
        fn canonical_twice_is_canonical_once(
            cited in "(https?://|www\\.)[a-z0-9.]{1,9}(/[a-zA-Z0-9%./~#?&=]{0,24})?",
        ) {
            if let Ok(once) = SourceUrl::parse(&cited) {
                prop_assert_eq!(SourceUrl::parse(once.as_str()), Ok(once.clone()));
            }
        }
    }
}

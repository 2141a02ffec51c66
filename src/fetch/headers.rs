//! What a request says about itself. Pure.
//!
//! **In:** the policy, validators, cookies. **Out:** header fields. **Not here:** sending.
//!
//! Some sites answer 403 to whatever does not look like a browser. They are asked a second
//! time with the fields that a browser sends, and a `User-Agent` in the form that the large
//! crawlers have: it still says truthfully who asks, and whom to write to.

use super::{Credential, Policy, Validators};
use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use url::Url;

/// What is asked for: pages first, anything else as well.
const ACCEPT: &str = "text/html,application/xhtml+xml,application/pdf;q=0.9,*/*;q=0.8";
/// The codings that can be undone later; the payload is kept as it came.
const ACCEPT_ENCODING: &str = "gzip, br, zstd";
/// What a browser sends with an address that was typed in (Fetch Metadata, W3C).
const BROWSER: [(&str, &str); 6] = [
    ("accept-language", "en,*;q=0.5"),
    ("sec-fetch-dest", "document"),
    ("sec-fetch-mode", "navigate"),
    ("sec-fetch-site", "none"),
    ("sec-fetch-user", "?1"),
    ("upgrade-insecure-requests", "1"),
];

/// How a request looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    Plain,
    Browser,
}

/// Answers with which sites refuse an agent that they do not know.
pub(super) const fn is_refusal(status: u16) -> bool {
    matches!(status, 403 | 406 | 429 | 999)
}

/// The two values of `User-Agent`.
#[derive(Debug)]
pub(super) struct Agents {
    plain: HeaderValue,
    browser: HeaderValue,
}

impl Agents {
    /// Both, or nothing when the policy's cannot be sent.
    pub(super) fn of(user_agent: &str) -> Option<Self> {
        // ibid/1.0 (citation checker; x) → Mozilla/5.0 (compatible; ibid/1.0; citation checker; x)
        let inner = user_agent.replacen(" (", "; ", 1);
        let inner = inner.trim_end_matches(')');
        Some(Self {
            plain: HeaderValue::from_str(user_agent).ok()?,
            browser: HeaderValue::from_str(&format!("Mozilla/5.0 (compatible; {inner})")).ok()?,
        })
    }
}

/// What one request adds to the policy's fields.
#[derive(Debug, Default)]
pub(super) struct Extra<'v> {
    pub(super) validators: Option<&'v Validators>,
    pub(super) cookies: Option<String>,
    /// `Authorization`, for the host that it is for.
    pub(super) authorization: Option<HeaderValue>,
}

/// The fields of a request, `Host` left out.
pub(super) fn fields(agents: &Agents, look: Look, extra: Extra<'_>) -> HeaderMap {
    let mut fields = HeaderMap::new();
    let agent = match look {
        Look::Plain => &agents.plain,
        Look::Browser => &agents.browser,
    };
    fields.insert(header::USER_AGENT, agent.clone());
    fields.insert(header::ACCEPT, HeaderValue::from_static(ACCEPT));
    fields.insert(
        header::ACCEPT_ENCODING,
        HeaderValue::from_static(ACCEPT_ENCODING),
    );
    if look == Look::Browser {
        for (name, value) in BROWSER {
            fields.insert(
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            );
        }
    }
    let mut add = |name: HeaderName, value: Option<String>| {
        // A validator that no header field can hold is left out: then the whole page comes.
        if let Some(value) = value.and_then(|value| HeaderValue::from_str(&value).ok()) {
            fields.insert(name, value);
        }
    };
    if let Some(validators) = extra.validators {
        add(header::IF_NONE_MATCH, validators.etag.clone());
        add(header::IF_MODIFIED_SINCE, validators.last_modified.clone());
    }
    add(header::COOKIE, extra.cookies);
    if let Some(value) = extra.authorization {
        fields.insert(header::AUTHORIZATION, value);
    }
    fields
}

/// The credential for a hop of a chain that has come this way: only where it has not left the
/// credential's own host, so that no stranger's redirect uses it.
pub(super) fn authorization<'w>(
    policy: &Policy,
    way: impl Iterator<Item = &'w Url> + Clone,
    hop: &Url,
) -> Option<HeaderValue> {
    let mut credentials = policy.credentials.iter();
    let credential = credentials.find(|credential| {
        credential.is_for(hop) && way.clone().all(|before| credential.is_for(before))
    })?;
    let mut value = HeaderValue::from_str(credential.value().ok()?).ok()?;
    value.set_sensitive(true);
    Some(value)
}

impl Credential {
    /// Whether it may be sent there.
    #[must_use]
    pub fn is_for(&self, url: &Url) -> bool {
        let secure = url.scheme() == "https" || (self.plain && url.scheme() == "http");
        let host = url.host_str().is_some_and(|host| {
            host.trim_end_matches('.')
                .eq_ignore_ascii_case(self.host.trim_end_matches('.'))
        });
        let port = match self.port {
            Some(port) => url.port_or_known_default() == Some(port),
            None => url.port().is_none(),
        };
        secure && host && port
    }
}

/// Second looks at one host that were refused as well, after which no more are made.
const IN_VAIN: u32 = 2;

/// What the hosts of this run made of the second look.
#[derive(Debug, Default)]
pub(super) struct Looks(Mutex<BTreeMap<String, Told>>);

#[derive(Debug, Clone, Copy, Default)]
struct Told {
    helps: bool,
    in_vain: u32,
}

impl Looks {
    fn with<T>(&self, url: &Url, change: impl FnOnce(&mut Told) -> T) -> T {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        change(
            told.entry(url.host_str().unwrap_or_default().to_owned())
                .or_default(),
        )
    }

    /// How to ask first.
    pub(super) fn first(&self, url: &Url) -> Look {
        if self.with(url, |told| told.helps) {
            Look::Browser
        } else {
            Look::Plain
        }
    }

    /// Whether a refusal is worth a second look.
    pub(super) fn worth(&self, url: &Url) -> bool {
        self.with(url, |told| told.in_vain < IN_VAIN)
    }

    /// A second look was taken.
    pub(super) fn taken(&self, url: &Url, helped: bool) {
        self.with(url, |told| {
            if helped {
                told.helps = true;
            } else {
                told.in_vain += 1;
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_agents_say_who_asks() {
        let agents = Agents::of("ibid/1.0 (citation checker; mailto:desk@example.org)").unwrap();
        let agent = |look| {
            let fields = fields(&agents, look, Extra::default());
            let value = fields.get("user-agent").unwrap();
            (value.to_str().unwrap().to_owned(), fields.len())
        };
        assert_eq!(
            agent(Look::Plain),
            (
                "ibid/1.0 (citation checker; mailto:desk@example.org)".to_owned(),
                3
            )
        );
        assert_eq!(
            agent(Look::Browser),
            (
                "Mozilla/5.0 (compatible; ibid/1.0; citation checker; mailto:desk@example.org)"
                    .to_owned(),
                9
            )
        );
        assert!(Agents::of("a\nb").is_none());
    }

    #[test]
    fn a_credential_is_for_its_host_alone() {
        let credential = |plain, port| Credential::new("Press.example", port, plain, "Basic eDp5");
        let check = |credential: &Credential, url: &str, expected| {
            let url = Url::parse(url).unwrap();
            assert_eq!(credential.is_for(&url), expected, "{url}");
        };
        let usual = credential(false, None);
        check(&usual, "https://press.example/x", true);
        check(&usual, "https://PRESS.example./x", true);
        check(&usual, "http://press.example/x", false);
        check(&usual, "https://press.example:8443/x", false);
        check(&usual, "https://a.press.example/x", false);
        check(&usual, "https://press.example.attacker.example/", false);
        let special = credential(true, Some(8080));
        check(&special, "http://press.example:8080/", true);
        check(&special, "http://press.example/", false);
        let policy = Policy {
            credentials: vec![usual],
            ..Policy::default()
        };
        let sent = |first: &str, hop: &str| {
            let first = first.parse().unwrap();
            let way = std::iter::once(&first);
            authorization(&policy, way, &hop.parse().unwrap()).is_some()
        };
        assert!(sent("https://press.example/1", "https://press.example/2"));
        assert!(!sent("https://press.example/1", "https://other.example/"));
        assert!(!sent("https://other.example/", "https://press.example/1"));
        let shown = format!("{policy:?}");
        assert!(!shown.contains("eDp5"), "{shown}");
    }

    #[test]
    fn a_second_look_is_remembered_by_host() {
        let looks = Looks::default();
        let (a, b) = (
            Url::parse("http://a.example/1").unwrap(),
            Url::parse("http://b.example/1").unwrap(),
        );
        assert!(looks.worth(&a) && looks.first(&a) == Look::Plain);
        looks.taken(&a, true);
        assert_eq!(
            (looks.first(&a), looks.first(&b)),
            (Look::Browser, Look::Plain)
        );
        looks.taken(&b, false);
        assert!(looks.worth(&b));
        looks.taken(&b, false);
        assert!(!looks.worth(&b));
    }
}

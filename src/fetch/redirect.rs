//! Where an answer leads, and whether to go there. Pure.
//!
//! ```text
//!            2xx 4xx 5xx 304              3xx with Location
//!  answer ──────────────────► the end    ───────────────────► next hop
//!     │                                        │ seen already with the same cookies,
//!     │ 3xx without a usable Location          │ or too many hops
//!     └────────────► bad redirect              └────────────► redirect loop
//! ```
//!
//! Cookies live for one chain: some servers send a visitor round once to see whether a
//! cookie comes back, and would do so for ever if none did.

use super::{FailureKind, Response};
use std::collections::BTreeMap;
use url::Url;

/// Where a response sends its reader (RFC 9110, section 15.4): none when it is no redirect,
/// or its `Location` is no address. The fragment is left out.
#[must_use]
pub fn location(from: &Url, response: &Response) -> Option<Url> {
    if !is_redirect(response.status) {
        return None;
    }
    let mut to = from.join(&response.field("location")?).ok()?;
    to.set_fragment(None);
    Some(to)
}

const fn is_redirect(status: u16) -> bool {
    matches!(status, 301 | 302 | 303 | 307 | 308)
}

/// What to do after an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Next {
    /// It is the end of the chain.
    Stop,
    /// Ask there.
    Follow(Url),
    /// The chain leads nowhere.
    Fail(FailureKind, String),
}

/// A chain of redirects so far, with the cookies it was given.
#[derive(Debug, Default)]
pub(super) struct Chain {
    asked: Vec<(String, String)>,
    jar: BTreeMap<String, BTreeMap<String, String>>,
}

/// Cookies of one host that are kept, and bytes of one; a chain needs few.
const MAX_COOKIES: usize = 20;
const MAX_COOKIE_BYTES: usize = 4096;

impl Chain {
    /// The `Cookie` field for a request of this chain.
    pub(super) fn cookies(&self, url: &Url) -> Option<String> {
        let jar = self.jar.get(url.host_str()?)?;
        let pairs: Vec<String> = jar
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    /// Remembers that `url` is asked now.
    pub(super) fn ask(&mut self, url: &Url) {
        let cookies = self.cookies(url).unwrap_or_default();
        self.asked.push((url.to_string(), cookies));
    }

    /// Takes an answer and says what comes next.
    pub(super) fn next(&mut self, from: &Url, response: &Response, max_redirects: usize) -> Next {
        self.keep_cookies(from, response);
        if !is_redirect(response.status) {
            return Next::Stop;
        }
        let Some(to) = location(from, response) else {
            let text = match response.field("location") {
                None => format!("the answer {} says nowhere to go", response.status),
                Some(told) => format!(
                    "the answer {} leads to {told:?}, which is no address",
                    response.status
                ),
            };
            return Next::Fail(FailureKind::BadRedirect, text);
        };
        if self.asked.len() > max_redirects {
            let text = format!("there are more than {max_redirects} redirects");
            return Next::Fail(FailureKind::RedirectLoop, text);
        }
        let again = (to.to_string(), self.cookies(&to).unwrap_or_default());
        if self.asked.contains(&again) {
            let text = format!("the redirects go in a circle, back to {to}");
            return Next::Fail(FailureKind::RedirectLoop, text);
        }
        Next::Follow(to)
    }

    fn keep_cookies(&mut self, from: &Url, response: &Response) {
        let Some(host) = from.host_str() else { return };
        for (_, value) in response
            .fields
            .iter()
            .filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"))
        {
            let text = String::from_utf8_lossy(value);
            let pair = text.split(';').next().unwrap_or_default();
            let Some((name, value)) = pair.split_once('=') else {
                continue;
            };
            let jar = self.jar.entry(host.to_owned()).or_default();
            let sane = |text: &str| text.chars().all(|c| c.is_ascii_graphic() || c == ' ');
            if jar.len() < MAX_COOKIES
                && pair.len() <= MAX_COOKIE_BYTES
                && sane(name)
                && sane(value)
            {
                jar.insert(name.trim().to_owned(), value.trim().to_owned());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(status: u16, fields: &[(&str, &str)]) -> Response {
        Response {
            status,
            reason: String::new(),
            fields: fields
                .iter()
                .map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_vec()))
                .collect(),
            body: bytes::Bytes::new().into(),
            truncated: None,
        }
    }

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn an_answer_leads_where_its_location_says() {
        let from = url("http://a.example/x/y?z");
        let check = |status, to: Option<&str>, expected: Next| {
            let fields: Vec<_> = to.iter().map(|to| ("Location", *to)).collect();
            let mut chain = Chain::default();
            chain.ask(&from);
            assert_eq!(
                chain.next(&from, &response(status, &fields), 10),
                expected,
                "{status} {to:?}"
            );
        };
        check(200, None, Next::Stop);
        check(200, Some("/elsewhere"), Next::Stop);
        check(304, None, Next::Stop);
        check(300, Some("/one-of-many"), Next::Stop);
        check(404, None, Next::Stop);
        check(301, Some("w"), Next::Follow(url("http://a.example/x/w")));
        check(
            302,
            Some("//b.example/#part"),
            Next::Follow(url("http://b.example/")),
        );
        check(
            307,
            Some("https://a.example/x/y?z"),
            Next::Follow(url("https://a.example/x/y?z")),
        );
        check(
            302,
            Some("/x/y?z"),
            Next::Fail(
                FailureKind::RedirectLoop,
                "the redirects go in a circle, back to http://a.example/x/y?z".to_owned(),
            ),
        );
        check(
            301,
            None,
            Next::Fail(
                FailureKind::BadRedirect,
                "the answer 301 says nowhere to go".to_owned(),
            ),
        );
        check(
            301,
            Some("http://[x"),
            Next::Fail(
                FailureKind::BadRedirect,
                "the answer 301 leads to \"http://[x\", which is no address".to_owned(),
            ),
        );
    }

    #[test]
    fn a_redirect_to_itself_with_a_new_cookie_is_followed_once() {
        let here = url("http://a.example/");
        let mut chain = Chain::default();
        chain.ask(&here);
        let first = response(302, &[("Location", "/"), ("Set-Cookie", "seen=1; Path=/")]);
        assert_eq!(chain.next(&here, &first, 10), Next::Follow(here.clone()));
        assert_eq!(chain.cookies(&here).unwrap(), "seen=1");
        assert_eq!(chain.cookies(&url("http://b.example/")), None);
        chain.ask(&here);
        assert!(matches!(
            chain.next(&here, &first, 10),
            Next::Fail(FailureKind::RedirectLoop, _)
        ));
    }

    #[test]
    fn a_chain_ends_at_its_bound() {
        let mut chain = Chain::default();
        let mut at = url("http://a.example/0");
        for number in 1..=3 {
            chain.ask(&at);
            let to = format!("/{number}");
            match chain.next(&at, &response(302, &[("Location", &to)]), 2) {
                Next::Follow(next) if number < 3 => at = next,
                Next::Fail(FailureKind::RedirectLoop, text) if number == 3 => {
                    assert_eq!(text, "there are more than 2 redirects");
                }
                other => panic!("{number}: {other:?}"),
            }
        }
    }
}

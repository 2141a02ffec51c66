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

use super::manners::site;
use super::{FailureKind, Field, Response};
use percent_encoding::{CONTROLS, percent_encode};
use std::time::{Duration, SystemTime};
use url::Url;

/// Where a response sends its reader (RFC 9110, section 15.4): none when it is no redirect,
/// or its `Location` is no address. The fragment,
/// a user name and a password are left out.
#[must_use]
pub fn location(from: &Url, response: &Response) -> Option<Url> {
    if !is_redirect(response.status) {
        return None;
    }
    let mut to = from.join(&told(&response.fields)?).ok()?;
    to.set_fragment(None);
    // A user name or password in it is for others, and for no report. Refused only by
    // addresses that cannot have any.
    let _ = to.set_username("");
    let _ = to.set_password(None);
    Some(to)
}

/// `Location` as it came. Bytes of another character set than UTF-8 are sent back as they are
/// (percent-encoded), as browsers do: the server knows what it means by them.
#[must_use]
pub fn told(fields: &[Field]) -> Option<String> {
    let mut fields = fields.iter();
    let (_, value) = fields.find(|(name, _)| name.eq_ignore_ascii_case("location"))?;
    Some(match std::str::from_utf8(value) {
        Ok(text) => text.trim().to_owned(),
        Err(_) => percent_encode(value.trim_ascii(), CONTROLS).to_string(),
    })
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
    jar: Vec<Cookie>,
}

/// A cookie of a chain (RFC 6265, section 5.3). Its path is not looked at, and its age only where
/// it takes the cookie away: a chain is short.
#[derive(Debug)]
struct Cookie {
    host: String,
    /// Whether hosts below that one get it too.
    below: bool,
    secure: bool,
    name: String,
    value: String,
    /// It is over already: that is how a server takes one back.
    over: bool,
}

/// Cookies of one chain that are kept, and bytes of one; a chain needs few.
const MAX_COOKIES: usize = 50;
const MAX_COOKIE_BYTES: usize = 4096;
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

impl Chain {
    /// The `Cookie` field for a request of this chain.
    pub(super) fn cookies(&self, url: &Url) -> Option<String> {
        let host = url.host_str()?;
        let pairs: Vec<String> = self
            .jar
            .iter()
            .filter(|cookie| {
                let below = || cookie.below && is_below(host, &cookie.host);
                (cookie.host == host || below()) && (!cookie.secure || url.scheme() == "https")
            })
            .map(|cookie| format!("{}={}", cookie.name, cookie.value))
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
                // It may hold a password.
                Some(told) if told.contains('@') => {
                    format!("the answer {} leads to what is no address", response.status)
                }
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
        // By the server's own clock; without one, what ended in the seventies is over.
        let date = response.field("date").and_then(|date| moment(&date));
        let now = date.unwrap_or(SystemTime::UNIX_EPOCH + DAY);
        for (_, value) in response
            .fields
            .iter()
            .filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"))
        {
            let text = String::from_utf8_lossy(value);
            if let Some(cookie) = Cookie::of(host, &text, now) {
                self.jar
                    .retain(|old| (&old.host, &old.name) != (&cookie.host, &cookie.name));
                if !cookie.over && self.jar.len() < MAX_COOKIES {
                    self.jar.push(cookie);
                }
            }
        }
    }
}

/// A date of HTTP; cookies have it with hyphens as well.
fn moment(text: &str) -> Option<SystemTime> {
    httpdate::parse_http_date(&text.trim().replace('-', " ")).ok()
}

fn is_below(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain)
        .is_some_and(|rest| rest.ends_with('.'))
}

impl Cookie {
    /// The cookie that `host` sets by this value of `Set-Cookie` at that moment.
    fn of(host: &str, text: &str, now: SystemTime) -> Option<Self> {
        let mut parts = text.split(';');
        let pair = parts.next().unwrap_or_default();
        let (name, value) = pair.split_once('=')?;
        let sane = |text: &str| text.chars().all(|c| c.is_ascii_graphic() || c == ' ');
        if pair.len() > MAX_COOKIE_BYTES || !sane(name) || !sane(value) {
            return None;
        }
        let mut cookie = Self {
            host: host.to_owned(),
            below: false,
            secure: false,
            name: name.trim().to_owned(),
            value: value.trim().to_owned(),
            over: false,
        };
        // `Max-Age` goes before `Expires`.
        let (mut by_age, mut by_date) = (None, false);
        for attribute in parts {
            let (key, told) = attribute.split_once('=').unwrap_or((attribute, ""));
            let as_written = told.trim();
            let told = as_written.trim_start_matches('.').to_ascii_lowercase();
            match key.trim().to_ascii_lowercase().as_str() {
                "secure" => cookie.secure = true,
                "max-age" => by_age = told.parse::<i64>().ok().map(|age| age <= 0),
                "expires" => by_date = moment(as_written).is_some_and(|end| end <= now),
                "domain" if told == host => cookie.below = site::of_name(host).is_some(),
                // For hosts above, as far as they can be registered by one and the same.
                "domain" if is_below(host, &told) && site::of_name(&told).is_some() => {
                    (cookie.host, cookie.below) = (told, true);
                }
                // It is set for strangers.
                "domain" if !told.is_empty() => return None,
                _ => {}
            }
        }
        cookie.over = by_age.unwrap_or(by_date);
        Some(cookie)
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
    fn cookies_go_where_they_are_for() {
        let check = |from: &str, set: &str, to: &str, expected: Option<&str>| {
            let mut chain = Chain::default();
            chain.next(&url(from), &response(200, &[("Set-Cookie", set)]), 10);
            assert_eq!(chain.cookies(&url(to)).as_deref(), expected, "{set} {to}");
        };
        let (site, www) = ("https://press.example/", "https://www.press.example/");
        check(www, "a=1", www, Some("a=1"));
        check(www, "a=1", site, None);
        check(www, "a=1; Domain=.press.example", site, Some("a=1"));
        check(
            www,
            "a=1; Domain=press.example",
            "http://press.example/",
            Some("a=1"),
        );
        check(
            www,
            "a=1; domain=press.example; Secure",
            "http://press.example/",
            None,
        );
        check(www, "a=1; Domain=example", "https://other.example/", None);
        check(
            www,
            "a=1; Domain=other.example",
            "https://other.example/",
            None,
        );
        check(www, "a=1; Domain=ess.example", "https://ess.example/", None);
        check(site, "a=1; Domain=press.example", www, Some("a=1"));
        check(
            "http://127.0.0.1/",
            "a=1; Domain=127.0.0.1",
            "http://x.127.0.0.1.example/",
            None,
        );
    }

    #[test]
    fn a_location_in_another_character_set_goes_back_as_it_came() {
        let from = url("http://a.example/");
        let check = |told: &[u8], expected: &str| {
            let mut answer = response(302, &[]);
            answer.fields.push(("location".to_owned(), told.to_vec()));
            assert_eq!(location(&from, &answer).unwrap().as_str(), expected);
        };
        check("/café".as_bytes(), "http://a.example/caf%C3%A9");
        check(b" /caf\xe9?q=\xfc ", "http://a.example/caf%E9?q=%FC");
        check(b"/caf%E9", "http://a.example/caf%E9");
    }

    #[test]
    fn a_cookie_that_is_taken_back_is_gone() {
        let here = url("http://a.example/");
        let check = |date: Option<&str>, taken_back: &str, expected: Option<&str>| {
            let mut chain = Chain::default();
            chain.next(&here, &response(200, &[("Set-Cookie", "seen=1")]), 10);
            let mut fields = vec![("Set-Cookie", taken_back)];
            fields.extend(date.map(|date| ("Date", date)));
            chain.next(&here, &response(200, &fields), 10);
            assert_eq!(chain.cookies(&here).as_deref(), expected, "{taken_back}");
        };
        check(None, "seen=deleted; Max-Age=0", None);
        check(None, "seen=; Expires=Thu, 01 Jan 1970 00:00:00 GMT", None);
        check(None, "seen=; expires=Thu, 01-Jan-1970 00:00:01 GMT", None);
        check(
            None,
            "seen=2; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
            Some("seen=2"),
        );
        check(None, "seen=2; Expires=soon", Some("seen=2"));
        let yesterday = "seen=; Expires=Sun, 22 Nov 2026 20:00:00 GMT";
        check(Some("Mon, 23 Nov 2026 20:00:00 GMT"), yesterday, None);
        let tomorrow = "seen=2; Expires=Tue, 24 Nov 2026 20:00:00 GMT";
        check(
            Some("Mon, 23 Nov 2026 20:00:00 GMT"),
            tomorrow,
            Some("seen=2"),
        );
    }

    #[test]
    fn secrets_in_a_location_are_left_out() {
        let from = url("http://a.example/");
        let answer = response(302, &[("Location", "http://desk:secret@b.example/x#y")]);
        assert_eq!(
            location(&from, &answer).unwrap().as_str(),
            "http://b.example/x"
        );
        let answer = response(302, &[("Location", "http://desk:secret@[x")]);
        match Chain::default().next(&from, &answer, 10) {
            Next::Fail(FailureKind::BadRedirect, text) => assert!(!text.contains("secret")),
            other => panic!("{other:?}"),
        }
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

//! Answers of 200 that say "not found", or that send every unknown address home.
//!
//! **In:** the address asked for, the one that answered, the page's text, and what an
//! address that cannot exist answered, where it was asked. **Out:** a [`Finding`] with
//! its reason. **Not here:** the request; and no judgement on a long text, because
//! an article about missing pages is an article.

mod phrases;

use super::{SourceText, drift};
use phrases::{BARE, NOT_FOUND, PARKED, PARKING_HOSTS};
use url::Url;

/// Why a page is taken for a soft 404.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// "soft-404-words", "soft-404-probe", "soft-404-redirect-home", "parked".
    pub code: &'static str,
    /// One sentence for a person.
    pub text: String,
    /// 0 to 1.
    pub probability: f64,
}
/// What the sister address answered.
#[derive(Debug, Clone)]
pub struct Probe {
    /// Status code at the end of its chain.
    pub status: u16,
    /// Where its chain ended.
    pub final_url: Url,
    /// Its text.
    pub text: SourceText,
}
/// Below this probability a page is taken for what it says it is.
const LIKELY: f64 = 0.5;
/// Main text beyond this many words is an article, whatever its title says.
const LONG: usize = 400;
/// Main text below this is short enough to be nothing but a notice.
const SHORT: usize = 150;
/// Longest line, in words, that is a notice and not a sentence of an article.
const NOTICE: usize = 25;
/// Two texts this alike are the same page.
const SAME: f64 = 0.9;

/// An address beside `url` that cannot exist: same folder, a name made of `token`. None where no such address makes sense (the host's root).
#[must_use]
pub fn sister(url: &Url, token: &str) -> Option<Url> {
    let path = url.path();
    let folder_like = path.ends_with('/');
    let trimmed = path.trim_end_matches('/');
    let (folder, name) = trimmed.rsplit_once('/')?;
    if name.is_empty() || token.is_empty() {
        return None;
    }
    // The same ending reaches the same handler: a site may answer .html and .php otherwise.
    let ending = match name.rsplit_once('.') {
        Some((stem, ending))
            if !stem.is_empty()
                && (1..=5).contains(&ending.len())
                && ending.bytes().all(|byte| byte.is_ascii_alphanumeric()) =>
        {
            format!(".{ending}")
        }
        _ => String::new(),
    };
    let mut sister = url.clone();
    let slash = if folder_like { "/" } else { "" };
    sister.set_path(&format!("{folder}/{token}{ending}{slash}"));
    sister.set_query(None);
    sister.set_fragment(None);
    (sister != *url).then_some(sister)
}

/// Whether the page's own signs make a probe worth a request.
#[must_use]
pub fn worth_probing(requested: &Url, final_url: &Url, page: &SourceText) -> bool {
    if page.unreadable.is_some() && !page.text.is_empty() {
        return false;
    }
    sent_up(requested, final_url)
        || words(page).is_some()
        || (page.unreadable.is_none() && main_words(page) < 60)
}

/// Whether a page answered with 200 is a soft 404.
#[must_use]
pub fn judge(
    requested: &Url,
    final_url: &Url,
    page: &SourceText,
    probe: Option<&Probe>,
) -> Option<Finding> {
    if let Some(parked) = parked(final_url, page) {
        return Some(parked);
    }
    let worded = words(page);
    let finding = match probe {
        // An address that cannot exist is told apart from this one: the site can say 404.
        Some(probe) if matches!(probe.status, 404 | 410) => worded.map(|finding| Finding {
            probability: finding.probability.min(0.6),
            ..finding
        }),
        Some(probe) if (200..300).contains(&probe.status) => {
            let probability = worded.as_ref().map_or(0.0, |finding| finding.probability);
            match probed(requested, final_url, page, probe) {
                Some(found) if found.probability >= probability => Some(found),
                _ => worded,
            }
        }
        _ => worded,
    };
    finding.filter(|finding| finding.probability >= LIKELY)
}

/// What the answer to an impossible address tells.
fn probed(requested: &Url, final_url: &Url, page: &SourceText, probe: &Probe) -> Option<Finding> {
    if is_gate(final_url) || is_gate(&probe.final_url) {
        return None;
    }
    if sent_up(requested, final_url) && place(&probe.final_url) == place(final_url) {
        return Some(Finding {
            code: "soft-404-redirect-home",
            text: format!(
                "The address is sent on to {final_url}, and so is an address beside it that does not exist."
            ),
            probability: 0.95,
        });
    }
    // A shell that a script fills looks the same at every address: that tells nothing.
    let (mine, theirs) = (page.main_text(), probe.text.main_text());
    mine.split_whitespace().nth(7)?;
    (drift::likeness(&mine, &theirs) >= SAME).then(|| Finding {
        code: "soft-404-probe",
        text: "The page shows the same text as an address beside it that does not exist."
            .to_owned(),
        probability: 0.95,
    })
}

/// Whether the chain led from a page to a home page or an upper folder of the site.
fn sent_up(requested: &Url, final_url: &Url) -> bool {
    let segments = |url: &Url| {
        url.path()
            .split('/')
            .filter(|part| !part.is_empty() && !part.starts_with("index."))
            .count()
    };
    // A language's home page ("/en/") is a home page.
    let home = segments(final_url) == 0
        || (segments(final_url) == 1 && final_url.path().trim_matches('/').len() == 2);
    let asked = segments(requested);
    let up = final_url.path().ends_with('/')
        && final_url.path() != requested.path()
        && requested.path().starts_with(final_url.path())
        && asked > segments(final_url);
    (home && asked > segments(final_url) && place(requested) != place(final_url)) || up
}

/// Host and path, without what does not tell two pages apart.
fn place(url: &Url) -> (String, String) {
    let host = url.host_str().unwrap_or("");
    let host = host.strip_prefix("www.").unwrap_or(host);
    (host.to_owned(), url.path().trim_end_matches('/').to_owned())
}

/// A login or consent page answers alike for every address and hides what lies behind: no death.
fn is_gate(url: &Url) -> bool {
    let path = url.path().to_ascii_lowercase();
    [
        "login",
        "signin",
        "sign-in",
        "sign_in",
        "auth",
        "consent",
        "cookie",
        "captcha",
        "challenge",
        "sso",
    ]
    .iter()
    .any(|sign| path.split(['/', '.', '?']).any(|part| part.contains(sign)))
}

/// The page says itself that nothing is there.
fn words(page: &SourceText) -> Option<Finding> {
    let count = main_words(page);
    if count > LONG {
        return None;
    }
    let title = page.title.as_deref().map(normal).unwrap_or_default();
    let in_title = bare_title(&title) || short_parts(&title).any(says_not_found);
    let notice = if count <= SHORT { notice(page) } else { None };
    let (probability, said) = match (in_title, notice) {
        (true, Some(line)) => (0.97, line),
        (true, None) if count <= SHORT => (0.9, page.title.clone().unwrap_or_default()),
        (true, None) => (0.7, page.title.clone().unwrap_or_default()),
        (false, Some(line)) => (0.75, line),
        (false, None) => return None,
    };
    Some(Finding {
        code: "soft-404-words",
        text: format!(
            "The server answers 200, but the page says “{}”.",
            brief(&said)
        ),
        probability,
    })
}

/// The parts of a title that are too short to tell a story.
fn short_parts(title: &str) -> impl Iterator<Item = &str> {
    title
        .split(['|', '–', '—', '·', '•', '»'])
        .filter(|part| part.split_whitespace().take(7).count() <= 6)
}

fn says_not_found(text: &str) -> bool {
    NOT_FOUND.iter().any(|phrase| text.contains(phrase))
}

/// A title of which one part is "404" or "not found" and nothing more ("404 | The Post").
fn bare_title(title: &str) -> bool {
    title
        .split(['|', '–', '—', ':', '·', '•', '»', '-'])
        .any(|part| {
            BARE.contains(&part.trim().trim_end_matches(['!', '.'])) && part.trim() != "error"
        })
}

/// A short line of the page that says "not found".
fn notice(page: &SourceText) -> Option<String> {
    // The whole text is searched: an extractor drops headings. But it must be short as a whole,
    // or the line is one of many (a menu entry, a headline of another story).
    let whole = page.text.split_whitespace().take(2 * LONG).count();
    let lines = if whole < 2 * LONG {
        page.text.lines()
    } else {
        "".lines()
    };
    lines
        .filter(|line| line.split_whitespace().take(NOTICE + 1).count() <= NOTICE)
        .find(|line| {
            let line = normal(line);
            line == "404" || says_not_found(&line)
        })
        .map(str::to_owned)
}

fn parked(final_url: &Url, page: &SourceText) -> Option<Finding> {
    let host = final_url.host_str().unwrap_or("").to_ascii_lowercase();
    let known = PARKING_HOSTS.iter().any(|parking| {
        host.strip_suffix(parking)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    });
    let short = main_words(page) <= SHORT;
    let text = normal(&page.text.chars().take(4_000).collect::<String>());
    let title = page.title.as_deref().map(normal).unwrap_or_default();
    let says = PARKED
        .iter()
        .any(|phrase| text.contains(phrase) || title.contains(phrase));
    (short && (says || known)).then(|| Finding {
        code: "parked",
        text: "The domain is parked or for sale; the page that was cited is not there.".to_owned(),
        probability: if says { 0.95 } else { 0.7 },
    })
}

fn main_words(page: &SourceText) -> usize {
    if page.main.is_empty() {
        return page.text.split_whitespace().take(LONG + 1).count();
    }
    page.main_text().split_whitespace().take(LONG + 1).count()
}

fn normal(text: &str) -> String {
    let text = text.to_lowercase().replace(['’', '‘'], "'");
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ")
}

fn brief(text: &str) -> String {
    let text: String = text.chars().take(80).collect();
    text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(title: &str, text: &str) -> SourceText {
        SourceText {
            title: (!title.is_empty()).then(|| title.to_owned()),
            text: text.to_owned(),
            ..SourceText::default()
        }
    }

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    fn probe(status: u16, final_url: &str, text: &str) -> Probe {
        Probe {
            status,
            final_url: url(final_url),
            text: page("", text),
        }
    }

    const STORY: &str = "The council of Harrow met on Monday and agreed to build a new bridge.";

    #[test]
    fn a_sister_stands_beside_and_cannot_exist() {
        fn check(of: &str, expected: Option<&str>) {
            assert_eq!(
                sister(&url(of), "zz9").map(String::from).as_deref(),
                expected,
                "{of}"
            );
        }
        check(
            "https://a.org/news/story.html?x=1#top",
            Some("https://a.org/news/zz9.html"),
        );
        check("https://a.org/news/story/", Some("https://a.org/news/zz9/"));
        check("https://a.org/story", Some("https://a.org/zz9"));
        check("https://a.org/", None);
        check("https://a.org", None);
        check("https://a.org/?p=5", None);
    }

    #[test]
    fn pages_that_say_not_found_are_told_from_pages_about_it() {
        fn check(title: &str, text: &str, expected: Option<&str>) {
            let at = url("https://a.org/x/y");
            let found = judge(&at, &at, &page(title, text), None);
            assert_eq!(
                found.map(|finding| finding.code),
                expected,
                "{title} / {text}"
            );
        }
        check("Page not found", "Sorry.", Some("soft-404-words"));
        check(
            "404 | The Post",
            "Go to the front page",
            Some("soft-404-words"),
        );
        check(
            "The Post",
            "Oops!\nThe page you’re looking for doesn’t exist.",
            Some("soft-404-words"),
        );
        check("Die Post", "Seite nicht gefunden", Some("soft-404-words"));
        check("新聞", "無此網頁", Some("soft-404-words"));
        check("A new bridge", STORY, None);
        check("The lost page was not found in the library", STORY, None);
        check("Room 404 opens", STORY, None);
        let long = format!(
            "{} The error 404 page not found is a classic.",
            STORY.repeat(40)
        );
        check("What is a 404 Not Found error?", &long, None);
        check(
            "a.org",
            "This domain is for sale. Make an offer.",
            Some("parked"),
        );
        let about = format!(
            "{} She put up a sign: this domain is for sale.",
            STORY.repeat(40)
        );
        check("The trade in names", &about, None);
    }

    #[test]
    fn a_probe_decides() {
        fn check(final_url: &str, text: &str, probe: Probe, expected: Option<&str>) {
            let found = judge(
                &url("https://a.org/x/y"),
                &url(final_url),
                &page("P", text),
                Some(&probe),
            );
            assert_eq!(found.map(|finding| finding.code), expected, "{final_url}");
        }
        let here = "https://a.org/x/y";
        let home = "https://www.a.org/";
        check(
            home,
            STORY,
            probe(200, "https://a.org/", STORY),
            Some("soft-404-redirect-home"),
        );
        check(home, STORY, probe(404, "https://a.org/x/zz9", "no"), None);
        check(
            here,
            STORY,
            probe(200, "https://a.org/x/zz9", STORY),
            Some("soft-404-probe"),
        );
        check(
            here,
            STORY,
            probe(
                200,
                "https://a.org/x/zz9",
                "Something else altogether stands here",
            ),
            None,
        );
        check(here, "App", probe(200, "https://a.org/x/zz9", "App"), None);
        let login = "https://a.org/login";
        check(login, STORY, probe(200, login, STORY), None);
    }

    #[test]
    fn an_honest_site_makes_words_doubtful() {
        let at = url("https://a.org/x/y");
        let says = page("Page not found", "Sorry.");
        let sure = judge(&at, &at, &says, None).unwrap().probability;
        let doubt = judge(
            &at,
            &at,
            &says,
            Some(&probe(404, "https://a.org/x/z", "no")),
        )
        .unwrap();
        assert!(sure >= 0.9 && doubt.probability <= 0.6);
    }

    #[test]
    fn only_doubtful_pages_are_probed() {
        let at = url("https://a.org/x/y");
        let story = page("A bridge", &STORY.repeat(20));
        assert!(!worth_probing(&at, &at, &story));
        assert!(worth_probing(&at, &url("https://a.org/"), &story));
        assert!(worth_probing(&at, &at, &page("404", "Sorry.")));
        assert!(!worth_probing(
            &url("http://a.org/"),
            &url("https://www.a.org/"),
            &story
        ));
    }
}

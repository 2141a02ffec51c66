//! Pages that stand in front of the page that was asked for: challenges, consent, payment,
//! logins, shells that only a script fills, and servers in trouble that answer 200 all the same.
//!
//! **In:** the text and the signs of an answer of 200. **Out:** which wall it is; its source is
//! then `blocked` (`unreachable`, where the server is in trouble). **Not here:** status codes
//! (`fetch::status`). Recognised only where the page shows little else: an article with a
//! payment notice below it is an article, and one that is cut is read as far as it goes ([`cut`]).

mod phrases;

use super::SourceText;
use super::signs::{Mark, count_words};
use super::soft_404::is_gate;
use phrases::{
    CHALLENGE, CHALLENGE_TITLES, CONSENT, CONSENT_TOPIC, LOGIN, LOGIN_TITLES, PAID, SCRIPT,
    TROUBLE_TITLES,
};
use url::Url;

/// A wall in front of the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wall {
    /// "challenge", "consent", "paywall", "login", "script-only", "server-trouble".
    pub code: &'static str,
    /// One sentence for a person.
    pub text: &'static str,
}

const CHALLENGED: Wall = Wall {
    code: "challenge",
    text: "The server shows a test for robots instead of the page.",
};
const SCRIPT_ONLY: Wall = Wall {
    code: "script-only",
    text: "The page shows its text only to browsers that run its scripts.",
};
const PAYWALL: Wall = Wall {
    code: "paywall",
    text: "The page is shown to subscribers only.",
};
const CONSENT_WALL: Wall = Wall {
    code: "consent",
    text: "The server asks for consent to cookies instead of showing the page.",
};
const LOGIN_WALL: Wall = Wall {
    code: "login",
    text: "The server asks for a login instead of showing the page.",
};
const TROUBLE: Wall = Wall {
    code: "server-trouble",
    text: "The server answers 200, but shows a notice of its own trouble or maintenance instead of the page.",
};
const CUT: Wall = Wall {
    code: "paywall-cut",
    text: "It answers where it was cited, but shows only the beginning to those who do not subscribe; what follows could not be read.",
};

/// Own words beyond which a page shows something of its own.
const MAX_WORDS: usize = 150;
/// Words of the longest line that may be such a notice.
const NOTICE: usize = 40;
/// Words besides the notice from which a page says something itself: a headline is less.
const OWN: usize = 25;
/// Words besides the notice from which the beginning of a cut article can be read.
const READABLE: usize = 40;
/// Own words from which an article is whole, whatever it says about subscribing.
const WHOLE: usize = 450;

/// The wall that a page is, when it is nothing else.
#[must_use]
pub fn wall(page: &SourceText) -> Option<Wall> {
    if own_words(page) > MAX_WORDS {
        return None;
    }
    let look = Look::of(page);
    let titled = |titles: &[&str]| titles.contains(&look.title.as_str());
    if titled(CHALLENGE_TITLES) || look.maker(page) || look.says(CHALLENGE) {
        return Some(CHALLENGED);
    }
    if titled(TROUBLE_TITLES) && look.words <= MAX_WORDS / 2 {
        return Some(TROUBLE);
    }
    if look.script_only(page) {
        return Some(SCRIPT_ONLY);
    }
    if look.says(PAID) && look.besides(PAID) < READABLE {
        return Some(PAYWALL);
    }
    if look.says(CONSENT) && look.besides(CONSENT_TOPIC) < OWN && !page.signs.article {
        return Some(CONSENT_WALL);
    }
    let title = look.title.split([' ', '|']).next().unwrap_or("");
    let named = look
        .title
        .split(['|', '–', '—', '-', '·', ':'])
        .any(|part| LOGIN_TITLES.contains(&part.trim()));
    let asks = match page.signs.password {
        true => named || look.says(LOGIN) || (look.words < OWN && !title.is_empty()),
        false => look.says(LOGIN) && look.besides(LOGIN) < OWN,
    };
    (asks && look.words < MAX_WORDS / 2).then_some(LOGIN_WALL)
}

/// As [`wall`], and by where the chain led: to a page for logins or consent that was not asked for.
#[must_use]
pub fn behind(requested: &Url, final_url: &Url, page: &SourceText) -> Option<Wall> {
    let sent = is_gate(final_url) && !is_gate(requested) && requested != final_url;
    let short = own_words(page) <= MAX_WORDS;
    wall(page).or_else(|| {
        (sent && short).then(|| {
            let address = final_url.as_str();
            match ["consent", "cookie", "privacy-gate"]
                .iter()
                .any(|word| address.contains(word))
            {
                true => CONSENT_WALL,
                false if address.contains("captcha") || address.contains("challenge") => CHALLENGED,
                false => LOGIN_WALL,
            }
        })
    })
}

/// Whether the page shows the beginning of a text that only subscribers may read to its end.
#[must_use]
pub fn cut(page: &SourceText) -> Option<Wall> {
    if own_words(page) >= WHOLE {
        return None;
    }
    let look = Look::of(page);
    let told = look.says(PAID) || page.signs.paid;
    (told && look.besides(PAID) >= READABLE).then_some(CUT)
}

/// Words of the page's own text, counted as far as that matters.
fn own_words(page: &SourceText) -> usize {
    if page.signs.lines.is_empty() {
        return page.text.split_whitespace().take(4 * WHOLE).count();
    }
    page.signs.words
}

/// The page's short lines.
struct Look<'p> {
    /// Lower case, without closing dots.
    title: String,
    /// Lower case, straight apostrophes; links and buttons are lines as well.
    text: Vec<String>,
    /// Its own lines, with their words.
    own: Vec<(String, usize)>,
    /// Own words.
    words: usize,
    /// Words with links and navigation.
    all: usize,
    noscript: std::borrow::Cow<'p, str>,
}

impl<'p> Look<'p> {
    fn of(page: &'p SourceText) -> Self {
        let signs = &page.signs;
        let title = page.whole_title();
        let notice = |line: &&str| line.split_whitespace().take(NOTICE + 1).count() <= NOTICE;
        let text: Vec<String> = page
            .text
            .lines()
            .take(100)
            .filter(notice)
            .map(plain)
            .collect();
        let own: Vec<(String, usize)> = if signs.lines.is_empty() {
            let lines = page.text.lines().take(100);
            lines.map(|line| (plain(line), count_words(line))).collect()
        } else {
            signs
                .lines
                .iter()
                .map(|line| (plain(&line.text), line.words))
                .collect()
        };
        Self {
            title: plain(title).trim_end_matches(['.', '…', ' ']).to_owned(),
            text,
            own,
            words: own_words(page),
            all: page.text.split_whitespace().take(4 * WHOLE).count(),
            noscript: plain(&signs.noscript).into(),
        }
    }

    fn says(&self, phrases: &[&str]) -> bool {
        let said = |line: &String| phrases.iter().any(|phrase| line.contains(phrase));
        self.text.iter().any(said)
    }

    /// Own words in lines that say none of these.
    fn besides(&self, phrases: &[&str]) -> usize {
        let other = |line: &&(String, usize)| !phrases.iter().any(|phrase| line.0.contains(phrase));
        self.own.iter().filter(other).map(|line| line.1).sum()
    }

    /// Whether a known maker's test is on a page that shows nothing else.
    fn maker(&self, page: &SourceText) -> bool {
        let made = page
            .signs
            .marks
            .iter()
            .any(|mark| !matches!(mark, Mark::Parking | Mark::NotFoundRoute));
        made && self.words < MAX_WORDS / 2
    }

    fn script_only(&self, page: &SourceText) -> bool {
        let asks = |text: &str| {
            SCRIPT.iter().any(|phrase| text.contains(phrase))
                // "Please enable JavaScript to view the comments."
                && !["comment", "disqus", "kommentar"].iter().any(|word| text.contains(word))
        };
        let in_text = self.text.iter().any(|line| asks(line));
        let little = self.all <= 60 && self.besides(SCRIPT) < OWN;
        let nothing = self.all <= 60 && self.besides(SCRIPT) < 10;
        (in_text && little)
            || (asks(&self.noscript) && nothing)
            || (page.signs.empty_mount && nothing)
    }
}

fn plain(text: &str) -> String {
    let text: String = text.chars().take(400).collect();
    text.trim()
        .to_lowercase()
        .replace(['’', '‘'], "'")
        .replace('\u{a0}', " ")
}

#[cfg(test)]
mod tests;

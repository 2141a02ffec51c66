//! The probability that a page is nothing but a notice that nothing is there: one
//! documented function of signs.
//!
//! **In:** the addresses, the page's text and [`super::super::signs::Signs`]. **Out:** a
//! probability and the words that speak for it. **Not here:** what other addresses of the host answer.
//!
//! Log-odds are the sum of the signs, each times its weight. The signs of saying so add up,
//! but no more than they would on a page that says nothing else: every doubling of the
//! page's own text takes from them, and so does every line of prose.

use super::address;
use super::words::{Said, normal, numbered, said, titled};
use crate::evidence::SourceText;
use crate::evidence::signs::{Line, Mark, count_words};
use url::Url;

/// Lines looked at; a notice stands at the top.
const MAX_LINES: usize = 40;
/// Words of the longest line that may be a notice.
const NOTICE: usize = 32;
/// Own words beyond which no sign of saying so could make a page a notice: its lines are not read.
const LONG: usize = 1_000;
/// What an entry of a list counts for.
const ITEM: f64 = 0.4;
/// Own words up to which a page is as short as such pages are.
const SHORT: f64 = 60.0;

/// How many signs there are.
pub(super) const SIGNS: usize = 17;

/// What each sign is called, for the fit and its reader.
pub const NAMES: [&str; SIGNS] = [
    "title",
    "heading",
    "line",
    "second line",
    "404",
    "picture",
    "body class",
    "part class",
    "help",
    "noindex",
    "sent home",
    "error address",
    "length",
    "prose",
    "article",
    "address agrees",
    "asked for 404",
];

/// Set by reasoning. A ridge fit towards them on 843 labelled pages (`scripts/fit_soft_404.py`,
/// 2026-11-25) moves none by as much as 0.5 and is no better cross-validated, so they stand.
const WEIGHTS: [f64; SIGNS] = [
    3.2, 2.5, 2.5, 1.0, 1.5, 1.5, 2.0, 1.0, 0.8, 0.4, 0.8, 3.0, -1.2, -0.5, -1.5, -2.5, -6.5,
];
/// What a page without any sign starts from.
const BIAS: f64 = -4.0;

/// What speaks for and against.
#[derive(Debug, Clone, PartialEq)]
pub struct Score {
    /// 0 to 1.
    pub probability: f64,
    /// The signs, in the order of [`NAMES`].
    pub signs: [f64; SIGNS],
    /// The words that say so best, as the page has them.
    pub said: Option<String>,
}

/// Looks at one page alone.
pub(super) fn score(requested: &Url, final_url: &Url, page: &SourceText) -> Score {
    let look = Look::of(page);
    let signs = &page.signs;
    let title = page.whole_title();
    let (mut in_title, number) = (titled(title), numbered(title));
    if let Some(own) = page.title.as_deref() {
        in_title = in_title.max(titled(own));
    }
    let flag = |is: bool| f64::from(u8::from(is));
    let sent_home = signs.refresh.as_deref().is_some_and(|to| {
        let to = to.trim_end_matches("index.html");
        final_url
            .join(to)
            .is_ok_and(|to| to.path() == "/" || address::sent_up(final_url, &to))
    });
    let asked = address::says_error(requested);
    let values = [
        in_title,
        look.heading,
        look.line,
        look.second,
        flag(number || look.number),
        flag(signs.error_picture),
        flag(signs.error_body || signs.has(Mark::NotFoundRoute)),
        flag(signs.error_part),
        (look.help as f64 / 3.0).min(1.0),
        flag(signs.noindex),
        flag(sent_home),
        flag(!asked && address::says_error(final_url)),
        (look.words / SHORT).max(0.25).log2(),
        look.prose.min(10.0),
        flag(signs.article),
        flag(address::agrees(requested, title) || look.agrees(requested)),
        flag(asked),
    ];
    let z = BIAS
        + values
            .iter()
            .zip(WEIGHTS)
            .map(|(value, weight)| value * weight)
            .sum::<f64>();
    let said = look
        .said
        .or_else(|| (in_title > 0.4).then(|| title.to_owned()));
    Score {
        probability: 1.0 / (1.0 + (-z).exp()),
        signs: values,
        said,
    }
}

/// The lines of a page without markup; of JSON its values, where it is short.
fn plain_lines(text: &str) -> Vec<Line> {
    let json = text.starts_with('{') && text.len() < 600;
    let border = |c: char| c == '\n' || (json && matches!(c, '"' | ',' | '{' | '}'));
    text.split(border)
        .map(|line| line.trim_matches([':', ' ']))
        .filter(|line| !line.is_empty())
        .take(2 * MAX_LINES)
        .map(|line| Line {
            text: line.chars().take(300).collect(),
            heading: false,
            item: false,
            words: count_words(line),
        })
        .collect()
}

/// What the lines of a page say.
#[derive(Default)]
struct Look<'p> {
    heading: f64,
    line: f64,
    /// The second line that says so: one may be chance.
    second: f64,
    number: bool,
    help: usize,
    words: f64,
    prose: f64,
    said: Option<String>,
    first_heading: Option<&'p str>,
}

impl<'p> Look<'p> {
    fn of(page: &'p SourceText) -> Self {
        let mut look = Self::default();
        let own = &page.signs.lines;
        if own.is_empty() {
            // No markup: the lines of the text.
            let lines = plain_lines(&page.text);
            look.words = lines.iter().map(|line| line.words).sum::<usize>() as f64;
            look.prose = lines.iter().filter(|line| line.words >= 20).count() as f64;
            look.read(&lines);
        } else {
            look.words = page.signs.words as f64;
            look.prose = page.signs.prose as f64;
            if page.signs.words <= LONG {
                look.read(own);
            }
            look.first_heading = own
                .iter()
                .find(|line| line.heading)
                .map(|line| line.text.as_str());
        }
        // Ways out stand in links as well.
        if look.words <= LONG as f64 {
            let linked = page.text.lines().take(60).filter(|line| line.len() < 200);
            look.help = look
                .help
                .max(linked.map(|line| said(line).help.min(2)).sum());
        }
        look
    }

    fn read(&mut self, lines: &[Line]) {
        let mut best = 0.0;
        for line in lines
            .iter()
            .take(MAX_LINES)
            .filter(|line| line.words <= NOTICE)
        {
            let Said { gone, share, help } = said(&line.text);
            self.help += help.min(2);
            // A heading is a title. A sentence may say more than that nothing is there.
            let as_title = titled(&line.text);
            self.number |= as_title >= 0.8 && !line.item && normal(&line.text).contains("404");
            let gone = if line.heading {
                as_title
            } else {
                as_title.max(gone * (share * 4.0).min(1.0))
            };
            // One of many entries of a list, a cell of a table: it seldom speaks for the page.
            let gone = if line.item { gone * ITEM } else { gone };
            if gone > best {
                best = gone;
                self.said = (gone > 0.4).then(|| line.text.clone());
            }
            if line.heading {
                self.heading = self.heading.max(gone);
            } else if gone >= self.line {
                self.second = self.line;
                self.line = gone;
            } else {
                self.second = self.second.max(gone);
            }
            if gone > 0.4 {
                // The notice is no prose, and no text of its own.
                self.words -= line.words as f64;
                self.prose -= f64::from(u8::from(line.words >= 20));
            }
        }
        self.words = self.words.max(0.0);
        self.prose = self.prose.max(0.0);
    }

    fn agrees(&self, requested: &Url) -> bool {
        self.first_heading
            .is_some_and(|heading| address::agrees(requested, heading))
    }
}

//! Answers of 200 that say "not found", or that send every unknown address home.
//!
//! **In:** the address asked for, the one that answered, the page's text and signs, what an
//! address that cannot exist answered, where it was asked, and what other cited addresses of
//! the host showed. **Out:** a probability for every page, and a [`Finding`] with its reason
//! where it is likely. **Not here:** the request; walls in front of a page ([`super::wall`]).
//!
//! A page that speaks about missing pages is an article: the signs of saying so weigh less
//! with every line of its own that a page has ([`score`]).

mod address;
mod alike;
mod language;
mod parking;
mod score;
mod words;

use super::SourceText;
pub use address::{is_gate, sister};
pub use alike::{Face, Faces};
pub use score::{NAMES, Score};
use url::Url;

/// Why a page is taken for a soft 404.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// "soft-404-words", "soft-404-probe", "soft-404-redirect-home", "soft-404-generic", "parked", "unused-host".
    pub code: &'static str,
    /// One sentence for a person.
    pub text: String,
    /// 0 to 1.
    pub probability: f64,
}

/// What the sister address answered.
#[derive(Debug, Clone)]
pub struct Probe {
    /// The address that was asked.
    pub requested: Url,
    /// Status code at the end of its chain.
    pub status: u16,
    /// Where its chain ended.
    pub final_url: Url,
    /// Its text.
    pub text: SourceText,
}

/// Below this probability a page is taken for what it says it is.
pub const LIKELY: f64 = 0.5;
/// From this probability on a probe is worth a request.
const DOUBTFUL: f64 = 0.1;
/// So few own words may be a notice that no list of words knows.
const FEW: usize = 60;
/// What a page's own words count for at most on a site that can say 404.
const HONEST: f64 = 0.6;

/// Whether the page's own signs make a probe worth a request.
#[must_use]
pub fn worth_probing(requested: &Url, final_url: &Url, page: &SourceText) -> bool {
    if page.unreadable.is_some() && !page.text.is_empty() {
        return false;
    }
    address::sent_up(requested, final_url)
        || alone(requested, final_url, page).probability >= DOUBTFUL
        || (page.unreadable.is_none() && own_words(page) < FEW)
}

/// How likely the page alone makes it, with the signs that speak for and against.
#[must_use]
pub fn alone(requested: &Url, final_url: &Url, page: &SourceText) -> Score {
    score::score(requested, final_url, page)
}

/// Whether a page answered with 200 is a soft 404, or shows that nobody lives there any longer.
#[must_use]
pub fn judge(
    requested: &Url,
    final_url: &Url,
    page: &SourceText,
    probe: Option<&Probe>,
) -> Option<Finding> {
    let parked = parking::parked(requested, final_url, page);
    let alone = alone(requested, final_url, page);
    let worded = |most: f64| Finding {
        code: "soft-404-words",
        text: match &alone.said {
            Some(said) => format!(
                "The server answers 200, but the page says “{}”.",
                brief(said)
            ),
            None => format!(
                "The server answers 200, but sent the address on to {final_url}, where nothing of it is shown."
            ),
        },
        probability: alone.probability.min(most),
    };
    let told = match probe {
        // An address that cannot exist is told apart from this one: the site can say 404.
        Some(probe) if matches!(probe.status, 404 | 410) => worded(HONEST),
        Some(probe) if (200..300).contains(&probe.status) => {
            let worded = worded(1.0);
            match alike::probed(requested, final_url, page, probe) {
                Some(found) if found.probability >= worded.probability => found,
                _ => worded,
            }
        }
        _ => worded(1.0),
    };
    [parked, Some(told)]
        .into_iter()
        .flatten()
        .filter(|finding| finding.probability >= LIKELY)
        .max_by(|a, b| a.probability.total_cmp(&b.probability))
}

/// Words of the page's own text, as far as that matters here.
fn own_words(page: &SourceText) -> usize {
    if page.signs.lines.is_empty() {
        return page.text.split_whitespace().take(FEW).count();
    }
    page.signs.words
}

fn brief(text: &str) -> String {
    let text = text.trim();
    match text.char_indices().nth(80) {
        Some((cut, _)) => format!("{}…", text.get(..cut).unwrap_or(text).trim_end()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests;

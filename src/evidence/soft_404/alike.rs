//! Pages that are the same at several addresses: what an impossible sister answers, and what
//! other cited addresses of the host show.

use super::{Finding, Probe, address};
use crate::evidence::{SourceText, drift};
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{Hash, Hasher};
use url::Url;

/// Two texts this alike are the same page.
const SAME: f64 = 0.9;
/// Words from which likeness tells something: "Loading…" is alike everywhere.
const MIN_WORDS: usize = 8;
/// A generic page is a short one.
const MAX_WORDS: usize = 150;
/// Characters from which a name is repeated and not met by chance.
const MIN_NAME: usize = 6;
/// So many other addresses make it more than chance, an alias or a version for printing.
const OTHERS: usize = 2;

/// What the answer to an impossible address tells.
pub(super) fn probed(
    requested: &Url,
    final_url: &Url,
    page: &SourceText,
    probe: &Probe,
) -> Option<Finding> {
    if hides(final_url, page) || hides(&probe.final_url, &probe.text) {
        return None;
    }
    if address::sent_up(requested, final_url)
        && address::place(&probe.final_url) == address::place(final_url)
    {
        return Some(Finding {
            code: "soft-404-redirect-home",
            text: format!(
                "The address is sent on to {final_url}, and so is an address beside it that does not exist."
            ),
            probability: 0.95,
        });
    }
    let (mine, theirs) = (
        own_text(page, requested),
        own_text(&probe.text, &probe.requested),
    );
    mine.split_whitespace().nth(MIN_WORDS - 1)?;
    (drift::likeness(&mine, &theirs) >= SAME).then(|| Finding {
        code: "soft-404-probe",
        text: "The page shows the same text as an address beside it that does not exist."
            .to_owned(),
        probability: 0.95,
    })
}

/// What makes a page of a host the same page as another: its short text; and the name that
/// tells its address from an alias of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Face {
    host: String,
    /// A fingerprint of its own words.
    text: u64,
    name: String,
}

impl Face {
    /// None where sameness would tell nothing: a long text, a shell, a door.
    #[must_use]
    pub fn of(requested: &Url, final_url: &Url, page: &SourceText) -> Option<Self> {
        // Long lines are kept cut; the count is not.
        let is_long = page.signs.words > MAX_WORDS;
        if is_long || hides(final_url, page) || page.unreadable.is_some() || page.signs.article {
            return None;
        }
        let name = requested.path_segments()?.rfind(|part| !part.is_empty())?;
        let name = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        let text = own_text(page, requested);
        let words = text.split_whitespace().take(MAX_WORDS + 1).count();
        let words = words.max(page.signs.words);
        (MIN_WORDS..=MAX_WORDS).contains(&words).then(|| {
            let mut hasher = std::hash::DefaultHasher::new();
            text.hash(&mut hasher);
            Self {
                host: address::host(requested).to_ascii_lowercase(),
                text: hasher.finish(),
                name: name.to_ascii_lowercase(),
            }
        })
    }

    /// What the same text at `others` further cited addresses of the host tells.
    #[must_use]
    pub fn generic(&self, others: usize) -> Option<Finding> {
        (others >= OTHERS).then(|| Finding {
            code: "soft-404-generic",
            text: format!(
                "The page shows the same text as {others} other cited addresses of {}, so it is not the page that was cited.",
                self.host
            ),
            probability: 0.7,
        })
    }
}

/// The faces that were seen.
#[derive(Debug, Clone, Default)]
pub struct Faces(BTreeMap<(String, u64), BTreeSet<String>>);

impl Faces {
    /// Remembers one.
    pub fn insert(&mut self, face: &Face) {
        let page = (face.host.clone(), face.text);
        self.0.entry(page).or_default().insert(face.name.clone());
    }

    /// At how many other names the same page was seen.
    #[must_use]
    pub fn others(&self, face: &Face) -> usize {
        let names = self.0.get(&(face.host.clone(), face.text));
        names.map_or(0, |names| {
            names.len() - usize::from(names.contains(&face.name))
        })
    }
}

/// A shell that a script fills, a login or a consent page look the same at every address: that tells nothing.
fn hides(url: &Url, page: &SourceText) -> bool {
    address::is_gate(url) || page.signs.empty_mount || page.signs.password
}

/// The page's own lines without the name that was asked for, which some pages repeat.
fn own_text(page: &SourceText, requested: &Url) -> String {
    let name = requested
        .path_segments()
        .and_then(|mut parts| parts.rfind(|part| !part.is_empty()))
        .unwrap_or("");
    // A short name, such as the number of a page, stands in words that are the page's own.
    let telling = name.chars().count() >= MIN_NAME;
    let own = |word: &&str| !(telling && word.contains(name));
    let text = if page.signs.lines.is_empty() {
        page.main_text()
    } else {
        let lines: Vec<&str> = page
            .signs
            .lines
            .iter()
            .map(|line| line.text.as_str())
            .collect();
        lines.join("\n")
    };
    let words: Vec<&str> = text.split_whitespace().filter(own).collect();
    words.join(" ")
}

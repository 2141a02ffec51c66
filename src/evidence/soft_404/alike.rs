//! Pages that are the same at several addresses: what an impossible sister answers, and what
//! other cited addresses of the host show.

use super::{Finding, LIKELY, Probe, address};
use crate::evidence::{SourceText, drift};
use url::Url;

/// Two texts this alike are the same page.
const SAME: f64 = 0.9;
/// Words from which likeness tells something: "Loading…" is alike everywhere.
const MIN_WORDS: usize = 8;
/// A generic page is a short one.
const MAX_WORDS: usize = 150;
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

/// A page that was shown in this run.
#[derive(Debug, Clone, Copy)]
pub struct Shown<'a> {
    /// The address asked for.
    pub requested: &'a Url,
    /// The one that answered.
    pub final_url: &'a Url,
    /// What it showed.
    pub page: &'a SourceText,
}

/// How many other addresses of the same host show the same short text, for each page.
#[must_use]
pub fn others(shown: &[Shown<'_>]) -> Vec<usize> {
    let keys: Vec<Option<(String, String, String)>> = shown.iter().map(key).collect();
    let mut places: std::collections::BTreeMap<(&str, &str), std::collections::BTreeSet<&str>> =
        std::collections::BTreeMap::new();
    for (host, text, name) in keys.iter().flatten() {
        places.entry((host, text)).or_default().insert(name);
    }
    keys.iter()
        .map(|key| {
            key.as_ref()
                .and_then(|(host, text, _)| places.get(&(host.as_str(), text.as_str())))
                .map_or(0, |names| names.len() - 1)
        })
        .collect()
}

/// Host, text, and the name that tells its address from an alias of it.
fn key(shown: &Shown<'_>) -> Option<(String, String, String)> {
    let Shown {
        requested,
        final_url,
        page,
    } = *shown;
    if hides(final_url, page) || page.unreadable.is_some() {
        return None;
    }
    let name = requested.path_segments()?.rfind(|part| !part.is_empty())?;
    let name = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let text = own_text(page, requested);
    let words = text.split_whitespace().take(MAX_WORDS + 1).count();
    (MIN_WORDS..=MAX_WORDS).contains(&words).then(|| {
        let host = address::host(requested).to_owned();
        (host, text, name.to_ascii_lowercase())
    })
}

/// What the same text at `others` further addresses of the host tells, if the probe does not tell more.
#[must_use]
pub fn generic(
    requested: &Url,
    page: &SourceText,
    probe: Option<&Probe>,
    others: usize,
) -> Option<Finding> {
    let honest = probe.is_some_and(|probe| matches!(probe.status, 404 | 410));
    let probability = match (others, honest) {
        (0, _) => return None,
        (OTHERS.., false) => 0.7,
        // Several pages that became one, on a site that can say 404: more likely merged than gone.
        _ => 0.4,
    };
    (probability >= LIKELY).then(|| Finding {
        code: "soft-404-generic",
        text: format!(
            "The page shows the same text as {others} other cited addresses of {}, so it is not the page that was cited.",
            address::host(requested)
        ),
        probability,
    }).filter(|_| page.unreadable.is_none())
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
    let repeats = |word: &&str| name.is_empty() || !word.contains(name);
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
    let words: Vec<&str> = text.split_whitespace().filter(repeats).collect();
    words.join(" ")
}

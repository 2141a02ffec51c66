//! The verdict's rows on drift, told from the claim's side: what became of the passage that carried
//! it, and since when.
//!
//! **In:** [`Grounds`]. **Out:** findings. **Not here:** how much else of a page changed matters to
//! nobody who cites it; it is told in a sentence where the passage stands.

use super::words::brief;
use super::{CERTAIN, Findings, Grounds, Verdict};
use crate::evidence::drift::{Earlier, FateWord, Trace, lost_fact};
use crate::evidence::quotation::decides;
use crate::evidence::{Content, Drift, Evidence, EvidenceKind};
use jiff::Timestamp;
use jiff::tz::TimeZone;

pub(super) fn tell(grounds: &Grounds<'_>, findings: &mut Findings) {
    let content = grounds.drift.map(|drift| drift.content);
    let now = grounds.evidence.kind;
    if content == Some(Content::Replaced) {
        if carries(now) {
            findings.add(
                Verdict::Attention,
                "replaced-but-found",
                "Nearly all of the page is another text now, but the words of the claim are still found.",
            );
        } else {
            // The page itself is another one: that does not hang on the claim.
            findings.add(Verdict::Broken, "replaced", replaced(grounds.earlier));
        }
        return;
    }
    // Where nothing was read, nothing is known to be gone.
    let read = !matches!(now, EvidenceKind::Unreadable | EvidenceKind::None);
    let carried = grounds
        .earlier
        .filter(|_| read)
        .is_some_and(|earlier| of_claim(grounds, earlier, findings));
    if let Some(drift) = grounds
        .drift
        .filter(|drift| drift.content == Content::Drifted)
        && !carried
        && (read || grounds.earlier.is_none())
    {
        findings.add(Verdict::Sound, "drifted", elsewhere(drift));
    }
}

/// What became of the passages that carried the claim; false where none did.
fn of_claim(grounds: &Grounds<'_>, earlier: &Earlier, findings: &mut Findings) -> bool {
    let now = grounds.evidence;
    let certain = grounds.confidence >= CERTAIN;
    let broken = if certain {
        Verdict::Broken
    } else {
        Verdict::Attention
    };
    let (last, since) = moments(earlier);
    if let Some(quotation) = lost_quotation(&earlier.evidence, now) {
        let instead = earlier
            .traces
            .iter()
            .find(|trace| trace.fate == FateWord::Edited)
            .and_then(|trace| trace.now.as_deref())
            .map(|now| format!(" In their place now: “{}”.", brief(now)))
            .unwrap_or_default();
        findings.add(
            broken,
            "quotation-gone",
            format!(
                "The words quoted have been gone since {since} (last seen on {last}): “{}”.{instead}",
                brief(quotation)
            ),
        );
        return true;
    }
    if !carries(earlier.evidence.kind) || earlier.traces.is_empty() {
        return false;
    }
    let edited = earlier
        .traces
        .iter()
        .find(|trace| trace.fate == FateWord::Edited && trace.has_other_words());
    let gone = earlier
        .traces
        .first()
        .filter(|trace| trace.fate == FateWord::Absent);
    let when = between(&last, &since);
    match (gone, edited) {
        (Some(gone), _) if carries(now.kind) => findings.add(
            Verdict::Sound,
            "passage-replaced",
            format!(
                "The passage that carried this claim has been gone since {since} (last seen on {last}), \
                 but another one carries it now: it was “{}”.",
                brief(&gone.text)
            ),
        ),
        (Some(gone), _) => {
            let verdict = if now.kind == EvidenceKind::NotFound { broken } else { Verdict::Attention };
            findings.add(
                verdict,
                "passage-gone",
                format!(
                    "The passage that carried this claim has been gone since {since} (last seen on {last}): “{}”.",
                    brief(&gone.text)
                ),
            );
        }
        (None, Some(edited)) if carries(now.kind) && !earlier.traces.iter().any(Trace::is_weighty) => findings.add(
            Verdict::Sound,
            "passage-reworded",
            format!(
                "The passage that carries this claim was reworded {when} and still \
                 carries it: {}.",
                edited.change()
            ),
        ),
        (None, Some(edited)) => {
            let weighty = earlier.traces.iter().find(|trace| trace.is_weighty()).unwrap_or(edited);
            findings.add(
                Verdict::Attention,
                "passage-changed",
                format!(
                    "The passage that carried this claim was changed {when}: {}.",
                    weighty.change()
                ),
            );
        }
        (None, None) => stands(grounds, earlier, findings),
    }
    true
}

/// The passages stand; something that stood elsewhere on the page may be gone.
fn stands(grounds: &Grounds<'_>, earlier: &Earlier, findings: &mut Findings) {
    let (last, since) = moments(earlier);
    match lost_fact(&earlier.evidence, grounds.evidence) {
        Some(fact) if !carries(grounds.evidence.kind) => findings.add(
            Verdict::Attention,
            "passage-changed",
            format!(
                "The passage that carries this claim still stands, but “{}”, which the page had on {last}, \
                 has been gone since {since}.",
                brief(fact)
            ),
        ),
        _ => {
            if let Some(drift) = grounds.drift.filter(|drift| drift.content == Content::Drifted) {
                findings.add(
                    Verdict::Sound,
                    "drifted-elsewhere",
                    format!("{} The passage that carries this claim still stands.", elsewhere(drift)),
                );
            }
        }
    }
}

/// How much of the page changed, in words.
fn elsewhere(drift: &Drift) -> String {
    let percent = (drift.changed * 100.0).round().clamp(1.0, 100.0);
    format!("About {percent} % of the page's main text has changed since the earlier capture.")
}

fn replaced(earlier: Option<&Earlier>) -> String {
    let when = match earlier.map(moments) {
        Some((last, since)) => {
            format!(" It was seen last on {last}, and has been another since {since}.")
        }
        None => String::new(),
    };
    format!("The address now shows another page than the one archived earlier.{when}")
}

const fn carries(kind: EvidenceKind) -> bool {
    matches!(kind, EvidenceKind::Quoted | EvidenceKind::Supported)
}

/// A quotation of some length that the earlier capture had and the present one has not.
fn lost_quotation<'e>(earlier: &'e Evidence, now: &Evidence) -> Option<&'e str> {
    let missing = |text: &str| now.quotations.iter().any(|q| q.text == text && !q.found);
    earlier
        .quotations
        .iter()
        .find(|q| q.found && decides(&q.text) && missing(&q.text))
        .map(|q| q.text.as_str())
}

/// When something changed, by [`moments`].
fn between(last: &str, since: &str) -> String {
    if last == since {
        // Both within one second.
        return format!("on {since}");
    }
    format!("between {last} and {since}")
}

/// The last moment that it was seen and the first that it was not, as a person writes them.
fn moments(earlier: &Earlier) -> (String, String) {
    let told = |moment: Timestamp, form: &str| {
        let moment = moment.to_zoned_datetime(TimeZone::UTC);
        moment.strftime(form).to_string()
    };
    let both = |form| (told(earlier.last_seen, form), told(earlier.since, form));
    // As fine as it takes to tell them apart.
    let by_day = both("%-d %B %Y");
    if by_day.0 != by_day.1 {
        return by_day;
    }
    let by_minute = both("%-d %B %Y, %H:%M UTC");
    if by_minute.0 != by_minute.1 {
        return by_minute;
    }
    both("%-d %B %Y, %H:%M:%S UTC")
}

//! The verdict on a citation, always with its reasons. Pure.
//!
//! **In:** [`Grounds`]. **Out:** a [`Verdict`] and at least one [`Reason`], the weightiest first.
//! **Not here:** how any of the grounds came about.
//!
//! Every row that applies gives a reason; the worst of them is the verdict.
//!
//! | ground | verdict | code |
//! |---|---|---|
//! | `dead` | broken | the status's own |
//! | `live`, but only the beginning is shown | sound | `paywall-cut` |
//! | `unreachable`, `blocked`, `skipped` | attention | the status's own |
//! | `moved`, only scheme, `www.` or closing slash differ | sound | `moved-form` |
//! | `moved` elsewhere | attention | `moved` |
//! | `replaced`, evidence gone or never there | broken | `replaced` |
//! | `replaced`, evidence still found | attention | `replaced-but-found` |
//! | the quotation that an earlier capture had is gone | broken | `quotation-gone` |
//! | the passage that carried the claim is gone, nothing bears on it now | broken | `passage-gone` |
//! | the same, and some of the claim stands elsewhere | attention | `passage-gone` |
//! | the passage was edited and carries less, or a number or negation changed | attention | `passage-changed` |
//! | it was edited otherwise and still carries the claim | sound | `passage-reworded` |
//! | it is gone, and another passage carries the claim | sound | `passage-replaced` |
//! | it stands, and a fact that stood elsewhere is gone | attention | `passage-changed` |
//! | `drifted`, and the passage stands | sound | `drifted-elsewhere` |
//! | `drifted`, and no passage carried the claim | sound | `drifted` |
//! | evidence `quoted`, `supported` | sound | `quoted`, `supported` |
//! | the same, but a number or date of the claim is nowhere in the source | sound | `value-not-found` follows |
//! | a quotation of three words or more differs from the source's words | attention | `quotation-altered` |
//! | a quotation of three words or more is not there | attention | `quotation-not-found` |
//! | the source has another number or date in its place | attention | `contradicted` |
//! | evidence `partial`, `not-found`, `unreadable` | attention | `partial`, `not-found`, `unreadable` |
//! | evidence `partial`, but with the other sources cited for the claim all of it is found | sound | `supported-together` |
//! | evidence `not-found`, but the other sources cited for the claim carry it | attention | `carried-by-others` follows |
//! | evidence `none` of a source that answers | sound | `not-judged` |
//! | no claim rests on a source that answers | sound | `no-claim` |
//! | the claim itself is uncertain (confidence below 0.5) | evidence alone breaks nothing | `uncertain-claim` |
//! | a page list's target stands where its source's text speaks for | sound | `confirmed-by-content`, `placed-by-content` |
//! | the editor's acceptance | sound | `accepted`, the others follow |

mod news;
mod words;

use super::quotation::decides;
use super::{Evidence, EvidenceKind};
use crate::citation::ByContent;
use crate::fetch::Status;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What an editor sorts by.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Nothing speaks against it.
    Sound,
    /// Someone should look.
    Attention,
    /// The source is gone, or no longer what was cited.
    Broken,
}

/// Why a verdict was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Reason {
    /// Machine-readable, kebab-case.
    pub code: String,
    /// One sentence for a person.
    pub text: String,
}

/// An editor's decision to accept a source's state, in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acceptance {
    /// Why, in the editor's words.
    pub reason: String,
    /// Last day on which it holds, `YYYY-MM-DD`.
    pub until: Option<String>,
}

/// All that a verdict rests on.
#[derive(Debug, Clone, Copy)]
pub struct Grounds<'a> {
    /// Status of the source.
    pub status: crate::fetch::Status,
    /// Its reason in words.
    pub status_reason: &'a str,
    /// Machine-readable reason of the status.
    pub status_code: &'a str,
    /// The address as the document has it.
    pub url_as_cited: &'a str,
    /// The address to cite from now on, when it moved for good.
    pub moved_to: Option<&'a str>,
    /// Against the earlier capture.
    pub drift: Option<&'a super::Drift>,
    /// What the present capture shows.
    pub evidence: &'a super::Evidence,
    /// What all sources that are cited for the claim show together, where several are.
    pub together: Option<&'a super::Evidence>,
    /// Whether a claim rests on the source; an entry of a bibliography is only there.
    pub has_claim: bool,
    /// What an earlier capture showed for the same claim, where there is one and its text differs.
    pub earlier: Option<&'a super::drift::Earlier>,
    /// How the claim was found.
    pub basis: crate::citation::Basis,
    /// How sure that is.
    pub confidence: f64,
    /// What the source's text did to the claim's place.
    pub by_content: Option<crate::citation::ByContent>,
    /// The editor's acceptance in force.
    pub acceptance: Option<&'a Acceptance>,
}

/// Below this confidence a claim may be another one than the author meant.
const CERTAIN: f64 = 0.5;
/// Contradictions that are told one by one; the rest stands in the evidence.
const MAX_CONTRADICTIONS: usize = 4;

/// The verdict, with at least one reason.
#[must_use]
pub fn verdict(grounds: &Grounds<'_>) -> (Verdict, Vec<Reason>) {
    let mut findings = Findings::default();
    status(grounds, &mut findings);
    if grounds.status.answers() {
        news::tell(grounds, &mut findings);
        evidence(grounds, &mut findings);
    }
    if let Some(by_content) = grounds.by_content {
        let (code, text) = match by_content {
            ByContent::Confirmed => (
                "confirmed-by-content",
                "The list does not say which words the link stood on; what the source says agrees with this sentence.",
            ),
            ByContent::Moved => (
                "placed-by-content",
                "The list does not say which words the link stood on; its order spoke for another sentence, what the source says for this one.",
            ),
        };
        findings.add(Verdict::Sound, code, text);
    }
    // A stable sort: reasons of one weight keep the order of the rules.
    findings
        .0
        .sort_by_key(|(verdict, _)| std::cmp::Reverse(*verdict));
    let worst = findings
        .0
        .first()
        .map_or(Verdict::Sound, |(verdict, _)| *verdict);
    let reasons = findings.0.into_iter().map(|(_, reason)| reason);
    match grounds.acceptance {
        Some(acceptance) if worst != Verdict::Sound => {
            let until = match &acceptance.until {
                Some(day) => format!(" (until {day})"),
                None => String::new(),
            };
            let accepted = Reason {
                code: "accepted".to_owned(),
                text: format!(
                    "Accepted by the editor{until}: {}",
                    words::sentence(&acceptance.reason)
                ),
            };
            (
                Verdict::Sound,
                std::iter::once(accepted).chain(reasons).collect(),
            )
        }
        _ => (worst, reasons.collect()),
    }
}

#[derive(Default)]
struct Findings(Vec<(Verdict, Reason)>);

impl Findings {
    fn add(&mut self, verdict: Verdict, code: &str, text: impl Into<String>) {
        let reason = Reason {
            code: code.to_owned(),
            text: text.into(),
        };
        self.0.push((verdict, reason));
    }
}

fn status(grounds: &Grounds<'_>, findings: &mut Findings) {
    let verdict = match grounds.status {
        // Said, so that what was not found is not taken for what is not there.
        Status::Live if grounds.status_code == "paywall-cut" => Verdict::Sound,
        Status::Live => return,
        Status::Moved => return moved(grounds, findings),
        Status::Dead => Verdict::Broken,
        Status::Unreachable | Status::Blocked | Status::Skipped => Verdict::Attention,
    };
    findings.add(
        verdict,
        grounds.status_code,
        words::sentence(grounds.status_reason),
    );
}

fn moved(grounds: &Grounds<'_>, findings: &mut Findings) {
    match grounds.moved_to {
        Some(now) if form(now) == form(grounds.url_as_cited) => findings.add(
            Verdict::Sound,
            "moved-form",
            format!("The source answers at the same address in another form: {now}"),
        ),
        Some(now) => findings.add(
            Verdict::Attention,
            "moved",
            format!("The source has moved for good; cite its new address: {now}"),
        ),
        None => findings.add(
            Verdict::Attention,
            "moved",
            words::sentence(grounds.status_reason),
        ),
    }
}

/// An address without what does not tell two pages apart.
fn form(url: &str) -> String {
    let url = url.split('#').next().unwrap_or("");
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let (host, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    let host = host.to_ascii_lowercase();
    let host = host.trim_end_matches(":80").trim_end_matches(":443");
    let host = host.strip_prefix("www.").unwrap_or(host);
    format!("{host}{}", path.trim_end_matches('/'))
}

fn carries(evidence: &Evidence) -> bool {
    matches!(
        evidence.kind,
        EvidenceKind::Quoted | EvidenceKind::Supported
    )
}

/// Whether what this source lacks of the claim stands in the others, and it says nothing otherwise.
fn carried_together(grounds: &Grounds<'_>) -> bool {
    let own = grounds.evidence;
    let other_numbers = own.facts.iter().any(|fact| fact.source_says.is_some());
    let other_words = own.quotations.iter().any(|quotation| {
        let elsewhere = |other: &super::Quotation| other.found && other.text == quotation.text;
        let found = grounds
            .together
            .is_some_and(|together| together.quotations.iter().any(elsewhere));
        quotation.altered && decides(&quotation.text) && !found
    });
    !other_numbers && !other_words && grounds.together.is_some_and(carries)
}

fn evidence(grounds: &Grounds<'_>, findings: &mut Findings) {
    if !grounds.has_claim {
        findings.add(
            Verdict::Sound,
            "no-claim",
            "The source answers; it is listed without a claim, so there was nothing to compare.",
        );
        return;
    }
    let evidence = grounds.evidence;
    let before = findings.0.len();
    let told_gone = findings
        .0
        .iter()
        .any(|(_, reason)| matches!(reason.code.as_str(), "quotation-gone"));
    let read = !matches!(evidence.kind, EvidenceKind::Unreadable | EvidenceKind::None);
    if read && !told_gone {
        for quotation in &evidence.quotations {
            let elsewhere = |other: &super::Quotation| other.found && other.text == quotation.text;
            let quotes_another = grounds
                .together
                .is_some_and(|together| together.quotations.iter().any(elsewhere));
            if quotation.found || quotes_another || !decides(&quotation.text) {
                continue;
            }
            if quotation.altered {
                findings.add(
                    Verdict::Attention,
                    "quotation-altered",
                    words::altered(quotation),
                );
            } else {
                findings.add(
                    Verdict::Attention,
                    "quotation-not-found",
                    format!(
                        "The source does not contain the words quoted: “{}”.",
                        words::brief(&quotation.text)
                    ),
                );
            }
        }
    }
    for fact in evidence.facts.iter().take(MAX_CONTRADICTIONS) {
        if let Some(says) = &fact.source_says {
            findings.add(
                Verdict::Attention,
                "contradicted",
                words::contradicted(fact, says),
            );
        }
    }
    match evidence.kind {
        EvidenceKind::Quoted => findings.add(
            Verdict::Sound,
            "quoted",
            "The source contains the words quoted.",
        ),
        EvidenceKind::Supported => findings.add(
            Verdict::Sound,
            "supported",
            "The source has a passage that says what the claim says, as far as words can show.",
        ),
        EvidenceKind::Partial if carried_together(grounds) => findings.add(
            Verdict::Sound,
            "supported-together",
            "This source has part of the claim; with the other sources cited for it, all of it is found.",
        ),
        EvidenceKind::Partial => findings.add(Verdict::Attention, "partial", words::partial(evidence)),
        EvidenceKind::NotFound => findings.add(
            Verdict::Attention,
            "not-found",
            "No passage of the source bears on the claim, as far as words can show.",
        ),
        EvidenceKind::Unreadable => findings.add(
            Verdict::Attention,
            "unreadable",
            "The source answers, but no text could be read from it; compare it with the claim by eye.",
        ),
        EvidenceKind::None => findings.add(
            Verdict::Sound,
            "not-judged",
            "The source answers; it was not compared with the claim.",
        ),
    }
    if carries(evidence)
        && let Some(missing) = words::missing_values(evidence)
    {
        findings.add(Verdict::Sound, "value-not-found", missing);
    }
    if evidence.kind == EvidenceKind::NotFound && grounds.together.is_some_and(carries) {
        findings.add(
            Verdict::Sound,
            "carried-by-others",
            "The other sources cited for this claim carry it.",
        );
    }
    let doubt = findings.0[before..]
        .iter()
        .any(|(verdict, _)| *verdict != Verdict::Sound);
    if grounds.confidence < CERTAIN && doubt {
        findings.add(
            Verdict::Attention,
            "uncertain-claim",
            "It is not certain that this is the sentence the source is cited for, so what was not found weighs little.",
        );
    }
}

#[cfg(test)]
mod tests;

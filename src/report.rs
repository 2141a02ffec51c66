//! The report, schema 1, as values in a stable order.
//!
//! **In:** what a check found. **Out:** bytes in one of the formats, one file
//! each. **Not here:** judgement; whatever a format shows stands in [`Report`]
//! already. Text from outside reaches a terminal or HTML only through [`escape`].

pub mod entries;
pub mod escape;
pub mod html;
pub mod json;
pub mod terminal;

use crate::citation::archived::Archived;
use crate::citation::fragment::TextFragment;
use crate::citation::{Basis, Claim};
use crate::document::Format;
use crate::evidence::drift::{Blocks, Trace};
use crate::evidence::{Content, Evidence, EvidenceKind, Reason, Verdict};
use crate::fetch::Status;
pub use entries::Entries;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The version of the JSON report. Fields may be added within a version, never renamed or removed.
pub const SCHEMA: u32 = 1;

/// A citation-integrity report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// Version of this schema: 1.
    pub schema: u32,
    /// Version of ibid that made it.
    pub ibid: String,
    /// The run; absent when nothing was fetched (`ibid citations`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run: Option<Run>,
    /// The documents read.
    pub documents: Vec<DocumentEntry>,
    /// The sources, one per canonical URL; absent when nothing was fetched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sources: Option<Entries<SourceEntry>>,
    /// The citations, by document and place.
    pub citations: Entries<CitationEntry>,
    /// Counts; absent when nothing was fetched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<Summary>,
}

/// One run of `ibid check`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Run {
    /// Names the run in `ibid report RUN`.
    pub id: String,
    /// RFC 3339, UTC.
    pub started: String,
    /// RFC 3339, UTC.
    pub finished: String,
    /// The archive's folder as given.
    pub archive: String,
    /// Names the judge and its settings: the same name, payload and claim give the same evidence.
    /// Absent when nothing was judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judge: Option<String>,
}

/// A document that was read, or could not be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DocumentEntry {
    /// Names it within the report.
    pub id: String,
    /// Path or address as given.
    pub path: String,
    /// Its format.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<Format>,
    /// Its title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Its date: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// ISO 639-1 code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// SHA-256 of its bytes, hex.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// The other files that it was put together from (`\input`, `\bibliography`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<DocumentPart>,
    /// Why it could not be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// What could not be made sense of, the rest having been read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<String>,
}

/// A file that is a part of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DocumentPart {
    /// Its path: the document's folder as given, and the name that the document uses.
    pub path: String,
    /// SHA-256 of its bytes, hex.
    pub sha256: String,
}

/// One hop of a redirect chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Redirect {
    /// The address that answered with a redirect.
    pub url: String,
    /// With which status code.
    pub http_status: u16,
    /// Where it sent us.
    pub location: String,
}

/// Where a capture lies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CaptureEntry {
    /// RFC 3339, UTC.
    pub timestamp: String,
    /// SHA-256 of the payload as received, hex.
    pub sha256: String,
    /// WARC file, relative to the archive folder.
    pub warc: String,
    /// Offset in bytes of the record.
    pub offset: u64,
    /// Length in bytes of the record.
    pub length: u64,
    /// Media type without parameters.
    pub media_type: String,
    /// The file that opens the archived copy, relative to the HTML report, where one was written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copy: Option<String>,
}

/// A copy held by another archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MementoEntry {
    /// Which archive.
    pub archive: String,
    /// Its address.
    pub url: String,
    /// RFC 3339, UTC.
    pub timestamp: String,
}

/// One canonical URL that is cited.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SourceEntry {
    /// The canonical URL.
    pub url: String,
    /// What became of it.
    pub status: Status,
    /// One sentence why.
    pub reason: String,
    /// Machine-readable reason ("http-404", "soft-404-words", "refused-address", …).
    pub reason_code: String,
    /// Status code of the last answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub http_status: Option<u16>,
    /// The address that answered at the end of the chain, where it is another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub final_url: Option<String>,
    /// The chain.
    pub redirects: Vec<Redirect>,
    /// The page's title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Against the earlier capture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<Content>,
    /// How much of the main text changed, 0 to 1, where it was compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed: Option<f64>,
    /// How much of the earlier main text stands in sentences that are gone or reworded, 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lost: Option<f64>,
    /// Where the main text changed; dates of the day, counters and advertisements left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blocks: Option<Blocks>,
    /// This run's capture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub capture: Option<CaptureEntry>,
    /// The capture it was compared with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub earlier: Option<CaptureEntry>,
    /// Whether what was found rests on more than the payload and the claims (a probe, other pages
    /// of the host, older captures): the next run reads the source even where it has not changed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub read_again: bool,
    /// Copies held elsewhere.
    pub mementos: Vec<MementoEntry>,
}

/// One claim × one source, judged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CitationEntry {
    /// Names it within the report.
    pub id: String,
    /// [`DocumentEntry::id`].
    pub document: String,
    /// [`SourceEntry::url`].
    pub source: String,
    /// The address as the document has it.
    pub url_as_cited: String,
    /// Where the address is that of an archived copy: of which page, and of when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archived: Option<Archived>,
    /// The passages that the address itself points to (`#:~:text=`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub text_fragments: Vec<TextFragment>,
    /// The claim.
    pub claim: Claim,
    /// The linked words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub anchor: Option<Anchor>,
    /// How claim and source belong together.
    pub basis: Basis,
    /// How sure that is, 0 to 1.
    pub confidence: f64,
    /// What the source shows; absent when nothing was fetched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Evidence>,
    /// What became of the passages that carried the claim in an earlier capture, where one changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drift: Option<ClaimDrift>,
    /// What all sources cited for the claim show together, where this one does not carry it alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub together: Option<EvidenceKind>,
    /// What an editor sorts by; absent when nothing was fetched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
    /// Why; at least one wherever there is a verdict.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<Reason>,
}

/// How a source drifted away from a claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ClaimDrift {
    /// The last capture that carried the claim; RFC 3339, UTC.
    pub last_seen: String,
    /// The first capture in which its passages are otherwise; RFC 3339, UTC.
    pub since: String,
    /// The passages that carried the claim, and what became of each.
    pub passages: Vec<Trace>,
}

/// The words that a link sits on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Anchor {
    /// The words.
    pub text: String,
    /// First byte within the claim's text.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// Counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Summary {
    /// Documents given, the unreadable ones included.
    pub documents: usize,
    /// Citations.
    pub citations: usize,
    /// Sources.
    pub sources: usize,
    /// Citations that are sound.
    pub sound: usize,
    /// Citations that need a look.
    pub attention: usize,
    /// Citations that are broken.
    pub broken: usize,
}

impl Summary {
    /// Counts a citation.
    pub(crate) const fn count(&mut self, verdict: Option<Verdict>) {
        self.citations += 1;
        match verdict {
            Some(Verdict::Sound) => self.sound += 1,
            Some(Verdict::Attention) => self.attention += 1,
            Some(Verdict::Broken) => self.broken += 1,
            None => {}
        }
    }
}

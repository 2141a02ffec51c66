//! What a record is to the catalogue. One way from record to row, for writing and for
//! reading back: the gist of its block, as it streams by, and from that and its fields the row.

use super::told::{SourceOutcome, Told};
use crate::archive::warc::{Kind, Located, Record, Sums, Tail, Wanted, bare, http};
use crate::archive::{Capture, CaptureKind, Digest, urlkey::urlkey};
use crate::fetch::redirect;
use percent_encoding::percent_decode_str;
use std::io::{self, BufRead};

/// The beginning of a document's `WARC-Target-URI`; its name follows, percent-encoded.
pub(in crate::archive) const DOCUMENT: &str = "urn:x-ibid:document:";
/// The beginning of a run's `WARC-Target-URI`; its id follows.
pub(in crate::archive) const RUN: &str = "urn:x-ibid:run:";

/// A capture with what finding it needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::archive) struct CaptureRow {
    pub(in crate::archive) capture: Capture,
    pub(in crate::archive) urlkey: String,
    /// Where it redirects to, as told.
    pub(in crate::archive) location: Option<String>,
    /// The record that holds its payload, for a revisit.
    pub(in crate::archive) refers_to: Option<String>,
}

/// A run's report, as far as something is looked for in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunOutline {
    /// The run's name.
    pub id: String,
    /// When it ended (RFC 3339).
    pub finished: String,
    /// Names the judge, where claims were judged.
    pub judge: Option<String>,
    /// The documents' names.
    pub documents: Vec<String>,
}

/// What a record is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::archive) enum Entry {
    Capture(Box<CaptureRow>),
    Document {
        name: String,
        digest: Digest,
    },
    Run(RunOutline, Vec<SourceOutcome>),
    /// Nothing that is looked for: a request, a warcinfo, a foreign record.
    Other,
}

/// What the catalogue looks at in a record's block.
#[derive(Debug)]
pub(in crate::archive) enum Gist {
    /// Of a response or a revisit.
    Message(Sums),
    /// Of a citing document.
    Document(Digest),
    /// Of a run's report.
    Run(Told),
    /// Of what is not looked for.
    Other,
}

impl Gist {
    /// Takes it from a block that streams by.
    pub(in crate::archive) fn of(record: &Record, block: &mut dyn BufRead) -> io::Result<Self> {
        Ok(match record.kind {
            Kind::Response | Kind::Revisit => {
                let wanted = Wanted {
                    block: false,
                    payload: lacks_digest(record),
                };
                Self::Message(Sums::of(record.kind, block, wanted)?)
            }
            Kind::Resource if named(record, DOCUMENT).is_some() => {
                Self::Document(Digest::of_parts(&[], block)?)
            }
            Kind::Metadata if named(record, RUN).is_some() => {
                Told::read(block).map_or(Self::Other, Self::Run)
            }
            _ => Self::Other,
        })
    }

    /// Takes it from a record that was just written, whose block goes on in `tail`.
    pub(in crate::archive) fn of_written(
        record: &Record,
        tail: Option<Tail<'_>>,
    ) -> io::Result<Self> {
        let mut gist = Self::of(record, &mut record.block.as_slice())?;
        match (&mut gist, tail) {
            (Self::Message(sums), Some(tail)) => sums.payload_length += tail.len(),
            // Its block is the tail.
            (Self::Document(digest), Some(Tail::Body(body))) => {
                *digest = Digest::known(body.sha256());
            }
            _ => {}
        }
        Ok(gist)
    }
}

/// Whether a response does not say its payload's digest.
pub(in crate::archive) fn lacks_digest(record: &Record) -> bool {
    record.kind == Kind::Response && record.field("WARC-Payload-Digest").is_none()
}

impl Entry {
    /// What a record is, by its block's gist. `original` finds the capture that a revisit refers to.
    pub(in crate::archive) fn of<E>(
        located: &Located,
        gist: Gist,
        warc: &str,
        original: impl FnOnce(&str) -> Result<Option<CaptureRow>, E>,
    ) -> Result<Self, E> {
        let record = &located.record;
        Ok(match gist {
            Gist::Message(sums) => {
                let Some(mut row) = capture(located, &sums, warc) else {
                    return Ok(Self::Other);
                };
                if let Some(id) = row.refers_to.clone()
                    && let Some(held) = original(&id)?
                {
                    row.capture.payload_length = held.capture.payload_length;
                    if row.capture.media_type.is_empty() {
                        row.capture.media_type = held.capture.media_type;
                    }
                }
                Self::Capture(Box::new(row))
            }
            Gist::Document(digest) => document(record, digest).unwrap_or(Self::Other),
            Gist::Run(told) => run(record, told).unwrap_or(Self::Other),
            Gist::Other => Self::Other,
        })
    }
}

/// What follows this beginning in a record's `WARC-Target-URI`.
fn named<'r>(record: &'r Record, beginning: &str) -> Option<&'r str> {
    bare(record.field("WARC-Target-URI")?).strip_prefix(beginning)
}

fn capture(located: &Located, sums: &Sums, warc: &str) -> Option<CaptureRow> {
    let record = &located.record;
    let head = http::read_head(&sums.head)?;
    let target_uri = bare(record.field("WARC-Target-URI")?).to_owned();
    let revisit = record.kind == Kind::Revisit;
    let digest = match record.field("WARC-Payload-Digest") {
        Some(text) => Digest::from_warc(text)?,
        None if revisit => return None,
        None => sums.payload?,
    };
    let media_type = head.field("content-type").unwrap_or_default();
    let media_type = media_type.split(';').next().unwrap_or_default().trim();
    Some(CaptureRow {
        urlkey: urlkey(&target_uri),
        location: redirect::told(&head.fields),
        refers_to: record.field("WARC-Refers-To").map(|id| bare(id).to_owned()),
        capture: Capture {
            record_id: record.id().to_owned(),
            timestamp: record.field("WARC-Date")?.parse().ok()?,
            status: head.status,
            media_type: media_type.to_ascii_lowercase(),
            digest,
            kind: if revisit {
                CaptureKind::Revisit
            } else {
                CaptureKind::Response
            },
            warc: warc.to_owned(),
            offset: located.offset,
            length: located.length,
            payload_length: sums.payload_length,
            truncated: record.field("WARC-Truncated").map(str::to_owned),
            target_uri,
        },
    })
}

fn document(record: &Record, digest: Digest) -> Option<Entry> {
    let name = percent_decode_str(named(record, DOCUMENT)?);
    Some(Entry::Document {
        name: name.decode_utf8_lossy().into_owned(),
        digest,
    })
}

fn run(record: &Record, told: Told) -> Option<Entry> {
    let id = named(record, RUN)?;
    let (finished, judge) = match told.run {
        Some(run) => (run.finished, run.judge),
        None => (None, None),
    };
    let outline = RunOutline {
        id: id.to_owned(),
        finished: match finished.filter(|finished| !finished.is_empty()) {
            Some(finished) => finished,
            None => record.field("WARC-Date")?.to_owned(),
        },
        judge,
        documents: told.documents.into_iter().map(|told| told.path).collect(),
    };
    Some(Entry::Run(outline, told.sources.unwrap_or_default()))
}

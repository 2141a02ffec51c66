//! What a record is to the catalogue. One way from record to row, for writing and for
//! reading back.

use crate::archive::warc::{Kind, Located, Record, Tail, bare, http};
use crate::archive::{Capture, CaptureKind, Digest, urlkey::urlkey};
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use std::io::BufReader;

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

/// What became of a source in a run.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub(in crate::archive) struct Outcome {
    #[serde(rename = "url")]
    pub(in crate::archive) source: String,
    pub(in crate::archive) status: String,
    pub(in crate::archive) reason_code: String,
}

/// A run's report, as far as something is looked for in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::archive) struct Run {
    pub(in crate::archive) id: String,
    pub(in crate::archive) finished: String,
    /// Names the judge, where claims were judged.
    pub(in crate::archive) judge: Option<String>,
    /// The documents' names.
    pub(in crate::archive) documents: Vec<String>,
    pub(in crate::archive) outcomes: Vec<Outcome>,
}

/// What a record is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::archive) enum Entry {
    Capture(Box<CaptureRow>),
    Document {
        name: String,
        digest: Digest,
    },
    Run(Run),
    /// Nothing that is looked for: a request, a warcinfo, a foreign record.
    Other,
}

impl Entry {
    /// Reads a record. `original` finds the capture that a revisit refers to.
    pub(in crate::archive) fn of<E>(
        located: &Located,
        warc: &str,
        original: impl FnOnce(&str) -> Result<Option<CaptureRow>, E>,
    ) -> Result<Self, E> {
        Self::of_written(located, None, warc, original)
    }

    /// The same for a record that was just written, whose block goes on in `tail`.
    pub(in crate::archive) fn of_written<E>(
        located: &Located,
        tail: Option<Tail<'_>>,
        warc: &str,
        original: impl FnOnce(&str) -> Result<Option<CaptureRow>, E>,
    ) -> Result<Self, E> {
        let record = &located.record;
        match record.kind {
            Kind::Response | Kind::Revisit => {
                let Some(mut row) = capture(located, warc) else {
                    return Ok(Self::Other);
                };
                row.capture.payload_length += tail.map_or(0, |tail| tail.len());
                if let Some(id) = row.refers_to.clone()
                    && let Some(held) = original(&id)?
                {
                    row.capture.payload_length = held.capture.payload_length;
                    if row.capture.media_type.is_empty() {
                        row.capture.media_type = held.capture.media_type;
                    }
                }
                Ok(Self::Capture(Box::new(row)))
            }
            Kind::Resource => Ok(document(record).unwrap_or(Self::Other)),
            Kind::Metadata => {
                let told = match tail {
                    Some(Tail::Body(body)) => {
                        serde_json::from_reader(BufReader::new(body.reader()))
                    }
                    _ => serde_json::from_slice(&record.block),
                };
                Ok(told
                    .ok()
                    .and_then(|told| run(record, told))
                    .unwrap_or(Self::Other))
            }
            Kind::Request | Kind::Warcinfo | Kind::Other => Ok(Self::Other),
        }
    }
}

fn capture(located: &Located, warc: &str) -> Option<CaptureRow> {
    let record = &located.record;
    let head = http::read_head(&record.block)?;
    let target_uri = bare(record.field("WARC-Target-URI")?).to_owned();
    let revisit = record.kind == Kind::Revisit;
    let digest = match record.field("WARC-Payload-Digest") {
        Some(text) => Digest::from_warc(text)?,
        None if revisit => return None,
        None => Digest::of(record.payload()),
    };
    let media_type = head.field("content-type").unwrap_or_default();
    let media_type = media_type.split(';').next().unwrap_or_default().trim();
    Some(CaptureRow {
        urlkey: urlkey(&target_uri),
        location: head.field("location"),
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
            payload_length: record.payload().len() as u64,
            truncated: record.field("WARC-Truncated").map(str::to_owned),
            target_uri,
        },
    })
}

fn document(record: &Record) -> Option<Entry> {
    let name = bare(record.field("WARC-Target-URI")?).strip_prefix(DOCUMENT)?;
    Some(Entry::Document {
        name: percent_decode_str(name).decode_utf8_lossy().into_owned(),
        digest: Digest::of(&record.block),
    })
}

/// Of a run's report, what the catalogue has.
#[derive(Deserialize)]
struct Told {
    run: Option<ToldRun>,
    #[serde(default)]
    documents: Vec<ToldDocument>,
    #[serde(default)]
    sources: Option<Vec<Outcome>>,
}

#[derive(Deserialize)]
struct ToldRun {
    finished: Option<String>,
    judge: Option<String>,
}

#[derive(Deserialize)]
struct ToldDocument {
    #[serde(default)]
    path: String,
}

fn run(record: &Record, told: Told) -> Option<Entry> {
    let id = bare(record.field("WARC-Target-URI")?).strip_prefix(RUN)?;
    let (finished, judge) = match told.run {
        Some(run) => (run.finished, run.judge),
        None => (None, None),
    };
    Some(Entry::Run(Run {
        id: id.to_owned(),
        finished: match finished.filter(|finished| !finished.is_empty()) {
            Some(finished) => finished,
            None => record.field("WARC-Date")?.to_owned(),
        },
        judge,
        documents: told.documents.into_iter().map(|told| told.path).collect(),
        outcomes: told.sources.unwrap_or_default(),
    }))
}

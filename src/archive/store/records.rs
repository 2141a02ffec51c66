//! Which records a thing becomes.

use super::super::catalogue::{CaptureRow, Catalogue, DOCUMENT, RUN};
use super::super::urlkey::urlkey;
use super::super::warc::{Effort, Kind, Packed, Record, Tail, date_text, http, pack};
use super::super::{ArchiveError, Digest};
use super::Settings;
use crate::clock::Clock;
use crate::fetch::{Body, Exchange, Fetched, Field, Truncation};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use std::sync::Arc;

/// The two revisit profiles of WARC 1.1, section 6.7.
const IDENTICAL: &str = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest";
pub(super) const NOT_MODIFIED: &str = "http://netpreserve.org/warc/1.1/revisit/server-not-modified";

/// What is left as it is in a document's name.
const PLAIN: AsciiSet = NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/');

/// Bytes that are stored in less time than a thread is woken in, and back: about 40 µs.
const QUICK: usize = 32 << 10;
/// Times that as many bytes take longer where they are compressed.
const COMPRESSED: usize = 8;

/// What is known of a payload that a fetch may bring again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Known {
    /// Nothing.
    #[default]
    Nothing,
    /// The archive has the payload with this digest.
    Held(Digest),
    /// It had it; what holds it cannot be read any more.
    Lost(Digest),
}

/// A fetch with all done for it that can be done without the archive: digests, compression.
#[derive(Debug)]
pub struct Ready {
    fetched: Arc<Fetched>,
    /// By exchange.
    blocks: Vec<Block>,
    known: Known,
}

/// The block of a response as it will be kept, if it will be.
#[derive(Debug)]
struct Block {
    head: Vec<u8>,
    digest: Digest,
    packed: Option<Packed>,
}

impl Ready {
    /// Makes a fetch ready to be kept; for any thread. A body that is known to be held will become
    /// a revisit, and is not compressed for nothing; one that was lost is kept anew.
    ///
    /// # Errors
    /// When a body's file cannot be read.
    pub fn new(fetched: Arc<Fetched>, known: Known) -> std::io::Result<Self> {
        let mut blocks = Vec::with_capacity(fetched.exchanges.len());
        for exchange in &fetched.exchanges {
            let body = &exchange.response.body;
            let head = http::response_head(exchange, Some(body.len()));
            let held = known == Known::Held(Digest::known(body.sha256()));
            blocks.push(Block {
                digest: Digest::of_parts(&head, body.reader())?,
                packed: match held {
                    true => None,
                    false => pack(body, effort(exchange))?,
                },
                head,
            });
        }
        Ok(Self {
            fetched,
            blocks,
            known,
        })
    }

    /// Whether a fetch is made ready in less time than it takes to have another thread do it.
    #[must_use]
    pub fn is_quick(fetched: &Fetched) -> bool {
        let bytes = fetched.exchanges.iter().map(|exchange| {
            let body = &exchange.response.body;
            match (body.in_memory(), effort(exchange)) {
                (Some(bytes), Effort::Store) => bytes.len(),
                (Some(bytes), _) => bytes.len().saturating_mul(COMPRESSED),
                (None, _) => usize::MAX,
            }
        });
        bytes.fold(0, usize::saturating_add) <= QUICK
    }

    /// Its exchanges, in order, with their blocks.
    pub(super) fn parts(&self) -> impl Iterator<Item = Part<'_>> {
        self.fetched
            .exchanges
            .iter()
            .zip(&self.blocks)
            .map(|(exchange, block)| Part {
                exchange,
                block,
                known: self.known,
            })
    }
}

/// One exchange of a fetch that is ready.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part<'r> {
    exchange: &'r Exchange,
    block: &'r Block,
    known: Known,
}

/// The records of an exchange.
pub(super) struct Pair<'r> {
    /// A `response` or a `revisit`.
    pub(super) response: Record,
    /// The body of a `response`.
    pub(super) tail: Option<Tail<'r>>,
    pub(super) effort: Effort,
    /// None where an earlier one of the file tells the same.
    pub(super) request: Option<Record>,
}

/// The fields of the first conditional request in a file whose answer was a `304`: the requests
/// of further ones, which are the same but for address and validators, are not kept. Night after
/// night they would say nothing new.
#[derive(Debug, Default)]
pub(super) struct Spoken(Option<Vec<Field>>);

const VALIDATORS: [(&str, &str, &str); 2] = [
    ("if-none-match", "etag", "X-Request-If-None-Match"),
    (
        "if-modified-since",
        "last-modified",
        "X-Request-If-Modified-Since",
    ),
];

impl Spoken {
    /// Whether the file tells this request already.
    fn tells(&mut self, exchange: &Exchange) -> bool {
        let address_or_validator = |name: &str| {
            name.eq_ignore_ascii_case("host")
                || VALIDATORS
                    .iter()
                    .any(|(field, _, _)| name.eq_ignore_ascii_case(field))
        };
        let fields = exchange.request_fields.iter();
        let common: Vec<Field> = fields
            .filter(|(name, _)| !address_or_validator(name))
            .cloned()
            .collect();
        if exchange.method != "GET" || http::withholds(&exchange.request_fields) {
            return false;
        }
        match &self.0 {
            Some(first) => *first == common,
            None => {
                self.0 = Some(common);
                false
            }
        }
    }
}

/// The first record of every file.
pub(super) fn warcinfo(name: &str, settings: &Settings, clock: &Clock) -> Record {
    let mut text = String::new();
    let mut line = |name: &str, value: &str| {
        text.push_str(&format!("{name}: {}\r\n", value.replace(['\r', '\n'], " ")));
    };
    line("software", concat!("ibid/", env!("CARGO_PKG_VERSION")));
    line("format", "WARC File Format 1.1");
    line(
        "conformsTo",
        "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
    );
    line(
        "description",
        "Sources cited by documents. Heads of messages are written again from their fields as HTTP/1.1, \
         whatever the protocol was (WARC-Protocol); transfer codings are undone, content codings kept; \
         values of Cookie and Authorization are withheld. The request of a 304 without a request record was \
         that of the first 304 in this file, but for its address (WARC-Target-URI) and its validators: the ETag \
         and Last-Modified of the answer, where X-Request-If-None-Match and X-Request-If-Modified-Since do not \
         say otherwise.",
    );
    if !settings.user_agent.is_empty() {
        line("http-header-user-agent", &settings.user_agent);
    }
    for (name, value) in &settings.fields {
        line(name, value);
    }
    let mut record = Record::new(
        Kind::Warcinfo,
        clock.fresh_id(),
        clock.now(),
        text.into_bytes(),
    );
    record.set("WARC-Filename", name);
    record.set("Content-Type", "application/warc-fields");
    block_digest(&mut record);
    record
}

/// A citing document.
pub(super) fn document(name: &str, media_type: &str, document: &Body, clock: &Clock) -> Record {
    let mut record = Record::new(Kind::Resource, clock.fresh_id(), clock.now(), Vec::new());
    let name = utf8_percent_encode(name, &PLAIN);
    record.set("WARC-Target-URI", &format!("{DOCUMENT}{name}"));
    record.set("Content-Type", media_type);
    // Its block is its payload: one digest tells both, and fastwarc reads a second one wrongly.
    block_is(&mut record, document);
    record
}

/// A run's report; its block is the report.
pub(super) fn run(id: &str, report_json: &Body, clock: &Clock) -> Record {
    let mut record = Record::new(Kind::Metadata, clock.fresh_id(), clock.now(), Vec::new());
    record.set("WARC-Target-URI", &format!("{RUN}{id}"));
    record.set("Content-Type", "application/json");
    block_is(&mut record, report_json);
    record
}

/// An exchange: the response, or a revisit where its payload is held already, and the request.
pub(super) fn of_exchange<'r>(
    part: Part<'r>,
    catalogue: &Catalogue,
    spoken: &mut Spoken,
    clock: &Clock,
) -> Result<Pair<'r>, ArchiveError> {
    let Part {
        exchange,
        block,
        known,
    } = part;
    let target = http::target_uri(&exchange.target_uri);
    let body = &exchange.response.body;
    let digest = Digest::known(body.sha256());
    let original = match known {
        Known::Lost(lost) if lost == digest => None,
        _ => original(exchange, &target, &digest, known, catalogue)?,
    };

    let (head, block_sum, tail) = if original.is_some() {
        let head = http::response_head(exchange, None);
        let digest = Digest::of(&head);
        (head, digest, None)
    } else {
        let tail = match &block.packed {
            Some(packed) => Tail::Packed(packed, body.len()),
            None => Tail::Body(body),
        };
        (block.head.clone(), block.digest, Some(tail))
    };
    let (kind, effort) = match original {
        Some(_) => (Kind::Revisit, Effort::Shrink),
        None => (Kind::Response, effort(exchange)),
    };
    let mut response = Record::new(kind, clock.fresh_id(), exchange.started, head);
    response.set("WARC-Target-URI", &target);
    common_fields(&mut response, exchange);
    response.set("Content-Type", "application/http;msgtype=response");
    match &original {
        Some(original) => {
            let not_modified = exchange.response.status == 304;
            let profile = if not_modified {
                NOT_MODIFIED
            } else {
                IDENTICAL
            };
            let held = &original.capture;
            response.set("WARC-Profile", profile);
            response.set("WARC-Refers-To", &format!("<{}>", held.record_id));
            response.set("WARC-Refers-To-Target-URI", &held.target_uri);
            response.set("WARC-Refers-To-Date", &date_text(held.timestamp));
            response.set("WARC-Payload-Digest", &held.digest.to_warc());
        }
        None => response.set("WARC-Payload-Digest", &digest.to_warc()),
    }
    if let Some(why) = exchange.response.truncated {
        response.set(
            "WARC-Truncated",
            match why {
                Truncation::Length => "length",
                Truncation::Time => "time",
                Truncation::Disconnect => "disconnect",
            },
        );
    }
    response.set("WARC-Block-Digest", &block_sum.to_warc());

    let not_modified = original.is_some() && exchange.response.status == 304;
    if not_modified && spoken.tells(exchange) {
        for (asked, answered, field) in VALIDATORS {
            let sent = http::field(&exchange.request_fields, asked);
            if sent != exchange.response.field(answered) {
                response.set(field, sent.as_deref().unwrap_or("-"));
            }
        }
        return Ok(Pair {
            response,
            tail,
            effort,
            request: None,
        });
    }
    let mut request = Record::new(
        Kind::Request,
        clock.fresh_id(),
        exchange.started,
        http::request_block(exchange),
    );
    request.set("WARC-Target-URI", &target);
    request.set("WARC-Concurrent-To", &format!("<{}>", response.id()));
    common_fields(&mut request, exchange);
    request.set("Content-Type", "application/http;msgtype=request");
    block_digest(&mut request);
    Ok(Pair {
        response,
        tail,
        effort,
        request: Some(request),
    })
}

fn common_fields(record: &mut Record, exchange: &Exchange) {
    if let Some(peer) = exchange.peer {
        record.set("WARC-IP-Address", &peer.to_string());
    }
    record.set("WARC-Protocol", exchange.protocol);
}

/// The digest of a block that is all of this body.
fn block_is(record: &mut Record, body: &Body) {
    let digest = Digest::known(body.sha256());
    record.set("WARC-Block-Digest", &digest.to_warc());
}

fn block_digest(record: &mut Record) {
    let digest = Digest::of(&record.block).to_warc();
    record.set("WARC-Block-Digest", &digest);
}

/// The held capture whose payload this one has, if it may be referred to.
///
/// A payload that was cut short stands for nothing but itself. An empty payload, or one that
/// goes with another status than 200, is common to many addresses that have nothing else in
/// common; there the address and the status have to be the same as well.
fn original(
    exchange: &Exchange,
    target: &str,
    digest: &Digest,
    known: Known,
    catalogue: &Catalogue,
) -> Result<Option<CaptureRow>, ArchiveError> {
    let response = &exchange.response;
    if response.truncated.is_some() {
        return Ok(None);
    }
    let key = urlkey(target);
    if response.status == 304 {
        // A revisit confirmed what this one confirms; what was no page had no validators to ask with.
        let confirmed = |row: &CaptureRow| {
            row.capture.truncated.is_none()
                && (matches!(row.capture.status, 200..=299)
                    || (row.capture.status == 304 && row.refers_to.is_some()))
        };
        // It was asked by the validators of the payload that is known to be held.
        let asked_by = |row: &CaptureRow| known == Known::Held(row.capture.digest);
        let find = |which: &dyn Fn(&CaptureRow) -> bool| {
            catalogue.latest_that(&key, |row| Ok(which(&row).then_some(row)))
        };
        let earlier = match find(&|row| confirmed(row) && asked_by(row))? {
            Some(row) => Some(row),
            None => find(&confirmed)?,
        };
        return match earlier {
            Some(row) => holder(row, catalogue),
            None => Ok(None),
        };
    }
    let holders = catalogue.holders(digest, &key)?;
    let plain = response.status == 200 && !response.body.is_empty();
    Ok(holders.into_iter().find(|row| {
        let same = row.urlkey == key && row.capture.status == response.status;
        same || (plain && row.capture.status == 200)
    }))
}

/// The capture that holds the payload of this one: itself, or what it refers to.
fn holder(row: CaptureRow, catalogue: &Catalogue) -> Result<Option<CaptureRow>, ArchiveError> {
    match &row.refers_to {
        None => Ok(Some(row)),
        Some(id) => catalogue.by_id(id),
    }
}

/// Coded payloads and pictures do not shrink.
fn effort(exchange: &Exchange) -> Effort {
    let response = &exchange.response;
    let coded = response
        .field("content-encoding")
        .is_some_and(|coding| !coding.is_empty() && !coding.eq_ignore_ascii_case("identity"));
    let media_type = response
        .field("content-type")
        .unwrap_or_default()
        .to_ascii_lowercase();
    let dense = [
        "image/",
        "video/",
        "audio/",
        "application/zip",
        "application/gzip",
        "application/pdf",
        "font/",
    ]
    .iter()
    .any(|kind| media_type.starts_with(kind) && !media_type.starts_with("image/svg"));
    if coded || dense {
        Effort::Store
    } else {
        Effort::Compress
    }
}

//! WARC 1.1 (ISO 28500:2017) as values and as bytes. Pure: no files.
//!
//! **In:** records, or a stream of gzip members. **Out:** the other one. **Not here:** what
//! records mean to the archive (`store`), and where their bytes lie (`segment`).
//!
//! Every record is a gzip member of its own (WARC 1.1, annex D.2), so that one can be read
//! without those before it. `http` writes and reads the heads of HTTP messages in blocks.

mod block;
pub mod http;
mod read;
mod search;
mod stream;
mod sums;
mod write;

pub use read::{Damage, Located, Reader, open, read_start};
pub use sums::{Sums, Wanted, read_head};
pub use write::{Effort, Packed, Tail, member, pack, write};

/// What kind of record (WARC 1.1, section 6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Describes the records that follow it in the file.
    Warcinfo,
    /// A response as received.
    Response,
    /// A request as sent.
    Request,
    /// A resource without protocol: here, a citing document.
    Resource,
    /// What is said about other records: here, a run's report.
    Metadata,
    /// A capture whose payload is held by an earlier record.
    Revisit,
    /// Any other.
    Other,
}

impl Kind {
    /// As in `WARC-Type`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Warcinfo => "warcinfo",
            Self::Response => "response",
            Self::Request => "request",
            Self::Resource => "resource",
            Self::Metadata => "metadata",
            Self::Revisit => "revisit",
            Self::Other => "unknown",
        }
    }

    fn of(word: &str) -> Self {
        [
            Self::Warcinfo,
            Self::Response,
            Self::Request,
            Self::Resource,
            Self::Metadata,
            Self::Revisit,
        ]
        .into_iter()
        .find(|kind| kind.word().eq_ignore_ascii_case(word))
        .unwrap_or(Self::Other)
    }
}

/// A record: named fields and a block. `Content-Length` is not among the fields; the block tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its kind.
    pub kind: Kind,
    /// Its named fields without `WARC-Type` and `Content-Length`, in order.
    pub fields: Vec<(String, String)>,
    /// Its block.
    pub block: Vec<u8>,
}

impl Record {
    /// A record with its identifier and date.
    #[must_use]
    pub fn new(kind: Kind, id: uuid::Uuid, date: jiff::Timestamp, block: Vec<u8>) -> Self {
        let mut record = Self {
            kind,
            fields: Vec::new(),
            block,
        };
        record.set("WARC-Record-ID", &format!("<urn:uuid:{id}>"));
        record.set("WARC-Date", &date_text(date));
        record
    }

    /// Adds a field. Line breaks in it become spaces: no value can add a field of its own.
    pub fn set(&mut self, name: &str, value: &str) {
        self.fields.push((name.to_owned(), one_line(value)));
    }

    /// The first field of that name, any case.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|(field, _)| field.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// `WARC-Record-ID` without its angle brackets; empty when there is none.
    #[must_use]
    pub fn id(&self) -> &str {
        bare(self.field("WARC-Record-ID").unwrap_or_default())
    }

    /// The payload: the body of an HTTP message, the whole block of anything else
    /// (WARC 1.1, section 2.2).
    #[must_use]
    pub fn payload(&self) -> &[u8] {
        match self.kind {
            Kind::Response | Kind::Request | Kind::Revisit => {
                let head = http::head_length(&self.block);
                self.block.get(head..).unwrap_or_default()
            }
            _ => &self.block,
        }
    }
}

/// A URI without the angle brackets that some fields have around it.
#[must_use]
pub fn bare(uri: &str) -> &str {
    uri.trim().trim_start_matches('<').trim_end_matches('>')
}

/// `WARC-Date` to the microsecond (WARC 1.1, section 5.4); of one width, so that it sorts.
#[must_use]
pub fn date_text(moment: jiff::Timestamp) -> String {
    moment.strftime("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
}

fn one_line(text: &str) -> String {
    text.replace(['\r', '\n', '\0'], " ")
}

//! What an address answers, and what goes wrong while it does.

use super::Seen;
use bytes::Bytes;
use std::time::Duration;

/// A fault on demand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The connection is closed before anything is said.
    CloseBeforeAnswer,
    /// The connection is reset.
    Reset,
    /// Nothing is said, and the connection stays open.
    StallBeforeHead,
    /// The head and that many bytes of the body are sent, then nothing more.
    StallInBody(usize),
    /// The body comes in pieces of that many bytes with pauses.
    Drip {
        /// Bytes of a piece.
        bytes: usize,
        /// Pause after each.
        every: Duration,
    },
    /// The connection is closed after that many bytes of the body, fewer than were announced.
    CutBody(usize),
    /// The body is chunked, and a chunk's length is no number.
    BadChunk,
    /// What is said is not HTTP.
    Junk,
    /// The head holds that many bytes of header fields.
    HugeHead(usize),
    /// The body never ends.
    Endless,
    /// These bytes instead of an answer, then the end of the connection.
    Raw(&'static [u8]),
    /// These bytes, then those again and again for as long as anyone listens.
    Forever(&'static [u8], &'static [u8]),
    /// These bytes one by one, with a pause after each.
    RawDrip(&'static [u8], Duration),
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Answer {
    pub(super) status: u16,
    pub(super) fields: Vec<(String, String)>,
    pub(super) body: Bytes,
    pub(super) chunked: bool,
    pub(super) fault: Option<Fault>,
}

impl Answer {
    /// 200 with a body of that media type.
    #[must_use]
    pub fn of(media_type: &str, body: impl Into<Bytes>) -> Self {
        Self {
            status: 200,
            fields: vec![("Content-Type".to_owned(), media_type.to_owned())],
            body: body.into(),
            chunked: false,
            fault: None,
        }
    }

    /// 200 with an HTML page.
    #[must_use]
    pub fn html(page: &str) -> Self {
        Self::of("text/html; charset=utf-8", page.to_owned())
    }

    /// 200 with plain text.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self::of("text/plain; charset=utf-8", text.to_owned())
    }

    /// A redirect.
    #[must_use]
    pub fn redirect(status: u16, location: &str) -> Self {
        Self {
            status,
            fields: vec![("Location".to_owned(), location.to_owned())],
            body: Bytes::new(),
            chunked: false,
            fault: None,
        }
    }

    /// 404.
    #[must_use]
    pub fn not_found() -> Self {
        Self::html("<!doctype html><title>404</title><h1>Not found</h1>").status(404)
    }

    /// A fault instead of an answer, or with a body of a thousand bytes where it needs one.
    #[must_use]
    pub fn fault(fault: Fault) -> Self {
        Self::text(&"0123456789".repeat(100)).with(fault)
    }

    /// The same with this fault.
    #[must_use]
    pub const fn with(mut self, fault: Fault) -> Self {
        self.fault = Some(fault);
        self
    }

    /// The same with another status code.
    #[must_use]
    pub const fn status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// The same with a further header field.
    #[must_use]
    pub fn field(mut self, name: &str, value: &str) -> Self {
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same, sent in chunks.
    #[must_use]
    pub const fn chunked(mut self) -> Self {
        self.chunked = true;
        self
    }

    /// The same with an `ETag`; a request that names it gets 304.
    #[must_use]
    pub fn etag(self, tag: &str) -> Self {
        self.field("ETag", tag)
    }

    /// Where it redirects to.
    #[must_use]
    pub fn location(&self) -> Option<&str> {
        self.named("Location")
    }

    fn named(&self, name: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|(field, _)| field.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// Becomes 304 when the request's condition holds (RFC 9110, section 13.1.2).
    pub(super) fn settle(self, seen: &Seen) -> Self {
        let unchanged = match (self.named("ETag"), seen.field("if-none-match")) {
            (Some(tag), Some(asked)) => tag == asked,
            _ => false,
        };
        if !unchanged {
            return self;
        }
        let mut fields = self.fields;
        fields.retain(|(name, _)| name.eq_ignore_ascii_case("etag"));
        Self {
            status: 304,
            fields,
            body: Bytes::new(),
            chunked: false,
            fault: None,
        }
    }
}

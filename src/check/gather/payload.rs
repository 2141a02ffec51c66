//! From a payload to its text.

use super::super::reader::Reader;
use crate::archive::Held;
use crate::evidence::{SourceText, main_text, wall};
use crate::fetch::{Body, Exchange, coding};
use crate::limits::Limits;
use std::sync::Arc;
use url::Url;

/// Bytes of a page or a plain text that are read; what follows is kept and not read.
const READ_AT_MOST: u64 = 8 << 20;
/// What formats that are read whole begin with: PDF, packages, office files, RTF.
const WHOLE: [&[u8]; 4] = [b"%PDF-", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"{\\rtf"];

/// A payload with what is needed to read it.
pub(super) struct Payload {
    body: Body,
    content_type: Option<String>,
    content_encoding: Option<String>,
    cut: bool,
}

/// The text of a page, and the wall that it may be.
pub(super) struct Page {
    pub(super) text: Arc<SourceText>,
    pub(super) wall: Option<wall::Wall>,
}

impl Page {
    pub(super) fn unreadable(why: String) -> Self {
        Self {
            text: Arc::new(SourceText {
                unreadable: Some(why),
                ..SourceText::default()
            }),
            wall: None,
        }
    }
}

impl Payload {
    pub(super) fn of_answer(answer: &Exchange) -> Self {
        Self {
            body: answer.response.body.clone(),
            content_type: answer.response.field("content-type"),
            content_encoding: answer.response.field("content-encoding"),
            cut: answer.response.truncated.is_some(),
        }
    }

    pub(super) fn of_held(held: Held) -> Self {
        Self {
            content_type: held.field("content-type"),
            content_encoding: held.field("content-encoding"),
            cut: held.capture.truncated.is_some(),
            body: held.payload,
        }
    }

    /// The bytes that are read, content coding undone.
    fn decoded(&self, limits: &Limits) -> Result<Vec<u8>, String> {
        let failed = |error: std::io::Error| format!("its body could not be read back: {error}");
        let coding = self.content_encoding.as_deref().unwrap_or_default();
        let coded = !matches!(coding.trim(), "" | "identity");
        let start = self.body.first(8).map_err(failed)?;
        let whole = coded || WHOLE.iter().any(|magic| start.starts_with(magic));
        // A capture from elsewhere may be larger than anything that is fetched.
        let most = limits.max_body_bytes.max(limits.max_document_bytes);
        if whole && self.body.len() > most {
            return Err(format!("it has more than {most} bytes"));
        }
        let bytes = if whole {
            self.body.bytes()
        } else {
            self.body.first(READ_AT_MOST)
        };
        let bytes = bytes.map_err(failed)?;
        if !coded {
            return Ok(bytes.into());
        }
        let most = limits.max_decoded_bytes;
        let mut decoded = if self.cut {
            coding::decode_partial(Some(coding), &bytes, most)?
        } else {
            coding::decode(Some(coding), &bytes, most)?
        };
        if !WHOLE.iter().any(|magic| decoded.starts_with(magic)) {
            decoded.truncate(usize::try_from(READ_AT_MOST).unwrap_or(usize::MAX));
        }
        Ok(decoded)
    }

    pub(super) fn read(self, url: &Url, limits: &Limits) -> Page {
        match self.decoded(limits) {
            Ok(bytes) => {
                let content_type = self.content_type;
                // The body is not needed any more, and may be large.
                drop(self.body);
                let text = main_text::read(&bytes, content_type.as_deref(), url, limits);
                Page {
                    wall: wall::wall(&text),
                    text: Arc::new(text),
                }
            }
            Err(why) => Page::unreadable(why),
        }
    }
}

/// The text of an archived payload, as a check reads it.
#[must_use]
pub fn text_of_held(held: Held, limits: &Limits) -> SourceText {
    let text = text_by(&Reader::new(limits.read_time), held, limits);
    text.map(Arc::unwrap_or_clone).unwrap_or_default()
}

/// The same for one who reads several: of them, too, only so many may be past their deadline. None
/// where what was captured is no address.
pub(in crate::check) fn text_by(
    reader: &Reader,
    held: Held,
    limits: &Limits,
) -> Option<Arc<SourceText>> {
    let url = Url::parse(&held.capture.target_uri).ok()?;
    let limits = *limits;
    let page = reader
        .read(move || Payload::of_held(held).read(&url, &limits))
        .unwrap_or_else(|why| Page::unreadable(why.to_string()));
    Some(page.text)
}

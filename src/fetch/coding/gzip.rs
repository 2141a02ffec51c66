//! All members of a gzip body, one after the other (RFC 1952, section 2.2).

use super::Counted;
use flate2::bufread::GzDecoder;
use std::io::{self, Read};

/// What a member begins with.
const MAGIC: [u8; 2] = [0x1f, 0x8b];

pub(super) struct Members<'b>(Option<GzDecoder<Counted<'b>>>);

impl<'b> Members<'b> {
    pub(super) fn new(coded: Counted<'b>) -> Self {
        Self(Some(GzDecoder::new(coded)))
    }
}

impl Read for Members<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while let Some(member) = &mut self.0 {
            let count = member.read(into)?;
            if count > 0 || into.is_empty() {
                return Ok(count);
            }
            // What follows the last is left alone, as browsers leave it.
            let rest = self.0.take().map(GzDecoder::into_inner);
            let more = rest.filter(|rest| rest.rest.starts_with(&MAGIC));
            self.0 = more.map(GzDecoder::new);
        }
        Ok(0)
    }
}

//! All frames of a zstd body, one after the other (RFC 8878, section 3.1); the decoder knows one.

use super::Counted;
use ruzstd::decoding::{FrameDecoder, StreamingDecoder};
use std::io::{self, Read};

/// The magic number of a frame, and of frames that hold nothing for us (sections 3.1.1 and 3.1.2).
const FRAME: u32 = 0xfd2f_b528;
const SKIPPABLE: std::ops::RangeInclusive<u32> = 0x184d_2a50..=0x184d_2a5f;

pub(super) struct Frames<'b> {
    /// What follows the frame that is read.
    coded: Option<Counted<'b>>,
    frame: Option<StreamingDecoder<Counted<'b>, FrameDecoder>>,
    has_begun: bool,
}

impl<'b> Frames<'b> {
    pub(super) const fn new(coded: Counted<'b>) -> Self {
        Self {
            coded: Some(coded),
            frame: None,
            has_begun: false,
        }
    }

    /// Begins the next frame; says whether there is one. What follows the last is left alone.
    fn begin(&mut self) -> io::Result<bool> {
        let Some(mut coded) = self.coded.take() else {
            return Ok(false);
        };
        loop {
            match number(coded.rest) {
                Some(FRAME) => {
                    let frame = StreamingDecoder::new(coded).map_err(io::Error::other)?;
                    self.frame = Some(frame);
                    self.has_begun = true;
                    return Ok(true);
                }
                Some(magic) if SKIPPABLE.contains(&magic) => {
                    let length = coded.rest.get(4..).and_then(number).unwrap_or(u32::MAX);
                    let skipped = u64::from(length) + 8;
                    io::copy(&mut coded.by_ref().take(skipped), &mut io::sink())?;
                    self.has_begun = true;
                }
                _ if self.has_begun => return Ok(false),
                _ => return Err(io::ErrorKind::InvalidData.into()),
            }
        }
    }
}

impl Read for Frames<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            if let Some(frame) = &mut self.frame {
                let count = frame.read(into)?;
                if count > 0 || into.is_empty() {
                    return Ok(count);
                }
                self.coded = self.frame.take().map(StreamingDecoder::into_inner);
            }
            if !self.begin()? {
                return Ok(0);
            }
        }
    }
}

/// The first four bytes as a number, the lowest first.
fn number(bytes: &[u8]) -> Option<u32> {
    bytes.first_chunk().copied().map(u32::from_le_bytes)
}

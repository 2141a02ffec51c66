//! Streams that unpack to more than is taken, told before the file is read.
//!
//! **In:** the bytes of a file. **Out:** whether a stream in it is a bomb. **Not here:**
//! which object a stream belongs to; the library that reads the file unpacks a stream as a
//! whole, and cannot be told to stop.
//!
//! Only what begins as zlib data is looked at, once or twice packed: one byte of it unpacks to
//! 1032 at most (RFC 1951, a match of 258 bytes in two bits), twice packed to a million. LZW
//! and packed data inside of hexadecimal or base-85 digits, or of an encrypted file, are not
//! seen here.

use crate::document::DocumentError;
use crate::limits::Exhausted;
use flate2::{Decompress, FlushDecompress, Status};

/// Bytes of one stream. A poster in four colours, A0 at 200 dots per inch, has 250 MB.
const MAX_STREAM_BYTES: usize = 256 << 20;

/// The most that deflated data can grow.
const MAX_RATIO: usize = 1032;

/// Looks at every stream of a file.
///
/// # Errors
/// [`DocumentError::TooLarge`]
pub(super) fn check(bytes: &[u8]) -> Result<(), DocumentError> {
    let mut at = 0;
    while let Some(found) = bytes
        .get(at..)
        .and_then(|rest| rest.iter().position(|byte| *byte == b's'))
    {
        let start = at + found;
        at = start + 1;
        let Some(data) = bytes
            .get(start..)
            .and_then(|rest| rest.strip_prefix(b"stream"))
        else {
            continue;
        };
        // A line end follows the keyword (ISO 32000-2, section 7.3.8.1).
        let data = data.strip_prefix(b"\r").unwrap_or(data);
        let Some(data) = data.strip_prefix(b"\n") else {
            continue;
        };
        if is_zlib(data) && is_bomb(data) {
            return Err(DocumentError::TooLarge(Exhausted {
                what: "bytes in one stream of a PDF",
                limit: MAX_STREAM_BYTES as u64,
            }));
        }
    }
    Ok(())
}

/// Whether data begins as a zlib stream does (RFC 1950, section 2.2).
fn is_zlib(data: &[u8]) -> bool {
    matches!(data, [method, flags, ..]
        if method & 0x0f == 8 && (u16::from(*method) << 8 | u16::from(*flags)).is_multiple_of(31))
}

fn is_bomb(data: &[u8]) -> bool {
    let mut outer = Unpacking::new();
    let mut inner: Option<Unpacking> = None;
    let mut input = data;
    loop {
        let Some((used, out, total)) = outer.step(input) else {
            return false;
        };
        // The first bytes tell whether what was packed is packed again.
        if total == out.len() && is_zlib(out) {
            inner = Some(Unpacking::new());
        }
        if total > MAX_STREAM_BYTES {
            return true;
        }
        if let Some(unpacking) = &mut inner {
            let mut rest = out;
            while let Some((used, out, total)) = unpacking.step(rest) {
                // Nobody packs three times without meaning harm.
                if total > MAX_STREAM_BYTES || (total == out.len() && is_zlib(out)) {
                    return true;
                }
                rest = rest.get(used..).unwrap_or_default();
                if rest.is_empty() {
                    break;
                }
            }
        } else if input.len().saturating_mul(MAX_RATIO) + total <= MAX_STREAM_BYTES {
            // What is left of the file cannot reach the bound.
            return false;
        }
        input = input.get(used..).unwrap_or_default();
    }
}

/// Unpacks into a buffer that is used again and again; only counts.
struct Unpacking {
    inflater: Decompress,
    buffer: Vec<u8>,
    total: usize,
    ended: bool,
}

impl Unpacking {
    fn new() -> Self {
        Self {
            inflater: Decompress::new(true),
            buffer: vec![0; 64 << 10],
            total: 0,
            ended: false,
        }
    }

    /// How much of the input was used, what came out, and how much has come out so far;
    /// nothing more at the end or at damage.
    fn step(&mut self, input: &[u8]) -> Option<(usize, &[u8], usize)> {
        if self.ended {
            return None;
        }
        let (before_in, before_out) = (self.inflater.total_in(), self.inflater.total_out());
        let status = self
            .inflater
            .decompress(input, &mut self.buffer, FlushDecompress::None);
        self.ended = !matches!(status, Ok(Status::Ok));
        let used = usize::try_from(self.inflater.total_in() - before_in).ok()?;
        let out = usize::try_from(self.inflater.total_out() - before_out).ok()?;
        if used == 0 && out == 0 {
            return None;
        }
        self.total += out;
        Some((used, self.buffer.get(..out)?, self.total))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::ZlibEncoder;
    use std::io::Write;

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn a_stream_is_a_bomb_when_it_grows_too_much() {
        let check = |data: &[u8], expected: bool| {
            let file = [
                b"%PDF-1.7\n1 0 obj\n<< >>\nstream\r\n",
                data,
                b"\nendstream",
            ]
            .concat();
            assert_eq!(check(&file).is_err(), expected, "{} bytes", data.len());
        };
        let mebibyte = vec![b' '; 1 << 20];
        let fine = packed(&mebibyte.repeat(200));
        let bomb = packed(&mebibyte.repeat(257));
        check(&fine, false);
        check(&packed(&fine), false);
        check(&bomb, true);
        check(&packed(&bomb), true);
        check(&packed(&packed(&packed(b"rain"))), true);
        check(&packed(&packed(b"rain")), false);
        check(b"x\x9cnot packed at all", false);
        check(b"", false);
        check(&bomb[..100], false);
    }
}

//! Undoes content codings, within bounds.
//!
//! **In:** a payload as received and its `Content-Encoding`. **Out:** the decoded bytes, or
//! a clause that says why not. A coding that grows without end ("decompression bomb") is cut
//! off by its bound, or sooner by how much it makes of how little; not by memory.

mod gzip;
mod zstd;

use super::Body;
use crate::limits::Limits;
use std::cell::Cell;
use std::io::{BufRead, Read};

/// Undoes `Content-Encoding` (gzip, deflate, br, zstd, and lists of them; RFC 9110, section 8.4).
///
/// # Errors
/// A clause for a person: "its gzip coding is damaged", "more than N bytes of decoded body",
/// "its content coding “x” is not known".
pub fn decode(
    content_encoding: Option<&str>,
    body: &[u8],
    max_decoded_bytes: u64,
) -> Result<Vec<u8>, String> {
    undo(content_encoding, body, max_decoded_bytes, false)
}

/// The same for a body that was cut short: gives what could be decoded up to the cut.
///
/// # Errors
/// A clause, when nothing at all could be decoded.
pub fn decode_partial(
    content_encoding: Option<&str>,
    body: &[u8],
    max_decoded_bytes: u64,
) -> Result<Vec<u8>, String> {
    undo(content_encoding, body, max_decoded_bytes, true)
}

/// The same for a body, which may lie in a file; one that has no coding is given back.
///
/// # Errors
/// As [`decode`], and when its file cannot be read.
pub fn decode_body(
    content_encoding: Option<&str>,
    body: &Body,
    max_decoded_bytes: u64,
) -> Result<Body, String> {
    let mut codings = content_encoding.unwrap_or_default().split(',');
    if codings.all(|coding| is_none(&coding.trim().to_ascii_lowercase())) {
        return Ok(body.clone());
    }
    // What is coded is hardly longer than what it decodes to, and is read in one piece.
    if body.len() > max_decoded_bytes {
        return Err(format!("more than {max_decoded_bytes} bytes of coded body"));
    }
    let bytes = body
        .bytes()
        .map_err(|error| format!("it could not be read back: {error}"))?;
    decode(content_encoding, &bytes, max_decoded_bytes).map(Body::from)
}

/// Whether a coding leaves a body as it is. Some servers name a character set or a transfer
/// encoding of mail there, which is none; browsers pass over it.
fn is_none(coding: &str) -> bool {
    matches!(
        coding,
        "" | "identity" | "none" | "binary" | "8bit" | "7bit"
    ) || encoding_rs::Encoding::for_label(coding.as_bytes()).is_some()
}

fn undo(
    content_encoding: Option<&str>,
    body: &[u8],
    max: u64,
    partial: bool,
) -> Result<Vec<u8>, String> {
    let mut bytes = body.to_vec();
    // The list names codings in the order in which they were applied.
    for coding in content_encoding.unwrap_or_default().split(',').rev() {
        let coding = coding.trim().to_ascii_lowercase();
        if bytes.is_empty() {
            return Ok(bytes);
        }
        let left = Cell::new(bytes.len());
        let coded = Counted {
            rest: &bytes,
            left: &left,
        };
        let read = |from: &mut dyn Read, coding: &str| {
            read(from, coding, max, partial, bytes.len(), &left)
        };
        bytes = match coding.as_str() {
            none if is_none(none) => continue,
            "gzip" | "x-gzip" => read(&mut gzip::Members::new(coded), "gzip")?,
            // RFC 9110 means zlib by "deflate"; some servers send it raw.
            "deflate" if is_zlib(&bytes) => {
                read(&mut flate2::bufread::ZlibDecoder::new(coded), "deflate")?
            }
            "deflate" => read(&mut flate2::bufread::DeflateDecoder::new(coded), "deflate")?,
            "br" => read(
                &mut brotli_decompressor::Decompressor::new(coded, 16 << 10),
                "br",
            )?,
            "zstd" => read(&mut zstd::Frames::new(coded), "zstd")?,
            other => return Err(format!("its content coding “{other}” is not known")),
        };
    }
    Ok(bytes)
}

/// Whether a zlib header stands first (RFC 1950, section 2.2): method 8, check bits right.
fn is_zlib(bytes: &[u8]) -> bool {
    match bytes {
        [first, second, ..] => {
            first & 0x0f == 8 && (u16::from(*first) * 256 + u16::from(*second)).is_multiple_of(31)
        }
        _ => false,
    }
}

fn damaged(coding: &str) -> String {
    format!("its {coding} coding is damaged")
}

/// Coded bytes that tell how many of them are left.
struct Counted<'b> {
    rest: &'b [u8],
    left: &'b Cell<usize>,
}

impl Read for Counted<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let taken = self.rest.read(into)?;
        self.left.set(self.rest.len());
        Ok(taken)
    }
}

impl BufRead for Counted<'_> {
    fn fill_buf(&mut self) -> std::io::Result<&[u8]> {
        Ok(self.rest)
    }

    fn consume(&mut self, amount: usize) {
        self.rest.consume(amount);
        self.left.set(self.rest.len());
    }
}

/// Bytes decoded between two looks at the bounds.
const STEP: u64 = 64 << 10;
/// Bytes that there is room for before anything is decoded, at the most.
const READY: usize = 256 << 10;

fn read(
    from: &mut dyn Read,
    coding: &str,
    max: u64,
    partial: bool,
    coded: usize,
    left: &Cell<usize>,
) -> Result<Vec<u8>, String> {
    // Pages grow four times or five.
    let mut bytes = Vec::with_capacity(coded.saturating_mul(5).min(READY));
    let whole = loop {
        let room = STEP.min(max.saturating_add(1) - bytes.len() as u64);
        let read = (&mut *from).take(room).read_to_end(&mut bytes);
        let decoded = bytes.len() as u64;
        if decoded > max {
            return Err(format!("more than {max} bytes of decoded body"));
        }
        let taken = coded.saturating_sub(left.get()) as u64;
        if decoded > Limits::RATIO_FROM && decoded > taken.saturating_mul(Limits::MAX_DECODED_RATIO)
        {
            return Err(format!(
                "its {coding} coding grows more than {} times",
                Limits::MAX_DECODED_RATIO
            ));
        }
        match read {
            Ok(0) => break true,
            Ok(_) => {}
            Err(_) => break false,
        }
    };
    if whole || (partial && !bytes.is_empty()) {
        Ok(bytes)
    } else {
        Err(damaged(coding))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn zlib(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn raw_deflate(bytes: &[u8]) -> Vec<u8> {
        let mut encoder =
            flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn zstd(bytes: &[u8]) -> Vec<u8> {
        ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
    }

    /// "hello" in brotli, uncompressed (RFC 7932, section 9.2).
    const HELLO_BR: [u8; 9] = *b"\x0b\x02\x80hello\x03";

    #[test]
    fn every_coding_is_undone() {
        let check = |coding: Option<&str>, body: &[u8]| {
            let decoded = decode(coding, body, 1000).unwrap();
            assert_eq!(String::from_utf8_lossy(&decoded), "hello", "{coding:?}");
        };
        check(None, b"hello");
        check(Some("identity"), b"hello");
        check(Some("UTF-8"), b"hello");
        check(Some("iso-8859-1, 8bit"), b"hello");
        check(Some("gzip"), &gzip(b"hello"));
        check(Some("X-GZIP"), &[gzip(b"hel"), gzip(b"lo")].concat());
        check(Some("deflate"), &zlib(b"hello"));
        check(Some("deflate"), &raw_deflate(b"hello"));
        // Some servers append to a page what they append to every page.
        check(
            Some("gzip"),
            &[gzip(b"hello"), b"\n<!-- x -->".to_vec()].concat(),
        );
        check(Some("gzip"), &[gzip(b"hello"), vec![0; 16]].concat());
        check(Some("zstd"), &zstd(b"hello"));
        let skipped = b"\x53\x2a\x4d\x18\x03\0\0\0abc".to_vec();
        let frames = [zstd(b"hel"), skipped.clone(), zstd(b""), zstd(b"lo")].concat();
        check(Some("zstd"), &frames);
        check(Some("zstd"), &[skipped.clone(), frames, skipped].concat());
        check(Some("br"), &HELLO_BR);
        check(Some("gzip, zstd"), &zstd(&gzip(b"hello")));
        assert_eq!(decode(Some("gzip"), b"", 10).unwrap(), b"");
    }

    #[test]
    fn a_body_is_decoded_or_given_back() {
        let check =
            |coding: Option<&str>, bytes: &[u8], most: u64, expected: Result<&[u8], &str>| {
                let decoded = decode_body(coding, &Body::from(bytes.to_vec()), most);
                let decoded = decoded.map(|body| body.bytes().unwrap());
                let told = decoded.as_deref().map_err(String::as_str);
                assert_eq!(told, expected, "{coding:?}");
            };
        check(None, b"hello", 3, Ok(b"hello"));
        check(Some("Identity, none"), b"hello", 3, Ok(b"hello"));
        check(Some("br"), &HELLO_BR, 9, Ok(b"hello"));
        check(
            Some("br"),
            &HELLO_BR,
            8,
            Err("more than 8 bytes of coded body"),
        );
        check(Some("br"), b"\xff\xff", 9, Err("its br coding is damaged"));
    }

    #[test]
    fn what_cannot_be_undone_says_why() {
        let check = |coding: &str, body: &[u8], expected: &str| {
            assert_eq!(decode(Some(coding), body, 1000).unwrap_err(), expected);
        };
        check("gzip", b"hello", "its gzip coding is damaged");
        check("br", b"\xff\xff\xff\xff", "its br coding is damaged");
        check("zstd", b"hello", "its zstd coding is damaged");
        check("pack200", b"x", "its content coding “pack200” is not known");
        let bomb = gzip(&vec![0; 1_000_000]);
        check("gzip", &bomb, "more than 1000 bytes of decoded body");
    }

    #[test]
    fn a_bomb_is_told_by_how_fast_it_grows() {
        let huge = vec![0; 24 << 20];
        let gzip = |bytes: &[u8]| {
            let best = flate2::Compression::best();
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), best);
            encoder.write_all(bytes).unwrap();
            encoder.finish().unwrap()
        };
        let told = |coding: &str, body: &[u8]| {
            let decoded = decode(Some(coding), body, 1 << 30);
            decoded.map(|bytes| bytes.len()).unwrap_err()
        };
        assert_eq!(
            told("gzip", &gzip(&huge)),
            "its gzip coding grows more than 200 times"
        );
        assert_eq!(
            told("zstd", &zstd(&huge)),
            "its zstd coding grows more than 200 times"
        );
        // A coding within a coding does not hide it.
        assert!(told("gzip, zstd", &zstd(&gzip(&huge))).contains("200 times"));
        // Small and very regular is no bomb.
        let small = gzip(&huge[..4 << 20]);
        assert_eq!(
            decode(Some("gzip"), &small, 1 << 30).unwrap().len(),
            4 << 20
        );
    }

    #[test]
    fn a_body_that_was_cut_gives_what_came() {
        let text: String = (0..20_000).map(|n| format!("{n} ")).collect();
        let whole = gzip(text.as_bytes());
        let cut = &whole[..whole.len() / 2];
        assert!(decode(Some("gzip"), cut, 1 << 20).is_err());
        let part = decode_partial(Some("gzip"), cut, 1 << 20).unwrap();
        assert!(!part.is_empty() && text.as_bytes().starts_with(&part));
    }
}

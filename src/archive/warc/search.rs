//! Where a record may begin: what a place has to show before it is read as one.
//!
//! Behind a damage any three bytes may look like a gzip member (RFC 1952, section 2.3.1), and a
//! file may be made of nothing else. So a place is asked little at first: its member's header is
//! short, and what it begins with, inflated, is a record's version line.

use flate2::{Decompress, FlushDecompress};

/// How a gzip member that is deflated begins.
pub(super) const MAGIC: [u8; 3] = [0x1f, 0x8b, 8];
/// Bytes of a member's own header that are gone through: some writers put a file's name into it.
const HEADER: usize = 512;
/// Bytes behind it that are inflated to see how it begins; a block's tables have 300 at the most.
const START: usize = 1 << 10;
/// Bytes that are looked at to judge a place.
pub(super) const AHEAD: usize = HEADER + START;
/// How every record begins.
const VERSION: &[u8] = b"WARC/1.";

/// Judges places by what they begin with.
#[derive(Debug)]
pub(super) struct Gate(Decompress);

impl Gate {
    pub(super) fn new() -> Self {
        Self(Decompress::new(false))
    }

    /// Whether a member begins here that begins as a record does.
    pub(super) fn opens(&mut self, ahead: &[u8]) -> bool {
        let Some(deflated) = header_length(ahead).and_then(|length| ahead.get(length..)) else {
            return false;
        };
        let deflated = deflated.get(..START).unwrap_or(deflated);
        let mut start = [0; VERSION.len()];
        self.0.reset(false);
        // What is wrong here shows in what came of it.
        let _ = self
            .0
            .decompress(deflated, &mut start, FlushDecompress::None);
        start == VERSION
    }
}

/// Length of a gzip member's header (RFC 1952, section 2.3); none where there is none, or a long one.
fn header_length(bytes: &[u8]) -> Option<usize> {
    const CHECKSUM: u8 = 2;
    const EXTRA: u8 = 4;
    const NAME: u8 = 8;
    const COMMENT: u8 = 16;
    const RESERVED: u8 = 0xe0;
    let bytes = bytes.get(..HEADER).unwrap_or(bytes);
    let flags = *bytes.get(3)?;
    if !bytes.starts_with(&MAGIC) || flags & RESERVED != 0 {
        return None;
    }
    let mut length = 10;
    if flags & EXTRA != 0 {
        let extra = bytes.get(length..length + 2)?;
        length += 2 + usize::from(u16::from_le_bytes(extra.try_into().ok()?));
    }
    for text in [NAME, COMMENT] {
        if flags & text != 0 {
            length += 1 + bytes.get(length..)?.iter().position(|byte| *byte == 0)?;
        }
    }
    if flags & CHECKSUM != 0 {
        length += 2;
    }
    (length <= bytes.len()).then_some(length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, GzBuilder};
    use std::io::Write;

    fn member(header: GzBuilder, text: &str) -> Vec<u8> {
        let mut gzip = header.write(Vec::new(), Compression::best());
        gzip.write_all(text.as_bytes()).unwrap();
        gzip.finish().unwrap()
    }

    #[test]
    fn a_place_opens_where_a_record_begins() {
        let mut gate = Gate::new();
        let mut check = |header: GzBuilder, text: &str, expected: bool| {
            let bytes = member(header, text);
            assert_eq!(gate.opens(&bytes), expected, "{text}: {bytes:?}");
        };
        let plain = GzBuilder::new;
        // Long enough for tables of its own.
        let text = include_str!("../../../CONTRIBUTING.md");
        check(plain(), "WARC/1.1\r\n", true);
        check(plain(), &format!("WARC/1.0\r\n{text}"), true);
        check(
            plain().filename("a.warc").comment("c"),
            "WARC/1.1\r\n",
            true,
        );
        check(plain().extra(*b"sl\x08\0abcdefgh"), "WARC/1.1\r\n", true);
        check(plain().extra([0; 600]), "WARC/1.1\r\n", false);
        check(plain().filename("a".repeat(600)), "WARC/1.1\r\n", false);
        check(plain(), "WARC/2.0\r\n", false);
        check(plain(), "warcinfo", false);
        check(plain(), "", false);
    }

    #[test]
    fn what_is_no_member_does_not_open() {
        let mut gate = Gate::new();
        let whole = member(GzBuilder::new(), "WARC/1.1\r\n");
        for length in 0..12 {
            assert!(!gate.opens(&whole[..length]), "{length}");
        }
        let mut reserved = whole.clone();
        reserved[3] = 0x80;
        assert!(!gate.opens(&reserved));
        assert!(!gate.opens(&MAGIC.repeat(512)));
        assert!(gate.opens(&whole), "it opens after others did not");
    }
}

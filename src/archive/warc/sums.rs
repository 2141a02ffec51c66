//! What is known of a block when it has streamed by: its lengths and its digests.

use super::Kind;
use super::read::MAX_HEAD;
use crate::archive::Digest;
use crate::archive::digest::Hash;
use std::io::{self, BufRead};

/// Which digests are computed: each costs more than to read the block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wanted {
    /// That of the block.
    pub block: bool,
    /// That of the payload.
    pub payload: bool,
}

/// A block that has streamed by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sums {
    /// The head of the message in it, its first megabyte; empty where there is no message.
    pub head: Vec<u8>,
    /// Bytes of the payload ([`Record::payload`](super::Record::payload)).
    pub payload_length: u64,
    /// Of the block, where it was wanted.
    pub block: Option<Digest>,
    /// Of the payload, where it was wanted.
    pub payload: Option<Digest>,
}

impl Sums {
    /// Reads the block of a record of that kind to its end.
    ///
    /// # Errors
    /// What the block says.
    pub fn of(kind: Kind, block: &mut dyn BufRead, wanted: Wanted) -> io::Result<Self> {
        let mut head = Head::of(kind);
        let mut payload_length = 0;
        let mut block_hash = wanted.block.then(Hash::default);
        let mut payload_hash = wanted.payload.then(Hash::default);
        loop {
            let bytes = block.fill_buf()?;
            if bytes.is_empty() {
                break;
            }
            let of_head = head.pass(bytes);
            let payload = bytes.get(of_head..).unwrap_or_default();
            payload_length += payload.len() as u64;
            if let Some(hash) = &mut block_hash {
                hash.update(bytes);
            }
            if let Some(hash) = &mut payload_hash {
                hash.update(payload);
            }
            let length = bytes.len();
            block.consume(length);
        }
        Ok(Self {
            head: head.kept,
            payload_length,
            block: block_hash.map(Hash::digest),
            payload: payload_hash.map(Hash::digest),
        })
    }
}

/// Takes the head of the message off a record's block, and gives its first megabyte. What is left
/// of the block is the payload ([`Record::payload`](super::Record::payload)).
///
/// # Errors
/// What the block says.
pub fn read_head(kind: Kind, block: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut head = Head::of(kind);
    while !head.has_ended() {
        let bytes = block.fill_buf()?;
        if bytes.is_empty() {
            break;
        }
        let length = head.pass(bytes);
        block.consume(length);
    }
    Ok(head.kept)
}

/// The head of a message as it passes: it ends with an empty line, or with the block.
struct Head {
    kept: Vec<u8>,
    /// How many bytes of what ends it have just passed.
    of_end: usize,
}

impl Head {
    const END: &[u8] = b"\r\n\r\n";

    fn of(kind: Kind) -> Self {
        Self {
            kept: Vec::new(),
            of_end: match kind {
                Kind::Response | Kind::Request | Kind::Revisit => 0,
                _ => Self::END.len(),
            },
        }
    }

    const fn has_ended(&self) -> bool {
        self.of_end == Self::END.len()
    }

    /// Keeps what is the head's, while there is room; gives its length in `bytes`.
    fn pass(&mut self, bytes: &[u8]) -> usize {
        let mut length = 0;
        for byte in bytes {
            if self.has_ended() {
                break;
            }
            length += 1;
            self.of_end = match byte {
                byte if Self::END.get(self.of_end) == Some(byte) => self.of_end + 1,
                b'\r' => 1,
                _ => 0,
            };
        }
        let room = MAX_HEAD - self.kept.len();
        let kept = bytes.get(..length.min(room)).unwrap_or_default();
        self.kept.extend_from_slice(kept);
        length
    }
}

#[cfg(test)]
mod tests {
    use super::super::Record;
    use super::super::http::head_length;
    use super::*;
    use proptest::prelude::*;
    use std::io::BufReader;

    const BOTH: Wanted = Wanted {
        block: true,
        payload: true,
    };

    proptest! {
        /// The same as of a block that is in memory.
        #[test]
        fn a_block_streams_by_as_it_is(
            block in "(HTTP/1.1 200 OK\r\n)?([a\r\n]{0,9}(\r\n){0,2}){0,5}b{0,9}",
            at_once in 1_usize..9,
        ) {
            let block = block.into_bytes();
            for kind in [Kind::Response, Kind::Revisit, Kind::Request, Kind::Resource] {
                let mut stream = BufReader::with_capacity(at_once, &block[..]);
                let sums = Sums::of(kind, &mut stream, BOTH).unwrap();
                let date = "2026-11-23T20:15:00Z".parse().unwrap();
                let record = Record::new(kind, uuid::Uuid::nil(), date, block.clone());
                let payload = record.payload();
                prop_assert_eq!(sums.payload_length, payload.len() as u64);
                prop_assert_eq!(sums.block, Some(Digest::of(&block)));
                prop_assert_eq!(sums.payload, Some(Digest::of(payload)));
                let head = match kind {
                    Kind::Resource => 0,
                    _ => head_length(&block),
                };
                prop_assert_eq!(&sums.head[..], &block[..head]);
            }
        }
    }

    #[test]
    fn of_an_endless_head_a_megabyte_is_kept() {
        let line = b"x: yyyyyyyyyyyyy\r\n";
        let endless = line.repeat(100_000);
        let with_end = [&endless[..], b"\r\nbody"].concat();
        for (block, payload) in [(&endless, 0), (&with_end, 4)] {
            let sums = Sums::of(Kind::Response, &mut &block[..], BOTH).unwrap();
            assert_eq!(sums.head.len(), MAX_HEAD);
            assert!(block.starts_with(&sums.head));
            assert_eq!(sums.payload_length, payload);
            let payload = &block[block.len() - payload as usize..];
            assert_eq!(sums.payload, Some(Digest::of(payload)));
        }
    }
}

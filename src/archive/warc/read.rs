//! A stream of gzip members to records, each with its place.
//!
//! A record's block streams by: a member of a few megabytes may hold gigabytes, and no more of
//! it is in memory than whoever reads it keeps.
//!
//! Damage is told with its place, and reading goes on at the next member that holds a whole
//! record: one flipped bit costs one record. What is read in vain on the way is bounded
//! ([`IN_VAIN`]), so that a file of countless half records takes no longer than a whole one.

use super::block::{Block, broken};
use super::search::{AHEAD, Gate, MAGIC};
use super::stream::Stream;
use super::sums::read_head;
use super::{Kind, Record};
use flate2::bufread::GzDecoder;
use std::io::{self, BufRead, BufReader, Read, Seek};

/// Bytes of a record's header that are read; ours have less than 2 KB.
const MAX_HEADER: u64 = 64 << 10;
/// Bytes of a block that are read; bodies are bounded far below when they are fetched.
const MAX_BLOCK: u64 = 4 << 30;
/// Bytes of a message's head that are kept; heads are bounded far below when they are fetched.
pub(super) const MAX_HEAD: usize = 1 << 20;
/// Bytes of a member that are inflated at once.
const INFLATED: usize = 32 << 10;

/// Inflated bytes of broken records after which no byte of the file is read in vain twice.
/// Up to there the search goes on one byte behind where a broken record begins, as the next one
/// may begin inside of what it seemed to hold. Records lie apart: even a file that is all
/// damage comes to no more than it holds. Only one that was made to be read again and again does.
const IN_VAIN: u64 = 4 << 30;
/// The same for every byte of the file that was passed: pages grow four to twelve times.
const IN_VAIN_A_BYTE: u64 = 16;
/// What the least of broken records counts: to begin one costs about what these bytes do.
const A_TRY: u64 = 16 << 10;

/// A record and where it lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located {
    /// Offset in bytes of its gzip member.
    pub offset: u64,
    /// Length in bytes of its gzip member.
    pub length: u64,
    /// The record.
    pub record: Record,
}

/// A place that is no record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    /// Where it begins.
    pub offset: u64,
    /// What is wrong, as a clause.
    pub what: String,
    /// Where the next record begins; none when nothing more follows.
    pub resumes: Option<u64>,
}

/// Reads records from a stream.
#[derive(Debug)]
pub struct Reader<R> {
    stream: Stream<R>,
    /// Where it began.
    began: u64,
    /// Inflated bytes of broken records.
    in_vain: u64,
}

impl<R: Read + Seek> Reader<R> {
    /// Reads from this offset on, which begins a member.
    ///
    /// # Errors
    /// When the stream cannot be set there.
    pub fn new(stream: R, offset: u64) -> io::Result<Self> {
        Ok(Self {
            stream: Stream::new(stream, offset)?,
            began: offset,
            in_vain: 0,
        })
    }

    /// The next record with its whole block in memory, or the next damage; none at the end.
    ///
    /// # Errors
    /// When the stream cannot be read.
    #[expect(
        clippy::should_implement_trait,
        reason = "an iterator of results within results would hide which is which"
    )]
    pub fn next(&mut self) -> io::Result<Option<Result<Located, Damage>>> {
        let read = self.next_with(|_, block| {
            let mut whole = Vec::new();
            block.read_to_end(&mut whole).map(|_| whole)
        })?;
        Ok(read.map(|read| {
            read.map(|(mut located, block)| {
                located.record.block = block;
                located
            })
        }))
    }

    /// The next record without its block, with what `take` makes of that as it streams by; or the
    /// next damage; none at the end. What `take` leaves of the block is passed over, and what it
    /// made is given only where the record is whole. Its error is a damage, too.
    ///
    /// # Errors
    /// When the stream cannot be read.
    pub fn next_with<T>(
        &mut self,
        take: impl FnOnce(&Record, &mut dyn BufRead) -> io::Result<T>,
    ) -> io::Result<Option<Result<(Located, T), Damage>>> {
        if self.stream.fill_buf()?.is_empty() {
            return Ok(None);
        }
        let offset = self.stream.at();
        let what = match self.read(take) {
            Ok(read) => return Ok(Some(Ok(read))),
            Err(what) => what,
        };
        self.pass(offset)?;
        let resumes = self.find_next()?;
        Ok(Some(Err(Damage {
            offset,
            what,
            resumes,
        })))
    }

    /// Reads the member that begins here as one record; then stands right after it.
    fn read<T>(
        &mut self,
        take: impl FnOnce(&Record, &mut dyn BufRead) -> io::Result<T>,
    ) -> Result<(Located, T), String> {
        let offset = self.stream.at();
        let mut member = BufReader::with_capacity(INFLATED, GzDecoder::new(&mut self.stream));
        let mut inflated = 0;
        let read = start_of(&mut member).and_then(|(record, length)| {
            let mut block = Block::new(&mut member, length);
            let taken = take(&record, &mut block);
            // It knows best what is wrong, also where a read of `take` failed.
            let finished = block.finish();
            inflated = length - block.left();
            finished?;
            Ok((record, taken.map_err(broken)?))
        });
        match read {
            Ok((record, taken)) => {
                let length = self.stream.at() - offset;
                let located = Located {
                    offset,
                    length,
                    record,
                };
                Ok((located, taken))
            }
            Err(what) => {
                self.in_vain = self.in_vain.saturating_add(A_TRY + inflated);
                Err(what)
            }
        }
    }

    /// Goes past the broken record that begins at this offset and was read to here.
    fn pass(&mut self, offset: u64) -> io::Result<()> {
        let most = IN_VAIN + (offset - self.began).saturating_mul(IN_VAIN_A_BYTE);
        if self.in_vain <= most || self.stream.at() <= offset {
            self.stream.go(offset + 1)?;
        }
        Ok(())
    }

    /// Goes to the next place where a gzip member begins that holds a whole record; none where
    /// there is no such place up to the end, where it then stands.
    fn find_next(&mut self) -> io::Result<Option<u64>> {
        let mut gate = Gate::new();
        loop {
            let ahead = self.stream.ahead(AHEAD)?;
            let candidate = ahead.windows(MAGIC.len()).position(|bytes| bytes == MAGIC);
            match candidate {
                None if ahead.len() < AHEAD => {
                    let left = ahead.len();
                    self.stream.consume(left);
                    return Ok(None);
                }
                None => {
                    let none = ahead.len() - (MAGIC.len() - 1);
                    self.stream.consume(none);
                }
                Some(0) if gate.opens(ahead) => {
                    let offset = self.stream.at();
                    if self.read(|_, _| Ok(())).is_ok() {
                        self.stream.go(offset)?;
                        return Ok(Some(offset));
                    }
                    self.pass(offset)?;
                }
                Some(0) => self.stream.consume(1),
                Some(before) => self.stream.consume(before),
            }
        }
    }
}

/// The start of a record: its block ends where the head of the message in it does, or after the
/// first megabyte of that; it is empty where there is no message.
///
/// # Errors
/// A clause that says what is wrong with it.
pub fn read_start(input: impl BufRead) -> Result<Record, String> {
    let member = BufReader::with_capacity(8 << 10, GzDecoder::new(input));
    let (mut record, mut block) = open_member(member)?;
    record.block = read_head(record.kind, &mut block).map_err(|error| error.to_string())?;
    Ok(record)
}

/// A record without its block, and that as a stream. What follows it is read at its end: where
/// that is not what ends a whole record, the last read fails. An error of kind `InvalidData` is
/// the record's, and a clause that says what is wrong with it.
///
/// # Errors
/// A clause that says what is wrong with it.
pub fn open(input: impl BufRead) -> Result<(Record, impl BufRead), String> {
    open_member(BufReader::with_capacity(INFLATED, GzDecoder::new(input)))
}

fn open_member<M: BufRead>(mut member: M) -> Result<(Record, Block<M>), String> {
    let (record, length) = start_of(&mut member)?;
    Ok((record, Block::new(member, length)))
}

/// Reads a record's header; gives it without its block, and the block's length in bytes.
fn start_of(member: &mut impl BufRead) -> Result<(Record, u64), String> {
    let (version, mut fields) = read_header(member).map_err(broken)?;
    if !version.starts_with("WARC/1.") {
        return Err("the member holds no WARC 1.x record".to_owned());
    }
    let kind = Kind::of(
        take(&mut fields, "WARC-Type")
            .as_deref()
            .unwrap_or_default(),
    );
    let length: u64 = take(&mut fields, "Content-Length")
        .and_then(|text| text.parse().ok())
        .filter(|length| *length <= MAX_BLOCK)
        .ok_or("the record has no usable Content-Length")?;
    let record = Record {
        kind,
        fields,
        block: Vec::new(),
    };
    Ok((record, length))
}

type Header = (String, Vec<(String, String)>);

fn read_header(member: &mut impl BufRead) -> io::Result<Header> {
    let mut header = member.take(MAX_HEADER);
    let mut line = || -> io::Result<String> {
        let mut bytes = Vec::new();
        header.read_until(b'\n', &mut bytes)?;
        if bytes.last() != Some(&b'\n') {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(String::from_utf8_lossy(&bytes).trim_end().to_owned())
    };
    let version = line()?;
    let mut fields = Vec::new();
    if !version.starts_with("WARC/") {
        return Ok((version, fields));
    }
    loop {
        let text = line()?;
        if text.is_empty() {
            return Ok((version, fields));
        }
        if let Some((name, value)) = text.split_once(':') {
            fields.push((name.trim().to_owned(), value.trim().to_owned()));
        }
    }
}

/// Takes the fields of this name out; the first one counts.
fn take(fields: &mut Vec<(String, String)>, name: &str) -> Option<String> {
    let mut found = fields.extract_if(.., |(field, _)| field.eq_ignore_ascii_case(name));
    let first = found.next().map(|(_, value)| value);
    found.for_each(drop);
    first
}

#[cfg(test)]
mod tests {
    use super::super::{Effort, member};
    use super::*;
    use proptest::prelude::*;
    use std::io::Cursor;

    fn record(text: &str) -> Record {
        let mut record = Record::new(
            Kind::Resource,
            uuid::Uuid::from_u128(7),
            "2026-11-23T20:15:00.123456Z".parse().unwrap(),
            text.as_bytes().to_vec(),
        );
        record.set("Content-Type", "text/plain");
        record
    }

    fn all(bytes: &[u8]) -> Vec<Result<Located, Damage>> {
        let mut reader = Reader::new(Cursor::new(bytes), 0).unwrap();
        std::iter::from_fn(|| reader.next().unwrap()).collect()
    }

    #[test]
    fn records_lie_where_the_reader_says() {
        let one = member(&record("one"), Effort::Compress).unwrap();
        let two = member(&record("two"), Effort::Store).unwrap();
        let found = all(&[one.clone(), two.clone()].concat());
        let places: Vec<_> = found
            .iter()
            .map(|item| item.as_ref().map(|l| (l.offset, l.length)).unwrap())
            .collect();
        let (first, second) = (one.len() as u64, two.len() as u64);
        assert_eq!(places, [(0, first), (first, second)]);
    }

    #[test]
    fn damage_costs_the_record_that_it_is_in() {
        let one = member(&record("one"), Effort::Compress).unwrap();
        let mut two = member(&record("two, which will be damaged"), Effort::Store).unwrap();
        let middle = two.len() / 2;
        two[middle] ^= 0xff;
        let three = member(&record("three"), Effort::Compress).unwrap();
        let found = all(&[one.clone(), two.clone(), three].concat());
        assert_eq!(found.len(), 3);
        let damage = found[1].as_ref().unwrap_err();
        assert_eq!(damage.offset, one.len() as u64);
        assert_eq!(damage.resumes, Some((one.len() + two.len()) as u64));
        assert_eq!(found[2].as_ref().unwrap().record.block, b"three");
    }

    #[test]
    fn a_torn_tail_has_nothing_after_it() {
        let one = member(&record("one"), Effort::Compress).unwrap();
        let two = member(&record("two"), Effort::Compress).unwrap();
        for length in 1..two.len() {
            let found = all(&[&one[..], &two[..length]].concat());
            assert_eq!(found.len(), 2, "{length}");
            let damage = found[1].as_ref().unwrap_err();
            assert_eq!((damage.offset, damage.resumes), (one.len() as u64, None));
        }
    }

    /// A record without its block and the first bytes of that, of everything in a file.
    fn starts(bytes: &[u8]) -> Vec<Result<(Record, Vec<u8>), Damage>> {
        let mut reader = Reader::new(Cursor::new(bytes), 0).unwrap();
        let start = |_: &Record, block: &mut dyn BufRead| {
            let mut start = Vec::new();
            block.take(3).read_to_end(&mut start).map(|_| start)
        };
        let next = || reader.next_with(start).unwrap();
        std::iter::from_fn(next)
            .map(|item| item.map(|(located, start)| (located.record, start)))
            .collect()
    }

    #[test]
    fn what_is_left_of_a_block_is_passed_over() {
        let file: Vec<u8> = ["one and more", "2", ""]
            .iter()
            .flat_map(|text| member(&record(text), Effort::Compress).unwrap())
            .collect();
        let found = starts(&file);
        let expected = [&b"one"[..], b"2", b""];
        for (item, start) in found.iter().zip(expected) {
            assert_eq!(item.as_ref().unwrap(), &(record(""), start.to_vec()));
        }
        assert_eq!(found.len(), expected.len());
    }

    #[test]
    fn damage_is_the_same_however_much_of_a_block_is_taken() {
        let text = "three, which will be damaged in every byte";
        let whole = member(&record(text), Effort::Store).unwrap();
        for place in 0..whole.len() {
            let mut hurt = whole.clone();
            hurt[place] ^= 0x55;
            hurt.extend(member(&record("next"), Effort::Compress).unwrap());
            let damages: Vec<_> = all(&hurt).into_iter().filter_map(Result::err).collect();
            let of_starts: Vec<_> = starts(&hurt).into_iter().filter_map(Result::err).collect();
            assert_eq!(damages, of_starts, "{place}");
        }
    }

    #[test]
    fn an_error_of_who_takes_is_a_damage() {
        let one = member(&record("one"), Effort::Compress).unwrap();
        let mut reader = Reader::new(Cursor::new(&one), 0).unwrap();
        let refuse = |_: &Record, _: &mut dyn BufRead| Err::<(), _>(io::Error::other("no"));
        let damage = reader.next_with(refuse).unwrap().unwrap().unwrap_err();
        assert_eq!((damage.offset, damage.resumes), (0, None));
    }

    /// A broken record that holds a whole one, as a capture of a WARC file does, and one behind it.
    fn one_in_another() -> (Vec<u8>, u64, u64) {
        let mut outer = record("");
        outer.block = member(&record("inner"), Effort::Compress).unwrap();
        let mut file = member(&outer, Effort::Store).unwrap();
        let inner = file.windows(3).rposition(|bytes| bytes == MAGIC).unwrap();
        let checksum = file.len() - 8;
        file[checksum] ^= 1;
        let behind = file.len();
        file.extend(member(&record("behind"), Effort::Compress).unwrap());
        (file, inner as u64, behind as u64)
    }

    #[test]
    fn the_search_begins_inside_of_what_is_broken() {
        let (file, inner, _) = one_in_another();
        let damage = all(&file)[0].clone().unwrap_err();
        assert_eq!((damage.offset, damage.resumes), (0, Some(inner)));
    }

    #[test]
    fn what_was_read_in_vain_too_often_is_not_read_again() {
        let (file, _, behind) = one_in_another();
        let mut reader = Reader::new(Cursor::new(&file), 0).unwrap();
        reader.in_vain = IN_VAIN;
        let damage = reader.next().unwrap().unwrap().unwrap_err();
        assert_eq!((damage.offset, damage.resumes), (0, Some(behind)));
        let next = reader.next().unwrap().unwrap().unwrap();
        assert_eq!(next.record.block, b"behind");
    }

    #[test]
    fn what_only_looks_like_members_costs_what_is_between() {
        let one = member(&record("one"), Effort::Compress).unwrap();
        let two = member(&record("two"), Effort::Compress).unwrap();
        // Over more than one window, and so that a magic lies across its border.
        for junk in [MAGIC.repeat(50_001), vec![0x1f; 70_000], vec![0; 65_534]] {
            let file = [&one[..], &junk, &two].concat();
            let found = all(&file);
            let damage = found[1].as_ref().unwrap_err();
            let (begins, ends) = (one.len() as u64, (one.len() + junk.len()) as u64);
            assert_eq!((damage.offset, damage.resumes), (begins, Some(ends)));
            assert_eq!(found[2].as_ref().unwrap().record.block, b"two");
            assert_eq!(found.len(), 3);
        }
    }

    #[test]
    fn a_record_says_how_long_it_is() {
        let check = |header: &str, rest: &str, expected: &str| {
            use std::io::Write;
            let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            write!(gzip, "{header}\r\n\r\n{rest}").unwrap();
            let found = all(&gzip.finish().unwrap());
            let what = found[0].as_ref().map_err(|damage| &*damage.what);
            let what = what.map_or_else(|what| what, |_| "");
            assert_eq!(what, expected, "{header} {rest}");
        };
        let of = |length: &str| format!("WARC/1.0\r\nContent-Length: {length}");
        let unusable = "the record has no usable Content-Length";
        check(&of("2"), "ab\r\n\r\n", "");
        check(
            &of("2"),
            "abc\r\n\r\n",
            "the record does not end where its Content-Length says",
        );
        check(
            &of("2"),
            "ab\r\n\r\nx",
            "the record does not end where its Content-Length says",
        );
        check(
            &of("9"),
            "ab\r\n\r\n",
            "the block is shorter than its Content-Length",
        );
        check(
            &of("4294967296"),
            "ab",
            "the block is shorter than its Content-Length",
        );
        check(&of("4294967297"), "ab", unusable);
        check(&of("-1"), "ab", unusable);
        check("WARC/1.0\r\nX: y", "ab", unusable);
        check("WARC/2.0", "ab", "the member holds no WARC 1.x record");
        check(
            &format!("WARC/1.0\r\nX: {}", "y".repeat(70_000)),
            "",
            "the record ends too soon",
        );
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(block in proptest::collection::vec(any::<u8>(), 0..2000), value in "[ -~]{0,40}") {
            let mut written = record("");
            written.block = block;
            written.set("X-Value", value.trim());
            for effort in [Effort::Store, Effort::Compress] {
                let found = all(&member(&written, effort).unwrap());
                prop_assert_eq!(&found[0].as_ref().unwrap().record, &written);
                prop_assert_eq!(found.len(), 1);
            }
        }

        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = all(&bytes);
        }

        #[test]
        fn no_text_in_a_member_panics(text in "(WARC/1\\.1\r\n)?([A-Za-z-]{0,9}:? ?[ -~]{0,9}\r\n){0,4}\\PC{0,20}") {
            use std::io::Write;
            let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            gzip.write_all(text.as_bytes()).unwrap();
            let _ = all(&gzip.finish().unwrap());
        }
    }
}

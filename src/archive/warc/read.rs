//! A stream of gzip members to records, each with its place.
//!
//! Damage is told with its place, and reading goes on at the next member that begins a
//! record: one flipped bit costs one record.

use super::{Kind, Record};
use flate2::bufread::GzDecoder;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};

/// Bytes of a record's header that are read; ours have less than 2 KB.
const MAX_HEADER: u64 = 64 << 10;
/// Bytes of a block that are read; bodies are bounded far below when they are fetched.
const MAX_BLOCK: u64 = 4 << 30;
/// Bytes of a message's head that are read; heads are bounded far below when they are fetched.
const MAX_HEAD: u64 = 1 << 20;
/// Bytes that the search for the next record reads at once.
const SEARCH: usize = 64 << 10;

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
    input: BufReader<R>,
    offset: u64,
}

impl<R: Read + Seek> Reader<R> {
    /// Reads from this offset on, which begins a member.
    ///
    /// # Errors
    /// When the stream cannot be set there.
    pub fn new(mut stream: R, offset: u64) -> io::Result<Self> {
        stream.seek(SeekFrom::Start(offset))?;
        Ok(Self {
            input: BufReader::with_capacity(64 << 10, stream),
            offset,
        })
    }

    /// The next record, or the next damage; none at the end.
    ///
    /// # Errors
    /// When the stream cannot be read.
    #[expect(
        clippy::should_implement_trait,
        reason = "an iterator of results within results would hide which is which"
    )]
    pub fn next(&mut self) -> io::Result<Option<Result<Located, Damage>>> {
        if self.input.fill_buf()?.is_empty() {
            return Ok(None);
        }
        let offset = self.offset;
        let mut counted = Counted {
            input: &mut self.input,
            taken: 0,
        };
        let read = read_member(&mut counted);
        let length = counted.taken;
        match read {
            Ok(record) => {
                self.offset = offset + length;
                Ok(Some(Ok(Located {
                    offset,
                    length,
                    record,
                })))
            }
            Err(what) => {
                let resumes = self.find_next(offset + 1)?;
                match resumes {
                    Some(next) => self.go(next)?,
                    None => {
                        let end = self.input.seek(SeekFrom::End(0))?;
                        self.offset = end;
                    }
                }
                Ok(Some(Err(Damage {
                    offset,
                    what,
                    resumes,
                })))
            }
        }
    }

    fn go(&mut self, offset: u64) -> io::Result<()> {
        self.input.seek(SeekFrom::Start(offset))?;
        self.offset = offset;
        Ok(())
    }

    /// The first place from `start` on where a gzip member begins that holds a whole record.
    fn find_next(&mut self, start: u64) -> io::Result<Option<u64>> {
        const MAGIC: [u8; 3] = [0x1f, 0x8b, 8];
        let mut at = start;
        loop {
            self.go(at)?;
            let mut window = Vec::with_capacity(SEARCH);
            self.input
                .by_ref()
                .take(SEARCH as u64)
                .read_to_end(&mut window)?;
            let candidate = window
                .windows(MAGIC.len())
                .position(|bytes| bytes == MAGIC)
                .map(|found| at + found as u64);
            match candidate {
                Some(candidate) => {
                    self.go(candidate)?;
                    let mut counted = Counted {
                        input: &mut self.input,
                        taken: 0,
                    };
                    if read_member(&mut counted).is_ok() {
                        return Ok(Some(candidate));
                    }
                    at = candidate + 1;
                }
                None if window.len() < SEARCH => return Ok(None),
                None => at += (window.len() - (MAGIC.len() - 1)) as u64,
            }
        }
    }
}

/// Counts what is taken from a reader.
struct Counted<'r, R> {
    input: &'r mut R,
    taken: u64,
}

impl<R: BufRead> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(buffer)?;
        self.taken += read as u64;
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Counted<'_, R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.input.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.taken += amount as u64;
        self.input.consume(amount);
    }
}

/// The start of a record: its block ends where the head of the message in it does.
///
/// # Errors
/// A clause that says what is wrong with it.
pub fn read_start(input: impl BufRead) -> Result<Record, String> {
    let mut member = BufReader::with_capacity(8 << 10, GzDecoder::new(input));
    let (kind, fields, length) = start_of(&mut member)?;
    let mut block = Vec::new();
    let mut head = member.take(length.min(MAX_HEAD));
    while head.read_until(b'\n', &mut block).map_err(broken)? > 0 {
        if block.ends_with(b"\r\n\r\n") {
            break;
        }
    }
    Ok(Record {
        kind,
        fields,
        block,
    })
}

/// A record's block as a stream. What follows it is read at its end: where that is not what ends
/// a whole record, the last read fails.
///
/// # Errors
/// A clause that says what is wrong with it.
pub fn open_block(input: impl BufRead) -> Result<impl Read, String> {
    let mut member = BufReader::new(GzDecoder::new(input));
    let (_, _, length) = start_of(&mut member)?;
    Ok(Block {
        left: length,
        member,
    })
}

struct Block<R> {
    left: u64,
    member: R,
}

impl<R: BufRead> Read for Block<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.member.by_ref().take(self.left).read(buffer)?;
        self.left -= read as u64;
        if read == 0 && !buffer.is_empty() {
            let mut end = Vec::new();
            self.member.by_ref().take(5).read_to_end(&mut end)?;
            // A stream that was read to its end before has nothing more.
            if self.left > 0 || !(end.is_empty() || end == b"\r\n\r\n") {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        Ok(read)
    }
}

fn broken(error: io::Error) -> String {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => "the record ends too soon".to_owned(),
        _ => format!("it is no gzip member ({error})"),
    }
}

/// A record's header: its kind, its other fields, the length in bytes of its block.
type Start = (Kind, Vec<(String, String)>, u64);

/// Reads a record's header: its kind, its fields, the length of its block.
fn start_of(member: &mut impl BufRead) -> Result<Start, String> {
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
    Ok((kind, fields, length))
}

/// Reads one member as one record; the reader then stands right after it.
fn read_member(input: impl BufRead) -> Result<Record, String> {
    let mut member = BufReader::new(GzDecoder::new(input));
    let (kind, fields, length) = start_of(&mut member)?;
    let mut block = Vec::new();
    member
        .by_ref()
        .take(length)
        .read_to_end(&mut block)
        .map_err(broken)?;
    if (block.len() as u64) < length {
        return Err("the block is shorter than its Content-Length".to_owned());
    }
    let mut end = Vec::new();
    member
        .by_ref()
        .take(5)
        .read_to_end(&mut end)
        .map_err(broken)?;
    if end != b"\r\n\r\n" {
        return Err("the record does not end where its Content-Length says".to_owned());
    }
    Ok(Record {
        kind,
        fields,
        block,
    })
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

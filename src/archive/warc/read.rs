//! A stream of gzip members to records, each with its place.
//!
//! A record's block streams by: a member of a few megabytes may hold gigabytes, and no more of
//! it is in memory than whoever reads it keeps.
//!
//! Damage is told with its place, and reading goes on at the next member that holds a whole
//! record: one flipped bit costs one record. What is read in vain on the way is bounded
//! ([`IN_VAIN`]), so that a file of countless half records takes no longer than a whole one.

#[cfg(test)]
mod tests;

use super::block::{Block, broken};
use super::search::{AHEAD, Gate, MAGIC};
use super::stream::Stream;
use super::sums::read_head;
use super::{Kind, Record};
use flate2::bufread::GzDecoder;
use std::io::{self, BufRead, BufReader, Read, Seek};

/// Bytes of a record's header that are read. Ours have less than 2 KB, and with the longest addresses
/// and validators less than 32 KB; others may have more.
const MAX_HEADER: u64 = 512 << 10;
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

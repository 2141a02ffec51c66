//! A record to the bytes of a gzip member.
//!
//! A body is compressed ahead ([`pack`]), on any thread, before anyone knows which record it
//! will end: a deflate stream may be put together from parts that end on a byte, and the
//! checksums of the parts give the checksum of the whole.

use super::Record;
use crate::fetch::Body;
use flate2::{Compress, Compression, Crc, FlushCompress, GzBuilder, Status};
use libdeflater::{CompressionLvl, Compressor};
use std::cell::RefCell;
use std::io::{self, Write};

/// How hard a record is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effort {
    /// Stored: the payload is coded already and would only cost time.
    Store,
    /// Compressed.
    Compress,
    /// Compressed hard: what there is one of for every night.
    Shrink,
}

/// The level for streams, at which pages shrink to a fifth at about 100 MB/s (measured 2026-11-23).
const LEVEL: u32 = 3;
/// The level for what is in memory: the same size at twice the speed (measured 2026-11-25, docs/performance.md).
const LEVEL_IN_MEMORY: i32 = 1;
/// The level for what a body goes on from: some 600 bytes of header, for which codes of their own
/// cost more than they save.
const LEVEL_OF_A_START: u32 = 1;
/// A body up to this many bytes is compressed in one piece, though it lies in a file: the quicker
/// way, for one body at a time.
const AT_A_TIME: u64 = 4 << 20;
/// The levels for what is small, and kept for every night: a report shrinks by a third more than
/// at level 3, at 60 MB/s (measured 2026-11-27).
const LEVEL_HARD: u32 = 6;
const LEVEL_HARD_IN_MEMORY: i32 = 9;
/// What ends every record.
const END: &[u8] = b"\r\n\r\n";
/// The header of a gzip member without name and time: the same record gives the same bytes
/// (RFC 1952, section 2.3; 255: the system is not told).
const GZIP_HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];

/// The end of a record, its body, compressed ahead.
#[derive(Debug)]
pub struct Packed {
    deflated: Vec<u8>,
    crc: Crc,
}

/// Compresses a body that is in memory; none for one that is not, which is compressed as it is written.
///
/// # Errors
/// Never in practice: it writes to memory.
pub fn pack(body: &Body, effort: Effort) -> io::Result<Option<Packed>> {
    body.in_memory()
        .map(|bytes| pack_bytes(bytes, effort))
        .transpose()
}

fn pack_bytes(bytes: &[u8], effort: Effort) -> io::Result<Packed> {
    let mut whole = Vec::with_capacity(bytes.len() + END.len());
    whole.extend_from_slice(bytes);
    whole.extend_from_slice(END);
    let mut crc = Crc::new();
    crc.update(&whole);
    let deflated = with_press(effort, |press| {
        let mut room = vec![0; press.deflate_compress_bound(whole.len())];
        let length = press.deflate_compress(&whole, &mut room);
        length.map(|length| {
            // What waits for its turn takes no more memory than it has to.
            room.get(..length).unwrap_or(&room).to_vec()
        })
    })?;
    Ok(Packed { deflated, crc })
}

/// The block of a record beyond what it holds itself.
#[derive(Debug, Clone, Copy)]
pub enum Tail<'t> {
    /// Compressed ahead; of so many bytes.
    Packed(&'t Packed, u64),
    /// Compressed as it is written.
    Body(&'t Body),
}

impl Tail<'_> {
    /// Its length in bytes, not compressed.
    #[must_use]
    pub const fn len(&self) -> u64 {
        match self {
            Self::Packed(_, length) => *length,
            Self::Body(body) => body.len(),
        }
    }

    /// Whether there is nothing of it.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// The record as one gzip member.
///
/// # Errors
/// Never in practice: it writes to memory.
pub fn member(record: &Record, effort: Effort) -> io::Result<Vec<u8>> {
    let mut whole = head(record, record.block.len() as u64);
    whole.extend_from_slice(&record.block);
    whole.extend_from_slice(END);
    with_press(effort, |press| {
        let mut room = vec![0; press.gzip_compress_bound(whole.len())];
        let length = press.gzip_compress(&whole, &mut room);
        length.map(|length| {
            room.truncate(length);
            room
        })
    })
}

/// Writes a record, whose block goes on in `tail`, as one gzip member.
///
/// # Errors
/// When `out` or the tail's file says so.
pub fn write(record: &Record, tail: Tail<'_>, effort: Effort, out: impl Write) -> io::Result<()> {
    let mut start = head(record, record.block.len() as u64 + tail.len());
    start.extend_from_slice(&record.block);
    match tail {
        Tail::Body(body) if body.len() <= AT_A_TIME => {
            write_packed(&start, &pack_bytes(&body.bytes()?, effort)?, out)?;
        }
        Tail::Body(body) => {
            let level = match effort {
                Effort::Store => Compression::none(),
                Effort::Compress => Compression::new(LEVEL),
                Effort::Shrink => Compression::new(LEVEL_HARD),
            };
            let mut gzip = GzBuilder::new().mtime(0).write(out, level);
            gzip.write_all(&start)?;
            io::copy(&mut body.reader(), &mut gzip)?;
            gzip.write_all(END)?;
            gzip.finish()?;
        }
        Tail::Packed(packed, _) => write_packed(&start, packed, out)?,
    }
    Ok(())
}

fn write_packed(start: &[u8], packed: &Packed, mut out: impl Write) -> io::Result<()> {
    let mut crc = Crc::new();
    crc.update(start);
    crc.combine(&packed.crc);
    out.write_all(&GZIP_HEADER)?;
    out.write_all(&to_a_byte(start)?)?;
    out.write_all(&packed.deflated)?;
    out.write_all(&crc.sum().to_le_bytes())?;
    out.write_all(&crc.amount().to_le_bytes())
}

fn head(record: &Record, length: u64) -> Vec<u8> {
    let mut head = format!("WARC/1.1\r\nWARC-Type: {}\r\n", record.kind.word());
    for (name, value) in &record.fields {
        head.push_str(name);
        head.push_str(": ");
        head.push_str(value);
        head.push_str("\r\n");
    }
    head.push_str(&format!("Content-Length: {length}\r\n\r\n"));
    head.into_bytes()
}

thread_local! {
    /// Making a compressor costs more than a small record does: each thread keeps its own.
    static PRESSES: RefCell<[Option<Compressor>; 3]> = const { RefCell::new([None, None, None]) };
    static STREAM: RefCell<Option<Compress>> = const { RefCell::new(None) };
}

fn with_press<T, E>(
    effort: Effort,
    work: impl FnOnce(&mut Compressor) -> Result<T, E>,
) -> io::Result<T> {
    let (slot, level) = match effort {
        Effort::Store => (0, 0),
        Effort::Compress => (1, LEVEL_IN_MEMORY),
        Effort::Shrink => (2, LEVEL_HARD_IN_MEMORY),
    };
    PRESSES.with_borrow_mut(|presses| {
        let level = CompressionLvl::new(level).unwrap_or_default();
        let press = presses[slot].get_or_insert_with(|| Compressor::new(level));
        work(press).map_err(|_| io::Error::other("it grew when it was compressed"))
    })
}

/// Deflates up to a byte's border, so that another part may follow (RFC 1951, section 3.2.4).
fn to_a_byte(bytes: &[u8]) -> io::Result<Vec<u8>> {
    STREAM.with_borrow_mut(|stream| {
        let stream =
            stream.get_or_insert_with(|| Compress::new(Compression::new(LEVEL_OF_A_START), false));
        stream.reset();
        // More than deflate can ever need for these bytes: one call does it all.
        let mut out = Vec::with_capacity(bytes.len() + bytes.len() / 8 + 256);
        let status = stream.compress_vec(bytes, &mut out, FlushCompress::Sync)?;
        if status != Status::Ok || stream.total_in() != bytes.len() as u64 {
            return Err(io::Error::other("it grew when it was compressed"));
        }
        Ok(out)
    })
}

//! Reads everything back: is each byte still what its digest says?
//!
//! **In:** an archive's folder. **Out:** how much was read and what is wrong, each finding with
//! the check that made it. Blocks nobody: a file that a writer is appending to is read as
//! far as the catalogue knows it.

use super::catalogue::{CaptureRow, Catalogue, Entry, Gist, lacks_digest};
use super::warc::{Kind, Located, Reader, Record, Sums, Wanted, bare};
use super::{ArchiveError, Digest, lock, segment};
use std::collections::{BTreeMap, VecDeque};
use std::fs::File;
use std::io::{self, BufRead, Read};
use std::path::Path;

/// Rows of the catalogue that are read at once.
const ROWS: usize = 64;
const BLOCK_DIGEST: &str = "WARC-Block-Digest";
const PAYLOAD_DIGEST: &str = "WARC-Payload-Digest";

/// One thing that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which check found it: "record", "block-digest", "payload-digest", "revisit",
    /// "catalogue-row", "catalogue-file", "tail".
    pub check: &'static str,
    /// WARC file, relative to the archive folder.
    pub warc: String,
    /// Offset in bytes of the record.
    pub offset: u64,
    /// What is wrong, as a clause.
    pub what: String,
}

/// How much was read, and how much was wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Fixity {
    /// WARC files read.
    pub files: usize,
    /// Records read.
    pub records: usize,
    /// Digests recomputed.
    pub digests: usize,
    /// Bytes read.
    pub bytes: u64,
    /// Findings.
    pub findings: usize,
}

/// Recomputes every digest in the archive and compares the catalogue with the files. Blocks nobody.
/// Hands on each finding as it is made: a file may be one damage after the other.
///
/// # Errors
/// When there is no archive, or its catalogue or files cannot be opened at all.
pub fn verify(folder: &Path, mut found: impl FnMut(Finding)) -> Result<Fixity, ArchiveError> {
    if !folder.join(super::catalogue::FILE).is_file() && segment::files(folder)?.is_empty() {
        return Err(ArchiveError::Missing {
            folder: folder.to_owned(),
        });
    }
    // Asked first: what is written afterwards is beyond what the catalogue says now.
    let being_written = lock::is_held(folder);
    let catalogue = Catalogue::read(folder)?;
    let known: BTreeMap<String, u64> = catalogue.files()?.into_iter().collect();
    let there = segment::files(folder)?;
    let mut verifier = Verifier {
        catalogue: &catalogue,
        fixity: Fixity::default(),
        found: &mut found,
    };
    for (name, indexed) in &known {
        if !there.iter().any(|(file, _)| file == name) {
            let what = "the file is gone; the catalogue knows it".to_owned();
            verifier.find("catalogue-file", name, *indexed, what);
        }
    }
    for (name, length) in there {
        let indexed = known.get(&name).copied().unwrap_or(0);
        let end = if being_written {
            indexed.min(length)
        } else {
            length
        };
        if !being_written && indexed != length {
            let what = format!(
                "the catalogue knows {indexed} of its {length} bytes; the next check mends that"
            );
            verifier.find("tail", &name, indexed, what);
        }
        verifier.read_file(folder, &name, end)?;
    }
    Ok(verifier.fixity)
}

struct Verifier<'v> {
    catalogue: &'v Catalogue,
    fixity: Fixity,
    found: &'v mut dyn FnMut(Finding),
}

impl Verifier<'_> {
    fn find(&mut self, check: &'static str, warc: &str, offset: u64, what: String) {
        self.fixity.findings += 1;
        (self.found)(Finding {
            check,
            warc: warc.to_owned(),
            offset,
            what,
        });
    }

    fn read_file(&mut self, folder: &Path, name: &str, end: u64) -> Result<(), ArchiveError> {
        let path = folder.join(name);
        let failed = |error| ArchiveError::Io {
            path: path.clone(),
            error,
        };
        let file = File::open(&path).map_err(failed)?;
        let mut reader = Reader::new(Part::new(file, end), 0).map_err(failed)?;
        let mut rows = Rows::new(self.catalogue, name, end);
        self.fixity.files += 1;
        self.fixity.bytes += end;
        while let Some(item) = reader.next_with(sums).map_err(failed)? {
            match item {
                Ok((located, sums)) => {
                    self.fixity.records += 1;
                    self.digest(name, &located, "block-digest", BLOCK_DIGEST, sums.block);
                    if located.record.kind != Kind::Revisit {
                        let check = "payload-digest";
                        self.digest(name, &located, check, PAYLOAD_DIGEST, sums.payload);
                    }
                    self.rows_without_record(name, &mut rows, located.offset)?;
                    let row = rows.next_before(located.offset + 1)?;
                    self.row(name, &located, sums, row)?;
                    if located.record.kind == Kind::Revisit {
                        self.revisit(name, &located)?;
                    }
                }
                Err(damage) => self.find("record", name, damage.offset, damage.what),
            }
        }
        self.rows_without_record(name, &mut rows, end)
    }

    fn digest(
        &mut self,
        name: &str,
        located: &Located,
        check: &'static str,
        field: &str,
        is: Option<Digest>,
    ) {
        let Some(told) = located.record.field(field) else {
            return;
        };
        let (Some(told), Some(is)) = (Digest::from_warc(told), is) else {
            let what = format!("{field} is no SHA-256 digest");
            return self.find(check, name, located.offset, what);
        };
        self.fixity.digests += 1;
        if is != told {
            let what = format!(
                "{field} says {}, the bytes give {}",
                told.to_hex(),
                is.to_hex()
            );
            self.find(check, name, located.offset, what);
        }
    }

    /// The catalogue knows no captures before this offset but those that were read.
    fn rows_without_record(
        &mut self,
        name: &str,
        rows: &mut Rows<'_>,
        offset: u64,
    ) -> Result<(), ArchiveError> {
        while let Some(row) = rows.next_before(offset)? {
            let what = "the catalogue knows a capture here, the file has none".to_owned();
            self.find("catalogue-row", name, row.capture.offset, what);
        }
        Ok(())
    }

    /// The catalogue's row of a capture is what its record gives.
    fn row(
        &mut self,
        name: &str,
        located: &Located,
        sums: Sums,
        row: Option<CaptureRow>,
    ) -> Result<(), ArchiveError> {
        if !matches!(located.record.kind, Kind::Response | Kind::Revisit) {
            return Ok(());
        }
        let gist = Gist::Message(sums);
        let original = |id: &str| self.catalogue.by_id(id);
        let Entry::Capture(expected) = Entry::of(located, gist, name, original)? else {
            return Ok(());
        };
        let what = match row {
            Some(row) if row == *expected => return Ok(()),
            Some(_) => {
                "the catalogue says something else of this capture; `ibid reindex` mends that"
            }
            None => "the catalogue does not know this capture; `ibid reindex` mends that",
        };
        self.find("catalogue-row", name, located.offset, what.to_owned());
        Ok(())
    }

    /// What a revisit refers to is held, with the same digest.
    fn revisit(&mut self, name: &str, located: &Located) -> Result<(), ArchiveError> {
        let record = &located.record;
        let original = match record.field("WARC-Refers-To") {
            Some(id) => self.catalogue.by_id(bare(id))?,
            None => None,
        };
        let told = record.field(PAYLOAD_DIGEST).and_then(Digest::from_warc);
        let what = match (original, told) {
            (None, _) => "the capture that it refers to is not held",
            (Some(_), None) => "it has no payload digest",
            (Some(original), Some(told)) if original.capture.digest != told => {
                "the capture that it refers to has another payload"
            }
            _ => return Ok(()),
        };
        self.find("revisit", name, located.offset, what.to_owned());
        Ok(())
    }
}

/// The digests that a record tells, and that the catalogue has of it.
fn sums(record: &Record, block: &mut dyn BufRead) -> io::Result<Sums> {
    let told = |field| record.field(field).and_then(Digest::from_warc).is_some();
    let payload = record.kind != Kind::Revisit && told(PAYLOAD_DIGEST);
    let wanted = Wanted {
        block: told(BLOCK_DIGEST),
        payload: payload || lacks_digest(record),
    };
    Sums::of(record.kind, block, wanted)
}

/// The captures that the catalogue knows of a file, a few at a time.
struct Rows<'c> {
    catalogue: &'c Catalogue,
    name: &'c str,
    /// How much of the file is read.
    end: u64,
    /// Where those that were not read yet begin; none when all were.
    from: Option<u64>,
    read: VecDeque<CaptureRow>,
}

impl<'c> Rows<'c> {
    const fn new(catalogue: &'c Catalogue, name: &'c str, end: u64) -> Self {
        Self {
            catalogue,
            name,
            end,
            from: Some(0),
            read: VecDeque::new(),
        }
    }

    /// Takes the next one, if it begins before this offset.
    fn next_before(&mut self, offset: u64) -> Result<Option<CaptureRow>, ArchiveError> {
        if self.read.is_empty()
            && let Some(from) = self.from
        {
            let part = from..self.end;
            self.read = self.catalogue.captures_in(self.name, part, ROWS)?.into();
            let last = self.read.back().map(|row| row.capture.offset);
            self.from = last.map(|last| last + 1);
        }
        let row = self.read.pop_front_if(|row| row.capture.offset < offset);
        Ok(row)
    }
}

/// The beginning of a file, as if it ended there.
#[derive(Debug)]
struct Part {
    file: File,
    at: u64,
    end: u64,
}

impl Part {
    const fn new(file: File, end: u64) -> Self {
        Self { file, at: 0, end }
    }
}

impl Read for Part {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.end.saturating_sub(self.at)).unwrap_or(usize::MAX);
        let room = buffer.len().min(left);
        let read = self.file.read(buffer.get_mut(..room).unwrap_or_default())?;
        self.at += read as u64;
        Ok(read)
    }
}

impl io::Seek for Part {
    fn seek(&mut self, to: io::SeekFrom) -> io::Result<u64> {
        let to = match to {
            io::SeekFrom::End(back) => io::SeekFrom::Start(self.end.saturating_add_signed(back)),
            other => other,
        };
        self.at = self.file.seek(to)?;
        Ok(self.at)
    }
}

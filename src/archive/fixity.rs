//! Reads everything back: is each byte still what its digest says?
//!
//! **In:** an archive's folder. **Out:** what was read and what is wrong, each finding with
//! the check that made it. Blocks nobody: a file that a writer is appending to is read as
//! far as the catalogue knows it.

use super::catalogue::{CaptureRow, Catalogue, Entry};
use super::warc::{Kind, Located, Reader, Record};
use super::{ArchiveError, Digest, lock, segment};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

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

/// What was read, and what was wrong.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fixity {
    /// WARC files read.
    pub files: usize,
    /// Records read.
    pub records: usize,
    /// Digests recomputed.
    pub digests: usize,
    /// Bytes read.
    pub bytes: u64,
    /// What is wrong.
    pub findings: Vec<Finding>,
}

/// Recomputes every digest in the archive and compares the catalogue with the files. Blocks nobody.
///
/// # Errors
/// When there is no archive, or its catalogue or files cannot be opened at all.
pub fn verify(folder: &Path) -> Result<Fixity, ArchiveError> {
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
    let mut fixity = Fixity::default();
    for (name, indexed) in &known {
        if !there.iter().any(|(file, _)| file == name) {
            let what = "the file is gone; the catalogue knows it".to_owned();
            fixity.find("catalogue-file", name, *indexed, what);
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
            fixity.find("tail", &name, indexed, what);
        }
        fixity.read_file(folder, &name, end, &catalogue)?;
    }
    Ok(fixity)
}

impl Fixity {
    fn find(&mut self, check: &'static str, warc: &str, offset: u64, what: String) {
        self.findings.push(Finding {
            check,
            warc: warc.to_owned(),
            offset,
            what,
        });
    }

    fn read_file(
        &mut self,
        folder: &Path,
        name: &str,
        end: u64,
        catalogue: &Catalogue,
    ) -> Result<(), ArchiveError> {
        let path = folder.join(name);
        let failed = |error| ArchiveError::Io {
            path: path.clone(),
            error,
        };
        let file = File::open(&path).map_err(failed)?;
        let mut reader = Reader::new(Part::new(file, end), 0).map_err(failed)?;
        let mut rows: BTreeMap<u64, CaptureRow> = catalogue
            .captures_in(name)?
            .into_iter()
            .filter(|row| row.capture.offset < end)
            .map(|row| (row.capture.offset, row))
            .collect();
        self.files += 1;
        self.bytes += end;
        while let Some(item) = reader.next().map_err(failed)? {
            match item {
                Ok(located) => {
                    self.records += 1;
                    self.digests(name, &located);
                    let row = rows.remove(&located.offset);
                    self.row(name, &located, row, catalogue)?;
                    if located.record.kind == Kind::Revisit {
                        self.revisit(name, &located, catalogue)?;
                    }
                }
                Err(damage) => self.find("record", name, damage.offset, damage.what),
            }
        }
        for offset in rows.into_keys() {
            let what = "the catalogue knows a capture here, the file has none".to_owned();
            self.find("catalogue-row", name, offset, what);
        }
        Ok(())
    }

    fn digests(&mut self, name: &str, located: &Located) {
        let record = &located.record;
        self.digest(
            name,
            located,
            "block-digest",
            "WARC-Block-Digest",
            &record.block,
        );
        if record.kind != Kind::Revisit {
            self.digest(
                name,
                located,
                "payload-digest",
                "WARC-Payload-Digest",
                record.payload(),
            );
        }
    }

    fn digest(
        &mut self,
        name: &str,
        located: &Located,
        check: &'static str,
        field: &str,
        bytes: &[u8],
    ) {
        let Some(told) = located.record.field(field) else {
            return;
        };
        let Some(told) = Digest::from_warc(told) else {
            let what = format!("{field} is no SHA-256 digest");
            return self.find(check, name, located.offset, what);
        };
        self.digests += 1;
        let is = Digest::of(bytes);
        if is != told {
            let what = format!(
                "{field} says {}, the bytes give {}",
                told.to_hex(),
                is.to_hex()
            );
            self.find(check, name, located.offset, what);
        }
    }

    /// The catalogue's row of a capture is what its record gives.
    fn row(
        &mut self,
        name: &str,
        located: &Located,
        row: Option<CaptureRow>,
        catalogue: &Catalogue,
    ) -> Result<(), ArchiveError> {
        let Entry::Capture(expected) = Entry::of(located, name, |id| catalogue.by_id(id))? else {
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
    fn revisit(
        &mut self,
        name: &str,
        located: &Located,
        catalogue: &Catalogue,
    ) -> Result<(), ArchiveError> {
        let field = |record: &Record, field: &str| record.field(field).map(str::to_owned);
        let id = field(&located.record, "WARC-Refers-To");
        let original = match &id {
            Some(id) => catalogue.by_id(super::warc::bare(id))?,
            None => None,
        };
        let told =
            field(&located.record, "WARC-Payload-Digest").and_then(|text| Digest::from_warc(&text));
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
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let left = usize::try_from(self.end.saturating_sub(self.at)).unwrap_or(usize::MAX);
        let room = buffer.len().min(left);
        let read = self.file.read(buffer.get_mut(..room).unwrap_or_default())?;
        self.at += read as u64;
        Ok(read)
    }
}

impl std::io::Seek for Part {
    fn seek(&mut self, to: std::io::SeekFrom) -> std::io::Result<u64> {
        let to = match to {
            std::io::SeekFrom::End(back) => {
                std::io::SeekFrom::Start(self.end.saturating_add_signed(back))
            }
            other => other,
        };
        self.at = self.file.seek(to)?;
        Ok(self.at)
    }
}

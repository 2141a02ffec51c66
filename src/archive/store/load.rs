//! What the WARC files hold, read back: payloads, heads and reports.

use super::super::urlkey::urlkey;
use super::super::warc::{self, Record, http};
use super::super::{ArchiveError, Capture, CaptureKind, Held};
use super::{Archive, KeptReport, Result};
use crate::fetch::Body;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

impl Archive {
    /// Reads a capture's payload back, through a revisit to the earlier capture.
    ///
    /// # Errors
    /// [`ArchiveError::Damaged`] when the record is not what the catalogue says, or the
    /// earlier capture is not held.
    pub fn load(&self, capture: &Capture) -> Result<Held> {
        let (record, mut block) = self.open_at(&capture.warc, capture.offset)?;
        let damaged = |what: &str| damaged_at(&capture.warc, capture.offset, what.to_owned());
        let failed = |error| failed_at(&self.folder, &capture.warc, capture.offset, error);
        let head = warc::read_head(record.kind, &mut block).map_err(failed)?;
        let head = http::read_head(&head).ok_or_else(|| damaged("it holds no response"))?;
        if capture.kind == CaptureKind::Response {
            return Ok(Held {
                capture: capture.clone(),
                status: head.status,
                reason: head.reason,
                fields: head.fields,
                payload: Body::read(block).map_err(failed)?,
            });
        }
        // Of a revisit there is no more, or nothing that counts; but it has to be whole.
        io::copy(&mut block, &mut io::sink()).map_err(failed)?;
        let original = match record.field("WARC-Refers-To") {
            Some(id) => self.catalogue.by_id(warc::bare(id))?,
            None => None,
        };
        let original = match original {
            Some(row) => row.capture,
            None => {
                self.catalogue
                    .holders(&capture.digest, &urlkey(&capture.target_uri))?
                    .into_iter()
                    .next()
                    .ok_or_else(|| damaged("the capture that holds its payload is not held"))?
                    .capture
            }
        };
        if original.kind == CaptureKind::Revisit {
            return Err(damaged("it refers to a revisit"));
        }
        let earlier = self.load(&original)?;
        let (status, reason, fields) = if head.status == 304 {
            let fields = freshened(earlier.fields, head.fields);
            (earlier.status, earlier.reason, fields)
        } else {
            (head.status, head.reason, head.fields)
        };
        Ok(Held {
            capture: capture.clone(),
            status,
            reason,
            fields,
            payload: earlier.payload,
        })
    }

    /// The header fields of a capture, as [`Archive::load`] gives them; its payload is not read.
    ///
    /// # Errors
    /// As [`Archive::load`].
    pub fn fields(&self, capture: &Capture) -> Result<Vec<(String, Vec<u8>)>> {
        let (record, head) = self.start_at(capture)?;
        if head.status != 304 {
            return Ok(head.fields);
        }
        let original = match record.field("WARC-Refers-To") {
            Some(id) => self.catalogue.by_id(warc::bare(id))?,
            None => None,
        };
        Ok(match original {
            Some(row) => freshened(self.start_at(&row.capture)?.1.fields, head.fields),
            None => head.fields,
        })
    }

    /// A capture's record without its body, and the head in it.
    fn start_at(&self, capture: &Capture) -> Result<(Record, http::Head)> {
        let path = self.folder.join(&capture.warc);
        let failed = |error| ArchiveError::Io {
            path: path.clone(),
            error,
        };
        let damaged = |what: String| ArchiveError::Damaged {
            warc: capture.warc.clone(),
            offset: capture.offset,
            what,
        };
        let mut file = File::open(&path).map_err(failed)?;
        file.seek(SeekFrom::Start(capture.offset)).map_err(failed)?;
        let record = warc::read_start(BufReader::with_capacity(8 << 10, file)).map_err(damaged)?;
        let head = http::read_head(&record.block)
            .ok_or_else(|| damaged("it holds no response".to_owned()))?;
        Ok((record, head))
    }

    /// The record that begins there, and its block as a stream.
    fn open_at(&self, warc: &str, offset: u64) -> Result<(Record, impl BufRead + use<>)> {
        let failed = |error| failed_at(&self.folder, warc, offset, error);
        let mut file = File::open(self.folder.join(warc)).map_err(failed)?;
        file.seek(SeekFrom::Start(offset)).map_err(failed)?;
        let mut input = BufReader::with_capacity(32 << 10, file);
        if input.fill_buf().map_err(failed)?.is_empty() {
            let what = "the file ends before it".to_owned();
            return Err(damaged_at(warc, offset, what));
        }
        warc::open(input).map_err(|what| damaged_at(warc, offset, what))
    }

    /// A run's report, as kept.
    ///
    /// # Errors
    /// When the archive cannot be read.
    pub fn run_report(&self, id: &str) -> Result<Option<Vec<u8>>> {
        let runs = self.catalogue.runs()?;
        match runs.into_iter().rev().find(|(run, _, _, _)| run == id) {
            Some((_, _, warc, offset)) => {
                let (_, mut block) = self.open_at(&warc, offset)?;
                let mut report = Vec::new();
                block
                    .read_to_end(&mut report)
                    .map_err(|error| failed_at(&self.folder, &warc, offset, error))?;
                Ok(Some(report))
            }
            None => Ok(None),
        }
    }

    /// A run's report as a stream: it may be large.
    ///
    /// # Errors
    /// When there is no such record.
    pub fn open_report(&self, report: &KeptReport) -> Result<impl BufRead + use<>> {
        Ok(self.open_at(&report.warc, report.offset)?.1)
    }
}

/// A record that is not what it should be.
fn damaged_at(warc: &str, offset: u64, what: String) -> ArchiveError {
    ArchiveError::Damaged {
        warc: warc.to_owned(),
        offset,
        what,
    }
}

/// A record that could not be read, for its own fault or that of the file system.
fn failed_at(folder: &Path, warc: &str, offset: u64, error: io::Error) -> ArchiveError {
    match error.kind() {
        io::ErrorKind::InvalidData => damaged_at(warc, offset, error.to_string()),
        _ => ArchiveError::Io {
            path: folder.join(warc),
            error,
        },
    }
}

/// The fields of a stored response, updated by those of a `304` (RFC 9111, section 3.2).
fn freshened(
    stored: Vec<(String, Vec<u8>)>,
    update: Vec<(String, Vec<u8>)>,
) -> Vec<(String, Vec<u8>)> {
    let of_the_payload = |name: &str| {
        [
            "content-encoding",
            "content-type",
            "content-length",
            "content-range",
        ]
        .iter()
        .any(|kept| name.eq_ignore_ascii_case(kept))
    };
    let update: Vec<_> = update
        .into_iter()
        .filter(|(name, _)| !of_the_payload(name))
        .collect();
    let replaced = |name: &str| update.iter().any(|(new, _)| new.eq_ignore_ascii_case(name));
    let mut fields: Vec<_> = stored
        .into_iter()
        .filter(|(name, _)| !replaced(name))
        .collect();
    fields.extend(update);
    fields
}

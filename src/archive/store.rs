//! The archive's face: it is opened, takes in, and is closed.
//!
//! `records` says which records a thing becomes, `writer` in which order they are made safe;
//! `look_up` asks the catalogue, `load` reads back; `heal` brings catalogue and files together.

mod heal;
mod load;
mod look_up;
mod records;
#[cfg(test)]
mod tests;
mod writer;

use super::catalogue::{Catalogue, Entry};
use super::lock::Lock;
use super::warc::{Effort, Tail};
use super::{ArchiveError, Capture, Digest, RunOutline, SourceOutcome, segment};
use crate::clock::Clock;
use crate::fetch::Body;
use jiff::Timestamp;
pub use records::{Known, Ready};
use std::path::{Path, PathBuf};
use writer::Writer;

/// A run that was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunRecord {
    /// Its id.
    pub id: String,
    /// When its report was kept.
    pub finished: Timestamp,
}

/// Where a run's report lies.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeptReport {
    warc: String,
    offset: u64,
}

/// What `reindex` brought back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ReindexSummary {
    /// WARC files read.
    pub files: usize,
    /// Records read.
    pub records: usize,
    /// Captures in the catalogue now.
    pub captures: usize,
    /// Runs in the catalogue now.
    pub runs: usize,
}

/// What is needed to write: goes into `warcinfo`.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The User-Agent that requests were sent with.
    pub user_agent: String,
    /// Further `warcinfo` fields, such as the settings of the run.
    pub fields: Vec<(String, String)>,
    /// A WARC file is closed when it has grown beyond this many bytes. 0: the default, 1 GiB.
    pub max_warc_bytes: u64,
}

/// An archive, open for reading or for writing.
#[derive(Debug)]
pub struct Archive {
    folder: PathBuf,
    catalogue: Catalogue,
    writer: Option<Writer>,
}

type Result<T> = std::result::Result<T, ArchiveError>;

impl Archive {
    /// Opens for writing: makes the folder when it is not there, takes the lock, heals a torn tail,
    /// brings the catalogue up to date with the WARC files.
    ///
    /// # Errors
    /// [`ArchiveError::Locked`] names the other writer; the others say what the file system said.
    pub fn write(folder: &Path, settings: Settings, clock: Clock) -> Result<Self> {
        std::fs::create_dir_all(folder).map_err(|error| ArchiveError::Io {
            path: folder.to_owned(),
            error,
        })?;
        let lock = Lock::take(folder, &clock)?;
        // A catalogue that is damaged is made again: the WARC files are the truth. One that is only
        // out of reach (the disk is full, another program has it) is left to those who read.
        let catalogue = match Catalogue::write(folder) {
            Ok(catalogue) => catalogue,
            Err(error @ ArchiveError::Hindered { .. }) => return Err(error),
            Err(_) => {
                heal::remove_catalogue(folder)?;
                Catalogue::write(folder)?
            }
        };
        heal::heal(folder, &catalogue)?;
        Ok(Self {
            folder: folder.to_owned(),
            catalogue,
            writer: Some(Writer::new(lock, settings, clock)),
        })
    }

    /// Opens for reading; never blocks a writer nor waits for one.
    ///
    /// # Errors
    /// [`ArchiveError::Missing`] where there is no archive, [`ArchiveError::Catalogue`] where
    /// the catalogue has to be rebuilt first.
    pub fn read(folder: &Path) -> Result<Self> {
        let path = folder.join(super::catalogue::FILE);
        if !path.is_file() {
            if segment::files(folder)?.is_empty() {
                return Err(ArchiveError::Missing {
                    folder: folder.to_owned(),
                });
            }
            return Err(ArchiveError::Catalogue {
                path,
                what: "it is not there".to_owned(),
            });
        }
        Ok(Self {
            folder: folder.to_owned(),
            catalogue: Catalogue::read(folder)?,
            writer: None,
        })
    }

    /// Whether nothing was ever kept in it.
    ///
    /// # Errors
    /// When the catalogue cannot be read.
    pub fn is_empty(&self) -> Result<bool> {
        Ok(self.catalogue.files()?.is_empty())
    }

    /// Does several look-ups by the catalogue as it is now. Each on its own would take its locks
    /// anew, and begin with an empty cache where something was written since the one before.
    pub fn at_one_moment<T>(&self, look_up: impl FnOnce(&Self) -> T) -> T {
        // Where it cannot be had, each look-up sees its own moment, and says what is wrong.
        let _moment = self.catalogue.begin().ok();
        look_up(self)
    }

    /// Throws the catalogue away and rebuilds it from the WARC files.
    ///
    /// # Errors
    /// As [`Archive::write`].
    pub fn reindex(folder: &Path, clock: Clock) -> Result<ReindexSummary> {
        if segment::files(folder)?.is_empty() {
            return Err(ArchiveError::Missing {
                folder: folder.to_owned(),
            });
        }
        let _lock = Lock::take(folder, &clock)?;
        heal::remove_catalogue(folder)?;
        let catalogue = Catalogue::write(folder)?;
        let (files, records) = heal::heal(folder, &catalogue)?;
        let (captures, runs) = catalogue.counts()?;
        Ok(ReindexSummary {
            files,
            records,
            captures,
            runs,
        })
    }

    /// Keeps these fetches as one group: a capture for every exchange (request and response or revisit
    /// records), one sync, one catalogue transaction. When it returns they survive power loss.
    /// Gives for each fetch its captures, in the order of its exchanges. A `304` whose
    /// earlier capture is held becomes a revisit of profile `server-not-modified` with that digest.
    ///
    /// # Errors
    /// When the file system or the catalogue fails; nothing of the group is acknowledged then.
    pub fn store(&mut self, group: &[Ready]) -> Result<Vec<Vec<Capture>>> {
        self.group(|writer, folder, catalogue| {
            let mut kept = Vec::with_capacity(group.len());
            for ready in group {
                let mut captures = Vec::new();
                for part in ready.parts() {
                    // What is said once in a file is said in this one.
                    writer.open(folder)?;
                    let Writer { spoken, clock, .. } = &mut *writer;
                    let pair = records::of_exchange(part, catalogue, spoken, clock)?;
                    let row =
                        writer.append(folder, catalogue, pair.response, pair.tail, pair.effort)?;
                    if let Some(request) = pair.request {
                        writer.append(folder, catalogue, request, None, Effort::Compress)?;
                    }
                    if let Entry::Capture(row) = row {
                        captures.push(row.capture);
                    }
                }
                kept.push(captures);
            }
            Ok(kept)
        })
    }

    /// Keeps a citing document as a `resource` record, once per distinct content and name.
    ///
    /// # Errors
    /// When the file system or the catalogue fails.
    pub fn store_document(
        &mut self,
        name: &str,
        media_type: &str,
        document: &Body,
    ) -> Result<Digest> {
        let digest = Digest::known(document.sha256());
        if self.catalogue.has_document(name, &digest)? {
            return Ok(digest);
        }
        self.group(|writer, folder, catalogue| {
            let record = records::document(name, media_type, document, &writer.clock);
            let tail = Some(Tail::Body(document));
            writer.append(folder, catalogue, record, tail, Effort::Compress)
        })?;
        Ok(digest)
    }

    /// Keeps a run's report (the claim–evidence map) as a `metadata` record. The report is JSON of
    /// schema 1; what the catalogue has of it is said beside it, so that it is not read again.
    ///
    /// # Errors
    /// When the file system or the catalogue fails.
    pub fn store_run(
        &mut self,
        run: &RunOutline,
        outcomes: impl Iterator<Item = SourceOutcome>,
        report_json: &Body,
    ) -> Result<()> {
        self.group(|writer, folder, catalogue| {
            let record = records::run(&run.id, report_json, &writer.clock);
            let tail = Some(Tail::Body(report_json));
            let (name, located) = writer.write(folder, record, tail, Effort::Shrink)?;
            catalogue.add_run(&name, located.offset, run, outcomes)
        })
    }

    /// Writes records that are acknowledged together.
    fn group<T>(
        &mut self,
        write: impl FnOnce(&mut Writer, &Path, &Catalogue) -> Result<T>,
    ) -> Result<T> {
        let Self {
            folder,
            catalogue,
            writer,
        } = self;
        let writer = writer.as_mut().ok_or(ArchiveError::ReadOnly)?;
        writer.group(catalogue, |writer| write(writer, folder, catalogue))
    }

    /// Closes the open WARC file for good and frees the lock. Dropping does the same, unsaid.
    ///
    /// # Errors
    /// When the file cannot be synced.
    pub fn close(mut self) -> Result<()> {
        self.catalogue.settle();
        self.writer.as_mut().map_or(Ok(()), Writer::close)
    }
}

impl Drop for Archive {
    fn drop(&mut self) {
        if let Some(writer) = &mut self.writer {
            // What was acknowledged is on disk already.
            let _ = writer.close();
        }
    }
}

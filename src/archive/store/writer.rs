//! Writes records: in groups that are kept together, in files of a bounded size.

use super::super::ArchiveError;
use super::super::catalogue::{Catalogue, Entry, Gist};
use super::super::lock::Lock;
use super::super::segment::{self, Segment};
use super::super::warc::{self, Effort, Located, Record, Tail};
use super::records::{self, Spoken};
use super::{Result, Settings};
use crate::clock::Clock;
use std::io::Write;
use std::path::Path;

/// A WARC file is closed when it has grown beyond this (the size that web archives use).
const MAX_WARC_BYTES: u64 = 1 << 30;

/// Writes a session's files, as long as it holds the lock.
#[derive(Debug)]
pub(super) struct Writer {
    _lock: Lock,
    pub(super) clock: Clock,
    settings: Settings,
    /// Names this session's files.
    session: String,
    number: u32,
    segment: Option<Segment>,
    /// `WARC-Record-ID` of the open file's `warcinfo`.
    warcinfo: String,
    /// What the open file tells of requests.
    pub(super) spoken: Spoken,
}

impl Writer {
    pub(super) fn new(lock: Lock, settings: Settings, clock: Clock) -> Self {
        let id = clock.fresh_id().simple().to_string();
        let session = format!(
            "ibid-{}-{}",
            clock.now().strftime("%Y%m%dT%H%M%S%3fZ"),
            id.get(id.len().saturating_sub(8)..).unwrap_or_default()
        );
        Self {
            _lock: lock,
            clock,
            settings,
            session,
            number: 0,
            segment: None,
            warcinfo: String::new(),
            spoken: Spoken::default(),
        }
    }

    /// What the names of this session's files begin with.
    pub(super) fn session(&self) -> &str {
        &self.session
    }

    /// Closes the open file for good.
    pub(super) fn close(&mut self) -> Result<()> {
        self.segment.take().map_or(Ok(()), Segment::close)
    }

    /// Writes records that are acknowledged together: all of them on disk and in the
    /// catalogue when it returns well, none of them in either when it does not.
    pub(super) fn group<T>(
        &mut self,
        catalogue: &Catalogue,
        write: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<T> {
        // Dropped without a commit, a transaction is rolled back.
        let transaction = catalogue.begin()?;
        let written = write(self).and_then(|kept| {
            self.acknowledge(catalogue)?;
            Ok(kept)
        });
        let written = match written {
            Ok(kept) => catalogue.commit(transaction).map(|()| kept),
            Err(error) => {
                drop(transaction);
                Err(error)
            }
        };
        match written {
            Ok(kept) => {
                self.close_when_full()?;
                Ok(kept)
            }
            Err(error) => {
                self.abandon();
                Err(error)
            }
        }
    }

    /// After a failure: what was not acknowledged is taken back, and the file is left alone
    /// from here on. Where even that fails, the next start reads on from what the catalogue knows.
    fn abandon(&mut self) {
        if let Some(mut segment) = self.segment.take() {
            let _ = segment.roll_back();
        }
    }

    /// Appends a record and enters it in the catalogue's open transaction.
    pub(super) fn append(
        &mut self,
        folder: &Path,
        catalogue: &Catalogue,
        record: Record,
        tail: Option<Tail<'_>>,
        effort: Effort,
    ) -> Result<Entry> {
        let (name, located) = self.write(folder, record, tail, effort)?;
        let gist = Gist::of_written(&located.record, tail).map_err(|error| ArchiveError::Io {
            path: folder.join(&name),
            error,
        })?;
        let entry = Entry::of(&located, gist, &name, |id| catalogue.by_id(id))?;
        catalogue.add(&name, located.offset, &entry)?;
        Ok(entry)
    }

    /// Appends a record; says to which file, and where.
    pub(super) fn write(
        &mut self,
        folder: &Path,
        mut record: Record,
        tail: Option<Tail<'_>>,
        effort: Effort,
    ) -> Result<(String, Located)> {
        self.open(folder)?;
        // Of a 304 only its place in the file tells it: there is one for every source and night.
        if record.field("WARC-Profile") != Some(records::NOT_MODIFIED) {
            record.set("WARC-Warcinfo-ID", &self.warcinfo);
        }
        let Some(segment) = &mut self.segment else {
            return Err(ArchiveError::ReadOnly);
        };
        let name = segment.name().to_owned();
        let offset = segment.append(|out| match tail {
            Some(tail) => warc::write(&record, tail, effort, out),
            None => out.write_all(&warc::member(&record, effort)?),
        })?;
        let located = Located {
            offset,
            length: segment.length() - offset,
            record,
        };
        Ok((name, located))
    }

    /// Opens a file, where none is open.
    pub(super) fn open(&mut self, folder: &Path) -> Result<()> {
        if self.segment.is_some() {
            return Ok(());
        }
        self.spoken = Spoken::default();
        self.number += 1;
        let name = format!("{}-{:05}{}", self.session, self.number, segment::ENDING);
        let record = records::warcinfo(&name, &self.settings, &self.clock);
        let id = record.id().to_owned();
        let mut segment = Segment::create(folder, name.clone())?;
        segment.append(|out| out.write_all(&warc::member(&record, Effort::Compress)?))?;
        self.warcinfo = format!("<{id}>");
        self.segment = Some(segment);
        Ok(())
    }

    /// Brings the file to disk and notes how much of it is entered.
    fn acknowledge(&mut self, catalogue: &Catalogue) -> Result<()> {
        let Some(segment) = &mut self.segment else {
            return Ok(());
        };
        segment.sync()?;
        catalogue.set_indexed(segment.name(), segment.length())
    }

    fn close_when_full(&mut self) -> Result<()> {
        let limit = match self.settings.max_warc_bytes {
            0 => MAX_WARC_BYTES,
            set => set,
        };
        match self.segment.take_if(|segment| segment.length() >= limit) {
            Some(full) => full.close(),
            None => Ok(()),
        }
    }
}

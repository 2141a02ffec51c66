//! The archive's face: what goes in, what comes out, and in which order it is made safe.

mod heal;
mod records;
#[cfg(test)]
mod tests;

use super::catalogue::{CaptureRow, Catalogue, Entry, Gist};
use super::lock::Lock;
use super::segment::{self, Segment};
use super::urlkey::urlkey;
use super::warc::{self, Effort, Located, Record, Tail, http};
use super::{ArchiveError, Capture, CaptureKind, Digest, Held};
use crate::clock::Clock;
use crate::fetch::Body;
use jiff::Timestamp;
pub use records::Ready;
use records::Spoken;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// A WARC file is closed when it has grown beyond this (the size that web archives use).
const MAX_WARC_BYTES: u64 = 1 << 30;
/// Hops of an archived redirect chain that are followed.
const MAX_HOPS: usize = 20;

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

#[derive(Debug)]
struct Writer {
    _lock: Lock,
    clock: Clock,
    settings: Settings,
    /// Names this session's files.
    session: String,
    number: u32,
    segment: Option<Segment>,
    /// `WARC-Record-ID` of the open file's `warcinfo`.
    warcinfo: String,
    /// What the open file tells of requests.
    spoken: Spoken,
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
        // A catalogue that cannot be opened is made again: the WARC files are the truth.
        let catalogue = match Catalogue::write(folder) {
            Ok(catalogue) => catalogue,
            Err(_) => {
                heal::remove_catalogue(folder)?;
                Catalogue::write(folder)?
            }
        };
        heal::heal(folder, &catalogue)?;
        let id = clock.fresh_id().simple().to_string();
        let session = format!(
            "ibid-{}-{}",
            clock.now().strftime("%Y%m%dT%H%M%S%3fZ"),
            id.get(id.len().saturating_sub(8)..).unwrap_or_default()
        );
        Ok(Self {
            folder: folder.to_owned(),
            catalogue,
            writer: Some(Writer {
                _lock: lock,
                clock,
                settings,
                session,
                number: 0,
                segment: None,
                warcinfo: String::new(),
                spoken: Spoken::default(),
            }),
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
        let Self {
            folder,
            catalogue,
            writer,
        } = self;
        let writer = writer.as_mut().ok_or(ArchiveError::ReadOnly)?;
        writer.group(catalogue, |writer| {
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
    pub fn store_document(&mut self, name: &str, media_type: &str, bytes: &[u8]) -> Result<Digest> {
        let digest = Digest::of(bytes);
        if self.catalogue.has_document(name, &digest)? {
            return Ok(digest);
        }
        self.store_one(
            |clock| records::document(name, media_type, bytes, clock),
            None,
            Effort::Compress,
        )?;
        Ok(digest)
    }

    /// Keeps a run's report (the claim–evidence map) as a `metadata` record. The report is JSON of schema 1.
    ///
    /// # Errors
    /// When the file system or the catalogue fails.
    pub fn store_run(&mut self, id: &str, report_json: &Body) -> Result<()> {
        let tail = Tail::Body(report_json);
        self.store_one(
            |clock| records::run(id, report_json, clock),
            Some(tail),
            Effort::Shrink,
        )
    }

    fn store_one(
        &mut self,
        make: impl FnOnce(&Clock) -> Record,
        tail: Option<Tail<'_>>,
        effort: Effort,
    ) -> Result<()> {
        let Self {
            folder,
            catalogue,
            writer,
        } = self;
        let writer = writer.as_mut().ok_or(ArchiveError::ReadOnly)?;
        let record = make(&writer.clock);
        writer.group(catalogue, |writer| {
            writer.append(folder, catalogue, record, tail, effort)?;
            Ok(())
        })
    }

    /// All captures of an address, oldest first.
    ///
    /// # Errors
    /// When the catalogue cannot be read.
    pub fn captures(&self, url: &str) -> Result<Vec<Capture>> {
        let rows = self.catalogue.captures(&urlkey(url))?;
        Ok(rows.into_iter().map(|row| row.capture).collect())
    }

    /// The latest captures of an address, the latest first, at most so many.
    ///
    /// # Errors
    /// When the catalogue cannot be read.
    pub fn latest(&self, url: &str, most: usize) -> Result<Vec<Capture>> {
        let rows = self.catalogue.latest(&urlkey(url), None, most)?;
        Ok(rows.into_iter().map(|row| row.capture).collect())
    }

    /// The capture whose record starts there.
    ///
    /// # Errors
    /// When the catalogue cannot be read.
    pub fn capture_at(&self, warc: &str, offset: u64) -> Result<Option<Capture>> {
        Ok(self
            .catalogue
            .capture_at(warc, offset)?
            .map(|row| row.capture))
    }

    /// What `find` finds first among the latest captures of an address, the latest first; none
    /// where the last fifty have nothing.
    ///
    /// # Errors
    /// When the catalogue cannot be read, and what `find` says.
    pub fn latest_that<T>(
        &self,
        url: &str,
        mut find: impl FnMut(Capture) -> Result<Option<T>>,
    ) -> Result<Option<T>> {
        let find = |row: CaptureRow| find(row.capture);
        self.catalogue.latest_that(&urlkey(url), find)
    }

    /// The capture at the end of the address's redirect chain as it was at `at` (or before; now, if none is given):
    /// follows archived redirects.
    ///
    /// # Errors
    /// When the catalogue cannot be read.
    pub fn answer(&self, url: &str, at: Option<Timestamp>) -> Result<Option<Capture>> {
        let latest = self.catalogue.latest(&urlkey(url), at, 1)?;
        let Some(mut row) = latest.into_iter().next() else {
            return Ok(None);
        };
        let mut seen = vec![row.capture.record_id.clone()];
        while let Some(next) = self.follow(&row)? {
            if seen.len() > MAX_HOPS || seen.contains(&next.capture.record_id) {
                break;
            }
            seen.push(next.capture.record_id.clone());
            row = next;
        }
        Ok(Some(row.capture))
    }

    /// The capture that an archived redirect led to: the first at or after it, else the last before.
    fn follow(&self, row: &CaptureRow) -> Result<Option<CaptureRow>> {
        if !matches!(row.capture.status, 301 | 302 | 303 | 307 | 308) {
            return Ok(None);
        }
        let to = row.location.as_ref().and_then(|location| {
            let from = url::Url::parse(&row.capture.target_uri).ok()?;
            from.join(location).ok()
        });
        let Some(to) = to else { return Ok(None) };
        let mut rows = self.catalogue.captures(&urlkey(to.as_str()))?;
        rows.retain(|next| next.capture.record_id != row.capture.record_id);
        let after = rows.partition_point(|next| next.capture.timestamp < row.capture.timestamp);
        Ok(rows.get(after).or(rows.last()).cloned())
    }

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

    /// The moments at which the source could not be reached in the runs since it last answered, oldest first.
    ///
    /// # Errors
    /// When the catalogue cannot be read.
    pub fn failures(&self, source: &str) -> Result<Vec<Timestamp>> {
        let mut failures = Vec::new();
        self.catalogue.outcomes(source, |at, status, code| {
            let failed = matches!(
                (status, code),
                ("unreachable", _) | ("dead", "dead-after-failures")
            );
            if failed {
                failures.push(at);
            }
            failed
        })?;
        failures.reverse();
        Ok(failures)
    }

    /// All runs, oldest first.
    ///
    /// # Errors
    /// When the catalogue cannot be read.
    pub fn runs(&self) -> Result<Vec<RunRecord>> {
        let runs = self.catalogue.runs()?;
        Ok(runs
            .into_iter()
            .filter_map(|(id, finished, _, _)| {
                Some(RunRecord {
                    id,
                    finished: finished.parse().ok()?,
                })
            })
            .collect())
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

    /// The capture that a revisit refers to; none where that is not held.
    ///
    /// # Errors
    /// When the catalogue cannot be read.
    pub fn confirmed(&self, revisit: &Capture) -> Result<Option<Capture>> {
        let row = self.catalogue.capture_at(&revisit.warc, revisit.offset)?;
        let held = match row.and_then(|row| row.refers_to) {
            Some(id) => self.catalogue.by_id(&id)?,
            None => None,
        };
        Ok(held.map(|row| row.capture))
    }

    /// The last run that judged this document by this judge ([`crate::report::Run::judge`]).
    ///
    /// # Errors
    /// When the catalogue cannot be read.
    pub fn judged_run(&self, document: &str, judge: &str) -> Result<Option<KeptReport>> {
        let run = self.catalogue.judged_run(document, judge)?;
        Ok(run.map(|(warc, offset)| KeptReport { warc, offset }))
    }

    /// A run's report as a stream: it may be large.
    ///
    /// # Errors
    /// When there is no such record.
    pub fn open_report(&self, report: &KeptReport) -> Result<impl BufRead + use<>> {
        Ok(self.open_at(&report.warc, report.offset)?.1)
    }

    /// Closes the open WARC file for good and frees the lock. Dropping does the same, unsaid.
    ///
    /// # Errors
    /// When the file cannot be synced.
    pub fn close(mut self) -> Result<()> {
        self.catalogue.settle();
        match self
            .writer
            .as_mut()
            .and_then(|writer| writer.segment.take())
        {
            Some(segment) => segment.close(),
            None => Ok(()),
        }
    }
}

impl Drop for Archive {
    fn drop(&mut self) {
        if let Some(segment) = self
            .writer
            .as_mut()
            .and_then(|writer| writer.segment.take())
        {
            // What was acknowledged is on disk already.
            let _ = segment.close();
        }
    }
}

impl Writer {
    /// Writes records that are acknowledged together: all of them on disk and in the
    /// catalogue when it returns well, none of them in either when it does not.
    fn group<T>(
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
    fn append(
        &mut self,
        folder: &Path,
        catalogue: &Catalogue,
        mut record: Record,
        tail: Option<Tail<'_>>,
        effort: Effort,
    ) -> Result<Entry> {
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
        let gist = Gist::of_written(&located.record, tail).map_err(|error| ArchiveError::Io {
            path: folder.join(&name),
            error,
        })?;
        let entry = Entry::of(&located, gist, &name, |id| catalogue.by_id(id))?;
        catalogue.add(&name, offset, &entry)?;
        Ok(entry)
    }

    /// Opens a file, where none is open.
    fn open(&mut self, folder: &Path) -> Result<()> {
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

//! What the WARC files hold, in SQLite, to be found quickly.
//!
//! Everything in it comes from records and can be made again from them. Its face is
//! narrow on purpose: rows in, rows out, no SQL anywhere else. A row is made of a record
//! by `entry`, both when the record is written and when it is read back, so that a rebuilt
//! catalogue is the same.
//!
//! It grows with every night for years, so its rows are narrow: addresses, media types and
//! reasons are kept once (`layout`), identifiers and digests as bytes, and a record is known by its
//! place, one number for file and offset.

mod entry;
mod layout;
mod told;

use super::{ArchiveError, Capture, CaptureKind, Digest};
pub use entry::RunOutline;
pub(super) use entry::{CaptureRow, DOCUMENT, Entry, Gist, RUN, lacks_digest};
use jiff::Timestamp;
use layout::{
    CAPTURES, LAYOUT, Names, PART, VERSION, packed_id, place, signed, unsigned, written_id,
};
use rusqlite::config::DbConfig;
use rusqlite::ffi::SQLITE_IOERR_SHORT_READ;
use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension, Row, params};
use std::borrow::Borrow;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Duration;
pub use told::SourceOutcome;

/// The catalogue's file in the archive's folder.
pub(super) const FILE: &str = "catalogue.sqlite";

/// The catalogue of an archive.
#[derive(Debug)]
pub(super) struct Catalogue {
    connection: Connection,
    path: PathBuf,
}

type Result<T> = std::result::Result<T, ArchiveError>;

/// Statements that are kept ready: more than there are.
const STATEMENTS: usize = 64;

impl Catalogue {
    /// Opens it for writing; makes it when it is not there.
    pub(super) fn write(folder: &Path) -> Result<Self> {
        let path = folder.join(FILE);
        let failed = |error: rusqlite::Error| damaged(&path, &error);
        let connection = Connection::open(&path).map_err(failed)?;
        connection
            .busy_timeout(Duration::from_secs(30))
            .map_err(failed)?;
        // What the catalogue loses in a power cut is read from the WARC files again.
        // A page that many captures change goes from the log into the file once in 16 MB.
        connection
            .execute_batch(
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
                 PRAGMA wal_autocheckpoint = 4000;",
            )
            .map_err(failed)?;
        let version = version(&connection).map_err(failed)?;
        if version == 0 {
            let make = format!("BEGIN; {LAYOUT} PRAGMA user_version = {VERSION}; COMMIT;");
            connection.execute_batch(&make).map_err(failed)?;
        } else {
            check_version(&path, version)?;
        }
        keep_statements(&connection).map_err(failed)?;
        Ok(Self { connection, path })
    }

    /// Opens it for reading, beside a writer or on a medium that cannot be written to.
    pub(super) fn read(folder: &Path) -> Result<Self> {
        let path = folder.join(FILE);
        let failed = |error: rusqlite::Error| damaged(&path, &error);
        let open = |name: &str, flags| {
            let connection = Connection::open_with_flags(name, flags)?;
            connection.busy_timeout(Duration::from_secs(30))?;
            let version = version(&connection)?;
            Ok::<_, rusqlite::Error>((connection, version))
        };
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let plain = open(&path.to_string_lossy(), flags);
        // The log beside the file cannot be made on a read-only medium; there nobody writes either.
        let (connection, version) = match plain {
            Ok(opened) => opened,
            Err(_) => {
                let escaped = path
                    .to_string_lossy()
                    .replace('%', "%25")
                    .replace('?', "%3f")
                    .replace('#', "%23");
                let uri = format!("file:{escaped}?immutable=1");
                open(&uri, flags | OpenFlags::SQLITE_OPEN_URI).map_err(failed)?
            }
        };
        check_version(&path, version)?;
        keep_statements(&connection).map_err(failed)?;
        Ok(Self { connection, path })
    }

    fn failed(&self) -> impl Fn(rusqlite::Error) -> ArchiveError + '_ {
        |error| damaged(&self.path, &error)
    }

    /// Does work as one transaction: all of it is there afterwards, or nothing.
    pub(super) fn begin(&self) -> Result<rusqlite::Transaction<'_>> {
        self.connection
            .unchecked_transaction()
            .map_err(self.failed())
    }

    /// Ends a transaction.
    pub(super) fn commit(&self, transaction: rusqlite::Transaction<'_>) -> Result<()> {
        transaction.commit().map_err(self.failed())
    }

    /// Enters what a record at this place is.
    pub(super) fn add(&self, warc: &str, offset: u64, entry: &Entry) -> Result<()> {
        if matches!(entry, Entry::Other) {
            return Ok(());
        }
        self.enter(warc, offset, entry).map_err(self.failed())
    }

    fn enter(&self, warc: &str, offset: u64, entry: &Entry) -> rusqlite::Result<()> {
        let names = Names(&self.connection);
        let place = place(names.file(warc)?, offset);
        match entry {
            Entry::Capture(row) => {
                let capture = &row.capture;
                let holder = match &row.refers_to {
                    Some(id) => self.holder(id, &capture.digest)?,
                    None => None,
                };
                let text = "INSERT OR REPLACE INTO captures VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
                self.connection.prepare_cached(text)?.execute(params![
                    place,
                    signed(capture.length),
                    packed_id(&capture.record_id),
                    names.address(&capture.target_uri)?,
                    capture.timestamp.as_microsecond(),
                    capture.status,
                    names.word(&capture.media_type)?,
                    holder.is_none().then_some(capture.digest.as_bytes()),
                    capture.kind == CaptureKind::Revisit,
                    signed(capture.payload_length),
                    capture.truncated,
                    row.location,
                    row.refers_to
                        .as_deref()
                        .filter(|_| holder.is_none())
                        .map(packed_id),
                    holder,
                ])?;
            }
            Entry::Document { name, digest } => {
                let text = "INSERT OR REPLACE INTO documents VALUES (?, ?, ?)";
                let values = params![place, names.word(name)?, digest.as_bytes()];
                self.connection.prepare_cached(text)?.execute(values)?;
            }
            Entry::Run(run, outcomes) => self.enter_run(place, run, outcomes.iter())?,
            Entry::Other => {}
        }
        Ok(())
    }

    /// Enters a run whose report is the record at this place.
    pub(super) fn add_run(
        &self,
        warc: &str,
        offset: u64,
        run: &RunOutline,
        outcomes: impl Iterator<Item = SourceOutcome>,
    ) -> Result<()> {
        let enter = || {
            let place = place(Names(&self.connection).file(warc)?, offset);
            self.enter_run(place, run, outcomes)
        };
        enter().map_err(self.failed())
    }

    fn enter_run(
        &self,
        place: i64,
        run: &RunOutline,
        outcomes: impl Iterator<Item = impl Borrow<SourceOutcome>>,
    ) -> rusqlite::Result<()> {
        let names = Names(&self.connection);
        let text = "INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?)";
        let values = params![place, run.id, run.finished, run.judge];
        self.connection.prepare_cached(text)?.execute(values)?;
        let mut insert = self
            .connection
            .prepare_cached("INSERT OR REPLACE INTO outcomes VALUES (?, ?, ?, ?)")?;
        // Of no moment at all, it is older than any other.
        let at = run.finished.parse::<Timestamp>();
        let at = at.map_or(0, Timestamp::as_millisecond);
        for outcome in outcomes {
            let outcome = outcome.borrow();
            let what = format!("{} {}", outcome.status, outcome.reason_code);
            let source = names.address(&outcome.source)?;
            insert.execute(params![source, at, place, names.word(&what)?])?;
        }
        // What was not judged is never asked for by its document.
        let judged = run.documents.iter().filter(|_| run.judge.is_some());
        for document in judged {
            let text = "INSERT OR REPLACE INTO judged VALUES (?, ?)";
            let values = params![names.word(document)?, place];
            self.connection.prepare_cached(text)?.execute(values)?;
        }
        Ok(())
    }

    /// The place of the capture that a revisit refers to, where it has the same digest.
    fn holder(&self, id: &str, digest: &Digest) -> rusqlite::Result<Option<i64>> {
        let text = "SELECT place FROM captures WHERE record_id = ? AND digest = ? AND revisit = 0";
        let values = params![packed_id(id), digest.as_bytes()];
        let mut select = self.connection.prepare_cached(text)?;
        select.query_row(values, |row| row.get(0)).optional()
    }

    /// How much of each file is entered, in bytes, by name.
    pub(super) fn files(&self) -> Result<Vec<(String, u64)>> {
        let failed = self.failed();
        let mut select = self
            .connection
            .prepare("SELECT name, indexed FROM files ORDER BY name")
            .map_err(&failed)?;
        let rows = select
            .query_map([], |row| Ok((row.get(0)?, unsigned(row.get(1)?))))
            .map_err(&failed)?;
        rows.collect::<rusqlite::Result<_>>().map_err(&failed)
    }

    /// Says that a file is entered up to here.
    pub(super) fn set_indexed(&self, name: &str, length: u64) -> Result<()> {
        let set = || {
            Names(&self.connection).file(name)?;
            self.connection
                .prepare_cached("UPDATE files SET indexed = ? WHERE name = ?")?
                .execute(params![signed(length), name])
        };
        set().map(|_| ()).map_err(self.failed())
    }

    /// Forgets what is entered of a file from this offset on.
    pub(super) fn forget_from(&self, name: &str, offset: u64) -> Result<()> {
        let forget = || {
            let file = Names(&self.connection).file(name)?;
            let (from, to) = (place(file, offset), place(file + 1, 0));
            self.connection.execute(PART, [from, to])?;
            for table in ["captures", "documents", "runs", "outcomes", "judged"] {
                let column = match table {
                    "outcomes" | "judged" => "run",
                    _ => "place",
                };
                let delete = format!("DELETE FROM {table} WHERE {column} >= ? AND {column} < ?");
                self.connection.execute(&delete, [from, to])?;
            }
            Ok(())
        };
        forget().map_err(self.failed())?;
        self.set_indexed(name, offset)
    }

    /// Forgets a file that is no longer there.
    pub(super) fn forget(&self, name: &str) -> Result<()> {
        self.forget_from(name, 0)?;
        self.connection
            .execute("DELETE FROM files WHERE name = ?", [name])
            .map_err(self.failed())?;
        Ok(())
    }

    /// Captures of an address, oldest first.
    pub(super) fn captures(&self, urlkey: &str) -> Result<Vec<CaptureRow>> {
        self.select(
            "WHERE a.urlkey = ? ORDER BY c.timestamp, c.place",
            &[&urlkey],
        )
    }

    /// The latest captures of an address up to a moment, the latest first. An address has one for
    /// every night: only as many are read as are wanted.
    pub(super) fn latest(
        &self,
        urlkey: &str,
        until: Option<Timestamp>,
        most: usize,
    ) -> Result<Vec<CaptureRow>> {
        let until = until.map_or(i64::MAX, Timestamp::as_microsecond);
        self.select(
            "WHERE c.place IN (SELECT c.place FROM addresses a JOIN captures c ON c.address = a.id
                               WHERE a.urlkey = ? AND c.timestamp <= ?
                               ORDER BY c.timestamp DESC, c.place DESC LIMIT ?)
             ORDER BY c.timestamp DESC, c.place DESC",
            &[&urlkey, &until, &signed(most as u64)],
        )
    }

    /// What `find` finds first among the latest captures of an address, the latest first. Nearly
    /// always it is in the latest of all; an address that had fifty others in a row has none that counts.
    pub(super) fn latest_that<T>(
        &self,
        urlkey: &str,
        mut find: impl FnMut(CaptureRow) -> Result<Option<T>>,
    ) -> Result<Option<T>> {
        for most in [1, 50] {
            for row in self.latest(urlkey, None, most)? {
                if let Some(found) = find(row)? {
                    return Ok(Some(found));
                }
            }
        }
        Ok(None)
    }

    /// The captures of a part of a file, by offset, at most so many.
    pub(super) fn captures_in(
        &self,
        warc: &str,
        part: Range<u64>,
        most: usize,
    ) -> Result<Vec<CaptureRow>> {
        self.select(
            "WHERE c.place >= (SELECT id << 40 FROM files WHERE name = ?1) + ?2
               AND c.place < (SELECT id << 40 FROM files WHERE name = ?1) + ?3
             ORDER BY c.place LIMIT ?4",
            &[
                &warc,
                &signed(part.start),
                &signed(part.end),
                &signed(most as u64),
            ],
        )
    }

    /// The capture whose record starts there.
    pub(super) fn capture_at(&self, warc: &str, offset: u64) -> Result<Option<CaptureRow>> {
        let found = self.select(
            "WHERE c.place = (SELECT id << 40 FROM files WHERE name = ?) + ?",
            &[&warc, &signed(offset)],
        )?;
        Ok(found.into_iter().next())
    }

    /// The capture with this record identifier that holds its payload itself: what others refer to.
    pub(super) fn by_id(&self, record_id: &str) -> Result<Option<CaptureRow>> {
        let found = self.select(
            "WHERE c.record_id = ? AND c.revisit = 0 LIMIT 1",
            &[&packed_id(record_id)],
        )?;
        Ok(found.into_iter().next())
    }

    /// Whole captures that hold a payload with this digest themselves; those of `urlkey` first. Of
    /// several the latest: it was kept because the others were lost.
    pub(super) fn holders(&self, digest: &Digest, urlkey: &str) -> Result<Vec<CaptureRow>> {
        self.select(
            "WHERE c.digest = ? AND c.revisit = 0 AND c.truncated IS NULL
             ORDER BY a.urlkey = ? DESC, c.timestamp DESC LIMIT 16",
            &[&digest.as_bytes(), &urlkey],
        )
    }

    fn select(&self, rest: &str, values: &[&dyn rusqlite::ToSql]) -> Result<Vec<CaptureRow>> {
        let failed = self.failed();
        let text = format!("{CAPTURES} {rest}");
        let mut select = self.connection.prepare_cached(&text).map_err(&failed)?;
        let rows = select.query_map(values, row_of).map_err(&failed)?;
        rows.collect::<rusqlite::Result<_>>().map_err(&failed)
    }

    /// Whether a document of that name and digest is held.
    pub(super) fn has_document(&self, name: &str, digest: &Digest) -> Result<bool> {
        self.connection
            .query_row(
                "SELECT 1 FROM documents WHERE name = (SELECT id FROM words WHERE text = ?) AND digest = ?",
                params![name, digest.as_bytes()],
                |_| Ok(()),
            )
            .optional()
            .map(|found| found.is_some())
            .map_err(self.failed())
    }

    /// Runs with the places of their reports, oldest first: id, finished, file, offset.
    pub(super) fn runs(&self) -> Result<Vec<(String, String, String, u64)>> {
        let failed = self.failed();
        let mut select = self
            .connection
            .prepare(
                "SELECT r.id, r.finished, f.name, r.place FROM runs r JOIN files f ON f.id = r.place >> 40
                 ORDER BY r.finished, r.place",
            )
            .map_err(&failed)?;
        let rows = select
            .query_map([], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, offset_of(row, 3)?))
            })
            .map_err(&failed)?;
        rows.collect::<rusqlite::Result<_>>().map_err(&failed)
    }

    /// The last run by this judge that had this document: file and offset of its report.
    pub(super) fn judged_run(&self, document: &str, judge: &str) -> Result<Option<(String, u64)>> {
        let select = || {
            self.connection
                .prepare_cached(
                    "SELECT f.name, r.place FROM judged j JOIN runs r ON r.place = j.run
                            JOIN files f ON f.id = r.place >> 40
                     WHERE j.document = (SELECT id FROM words WHERE text = ?) AND r.judge = ?
                     ORDER BY r.finished DESC, r.place DESC LIMIT 1",
                )?
                .query_row([document, judge], |row| {
                    Ok((row.get(0)?, offset_of(row, 1)?))
                })
                .optional()
        };
        select().map_err(self.failed())
    }

    /// What became of a source in each run, the latest first: moment, status and reason code.
    /// Goes on as long as `more` says so.
    pub(super) fn outcomes(
        &self,
        source: &str,
        mut more: impl FnMut(Timestamp, &str, &str) -> bool,
    ) -> Result<()> {
        let failed = self.failed();
        let mut select = self
            .connection
            .prepare_cached(
                "SELECT o.at, w.text FROM outcomes o JOIN words w ON w.id = o.what
                 WHERE o.source = (SELECT id FROM addresses WHERE uri = ?)
                 ORDER BY o.at DESC, o.run DESC LIMIT 1000",
            )
            .map_err(&failed)?;
        let mut rows = select.query([source]).map_err(&failed)?;
        while let Some(row) = rows.next().map_err(&failed)? {
            let at: i64 = row.get(0).map_err(&failed)?;
            let what: String = row.get(1).map_err(&failed)?;
            let (status, code) = what.split_once(' ').unwrap_or((&what, ""));
            let at = Timestamp::from_millisecond(at).unwrap_or(Timestamp::UNIX_EPOCH);
            if !more(at, status, code) {
                break;
            }
        }
        Ok(())
    }

    /// Counts of captures and runs.
    pub(super) fn counts(&self) -> Result<(usize, usize)> {
        let count = |table: &str| {
            let text = format!("SELECT count(*) FROM {table}");
            self.connection
                .query_row(&text, [], |row| row.get::<_, i64>(0))
        };
        let captures = count("captures").map_err(self.failed())?;
        let runs = count("runs").map_err(self.failed())?;
        Ok((
            usize::try_from(captures).unwrap_or(0),
            usize::try_from(runs).unwrap_or(0),
        ))
    }

    /// Writes what is in its log into the file, and makes the log short again.
    pub(super) fn settle(&self) {
        // Where others are reading, the next run does it.
        let _ = self
            .connection
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
    }

    /// Everything that is entered, as text; for comparison. Numbers that stand for names are left out.
    #[cfg(test)]
    pub(super) fn dump(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let at = "(SELECT name FROM files WHERE id =";
        let tables = [
            ("files", "SELECT name, indexed FROM files".to_owned()),
            (
                "captures",
                CAPTURES.replace("c.place,", "c.place & 0xffffffffff,"),
            ),
            (
                "documents",
                format!(
                    "SELECT {at} place >> 40), place & 0xffffffffff, text, digest
                     FROM documents JOIN words w ON w.id = name"
                ),
            ),
            (
                "runs",
                format!(
                    "SELECT {at} place >> 40), place & 0xffffffffff, id, finished, judge FROM runs"
                ),
            ),
            (
                "outcomes",
                format!(
                    "SELECT {at} run >> 40), run & 0xffffffffff, uri, at, text
                     FROM outcomes JOIN addresses a ON a.id = source JOIN words w ON w.id = what"
                ),
            ),
            (
                "judged",
                format!(
                    "SELECT {at} run >> 40), run & 0xffffffffff, text
                     FROM judged JOIN words w ON w.id = document"
                ),
            ),
        ];
        for (table, text) in tables {
            let order = if table == "files" { "1" } else { "1, 2, 3" };
            let text = format!("{text} ORDER BY {order}");
            let mut select = self.connection.prepare(&text).unwrap();
            let columns = select.column_count();
            let mut rows = select.query([]).unwrap();
            while let Some(row) = rows.next().unwrap() {
                let values: Vec<String> = (0..columns)
                    .map(|column| format!("{:?}", row.get_ref(column).unwrap()))
                    .collect();
                lines.push(format!("{table}: {}", values.join(", ")));
            }
        }
        lines
    }
}

/// The offset in a place.
fn offset_of(row: &Row<'_>, index: usize) -> rusqlite::Result<u64> {
    Ok(unsigned(layout::offset(row.get(index)?)))
}

fn row_of(row: &Row<'_>) -> rusqlite::Result<CaptureRow> {
    let unreadable = |index, what: &str| {
        rusqlite::Error::FromSqlConversionFailure(
            index,
            rusqlite::types::Type::Blob,
            format!("{what} cannot be read").into(),
        )
    };
    let digest: [u8; 32] = row.get(9)?;
    let revisit: bool = row.get(10)?;
    let timestamp = Timestamp::from_microsecond(row.get(6)?);
    let refers_to = match row.get_ref(14)? {
        rusqlite::types::ValueRef::Null => None,
        id => Some(written_id(id).ok_or_else(|| unreadable(14, "an identifier"))?),
    };
    Ok(CaptureRow {
        capture: Capture {
            warc: row.get(0)?,
            offset: offset_of(row, 1)?,
            length: unsigned(row.get(2)?),
            record_id: written_id(row.get_ref(3)?)
                .ok_or_else(|| unreadable(3, "the identifier"))?,
            target_uri: row.get(5)?,
            timestamp: timestamp.map_err(|_| unreadable(6, "the timestamp"))?,
            status: row.get(7)?,
            media_type: row.get(8)?,
            digest: Digest::known(digest),
            kind: if revisit {
                CaptureKind::Revisit
            } else {
                CaptureKind::Response
            },
            payload_length: unsigned(row.get(11)?),
            truncated: row.get(12)?,
        },
        urlkey: row.get(4)?,
        location: row.get(13)?,
        refers_to,
    })
}

/// Lets a statement stay as it was made. Otherwise SQLite makes it anew whenever the values that
/// it compares with are others, in case its plan should change.
fn keep_statements(connection: &Connection) -> rusqlite::Result<()> {
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

fn version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_row("PRAGMA user_version", [], |row| row.get(0))
}

fn check_version(path: &Path, version: i64) -> Result<()> {
    if version == VERSION {
        return Ok(());
    }
    Err(ArchiveError::Catalogue {
        path: path.to_owned(),
        what: format!("its layout is version {version}, this ibid knows version {VERSION}"),
    })
}

fn damaged(path: &Path, error: &rusqlite::Error) -> ArchiveError {
    let (path, what) = (path.to_owned(), error.to_string());
    if is_hindered(error) {
        ArchiveError::Hindered { path, what }
    } else {
        ArchiveError::Catalogue { path, what }
    }
}

/// Whether the system or another program is to blame, and not what is in the file.
fn is_hindered(error: &rusqlite::Error) -> bool {
    let Some(failure) = error.sqlite_error() else {
        return false;
    };
    // A file that ends within a page is read in vain, too.
    failure.extended_code != SQLITE_IOERR_SHORT_READ
        && matches!(
            failure.code,
            ErrorCode::DiskFull
                | ErrorCode::SystemIoFailure
                | ErrorCode::CannotOpen
                | ErrorCode::DatabaseBusy
                | ErrorCode::DatabaseLocked
                | ErrorCode::ReadOnly
                | ErrorCode::PermissionDenied
                | ErrorCode::OutOfMemory
                | ErrorCode::FileLockingProtocolFailed
        )
}

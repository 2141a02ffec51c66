//! What the WARC files hold, in SQLite, to be found quickly.
//!
//! Everything in it comes from records and can be made again from them. Its face is
//! narrow on purpose: rows in, rows out, no SQL anywhere else. A row is made of a record
//! by `entry`, both when the record is written and when it is read back, so that a rebuilt
//! catalogue is the same.

mod entry;

use super::{ArchiveError, Capture, CaptureKind, Digest};
pub(super) use entry::{CaptureRow, DOCUMENT, Entry, RUN};
use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags, OptionalExtension, Row, params};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The catalogue's file in the archive's folder.
pub(super) const FILE: &str = "catalogue.sqlite";

/// The layout's version, in `PRAGMA user_version`. Another one is rebuilt, not migrated:
/// the WARC files are the truth.
const VERSION: i64 = 1;

const LAYOUT: &str = "
CREATE TABLE files (name TEXT PRIMARY KEY, indexed INTEGER NOT NULL) STRICT;
CREATE TABLE captures (
  warc TEXT NOT NULL, offset INTEGER NOT NULL, length INTEGER NOT NULL,
  record_id TEXT NOT NULL, urlkey TEXT NOT NULL, target_uri TEXT NOT NULL,
  timestamp TEXT NOT NULL, status INTEGER NOT NULL, media_type TEXT NOT NULL,
  digest TEXT NOT NULL, revisit INTEGER NOT NULL, payload_length INTEGER NOT NULL,
  truncated TEXT, location TEXT, refers_to TEXT,
  PRIMARY KEY (warc, offset)) STRICT;
CREATE INDEX captures_by_url ON captures (urlkey, timestamp);
CREATE INDEX captures_by_digest ON captures (digest, revisit);
CREATE INDEX captures_by_id ON captures (record_id);
CREATE TABLE documents (
  warc TEXT NOT NULL, offset INTEGER NOT NULL, name TEXT NOT NULL, digest TEXT NOT NULL,
  PRIMARY KEY (warc, offset)) STRICT;
CREATE TABLE runs (
  warc TEXT NOT NULL, offset INTEGER NOT NULL, id TEXT NOT NULL, finished TEXT NOT NULL,
  PRIMARY KEY (warc, offset)) STRICT;
CREATE TABLE outcomes (
  warc TEXT NOT NULL, offset INTEGER NOT NULL, source TEXT NOT NULL, at TEXT NOT NULL,
  status TEXT NOT NULL, reason_code TEXT NOT NULL) STRICT;
CREATE INDEX outcomes_by_source ON outcomes (source, at);
";

/// The catalogue of an archive.
#[derive(Debug)]
pub(super) struct Catalogue {
    connection: Connection,
    path: PathBuf,
}

type Result<T> = std::result::Result<T, ArchiveError>;

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
        connection
            .execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;")
            .map_err(failed)?;
        let version = version(&connection).map_err(failed)?;
        if version == 0 {
            let make = format!("BEGIN; {LAYOUT} PRAGMA user_version = {VERSION}; COMMIT;");
            connection.execute_batch(&make).map_err(failed)?;
        } else {
            check_version(&path, version)?;
        }
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
        let offset = signed(offset);
        let failed = self.failed();
        match entry {
            Entry::Capture(row) => {
                let capture = &row.capture;
                self.connection
                    .prepare_cached(
                        "INSERT OR REPLACE INTO captures VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    )
                    .and_then(|mut insert| {
                        insert.execute(params![
                            warc,
                            offset,
                            signed(capture.length),
                            capture.record_id,
                            row.urlkey,
                            capture.target_uri,
                            super::warc::date_text(capture.timestamp),
                            capture.status,
                            capture.media_type,
                            capture.digest.to_hex(),
                            capture.kind == CaptureKind::Revisit,
                            signed(capture.payload_length),
                            capture.truncated,
                            row.location,
                            row.refers_to,
                        ])
                    })
                    .map_err(failed)?;
            }
            Entry::Document { name, digest } => {
                self.connection
                    .prepare_cached("INSERT OR REPLACE INTO documents VALUES (?, ?, ?, ?)")
                    .and_then(|mut insert| {
                        insert.execute(params![warc, offset, name, digest.to_hex()])
                    })
                    .map_err(failed)?;
            }
            Entry::Run {
                id,
                finished,
                outcomes,
            } => {
                self.connection
                    .prepare_cached("INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?)")
                    .and_then(|mut insert| insert.execute(params![warc, offset, id, finished]))
                    .map_err(&failed)?;
                let mut insert = self
                    .connection
                    .prepare_cached("INSERT INTO outcomes VALUES (?, ?, ?, ?, ?, ?)")
                    .map_err(&failed)?;
                for outcome in outcomes {
                    insert
                        .execute(params![
                            warc,
                            offset,
                            outcome.source,
                            finished,
                            outcome.status,
                            outcome.reason_code
                        ])
                        .map_err(&failed)?;
                }
            }
            Entry::Other => {}
        }
        Ok(())
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
        self.connection
            .prepare_cached("INSERT OR REPLACE INTO files VALUES (?, ?)")
            .and_then(|mut insert| insert.execute(params![name, signed(length)]))
            .map_err(self.failed())?;
        Ok(())
    }

    /// Forgets what is entered of a file from this offset on.
    pub(super) fn forget_from(&self, name: &str, offset: u64) -> Result<()> {
        for table in ["captures", "documents", "runs", "outcomes"] {
            let delete = format!("DELETE FROM {table} WHERE warc = ? AND offset >= ?");
            self.connection
                .execute(&delete, params![name, signed(offset)])
                .map_err(self.failed())?;
        }
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
        self.select("WHERE urlkey = ? ORDER BY timestamp, rowid", &[&urlkey])
    }

    /// All captures of a file, by offset.
    pub(super) fn captures_in(&self, warc: &str) -> Result<Vec<CaptureRow>> {
        self.select("WHERE warc = ? ORDER BY offset", &[&warc])
    }

    /// The capture whose record starts there.
    pub(super) fn capture_at(&self, warc: &str, offset: u64) -> Result<Option<CaptureRow>> {
        let found = self.select("WHERE warc = ? AND offset = ?", &[&warc, &signed(offset)])?;
        Ok(found.into_iter().next())
    }

    /// The capture with this record identifier.
    pub(super) fn by_id(&self, record_id: &str) -> Result<Option<CaptureRow>> {
        let found = self.select("WHERE record_id = ? LIMIT 1", &[&record_id])?;
        Ok(found.into_iter().next())
    }

    /// Whole captures that hold a payload with this digest themselves; those of `urlkey` first, the oldest first.
    pub(super) fn holders(&self, digest: &Digest, urlkey: &str) -> Result<Vec<CaptureRow>> {
        self.select(
            "WHERE digest = ? AND revisit = 0 AND truncated IS NULL
             ORDER BY urlkey = ? DESC, timestamp LIMIT 16",
            &[&digest.to_hex(), &urlkey],
        )
    }

    fn select(&self, rest: &str, values: &[&dyn rusqlite::ToSql]) -> Result<Vec<CaptureRow>> {
        let failed = self.failed();
        let text = format!(
            "SELECT warc, offset, length, record_id, urlkey, target_uri, timestamp, status, media_type,
                    digest, revisit, payload_length, truncated, location, refers_to
             FROM captures {rest}"
        );
        let mut select = self.connection.prepare_cached(&text).map_err(&failed)?;
        let rows = select.query_map(values, row_of).map_err(&failed)?;
        rows.collect::<rusqlite::Result<_>>().map_err(&failed)
    }

    /// Whether a document of that name and digest is held.
    pub(super) fn has_document(&self, name: &str, digest: &Digest) -> Result<bool> {
        self.connection
            .query_row(
                "SELECT 1 FROM documents WHERE name = ? AND digest = ?",
                [name, &digest.to_hex()],
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
            .prepare("SELECT id, finished, warc, offset FROM runs ORDER BY finished, warc, offset")
            .map_err(&failed)?;
        let rows = select
            .query_map([], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, unsigned(row.get(3)?)))
            })
            .map_err(&failed)?;
        rows.collect::<rusqlite::Result<_>>().map_err(&failed)
    }

    /// What became of a source in each run, the latest first: moment, status, reason code.
    pub(super) fn outcomes(&self, source: &str) -> Result<Vec<(String, String, String)>> {
        let failed = self.failed();
        let mut select = self
            .connection
            .prepare_cached(
                "SELECT at, status, reason_code FROM outcomes WHERE source = ? ORDER BY at DESC, rowid DESC LIMIT 1000",
            )
            .map_err(&failed)?;
        let rows = select
            .query_map([source], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .map_err(&failed)?;
        rows.collect::<rusqlite::Result<_>>().map_err(&failed)
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

    /// Everything that is entered, as text; for comparison.
    #[cfg(test)]
    pub(super) fn dump(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for table in ["files", "captures", "documents", "runs", "outcomes"] {
            let text = format!("SELECT * FROM {table} ORDER BY 1, 2, 3, 4");
            let text = if table == "files" {
                "SELECT * FROM files ORDER BY 1".to_owned()
            } else {
                text
            };
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

fn row_of(row: &Row<'_>) -> rusqlite::Result<CaptureRow> {
    let text = |index, what: &str| {
        rusqlite::Error::FromSqlConversionFailure(
            index,
            rusqlite::types::Type::Text,
            format!("{what} cannot be read").into(),
        )
    };
    let timestamp: String = row.get(6)?;
    let digest: String = row.get(9)?;
    let revisit: bool = row.get(10)?;
    Ok(CaptureRow {
        capture: Capture {
            warc: row.get(0)?,
            offset: unsigned(row.get(1)?),
            length: unsigned(row.get(2)?),
            record_id: row.get(3)?,
            target_uri: row.get(5)?,
            timestamp: timestamp
                .parse::<Timestamp>()
                .map_err(|_| text(6, "the timestamp"))?,
            status: row.get(7)?,
            media_type: row.get(8)?,
            digest: Digest::from_hex(&digest).ok_or_else(|| text(9, "the digest"))?,
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
        refers_to: row.get(14)?,
    })
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
    ArchiveError::Catalogue {
        path: path.to_owned(),
        what: error.to_string(),
    }
}

/// SQLite counts in 64 bits with a sign; no file is longer.
fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

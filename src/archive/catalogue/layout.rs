//! The catalogue's tables, and how their values are kept narrow.
//!
//! A record's place is one number, its file's above its offset; so rows lie in the order of the
//! files, and need no index to be found by file and offset. An identifier is the sixteen bytes
//! of its UUID, where it is one as we write them.

use crate::archive::urlkey::urlkey;
use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{Connection, OptionalExtension, params};

/// The layout's version, in `PRAGMA user_version`. Another one is rebuilt, not migrated:
/// the WARC files are the truth.
pub(super) const VERSION: i64 = 2;

pub(super) const LAYOUT: &str = "
CREATE TABLE files (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, indexed INTEGER NOT NULL) STRICT;
CREATE TABLE addresses (id INTEGER PRIMARY KEY, uri TEXT NOT NULL UNIQUE, urlkey TEXT NOT NULL) STRICT;
CREATE INDEX addresses_by_urlkey ON addresses (urlkey);
CREATE TABLE words (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE captures (
  place INTEGER PRIMARY KEY, length INTEGER NOT NULL, record_id ANY NOT NULL, address INTEGER NOT NULL,
  timestamp INTEGER NOT NULL, status INTEGER NOT NULL, media_type INTEGER NOT NULL,
  digest BLOB, revisit INTEGER NOT NULL, payload_length INTEGER NOT NULL,
  truncated TEXT, location TEXT, refers_to ANY, holder INTEGER) STRICT;
CREATE INDEX captures_by_address ON captures (address, timestamp);
CREATE INDEX holders_by_digest ON captures (digest) WHERE revisit = 0;
CREATE INDEX holders_by_id ON captures (record_id) WHERE revisit = 0;
CREATE TABLE documents (place INTEGER PRIMARY KEY, name INTEGER NOT NULL, digest BLOB NOT NULL) STRICT;
CREATE TABLE runs (place INTEGER PRIMARY KEY, id TEXT NOT NULL, finished TEXT NOT NULL, judge TEXT) STRICT;
CREATE TABLE outcomes (
  source INTEGER NOT NULL, at INTEGER NOT NULL, run INTEGER NOT NULL, what INTEGER NOT NULL,
  PRIMARY KEY (source, at, run)) STRICT, WITHOUT ROWID;
CREATE TABLE judged (
  document INTEGER NOT NULL, run INTEGER NOT NULL,
  PRIMARY KEY (document, run)) STRICT, WITHOUT ROWID;
";

/// A capture with its digest and what it refers to, which stand in the row of its holder, where
/// that is known and has the same digest.
pub(super) const CAPTURES: &str = "
SELECT f.name, c.place, c.length, c.record_id, a.urlkey, a.uri, c.timestamp, c.status, m.text,
       coalesce(c.digest, h.digest), c.revisit, c.payload_length, c.truncated, c.location,
       coalesce(c.refers_to, h.record_id)
FROM captures c JOIN addresses a ON a.id = c.address JOIN words m ON m.id = c.media_type
     JOIN files f ON f.id = c.place >> 40 LEFT JOIN captures h ON h.place = c.holder";

/// Gives the revisits of captures that are forgotten what they had from them.
pub(super) const PART: &str = "
UPDATE captures SET digest = h.digest, refers_to = h.record_id, holder = NULL
FROM captures h WHERE h.place = captures.holder AND h.place >= ? AND h.place < ?";

/// Bits of a place that are the offset: files have less than a terabyte.
const OFFSET_BITS: u32 = 40;

/// A record's place: its file's number and its offset.
pub(super) fn place(file: i64, offset: u64) -> i64 {
    (file << OFFSET_BITS) | offset_mask(signed(offset))
}

/// The offset in a place.
pub(super) const fn offset(place: i64) -> i64 {
    offset_mask(place)
}

const fn offset_mask(number: i64) -> i64 {
    number & ((1 << OFFSET_BITS) - 1)
}

/// Names that many rows have, each kept once.
pub(super) struct Names<'c>(pub(super) &'c Connection);

impl Names<'_> {
    pub(super) fn file(&self, name: &str) -> rusqlite::Result<i64> {
        self.number("SELECT id FROM files WHERE name = ?", name, || {
            self.0
                .prepare_cached("INSERT INTO files (name, indexed) VALUES (?, 0)")?
                .insert([name])
        })
    }

    pub(super) fn address(&self, uri: &str) -> rusqlite::Result<i64> {
        self.number("SELECT id FROM addresses WHERE uri = ?", uri, || {
            self.0
                .prepare_cached("INSERT INTO addresses (uri, urlkey) VALUES (?, ?)")?
                .insert(params![uri, urlkey(uri)])
        })
    }

    pub(super) fn word(&self, text: &str) -> rusqlite::Result<i64> {
        self.number("SELECT id FROM words WHERE text = ?", text, || {
            self.0
                .prepare_cached("INSERT INTO words (text) VALUES (?)")?
                .insert([text])
        })
    }

    fn number(
        &self,
        known: &str,
        name: &str,
        enter: impl FnOnce() -> rusqlite::Result<i64>,
    ) -> rusqlite::Result<i64> {
        let mut known = self.0.prepare_cached(known)?;
        match known.query_row([name], |row| row.get(0)).optional()? {
            Some(number) => Ok(number),
            None => enter(),
        }
    }
}

const URN: &str = "urn:uuid:";

/// A record's identifier as it is kept.
pub(super) fn packed_id(id: &str) -> ToSqlOutput<'_> {
    let uuid = id
        .strip_prefix(URN)
        .and_then(|text| uuid::Uuid::try_parse(text).ok());
    match uuid {
        // Written in another way, it would not come back as it was.
        Some(uuid) if format!("{URN}{uuid}") == id => {
            ToSqlOutput::Owned(Value::Blob(uuid.as_bytes().to_vec()))
        }
        _ => ToSqlOutput::Borrowed(ValueRef::Text(id.as_bytes())),
    }
}

/// A record's identifier as it was.
pub(super) fn written_id(kept: ValueRef<'_>) -> Option<String> {
    match kept {
        ValueRef::Blob(bytes) => {
            let uuid = uuid::Uuid::from_slice(bytes).ok()?;
            Some(format!("{URN}{uuid}"))
        }
        ValueRef::Text(text) => Some(String::from_utf8_lossy(text).into_owned()),
        _ => None,
    }
}

/// SQLite counts in 64 bits with a sign; no file is longer.
pub(super) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

pub(super) fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_comes_back_as_it_was() {
        for id in [
            "urn:uuid:774e10db-d1a1-42cc-b1c2-a46ea9c82659",
            "urn:uuid:774E10DB-D1A1-42CC-B1C2-A46EA9C82659",
            "urn:uuid:774e10dbd1a142ccb1c2a46ea9c82659",
            "https://example.org/records/7",
            "",
        ] {
            let kept = match packed_id(id) {
                ToSqlOutput::Owned(value) => value,
                ToSqlOutput::Borrowed(value) => Value::try_from(value).unwrap(),
                other => panic!("{other:?}"),
            };
            assert_eq!(written_id(ValueRef::from(&kept)).as_deref(), Some(id));
        }
    }

    #[test]
    fn a_place_holds_file_and_offset() {
        for (file, at) in [(1, 0), (1, 1 << 30), (4_000_000, (1 << 40) - 1)] {
            let place = place(file, at);
            assert_eq!((place >> OFFSET_BITS, unsigned(offset(place))), (file, at));
        }
    }
}

//! All captures, and the proof that they are what came.
//!
//! **In:** exchanges, documents, run reports. **Out:** [`Capture`]s, and any
//! payload ever kept. **Not here:** judgement of any kind.
//!
//! WARC files are the truth; the catalogue can be rebuilt from them at any time.
//!
//! # Order of writes, and what is true after a power cut
//!
//! ```text
//!  1 records appended to the open WARC file   cut here: a torn tail, healed at the next start
//!  2 file synced (and its folder, when new)   cut here: captures are kept, catalogue learns at the next start
//!  3 catalogue rows committed                 cut here: nothing to mend
//!  4 capture acknowledged to the caller
//! ```
//!
//! One writer at a time holds `ibid.lock`, which names its holder; readers are never blocked.
//! Each writing session starts a WARC file of its own, closes it at the end
//! or at the size limit, and never touches it again.

pub mod catalogue;
pub mod digest;
pub mod fixity;
mod lock;
pub mod segment;
mod store;
pub mod urlkey;
pub mod warc;

pub use catalogue::{RunOutline, SourceOutcome};
pub use digest::Digest;
pub use store::{Archive, KeptReport, Known, Ready, ReindexSummary, RunRecord, Settings};

use crate::fetch::Body;
use jiff::Timestamp;
use std::path::PathBuf;

/// Whether a capture holds its payload or points to the same one kept earlier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CaptureKind {
    /// A `response` record.
    Response,
    /// A `revisit` record: same payload as an earlier capture (profile `identical-payload-digest`),
    /// or the server said `304 Not Modified` (profile `server-not-modified`).
    Revisit,
}

/// One response to one request at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capture {
    /// `WARC-Record-ID` without angle brackets.
    pub record_id: String,
    /// `WARC-Target-URI`: the address that was asked.
    pub target_uri: String,
    /// `WARC-Date`.
    pub timestamp: Timestamp,
    /// Status code of the response.
    pub status: u16,
    /// Media type of the payload without parameters, lower case; empty when not said.
    pub media_type: String,
    /// SHA-256 of the payload as received (content coding kept).
    pub digest: Digest,
    /// Whether the payload stands here or earlier.
    pub kind: CaptureKind,
    /// File name of the WARC file, relative to the archive folder.
    pub warc: String,
    /// Offset in bytes of the record's gzip member.
    pub offset: u64,
    /// Length in bytes of the record's gzip member.
    pub length: u64,
    /// Length in bytes of the payload.
    pub payload_length: u64,
    /// The `WARC-Truncated` reason, when the payload is not whole.
    pub truncated: Option<String>,
}

/// An archived answer, read back.
#[derive(Debug, Clone)]
pub struct Held {
    /// Which capture.
    pub capture: Capture,
    /// Status code of this very response.
    pub status: u16,
    /// Reason phrase of this very response; may be empty.
    pub reason: String,
    /// Header fields of this very response, as stored.
    pub fields: Vec<(String, Vec<u8>)>,
    /// The payload (of the earlier capture, where this one is a revisit); content coding kept.
    pub payload: Body,
}

/// Why the archive could not do its work. Clauses that follow "could not …: ".
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// The file system said no.
    #[error("{}: {error}", path.display())]
    Io {
        /// Which file or folder.
        path: PathBuf,
        /// What it said.
        error: std::io::Error,
    },
    /// Another process is writing.
    #[error("{} is being written by {holder}", folder.display())]
    Locked {
        /// The archive's folder.
        folder: PathBuf,
        /// Who, as the lock file names them: "process 4711 on newsdesk since 2026-11-23T20:00:00Z".
        holder: String,
    },
    /// There is no archive in that folder.
    #[error("there is no archive in {}", folder.display())]
    Missing {
        /// The folder.
        folder: PathBuf,
    },
    /// The catalogue is damaged or of a later version.
    #[error("{}: {what}; `ibid reindex` rebuilds it from the WARC files", path.display())]
    Catalogue {
        /// The catalogue's file.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
    /// The catalogue is sound, as far as is known, but the system or another program keeps it.
    #[error("{}: {what}", path.display())]
    Hindered {
        /// The catalogue's file.
        path: PathBuf,
        /// What keeps it.
        what: String,
    },
    /// A record does not hold what it should.
    #[error("{warc}, byte {offset}: {what}")]
    Damaged {
        /// WARC file, relative to the archive folder.
        warc: String,
        /// Offset in bytes of the record.
        offset: u64,
        /// What is wrong.
        what: String,
    },
    /// The archive was opened for reading.
    #[error("the archive was opened for reading only")]
    ReadOnly,
}

impl Capture {
    /// Whether it is a page: an answer that is one, or a `304` that confirmed one. A `304` that
    /// confirmed nothing holds nothing.
    #[must_use]
    pub fn is_page(&self) -> bool {
        let confirmed = self.status == 304 && self.kind == CaptureKind::Revisit;
        matches!(self.status, 200..=299) || confirmed
    }
}

/// What is read of a record; none where that cannot be read, which is its loss alone and says
/// nothing of the others.
///
/// # Errors
/// Every other [`ArchiveError`].
pub fn unless_lost<T>(read: Result<T, ArchiveError>) -> Result<Option<T>, ArchiveError> {
    match read {
        Ok(read) => Ok(Some(read)),
        Err(ArchiveError::Damaged { .. } | ArchiveError::Io { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

impl ArchiveError {
    /// The same for another who has to be told.
    pub(crate) fn again(&self) -> Self {
        match self {
            Self::Io { path, error } => Self::Io {
                path: path.clone(),
                error: match error.raw_os_error() {
                    Some(code) => std::io::Error::from_raw_os_error(code),
                    None => std::io::Error::new(error.kind(), error.to_string()),
                },
            },
            Self::Locked { folder, holder } => Self::Locked {
                folder: folder.clone(),
                holder: holder.clone(),
            },
            Self::Missing { folder } => Self::Missing {
                folder: folder.clone(),
            },
            Self::Catalogue { path, what } => Self::Catalogue {
                path: path.clone(),
                what: what.clone(),
            },
            Self::Hindered { path, what } => Self::Hindered {
                path: path.clone(),
                what: what.clone(),
            },
            Self::Damaged { warc, offset, what } => Self::Damaged {
                warc: warc.clone(),
                offset: *offset,
                what: what.clone(),
            },
            Self::ReadOnly => Self::ReadOnly,
        }
    }
}

impl Held {
    /// The first field of that name (any case), as text.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<String> {
        self.fields
            .iter()
            .find(|(field, _)| field.eq_ignore_ascii_case(name))
            .map(|(_, value)| String::from_utf8_lossy(value).trim().to_owned())
    }
}

//! What the judge found, put away until the report is written.
//!
//! **In:** what was found for a citation. **Out:** a slip, and by it the same again. **Not
//! here:** judging.
//!
//! Evidence is what most of a report is made of, and nothing looks at it between judgement and
//! report but for its kind. Beyond a little it goes to a file without a name, which the system
//! takes back however the process ends.

use super::docket::{Judged, Place};
use crate::archive::ArchiveError;
use crate::evidence::drift::Earlier;
use crate::evidence::{Evidence, EvidenceKind};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use tempfile::SpooledTempFile;

/// Bytes that are held in memory; more go to the file.
const IN_MEMORY: usize = 1 << 20;

/// Where evidence waits.
pub(super) struct Shelf {
    file: Mutex<SpooledTempFile>,
    folder: PathBuf,
}

/// Says where it stands, and what is asked before it is wanted.
#[derive(Debug)]
pub(super) struct Slip {
    pub(super) kind: EvidenceKind,
    start: u64,
    length: usize,
    /// Rare, for it is there only where a source has changed.
    before: Option<Box<Earlier>>,
    kept: bool,
}

impl Shelf {
    /// A shelf whose file will lie in `folder`.
    pub(super) fn new(folder: &Path) -> Self {
        Self {
            file: Mutex::new(tempfile::spooled_tempfile_in(IN_MEMORY, folder)),
            folder: folder.to_owned(),
        }
    }

    /// Puts away what was found.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(super) fn put(&self, judged: Judged) -> Result<Slip, ArchiveError> {
        let evidence = &judged.evidence;
        let append = || {
            let text = serde_json::to_vec(evidence)?;
            let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
            let start = file.seek(SeekFrom::End(0))?;
            file.write_all(&text)?;
            Ok((start, text.len()))
        };
        let (start, length) = append().map_err(|error| self.failed(error))?;
        Ok(Slip {
            kind: evidence.kind,
            start,
            length,
            before: judged.before.map(Box::new),
            kept: judged.kept,
        })
    }

    /// The same for all that was found at once.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(super) fn put_all(
        &self,
        judged: Vec<(Place, Judged)>,
    ) -> Result<Vec<(Place, Slip)>, ArchiveError> {
        let judged = judged.into_iter();
        judged
            .map(|(place, judged)| Ok((place, self.put(judged)?)))
            .collect()
    }

    /// Gives it back.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(super) fn take(&self, slip: Slip) -> Result<Judged, ArchiveError> {
        let evidence = self.evidence(&slip).map_err(|error| self.failed(error))?;
        Ok(Judged {
            evidence,
            before: slip.before.map(|before| *before),
            kept: slip.kept,
        })
    }

    fn evidence(&self, slip: &Slip) -> io::Result<Evidence> {
        let mut text = vec![0; slip.length];
        {
            let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
            file.seek(SeekFrom::Start(slip.start))?;
            file.read_exact(&mut text)?;
        }
        Ok(serde_json::from_slice(&text)?)
    }

    fn failed(&self, error: io::Error) -> ArchiveError {
        ArchiveError::Io {
            path: self.folder.clone(),
            error,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::Passage;

    #[test]
    fn what_is_put_away_comes_back_from_memory_and_from_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = Shelf::new(folder.path());
        let evidence = |number: usize| Evidence {
            score: 1.0 / (number as f64 + 3.0),
            passages: vec![Passage {
                text: "The ferry sank.".repeat(200),
                start: number,
                end: number + 3000,
                score: 0.5,
                marks: Vec::new(),
            }],
            ..Evidence::nothing(EvidenceKind::Partial)
        };
        let many = 2 * IN_MEMORY / 3000;
        let slips: Vec<_> = (0..many)
            .map(|number| shelf.put(Judged::now(evidence(number))).unwrap())
            .collect();
        for (number, slip) in slips.into_iter().enumerate().rev() {
            assert_eq!(slip.kind, EvidenceKind::Partial);
            let judged = shelf.take(slip).unwrap();
            assert_eq!(judged.evidence, evidence(number));
            assert!(judged.before.is_none() && !judged.kept);
        }
    }
}

//! What was found, put away until the report is written.
//!
//! **In:** values. **Out:** a slip for each, and by it the same value again. **Not here:** what
//! the values say.
//!
//! Evidence is what most of a report is made of, and nothing looks at it between judgement and
//! report but for its kind. Beyond a little it goes to a file without a name, which the system
//! takes back however the process ends.

use super::docket::{Judged, Place};
use crate::archive::ArchiveError;
use crate::evidence::drift::Earlier;
use crate::evidence::{Evidence, EvidenceKind};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::marker::PhantomData;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Bytes that are held in memory; more go to the file, so many at once.
const IN_MEMORY: usize = 1 << 20;

/// Where values wait.
pub(super) struct Shelf {
    held: Mutex<Held>,
    folder: PathBuf,
}

/// The values one after the other: the first in the file, the last in memory.
#[derive(Default)]
struct Held {
    file: Option<File>,
    /// Bytes in the file.
    written: u64,
    memory: Vec<u8>,
}

/// Says where a value stands.
#[derive(Debug)]
pub(super) struct Slip<T> {
    start: u64,
    length: usize,
    of: PhantomData<fn() -> T>,
}

/// What the judge found for a citation, its evidence put away.
#[derive(Debug)]
pub(super) struct Found {
    /// Asked before the evidence is wanted.
    pub(super) kind: EvidenceKind,
    evidence: Slip<Evidence>,
    /// Rare, for it is there only where a source has changed.
    before: Option<Box<Earlier>>,
    kept: bool,
}

impl Shelf {
    /// A shelf whose file will lie in `folder`.
    pub(super) fn new(folder: &Path) -> Self {
        Self {
            held: Mutex::default(),
            folder: folder.to_owned(),
        }
    }

    /// Puts a value away.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(super) fn put<T: Serialize>(&self, value: &T) -> Result<Slip<T>, ArchiveError> {
        let put = || {
            let text = serde_json::to_vec(value)?;
            let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
            let start = held.put(&text, &self.folder)?;
            Ok(Slip {
                start,
                length: text.len(),
                of: PhantomData,
            })
        };
        put().map_err(|error| self.failed(error))
    }

    /// Gives a value back.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(super) fn take<T: DeserializeOwned>(&self, slip: &Slip<T>) -> Result<T, ArchiveError> {
        let take = || {
            let mut text = vec![0; slip.length];
            let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
            held.read(slip.start, &mut text)?;
            drop(held);
            Ok(serde_json::from_slice(&text)?)
        };
        take().map_err(|error| self.failed(error))
    }

    /// Puts away what the judge found.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(super) fn put_found(
        &self,
        judged: Vec<(Place, Judged)>,
    ) -> Result<Vec<(Place, Found)>, ArchiveError> {
        let found = judged.into_iter().map(|(place, judged)| {
            let found = Found {
                kind: judged.evidence.kind,
                evidence: self.put(&judged.evidence)?,
                before: judged.before.map(Box::new),
                kept: judged.kept,
            };
            Ok((place, found))
        });
        found.collect()
    }

    /// Gives back what the judge found.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(super) fn take_found(&self, found: Found) -> Result<Judged, ArchiveError> {
        Ok(Judged {
            evidence: self.take(&found.evidence)?,
            before: found.before.map(|before| *before),
            kept: found.kept,
        })
    }

    fn failed(&self, error: io::Error) -> ArchiveError {
        ArchiveError::Io {
            path: self.folder.clone(),
            error,
        }
    }
}

impl Held {
    /// Appends; gives the place.
    fn put(&mut self, text: &[u8], folder: &Path) -> io::Result<u64> {
        if self.memory.len() + text.len() > IN_MEMORY {
            let file = match &mut self.file {
                Some(file) => file,
                none => none.insert(tempfile::tempfile_in(folder)?),
            };
            file.seek(SeekFrom::Start(self.written))?;
            file.write_all(&self.memory)?;
            self.written += self.memory.len() as u64;
            self.memory.clear();
        }
        let start = self.written + self.memory.len() as u64;
        self.memory.extend_from_slice(text);
        Ok(start)
    }

    fn read(&mut self, start: u64, text: &mut [u8]) -> io::Result<()> {
        if let Some(start) = start.checked_sub(self.written) {
            let start = usize::try_from(start).map_err(io::Error::other)?;
            let mut held = self.memory.get(start..).unwrap_or_default();
            return held.read_exact(text);
        }
        let file = self.file.as_mut().ok_or(io::ErrorKind::UnexpectedEof)?;
        file.seek(SeekFrom::Start(start))?;
        file.read_exact(text)
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
        let mut slips: Vec<(usize, Found)> = Vec::new();
        let check = |slips: &mut Vec<(usize, Found)>| {
            for (number, found) in slips.drain(..).rev() {
                assert_eq!(found.kind, EvidenceKind::Partial);
                let judged = shelf.take_found(found).unwrap();
                assert_eq!(judged.evidence, evidence(number));
                assert!(judged.before.is_none() && !judged.kept);
            }
        };
        for number in 0..5 * IN_MEMORY / 6000 {
            let judged = vec![((0, number), Judged::now(evidence(number)))];
            let found = shelf.put_found(judged).unwrap().remove(0).1;
            slips.push((number, found));
            // What is read in between does not disturb what is written next.
            if number % 100 == 99 {
                check(&mut slips);
            }
        }
        check(&mut slips);
        let large = "x".repeat(2 * IN_MEMORY);
        let [one, other] = [&large, &"y".to_owned()].map(|text| shelf.put(text).unwrap());
        assert_eq!(shelf.take(&one).unwrap(), large);
        assert_eq!(shelf.take(&other).unwrap(), "y");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}

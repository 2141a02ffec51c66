//! Brings catalogue and WARC files together again, whatever ended the last session.
//!
//! A WARC file that is longer than the catalogue knows is read from there on. What is torn
//! at its end was never acknowledged and is cut off; damage in its middle is left for
//! `verify` to report, and nothing behind it is lost. Of a file that the catalogue does not
//! know, it is not known what was acknowledged: what cannot be read at its end is set aside
//! (`NAME.torn`), never deleted.

use super::super::ArchiveError;
use super::super::catalogue::{self, Catalogue, Entry, Gist};
use super::super::segment;
use super::super::warc::Reader;
use std::fs::{File, OpenOptions};
use std::io::{self, Seek, SeekFrom};
use std::ops::Range;
use std::path::Path;

/// Reads what the catalogue does not know; gives the numbers of files and of records read.
pub(super) fn heal(folder: &Path, catalogue: &Catalogue) -> Result<(usize, usize), ArchiveError> {
    let files = segment::files(folder)?;
    let known = catalogue.files()?;
    let transaction = catalogue.begin()?;
    for (name, _) in &known {
        if !files.iter().any(|(there, _)| there == name) {
            catalogue.forget(name)?;
        }
    }
    let (mut count, mut records) = (0, 0);
    for (name, length) in files {
        let indexed = known
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, indexed)| *indexed);
        let tail = match indexed {
            Some(_) => Tail::NeverAcknowledged,
            None => Tail::Unknown,
        };
        let indexed = indexed.unwrap_or(0);
        if indexed == length {
            continue;
        }
        count += 1;
        // Shorter than was known: the catalogue outlived what a power cut took from the file.
        let from = if indexed > length { 0 } else { indexed };
        catalogue.forget_from(&name, from)?;
        records += read_on(folder, &name, from..length, tail, catalogue)?;
    }
    catalogue.commit(transaction)?;
    Ok((count, records))
}

/// What is known of the end of a file that cannot be read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tail {
    NeverAcknowledged,
    Unknown,
}

/// Enters the records of a part of a file, up to its end, and takes a torn tail off it.
fn read_on(
    folder: &Path,
    name: &str,
    part: Range<u64>,
    tail: Tail,
    catalogue: &Catalogue,
) -> Result<usize, ArchiveError> {
    let path = folder.join(name);
    let failed = |error| ArchiveError::Io {
        path: path.clone(),
        error,
    };
    let mut reader = Reader::new(File::open(&path).map_err(failed)?, part.start).map_err(failed)?;
    let mut records = 0;
    let mut torn_at = None;
    while let Some(item) = reader.next_with(Gist::of).map_err(failed)? {
        match item {
            Ok((located, gist)) => {
                let entry = Entry::of(&located, gist, name, |id| catalogue.by_id(id))?;
                catalogue.add(name, located.offset, &entry)?;
                records += 1;
            }
            Err(damage) if damage.resumes.is_none() => torn_at = Some(damage.offset),
            Err(_) => {}
        }
    }
    let end = torn_at.unwrap_or(part.end);
    if torn_at.is_some() && tail == Tail::Unknown {
        set_aside(&path, end).map_err(failed)?;
        segment::sync_folder(folder)?;
    }
    if end == 0 {
        // Not even its first record was written whole.
        std::fs::remove_file(&path).map_err(failed)?;
        segment::sync_folder(folder)?;
        catalogue.forget(name)?;
        return Ok(0);
    }
    if torn_at.is_some() {
        let file = OpenOptions::new().write(true).open(&path).map_err(failed)?;
        file.set_len(end).map_err(failed)?;
        file.sync_all().map_err(failed)?;
    }
    catalogue.set_indexed(name, end)?;
    Ok(records)
}

/// Copies a file's end from this offset on to a file beside it.
fn set_aside(path: &Path, from: u64) -> io::Result<()> {
    let mut name = path.as_os_str().to_owned();
    name.push(".torn");
    let mut torn = File::open(path)?;
    torn.seek(SeekFrom::Start(from))?;
    // What was set aside before stays before it.
    let mut aside = OpenOptions::new().create(true).append(true).open(name)?;
    io::copy(&mut torn, &mut aside)?;
    aside.sync_all()
}

/// Removes the catalogue's files.
pub(super) fn remove_catalogue(folder: &Path) -> Result<(), ArchiveError> {
    for ending in ["", "-wal", "-shm"] {
        let path = folder.join(format!("{}{ending}", catalogue::FILE));
        match std::fs::remove_file(&path) {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(ArchiveError::Io { path, error }),
        }
    }
    Ok(())
}

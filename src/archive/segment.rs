//! A WARC file that is being written: made new, appended to, synced, closed for good.

use super::ArchiveError;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

/// The ending of the files that are ours to read.
pub(super) const ENDING: &str = ".warc.gz";

/// Bytes that are written to the file at once.
const BUFFER: usize = 512 << 10;

/// An open WARC file.
#[derive(Debug)]
pub(super) struct Segment {
    file: File,
    path: PathBuf,
    name: String,
    /// Bytes that are not in the file yet.
    buffer: Vec<u8>,
    length: u64,
    /// How much of it was brought to disk.
    synced: u64,
    /// Its name in the folder is not on disk yet.
    new: bool,
}

impl Segment {
    /// Makes a file that was not there.
    pub(super) fn create(folder: &Path, name: String) -> Result<Self, ArchiveError> {
        let path = folder.join(&name);
        let file = OpenOptions::new()
            .create_new(true)
            .append(true)
            .open(&path)
            .map_err(|error| failed(&path, error))?;
        Ok(Self {
            file,
            path,
            name,
            buffer: Vec::new(),
            length: 0,
            synced: 0,
            new: true,
        })
    }

    /// Appends what `write` writes, a member; gives its offset. It is on disk after [`Segment::sync`].
    pub(super) fn append(
        &mut self,
        write: impl FnOnce(&mut Self) -> std::io::Result<()>,
    ) -> Result<u64, ArchiveError> {
        let offset = self.length;
        match write(self) {
            Ok(()) => Ok(offset),
            Err(error) => Err(failed(&self.path, error)),
        }
    }

    /// Brings everything that was appended to disk, and the file's name with it.
    pub(super) fn sync(&mut self) -> Result<(), ArchiveError> {
        self.flush()
            .and_then(|()| self.file.sync_data())
            .map_err(|error| failed(&self.path, error))?;
        if self.new {
            if let Some(folder) = self.path.parent() {
                sync_folder(folder)?;
            }
            self.new = false;
        }
        self.synced = self.length;
        Ok(())
    }

    /// Takes back what was appended since the last [`Segment::sync`], also half a member.
    pub(super) fn roll_back(&mut self) -> Result<(), ArchiveError> {
        self.buffer.clear();
        self.file
            .set_len(self.synced)
            .map_err(|error| failed(&self.path, error))?;
        self.length = self.synced;
        Ok(())
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) const fn length(&self) -> u64 {
        self.length
    }

    /// Syncs and makes it read-only: it is not written to again.
    pub(super) fn close(mut self) -> Result<(), ArchiveError> {
        self.sync()?;
        let failed = |error| failed(&self.path, error);
        let mut permissions = self.file.metadata().map_err(failed)?.permissions();
        permissions.set_readonly(true);
        self.file.set_permissions(permissions).map_err(failed)
    }
}

impl Write for Segment {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.buffer.extend_from_slice(bytes);
        self.length += bytes.len() as u64;
        if self.buffer.len() >= BUFFER {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.write_all(&self.buffer)?;
        self.buffer.clear();
        Ok(())
    }
}

/// Brings the names in a folder to disk.
pub(super) fn sync_folder(folder: &Path) -> Result<(), ArchiveError> {
    // Windows has no such thing; there the file's own sync is all there is.
    if cfg!(unix) {
        let handle = File::open(folder).map_err(|error| failed(folder, error))?;
        handle.sync_all().map_err(|error| failed(folder, error))?;
    }
    Ok(())
}

/// The WARC files of a folder with their lengths in bytes, by name.
pub(super) fn files(folder: &Path) -> Result<Vec<(String, u64)>, ArchiveError> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed(folder, error)),
    };
    let mut files = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| failed(folder, error))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !name.ends_with(ENDING) {
            continue;
        }
        // Through a link: a full file may have been moved to where there is more room.
        match std::fs::metadata(entry.path()) {
            Ok(metadata) if metadata.is_file() => files.push((name, metadata.len())),
            Ok(_) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(failed(&entry.path(), error)),
        }
    }
    files.sort_unstable();
    Ok(files)
}

fn failed(path: &Path, error: std::io::Error) -> ArchiveError {
    ArchiveError::Io {
        path: path.to_owned(),
        error,
    }
}

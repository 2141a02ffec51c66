//! One writer at a time: a lock file that names its holder.
//!
//! The operating system frees the lock when its holder ends, however it ends. The text in
//! the file is only for people; a file without a lock on it means nothing.

use super::ArchiveError;
use crate::clock::Clock;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;
use std::time::Duration;

const FILE: &str = "ibid.lock";
/// A reader that looks whether a writer lives holds the lock for an instant; it is waited out.
const TRIES: u32 = 20;
const PAUSE: Duration = Duration::from_millis(10);

/// The lock; freed when it is dropped.
#[derive(Debug)]
pub(super) struct Lock {
    file: File,
}

impl Lock {
    pub(super) fn take(folder: &Path, clock: &Clock) -> Result<Self, ArchiveError> {
        let path = folder.join(FILE);
        let failed = |error| ArchiveError::Io {
            path: path.clone(),
            error,
        };
        let mut file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(&path)
            .map_err(failed)?;
        let mut tries = 0;
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if tries < TRIES => {
                    tries += 1;
                    std::thread::sleep(PAUSE);
                }
                Err(TryLockError::WouldBlock) => {
                    let mut holder = String::new();
                    // Who holds it is a courtesy; that it is held is what counts.
                    let _ = file.read_to_string(&mut holder);
                    let holder = match holder.trim() {
                        "" => "another process".to_owned(),
                        named => named.to_owned(),
                    };
                    return Err(ArchiveError::Locked {
                        folder: folder.to_owned(),
                        holder,
                    });
                }
                Err(TryLockError::Error(error)) => return Err(failed(error)),
            }
        }
        let holder = format!(
            "process {} on {} since {}\n",
            std::process::id(),
            host_name(),
            clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")
        );
        file.set_len(0).map_err(failed)?;
        file.rewind().map_err(failed)?;
        file.write_all(holder.as_bytes()).map_err(failed)?;
        Ok(Self { file })
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // The name would only mislead; the lock itself goes with the file.
        let _ = self.file.set_len(0);
    }
}

/// Whether a writer is at work at this moment.
pub(super) fn is_held(folder: &Path) -> bool {
    let Ok(file) = File::open(folder.join(FILE)) else {
        return false;
    };
    matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock))
}

fn host_name() -> String {
    let told = std::fs::read_to_string("/proc/sys/kernel/hostname")
        .or_else(|_| std::fs::read_to_string("/etc/hostname"))
        .ok()
        .or_else(|| std::env::var("COMPUTERNAME").ok());
    match told.as_deref().map(str::trim) {
        Some(name) if !name.is_empty() => name.to_owned(),
        _ => "this machine".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_writer_is_told_who_the_first_is() {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::fixed("2026-11-23T20:15:00Z".parse().unwrap());
        let lock = Lock::take(folder.path(), &clock).unwrap();
        assert!(is_held(folder.path()));
        let message = Lock::take(folder.path(), &clock).unwrap_err().to_string();
        let expected = format!("is being written by process {} on ", std::process::id());
        assert!(message.contains(&expected), "{message}");
        assert!(
            message.ends_with(" since 2026-11-23T20:15:00Z"),
            "{message}"
        );
        drop(lock);
        assert!(!is_held(folder.path()));
        Lock::take(folder.path(), &clock).unwrap();
    }
}

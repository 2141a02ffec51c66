//! Bodies of answers: in memory while they are small, in a file when they are not.
//!
//! **In:** bytes as they arrive. **Out:** a [`Body`]: its length, its SHA-256, and its bytes
//! again, as often as they are wanted. **Not here:** what is in them.
//!
//! A body is hashed while it arrives. Beyond [`IN_MEMORY`] it goes on in a file without a
//! name, which the system takes back however the process ends. Where many bodies wait at
//! once, smaller ones go there too: all of them together never hold more memory than
//! [`ALL_IN_MEMORY`] and a little for each.

use bytes::{Bytes, BytesMut};
use sha2::{Digest as _, Sha256};
use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Bytes of one body that are held in memory: more than 99 of 100 pages have.
const IN_MEMORY: usize = 1 << 20;
/// Bytes of all bodies in memory, beyond which a body above [`FEW`] is not held there.
const ALL_IN_MEMORY: usize = 12 << 20;
/// Bytes that are held in memory in any case.
const FEW: usize = 16 << 10;
/// Bytes that are written to a file at once.
const BATCH: usize = 256 << 10;

/// Bytes of a body that is written here that are hashed at once.
const PAGES: usize = 64 << 10;

/// Where bodies are put while they are worked on.
#[derive(Debug, Clone, Default)]
pub(super) struct Depot(Arc<Place>);

#[derive(Debug, Default)]
struct Place {
    /// Folder for the files; the system's own where there is none.
    folder: Option<PathBuf>,
    /// Bytes in memory now.
    held: AtomicUsize,
}

impl Depot {
    pub(super) fn new(folder: Option<PathBuf>) -> Self {
        Self(Arc::new(Place {
            folder,
            held: AtomicUsize::new(0),
        }))
    }

    fn file(&self) -> io::Result<File> {
        match &self.0.folder {
            Some(folder) => tempfile::tempfile_in(folder),
            None => tempfile::tempfile(),
        }
    }

    pub(super) fn receive(&self) -> Incoming {
        Incoming {
            share: Share {
                depot: self.clone(),
                bytes: 0,
            },
            memory: BytesMut::new(),
            file: None,
            length: 0,
            hash: Sha256::new(),
        }
    }
}

/// Bytes of the depot's memory; given back when it is dropped.
#[derive(Debug)]
struct Share {
    depot: Depot,
    bytes: usize,
}

impl Share {
    fn set(&mut self, bytes: usize) {
        let held = &self.depot.0.held;
        if bytes > self.bytes {
            held.fetch_add(bytes - self.bytes, Ordering::Relaxed);
        } else {
            held.fetch_sub(self.bytes - bytes, Ordering::Relaxed);
        }
        self.bytes = bytes;
    }

    fn is_scarce(&self) -> bool {
        self.depot.0.held.load(Ordering::Relaxed) > ALL_IN_MEMORY
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.set(0);
    }
}

/// A body that is still arriving.
#[derive(Debug)]
pub(super) struct Incoming {
    share: Share,
    memory: BytesMut,
    file: Option<File>,
    length: u64,
    hash: Sha256,
}

impl Incoming {
    pub(super) const fn length(&self) -> u64 {
        self.length
    }

    /// Takes what came.
    ///
    /// # Errors
    /// When it cannot be written to its file.
    pub(super) async fn push(&mut self, chunk: &[u8]) -> io::Result<()> {
        self.hash.update(chunk);
        self.length += chunk.len() as u64;
        self.memory.extend_from_slice(chunk);
        self.share.set(self.memory.len());
        let most = match &self.file {
            Some(_) => BATCH,
            None if self.share.is_scarce() => FEW,
            None => IN_MEMORY,
        };
        if self.memory.len() > most {
            self.write_out().await?;
        }
        Ok(())
    }

    /// Moves what is in memory to the file. A disk may be slow: not on the network's threads.
    async fn write_out(&mut self) -> io::Result<()> {
        let memory = std::mem::take(&mut self.memory);
        let file = self.file.take();
        let depot = self.share.depot.clone();
        let writing = tokio::task::spawn_blocking(move || {
            let mut file = match file {
                Some(file) => file,
                None => depot.file()?,
            };
            file.write_all(&memory)?;
            Ok::<_, io::Error>(file)
        });
        self.file = Some(writing.await.map_err(io::Error::other)??);
        self.share.set(0);
        Ok(())
    }

    /// The body, as far as it came.
    ///
    /// # Errors
    /// When it cannot be written to its file.
    pub(super) async fn finish(mut self) -> io::Result<Body> {
        if self.file.is_some() && !self.memory.is_empty() {
            self.write_out().await?;
        }
        let kept = match self.file {
            Some(file) => Kept::File(Arc::new(Mutex::new(file))),
            None => Kept::Memory {
                bytes: self.memory.freeze(),
                _share: Some(Arc::new(self.share)),
            },
        };
        Ok(Body {
            kept,
            length: self.length,
            sha256: self.hash.finalize().into(),
        })
    }
}

/// A payload as received. Cheap to clone; its bytes are freed with the last clone.
#[derive(Debug, Clone)]
pub struct Body {
    kept: Kept,
    length: u64,
    sha256: [u8; 32],
}

#[derive(Debug, Clone)]
enum Kept {
    /// With what it takes of the depot's memory.
    Memory {
        bytes: Bytes,
        _share: Option<Arc<Share>>,
    },
    File(Arc<Mutex<File>>),
}

impl Body {
    /// A body that is written here: in memory while it is small, else in a file in that folder.
    ///
    /// # Errors
    /// What `write` says, or the file.
    pub fn written(
        folder: &Path,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<Self> {
        Self::spooled(Some(folder), write)
    }

    /// A body that is read to its end: in memory while it is small, else in a file where the
    /// system has such.
    ///
    /// # Errors
    /// What `from` says, or the file.
    pub fn read(mut from: impl Read) -> io::Result<Self> {
        Self::spooled(None, |body| io::copy(&mut from, body).map(drop))
    }

    fn spooled(
        folder: Option<&Path>,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<Self> {
        let mut spool = Spool {
            folder,
            memory: Vec::new(),
            file: None,
            length: 0,
            hash: Sha256::new(),
        };
        // It comes in words and commas.
        let mut pages = BufWriter::with_capacity(PAGES, &mut spool);
        write(&mut pages)?;
        pages.flush()?;
        drop(pages);
        if spool.file.is_some() {
            spool.write_out()?;
        }
        Ok(Self {
            length: spool.length,
            sha256: spool.hash.finalize().into(),
            kept: match spool.file {
                Some(file) => Kept::File(Arc::new(Mutex::new(file))),
                None => Kept::Memory {
                    bytes: spool.memory.into(),
                    _share: None,
                },
            },
        })
    }

    /// Its length in bytes.
    #[must_use]
    pub const fn len(&self) -> u64 {
        self.length
    }

    /// Whether nothing came.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// The SHA-256 of its bytes.
    #[must_use]
    pub const fn sha256(&self) -> [u8; 32] {
        self.sha256
    }

    /// Its bytes, where they are in memory.
    #[must_use]
    pub const fn in_memory(&self) -> Option<&Bytes> {
        match &self.kept {
            Kept::Memory { bytes, .. } => Some(bytes),
            Kept::File(_) => None,
        }
    }

    /// Reads it from its beginning.
    #[must_use]
    pub const fn reader(&self) -> Reader<'_> {
        Reader { body: self, at: 0 }
    }

    /// Its first bytes, `most` at the most.
    ///
    /// # Errors
    /// When its file cannot be read.
    pub fn first(&self, most: u64) -> io::Result<Bytes> {
        if let Kept::Memory { bytes, .. } = &self.kept {
            let end = usize::try_from(most).unwrap_or(usize::MAX).min(bytes.len());
            return Ok(bytes.slice(..end));
        }
        let most = most.min(self.length);
        let mut bytes = Vec::with_capacity(usize::try_from(most).unwrap_or(0));
        self.reader().take(most).read_to_end(&mut bytes)?;
        Ok(bytes.into())
    }

    /// All of its bytes.
    ///
    /// # Errors
    /// When its file cannot be read.
    pub fn bytes(&self) -> io::Result<Bytes> {
        self.first(self.length)
    }
}

/// A body that is being written.
struct Spool<'f> {
    folder: Option<&'f Path>,
    memory: Vec<u8>,
    file: Option<File>,
    length: u64,
    hash: Sha256,
}

impl Spool<'_> {
    fn write_out(&mut self) -> io::Result<()> {
        let file = match (&mut self.file, self.folder) {
            (Some(file), _) => file,
            (None, Some(folder)) => self.file.insert(tempfile::tempfile_in(folder)?),
            (None, None) => self.file.insert(tempfile::tempfile()?),
        };
        file.write_all(&self.memory)?;
        self.memory.clear();
        Ok(())
    }
}

impl Write for Spool<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.hash.update(bytes);
        self.length += bytes.len() as u64;
        self.memory.extend_from_slice(bytes);
        if self.memory.len() > IN_MEMORY {
            self.write_out()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<B: Into<Bytes>> From<B> for Body {
    fn from(bytes: B) -> Self {
        let bytes = bytes.into();
        Self {
            length: bytes.len() as u64,
            sha256: Sha256::digest(&bytes).into(),
            kept: Kept::Memory {
                bytes,
                _share: None,
            },
        }
    }
}

/// Reads a [`Body`].
#[derive(Debug)]
pub struct Reader<'b> {
    body: &'b Body,
    at: u64,
}

impl Read for Reader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = match &self.body.kept {
            Kept::Memory { bytes, .. } => {
                let at = usize::try_from(self.at).unwrap_or(usize::MAX);
                let mut rest = bytes.get(at..).unwrap_or_default();
                rest.read(buffer)?
            }
            // Others may read the same file: each sets it to where it stands.
            Kept::File(file) => {
                let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
                file.seek(SeekFrom::Start(self.at))?;
                file.read(buffer)?
            }
        };
        self.at += read as u64;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn received(depot: &Depot, chunks: usize, chunk: &[u8]) -> Body {
        let mut incoming = depot.receive();
        for _ in 0..chunks {
            incoming.push(chunk).await.unwrap();
        }
        incoming.finish().await.unwrap()
    }

    #[tokio::test]
    async fn a_body_is_the_same_wherever_it_lies() {
        let depot = Depot::default();
        for (chunks, in_memory) in [(0, true), (3, true), (200, false)] {
            let body = received(&depot, chunks, &[7; 10_000]).await;
            let whole = vec![7; chunks * 10_000];
            assert_eq!(body.in_memory().is_some(), in_memory, "{chunks}");
            assert_eq!(body.len(), whole.len() as u64);
            assert_eq!(body.bytes().unwrap(), whole);
            assert_eq!(body.first(5).unwrap().len(), whole.len().min(5));
            let read = Body::read(&whole[..]).unwrap();
            assert_eq!(read.in_memory().is_some(), in_memory, "{chunks}");
            assert_eq!(read.bytes().unwrap(), whole);
            assert_eq!(body.sha256(), read.sha256());
            assert_eq!(body.sha256(), Body::from(whole).sha256());
        }
    }

    #[tokio::test]
    async fn two_readers_do_not_disturb_each_other() {
        let body = received(
            &Depot::default(),
            300,
            b"0123456789abcdef".repeat(256).as_slice(),
        )
        .await;
        let (mut one, mut two) = (body.reader(), body.reader());
        let mut three = [0; 3];
        for expected in [b"012", b"345"] {
            one.read_exact(&mut three).unwrap();
            assert_eq!(&three, expected);
            two.read_exact(&mut three).unwrap();
            assert_eq!(&three, expected);
        }
    }

    #[tokio::test]
    async fn where_many_wait_a_body_goes_to_a_file_sooner() {
        let depot = Depot::default();
        let mut bodies = Vec::new();
        for _ in 0..60 {
            bodies.push(received(&depot, 10, &[1; 100_000]).await);
        }
        let held = || depot.0.held.load(Ordering::Relaxed);
        let (first, last) = (bodies.first().unwrap(), bodies.last().unwrap());
        assert!(first.in_memory().is_some() && last.in_memory().is_none());
        assert!(held() <= ALL_IN_MEMORY + IN_MEMORY, "{}", held());
        bodies.clear();
        assert_eq!(held(), 0);
    }
}

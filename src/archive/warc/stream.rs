//! A file's bytes with their place: read on, look ahead, go back.
//!
//! Going back over what was just read costs nothing. The search for the next record lives on
//! that: it looks at many places that lie close together.

use std::io::{self, BufRead, Read, Seek, SeekFrom};
use std::ops::Range;

/// Bytes that are read at once.
const WINDOW: usize = 64 << 10;

/// A stream that knows where it stands.
#[derive(Debug)]
pub(super) struct Stream<R> {
    inner: R,
    window: Box<[u8]>,
    /// The part of the window that comes next. What is before it was just read; at its end
    /// stands `inner`.
    next: Range<usize>,
    /// Offset in bytes of what comes next.
    at: u64,
}

impl<R: Read + Seek> Stream<R> {
    pub(super) fn new(mut inner: R, offset: u64) -> io::Result<Self> {
        inner.seek(SeekFrom::Start(offset))?;
        Ok(Self {
            inner,
            window: vec![0; WINDOW].into(),
            next: 0..0,
            at: offset,
        })
    }

    /// Offset in bytes of what comes next.
    pub(super) const fn at(&self) -> u64 {
        self.at
    }

    /// Goes to another place.
    pub(super) fn go(&mut self, offset: u64) -> io::Result<()> {
        let begin = self.at - self.next.start as u64;
        let within = offset
            .checked_sub(begin)
            .and_then(|start| usize::try_from(start).ok())
            .filter(|start| *start <= self.next.end);
        match within {
            Some(start) => self.next.start = start,
            None => {
                self.inner.seek(SeekFrom::Start(offset))?;
                self.next = 0..0;
            }
        }
        self.at = offset;
        Ok(())
    }

    /// What comes next, at least so many bytes of it: fewer only where the stream ends.
    pub(super) fn ahead(&mut self, least: usize) -> io::Result<&[u8]> {
        if self.next.len() < least {
            self.window.copy_within(self.next.clone(), 0);
            self.next = 0..self.next.len();
            while self.next.len() < least && self.read_on()? {}
        }
        Ok(self.window.get(self.next.clone()).unwrap_or_default())
    }

    /// Reads into the window's free end; whether anything came.
    fn read_on(&mut self) -> io::Result<bool> {
        let room = self.window.get_mut(self.next.end..).unwrap_or_default();
        loop {
            match self.inner.read(room) {
                Ok(read) => {
                    self.next.end += read;
                    return Ok(read > 0);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
}

impl<R: Read + Seek> BufRead for Stream<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.ahead(1)
    }

    fn consume(&mut self, amount: usize) {
        let amount = amount.min(self.next.len());
        self.next.start += amount;
        self.at += amount as u64;
    }
}

impl<R: Read + Seek> Read for Stream<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    /// Gives a few bytes at a time, as a pipe may.
    struct Slow(Cursor<Vec<u8>>);

    impl Read for Slow {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let few = buffer.len().min(1000);
            self.0.read(&mut buffer[..few])
        }
    }

    impl Seek for Slow {
        fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
            self.0.seek(to)
        }
    }

    #[test]
    fn every_place_is_found_again() {
        let bytes: Vec<u8> = (0..200_000_u32).map(|n| (n % 251) as u8).collect();
        let mut stream = Stream::new(Slow(Cursor::new(bytes.clone())), 7).unwrap();
        for place in [7, 65_000, 64_990, 66_000, 3, 199_999, 140_000, 200_000] {
            stream.go(place as u64).unwrap();
            let left = bytes.len() - place;
            let ahead = stream.ahead(1500).unwrap();
            assert!(ahead.len() >= left.min(1500), "{place}");
            assert_eq!(ahead, &bytes[place..place + ahead.len()], "{place}");
            let mut taken = vec![0; left.min(70_000)];
            stream.read_exact(&mut taken).unwrap();
            assert_eq!(taken, &bytes[place..place + taken.len()], "{place}");
            assert_eq!(stream.at(), (place + taken.len()) as u64);
        }
        assert_eq!(stream.ahead(1).unwrap(), b"");
    }
}

//! A record's block as a stream.

use std::io::{self, BufRead, Read};

/// What ends every record.
const END: &[u8] = b"\r\n\r\n";

/// A record's block. What follows it is read at its end: where that is not what ends a whole
/// record, the last read fails.
#[derive(Debug)]
pub(super) struct Block<M> {
    member: M,
    left: u64,
    /// Whether what follows it was read.
    ended: bool,
    failed: Option<String>,
}

impl<M: BufRead> Block<M> {
    /// The block of so many bytes that a member goes on with.
    pub(super) const fn new(member: M, length: u64) -> Self {
        Self {
            member,
            left: length,
            ended: false,
            failed: None,
        }
    }

    /// Bytes that were not taken yet.
    pub(super) const fn left(&self) -> u64 {
        self.left
    }

    /// Passes over what was not taken.
    ///
    /// # Errors
    /// A clause that says what is wrong with the record, also where a read failed before.
    pub(super) fn finish(&mut self) -> Result<(), String> {
        loop {
            match self.fill_buf() {
                Ok([]) => return Ok(()),
                Ok(bytes) => {
                    let length = bytes.len();
                    self.consume(length);
                }
                Err(error) => return Err(self.failed.take().unwrap_or_else(|| broken(error))),
            }
        }
    }

    fn fail(&mut self, what: String) -> io::Error {
        let error = io::Error::new(io::ErrorKind::InvalidData, what.clone());
        self.failed = Some(what);
        error
    }

    /// Reads what follows the block.
    fn end(&mut self) -> io::Result<()> {
        let mut end = Vec::new();
        let most = END.len() as u64 + 1;
        match self.member.by_ref().take(most).read_to_end(&mut end) {
            Ok(_) if end == END => {
                self.ended = true;
                Ok(())
            }
            Ok(_) => {
                let what = "the record does not end where its Content-Length says";
                Err(self.fail(what.to_owned()))
            }
            Err(error) => Err(self.fail(broken(error))),
        }
    }
}

impl<M: BufRead> BufRead for Block<M> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if let Some(what) = &self.failed {
            return Err(io::Error::new(io::ErrorKind::InvalidData, what.clone()));
        }
        if self.left == 0 {
            if !self.ended {
                self.end()?;
            }
            return Ok(&[]);
        }
        let what = match self.member.fill_buf() {
            Ok([]) => "the block is shorter than its Content-Length".to_owned(),
            Ok(_) => {
                // Asked again, it gives the same without reading: the borrow of the first
                // answer would last beyond this function's other ways out.
                let bytes = self.member.fill_buf()?;
                let most = usize::try_from(self.left).unwrap_or(usize::MAX);
                return Ok(bytes.get(..most).unwrap_or(bytes));
            }
            Err(error) => broken(error),
        };
        Err(self.fail(what))
    }

    fn consume(&mut self, amount: usize) {
        self.left = self.left.saturating_sub(amount as u64);
        self.member.consume(amount);
    }
}

impl<M: BufRead> Read for Block<M> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        let read = self.fill_buf()?.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}

/// What is wrong with a member, as a clause.
pub(super) fn broken(error: io::Error) -> String {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => "the record ends too soon".to_owned(),
        _ => format!("it is no gzip member ({error})"),
    }
}

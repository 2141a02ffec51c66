//! Running pandoc for the formats that only it reads.
//!
//! **In:** a document's bytes. **Out:** the tree that pandoc makes of them, as JSON,
//! or why there is none. **Not here:** reading the tree (`document::pandoc`).
//!
//! Pandoc runs with `--sandbox` (pandoc 2.15 and later): a document cannot include
//! other files or load anything from the web. It gets so much time, and may write so
//! much; then it is ended.

use crate::document::detect::Dialect;
use std::ffi::OsString;
use std::io::{ErrorKind, Read, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

/// Bytes of a tree that are taken. A word takes some 30 of them (measured on pandoc 2.17,
/// 2026-11-24), so this is a text of four million words.
const MAX_TREE_BYTES: u64 = 128 << 20;
/// Bytes of pandoc's own messages that are looked at.
const MAX_MESSAGE_BYTES: u64 = 8 << 10;
/// Pandoc's exit status for a format that its version does not know (manual, "Exit codes").
const UNKNOWN_READER: i32 = 21;

/// How pandoc is run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pandoc {
    /// The program: a name that is looked for on `PATH`, or a path.
    pub program: OsString,
    /// How long it may take.
    pub deadline: Duration,
    /// How many bytes it may write.
    pub max_bytes: u64,
}

/// What pandoc made of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tree {
    /// The tree, as JSON.
    pub json: String,
    /// What pandoc warned of: includes that it did not follow, files that it did not load.
    pub warnings: Vec<String>,
}

impl Default for Pandoc {
    fn default() -> Self {
        Self {
            program: "pandoc".into(),
            deadline: Duration::from_secs(30),
            max_bytes: MAX_TREE_BYTES,
        }
    }
}

impl Pandoc {
    /// The tree of a document in this format, as JSON. The error is a clause for a person.
    ///
    /// # Errors
    /// When pandoc is not installed, does not know the format, cannot read the document,
    /// takes too long, or writes too much.
    pub fn tree(&self, bytes: Vec<u8>, dialect: &Dialect) -> Result<Tree, String> {
        let end = Instant::now() + self.deadline;
        let started = Command::new(&self.program)
            .args(["--sandbox", "-f", dialect.reader, "-t", "json"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn();
        let mut child = started.map_err(|error| match error.kind() {
            ErrorKind::NotFound => format!(
                "it is {}, which is read by way of pandoc, and pandoc is not installed; install it \
                 (https://pandoc.org/installing.html) or save the document in another format",
                dialect.name
            ),
            _ => format!(
                "it is {}, and pandoc could not be started: {error}",
                dialect.name
            ),
        })?;
        let result = self.talk(&mut child, bytes, end);
        // Whatever it is still doing, nobody waits for it any more.
        let _ = child.kill();
        let _ = child.wait();
        match result? {
            (status, json, message) if status.success() => Ok(Tree {
                json: String::from_utf8(json)
                    .map_err(|_| "pandoc's answer is not UTF-8".to_owned())?,
                warnings: warnings(&message),
            }),
            (status, _, message) => Err(refusal(dialect, status, &message)),
        }
    }

    /// Gives it the bytes, takes its answer and its messages, each on a thread of its own:
    /// a full pipe on one side must not stop the other.
    fn talk(
        &self,
        child: &mut Child,
        bytes: Vec<u8>,
        end: Instant,
    ) -> Result<(ExitStatus, Vec<u8>, Vec<u8>), String> {
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (Some(mut stdin), Some(stdout), Some(stderr)) = pipes else {
            return Err("pandoc could not be talked to".to_owned());
        };
        // It may stop reading early, and says why elsewhere.
        thread::spawn(move || stdin.write_all(&bytes));
        let answer = collect(stdout, self.max_bytes.saturating_add(1));
        let message = collect(stderr, MAX_MESSAGE_BYTES);
        let late = || {
            format!(
                "pandoc took longer than {} seconds and was ended",
                self.deadline.as_secs()
            )
        };
        let left = || end.saturating_duration_since(Instant::now());
        let answer = answer.recv_timeout(left()).map_err(|error| match error {
            RecvTimeoutError::Timeout => late(),
            RecvTimeoutError::Disconnected => "pandoc's answer was lost".to_owned(),
        })?;
        if u64::try_from(answer.len()).unwrap_or(u64::MAX) > self.max_bytes {
            return Err(format!(
                "pandoc makes more than {} MB of it",
                self.max_bytes >> 20
            ));
        }
        let message = message.recv_timeout(left()).unwrap_or_default();
        loop {
            match child.try_wait() {
                Ok(Some(status)) => return Ok((status, answer, message)),
                Ok(None) if left().is_zero() => return Err(late()),
                Ok(None) => thread::sleep(Duration::from_millis(5)),
                Err(error) => return Err(format!("pandoc could not be waited for: {error}")),
            }
        }
    }
}

/// How pandoc begins the lines of its warnings.
const WARNING: &str = "[WARNING]";
/// Warnings that are passed on; a text with a thousand broken includes needs no thousand.
const MAX_WARNINGS: usize = 10;

fn warnings(message: &[u8]) -> Vec<String> {
    String::from_utf8_lossy(message)
        .lines()
        .filter_map(|line| line.strip_prefix(WARNING))
        .take(MAX_WARNINGS)
        .map(short)
        .collect()
}

fn refusal(dialect: &Dialect, status: ExitStatus, message: &[u8]) -> String {
    if status.code() == Some(UNKNOWN_READER) {
        return format!(
            "it is {}, which this version of pandoc does not read; a newer one may",
            dialect.name
        );
    }
    let message = String::from_utf8_lossy(message);
    let first = message
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty() && !line.starts_with(WARNING));
    match first {
        Some(line) => format!(
            "pandoc could not read it as {}: {}",
            dialect.name,
            short(line)
        ),
        None => format!("pandoc could not read it as {} ({status})", dialect.name),
    }
}

fn short(line: &str) -> String {
    line.trim().chars().take(300).collect()
}

/// What comes out of a pipe, up to a bound. A program that it started may hold the pipe open
/// after its own end; so this is waited for with a deadline and not joined.
fn collect(pipe: impl Read + Send + 'static, most: u64) -> Receiver<Vec<u8>> {
    let (sender, receiver) = sync_channel(1);
    thread::spawn(move || {
        let mut bytes = Vec::new();
        // What was read before an error is what there is.
        let _ = pipe.take(most).read_to_end(&mut bytes);
        let _ = sender.send(bytes);
    });
    receiver
}

#[cfg(test)]
mod tests;

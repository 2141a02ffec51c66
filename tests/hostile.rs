//! Promise: a hostile document costs bounded time and memory, ends in a result or in an error
//! that a person understands, and the others go on.
//!
//! Every document is made here. Each is read by the program itself, beside a good one: a stack
//! that overflows, or memory that is not there, would end a process.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a test says what it reads, and stops where something is not as it should be"
)]

#[path = "hostile/nesting.rs"]
mod nesting;
#[path = "hostile/packages.rs"]
mod packages;
#[path = "hostile/pdfs.rs"]
mod pdfs;
#[path = "hostile/sizes.rs"]
mod sizes;
#[path = "hostile/xml.rs"]
mod xml;

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Resident memory of the reading process that is put up with (issue: "memory over 1 GB").
const MAX_RESIDENT_MB: u64 = 1024;

/// A watchdog for hangs, not a measurement: machines that test are busy. The deadline that
/// the program has by itself is shorter, and meeting it is a failure here too.
const WATCHDOG: Duration = Duration::from_secs(240);

/// Debug builds are ten to fifty times slower; what grows with a size is made smaller there.
pub(crate) const fn sized(full: usize) -> usize {
    if cfg!(debug_assertions) {
        full / 10
    } else {
        full
    }
}

/// A million links; in debug builds what they cite is slow to write, and ten thousand do.
pub(crate) const LINKS: usize = if cfg!(debug_assertions) {
    10_000
} else {
    1_000_000
};

/// What became of a hostile document.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// Why it could not be read.
    pub(crate) error: Option<String>,
    /// The whole report.
    pub(crate) report: String,
    /// How many citations it has.
    pub(crate) citations: usize,
}

/// Reads a document beside a good one, and checks that no harm is done.
pub(crate) fn survives(name: &str, bytes: &[u8]) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(name), bytes).unwrap();
    let good = "Rain fell on [nine days](https://log.example/may).\n";
    std::fs::write(folder.path().join("good.md"), good).unwrap();
    let begun = Instant::now();
    let output = std::fs::File::create(folder.path().join("output")).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_ibid"))
        .args(["citations", name, "good.md", "--format", "json"])
        .current_dir(folder.path())
        .stdout(output)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut resident = 0;
    let status = loop {
        resident = resident.max(resident_mb(child.id()));
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if begun.elapsed() > WATCHDOG || resident > 2 * MAX_RESIDENT_MB {
            child.kill().unwrap();
            panic!("{name}: {resident} MB after {:?}; stopped", begun.elapsed());
        }
        std::thread::sleep(Duration::from_millis(10));
    };
    println!(
        "{name}: {} KB, {:.2} s, {resident} MB",
        bytes.len() >> 10,
        begun.elapsed().as_secs_f64()
    );
    assert!(
        matches!(status.code(), Some(0 | 2)),
        "{name}: the program ended with {status}"
    );
    assert!(resident <= MAX_RESIDENT_MB, "{name}: {resident} MB");
    let report = std::fs::read_to_string(folder.path().join("output")).unwrap();
    let value: serde_json::Value = serde_json::from_str(&report).unwrap();
    let citations = value["citations"].as_array().unwrap();
    assert_eq!(
        citations.last().unwrap()["source"],
        "https://log.example/may",
        "{name}: the good document is read all the same"
    );
    let error = value["documents"][0]["error"].as_str().map(str::to_owned);
    for bug in ["could not be read within", "which is a bug"] {
        assert!(
            !error.as_deref().unwrap_or_default().contains(bug),
            "{name}: {error:?}"
        );
    }
    Outcome {
        error,
        citations: citations.len() - 1,
        report,
    }
}

/// The most memory that a process has had resident; 0 where the system does not say.
fn resident_mb(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .and_then(|rest| rest.trim().strip_suffix("kB")?.trim().parse().ok())
        .map_or(0, |kilobytes: u64| kilobytes >> 10)
}

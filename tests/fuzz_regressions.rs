//! What fuzzing found stays found, and a few mutations of every seed on every run of the tests.
//!
//! `tests/fuzz_corpus/TARGET/` holds inputs that once broke a law, `fuzz/seeds/TARGET/` what
//! fuzzing starts from. The laws are in `tests/support/laws.rs`; `fuzz/README.md` says how to
//! look for more.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a test says what it reads, and stops where something is not as it should be"
)]

#[path = "support/laws.rs"]
mod laws;
#[path = "support/packages.rs"]
mod packages;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestError, TestRunner};
use std::path::Path;

/// Mutations of the seeds of one target; the suite shall stay quick.
/// `IBID_MUTANTS=100000 cargo test --test fuzz_regressions mutants` makes more.
const CASES: u32 = 24;

fn cases() -> u32 {
    let asked = std::env::var("IBID_MUTANTS").ok();
    asked.and_then(|text| text.parse().ok()).unwrap_or(CASES)
}

/// The files of a target's folder, in the order of their names.
fn files(folder: &str, target: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join(folder)
        .join(target);
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut files: Vec<(String, Vec<u8>)> = entries
        .map(|entry| entry.unwrap())
        .map(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            (name, std::fs::read(entry.path()).unwrap())
        })
        .collect();
    files.sort();
    files
}

#[test]
fn what_was_found_stays_mended() {
    for target in laws::TARGETS {
        for (name, bytes) in files("tests/fuzz_corpus", target) {
            println!("{target}/{name}");
            laws::run(target, &bytes);
        }
    }
}

#[test]
fn every_target_has_seeds_that_keep_the_laws() {
    for target in laws::TARGETS {
        let seeds = files("fuzz/seeds", target);
        assert!(!seeds.is_empty(), "{target} has no seeds");
        for (name, bytes) in seeds {
            println!("{target}/{name}");
            laws::run(target, &bytes);
        }
        let named = format!("fuzz/fuzz_targets/{target}.rs");
        assert!(
            Path::new(env!("CARGO_MANIFEST_DIR")).join(named).exists(),
            "{target} is not fuzzed"
        );
    }
}

/// One change to a file, as a fuzzer makes them.
#[derive(Debug, Clone)]
enum Change {
    /// Some bytes are others.
    Put(usize, Vec<u8>),
    /// Some bytes are gone.
    Cut(usize, usize),
    /// Some bytes stand there again and again.
    Again(usize, usize, usize),
    /// It ends early.
    End(usize),
}

impl Change {
    fn make(&self, bytes: &mut Vec<u8>) {
        let within = |at: usize| at % (bytes.len() + 1);
        match *self {
            Self::Put(at, ref new) => {
                let at = within(at);
                let end = (at + new.len()).min(bytes.len());
                bytes.splice(at..end, new.iter().copied());
            }
            Self::Cut(at, length) => {
                let at = within(at);
                let end = (at + length).min(bytes.len());
                bytes.drain(at..end);
            }
            Self::Again(at, length, times) => {
                let at = within(at);
                let end = (at + length).min(bytes.len());
                let piece = bytes[at..end].repeat(times);
                bytes.splice(at..at, piece);
            }
            Self::End(at) => bytes.truncate(within(at)),
        }
    }
}

fn change() -> impl Strategy<Value = Change> {
    let marks = prop::sample::select(vec![
        "<",
        ">",
        "[",
        "]",
        "(",
        ")",
        "{",
        "}",
        "\\",
        "\"",
        "&",
        "\n\n",
        "\u{c}",
        "[^",
        "{{",
        "<!--",
        "http://",
        "\u{0}",
        "\u{fffd}",
        "é",
        "-1",
        "99999999999",
        "=== ",
        "%",
        "\u{2028}",
    ]);
    prop_oneof![
        (any::<usize>(), marks).prop_map(|(at, mark)| Change::Put(at, mark.into())),
        (any::<usize>(), prop::collection::vec(any::<u8>(), 1..4))
            .prop_map(|(at, new)| Change::Put(at, new)),
        (any::<usize>(), 1..64_usize).prop_map(|(at, length)| Change::Cut(at, length)),
        (any::<usize>(), 1..64_usize, 1..20_usize)
            .prop_map(|(at, length, times)| Change::Again(at, length, times)),
        any::<usize>().prop_map(Change::End),
    ]
}

#[test]
fn mutants_of_the_seeds_keep_the_laws() {
    let mut broken = Vec::new();
    for target in laws::TARGETS {
        let seeds: Vec<Vec<u8>> = files("fuzz/seeds", target)
            .into_iter()
            .map(|(_, bytes)| bytes)
            .collect();
        let mutants = (
            prop::sample::select(seeds),
            prop::collection::vec(change(), 1..6),
        );
        let mut runner = TestRunner::new(Config {
            cases: cases(),
            max_shrink_iters: 2_000,
            failure_persistence: None,
            ..Config::default()
        });
        let result = runner.run(&mutants, |(mut bytes, changes)| {
            for change in changes {
                change.make(&mut bytes);
            }
            laws::run(target, &bytes);
            Ok(())
        });
        if let Err(TestError::Fail(why, (mut bytes, changes))) = result {
            for change in changes {
                change.make(&mut bytes);
            }
            broken.push(format!("{target}: {why}\n{}", bytes.escape_ascii()));
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n\n"));
}

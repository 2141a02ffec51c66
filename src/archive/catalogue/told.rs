//! What the catalogue reads of a run's report, which streams by.
//!
//! A report may have any length, and a record that says it is one may come from anywhere. So
//! what is kept of it is bounded, and so is what the JSON reader has to hold at a time: one
//! token, and what it is nested in.

use crate::limits::Budget;
use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::fmt;
use std::io::{self, BufReader, Read};
use std::marker::PhantomData;

/// Bytes that a run's outcomes take in memory, and its documents' names: more than a million
/// sources do. What is beyond is not looked for.
const MAX_LIST: u64 = 256 << 20;
/// Bytes of a report that is read in one piece, the quicker way by far.
const AT_ONCE: usize = 8 << 20;
/// Bytes of a string or a number in a longer one: ours have a sentence or two.
const MAX_TOKEN: usize = 4 << 20;
/// Lists and objects within one another; ours have a dozen.
const MAX_DEPTH: usize = 1 << 10;

/// What became of a source in a run, in the report's words.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct SourceOutcome {
    /// Its address.
    #[serde(rename = "url")]
    pub source: String,
    /// Its status.
    pub status: String,
    /// The code of the reason.
    pub reason_code: String,
}

/// Of a run's report, what the catalogue has.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(in crate::archive) struct Told {
    pub(super) run: Option<ToldRun>,
    #[serde(default, deserialize_with = "bounded")]
    pub(super) documents: Vec<ToldDocument>,
    #[serde(default, deserialize_with = "bounded_or_none")]
    pub(super) sources: Option<Vec<SourceOutcome>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct ToldRun {
    pub(super) finished: Option<String>,
    pub(super) judge: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct ToldDocument {
    #[serde(default)]
    pub(super) path: String,
}

impl Told {
    /// Reads a report; none where it is none.
    pub(super) fn read(report: impl Read) -> Option<Self> {
        Self::read_with(report, AT_ONCE)
    }

    fn read_with(mut report: impl Read, at_once: usize) -> Option<Self> {
        let mut start = Vec::new();
        let most = at_once as u64 + 1;
        report.by_ref().take(most).read_to_end(&mut start).ok()?;
        if start.len() <= at_once {
            return serde_json::from_slice(&start).ok();
        }
        let whole = Bounded::new(start.chain(report));
        serde_json::from_reader(BufReader::new(whole)).ok()
    }
}

/// An item of a list, with the bytes that it takes.
trait Item {
    fn bytes(&self) -> usize;
}

impl Item for SourceOutcome {
    fn bytes(&self) -> usize {
        size_of::<Self>() + self.source.len() + self.status.len() + self.reason_code.len()
    }
}

impl Item for ToldDocument {
    fn bytes(&self) -> usize {
        size_of::<Self>() + self.path.len()
    }
}

/// A list, of which what fits into [`MAX_LIST`] is kept.
struct List<T>(Vec<T>);

impl<'d, T: Item + Deserialize<'d>> Deserialize<'d> for List<T> {
    fn deserialize<D: Deserializer<'d>>(deserializer: D) -> Result<Self, D::Error> {
        struct Items<T>(PhantomData<T>);

        impl<'d, T: Item + Deserialize<'d>> Visitor<'d> for Items<T> {
            type Value = Vec<T>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a list")
            }

            fn visit_seq<A: SeqAccess<'d>>(self, mut items: A) -> Result<Vec<T>, A::Error> {
                let mut kept = Vec::new();
                let mut budget = Budget::new("bytes of a list", MAX_LIST);
                while let Some(item) = items.next_element::<T>()? {
                    if budget.take(item.bytes() as u64).is_ok() {
                        kept.push(item);
                    }
                }
                Ok(kept)
            }
        }

        deserializer.deserialize_seq(Items(PhantomData)).map(Self)
    }
}

fn bounded<'d, T, D>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    T: Item + Deserialize<'d>,
    D: Deserializer<'d>,
{
    List::deserialize(deserializer).map(|list| list.0)
}

fn bounded_or_none<'d, T, D>(deserializer: D) -> Result<Option<Vec<T>>, D::Error>
where
    T: Item + Deserialize<'d>,
    D: Deserializer<'d>,
{
    Ok(Option::deserialize(deserializer)?.map(|list: List<T>| list.0))
}

/// JSON as it streams by, up to a token that is too long or too deep.
struct Bounded<R> {
    input: R,
    /// Bytes of the token so far.
    token: usize,
    depth: usize,
    in_string: bool,
    escaped: bool,
}

impl<R> Bounded<R> {
    const fn new(input: R) -> Self {
        Self {
            input,
            token: 0,
            depth: 0,
            in_string: false,
            escaped: false,
        }
    }

    fn pass(&mut self, byte: u8) {
        self.token += 1;
        if self.in_string {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => self.in_string = false,
                _ => {}
            }
            return;
        }
        match byte {
            b'"' => self.in_string = true,
            b'[' | b'{' => self.depth += 1,
            b']' | b'}' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        if matches!(byte, b'"' | b'[' | b'{' | b']' | b'}' | b',' | b':') {
            self.token = 0;
        }
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(buffer)?;
        for byte in buffer.iter().take(read) {
            self.pass(*byte);
        }
        if self.token > MAX_TOKEN || self.depth > MAX_DEPTH {
            return Err(io::Error::other("no report of ours"));
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_catalogue_needs_is_read() {
        for at_once in [0, 1 << 20] {
            let told = Told::read_with(
            &br#"{"schema": 1, "run": {"id": "r", "finished": "f", "judge": "j"}, "other": [[{}]],
                "documents": [{"path": "a\"]"}, {}],
                "sources": [{"url": "u", "status": "live", "reason_code": "c", "x": 1.5}, {}]}"#[..],
            at_once,
        )
        .unwrap();
            let run = told.run.unwrap();
            assert_eq!(run.finished.as_deref(), Some("f"));
            assert_eq!(run.judge.as_deref(), Some("j"));
            let paths: Vec<_> = told.documents.iter().map(|told| &*told.path).collect();
            assert_eq!(paths, ["a\"]", ""]);
            let outcome = SourceOutcome {
                source: "u".to_owned(),
                status: "live".to_owned(),
                reason_code: "c".to_owned(),
            };
            assert_eq!(told.sources, Some(vec![outcome, SourceOutcome::default()]));
        }
    }

    #[test]
    fn what_is_no_report_is_none() {
        let check = |text: &str, expected: bool| {
            for at_once in [0, 1 << 20] {
                let told = Told::read_with(text.as_bytes(), at_once);
                assert_eq!(told.is_some(), expected, "{text}");
            }
        };
        check("{}", true);
        check(r#"{"sources": null}"#, true);
        check(r#"{"documents": null}"#, false);
        check(r#"{"sources": [1]}"#, false);
        check("{} x", false);
        check("{", false);
        check("", false);
    }

    #[test]
    fn a_token_and_its_depth_are_bounded() {
        let check = |json: &mut dyn Read, expected: bool| {
            let passed = io::copy(&mut Bounded::new(json), &mut io::sink());
            assert_eq!(passed.is_ok(), expected, "{passed:?}");
        };
        check(&mut br#"{"x": ""#.chain(io::repeat(b'a')), false);
        check(&mut br#"{"x": "#.chain(io::repeat(b'1')), false);
        check(&mut br#"{"x": "#.chain(io::repeat(b'[')), false);
        let escaped = br#"\""#.repeat(MAX_TOKEN);
        check(&mut [b"\"", &escaped[..]].concat().as_slice(), false);
        check(&mut br#"["[\"",1],"#.repeat(MAX_TOKEN / 8).as_slice(), true);
    }
}

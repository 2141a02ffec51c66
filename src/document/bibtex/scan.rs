//! The entries of a `.bib` file with their fields as they stand.
//!
//! **In:** characters. **Out:** kind, key and fields of each entry, `@string`s put in.
//! **Not here:** what a field means.

use crate::document::{Place, Problem};
use std::collections::BTreeMap;

/// An entry's fields, names in lower case, values as LaTeX.
#[derive(Debug, Clone, Default)]
pub(super) struct Raw {
    pub(super) key: String,
    pub(super) fields: BTreeMap<String, String>,
}

/// Damaged entries that are followed past the next line that begins with `@`: a field
/// may hold such a line, and each of these costs one reading of what follows.
const MOST_LONG_TRIES: usize = 8;
/// Fields of one entry that are never closed, of which each is looked through to the end.
const MOST_UNCLOSED: usize = 8;
/// Bytes that one value may grow to through `@string`s.
const LONGEST_VALUE: usize = 1 << 20;
/// Problems that are worth telling of one file.
const MOST_PROBLEMS: usize = 100;

pub(super) fn entries(text: &str) -> (Vec<Raw>, Vec<Problem>) {
    let mut strings = BTreeMap::new();
    let mut found = Vec::new();
    let mut problems = Vec::new();
    let mut long_tries = 0;
    let mut at = 0;
    let mut bound = 0;
    let mut lines = (0, 1_u32);
    while let Some(start) = text
        .get(at..)
        .and_then(|rest| rest.find('@'))
        .map(|next| at + next)
    {
        if is_remark(text, start) {
            at = start + 1;
            continue;
        }
        if bound <= start {
            bound = next_entry(text, start + 1);
        }
        let mut scan = Scan::new(&text[..bound], start + 1);
        let mut outcome = scan.entry(&strings);
        let is_cut = scan.at >= bound && bound < text.len();
        if outcome
            .as_ref()
            .is_some_and(|outcome| outcome.error.is_some())
            && is_cut
            && long_tries < MOST_LONG_TRIES
        {
            long_tries += 1;
            let mut longer = Scan::new(text, start + 1);
            let again = longer.entry(&strings);
            if again
                .as_ref()
                .is_some_and(|outcome| outcome.error.is_none())
            {
                (scan, outcome) = (longer, again);
            }
        }
        at = scan.at.max(start + 1);
        let Some(outcome) = outcome else {
            continue;
        };
        match outcome.kind.as_str() {
            "comment" | "preamble" => {}
            "string" => strings.extend(outcome.raw.fields),
            _ => {
                if let Some(error) = outcome.error
                    && problems.len() < MOST_PROBLEMS
                {
                    let more = text.as_bytes()[lines.0..start]
                        .iter()
                        .filter(|b| **b == b'\n');
                    let more = u32::try_from(more.count()).unwrap_or(u32::MAX);
                    lines = (start, lines.1.saturating_add(more));
                    problems.push(Problem {
                        place: Place {
                            page: None,
                            line: Some(lines.1),
                        },
                        text: format!("the entry {} is damaged: {error}", outcome.raw.key),
                    });
                }
                if !outcome.raw.key.is_empty() && !outcome.raw.fields.is_empty() {
                    found.push(outcome.raw);
                }
            }
        }
    }
    (found, problems)
}

/// An `@` after `%` on its line, or within a word, begins no entry.
fn is_remark(text: &str, at: usize) -> bool {
    let before = &text.as_bytes()[..at];
    let mut line = before.iter().rev().take(200).take_while(|b| **b != b'\n');
    before.last().is_some_and(u8::is_ascii_alphanumeric) || line.any(|b| *b == b'%')
}

/// Where the next line begins that opens an entry.
fn next_entry(text: &str, from: usize) -> usize {
    let mut at = from;
    while let Some(next) = text.get(at..).and_then(|rest| rest.find("\n@")) {
        let start = at + next + 1;
        let kind = &text.as_bytes()[start + 1..];
        let letters = kind
            .iter()
            .take(40)
            .take_while(|b| b.is_ascii_alphabetic())
            .count();
        let opens = kind[letters..]
            .iter()
            .take(40)
            .find(|b| !matches!(b, b' ' | b'\t'));
        if letters > 0 && matches!(opens, Some(b'{' | b'(')) {
            return start;
        }
        at = start;
    }
    text.len()
}

struct Outcome {
    kind: String,
    raw: Raw,
    error: Option<&'static str>,
}

struct Scan<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Scan<'a> {
    const fn new(text: &'a str, at: usize) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            at,
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while let Some(byte) = self.peek() {
            match byte {
                b'%' => {
                    while self.peek().is_some_and(|b| b != b'\n') {
                        self.at += 1;
                    }
                }
                b if b.is_ascii_whitespace() => self.at += 1,
                _ => return,
            }
        }
    }

    fn word(&mut self) -> &'a str {
        let start = self.at;
        while self.peek().is_some_and(|b| {
            !b.is_ascii_whitespace()
                && !matches!(
                    b,
                    b'{' | b'}' | b'(' | b')' | b',' | b'=' | b'"' | b'#' | b'%' | b'@'
                )
        }) {
            self.at += 1;
        }
        self.text.get(start..self.at).unwrap_or("")
    }

    /// What stands after an `@`; nothing where that opens no entry.
    fn entry(&mut self, strings: &BTreeMap<String, String>) -> Option<Outcome> {
        let kind = self.word().to_ascii_lowercase();
        self.skip_space();
        let close = match self.peek() {
            Some(b'{') => b'}',
            Some(b'(') => b')',
            _ => return None,
        };
        if kind.is_empty() || !kind.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return None;
        }
        let mut outcome = Outcome {
            kind,
            raw: Raw::default(),
            error: None,
        };
        if matches!(outcome.kind.as_str(), "comment" | "preamble") {
            // Its content may hold anything; entries in it are read all the same.
            self.at += 1;
            return Some(outcome);
        }
        self.at += 1;
        self.skip_space();
        if outcome.kind != "string" {
            self.word().clone_into(&mut outcome.raw.key);
            self.skip_space();
            if self.peek() != Some(b',') {
                if self.peek() == Some(close) {
                    self.at += 1;
                } else {
                    outcome.error = Some("no comma stands after its key");
                }
                return Some(outcome);
            }
            self.at += 1;
        }
        outcome.error = self.fields(close, strings, &mut outcome.raw.fields);
        Some(outcome)
    }

    fn fields(
        &mut self,
        close: u8,
        strings: &BTreeMap<String, String>,
        fields: &mut BTreeMap<String, String>,
    ) -> Option<&'static str> {
        let mut error = None;
        let mut unclosed = 0;
        loop {
            self.skip_space();
            match self.peek() {
                None if error.is_some() => return error,
                None => return Some("its closing brace is missing"),
                Some(b) if b == close => {
                    self.at += 1;
                    return error;
                }
                Some(b',') => {
                    self.at += 1;
                    continue;
                }
                Some(_) => {}
            }
            let name = self.word().to_ascii_lowercase();
            self.skip_space();
            if name.is_empty() {
                return Some("a field has no name");
            }
            if self.peek() != Some(b'=') {
                error = Some("a field has no value");
                // The next comma or brace is where reading can go on.
                while self
                    .peek()
                    .is_some_and(|b| b != b',' && b != close && b != b'@')
                {
                    self.at += 1;
                }
                if self.peek() == Some(b'@') {
                    return error;
                }
                continue;
            }
            self.at += 1;
            let mut value = String::new();
            loop {
                self.skip_space();
                match self.peek() {
                    Some(open @ (b'{' | b'"')) => {
                        let start = self.at + 1;
                        let part = if open == b'{' {
                            self.braced()
                        } else {
                            self.quoted()
                        };
                        if let Some(part) = part {
                            value.push_str(part);
                            self.skip_space();
                            if self.peek() != Some(b'#') {
                                break;
                            }
                            self.at += 1;
                            continue;
                        }
                        // The field's line is kept, and reading goes on in the next one.
                        error = Some("a field is never closed");
                        unclosed += 1;
                        if unclosed > MOST_UNCLOSED {
                            return error;
                        }
                        let rest = self.text.get(start..).unwrap_or("");
                        let line = rest.split('\n').next().unwrap_or("");
                        value.push_str(line.trim_end().trim_end_matches(','));
                        self.at = start + line.len();
                        break;
                    }
                    _ => {
                        let word = self.word();
                        let known = strings.get(&word.to_ascii_lowercase());
                        let part = known.map_or(word, String::as_str);
                        if value.len() + part.len() <= LONGEST_VALUE {
                            value.push_str(part);
                        }
                    }
                }
                self.skip_space();
                if self.peek() != Some(b'#') {
                    break;
                }
                self.at += 1;
            }
            fields.entry(name).or_insert(value);
            match self.peek() {
                Some(b',') => {}
                Some(b) if b == close => {}
                None if error.is_some() => return error,
                None => return Some("its closing brace is missing"),
                Some(_) if error.is_some() => {}
                Some(_) => error = Some("no comma stands between two fields"),
            }
            if self.peek() == Some(b'@') {
                return error;
            }
        }
    }

    /// The content of `{…}`; a brace after a backslash counts, as it does for BibTeX.
    fn braced(&mut self) -> Option<&'a str> {
        let start = self.at + 1;
        let mut depth = 0_usize;
        while let Some(byte) = self.peek() {
            match byte {
                b'{' => depth += 1,
                b'}' => {
                    depth -= 1;
                    if depth == 0 {
                        self.at += 1;
                        return self.text.get(start..self.at - 1);
                    }
                }
                _ => {}
            }
            self.at += 1;
        }
        None
    }

    /// The content of `"…"`, in which a quotation mark within braces is text.
    fn quoted(&mut self) -> Option<&'a str> {
        self.at += 1;
        let start = self.at;
        let mut depth = 0_usize;
        while let Some(byte) = self.peek() {
            match byte {
                b'{' => depth += 1,
                b'}' => depth = depth.saturating_sub(1),
                b'"' if depth == 0 => {
                    self.at += 1;
                    return self.text.get(start..self.at - 1);
                }
                _ => {}
            }
            self.at += 1;
        }
        None
    }
}

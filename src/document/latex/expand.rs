//! Macros that a document defines: text with `#1` to `#9` in it.
//!
//! **In:** `\newcommand` and its like. **Out:** their text read in their place.
//! **Not here:** TeX's programming; what calls itself or grows without end stops at
//! a bound, and is told.

use super::reader::Reader;

/// Macros read in a document, and the bytes that they grew to. A macro that doubles
/// itself reaches any bound at once; real papers stay below a thousand (2026-11).
const MOST_EXPANSIONS: usize = 20_000;
const MOST_BYTES: usize = 1 << 20;
/// Macros within macros, and files within files.
const DEEPEST: usize = 64;

/// What was spent of these bounds.
#[derive(Debug, Default)]
pub(super) struct Spent {
    count: usize,
    bytes: usize,
    told: bool,
}

/// One macro.
#[derive(Debug, Clone)]
pub(super) struct Macro {
    arguments: usize,
    /// The first argument when none is given in brackets.
    default: Option<String>,
    body: String,
}

/// Commands that keep the meaning which the reader gives them.
fn is_ours(name: &str) -> bool {
    name.contains("cite")
        || matches!(
            name,
            "url"
                | "href"
                | "nolinkurl"
                | "path"
                | "doi"
                | "arxiv"
                | "footnote"
                | "endnote"
                | "footnotemark"
                | "footnotetext"
                | "part"
                | "chapter"
                | "section"
                | "subsection"
                | "subsubsection"
                | "paragraph"
                | "item"
                | "bibitem"
                | "input"
                | "include"
                | "title"
                | "author"
                | "date"
                | "caption"
                | "maketitle"
                | "bibliography"
                | "enquote"
                | "begin"
                | "end"
                | "par"
        )
}

impl Reader<'_> {
    /// `\newcommand{\name}[count][default]{body}`
    pub(super) fn define(&mut self) {
        let Some(name) = self.argument() else {
            return;
        };
        let arguments = self
            .option(false)
            .and_then(|count| count.trim().parse().ok());
        let default = arguments.and_then(|_| self.option(false));
        let Some(body) = self.argument() else {
            return;
        };
        self.remember(&name, arguments.unwrap_or(0), default, body);
    }

    /// `\def\name#1#2{body}`; parameters with text between them are not read.
    pub(super) fn define_plain(&mut self) {
        let Some(name) = self.argument() else {
            return;
        };
        let mut arguments = 0;
        loop {
            match self.argument_or_parameter() {
                Some(Parameter::Number) => arguments += 1,
                Some(Parameter::Body(body)) => {
                    return self.remember(&name, arguments, None, body);
                }
                None => return,
            }
        }
    }

    fn argument_or_parameter(&mut self) -> Option<Parameter> {
        let is_group = self
            .peek_word()
            .is_some_and(|token| token.kind == super::token::Kind::Open);
        let next = self.argument()?;
        if is_group {
            return Some(Parameter::Body(next));
        }
        if next != "#" {
            return None;
        }
        self.argument().map(|_| Parameter::Number)
    }

    fn remember(&mut self, name: &str, arguments: usize, default: Option<String>, body: String) {
        let name = name.trim().trim_start_matches('\\');
        if name.is_empty() || is_ours(name) || arguments > 9 || body.len() > 4096 {
            return;
        }
        self.macros.insert(
            name.to_owned(),
            Macro {
                arguments,
                default,
                body,
            },
        );
    }

    /// Reads a macro's text in its place; false when there is none of that name.
    pub(super) fn expand(&mut self, name: &str) -> bool {
        let Some(found) = self.macros.get(name).cloned() else {
            return false;
        };
        let spent = &self.expansions;
        if spent.count >= MOST_EXPANSIONS
            || spent.bytes >= MOST_BYTES
            || self.frames.len() >= DEEPEST
        {
            if !spent.told {
                self.expansions.told = true;
                self.problem(format!(
                    "its macros grow without end, for example \\{name}; what goes further was left out"
                ));
            }
            return true;
        }
        let mut values = Vec::new();
        if let Some(default) = &found.default {
            values.push(self.option(false).unwrap_or_else(|| default.clone()));
        }
        while values.len() < found.arguments {
            values.push(self.argument().unwrap_or_default());
        }
        let mut text = String::new();
        let mut parts = found.body.split('#');
        text.push_str(parts.next().unwrap_or(""));
        for part in parts {
            let number = part.bytes().next().filter(|b| (b'1'..=b'9').contains(b));
            let value = number.and_then(|digit| values.get(usize::from(digit - b'1')));
            match value {
                Some(value) if text.len() < MOST_BYTES => {
                    text.push_str(value);
                    text.push_str(&part[1..]);
                }
                _ => {
                    text.push('#');
                    text.push_str(part);
                }
            }
        }
        self.expansions.count += 1;
        self.expansions.bytes += text.len();
        self.enter(&text, false, None);
        true
    }
}

enum Parameter {
    Number,
    Body(String),
}

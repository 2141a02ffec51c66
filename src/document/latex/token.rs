//! LaTeX source as tokens.
//!
//! **In:** characters. **Out:** tokens as spans into them, and which brace closes
//! which. Comments are gone; what stands verbatim (code, addresses) is one token.
//! **Not here:** what a command does. Time is linear in the source whatever it says.

use crate::document::ByteSpan;
use std::collections::BTreeSet;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Ordinary characters, white space as it was.
    Text,
    /// A blank line.
    Paragraph,
    /// A command; the span is its name without backslash.
    Command,
    /// `{`
    Open,
    /// `}`
    Close,
    /// `[`
    OptionOpen,
    /// `]`
    OptionClose,
    /// `~`
    Tie,
    /// `&`
    Cell,
    /// `$` or `$$`
    Math,
    /// The argument of a command that takes an address; the span is its content.
    Raw,
    /// The content of `\verb|…|`.
    Verb,
    /// `\begin{…}`; the span is the environment's name.
    Begin,
    /// `\end{…}`
    End,
    /// All that stands in a verbatim environment.
    Code,
}

/// One token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) span: ByteSpan,
}

/// Environments whose content is not LaTeX, or nothing to read.
pub(super) const VERBATIM: &[&str] = &[
    "verbatim",
    "verbatim*",
    "Verbatim",
    "Verbatim*",
    "BVerbatim",
    "lstlisting",
    "minted",
    "alltt",
    "Highlighting",
    "comment",
    "tikzpicture",
    "pgfpicture",
    "filecontents",
    "filecontents*",
];

/// Commands whose first argument is an address, in which `%` and `#` are themselves.
const RAW: &[&str] = &["url", "href", "nolinkurl", "path", "burl", "doi", "arxiv"];

/// The longest address that is read, in bytes; browsers stop near 2,000 and servers near 8,000.
const LONGEST_ADDRESS: usize = 8192;

/// The tokens of a source.
pub(super) fn tokens(source: &str) -> Vec<Token> {
    let mut lexer = Lexer {
        source,
        bytes: source.as_bytes(),
        at: 0,
        tokens: Vec::new(),
        unclosed: BTreeSet::new(),
    };
    while lexer.at < source.len() {
        lexer.next();
    }
    lexer.tokens
}

/// For each token that opens a group, the index of the one that closes it.
pub(super) fn closers(tokens: &[Token]) -> Vec<Option<u32>> {
    let mut closers = vec![None; tokens.len()];
    let mut open = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        match token.kind {
            Kind::Open => open.push(index),
            Kind::Close => {
                if let Some(opener) = open.pop() {
                    closers[opener] = u32::try_from(index).ok();
                }
            }
            _ => {}
        }
    }
    closers
}

struct Lexer<'a> {
    source: &'a str,
    bytes: &'a [u8],
    at: usize,
    tokens: Vec<Token>,
    /// Environments of which no end follows any more.
    unclosed: BTreeSet<&'a str>,
}

impl<'a> Lexer<'a> {
    fn push(&mut self, kind: Kind, start: usize, end: usize) {
        let span = ByteSpan::new(start, end);
        self.tokens.push(Token { kind, span });
    }

    fn rest(&self) -> &'a str {
        self.source.get(self.at..).unwrap_or("")
    }

    fn single(&mut self, kind: Kind) {
        self.push(kind, self.at, self.at + 1);
        self.at += 1;
    }

    fn next(&mut self) {
        match self.bytes[self.at] {
            b'\\' => self.command(),
            b'{' => self.single(Kind::Open),
            b'}' => self.single(Kind::Close),
            b'[' => self.single(Kind::OptionOpen),
            b']' => self.single(Kind::OptionClose),
            b'~' => self.single(Kind::Tie),
            b'&' => self.single(Kind::Cell),
            b'$' => {
                self.single(Kind::Math);
                self.at += usize::from(self.bytes.get(self.at) == Some(&b'$'));
            }
            b'%' => self.comment(),
            b'\n' if self.is_blank_line() => {
                let start = self.at;
                while self.bytes.get(self.at).is_some_and(u8::is_ascii_whitespace) {
                    self.at += 1;
                }
                self.push(Kind::Paragraph, start, self.at);
            }
            _ => self.text(),
        }
    }

    /// A comment takes its line's end and the next line's indent with it.
    fn comment(&mut self) {
        self.at = self
            .rest()
            .find('\n')
            .map_or(self.source.len(), |end| self.at + end + 1);
        let mut at = self.at;
        while matches!(self.bytes.get(at), Some(b' ' | b'\t')) {
            at += 1;
        }
        if self.bytes.get(at) == Some(&b'\n') {
            // The blank line after a comment is a paragraph's end all the same.
            while self.bytes.get(at).is_some_and(u8::is_ascii_whitespace) {
                at += 1;
            }
            self.push(Kind::Paragraph, self.at, at);
        }
        self.at = at;
    }

    fn is_blank_line(&self) -> bool {
        let after = self.rest().as_bytes().iter().skip(1);
        after.clone().find(|b| !matches!(b, b' ' | b'\t')) == Some(&b'\n')
    }

    fn text(&mut self) {
        let start = self.at;
        while let Some(byte) = self.bytes.get(self.at) {
            let special = matches!(
                byte,
                b'\\' | b'{' | b'}' | b'[' | b']' | b'~' | b'&' | b'$' | b'%'
            );
            if special || (*byte == b'\n' && self.at > start && self.is_blank_line()) {
                break;
            }
            self.at += 1;
        }
        self.push(Kind::Text, start, self.at);
    }

    fn command(&mut self) {
        let start = self.at + 1;
        // `@` is a letter in the names of internal commands only.
        let internal = self.bytes.get(start) == Some(&b'@')
            && self
                .bytes
                .get(start + 1)
                .is_some_and(u8::is_ascii_alphabetic);
        let letters = self.bytes[start..]
            .iter()
            .take_while(|b| b.is_ascii_alphabetic() || (internal && **b == b'@'))
            .count();
        if letters == 0 {
            let length = self.source[start..]
                .chars()
                .next()
                .map_or(0, char::len_utf8);
            self.push(Kind::Command, start, start + length);
            self.at = start + length;
            return;
        }
        let name = &self.source[start..start + letters];
        self.at = start + letters;
        match name {
            "begin" | "end" if self.environment(name == "begin") => return,
            "verb" | "lstinline" if self.verb() => return,
            _ => {}
        }
        self.push(Kind::Command, start, start + letters);
        if self.bytes.get(self.at) == Some(&b'*') {
            self.at += 1;
        }
        self.skip_space();
        if RAW.contains(&name) {
            self.address();
        }
    }

    /// White space after a command's name is nothing; a blank line is a blank line.
    fn skip_space(&mut self) {
        while let Some(byte) = self.bytes.get(self.at) {
            if *byte == b'\n' && self.is_blank_line() || !byte.is_ascii_whitespace() {
                break;
            }
            self.at += 1;
        }
    }

    fn environment(&mut self, begins: bool) -> bool {
        let open = self.at + (self.rest().len() - self.rest().trim_start_matches([' ', '*']).len());
        let Some(inner) = self
            .source
            .get(open..)
            .and_then(|rest| rest.strip_prefix('{'))
        else {
            return false;
        };
        let end = inner
            .bytes()
            .take(64)
            .position(|b| matches!(b, b'}' | b'{' | b'\\' | b'\n'));
        let Some(end) = end.filter(|end| inner.as_bytes()[*end] == b'}') else {
            return false;
        };
        let name = inner[..end].trim();
        let (start, after) = (open + 1, open + 1 + end + 1);
        let kind = if begins { Kind::Begin } else { Kind::End };
        let trimmed = start + (end - inner[..end].trim_start().len());
        self.push(kind, trimmed, trimmed + name.len());
        self.at = after;
        if begins && VERBATIM.contains(&name) && !self.unclosed.contains(name) {
            let closing = format!("\\end{{{name}}}");
            match self.rest().find(&closing) {
                Some(length) => {
                    self.push(Kind::Code, after, after + length);
                    self.push(Kind::End, trimmed, trimmed + name.len());
                    self.at = after + length + closing.len();
                }
                None => {
                    self.unclosed.insert(name);
                }
            }
        }
        true
    }

    fn verb(&mut self) -> bool {
        let rest = self.rest().strip_prefix('*').unwrap_or(self.rest());
        let mut chars = rest.chars();
        let Some(mark) = chars
            .next()
            .filter(|c| !c.is_whitespace() && !c.is_alphanumeric())
        else {
            return false;
        };
        let closing = if mark == '{' { '}' } else { mark };
        let content = chars.as_str();
        let Some(length) = content.find([closing, '\n']) else {
            return false;
        };
        if !content[length..].starts_with(closing) {
            return false;
        }
        let start = self.source.len() - content.len();
        self.push(Kind::Verb, start, start + length);
        self.at = start + length + closing.len_utf8();
        true
    }

    /// The address after `\url`, `\href` and their like, braces balanced.
    fn address(&mut self) {
        let mut at = self.at;
        if self.bytes.get(at) == Some(&b'[') {
            let line = self
                .rest()
                .bytes()
                .take(200)
                .position(|b| matches!(b, b']' | b'\n'));
            match line.filter(|end| self.bytes[at + end] == b']') {
                Some(end) => at += end + 1,
                None => return,
            }
        }
        let first = self.bytes.get(at).copied();
        let start = at + 1;
        let mut depth = 0_usize;
        let Some(content) = self.source.get(start..) else {
            return;
        };
        for (offset, byte) in content.bytes().enumerate().take(LONGEST_ADDRESS) {
            let rest = &content.as_bytes()[offset..];
            // Another such command, or a blank line: this one was never closed.
            if rest.starts_with(b"\n\n") || RAW.iter().any(|name| is_command(rest, name)) {
                return;
            }
            let ends = match (first, byte) {
                (Some(b'{'), b'{') => {
                    depth += 1;
                    false
                }
                (Some(b'{'), b'}') if depth > 0 => {
                    depth -= 1;
                    false
                }
                (Some(b'{'), b'}') => true,
                (Some(b'|'), b'|') => true,
                (Some(b'{' | b'|'), _) => false,
                _ => return,
            };
            if ends {
                self.push(Kind::Raw, start, start + offset);
                self.at = start + offset + 1;
                return;
            }
        }
    }
}

fn is_command(rest: &[u8], name: &str) -> bool {
    rest.strip_prefix(b"\\")
        .and_then(|rest| rest.strip_prefix(name.as_bytes()))
        .is_some_and(|rest| matches!(rest.first(), Some(b'{' | b'[' | b'|')))
}

//! Walks through LaTeX's tokens and writes down what they print.
//!
//! **In:** tokens, from the file and from what it includes. **Out:** the running
//! text and the bodies of notes, each in a [`Writer`]. **Not here:** what each
//! command does (`command`), macros (`expand`), bibliographies (`cite`).
//!
//! Groups, environments and included files are stacks of our own, so that nesting
//! costs memory in proportion to the source and never the program's stack.

use super::symbol;
use super::token::{self, Kind, Token};
use crate::document::bibtex;
use crate::document::writer::Writer;
use crate::document::{BlockKind, Companions, Place, Problem};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// Notes within notes that are kept apart; what is deeper is text of the last one.
const DEEPEST_NOTE: usize = 16;
/// Tokens of one `[…]`; a longer one is text in brackets.
const LONGEST_OPTION: usize = 256;
/// Open environments in which the partner of `\end{…}` is looked for.
const ENVIRONMENTS_SEARCHED: usize = 64;
/// Problems that are worth telling of one document.
const MOST_PROBLEMS: usize = 100;

/// A source that is being read.
#[derive(Debug)]
pub(super) struct Frame {
    source: Rc<str>,
    tokens: Vec<Token>,
    closers: Vec<Option<u32>>,
    at: usize,
    /// Bytes of the next token that were read already.
    skip: usize,
    /// Offset up to which lines were counted; `None` in what has no lines of its own.
    counted: Option<usize>,
    /// The name of an included file.
    pub(super) file: Option<String>,
}

/// What happens when a group ends.
#[derive(Debug)]
pub(super) enum After {
    Nothing,
    EndBlock,
    Link { url: String, start: usize },
    Note(String),
    Title,
    Date,
    Discard,
    Words(&'static str),
    Cite(String),
}

/// An open environment.
#[derive(Debug)]
struct Environment {
    name: String,
    /// What blocks were outside.
    outside: BlockKind,
}

pub(super) struct Reader<'a> {
    pub(super) frames: Vec<Frame>,
    groups: Vec<After>,
    environments: Vec<Environment>,
    /// The running text, then the notes that are open.
    flows: Vec<Writer>,
    pub(super) notes: Vec<(String, Writer)>,
    pub(super) note_count: u32,
    pub(super) endnote_count: u32,
    pub(super) math: bool,
    tables: usize,
    line: u32,
    pub(super) macros: BTreeMap<String, super::expand::Macro>,
    pub(super) expansions: super::expand::Spent,
    pub(super) companions: Option<&'a dyn Companions>,
    /// Files that the document brings with it (`filecontents`).
    pub(super) inner: BTreeMap<String, String>,
    /// Files entered so far, and the bytes of all that were read.
    pub(super) files: usize,
    pub(super) included: u64,
    pub(super) library: BTreeMap<String, bibtex::Entry>,
    pub(super) libraries: BTreeSet<String>,
    pub(super) cited: Vec<String>,
    pub(super) known_cited: BTreeSet<String>,
    pub(super) cite_all: bool,
    /// Keys whose entries stand in the text itself.
    pub(super) defined: BTreeSet<String>,
    pub(super) title: Option<String>,
    pub(super) date: Option<String>,
    pub(super) language: Option<&'static str>,
    pub(super) has_chapters: bool,
    pub(super) problems: Vec<Problem>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(companions: Option<&'a dyn Companions>) -> Self {
        Self {
            frames: Vec::new(),
            groups: Vec::new(),
            environments: Vec::new(),
            flows: vec![Writer::new(BlockKind::Paragraph)],
            notes: Vec::new(),
            note_count: 0,
            endnote_count: 0,
            math: false,
            tables: 0,
            line: 1,
            macros: BTreeMap::new(),
            expansions: super::expand::Spent::default(),
            companions,
            inner: BTreeMap::new(),
            files: 0,
            included: 0,
            library: BTreeMap::new(),
            libraries: BTreeSet::new(),
            cited: Vec::new(),
            known_cited: BTreeSet::new(),
            cite_all: false,
            defined: BTreeSet::new(),
            title: None,
            date: None,
            language: None,
            has_chapters: false,
            problems: Vec::new(),
        }
    }

    /// Reads on in this source first; `lines` says whether its lines are the document's.
    pub(super) fn enter(&mut self, source: &str, lines: bool, file: Option<String>) {
        let tokens = token::tokens(source);
        let closers = token::closers(&tokens);
        self.frames.push(Frame {
            source: source.into(),
            tokens,
            closers,
            at: 0,
            skip: 0,
            counted: lines.then_some(0),
            file,
        });
    }

    /// Reads to the end, and gives the running text.
    pub(super) fn run(&mut self) -> Writer {
        let mut environment = String::new();
        while let Some((token, source)) = self.advance() {
            let text = token.span.of(&source);
            match token.kind {
                Kind::Text => self.words(text),
                Kind::Paragraph => self.paragraph(),
                Kind::Command => self.command(text),
                Kind::Open => self.groups.push(After::Nothing),
                Kind::Close => self.close(),
                Kind::OptionOpen => self.flow().words("["),
                Kind::OptionClose => self.flow().words("]"),
                Kind::Tie => self.flow().space(),
                Kind::Cell if self.tables > 0 => self.flow().end_block(),
                Kind::Cell => self.flow().space(),
                Kind::Math => self.math = !self.math,
                // Where no command took it, an argument is text.
                Kind::Raw => self.words(text),
                Kind::Verb => self.flow().verbatim(text),
                Kind::Begin => {
                    text.clone_into(&mut environment);
                    self.begin_environment(text);
                }
                Kind::End => self.end_environment(text),
                Kind::Code => self.code(&environment, text),
            }
        }
        self.unwind();
        let mut text = self
            .flows
            .pop()
            .unwrap_or_else(|| Writer::new(BlockKind::Paragraph));
        text.end_block();
        text
    }

    /// The stretch that is being written.
    pub(super) fn flow(&mut self) -> &mut Writer {
        if self.flows.is_empty() {
            self.flows.push(Writer::new(BlockKind::Paragraph));
        }
        let line = self.line;
        let last = self.flows.len() - 1;
        let flow = &mut self.flows[last];
        flow.line = Some(line);
        flow
    }

    pub(super) fn problem(&mut self, text: String) {
        if self.problems.len() < MOST_PROBLEMS {
            self.problems.push(Problem {
                place: Place {
                    page: None,
                    line: Some(self.line),
                },
                text,
            });
        }
    }

    fn advance(&mut self) -> Option<(Token, Rc<str>)> {
        let token = self.peek()?;
        let frame = self.frames.last_mut()?;
        if let Some(counted) = frame.counted
            && counted < token.span.start
        {
            let lines = frame.source.as_bytes()[counted..token.span.start]
                .iter()
                .filter(|b| **b == b'\n')
                .count();
            frame.counted = Some(token.span.start);
            self.line = self
                .line
                .saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
        }
        frame.at += 1;
        frame.skip = 0;
        Some((token, Rc::clone(&frame.source)))
    }

    /// The next token, what was read of it left out.
    pub(super) fn peek(&mut self) -> Option<Token> {
        loop {
            let frame = self.frames.last()?;
            if let Some(token) = frame.tokens.get(frame.at) {
                let mut token = *token;
                token.span.start += frame.skip;
                return Some(token);
            }
            self.frames.pop();
        }
    }

    /// Steps over white space, and gives what comes then.
    pub(super) fn peek_word(&mut self) -> Option<Token> {
        loop {
            let token = self.peek()?;
            if token.kind != Kind::Text {
                return Some(token);
            }
            let frame = self.frames.last_mut()?;
            let text = token.span.of(&frame.source);
            let words = text.trim_start();
            if words.is_empty() {
                frame.at += 1;
                frame.skip = 0;
                continue;
            }
            frame.skip += text.len() - words.len();
            return self.peek();
        }
    }

    /// The source of the next argument: a group's content, a character or a command.
    pub(super) fn argument(&mut self) -> Option<String> {
        let token = self.peek_word()?;
        let frame = self.frames.last_mut()?;
        match token.kind {
            Kind::Open => {
                let closer = (*frame.closers.get(frame.at)?)? as usize;
                let end = frame.tokens.get(closer)?.span.start;
                let inner = frame.source.get(token.span.end..end)?.to_owned();
                frame.at = closer + 1;
                frame.skip = 0;
                Some(inner)
            }
            Kind::Text => {
                let first = token.span.of(&frame.source).chars().next()?;
                frame.skip += first.len_utf8();
                Some(first.to_string())
            }
            Kind::Command => {
                let name = format!("\\{}", token.span.of(&frame.source));
                frame.at += 1;
                Some(name)
            }
            Kind::Raw | Kind::Verb => {
                frame.at += 1;
                Some(token.span.of(&frame.source).to_owned())
            }
            _ => None,
        }
    }

    /// Steps over an argument.
    pub(super) fn skip_argument(&mut self) {
        let Some(token) = self.peek_word() else {
            return;
        };
        let Some(frame) = self.frames.last_mut() else {
            return;
        };
        match token.kind {
            Kind::Open => {
                let closer = frame.closers.get(frame.at).copied().flatten();
                // One that is never closed is a stray brace.
                frame.at = closer.map_or(frame.at, |closer| closer as usize) + 1;
            }
            Kind::Command => frame.at += 1,
            _ => {}
        }
    }

    /// The source of a `[…]` that stands next; `near` wants it without white space before.
    pub(super) fn option(&mut self, near: bool) -> Option<String> {
        let token = if near { self.peek() } else { self.peek_word() }?;
        if token.kind != Kind::OptionOpen {
            return None;
        }
        let frame = self.frames.last_mut()?;
        if near
            && frame.source.as_bytes()[..token.span.start]
                .last()
                .is_some_and(u8::is_ascii_whitespace)
        {
            return None;
        }
        let mut at = frame.at + 1;
        for _ in 0..LONGEST_OPTION {
            let inner = frame.tokens.get(at)?;
            match inner.kind {
                Kind::OptionClose => {
                    let text = frame
                        .source
                        .get(token.span.end..inner.span.start)?
                        .to_owned();
                    frame.at = at + 1;
                    frame.skip = 0;
                    return Some(text);
                }
                Kind::Open => at = frame.closers.get(at).copied().flatten()? as usize + 1,
                Kind::Paragraph | Kind::Close => return None,
                _ => at += 1,
            }
        }
        None
    }

    /// The rest of a word that was begun.
    pub(super) fn word(&mut self) -> String {
        let Some(token) = self.peek().filter(|token| token.kind == Kind::Text) else {
            return String::new();
        };
        let Some(frame) = self.frames.last_mut() else {
            return String::new();
        };
        let text = token.span.of(&frame.source);
        let word = text.split(char::is_whitespace).next().unwrap_or("");
        frame.skip += word.len();
        word.to_owned()
    }

    /// The address that the lexer set apart after a command.
    pub(super) fn raw(&mut self) -> Option<String> {
        let token = self.peek().filter(|token| token.kind == Kind::Raw)?;
        let frame = self.frames.last_mut()?;
        frame.at += 1;
        frame.skip = 0;
        Some(token.span.of(&frame.source).to_owned())
    }

    /// Enters the group that stands next; false when none does.
    pub(super) fn group(&mut self, after: After) -> bool {
        let is_group = self
            .peek_word()
            .is_some_and(|token| token.kind == Kind::Open);
        if is_group {
            if let Some(frame) = self.frames.last_mut() {
                frame.at += 1;
            }
            self.groups.push(after);
        }
        is_group
    }

    /// Enters a group whose text stands apart from the running text.
    pub(super) fn group_apart(&mut self, after: After, usual: BlockKind) -> bool {
        if self.flows.len() > DEEPEST_NOTE {
            return self.group(After::Nothing);
        }
        let entered = self.group(after);
        if entered {
            self.flows.push(Writer::new(usual));
        }
        entered
    }

    fn close(&mut self) {
        let Some(after) = self.groups.pop() else {
            return;
        };
        match after {
            After::Nothing => {}
            After::EndBlock => self.flow().end_block(),
            After::Link { url, start } => self.flow().link(url, start),
            After::Cite(keys) => self.cite_keys(&keys),
            After::Words(words) => self.flow().words(words),
            After::Note(label) => {
                if let Some(body) = self.leave_flow() {
                    self.notes.push((label, body));
                }
            }
            After::Title => self.title = self.leave_flow().map(|flow| line_of(&flow)),
            After::Date => {
                let text = self.leave_flow().map(|flow| line_of(&flow));
                self.date = text.and_then(|text| super::date::date(&text));
            }
            After::Discard => {
                self.leave_flow();
            }
        }
    }

    fn leave_flow(&mut self) -> Option<Writer> {
        let mut flow = (self.flows.len() > 1).then(|| self.flows.pop()).flatten()?;
        flow.end_block();
        Some(flow)
    }

    fn unwind(&mut self) {
        while !self.groups.is_empty() {
            self.close();
        }
    }

    /// Throws away what the preamble printed: nothing of it is on paper.
    fn begin_document(&mut self) {
        self.unwind();
        self.environments.clear();
        self.flows.clear();
        self.flows.push(Writer::new(BlockKind::Paragraph));
        self.notes.clear();
        self.note_count = 0;
        self.math = false;
        self.tables = 0;
    }

    pub(super) fn paragraph(&mut self) {
        self.math = false;
        self.flow().end_block();
    }

    fn words(&mut self, text: &str) {
        if self.math {
            return self.flow().words(text);
        }
        let german = self.language == Some("de") && text.contains('"');
        let shorthand = if german {
            symbol::german(text)
        } else {
            String::new()
        };
        let text = if german { &shorthand } else { text };
        if text.contains(['-', '`', '\'']) {
            let text = symbol::typeset(text);
            self.flow().words(&text);
        } else {
            self.flow().words(text);
        }
    }

    /// Begins a block; within a note every block is the note's.
    pub(super) fn begin_block(&mut self, kind: BlockKind) {
        let usual = self.flow().usual.clone();
        let kind = if matches!(usual, BlockKind::Footnote(_)) {
            usual
        } else {
            kind
        };
        self.flow().begin(kind);
    }

    /// Ends a cell or a line.
    pub(super) fn end_row(&mut self) {
        if self.tables > 0 {
            self.flow().end_block();
        } else {
            self.flow().space();
        }
    }

    fn begin_environment(&mut self, name: &str) {
        if name == "document" {
            return self.begin_document();
        }
        if super::skip::is_inline(name) {
            self.math = !matches!(
                name,
                "small" | "footnotesize" | "sloppypar" | "otherlanguage" | "otherlanguage*"
            );
            self.flow().space();
        } else if self
            .frames
            .last()
            .is_some_and(|frame| !frame.is_code_next())
        {
            let is_table = super::skip::is_table(name);
            let usual = self.flow().usual.clone();
            self.flow().end_block();
            let inside = match name {
                _ if matches!(usual, BlockKind::Footnote(_)) => usual.clone(),
                "quote" | "quotation" | "displayquote" | "displaycquote" | "verse" => {
                    BlockKind::Quote
                }
                "itemize" | "enumerate" | "description" | "thebibliography" => BlockKind::Paragraph,
                _ if is_table => BlockKind::TableCell,
                _ => usual.clone(),
            };
            self.tables += usize::from(is_table);
            self.environments.push(Environment {
                name: name.to_owned(),
                outside: usual,
            });
            self.flow().usual = inside;
        } else {
            return;
        }
        while self.option(true).is_some() {}
        for _ in 0..super::skip::environment_arguments(name) {
            self.skip_argument();
            while self.option(true).is_some() {}
        }
    }

    fn end_environment(&mut self, name: &str) {
        if name == "document" {
            self.frames.clear();
            return;
        }
        if super::skip::is_inline(name) {
            self.math = false;
            self.flow().space();
            return;
        }
        let from = self
            .environments
            .len()
            .saturating_sub(ENVIRONMENTS_SEARCHED);
        let found = self.environments[from..]
            .iter()
            .rposition(|open| open.name == name);
        let Some(index) = found.map(|index| from + index) else {
            return;
        };
        self.flow().end_block();
        while self.environments.len() > index {
            let Some(closed) = self.environments.pop() else {
                break;
            };
            self.tables -= usize::from(super::skip::is_table(&closed.name) && self.tables > 0);
            self.flow().usual = closed.outside;
        }
    }

    fn code(&mut self, environment: &str, content: &str) {
        let name = environment.trim_end_matches('*');
        if matches!(
            name,
            "comment" | "tikzpicture" | "pgfpicture" | "filecontents"
        ) {
            return;
        }
        // Options stand on the line of `\begin`.
        let mut code = content;
        if let Some((first, rest)) = content.split_once('\n')
            && (first.starts_with(['[', '{']) || first.trim().is_empty())
        {
            code = rest;
        }
        self.flow().code_block(code);
    }

    /// Leaves out everything up to `\fi` or `\else`.
    pub(super) fn skip_condition(&mut self) {
        let mut depth = 0_usize;
        while let Some((token, source)) = self.advance() {
            if token.kind != Kind::Command {
                continue;
            }
            match token.span.of(&source) {
                "fi" | "else" if depth == 0 => return,
                "fi" => depth -= 1,
                name if name.starts_with("if") && name != "iff" => depth += 1,
                _ => {}
            }
        }
    }
}

impl Frame {
    fn is_code_next(&self) -> bool {
        self.tokens
            .get(self.at)
            .is_some_and(|token| token.kind == Kind::Code)
    }
}

/// All of a stretch on one line.
pub(super) fn line_of(flow: &Writer) -> String {
    flow.text.split_whitespace().collect::<Vec<_>>().join(" ")
}

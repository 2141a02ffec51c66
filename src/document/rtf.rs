//! Rich Text Format.
//!
//! **In:** the bytes of an `.rtf`. **Out:** a [`Document`]: text in order, boxes after the
//! paragraph that holds them, notes after the running text. **Not here:** looks; headers
//! and footers; deleted and hidden text.
//!
//! The reader is our own: of the two libraries there are, one drops what a field leads to
//! (rtf-parser-tt 0.6.0 skips `fldinst`), the other reads no notes.

mod charset;
#[cfg(test)]
mod tests;
mod token;

use super::builder::Builder;
use super::docx::field::{Field, MAX_INSTRUCTION, field};
use super::style::{self, Styled};
use super::{BlockKind, Document, Format, decode};
use encoding_rs::{Encoding, WINDOWS_1252};
use std::collections::BTreeMap;
use token::{Token, Tokens};

/// Groups within groups; Word writes about 30.
const MAX_GROUPS: usize = 2000;
/// Fields within fields.
const MAX_FIELDS: usize = 64;
/// Fonts and styles, each.
const MAX_ENTRIES: usize = 10_000;
/// Bytes of a title or of a style's name.
const MAX_NAME: usize = 4096;

/// Where text goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Destination {
    Body,
    /// The instruction of the field at this place on the stack.
    Instruction(usize),
    Fonts,
    Styles,
    Title,
    Created,
    Changed,
    Skip,
}

/// What a group inherits and gives up at its end.
#[derive(Debug, Clone, Copy)]
struct State {
    destination: Destination,
    /// Where text went outside of the field or of the pair of readings that we are in.
    outer: Destination,
    hidden: bool,
    deleted: bool,
    /// In what frames the page, boxes and all.
    frame: bool,
    /// Characters that follow a `\u` for readers without Unicode.
    fallback: usize,
    encoding: &'static Encoding,
    on_end: OnEnd,
}

/// What happens when a group ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum OnEnd {
    Nothing,
    Field,
    Flow,
    Remark(usize),
    Style,
}

/// What `\pard` resets.
#[derive(Debug, Clone, Copy, Default)]
struct Paragraph {
    style: i32,
    level: Option<i32>,
    list: bool,
    cell: bool,
    /// Its first line begins left of the others.
    hangs: bool,
}

#[derive(Debug, Default)]
struct OpenField {
    instruction: String,
    link: Option<usize>,
    hides: bool,
    references: bool,
}

#[derive(Debug)]
struct Reader {
    builder: Builder,
    state: State,
    groups: Vec<State>,
    /// Groups beyond the bound that are open.
    too_deep: usize,
    paragraph: Paragraph,
    /// Paragraphs around the present note or box.
    outer_paragraphs: Vec<(Paragraph, bool)>,
    started: bool,
    /// What may be the mark of a list's item, written out.
    lead: String,
    fields: Vec<OpenField>,
    pending: Vec<u8>,
    surrogate: Option<u16>,
    /// Characters still to be passed over after a `\u`.
    skip: usize,
    starred: bool,
    default_encoding: &'static Encoding,
    fonts: BTreeMap<i32, Option<&'static Encoding>>,
    font: i32,
    default_font: i32,
    styles: BTreeMap<i32, String>,
    style: i32,
    name: String,
    title: String,
    created: [i32; 3],
    changed: [i32; 3],
    counts: [usize; 3],
    entries: usize,
}

/// Reads RTF.
#[must_use]
pub fn read(bytes: &[u8]) -> Document {
    let mut reader = Reader {
        builder: Builder::new(Format::Rtf),
        state: State {
            destination: Destination::Body,
            outer: Destination::Body,
            hidden: false,
            deleted: false,
            frame: false,
            fallback: 1,
            encoding: WINDOWS_1252,
            on_end: OnEnd::Nothing,
        },
        groups: Vec::new(),
        too_deep: 0,
        paragraph: Paragraph::default(),
        outer_paragraphs: Vec::new(),
        started: false,
        lead: String::new(),
        fields: Vec::new(),
        pending: Vec::new(),
        surrogate: None,
        skip: 0,
        starred: false,
        default_encoding: WINDOWS_1252,
        fonts: BTreeMap::new(),
        font: 0,
        default_font: 0,
        styles: BTreeMap::new(),
        style: 0,
        name: String::new(),
        title: String::new(),
        created: [0; 3],
        changed: [0; 3],
        counts: [0; 3],
        entries: 0,
    };
    let mut tokens = Tokens::new(bytes);
    while let Some(token) = tokens.next() {
        reader.token(token, &tokens);
        if reader.builder.is_full() {
            break;
        }
    }
    reader.flush();
    while !reader.groups.is_empty() {
        reader.close();
    }
    let (mut document, _) = reader.builder.finish();
    let title = reader
        .title
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    document.title = Some(title)
        .filter(|title| !title.is_empty())
        .or_else(|| document.first_heading());
    document.date = day(reader.changed).or_else(|| day(reader.created));
    document.language = decode::language_of(&document.text);
    document
}

fn day([year, month, day]: [i32; 3]) -> Option<String> {
    ((1900..=9999).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day))
        .then(|| format!("{year:04}-{month:02}-{day:02}"))
}

impl Reader {
    fn token(&mut self, token: Token<'_>, tokens: &Tokens<'_>) {
        let starred = std::mem::take(&mut self.starred);
        match token {
            Token::Open => {
                self.flush();
                self.skip = 0;
                if self.groups.len() >= MAX_GROUPS {
                    if self.too_deep == 0 {
                        self.builder.problem(format!(
                            "groups nested deeper than {MAX_GROUPS} were read as one"
                        ));
                    }
                    self.too_deep += 1;
                    return;
                }
                self.groups.push(self.state);
                self.state.on_end = OnEnd::Nothing;
            }
            Token::Close => {
                self.flush();
                self.skip = 0;
                if self.too_deep > 0 {
                    self.too_deep -= 1;
                } else {
                    self.close();
                }
            }
            Token::Text(text) => {
                let passed = self.skip.min(text.len());
                self.skip -= passed;
                self.pending.extend(text.get(passed..).unwrap_or_default());
            }
            Token::Hex(code) => {
                if self.skip > 0 {
                    self.skip -= 1;
                } else {
                    self.pending.push(code);
                }
            }
            Token::Symbol(b'*') => self.starred = true,
            Token::Symbol(symbol) => {
                if self.skip > 0 {
                    self.skip -= 1;
                    return;
                }
                self.flush();
                match symbol {
                    b'~' => self.text("\u{a0}"),
                    b'_' => self.text("-"),
                    b'\\' | b'{' | b'}' => self.pending.push(symbol),
                    b'\n' | b'\r' => self.end_paragraph(),
                    _ => {}
                }
            }
            Token::Word("u", Some(code)) => self.unicode(code),
            Token::Word(name, value) => {
                if self.skip > 0 {
                    self.skip -= 1;
                    if name != "par" {
                        return;
                    }
                }
                self.flush();
                self.word(name, value, starred, tokens);
            }
        }
    }

    /// `\u`: a signed 16-bit number, two of them for characters beyond (RTF 1.9.1, "Unicode").
    fn unicode(&mut self, code: i32) {
        self.flush();
        self.skip = self.state.fallback;
        let code = if code < 0 { code + 0x1_0000 } else { code };
        let Ok(code) = u32::try_from(code) else {
            return;
        };
        let high = self.surrogate.take();
        let c = match (high, code) {
            (_, 0xd800..=0xdbff) => {
                self.surrogate = u16::try_from(code).ok();
                return;
            }
            (Some(high), 0xdc00..=0xdfff) => {
                char::from_u32(0x1_0000 + ((u32::from(high) - 0xd800) << 10) + (code - 0xdc00))
            }
            _ => char::from_u32(code),
        };
        // Symbol fonts keep theirs where Unicode has none.
        if let Some(c) = c.filter(|c| !matches!(c, '\u{e000}'..='\u{f8ff}')) {
            self.text(c.encode_utf8(&mut [0; 4]));
        }
    }

    fn flush(&mut self) {
        if !self.pending.is_empty() {
            let bytes = std::mem::take(&mut self.pending);
            let (text, _) = self.state.encoding.decode_without_bom_handling(&bytes);
            self.text(&text);
        }
    }

    fn text(&mut self, text: &str) {
        match self.state.destination {
            Destination::Body => {
                if !self.shows() || self.fields.iter().any(|field| field.hides) {
                    return;
                }
                if !self.started && self.leads(text) {
                    return;
                }
                if !self.started && !text.trim().is_empty() {
                    self.begin_paragraph();
                    let lead = std::mem::take(&mut self.lead);
                    self.builder.text(&lead);
                }
                self.builder.text(text);
            }
            Destination::Instruction(index) => {
                if let Some(field) = self.fields.get_mut(index)
                    && field.instruction.len() + text.len() <= MAX_INSTRUCTION
                {
                    field.instruction.push_str(text);
                }
            }
            Destination::Styles if self.name.len() < MAX_NAME => self.name.push_str(text),
            Destination::Title if self.title.len() < MAX_NAME => self.title.push_str(text),
            _ => {}
        }
    }

    /// Whether this begins a paragraph with a hanging indent as an item's mark does, or is
    /// the tab that ends the mark.
    fn leads(&mut self, text: &str) -> bool {
        if !self.paragraph.hangs {
            return false;
        }
        if text == "\t" && !self.lead.is_empty() {
            self.lead.clear();
            self.paragraph.list = true;
            return true;
        }
        let trimmed = text.trim();
        let is_number = trimmed.len() <= 5 && trimmed.ends_with(['.', ')']);
        let is_mark = self.lead.is_empty() && (is_number || matches!(trimmed, "•" | "–" | "-"));
        if is_mark {
            self.lead.push_str(text);
        }
        is_mark
    }

    fn begin_paragraph(&mut self) {
        self.started = true;
        let styled = self
            .styles
            .get(&self.paragraph.style)
            .and_then(|name| style::styled(name));
        let in_list = self.fields.iter().any(|field| field.references);
        let level = self
            .paragraph
            .level
            .and_then(|level| u8::try_from(level).ok());
        let kind = match (styled, level) {
            (Some(Styled::Reference), _) => self.reference(),
            _ if in_list => self.reference(),
            (Some(Styled::Block(kind)), _) if kind != BlockKind::ListItem => kind,
            (_, Some(level)) if level < 9 => BlockKind::Heading((level + 1).min(6)),
            _ if self.paragraph.cell => BlockKind::TableCell,
            (Some(Styled::Block(kind)), _) => kind,
            _ if self.paragraph.list => BlockKind::ListItem,
            _ => BlockKind::Paragraph,
        };
        self.builder.begin(kind);
    }

    fn reference(&mut self) -> BlockKind {
        self.entries += 1;
        BlockKind::Reference(format!("entry {}", self.entries))
    }

    fn end_paragraph(&mut self) {
        if self.state.destination == Destination::Body {
            let lead = std::mem::take(&mut self.lead);
            self.builder.text(&lead);
            self.builder.end_block();
            self.started = false;
        }
    }

    fn close(&mut self) {
        match self.state.on_end {
            OnEnd::Nothing => {}
            OnEnd::Field => {
                if let Some(link) = self.fields.pop().and_then(|field| field.link) {
                    self.builder.close_link(link);
                }
            }
            OnEnd::Flow => {
                self.builder.end_flow();
                self.leave_flow();
            }
            OnEnd::Remark(number) => {
                if self.builder.end_remark() {
                    self.builder.mark(&format!("comment {number}"));
                }
                self.leave_flow();
            }
            OnEnd::Style => {
                let name = std::mem::take(&mut self.name);
                if self.styles.len() < MAX_ENTRIES {
                    let name = name.trim().trim_end_matches(';').to_owned();
                    self.styles.insert(self.style, name);
                }
            }
        }
        if let Some(outer) = self.groups.pop() {
            self.state = outer;
        }
    }

    fn enter_flow(&mut self, on_end: OnEnd) {
        self.outer_paragraphs.push((self.paragraph, self.started));
        self.paragraph = Paragraph::default();
        self.started = false;
        self.state.destination = Destination::Body;
        self.state.outer = Destination::Body;
        self.state.on_end = on_end;
    }

    fn leave_flow(&mut self) {
        if let Some((paragraph, started)) = self.outer_paragraphs.pop() {
            (self.paragraph, self.started) = (paragraph, started);
        }
    }

    /// Whether text here is text of the document.
    fn shows(&self) -> bool {
        let state = self.state;
        state.destination == Destination::Body && !state.deleted && !state.hidden && !state.frame
    }

    fn word(&mut self, name: &str, value: Option<i32>, starred: bool, tokens: &Tokens<'_>) {
        let is_on = value != Some(0);
        let number = value.unwrap_or(0);
        match name {
            "par" | "sect" | "page" => self.end_paragraph(),
            "cell" | "nestcell" | "row" | "nestrow" => self.end_paragraph(),
            "line" => self.text("\n"),
            "tab" => self.text("\t"),
            "emdash" => self.text("—"),
            "endash" => self.text("–"),
            "bullet" => self.text("•"),
            "lquote" => self.text("‘"),
            "rquote" => self.text("’"),
            "ldblquote" => self.text("“"),
            "rdblquote" => self.text("”"),
            "emspace" | "enspace" | "qmspace" => self.text(" "),
            "pard" => self.paragraph = Paragraph::default(),
            "fi" => self.paragraph.hangs = number < 0,
            "s" if self.state.destination == Destination::Styles => {
                self.style = number;
                self.state.on_end = OnEnd::Style;
            }
            "s" => self.paragraph.style = number,
            "outlinelevel" => self.paragraph.level = value,
            "intbl" | "itap" => self.paragraph.cell = number > 0 || name == "intbl",
            "ls" => self.paragraph.list |= number > 0,
            "v" => self.state.hidden = is_on,
            "deleted" | "mvf" => self.state.deleted = is_on,
            "plain" => {
                self.state.hidden = false;
                self.state.deleted = false;
                self.set_font(self.default_font);
            }
            "uc" => self.state.fallback = usize::try_from(number).unwrap_or(1).min(8),
            "mac" => self.set_default(charset::of_code_page(10000)),
            "ansicpg" => self.set_default(charset::of_code_page(number)),
            "deff" => self.default_font = number,
            "f" => self.set_font(number),
            "fcharset" if self.state.destination == Destination::Fonts => {
                self.font_encoding(charset::of_font(number));
            }
            "cpg" if self.state.destination == Destination::Fonts => {
                self.font_encoding(charset::of_code_page(number));
            }
            "yr" | "mo" | "dy" => {
                let index = usize::from(name != "yr") + usize::from(name == "dy");
                let time = match self.state.destination {
                    Destination::Created => &mut self.created,
                    Destination::Changed => &mut self.changed,
                    _ => return,
                };
                if let Some(part) = time.get_mut(index) {
                    *part = number;
                }
            }
            _ => self.destination(name, starred, tokens),
        }
    }

    fn set_default(&mut self, encoding: Option<&'static Encoding>) {
        if let Some(encoding) = encoding {
            self.default_encoding = encoding;
            self.state.encoding = encoding;
        }
    }

    fn set_font(&mut self, font: i32) {
        if self.state.destination == Destination::Fonts {
            self.font = font;
            return;
        }
        let encoding = self.fonts.get(&font).copied().flatten();
        self.state.encoding = encoding.unwrap_or(self.default_encoding);
    }

    fn font_encoding(&mut self, encoding: Option<&'static Encoding>) {
        if self.fonts.len() < MAX_ENTRIES {
            self.fonts.insert(self.font, encoding);
        }
    }

    /// Words that say where the text of their group goes.
    fn destination(&mut self, name: &str, starred: bool, tokens: &Tokens<'_>) {
        if self.state.destination == Destination::Styles {
            // Only paragraph styles have no star.
            if starred {
                self.state.destination = Destination::Skip;
            }
            return;
        }
        match name {
            "field" if self.fields.len() < MAX_FIELDS => {
                self.fields.push(OpenField::default());
                self.state.on_end = OnEnd::Field;
                self.state.outer = self.state.destination;
            }
            "fldinst" => {
                if let Some(index) = self.fields.len().checked_sub(1) {
                    self.state.destination = Destination::Instruction(index);
                }
            }
            "fldrslt" => self.begin_result(),
            "footnote" if self.shows() => {
                let is_end = tokens.next_is(b"\\ftnalt");
                let (kind, word) = if is_end {
                    (1, "endnote")
                } else {
                    (0, "footnote")
                };
                self.counts[kind] += 1;
                let label = format!("{word} {}", self.counts[kind]);
                self.builder.mark(&label);
                self.builder.begin_note(&label, self.counts.iter().sum());
                self.enter_flow(OnEnd::Flow);
            }
            "annotation" if self.shows() => {
                self.counts[2] += 1;
                self.builder
                    .begin_note(&format!("comment {}", self.counts[2]), usize::MAX);
                self.enter_flow(OnEnd::Remark(self.counts[2]));
            }
            "shptxt" | "dptxbxtext" => {
                self.builder.begin_box();
                self.enter_flow(OnEnd::Flow);
            }
            "listtext" | "pntext" => {
                self.paragraph.list = true;
                self.state.destination = Destination::Skip;
            }
            "fonttbl" => self.state.destination = Destination::Fonts,
            "stylesheet" => self.state.destination = Destination::Styles,
            "info" => {
                self.state.destination = Destination::Skip;
                self.state.outer = Destination::Title;
            }
            // Within `\info` only, whose text is else read over.
            "title" if self.state.outer == Destination::Title => {
                self.state.destination = Destination::Title;
            }
            "creatim" => self.state.destination = Destination::Created,
            "revtim" => self.state.destination = Destination::Changed,
            // Two readings: one for readers without Unicode, which we are not.
            "upr" => {
                self.state.outer = self.state.destination;
                self.state.destination = Destination::Skip;
            }
            "ud" => self.state.destination = self.state.outer,
            "header" | "headerl" | "headerr" | "headerf" | "footer" | "footerl" | "footerr"
            | "footerf" | "shprslt" => {
                self.state.frame = true;
                self.state.destination = Destination::Skip;
            }
            "pict" | "object" | "ftnsep" | "ftnsepc" | "ftncn" | "aftnsep" | "aftnsepc"
            | "aftncn" | "colortbl" | "filetbl" | "nonshppict" | "xe" | "tc" | "rxe" | "txe"
            | "bkmkstart" | "bkmkend" | "sp" | "do" | "falt" | "panose" | "themedata"
            | "footnote" | "annotation" | "pntxta" | "pntxtb" => {
                self.state.destination = Destination::Skip;
            }
            _ if starred => self.state.destination = Destination::Skip,
            _ => {}
        }
    }

    fn begin_result(&mut self) {
        // The result goes where the field stands: into the text, or another instruction.
        self.state.destination = self.state.outer;
        if self.state.destination != Destination::Body {
            return;
        }
        let Some(open) = self.fields.last_mut() else {
            return;
        };
        let instruction = std::mem::take(&mut open.instruction);
        match field(&instruction, "", &BTreeMap::new()) {
            Field::Links(links) => {
                let mut first = None;
                for (url, target) in links {
                    let number = self.builder.open_link(&url, target);
                    first = first.or(number);
                }
                open.link = first;
            }
            // RTF has no names for notes, so the number stays words.
            Field::Note(_) => open.hides = true,
            Field::References => open.references = true,
            Field::Plain => {}
            Field::Unreadable(whose) => self
                .builder
                .problem(format!("the data of a citation of {whose} cannot be read")),
        }
    }
}

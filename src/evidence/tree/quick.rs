//! Plain tags cut without html5ever's tokenizer, which takes most of the time of a parse.
//!
//! **In:** HTML. **Out:** the tree that html5ever alone would build, comments' words left out.
//! **Not here:** anything that needs a second look: a tag with an odd letter, a reference without
//! its semicolon, a script that holds a comment. That goes to html5ever's tokenizer, piece by
//! piece, until it has put out a whole tag, comment or document type at the end of a piece: it
//! is then where a text begins, and holds nothing back.

use super::sink::Sink;
use super::{Tree, references};
use crate::document::html::Gate;
use html5ever::interface::TokenizerResult;
use html5ever::interface::TreeSink;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts};
use html5ever::{Attribute, LocalName, QualName, local_name, ns};
use std::cell::{Cell, RefCell};

/// Names that are kept at hand; a power of two.
const NAMES: usize = 256;

/// Parses a page.
pub(super) fn parse(html: &str) -> Tree {
    let mut reader = Reader::new(html);
    reader.read();
    reader.finish()
}

/// The tree builder, watched.
struct Watch {
    builder: TreeBuilder<u32, Sink>,
    gate: Gate,
    /// The last token was a tag, a comment or a document type, and text may follow it.
    settled: Cell<bool>,
    /// The element that is open whose content is not markup.
    raw: RefCell<Option<LocalName>>,
}

impl TokenSink for Watch {
    type Handle = u32;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<u32> {
        let nodes = self.builder.sink.nodes();
        if !self.gate.lets_in(&token, &self.builder, nodes) {
            // A tag that is left out has no content, and text may follow it.
            let is_text = matches!(token, Token::CharacterTokens(_) | Token::NullCharacterToken);
            self.settled.set(!is_text);
            *self.raw.borrow_mut() = None;
            return TokenSinkResult::Continue;
        }
        let name = match &token {
            Token::ParseError(_) => return self.builder.process_token(token, line),
            Token::TagToken(tag) => Some(tag.name.clone()),
            Token::CommentToken(_) | Token::DoctypeToken(_) => None,
            _ => {
                self.settled.set(false);
                return self.builder.process_token(token, line);
            }
        };
        let result = self.builder.process_token(token, line);
        let is_raw = matches!(result, TokenSinkResult::RawData(_));
        self.settled
            .set(!is_raw && result != TokenSinkResult::Plaintext);
        *self.raw.borrow_mut() = name.filter(|_| is_raw);
        result
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder
            .adjusted_current_node_present_but_not_in_html_namespace()
    }
}

struct Reader<'h> {
    html: &'h str,
    /// The same, in the parser's kind of string: pieces of it are not copied.
    whole: StrTendril,
    tokenizer: Tokenizer<Watch>,
    queue: BufferQueue,
    names: Vec<Option<LocalName>>,
    /// A name in lower case.
    lower: String,
    /// Bytes that may still be looked at in vain for the end of what holds no markup. (In a picture it
    /// may hold some.) When they are used up, all such elements are left to the tokenizer.
    patience: usize,
}

impl<'h> Reader<'h> {
    fn new(html: &'h str) -> Self {
        let html = html.strip_prefix('\u{feff}').unwrap_or(html);
        let watch = Watch {
            builder: TreeBuilder::new(Sink::new(), TreeBuilderOpts::default()),
            gate: Gate::default(),
            settled: Cell::new(false),
            raw: RefCell::new(None),
        };
        let options = TokenizerOpts {
            discard_bom: false,
            ..TokenizerOpts::default()
        };
        Self {
            html,
            whole: StrTendril::from(html),
            tokenizer: Tokenizer::new(watch, options),
            queue: BufferQueue::default(),
            names: vec![None; NAMES],
            lower: String::new(),
            patience: 4 * html.len(),
        }
    }

    fn read(&mut self) {
        if self.html.contains('\0') || self.html.contains('\r') {
            // html5ever makes all line ends one, and NUL means another thing in every place.
            self.feed(0, self.html.len());
            return;
        }
        let mut at = 0;
        while at < self.html.len() {
            at = self.quick(at).unwrap_or_else(|| self.slow(at));
        }
    }

    fn finish(self) -> Tree {
        self.tokenizer.end();
        self.tokenizer.sink.builder.sink.finish()
    }

    /// Leaves text to the tokenizer until it is done with a tag; the next place to read from.
    fn slow(&self, from: usize) -> usize {
        let watch = &self.tokenizer.sink;
        watch.settled.set(false);
        let mut at = from;
        while at < self.html.len() {
            let raw = watch.raw.borrow().clone();
            // Only a > ends a tag, and within a script only that of its own closing tag.
            let close = match &raw {
                Some(name) => self.closing(at, name).map(|close| close + 1),
                None => Some(at),
            };
            let end = close.and_then(|close| Some(close + self.html.get(close..)?.find('>')? + 1));
            let end = end.unwrap_or(self.html.len());
            self.feed(at, end);
            at = end;
            if watch.settled.get() {
                break;
            }
        }
        at
    }

    fn feed(&self, start: usize, end: usize) {
        self.queue.push_back(self.piece(start, end));
        while !matches!(self.tokenizer.feed(&self.queue), TokenizerResult::Done) {}
    }

    fn piece(&self, start: usize, end: usize) -> StrTendril {
        // The whole is bounded far below what 32 bits can count.
        self.whole
            .try_subtendril(start as u32, (end - start) as u32)
            .unwrap_or_default()
    }

    /// Where the closing tag of an element begins whose content is not markup.
    fn closing(&self, from: usize, name: &str) -> Option<usize> {
        let mut at = from;
        loop {
            let start = at + self.html.get(at..)?.find('<')?;
            at = start + 1;
            let rest = self.html.as_bytes().get(at..)?;
            let Some((b'/', rest)) = rest.split_first() else {
                continue;
            };
            let named = rest
                .get(..name.len())
                .is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()));
            if named
                && rest
                    .get(name.len())
                    .is_some_and(|byte| is_space(*byte) || matches!(byte, b'/' | b'>'))
            {
                return Some(start);
            }
        }
    }

    fn put(&self, token: Token) -> TokenSinkResult<u32> {
        self.tokenizer.sink.process_token(token, 1)
    }

    /// Reads one text, tag or comment, if it is a plain one; the next place to read from.
    fn quick(&mut self, at: usize) -> Option<usize> {
        let rest = self.html.as_bytes().get(at..)?;
        match (rest.first()?, rest.get(1)) {
            (b'<', Some(b'/')) => self.end_tag(at),
            (b'<', Some(b'!')) => self.comment(at),
            (b'<', Some(letter)) if letter.is_ascii_alphabetic() => self.start_tag(at),
            (b'<', _) => None,
            _ => {
                let text = self.html.get(at..)?;
                let end = at + text.find('<').unwrap_or(text.len());
                let text = self.text(at, end, false)?;
                let _ = self.put(Token::CharacterTokens(text));
                Some(end)
            }
        }
    }

    /// Text, its references undone.
    fn text(&self, start: usize, end: usize, in_attribute: bool) -> Option<StrTendril> {
        let text = self.html.get(start..end)?;
        if text.contains('&') {
            return references::undone(text, in_attribute).map(StrTendril::from);
        }
        Some(self.piece(start, end))
    }

    fn comment(&self, at: usize) -> Option<usize> {
        let inner = at + 4;
        let text = self.html.get(inner..)?;
        if !self.html.get(at..)?.starts_with("<!--")
            || text.starts_with(['>'])
            || text.starts_with("->")
        {
            return None;
        }
        let bytes = text.as_bytes();
        let mut from = 0;
        let end = loop {
            let dashes = from + text.get(from..)?.find("--")?;
            match bytes.get(dashes + 2) {
                Some(b'>') => break dashes,
                Some(b'!') if bytes.get(dashes + 3) == Some(&b'>') => return None,
                _ => from = dashes + 1,
            }
        };
        let _ = self.put(Token::CommentToken(StrTendril::new()));
        Some(inner + end + 3)
    }

    fn end_tag(&mut self, at: usize) -> Option<usize> {
        let (name, mut end) = self.name(at + 2, true)?;
        let bytes = self.html.as_bytes();
        while is_space(*bytes.get(end)?) {
            end += 1;
        }
        if *bytes.get(end)? != b'>' {
            return None;
        }
        let _ = self.put(Token::TagToken(Tag {
            kind: TagKind::EndTag,
            name,
            self_closing: false,
            attrs: Vec::new(),
            had_duplicate_attributes: false,
        }));
        Some(end + 1)
    }

    fn start_tag(&mut self, at: usize) -> Option<usize> {
        let (name, end) = self.name(at + 1, true)?;
        if name == local_name!("plaintext") {
            return None;
        }
        let (attrs, self_closing, end) = self.attributes(end)?;
        let content = match raw(&name) {
            None => None,
            Some(_) if self.patience == 0 => return None,
            Some(kind) => {
                let close = self.closing(end, &name);
                let looked_at = close.unwrap_or(self.html.len()) - end;
                let content = close.and_then(|close| self.content(kind, end, close));
                if content.is_none() {
                    self.patience = self.patience.saturating_sub(looked_at);
                    return None;
                }
                content.zip(close)
            }
        };
        let result = self.put(Token::TagToken(Tag {
            kind: TagKind::StartTag,
            name,
            self_closing,
            attrs,
            had_duplicate_attributes: false,
        }));
        match (result, content) {
            (TokenSinkResult::RawData(_), Some((text, close))) => {
                if !text.is_empty() {
                    let _ = self.put(Token::CharacterTokens(text));
                }
                Some(close)
            }
            (_, Some((_, close))) => {
                self.patience = self.patience.saturating_sub(close - end);
                Some(end)
            }
            (_, None) => Some(end),
        }
    }

    /// What an element holds that holds no markup.
    fn content(&self, kind: Raw, start: usize, close: usize) -> Option<StrTendril> {
        match kind {
            Raw::Title => self.text(start, close, false),
            // Within a comment a script may be closed and go on.
            Raw::Script if self.html.get(start..close)?.contains("<!--") => None,
            _ => Some(self.piece(start, close)),
        }
    }

    /// A tag's attributes, whether it closes itself, and where it ends.
    fn attributes(&mut self, from: usize) -> Option<(Vec<Attribute>, bool, usize)> {
        let bytes = self.html.as_bytes();
        let mut attributes: Vec<Attribute> = Vec::new();
        let mut at = from;
        loop {
            let before = at;
            while is_space(*bytes.get(at)?) {
                at += 1;
            }
            match *bytes.get(at)? {
                b'>' => return Some((attributes, false, at + 1)),
                b'/' if *bytes.get(at + 1)? == b'>' => return Some((attributes, true, at + 2)),
                _ if at == before => return None,
                _ => {}
            }
            let (name, end) = self.name(at, false)?;
            at = end;
            let value = match *bytes.get(at)? {
                b'=' => {
                    let (start, end, next) = value(self.html, at + 1)?;
                    at = next;
                    self.text(start, end, true)?
                }
                byte if is_space(byte) => {
                    let next = bytes.get(at..)?.iter().find(|byte| !is_space(**byte))?;
                    if *next == b'=' {
                        return None;
                    }
                    StrTendril::new()
                }
                _ => StrTendril::new(),
            };
            if attributes.iter().any(|known| known.name.local == name) {
                return None;
            }
            attributes.push(Attribute {
                name: QualName::new(None, ns!(), name),
                value,
            });
        }
    }

    /// The plain name that begins here, and where it ends.
    fn name(&mut self, start: usize, of_tag: bool) -> Option<(LocalName, usize)> {
        let bytes = self.html.as_bytes().get(start..)?;
        if of_tag && !bytes.first()?.is_ascii_alphabetic() {
            return None;
        }
        let (mut hash, mut is_lower, mut length) = (0_usize, true, 0);
        for byte in bytes {
            match byte {
                b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b':' => {}
                b'A'..=b'Z' => is_lower = false,
                _ => break,
            }
            hash = hash.wrapping_mul(31).wrapping_add(usize::from(byte | 0x20));
            length += 1;
        }
        let end = start + length;
        let after = *bytes.get(length)?;
        let ends = is_space(after) || matches!(after, b'>' | b'/') || (after == b'=' && !of_tag);
        if length == 0 || !ends {
            return None;
        }
        let name = self.html.get(start..end)?;
        let name = if is_lower {
            name
        } else {
            self.lower.clear();
            self.lower.extend(
                name.bytes()
                    .map(|byte| char::from(byte.to_ascii_lowercase())),
            );
            &self.lower
        };
        let known = self.names.get_mut((hash ^ hash >> 8) % NAMES)?;
        if let Some(known) = known
            && **known == *name
        {
            return Some((known.clone(), end));
        }
        let new = LocalName::from(name);
        *known = Some(new.clone());
        Some((new, end))
    }
}

/// Elements whose content is not markup.
#[derive(Clone, Copy)]
enum Raw {
    /// References count in it.
    Title,
    Script,
    Other,
}

fn raw(name: &LocalName) -> Option<Raw> {
    match *name {
        local_name!("title") | local_name!("textarea") => Some(Raw::Title),
        local_name!("script") => Some(Raw::Script),
        local_name!("style")
        | local_name!("xmp")
        | local_name!("iframe")
        | local_name!("noembed")
        | local_name!("noframes")
        | local_name!("noscript") => Some(Raw::Other),
        _ => None,
    }
}

/// An attribute's value: where it starts and ends, and where what follows starts.
fn value(html: &str, at: usize) -> Option<(usize, usize, usize)> {
    let bytes = html.as_bytes();
    let quote = *bytes.get(at)?;
    if matches!(quote, b'"' | b'\'') {
        let end = at + 1 + html.get(at + 1..)?.find(char::from(quote))?;
        return Some((at + 1, end, end + 1));
    }
    let rest = bytes.get(at..)?;
    let length = rest.iter().position(|byte| {
        is_space(*byte) || matches!(byte, b'>' | b'"' | b'\'' | b'<' | b'=' | b'`')
    })?;
    let end = at + length;
    let after = *bytes.get(end)?;
    (length > 0 && (is_space(after) || after == b'>')).then_some((at, end, end))
}

/// White space between attributes.
const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\t' | b'\x0c')
}

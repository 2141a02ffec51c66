//! Pandoc's tree: every format that pandoc reads and we do not.
//!
//! **In:** what `pandoc -t json` wrote (its API 1.17 and later, so pandoc 2 and 3).
//! **Out:** a [`Document`]. The tree keeps no places; [`place`] finds them again in the
//! file. **Not here:** running pandoc (`check`).
//!
//! ```text
//! {"t":"Para","c":[{"t":"Str","c":"Rain"},{"t":"Link","c":[…,["https://…",""]]},{"t":"Note",…}]}
//!   block                 word                  link on its words                 mark, body kept
//!                                                                                  for the end
//! ```
//!
//! Nodes are told by their names, and what is not known is looked through for words:
//! pandoc adds nodes, and moves the parts of tables, from one version to the next.

mod meta;
mod places;
mod writer;

use super::markdown::{self, absolute};
use super::references::Entry;
use super::{BlockKind, ByteSpan, Document, DocumentError, LinkKind, Place, Problem};
pub use places::place;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use std::collections::BTreeSet;
use url::Url;
use writer::Writer;

/// The blocks stay text until their turn comes: a tree takes many times the room.
#[derive(Deserialize)]
struct Tree<'a> {
    #[serde(default)]
    meta: Value,
    #[serde(borrow)]
    blocks: Vec<&'a RawValue>,
}

/// Reads pandoc's tree.
///
/// # Errors
/// [`DocumentError::Damaged`] when it is none, [`DocumentError::Empty`] when it has no words.
pub fn read(json: &str, base: Option<&Url>) -> Result<Document, DocumentError> {
    let tree: Tree<'_> = serde_json::from_str(json).map_err(|error| DocumentError::Damaged {
        what: format!("it is no tree of pandoc's: {error}"),
    })?;
    let mut walk = Walk {
        writer: Writer::new(),
        base,
        kinds: Vec::new(),
        notes: Vec::new(),
        works: Vec::new(),
        entries: BTreeSet::new(),
        cited: Vec::new(),
        unknown: BTreeSet::new(),
        problems: Vec::new(),
    };
    walk.meta(&tree.meta);
    for block in tree.blocks {
        // serde_json follows nesting to 128 levels (some 40 lists within lists), and so do we.
        match serde_json::from_str::<Value>(block.get()) {
            Ok(block) => walk.block(&block),
            Err(_) => {
                walk.problem("a part of the text is nested too deeply and was left out".to_owned())
            }
        }
    }
    let document = walk.finish();
    if document.text.is_empty() && document.problems.is_empty() {
        return Err(DocumentError::Empty);
    }
    Ok(document)
}

struct Walk<'a> {
    writer: Writer,
    base: Option<&'a Url>,
    /// What paragraphs are here: quotes, cells, items, notes; the innermost counts.
    kinds: Vec<BlockKind>,
    /// Bodies of the notes met so far; the first has the label "1".
    notes: Vec<Value>,
    /// Works that the metadata names.
    works: Vec<Entry>,
    /// Labels of the entries of the reference list.
    entries: BTreeSet<String>,
    /// Marks that lead to entries, if there are such: label and place.
    cited: Vec<super::NoteRef>,
    /// Names of nodes that were looked through.
    unknown: BTreeSet<String>,
    problems: Vec<Problem>,
}

impl Walk<'_> {
    fn meta(&mut self, meta: &Value) {
        let words = |key: &str| {
            let words = meta::words(meta.get(key)?);
            (!words.is_empty()).then_some(words)
        };
        let document = &mut self.writer.document;
        document.title = words("title");
        document.date = words("date").and_then(|date| markdown::date(&date));
        document.language = words("lang").and_then(|lang| Some(lang.get(..2)?.to_lowercase()));
        self.works = meta::references(meta);
        // Before the text stands what the file keeps apart from it.
        if let Some(summary) = meta.get("abstract").and_then(|node| node.get("c")) {
            if is_nodes(summary, is_block) {
                self.blocks(summary);
            } else {
                self.paragraph(summary, BlockKind::Paragraph);
            }
        }
    }

    fn finish(mut self) -> Document {
        let mut at = 0;
        // A note may hold notes, which are then the last.
        while at < self.notes.len() {
            let body = std::mem::take(&mut self.notes[at]);
            at += 1;
            self.within(BlockKind::Footnote(at.to_string()), |walk| {
                walk.blocks(&body);
            });
        }
        self.references();
        if !self.unknown.is_empty() {
            let names: Vec<String> = self.unknown.iter().take(10).cloned().collect();
            self.problem(format!(
                "pandoc's tree has parts that are not known ({}); their words were read",
                names.join(", ")
            ));
        }
        let (mut document, code) = self.writer.finish();
        let entries = self.entries;
        if !entries.is_empty() {
            let marks = self.cited.into_iter();
            document
                .note_refs
                .extend(marks.filter(|mark| entries.contains(&mark.label)));
            document.note_refs.sort_by_key(|mark| mark.span);
        }
        markdown::bare_addresses(&mut document, &code);
        document.problems = self.problems;
        if document.title.is_none() {
            document.title = document
                .blocks
                .iter()
                .find(|block| matches!(block.kind, BlockKind::Heading(_)))
                .map(|block| block.span.of(&document.text).to_owned());
        }
        document
    }

    /// The works that the metadata names, where the text has no list of them.
    fn references(&mut self) {
        if !self.entries.is_empty() {
            return;
        }
        for entry in std::mem::take(&mut self.works) {
            if !self.entries.insert(entry.key.clone()) {
                continue;
            }
            self.writer.begin(BlockKind::Reference(entry.key));
            let start = self.writer.entry(&entry.text);
            for (url, span) in entry.links {
                self.writer.document.links.push(super::Link {
                    certainty: 100,
                    url_as_cited: url,
                    span: ByteSpan::new(start + span.start, start + span.end),
                    kind: LinkKind::Printed,
                });
            }
            self.writer.end_block();
        }
    }

    fn problem(&mut self, text: String) {
        self.problems.push(Problem {
            place: Place::default(),
            text,
        });
    }

    fn within(&mut self, kind: BlockKind, walk: impl FnOnce(&mut Self)) {
        self.kinds.push(kind);
        walk(self);
        self.kinds.pop();
    }

    /// What a block of this kind is where we are: within a note, everything is the note.
    fn kind(&self, kind: BlockKind) -> BlockKind {
        let noted = self
            .kinds
            .iter()
            .find(|kind| matches!(kind, BlockKind::Footnote(_) | BlockKind::Reference(_)));
        match (noted, self.kinds.last()) {
            (_, _) if kind == BlockKind::Code => kind,
            (Some(note), _) => note.clone(),
            (None, Some(outer)) if kind == BlockKind::Paragraph => outer.clone(),
            _ => kind,
        }
    }

    fn paragraph(&mut self, words: &Value, kind: BlockKind) {
        self.writer.begin(self.kind(kind));
        self.inlines(words);
        self.writer.end_block();
    }

    fn blocks(&mut self, blocks: &Value) {
        for block in blocks.as_array().into_iter().flatten() {
            self.block(block);
        }
    }

    fn block(&mut self, block: &Value) {
        let content = block.get("c").unwrap_or(&Value::Null);
        let part = |index: usize| content.get(index).unwrap_or(&Value::Null);
        match block.get("t").and_then(Value::as_str).unwrap_or("") {
            "Para" | "Plain" => match figure(content) {
                Some(caption) => self.paragraph(caption, BlockKind::Caption),
                None => self.paragraph(content, BlockKind::Paragraph),
            },
            "LineBlock" => {
                self.writer.begin(self.kind(BlockKind::Paragraph));
                for line in content.as_array().into_iter().flatten() {
                    self.inlines(line);
                    self.writer.push("\n");
                }
                self.writer.end_block();
            }
            "Header" => {
                let level = part(0).as_u64().and_then(|level| u8::try_from(level).ok());
                let level = level.unwrap_or(6).clamp(1, 6);
                self.paragraph(part(2), BlockKind::Heading(level));
            }
            "CodeBlock" => {
                self.writer.begin(BlockKind::Code);
                self.writer.push(part(1).as_str().unwrap_or(""));
                self.writer.end_block();
            }
            "BlockQuote" => self.within(BlockKind::Quote, |walk| walk.blocks(content)),
            "BulletList" => self.items(content),
            "OrderedList" => self.items(part(1)),
            "DefinitionList" => {
                for item in content.as_array().into_iter().flatten() {
                    self.paragraph(item.get(0).unwrap_or(&Value::Null), BlockKind::ListItem);
                    self.items(item.get(1).unwrap_or(&Value::Null));
                }
            }
            "Div" => self.div(part(0), part(1)),
            "Figure" => {
                self.within(BlockKind::Caption, |walk| walk.block_lists(part(1)));
                self.blocks(part(2));
            }
            "Table" => {
                self.within(BlockKind::Caption, |walk| {
                    if is_nodes(part(0), is_inline) {
                        walk.paragraph(part(0), BlockKind::Caption);
                    } else {
                        walk.block_lists(part(1));
                    }
                });
                let rows = content.as_array().into_iter().flatten().skip(2);
                self.within(BlockKind::TableCell, |walk| {
                    rows.for_each(|rows| walk.block_lists(rows));
                });
            }
            "RawBlock" | "HorizontalRule" | "Null" => {}
            other => {
                self.unknown.insert(other.chars().take(40).collect());
                if is_nodes(content, is_inline) {
                    self.paragraph(content, BlockKind::Paragraph);
                } else {
                    self.block_lists(content);
                }
            }
        }
    }

    /// The items of a list: the first paragraph of each is the item.
    fn items(&mut self, items: &Value) {
        for item in items.as_array().into_iter().flatten() {
            let mut blocks = item.as_array().into_iter().flatten();
            if let Some(first) = blocks.next() {
                self.within(BlockKind::ListItem, |walk| walk.block(first));
            }
            blocks.for_each(|block| self.block(block));
        }
    }

    /// Every list of blocks in a value, however deep: cells in rows in bodies of tables.
    fn block_lists(&mut self, value: &Value) {
        if is_nodes(value, is_block) {
            self.blocks(value);
            return;
        }
        for inner in value.as_array().into_iter().flatten() {
            self.block_lists(inner);
        }
    }

    /// A reference list is a division `refs` with a division `ref-KEY` for every entry.
    fn div(&mut self, attributes: &Value, blocks: &Value) {
        let id = attributes.get(0).and_then(Value::as_str).unwrap_or("");
        let is_entry = has_class(attributes, "csl-entry") || self.kinds.is_empty();
        match id.strip_prefix("ref-") {
            Some(key) if is_entry && !key.is_empty() => {
                self.entries.insert(key.to_owned());
                self.within(BlockKind::Reference(key.to_owned()), |walk| {
                    walk.blocks(blocks);
                });
            }
            _ => self.blocks(blocks),
        }
    }

    fn inlines(&mut self, inlines: &Value) {
        for inline in inlines.as_array().into_iter().flatten() {
            self.inline(inline);
        }
    }

    fn inline(&mut self, inline: &Value) {
        let content = inline.get("c").unwrap_or(&Value::Null);
        let part = |index: usize| content.get(index).unwrap_or(&Value::Null);
        match inline.get("t").and_then(Value::as_str).unwrap_or("") {
            "Str" => self.writer.push(content.as_str().unwrap_or("")),
            "Space" | "SoftBreak" => self.writer.push(" "),
            "LineBreak" => self.writer.push("\n"),
            "Code" => self.writer.code(part(1).as_str().unwrap_or("")),
            "Math" => self.writer.push(part(1).as_str().unwrap_or("")),
            "Quoted" => {
                let double = part(0).get("t").and_then(Value::as_str) == Some("DoubleQuote");
                let (open, close) = if double {
                    ("“", "”")
                } else {
                    ("‘", "’")
                };
                self.writer.push(open);
                self.inlines(part(1));
                self.writer.push(close);
            }
            "Cite" => {
                let start = self.writer.end();
                self.inlines(part(1));
                let span = self.writer.since(start);
                let keys = part(0).as_array().into_iter().flatten();
                let keys = keys.filter_map(|citation| citation.get("citationId")?.as_str());
                self.cited.extend(keys.map(|key| super::NoteRef {
                    label: key.to_owned(),
                    span,
                }));
            }
            "Link" => {
                let parts = content.as_array().map(Vec::as_slice).unwrap_or_default();
                let url = parts.last().and_then(|target| target.get(0)?.as_str());
                let start = self.writer.end();
                for words in parts.iter().filter(|part| is_nodes(part, is_inline)) {
                    self.inlines(words);
                }
                if let Some(url) = url {
                    self.link(url, start);
                }
            }
            "Note" => {
                self.notes.push(content.clone());
                self.writer.mark(self.notes.len().to_string());
            }
            "Image" | "RawInline" => {}
            // Emph, Strong, Span, … and what is not known: the words in it.
            _ => self.words(content),
        }
    }

    fn words(&mut self, value: &Value) {
        if is_nodes(value, is_inline) {
            self.inlines(value);
            return;
        }
        for inner in value.as_array().into_iter().flatten() {
            self.words(inner);
        }
    }

    fn link(&mut self, url: &str, start: usize) {
        let span = self.writer.since(start);
        // A link without words (around a picture) cites nothing that can be read.
        if span.is_empty() {
            return;
        }
        let words = span.of(&self.writer.document.text);
        let kind = if words == url {
            LinkKind::Printed
        } else {
            LinkKind::Hyperlink
        };
        self.writer.document.links.push(super::Link {
            certainty: 100,
            url_as_cited: absolute(url.to_owned(), self.base),
            span,
            kind,
        });
    }
}

/// The caption of a paragraph that is one picture: how pandoc 2 writes a figure.
fn figure(inlines: &Value) -> Option<&Value> {
    let [image] = inlines.as_array()?.as_slice() else {
        return None;
    };
    let parts = image.get("c").filter(|_| is(image, "Image"))?;
    let title = parts.get(2)?.get(1)?.as_str()?;
    title.starts_with("fig:").then(|| parts.get(1)).flatten()
}

fn has_class(attributes: &Value, class: &str) -> bool {
    let classes = attributes.get(1).and_then(Value::as_array);
    classes
        .into_iter()
        .flatten()
        .any(|name| name.as_str() == Some(class))
}

fn is(node: &Value, name: &str) -> bool {
    node.get("t").and_then(Value::as_str) == Some(name)
}

/// Whether a value is a list of nodes, and the first is one of ours.
fn is_nodes(value: &Value, known: fn(&str) -> bool) -> bool {
    let first = value.as_array().and_then(|list| list.first());
    let name = first.and_then(|node| node.get("t")?.as_str());
    name.is_some_and(known)
}

fn is_block(name: &str) -> bool {
    const BLOCKS: &[&str] = &[
        "Plain",
        "Para",
        "LineBlock",
        "CodeBlock",
        "RawBlock",
        "BlockQuote",
        "OrderedList",
        "BulletList",
        "DefinitionList",
        "Header",
        "HorizontalRule",
        "Table",
        "Figure",
        "Div",
        "Null",
    ];
    BLOCKS.contains(&name)
}

fn is_inline(name: &str) -> bool {
    const INLINES: &[&str] = &[
        "Str",
        "Emph",
        "Underline",
        "Strong",
        "Strikeout",
        "Superscript",
        "Subscript",
        "SmallCaps",
        "Quoted",
        "Cite",
        "Code",
        "Space",
        "SoftBreak",
        "LineBreak",
        "Math",
        "RawInline",
        "Link",
        "Image",
        "Note",
        "Span",
    ];
    INLINES.contains(&name)
}

#[cfg(test)]
mod tests;

//! The stream of paragraphs of an OpenDocument text.
//!
//! **In:** `content.xml`. **Out:** calls of the [`Builder`]. **Not here:** what a style
//! says.

use super::Styles;
use crate::document::builder::Builder;
use crate::document::docx::field::{Field, addin};
use crate::document::style::Styled;
use crate::document::xml::{Element, Piece, Pieces, Space};
use crate::document::{BlockKind, cited_item};
use std::collections::{BTreeMap, BTreeSet};

/// Spaces that one `text:s` may stand for.
const MAX_SPACES: usize = 16;
/// Marks of a reference manager that are open at a time.
const MAX_MARKS: usize = 64;
/// Notes of one document.
const MAX_NOTES: usize = 200_000;

/// What happens when an element ends.
#[derive(Debug)]
enum Scope {
    Nothing,
    Paragraph {
        boxed: bool,
    },
    Link(Option<usize>),
    /// A flow of its own; afterwards we are in the paragraph again.
    Flow {
        in_paragraph: bool,
    },
    Remark {
        in_paragraph: bool,
        label: String,
        name: Option<String>,
    },
    List,
    Cell,
    References(bool),
    Hidden,
}

#[derive(Debug)]
struct Walker<'a> {
    builder: &'a mut Builder,
    styles: &'a Styles,
    bookmarked: BTreeMap<String, String>,
    /// Names of comments that tell where what they comment ends.
    ends: BTreeSet<String>,
    /// Labels of comments whose mark is still to come, by name.
    remarks: BTreeMap<String, String>,
    scopes: Vec<Scope>,
    in_paragraph: bool,
    /// The last character written was a space that a further one melts into.
    space: bool,
    lists: usize,
    cells: usize,
    hidden: usize,
    references: bool,
    entries: usize,
    silent: bool,
    paged: bool,
    counts: [usize; 3],
    marks: Vec<(String, Option<usize>)>,
}

/// Walks the text; `false` when it is damaged.
pub(super) fn walk(
    text: &str,
    styles: &Styles,
    bookmarked: BTreeMap<String, String>,
    builder: &mut Builder,
) -> bool {
    let paged = text.contains("text:soft-page-break");
    if paged {
        builder.set_page(Some(1));
    }
    let mut walker = Walker {
        builder,
        styles,
        bookmarked,
        ends: ends(text),
        remarks: BTreeMap::new(),
        scopes: Vec::new(),
        in_paragraph: false,
        space: false,
        lists: 0,
        cells: 0,
        hidden: 0,
        references: false,
        entries: 0,
        silent: false,
        paged,
        counts: [0; 3],
        marks: Vec::new(),
    };
    let mut pieces = Pieces::new(text);
    loop {
        match pieces.next() {
            Piece::Open(element) => walker.open(&element, &mut pieces),
            Piece::Close => walker.close(),
            Piece::Text(text) => walker.text(&text),
            Piece::Entity(_) => {}
            Piece::End(whole) => {
                while !walker.scopes.is_empty() {
                    walker.close();
                }
                return whole;
            }
        }
        if walker.builder.is_full() {
            // The rest would be read for nothing; the builder has said so.
            return true;
        }
    }
}

/// The names of comments whose end is marked.
fn ends(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (at, _) in text.match_indices("<office:annotation-end") {
        // Names are short; without a bound a missing `>` would be looked for to the end.
        let end = text.floor_char_boundary(at.saturating_add(500).min(text.len()));
        let element = text
            .get(at..end)
            .and_then(|rest| rest.split('>').next())
            .unwrap_or("");
        let name = element
            .split_once("office:name=\"")
            .and_then(|(_, name)| name.split('"').next());
        if let Some(name) = name
            && found.len() < MAX_NOTES
        {
            found.insert(name.to_owned());
        }
    }
    found
}

impl Walker<'_> {
    fn open(&mut self, element: &Element<'_>, pieces: &mut Pieces<'_>) {
        let scope = match (element.space, element.name()) {
            (Space::Text, _) => self.words(element),
            (Space::Table, "table-cell") => {
                self.cells += 1;
                Some(Scope::Cell)
            }
            (Space::Draw, "text-box") => {
                self.builder.begin_box();
                Some(self.flow())
            }
            (Space::Draw, "object" | "object-ole" | "image" | "plugin")
            | (
                Space::Office,
                "automatic-styles" | "styles" | "master-styles" | "meta" | "settings" | "scripts"
                | "font-face-decls" | "forms",
            ) => None,
            (Space::Office, "annotation") => Some(self.annotation(element)),
            (Space::Office, "annotation-end") => {
                let name = element.attribute("name").unwrap_or_default();
                if let Some(label) = self.remarks.remove(&name) {
                    self.builder.mark(&label);
                }
                Some(Scope::Nothing)
            }
            // What lies below a cell that covers it.
            (Space::Table, "covered-table-cell") => None,
            // A picture's name and description, a comment's author and date.
            (
                Space::Other,
                "title" | "desc" | "creator" | "date" | "date-string" | "creator-initials"
                | "sender-initials",
            ) => None,
            _ => Some(Scope::Nothing),
        };
        match scope {
            Some(scope) => self.scopes.push(scope),
            None => pieces.skip(),
        }
    }

    /// An element of the vocabulary of text; `None` where it is to be read over.
    fn words(&mut self, element: &Element<'_>) -> Option<Scope> {
        let style = || element.attribute("style-name").unwrap_or_default();
        match element.name() {
            "p" => Some(self.paragraph(&style(), None)),
            "h" => {
                let level = element.attribute("outline-level");
                let level = level.and_then(|level| level.parse().ok()).unwrap_or(1_u8);
                Some(self.paragraph(&style(), Some(level.clamp(1, 6))))
            }
            "span" => {
                if !self.styles.hides(&style()) {
                    return Some(Scope::Nothing);
                }
                self.hidden += 1;
                Some(Scope::Hidden)
            }
            "a" => {
                let url = element.attribute("href").unwrap_or_default();
                let url = url.trim();
                Some(Scope::Link(self.builder.open_link(url, url.len())))
            }
            "s" => {
                let count = element.attribute("c").and_then(|count| count.parse().ok());
                self.raw(&" ".repeat(count.unwrap_or(1).min(MAX_SPACES)));
                Some(Scope::Nothing)
            }
            "tab" => {
                self.raw("\t");
                Some(Scope::Nothing)
            }
            "line-break" => {
                self.raw("\n");
                Some(Scope::Nothing)
            }
            "soft-page-break" => {
                self.next_page();
                Some(Scope::Nothing)
            }
            "note" => {
                let is_end = element.attribute("note-class").as_deref() == Some("endnote");
                let label = self.label(
                    usize::from(is_end),
                    if is_end { "endnote" } else { "footnote" },
                );
                if let Some(id) = element.attribute("id") {
                    self.builder.name(&id, &label);
                }
                self.builder.mark(&label);
                self.builder.begin_note(&label, self.counts.iter().sum());
                Some(self.flow())
            }
            // The mark itself, and numbers of headings and lists.
            "note-citation" | "number" => None,
            "note-ref" => {
                self.builder
                    .mark_by_name(&element.attribute("ref-name").unwrap_or_default());
                None
            }
            "list" => {
                self.lists += 1;
                Some(Scope::List)
            }
            "section" => {
                let name = element.attribute("name").unwrap_or_default();
                let outer = self.references;
                self.references |= name.trim_start().starts_with("ZOTERO_BIBL");
                (element.attribute("display").as_deref() != Some("none"))
                    .then_some(Scope::References(outer))
            }
            "bibliography" => {
                let outer = std::mem::replace(&mut self.references, true);
                Some(Scope::References(outer))
            }
            "bibliography-mark" => {
                let (doi, url) = (element.attribute("doi"), element.attribute("url"));
                let address = cited_item::of(doi.as_deref(), url.as_deref(), None);
                let link = address.and_then(|url| self.builder.open_link(&url, url.len()));
                Some(Scope::Link(link))
            }
            "reference-mark-start" | "bookmark-start" => {
                self.begin_mark(element);
                Some(Scope::Nothing)
            }
            "reference-mark-end" | "bookmark-end" => {
                self.end_mark(&element.attribute("name").unwrap_or_default());
                Some(Scope::Nothing)
            }
            "hidden-paragraph" => {
                self.silent |= element.attribute("is-hidden").as_deref() == Some("true");
                None
            }
            // Deleted text; what is found elsewhere; pronunciation; text that does not show.
            "tracked-changes"
            | "table-of-content"
            | "illustration-index"
            | "table-index"
            | "object-index"
            | "user-index"
            | "alphabetical-index"
            | "bibliography-source"
            | "ruby-text"
            | "hidden-text"
            | "script"
            | "sequence-decls"
            | "variable-decls"
            | "user-field-decls" => None,
            _ => Some(Scope::Nothing),
        }
    }

    fn close(&mut self) {
        match self.scopes.pop() {
            None | Some(Scope::Nothing) => {}
            Some(Scope::Paragraph { boxed }) => {
                self.builder.end_block();
                self.silent = false;
                self.space = false;
                if boxed {
                    self.builder.end_flow();
                } else {
                    self.in_paragraph = false;
                }
            }
            Some(Scope::Link(link)) => {
                if let Some(link) = link {
                    self.builder.close_link(link);
                }
            }
            Some(Scope::Flow { in_paragraph }) => {
                self.builder.end_flow();
                self.in_paragraph = in_paragraph;
            }
            Some(Scope::Remark {
                in_paragraph,
                label,
                name,
            }) => {
                self.in_paragraph = in_paragraph;
                if self.builder.end_remark() {
                    match name.filter(|name| self.ends.contains(name)) {
                        Some(name) => drop(self.remarks.insert(name, label)),
                        None => self.builder.mark(&label),
                    }
                }
            }
            Some(Scope::List) => self.lists = self.lists.saturating_sub(1),
            Some(Scope::Cell) => self.cells = self.cells.saturating_sub(1),
            Some(Scope::References(outer)) => self.references = outer,
            Some(Scope::Hidden) => self.hidden = self.hidden.saturating_sub(1),
        }
    }

    fn flow(&mut self) -> Scope {
        self.space = false;
        Scope::Flow {
            in_paragraph: std::mem::take(&mut self.in_paragraph),
        }
    }

    fn label(&mut self, kind: usize, word: &str) -> String {
        if let Some(count) = self.counts.get_mut(kind) {
            *count += 1;
            return format!("{word} {count}");
        }
        word.to_owned()
    }

    fn annotation(&mut self, element: &Element<'_>) -> Scope {
        let label = self.label(2, "comment");
        // Comments stand after all notes, as in Word.
        self.builder.begin_note(&label, usize::MAX);
        Scope::Remark {
            in_paragraph: std::mem::take(&mut self.in_paragraph),
            label,
            name: element.attribute("name"),
        }
    }

    fn paragraph(&mut self, style: &str, level: Option<u8>) -> Scope {
        // A shape in a paragraph has paragraphs of its own.
        let boxed = self.in_paragraph;
        if boxed {
            self.builder.begin_box();
        } else if self.styles.breaks(style) && self.builder.has_text() {
            self.next_page();
        }
        self.in_paragraph = true;
        self.space = false;
        let styled = self.styles.of_paragraph(style);
        self.silent = styled == Some(Styled::Contents) || self.styles.hides(style);
        let kind = match (level, styled) {
            (Some(level), _) => BlockKind::Heading(level),
            (None, Some(Styled::Block(kind))) if kind != BlockKind::ListItem => kind,
            (None, Some(Styled::Reference)) => self.reference(),
            _ if self.references => self.reference(),
            _ if self.cells > 0 => BlockKind::TableCell,
            _ if self.lists > 0 => BlockKind::ListItem,
            (None, Some(Styled::Block(kind))) => kind,
            _ => BlockKind::Paragraph,
        };
        self.builder.begin(kind);
        Scope::Paragraph { boxed }
    }

    fn reference(&mut self) -> BlockKind {
        self.entries += 1;
        BlockKind::Reference(format!("entry {}", self.entries))
    }

    fn next_page(&mut self) {
        if self.paged {
            let next = self.builder.page().map_or(1, |page| page.saturating_add(1));
            self.builder.set_page(Some(next));
        }
    }

    fn text(&mut self, text: &str) {
        if !self.in_paragraph || self.hidden > 0 || self.silent {
            return;
        }
        // ODF 1.3, 6.1.2: white space is one space, and none at the beginning.
        let mut folded = String::with_capacity(text.len());
        for c in text.chars() {
            if matches!(c, ' ' | '\t' | '\n' | '\r') {
                if !self.space {
                    folded.push(' ');
                }
                self.space = true;
            } else {
                folded.push(c);
                self.space = false;
            }
        }
        self.builder.text(&folded);
    }

    fn raw(&mut self, text: &str) {
        if self.in_paragraph && self.hidden == 0 && !self.silent {
            self.space = false;
            self.builder.text(text);
        }
    }

    /// Zotero keeps a citation's data in the name of a mark, or beside the text under the
    /// name of a bookmark.
    fn begin_mark(&mut self, element: &Element<'_>) {
        let name = element.attribute("name").unwrap_or_default();
        let instruction = if name.starts_with("ZOTERO_ITEM") {
            name.clone()
        } else if let Some(instruction) = self.bookmarked.get(&name) {
            instruction.clone()
        } else {
            return;
        };
        if self.marks.len() >= MAX_MARKS {
            return;
        }
        let mut first = None;
        match addin(&instruction, "") {
            Field::Links(links) => {
                for (url, target) in links {
                    let number = self.builder.open_link(&url, target);
                    first = first.or(number);
                }
            }
            Field::Unreadable(whose) => self
                .builder
                .problem(format!("the data of a citation of {whose} cannot be read")),
            _ => {}
        }
        self.marks.push((name, first));
    }

    fn end_mark(&mut self, name: &str) {
        if let Some(index) = self.marks.iter().rposition(|(open, _)| open == name)
            && let (_, Some(link)) = self.marks.remove(index)
        {
            self.builder.close_link(link);
        }
    }
}

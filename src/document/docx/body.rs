//! The stream of paragraphs and runs of a part: body, notes, comments.
//!
//! **In:** WordprocessingML. **Out:** calls of the [`Builder`]. **Not here:** which
//! parts there are, and what a style or a field says.
//!
//! Reading is one loop with a stack of scopes: what has to be done when an element
//! ends. Fields have a stack of their own, because they begin and end anywhere.

use super::field::{Field, MAX_INSTRUCTION, addin, field, from_base64, with_place};
use super::parts::Relationships;
use super::styles::Styles;
use crate::document::BlockKind;
use crate::document::builder::Builder;
use crate::document::style::Styled;
use crate::document::xml::{Element, Piece, Pieces, Space};
use std::collections::BTreeMap;

/// Fields within fields.
const MAX_FIELDS: usize = 64;
/// Bookmarks that are open at a time and could be referred to.
const MAX_BOOKMARKS: usize = 64;
/// Notes of one document.
const MAX_NOTES: usize = 200_000;

/// Which notes a mark points to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum NoteKind {
    Footnote,
    Endnote,
    Comment,
}

impl NoteKind {
    const fn word(self) -> &'static str {
        match self {
            Self::Footnote => "footnote",
            Self::Endnote => "endnote",
            Self::Comment => "comment",
        }
    }
}

/// A note that something points to.
#[derive(Debug, Clone)]
pub(super) struct Marked {
    label: String,
    order: usize,
    page: Option<u32>,
}

/// What all parts share.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) styles: Styles,
    pub(super) sources: BTreeMap<String, String>,
    pub(super) bookmarked: BTreeMap<String, String>,
    /// Comments that hold an address, by id; others are remarks.
    pub(super) comments: std::collections::BTreeSet<String>,
    /// Notes by kind and id.
    pub(super) marked: BTreeMap<(NoteKind, String), Marked>,
    counts: [usize; 3],
    entries: usize,
    /// Characters of text by the language that its run names.
    pub(super) languages: BTreeMap<String, usize>,
}

impl Shared {
    pub(super) const fn new(styles: Styles) -> Self {
        Self {
            styles,
            sources: BTreeMap::new(),
            bookmarked: BTreeMap::new(),
            comments: std::collections::BTreeSet::new(),
            marked: BTreeMap::new(),
            counts: [0; 3],
            entries: 0,
            languages: BTreeMap::new(),
        }
    }
}

/// What happens when an element ends.
#[derive(Debug)]
enum Scope {
    Nothing,
    Paragraph,
    Run(Run),
    Link(Option<usize>),
    SimpleField,
    Cell,
    Box,
    Note,
    References(bool),
    Alternatives(bool),
}

/// The present run.
#[derive(Debug, Clone, Default)]
struct Run {
    hidden: bool,
    /// What follows in this run is the mark itself, chosen by hand.
    is_mark: bool,
    language: Option<String>,
}

#[derive(Debug)]
struct OpenField {
    instruction: String,
    data: String,
    in_result: bool,
    link: Option<usize>,
    hides: bool,
    references: bool,
}

/// Walks one part.
#[derive(Debug)]
pub(super) struct Walker<'a> {
    builder: &'a mut Builder,
    shared: &'a mut Shared,
    relationships: &'a Relationships,
    /// The kind of notes that this part holds; `None` for the body.
    notes: Option<NoteKind>,
    scopes: Vec<Scope>,
    run: Run,
    /// Fields of this flow, below those of the flows around it.
    fields: Vec<Vec<OpenField>>,
    bookmarks: Vec<(String, String, Option<usize>)>,
    cells: usize,
    references: bool,
    /// A paragraph whose text is no text of the document.
    silent: bool,
    /// The paragraph's end was deleted: it goes on in the next one.
    joined: bool,
    /// Whether the file tells where its pages break.
    paged: bool,
}

/// Walks a part; `false` when it is damaged.
pub(super) fn walk(
    text: &str,
    notes: Option<NoteKind>,
    relationships: &Relationships,
    builder: &mut Builder,
    shared: &mut Shared,
) -> bool {
    let paged = notes.is_none() && text.contains("lastRenderedPageBreak");
    if paged {
        builder.set_page(Some(1));
    }
    let mut walker = Walker {
        builder,
        shared,
        relationships,
        notes,
        scopes: Vec::new(),
        run: Run::default(),
        fields: vec![Vec::new()],
        bookmarks: Vec::new(),
        cells: 0,
        references: false,
        silent: false,
        joined: false,
        paged,
    };
    let mut pieces = Pieces::new(text);
    loop {
        match pieces.next() {
            Piece::Open(element) => walker.open(&element, &mut pieces),
            Piece::Close => walker.close(),
            // Text stands in `w:t` and the like, which read their own.
            Piece::Text(_) | Piece::Entity(_) => {}
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

impl Walker<'_> {
    fn open(&mut self, element: &Element<'_>, pieces: &mut Pieces<'_>) {
        let scope = match element.space {
            Space::Word => self.word(element, pieces),
            Space::Math if element.name() == "t" => {
                let text = pieces.text(MAX_INSTRUCTION);
                self.text(&text);
                None
            }
            Space::Compatibility => self.alternatives(element, pieces),
            _ => Some(Scope::Nothing),
        };
        // `None`: the element was read to its end.
        self.scopes.extend(scope);
    }

    /// Of an alternative, what this program is given first; the fallback says the same again.
    fn alternatives(&mut self, element: &Element<'_>, pieces: &mut Pieces<'_>) -> Option<Scope> {
        match element.name() {
            "AlternateContent" => Some(Scope::Alternatives(false)),
            "Choice" | "Fallback" => match self.scopes.last_mut() {
                Some(Scope::Alternatives(taken)) if *taken => {
                    pieces.skip();
                    None
                }
                Some(Scope::Alternatives(taken)) => {
                    *taken = true;
                    Some(Scope::Nothing)
                }
                _ => Some(Scope::Nothing),
            },
            _ => Some(Scope::Nothing),
        }
    }

    fn word(&mut self, element: &Element<'_>, pieces: &mut Pieces<'_>) -> Option<Scope> {
        match element.name() {
            "p" => {
                if !std::mem::take(&mut self.joined) {
                    let kind = self.plain_kind();
                    self.builder.begin(kind);
                }
                return Some(Scope::Paragraph);
            }
            "pPr" => self.paragraph_properties(pieces),
            "r" => {
                let outer = std::mem::take(&mut self.run);
                return Some(Scope::Run(outer));
            }
            "rPr" => self.run_properties(pieces),
            "t" => {
                let text = pieces.text(MAX_INSTRUCTION);
                self.text(&text);
            }
            "instrText" => {
                let text = pieces.text(MAX_INSTRUCTION);
                if let Some(field) = self.innermost()
                    && !field.in_result
                    && field.instruction.len() + text.len() <= MAX_INSTRUCTION
                {
                    field.instruction.push_str(&text);
                }
            }
            "fldChar" => self.field_character(element, pieces),
            "fldSimple" => {
                let instruction = element.attribute("instr").unwrap_or_default();
                self.begin_field(instruction, String::new());
                self.begin_result();
                return Some(Scope::SimpleField);
            }
            "hyperlink" => return Some(self.hyperlink(element)),
            "tab" | "ptab" => self.inline("\t", pieces),
            "br" | "cr" => self.inline("\n", pieces),
            // A plain hyphen, so that a printed address stays one.
            "noBreakHyphen" => self.inline("-", pieces),
            "sym" => {
                let code = element.attribute("char").unwrap_or_default();
                let symbol = u32::from_str_radix(&code, 16).ok().and_then(char::from_u32);
                // Symbol fonts keep theirs where Unicode has none.
                let symbol = symbol.filter(|c| !matches!(c, '\u{e000}'..='\u{f8ff}'));
                self.inline(&symbol.map(String::from).unwrap_or_default(), pieces);
            }
            "lastRenderedPageBreak" => {
                if self.paged {
                    let next = self.builder.page().map_or(1, |page| page.saturating_add(1));
                    self.builder.set_page(Some(next));
                }
                pieces.skip();
            }
            "footnoteReference" => self.mark(NoteKind::Footnote, element, pieces),
            "endnoteReference" => self.mark(NoteKind::Endnote, element, pieces),
            "commentReference" => self.mark(NoteKind::Comment, element, pieces),
            "footnote" | "endnote" | "comment" if self.notes.is_some() => {
                return self.note(element, pieces);
            }
            "tc" => {
                self.cells += 1;
                return Some(Scope::Cell);
            }
            "trPr" => {
                if holds(pieces, "del") {
                    // The row is deleted: its cells are read over.
                    let row = pieces.depth();
                    while pieces.depth() >= row && row > 0 {
                        if matches!(pieces.next(), Piece::End(_)) {
                            break;
                        }
                    }
                    self.close();
                }
            }
            "txbxContent" => {
                self.builder.begin_box();
                self.fields.push(Vec::new());
                return Some(Scope::Box);
            }
            "sdt" => return Some(Scope::References(self.references)),
            "sdtPr" => return self.control(pieces),
            "bookmarkStart" => self.begin_bookmark(element, pieces),
            "bookmarkEnd" => self.end_bookmark(element, pieces),
            "altChunk" | "subDoc" => {
                self.builder
                    .problem("a file that it embeds was not read".to_owned());
                pieces.skip();
            }
            // Deleted and moved away; pronunciation; looks.
            "del" | "moveFrom" | "delText" | "delInstrText" | "rt" | "sectPr" | "tblPr"
            | "tcPr" | "tblGrid" | "rubyPr" | "sdtEndPr" | "fldData" | "ffData" => pieces.skip(),
            _ => return Some(Scope::Nothing),
        }
        None
    }

    fn close(&mut self) {
        match self.scopes.pop() {
            None | Some(Scope::Nothing | Scope::Alternatives(_)) => {}
            Some(Scope::Paragraph) => {
                if !self.joined {
                    self.builder.end_block();
                }
                self.silent = false;
            }
            Some(Scope::Run(outer)) => self.run = outer,
            Some(Scope::Link(link)) => {
                if let Some(link) = link {
                    self.builder.close_link(link);
                }
            }
            Some(Scope::SimpleField) => self.end_field(),
            Some(Scope::Cell) => {
                self.builder.end_block();
                self.cells = self.cells.saturating_sub(1);
            }
            Some(Scope::Box | Scope::Note) => {
                self.builder.end_flow();
                if self.fields.len() > 1 {
                    self.fields.pop();
                }
            }
            Some(Scope::References(outer)) => self.references = outer,
        }
    }

    /// The kind of a paragraph that has no style of its own.
    fn plain_kind(&mut self) -> BlockKind {
        let in_list = self.fields.last().is_some_and(|fields| {
            fields
                .iter()
                .any(|field| field.references && field.in_result)
        });
        if self.references || in_list {
            self.reference()
        } else if self.cells > 0 {
            BlockKind::TableCell
        } else {
            BlockKind::Paragraph
        }
    }

    fn reference(&mut self) -> BlockKind {
        self.shared.entries += 1;
        BlockKind::Reference(format!("entry {}", self.shared.entries))
    }

    fn paragraph_properties(&mut self, pieces: &mut Pieces<'_>) {
        let outer = pieces.depth().saturating_sub(1);
        let (mut style, mut list, mut level) = (None, None, None);
        while pieces.depth() > outer {
            match pieces.next() {
                Piece::Open(element) if element.space == Space::Word => match element.name() {
                    "pStyle" => style = element.attribute("val"),
                    "numId" => list = Some(element.attribute("val").as_deref() != Some("0")),
                    "outlineLvl" => {
                        level = element
                            .attribute("val")
                            .and_then(|val| val.parse::<u8>().ok());
                    }
                    "del" => self.joined = true,
                    // What they were before a change.
                    "pPrChange" | "numberingChange" => pieces.skip(),
                    _ => {}
                },
                Piece::End(_) => break,
                _ => {}
            }
        }
        let styles = &self.shared.styles;
        self.silent |= style.as_deref().is_some_and(|style| styles.hides(style));
        let styled = style.and_then(|style| styles.of_paragraph(&style));
        let kind = match (styled, level) {
            (Some(Styled::Contents), _) => {
                self.silent = true;
                return;
            }
            (Some(Styled::Reference), _) => Some(self.reference()),
            (Some(Styled::Block(kind)), _) if kind != BlockKind::ListItem => Some(kind),
            (_, Some(level)) if level < 9 => Some(BlockKind::Heading((level + 1).min(6))),
            (styled, _) => list
                .unwrap_or(styled.is_some())
                .then_some(BlockKind::ListItem),
        };
        if let Some(kind) = kind
            && !(kind == BlockKind::ListItem && (self.cells > 0 || self.references))
        {
            self.builder.kind(kind);
        }
    }

    fn run_properties(&mut self, pieces: &mut Pieces<'_>) {
        let outer = pieces.depth().saturating_sub(1);
        let mut hidden = None;
        while pieces.depth() > outer {
            match pieces.next() {
                Piece::Open(element) if element.space == Space::Word => match element.name() {
                    "vanish" => hidden = Some(element.is_on()),
                    "rStyle" if hidden.is_none() => {
                        let style = element.attribute("val").unwrap_or_default();
                        hidden = self.shared.styles.hides(&style).then_some(true);
                    }
                    "lang" => {
                        self.run.language = element.attribute("val");
                    }
                    "rPrChange" => pieces.skip(),
                    _ => {}
                },
                Piece::End(_) => break,
                _ => {}
            }
        }
        self.run.hidden = hidden == Some(true);
    }

    /// A character that stands for itself in the stream of a run; `w:tab` also stands in
    /// properties, which are read elsewhere.
    fn inline(&mut self, text: &str, pieces: &mut Pieces<'_>) {
        pieces.skip();
        self.text(text);
    }

    fn text(&mut self, text: &str) {
        if self.run.hidden || self.run.is_mark || self.silent {
            return;
        }
        let fields = self.fields.last_mut();
        if let Some(fields) = fields {
            // The result of a field within an instruction is part of that instruction.
            if let Some(outer) = fields.iter_mut().rev().find(|field| !field.in_result) {
                if outer.instruction.len() + text.len() <= MAX_INSTRUCTION {
                    outer.instruction.push_str(text);
                }
                return;
            }
            if fields.iter().any(|field| field.hides) {
                return;
            }
        }
        if let Some(language) = &self.run.language {
            let code = language.get(..2).unwrap_or("").to_ascii_lowercase();
            // There are fewer than 200 codes of two letters.
            if self.shared.languages.len() < 1000 {
                *self.shared.languages.entry(code).or_default() += text.len();
            }
        }
        self.builder.text(text);
    }

    fn innermost(&mut self) -> Option<&mut OpenField> {
        self.fields.last_mut()?.last_mut()
    }

    fn begin_field(&mut self, instruction: String, data: String) {
        if let Some(fields) = self.fields.last_mut()
            && fields.len() < MAX_FIELDS
        {
            fields.push(OpenField {
                instruction,
                data,
                in_result: false,
                link: None,
                hides: false,
                references: false,
            });
        }
    }

    fn field_character(&mut self, element: &Element<'_>, pieces: &mut Pieces<'_>) {
        let kind = element.attribute("fldCharType").unwrap_or_default();
        // Within it stands what a reference manager stores beside the instruction.
        let data = pieces.text(MAX_INSTRUCTION);
        match kind.as_str() {
            "begin" => self.begin_field(String::new(), data),
            "separate" => self.begin_result(),
            "end" => self.end_field(),
            _ => {}
        }
    }

    fn begin_result(&mut self) {
        let Some(open) = self.innermost().filter(|field| !field.in_result) else {
            return;
        };
        open.in_result = true;
        let instruction = std::mem::take(&mut open.instruction);
        let data = std::mem::take(&mut open.data);
        let field = field(&instruction, &data, &self.shared.sources);
        let (link, hides, references) = self.shown(field);
        if let Some(open) = self.innermost() {
            (open.link, open.hides, open.references) = (link, hides, references);
        }
    }

    /// What a field's result is: words of a link, the number of a note, a list.
    fn shown(&mut self, field: Field) -> (Option<usize>, bool, bool) {
        match field {
            Field::Links(links) => {
                let mut first = None;
                for (url, target) in links {
                    let number = self.builder.open_link(&url, target);
                    first = first.or(number);
                }
                (first, false, false)
            }
            Field::Note(bookmark) => {
                self.builder.mark_by_name(&bookmark);
                (None, true, false)
            }
            Field::References => {
                let kind = self.reference();
                self.builder.kind(kind);
                (None, false, true)
            }
            Field::Plain => (None, false, false),
            Field::Unreadable(whose) => {
                self.builder
                    .problem(format!("the data of a citation of {whose} cannot be read"));
                (None, false, false)
            }
        }
    }

    fn end_field(&mut self) {
        let field = self.fields.last_mut().and_then(Vec::pop);
        if let Some(link) = field.and_then(|field| field.link) {
            self.builder.close_link(link);
        }
    }

    fn hyperlink(&mut self, element: &Element<'_>) -> Scope {
        let target = element
            .relationship("id")
            .and_then(|id| self.relationships.get(&id))
            .map(|relationship| relationship.target.trim());
        let place = element
            .attribute("anchor")
            .or_else(|| element.attribute("docLocation"));
        Scope::Link(target.and_then(|target| {
            let (url, length) = with_place(target, place.as_deref());
            self.builder.open_link(&url, length)
        }))
    }

    fn mark(&mut self, kind: NoteKind, element: &Element<'_>, pieces: &mut Pieces<'_>) {
        let id = element.attribute("id").unwrap_or_default();
        let follows = element.attribute("customMarkFollows");
        pieces.skip();
        if self.run.hidden
            || self.silent
            || (kind == NoteKind::Comment && !self.shared.comments.contains(&id))
            || self.shared.marked.len() >= MAX_NOTES
        {
            return;
        }
        self.run.is_mark |= follows.is_some_and(|follows| follows != "0" && follows != "false");
        let order = self.shared.marked.len();
        let page = self.builder.page();
        let counts = &mut self.shared.counts;
        let marked = self.shared.marked.entry((kind, id)).or_insert_with(|| {
            let count = &mut counts[kind as usize];
            *count += 1;
            Marked {
                label: format!("{} {count}", kind.word()),
                order,
                page,
            }
        });
        self.builder.mark(&marked.label);
        for (_, name, _) in &self.bookmarks {
            self.builder.name(name, &marked.label);
        }
    }

    /// The body of a note, if anything points to it: Word shows no other.
    fn note(&mut self, element: &Element<'_>, pieces: &mut Pieces<'_>) -> Option<Scope> {
        let id = element.attribute("id").unwrap_or_default();
        let marked = self
            .notes
            .and_then(|kind| self.shared.marked.get(&(kind, id)));
        let Some(marked) = marked.cloned() else {
            pieces.skip();
            return None;
        };
        self.builder.begin_note(&marked.label, marked.order);
        self.builder.set_page(marked.page);
        self.fields.push(Vec::new());
        Some(Scope::Note)
    }

    /// A content control: what it is for stands in its properties, before its content.
    fn control(&mut self, pieces: &mut Pieces<'_>) -> Option<Scope> {
        let outer = pieces.depth().saturating_sub(1);
        let (mut tag, mut placeholder) = (String::new(), false);
        while pieces.depth() > outer {
            match pieces.next() {
                Piece::Open(element) => match element.name() {
                    "tag" => tag = element.attribute("val").unwrap_or_default(),
                    "showingPlcHdr" => placeholder = element.is_on(),
                    _ => {}
                },
                Piece::End(_) => break,
                _ => {}
            }
        }
        if placeholder {
            // "Click here to enter text": nobody wrote that. Its content ends the control.
            if let Piece::Open(_) = next_open(pieces) {
                pieces.skip();
            }
        } else if let Some(packed) = tag.strip_prefix("MENDELEY_CITATION_v3_") {
            let json = from_base64(packed).unwrap_or_default();
            let (link, ..) = self.shown(addin(&format!("CSL_CITATION {json}"), ""));
            if link.is_some() {
                // The control's own scope closes the link.
                if let Some(scope) = self.scopes.last_mut() {
                    *scope = Scope::Link(link);
                }
            }
        } else if tag.starts_with("MENDELEY_BIBLIOGRAPHY") {
            self.references = true;
        }
        None
    }

    fn begin_bookmark(&mut self, element: &Element<'_>, pieces: &mut Pieces<'_>) {
        let name = element.attribute("name").unwrap_or_default();
        let id = element.attribute("id").unwrap_or_default();
        pieces.skip();
        // Word's own for cross-references, and Zotero's.
        let is_known = name.starts_with("_Ref") || name.starts_with("ZOTERO_BREF_");
        if !is_known || self.bookmarks.len() >= MAX_BOOKMARKS {
            return;
        }
        let instruction = self.shared.bookmarked.get(&name).cloned();
        let link = instruction.and_then(|instruction| {
            let (link, ..) = self.shown(addin(&instruction, ""));
            link
        });
        self.bookmarks.push((id, name, link));
    }

    fn end_bookmark(&mut self, element: &Element<'_>, pieces: &mut Pieces<'_>) {
        let id = element.attribute("id").unwrap_or_default();
        pieces.skip();
        if let Some(index) = self.bookmarks.iter().rposition(|(open, ..)| *open == id) {
            let (_, _, link) = self.bookmarks.remove(index);
            if let Some(link) = link {
                self.builder.close_link(link);
            }
        }
    }
}

/// Whether the element that was opened last holds an element of this name; reads to its end.
fn holds(pieces: &mut Pieces<'_>, name: &str) -> bool {
    let outer = pieces.depth().saturating_sub(1);
    let mut found = false;
    while pieces.depth() > outer {
        match pieces.next() {
            Piece::Open(element) => found |= element.name() == name,
            Piece::End(_) => break,
            _ => {}
        }
    }
    found
}

/// The next element, text before it read over.
fn next_open<'a>(pieces: &mut Pieces<'a>) -> Piece<'a> {
    loop {
        match pieces.next() {
            Piece::Text(_) => {}
            piece => return piece,
        }
    }
}

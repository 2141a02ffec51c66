//! Jupyter notebooks (nbformat 3 and 4): the words between the code.
//!
//! **In:** characters, and the address they came from. **Out:** a [`Document`] of all
//! cells, each read in its own format. **Not here:** what code printed or drew; it is
//! the notebook's own work and cites nothing. Code is kept as code, so that its order
//! among the words shows; an address in it is data and no citation. Pictures attached
//! to a cell are left out.
//!
//! Places are lines of the file itself, which editors, `grep` and version control show.

use super::append::Assembly;
use super::references::Lines;
use super::{Block, BlockKind, ByteSpan, Document, DocumentError, Format, Place, Problem};
use super::{decode, html, markdown, text};
use crate::limits::Limits;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use url::Url;

#[derive(Deserialize)]
struct Notebook<'a> {
    #[serde(borrow, default)]
    cells: Vec<&'a RawValue>,
    /// Where nbformat 3 has its cells.
    #[serde(borrow, default)]
    worksheets: Vec<Worksheet<'a>>,
    #[serde(default)]
    metadata: Value,
}

#[derive(Deserialize)]
struct Worksheet<'a> {
    #[serde(borrow, default)]
    cells: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct Cell<'a> {
    #[serde(default)]
    cell_type: String,
    #[serde(borrow, default)]
    source: Option<&'a RawValue>,
    /// What nbformat 3 calls the source of code.
    #[serde(borrow, default)]
    input: Option<&'a RawValue>,
    /// Level of a heading, which nbformat 3 keeps in a cell of its own.
    #[serde(default)]
    level: Option<u8>,
    #[serde(default)]
    metadata: Value,
}

/// Reads a notebook.
///
/// # Errors
/// [`DocumentError::Damaged`] when it is no JSON, [`DocumentError::Empty`] when all cells are.
pub fn read(file: &str, base: Option<&Url>, limits: &Limits) -> Result<Document, DocumentError> {
    let notebook: Notebook<'_> =
        serde_json::from_str(file).map_err(|error| DocumentError::Damaged {
            what: format!("its JSON is damaged: {error}"),
        })?;
    let reader = Reader {
        file,
        lines: Lines::of(file),
        base,
        limits,
    };
    let mut whole = Assembly::new(Format::Notebook);
    let old = notebook.worksheets.iter().flat_map(|sheet| &sheet.cells);
    for cell in notebook.cells.iter().chain(old) {
        whole.add(reader.cell(cell.get()));
    }
    let mut document = whole.finish();
    if document.text.is_empty() && document.problems.is_empty() {
        return Err(DocumentError::Empty);
    }
    let metadata = |key: &str| notebook.metadata.get(key).and_then(Value::as_str);
    if let Some(title) = metadata("title").filter(|title| !title.trim().is_empty()) {
        document.title = Some(title.trim().to_owned());
    }
    if document.date.is_none() {
        document.date = metadata("date").and_then(markdown::date);
    }
    // Code is no language that anyone speaks.
    let words: String = document
        .blocks
        .iter()
        .filter(|block| block.kind != BlockKind::Code)
        .flat_map(|block| [block.span.of(&document.text), "\n"])
        .collect();
    if document.language.is_none() {
        document.language = decode::language_of(&words);
    }
    Ok(document)
}

struct Reader<'a> {
    file: &'a str,
    lines: Lines,
    base: Option<&'a Url>,
    limits: &'a Limits,
}

impl Reader<'_> {
    fn cell(&self, json: &str) -> Document {
        let Ok(cell) = serde_json::from_str::<Cell<'_>>(json) else {
            let mut nothing = Document::empty(Format::Notebook);
            nothing.problems.push(Problem {
                place: self.place(json),
                text: "a cell could not be made out and was left out".to_owned(),
            });
            return nothing;
        };
        let Some(source) = cell.source.or(cell.input) else {
            return Document::empty(Format::Notebook);
        };
        let source = self.source(source.get());
        let mut document = match cell.cell_type.as_str() {
            "markdown" => markdown::read(&source.text, self.base),
            "heading" => heading(&source.text, cell.level.unwrap_or(1)),
            "code" => code(&source.text),
            // "raw", and what nbformat 3 named after the format itself.
            other => self.raw(&source.text, raw_format(other, &cell.metadata)),
        };
        // Lines of the cell become lines of the file.
        if document.places.is_empty() && !document.text.is_empty() {
            let first = Place {
                page: None,
                line: Some(1),
            };
            document.places.push((0, first));
        }
        for (_, place) in &mut document.places {
            *place = source.place(place.line);
        }
        for problem in &mut document.problems {
            problem.place = source.place(problem.place.line);
        }
        document
    }

    fn raw(&self, source: &str, format: String) -> Document {
        match format.as_str() {
            "text/html" | "html" => html::read(source, self.base, self.limits),
            "text/markdown" | "markdown" => markdown::read(source, self.base),
            _ => text::read(source),
        }
    }

    /// The text of a cell: one string, or a list of its lines.
    fn source(&self, json: &str) -> Source {
        let mut source = Source::default();
        let mut add = |json: &str| {
            let Ok(text) = serde_json::from_str::<String>(json) else {
                return;
            };
            let place = self.place(json);
            source.add(&text, place);
        };
        match serde_json::from_str::<Vec<&RawValue>>(json) {
            Ok(list) => list.iter().for_each(|text| add(text.get())),
            Err(_) => add(json),
        }
        source
    }

    /// Where a piece of the file stands in it.
    fn place(&self, json: &str) -> Place {
        let at = json.as_ptr().addr().checked_sub(self.file.as_ptr().addr());
        Place {
            page: None,
            line: at.and_then(|at| self.lines.at(at)),
        }
    }
}

/// The text of a cell, and the line of the file that each of its lines stands on.
#[derive(Default)]
struct Source {
    text: String,
    places: Vec<Place>,
}

impl Source {
    fn add(&mut self, text: &str, place: Place) {
        if self.places.is_empty() {
            self.places.push(place);
        }
        // A string that begins a line of the cell says where that line is.
        if self.text.ends_with('\n')
            && let Some(last) = self.places.last_mut()
        {
            *last = place;
        }
        let breaks = text.matches('\n').count();
        self.places.extend(std::iter::repeat_n(place, breaks));
        self.text.push_str(text);
    }

    fn place(&self, line: Option<u32>) -> Place {
        let index = line.and_then(|line| usize::try_from(line).ok());
        let place = index.and_then(|line| self.places.get(line.checked_sub(1)?));
        place.or(self.places.first()).copied().unwrap_or_default()
    }
}

/// What a raw cell is in: as nbconvert is told, else as its type is named.
fn raw_format(cell_type: &str, metadata: &Value) -> String {
    let said = ["raw_mimetype", "format"]
        .iter()
        .find_map(|key| metadata.get(*key).and_then(Value::as_str));
    said.unwrap_or(cell_type).to_ascii_lowercase()
}

fn heading(source: &str, level: u8) -> Document {
    one_block(source.trim(), BlockKind::Heading(level.clamp(1, 6)))
}

fn code(source: &str) -> Document {
    one_block(source.trim_end(), BlockKind::Code)
}

fn one_block(text: &str, kind: BlockKind) -> Document {
    let mut document = Document::empty(Format::Notebook);
    if !text.trim().is_empty() {
        document.text = text.to_owned();
        let span = ByteSpan::new(0, text.len());
        if matches!(kind, BlockKind::Heading(_)) {
            document.title = Some(text.to_owned());
        }
        document.blocks.push(Block { kind, span });
    }
    document
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(file: &str) -> Document {
        super::read(file, None, &Limits::default()).unwrap()
    }

    const NOTEBOOK: &str = r##"{
 "cells": [
  {
   "cell_type": "markdown",
   "metadata": {},
   "source": [
    "# Rain\n",
    "\n",
    "It [rained](https://e.example/1) all\n",
    "night.[^1]\n",
    "\n",
    "[^1]: See <https://e.example/2>."
   ]
  },
  {
   "cell_type": "code",
   "execution_count": 1,
   "metadata": {},
   "outputs": [{"output_type": "stream", "text": ["https://e.example/output"]}],
   "source": ["url = \"https://e.example/code\"  # see https://e.example/comment"]
  },
  {
   "cell_type": "markdown",
   "metadata": {},
   "source": "It stopped.[^1]\n\n[^1]: https://e.example/3"
  },
  {"cell_type": "raw", "metadata": {"raw_mimetype": "text/html"},
   "source": ["<p>The <a href='https://e.example/4'>roof</a> held.</p>"]},
  {"cell_type": "raw", "metadata": {}, "source": ["Plain: https://e.example/5"]},
  {"cell_type": 7}
 ],
 "metadata": {"kernelspec": {"language": "python"}},
 "nbformat": 4,
 "nbformat_minor": 5
}"##;

    #[test]
    fn words_of_all_cells_are_one_document() {
        let document = read(NOTEBOOK);
        let found: Vec<_> = document
            .links
            .iter()
            .map(|link| {
                (
                    link.url_as_cited.as_str(),
                    link.span.of(&document.text),
                    document.place_at(link.span.start).line.unwrap(),
                )
            })
            .collect();
        assert_eq!(
            found,
            [
                ("https://e.example/1", "rained", 9),
                ("https://e.example/2", "https://e.example/2", 12),
                ("https://e.example/3", "https://e.example/3", 25),
                ("https://e.example/4", "roof", 28),
                ("https://e.example/5", "https://e.example/5", 29),
            ]
        );
        assert_eq!(document.title.as_deref(), Some("Rain"));
        assert_eq!(document.note_refs.len(), 2);
        assert_ne!(document.note_refs[0].label, document.note_refs[1].label);
        assert!(document.blocks.iter().any(|b| b.kind == BlockKind::Code));
        assert_eq!(document.problems.len(), 1);
        assert_eq!(document.problems[0].place.line, Some(30));
    }

    #[test]
    fn the_older_format_has_worksheets_and_headings() {
        let document = read(
            r#"{"metadata": {"name": ""}, "nbformat": 3, "worksheets": [{"cells": [
              {"cell_type": "heading", "level": 2, "source": ["Rain"]},
              {"cell_type": "code", "input": "x = 1", "outputs": []},
              {"cell_type": "markdown", "source": ["A [log](https://e.example/l)."]}]}]}"#,
        );
        let kinds: Vec<_> = document.blocks.iter().map(|b| b.kind.clone()).collect();
        assert_eq!(
            kinds,
            [BlockKind::Heading(2), BlockKind::Code, BlockKind::Paragraph]
        );
        assert_eq!(document.links.len(), 1);
    }

    #[test]
    fn a_list_of_references_serves_all_cells() {
        let cell = |source: &str| serde_json::json!({"cell_type": "markdown", "source": source});
        let notebook = serde_json::json!({"nbformat": 4, "cells": [
            cell("It rained [2].[^1]\n\n[^1]: A note."),
            cell("It stopped [1, 2]."),
            cell("## References\n\n1. <https://e.example/a>\n2. <https://e.example/b>\n"),
        ]});
        let mut document = read(&notebook.to_string());
        crate::document::notes::references(&mut document);
        let marks: Vec<_> = document
            .note_refs
            .iter()
            .map(|mark| (mark.label.as_str(), mark.span.of(&document.text)))
            .collect();
        assert_eq!(
            marks,
            [
                ("2", "[2]"),
                ("1", ""),
                ("reference 1", "[1, 2]"),
                ("2", "[1, 2]"),
            ]
        );
    }

    #[test]
    fn what_is_no_notebook_says_so() {
        let error = super::read("{\"cells\": [", None, &Limits::default()).unwrap_err();
        assert!(
            error.to_string().starts_with("its JSON is damaged"),
            "{error}"
        );
    }

    proptest! {
        #[test]
        fn any_cells_read(cells in prop::collection::vec(
            (
                prop::sample::select(vec!["markdown", "code", "raw", "heading", "html", ""]),
                prop::collection::vec("(\\[|\\]|\\(|\\)|#|\\^|https://e\\.example/| |\n|[\\PC]){0,20}", 0..4),
                any::<bool>(),
            ),
            0..6,
        )) {
            let cells: Vec<Value> = cells
                .into_iter()
                .map(|(kind, lines, joined)| {
                    let source = if joined { Value::from(lines.concat()) } else { Value::from(lines) };
                    serde_json::json!({"cell_type": kind, "source": source})
                })
                .collect();
            let file = serde_json::json!({"cells": cells, "nbformat": 4}).to_string();
            let Ok(document) = super::read(&file, None, &Limits::default()) else {
                return Ok(());
            };
            let mut end = 0;
            for block in &document.blocks {
                prop_assert!(end <= block.span.start);
                prop_assert!(document.text.get(block.span.start..block.span.end).is_some());
                end = block.span.end;
            }
            for link in &document.links {
                prop_assert!(document.text.get(link.span.start..link.span.end).is_some());
            }
            prop_assert!(document.places.is_sorted_by_key(|(at, _)| *at));
        }
    }
}

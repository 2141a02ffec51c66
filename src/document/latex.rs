//! LaTeX, with the files and bibliographies that belong to it.
//!
//! **In:** characters, and the [`Companions`] beside the file. **Out:** a
//! [`Document`]: what would be on paper, in reading order, then the notes, then an
//! entry for every key that is cited. **Not here:** TeX: macros are replaced by
//! their text and nothing is computed.
//!
//! ```text
//!  source ─ token ─► tokens ─ reader, command ─► running text ┐
//!            ▲                     │ \footnote ─► notes       ├─► Document
//!            └─── expand, include ─┘ \cite ─► reference list  ┘
//! ```

mod address;
mod cite;
mod command;
mod date;
mod expand;
mod reader;
mod skip;
mod symbol;
mod token;

use super::writer::Writer;
use super::{ByteSpan, Companions, Document, Format};
use reader::Reader;

/// Reads LaTeX. `name` is the file's own name: a finished list of references
/// (`.bbl`) is looked for under the same.
#[must_use]
pub fn read(text: &str, name: Option<&str>, companions: Option<&dyn Companions>) -> Document {
    let mut reader = Reader::new(companions);
    reader.look_ahead(text);
    reader.enter(text, true, name.map(str::to_owned));
    let mut whole: Writer = reader.run();
    for (_, body) in std::mem::take(&mut reader.notes) {
        whole.append(body);
    }
    let printed = reader.printed_list(name);
    reader.reference_list(&mut whole, printed);
    let mut document = whole.finish(Format::Latex);
    super::notes::references(&mut document);
    super::writer::lift_marks(&mut document, |label| reader.known_cited.contains(label));
    document.title = reader.title.take().filter(|title| !title.is_empty());
    if document.title.is_none() {
        document.title = document.first_heading();
    }
    document.date = reader.date.take();
    document.language = reader.language.map(str::to_owned);
    document.problems = std::mem::take(&mut reader.problems);
    document
}

/// The address that a field of a bibliography holds.
pub(super) fn address(source: &str) -> String {
    address::clean(source)
}

/// The words of a piece of LaTeX, on one line, with its links.
pub(super) fn words(source: &str) -> (String, Vec<(String, ByteSpan)>) {
    let mut reader = Reader::new(None);
    reader.enter(source, false, None);
    let document = reader.run().finish(Format::Latex);
    let links = document
        .links
        .into_iter()
        .map(|link| (link.url_as_cited, link.span))
        .collect();
    // Spans hold: a block border is as long as what stands for it.
    (
        document.text.replace("\n\n", "; ").replace('\n', " "),
        links,
    )
}

/// Whether a text is LaTeX, by what it says.
#[must_use]
pub fn looks_like_latex(text: &str) -> bool {
    let head = &text[..text.floor_char_boundary(8192)];
    if head.contains("\\documentclass") || head.contains("\\documentstyle") {
        return true;
    }
    let signs = [
        "\\begin{",
        "\\end{",
        "\\section{",
        "\\subsection{",
        "\\chapter{",
        "\\cite",
        "\\footnote{",
        "\\emph{",
        "\\textbf{",
        "\\textit{",
        "\\item ",
        "\\href{",
        "\\url{",
        "\\label{",
        "\\ref{",
        "\\usepackage",
        "\\newcommand",
        "\\input{",
        "\\parencite",
        "\\textcite",
        "\\bibliography{",
    ];
    let kinds = signs.iter().filter(|sign| head.contains(**sign)).count();
    let backslashes = head.matches('\\').count();
    kinds >= 3 || (kinds >= 2 && backslashes * 400 >= head.len())
}

#[cfg(test)]
mod tests;

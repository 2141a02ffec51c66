//! What each command of LaTeX does to the text.
//!
//! **In:** a command's name, its arguments next in the tokens. **Out:** words,
//! blocks, links and notes. **Not here:** tables of symbols (`symbol`) and of
//! commands without text (`skip`).

use super::reader::{After, Reader};
use super::{address, symbol};
use crate::document::BlockKind;

impl Reader<'_> {
    pub(super) fn command(&mut self, name: &str) {
        if let Some(text) = symbol::symbol(name) {
            // A symbol may stand on either side of the macros of the same name.
            if !self.expand(name) {
                self.flow().words(text);
                // In mathematics white space is set, not written.
                if self.math && !text.is_ascii() && !text.contains(char::is_alphabetic) {
                    self.flow().space();
                }
            }
            return;
        }
        if let Some(accent) = symbol::accent(name) {
            return self.accent(accent);
        }
        match name {
            "part" | "chapter" => self.heading(1),
            "section" => self.heading(if self.has_chapters { 2 } else { 1 }),
            "subsection" => self.heading(if self.has_chapters { 3 } else { 2 }),
            "subsubsection" => self.heading(if self.has_chapters { 4 } else { 3 }),
            "paragraph" => self.heading(if self.has_chapters { 5 } else { 4 }),
            "subparagraph" => self.heading(if self.has_chapters { 6 } else { 5 }),
            "frametitle" | "framesubtitle" => self.heading(2),
            "caption" | "subcaption" | "captionof" => {
                if name == "captionof" {
                    self.skip_argument();
                }
                self.option(false);
                self.begin_block(BlockKind::Caption);
                self.group(After::EndBlock);
            }
            "par" | "endgraf" => self.paragraph(),
            "\\" | "tabularnewline" | "cr" => {
                self.option(true);
                self.end_row();
            }
            "item" => {
                self.begin_block(BlockKind::ListItem);
                if let Some(label) = self.option(true) {
                    let label = format!("{label} ");
                    self.enter(&label, false, None);
                }
            }
            "url" | "burl" => self.printed_address(true),
            "nolinkurl" | "path" => self.printed_address(false),
            "href" => self.linked_words(),
            "doi" => self.resolver("https://doi.org/", "doi:"),
            "arxiv" => self.resolver("https://arxiv.org/abs/", "arXiv:"),
            "footnote" | "sidenote" => self.note(),
            "endnote" => {
                self.endnote_count += 1;
                self.option(false);
                let label = format!("endnote {}", self.endnote_count);
                self.flow().mark(label.clone());
                self.note_body(label);
            }
            "footnotemark" => {
                let label = self.note_label(true);
                self.flow().mark(label);
            }
            "footnotetext" => {
                let label = self.note_label(false);
                self.note_body(label);
            }
            "enquote" | "textquote" | "blockquote" => {
                while self.option(true).is_some() {}
                self.flow().words("“");
                if !self.group(After::Words("”")) {
                    self.flow().words("”");
                }
            }
            "title" => {
                self.option(false);
                self.group_apart(After::Title, BlockKind::Paragraph);
            }
            "date" => {
                self.group_apart(After::Date, BlockKind::Paragraph);
            }
            "author" | "institute" | "affil" | "thanks" => {
                self.option(false);
                self.group_apart(After::Discard, BlockKind::Paragraph);
            }
            "newcommand" | "renewcommand" | "providecommand" | "DeclareRobustCommand" => {
                self.define();
            }
            "def" | "gdef" | "edef" | "xdef" => self.define_plain(),
            "let" => {
                self.argument();
                self.argument();
            }
            "iffalse" => self.skip_condition(),
            "documentclass" => {
                let options = self.option(false).unwrap_or_default();
                self.language_in(&options);
                let class = self.argument().unwrap_or_default();
                self.has_chapters = ["book", "report", "memoir", "thesis"]
                    .iter()
                    .any(|kind| class.contains(kind));
            }
            "usepackage" => {
                let options = self.option(false).unwrap_or_default();
                if self.argument().is_some_and(|name| name.contains("babel")) {
                    self.language_in(&options);
                }
                self.option(true);
            }
            "setmainlanguage" | "setdefaultlanguage" => {
                self.option(false);
                let language = self.argument().unwrap_or_default();
                self.language_in(&language);
            }
            "babelprovide" => {
                let options = self.option(false).unwrap_or_default();
                let language = self.argument().unwrap_or_default();
                if options.contains("main") {
                    self.language_in(&language);
                }
            }
            "input" | "include" | "subfile" | "subfileinclude" => self.include(""),
            "import" | "subimport" => {
                let folder = self.argument().unwrap_or_default();
                self.include(&folder);
            }
            "bibliography" => {
                let names = self.argument().unwrap_or_default();
                self.bibliographies(&names);
            }
            "addbibresource" | "addglobalbib" | "addsectionbib" => {
                self.option(false);
                let names = self.argument().unwrap_or_default();
                self.bibliographies(&names);
                self.option(true);
            }
            "bibitem" => self.bib_item(),
            "nocite" => {
                let keys = self.argument().unwrap_or_default();
                self.cite_without_mark(&keys);
            }
            "citeproc" => {
                let keys = self.argument().unwrap_or_default();
                self.group(After::Cite(keys));
            }
            "hyperlink" => {
                let target = self.argument().unwrap_or_default();
                self.group(if target.starts_with("ref-") {
                    After::Cite(target)
                } else {
                    After::Nothing
                });
            }
            // How pandoc's citeproc sets its list: a target before each entry.
            "hypertarget" => {
                let target = self.argument().unwrap_or_default();
                if target.starts_with("ref-") {
                    self.begin_entry(&target);
                }
            }
            "vadjust" => {
                self.word();
            }
            "newblock" => self.flow().space(),
            _ if super::cite::is_citation(name) => self.cite(name),
            _ => self.other(name),
        }
    }

    /// A command that a document defines, or that has nothing to print, or that prints its arguments.
    fn other(&mut self, name: &str) {
        if self.expand(name) {
            return;
        }
        if let Some(count) = super::skip::arguments(name) {
            for _ in 0..count {
                while self.option(true).is_some() {}
                self.skip_argument();
            }
            while self.option(true).is_some() {}
            return;
        }
        while self.option(true).is_some() {}
    }

    fn accent(&mut self, accent: char) {
        let letter = self.argument().unwrap_or_default();
        let letter = letter.trim();
        let letter = match letter.strip_prefix('\\') {
            Some(name) => symbol::symbol(name.trim()).unwrap_or(""),
            None => letter,
        };
        if letter.is_empty() {
            // `\~{}` and `\^{}` print the sign itself.
            match accent {
                '\u{303}' => self.flow().words("~"),
                '\u{302}' => self.flow().words("^"),
                _ => {}
            }
            return;
        }
        self.flow().words(&symbol::accented(letter, accent));
    }

    fn heading(&mut self, level: u8) {
        self.option(false);
        self.begin_block(BlockKind::Heading(level));
        if !self.group(After::EndBlock) {
            self.flow().end_block();
        }
    }

    fn printed_address(&mut self, is_link: bool) {
        let Some(raw) = self.raw() else {
            return;
        };
        let url = address::clean(&raw);
        if url.is_empty() {
            return;
        }
        let flow = self.flow();
        let start = flow.here();
        flow.words(&url);
        if is_link {
            flow.link(url, start);
        }
    }

    fn linked_words(&mut self) {
        let Some(raw) = self.raw() else {
            return;
        };
        let url = address::clean(&raw);
        let start = self.flow().here();
        self.group(After::Link { url, start });
    }

    fn resolver(&mut self, resolver: &str, prefix: &str) {
        let Some(raw) = self.raw() else {
            return;
        };
        let id = address::clean(&raw);
        let flow = self.flow();
        let start = flow.here();
        if id.contains("://") {
            flow.words(&id);
            flow.link(id, start);
            return;
        }
        // Many write "doi:\doi{…}".
        if !flow.text.to_lowercase_ends_with(prefix) {
            flow.words(prefix);
        }
        flow.words(&id);
        flow.link(format!("{resolver}{id}"), start);
    }

    fn note(&mut self) {
        let label = match self.option(false) {
            Some(number) => note_name(&number),
            None => {
                self.note_count += 1;
                note_name(&self.note_count.to_string())
            }
        };
        self.flow().mark(label.clone());
        self.note_body(label);
    }

    fn note_label(&mut self, counts: bool) -> String {
        if let Some(number) = self.option(false) {
            return note_name(&number);
        }
        self.note_count += u32::from(counts);
        note_name(&self.note_count.to_string())
    }

    fn note_body(&mut self, label: String) {
        let kind = BlockKind::Footnote(label.clone());
        self.group_apart(After::Note(label), kind);
    }

    /// The last language of a list of options is the main one.
    fn language_in(&mut self, options: &str) {
        let found = options
            .split(',')
            .filter_map(|option| {
                let option = option.trim();
                symbol::language(option.strip_prefix("main=").unwrap_or(option).trim())
            })
            .next_back();
        self.language = found.or(self.language);
    }
}

/// The label of a footnote; no key of a bibliography has a space in it.
fn note_name(number: &str) -> String {
    format!("footnote {}", number.trim())
}

trait EndsWith {
    fn to_lowercase_ends_with(&self, ending: &str) -> bool;
}

impl EndsWith for String {
    fn to_lowercase_ends_with(&self, ending: &str) -> bool {
        self.len()
            .checked_sub(ending.len())
            .and_then(|start| self.get(start..))
            .is_some_and(|tail| tail.eq_ignore_ascii_case(ending))
    }
}

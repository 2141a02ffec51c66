//! The formats down to their dialects, with the media types and endings of each.

use crate::document::Format;

/// A format down to its dialect: enough to choose a reader and a media type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Plain text.
    Text,
    /// Markdown.
    Markdown,
    /// HTML.
    Html,
    /// PDF.
    Pdf,
    /// Office Open XML text.
    Docx,
    /// OpenDocument text.
    Odt,
    /// Rich Text Format.
    Rtf,
    /// EPUB.
    Epub,
    /// LaTeX.
    Latex,
    /// MediaWiki's markup.
    Wikitext,
    /// A Jupyter notebook.
    Notebook,
    /// A list of references in CSL's JSON.
    CslJson,
    /// A list of references in RIS.
    Ris,
    /// A list of references in BibTeX or BibLaTeX.
    Bibtex,
    /// A list of addresses.
    UrlList,
    /// The tree that `pandoc -t json` writes.
    PandocTree,
    /// A format that pandoc reads and we do not.
    Pandoc(&'static Dialect),
}

/// A format that pandoc reads for us.
#[derive(Debug, PartialEq, Eq)]
pub struct Dialect {
    /// What a person calls it.
    pub name: &'static str,
    /// What pandoc's option `-f` calls it.
    pub reader: &'static str,
    /// Its media type: the registered one, else the usual one, else plain text.
    pub media_type: &'static str,
    /// Endings of file names.
    endings: &'static [&'static str],
}

macro_rules! dialects {
    ($($id:ident = $name:literal, $reader:literal, $media_type:literal, $endings:expr;)*) => {
        $(pub(super) static $id: Dialect = Dialect {
            name: $name, reader: $reader, media_type: $media_type, endings: &$endings,
        };)*
        static DIALECTS: &[&Dialect] = &[$(&$id),*];
    };
}

// Readers of pandoc 3.x (`pandoc --list-input-formats`) that are texts which cite; older
// versions lack some (asciidoc, djot, typst) and say so.
dialects! {
    RST = "reStructuredText", "rst", "text/x-rst", ["rst", "rest"];
    ASCIIDOC = "AsciiDoc", "asciidoc", "text/asciidoc", ["adoc", "asciidoc"];
    ORG = "Org mode", "org", "text/org", ["org"];
    TYPST = "Typst", "typst", "text/plain", ["typ"];
    TEXTILE = "Textile", "textile", "text/x-textile", ["textile"];
    OPML = "OPML", "opml", "text/x-opml", ["opml"];
    DOCBOOK = "DocBook", "docbook", "application/docbook+xml", ["dbk", "docbook"];
    JATS = "JATS", "jats", "application/xml", ["jats"];
    FICTION_BOOK = "FictionBook", "fb2", "application/x-fictionbook+xml", ["fb2"];
    MUSE = "Muse", "muse", "text/plain", ["muse"];
    TXT2TAGS = "txt2tags", "t2t", "text/plain", ["t2t"];
    DJOT = "Djot", "djot", "text/plain", ["djot", "dj"];
    CREOLE = "Creole", "creole", "text/plain", ["creole"];
    JIRA = "Jira markup", "jira", "text/plain", ["jira"];
    DOKUWIKI = "DokuWiki", "dokuwiki", "text/plain", ["dokuwiki"];
    TIKIWIKI = "TikiWiki", "tikiwiki", "text/plain", ["tikiwiki"];
    TWIKI = "TWiki", "twiki", "text/plain", ["twiki"];
    VIMWIKI = "Vimwiki", "vimwiki", "text/plain", ["vimwiki"];
}

/// Media types and what they mean; the first of each kind is the one that is written.
const MEDIA_TYPES: &[(&str, Kind)] = &[
    ("text/markdown", Kind::Markdown),
    ("text/x-markdown", Kind::Markdown),
    ("text/html", Kind::Html),
    ("application/xhtml+xml", Kind::Html),
    ("application/pdf", Kind::Pdf),
    ("application/x-pdf", Kind::Pdf),
    (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        Kind::Docx,
    ),
    ("application/vnd.oasis.opendocument.text", Kind::Odt),
    ("application/rtf", Kind::Rtf),
    ("text/rtf", Kind::Rtf),
    ("application/epub+zip", Kind::Epub),
    ("text/x-tex", Kind::Latex),
    ("application/x-tex", Kind::Latex),
    ("application/x-latex", Kind::Latex),
    ("text/x-latex", Kind::Latex),
    ("text/x-wiki", Kind::Wikitext),
    ("application/x-ipynb+json", Kind::Notebook),
    ("application/vnd.citationstyles.csl+json", Kind::CslJson),
    ("application/x-research-info-systems", Kind::Ris),
    ("application/x-bibtex", Kind::Bibtex),
    ("text/x-bibtex", Kind::Bibtex),
    ("text/uri-list", Kind::UrlList),
    ("text/x-rst", Kind::Pandoc(&RST)),
    ("text/prs.fallenstein.rst", Kind::Pandoc(&RST)),
    ("text/asciidoc", Kind::Pandoc(&ASCIIDOC)),
    ("text/x-asciidoc", Kind::Pandoc(&ASCIIDOC)),
    ("text/org", Kind::Pandoc(&ORG)),
    ("text/x-org", Kind::Pandoc(&ORG)),
    ("text/x-textile", Kind::Pandoc(&TEXTILE)),
    ("text/x-opml", Kind::Pandoc(&OPML)),
    ("application/docbook+xml", Kind::Pandoc(&DOCBOOK)),
    ("application/x-fictionbook+xml", Kind::Pandoc(&FICTION_BOOK)),
];

/// Endings of file names, lower case; those of pandoc's formats stand with them.
/// `txt` and the like are not here: they say nothing but "text".
const ENDINGS: &[(&[&str], Kind)] = &[
    (
        &[
            "md", "markdown", "mdown", "mkd", "mkdn", "mdwn", "mdtext", "qmd", "rmd",
        ],
        Kind::Markdown,
    ),
    (&["html", "htm", "xhtml", "xht", "shtml"], Kind::Html),
    (&["pdf"], Kind::Pdf),
    (&["docx", "docm", "dotx", "dotm"], Kind::Docx),
    (&["odt", "ott"], Kind::Odt),
    (&["rtf"], Kind::Rtf),
    (&["epub"], Kind::Epub),
    (&["tex", "ltx", "latex"], Kind::Latex),
    (&["wiki", "mediawiki", "wikitext", "mw"], Kind::Wikitext),
    (&["ipynb"], Kind::Notebook),
    (&["ris"], Kind::Ris),
    (&["bib", "bibtex"], Kind::Bibtex),
    (&["urls", "uri", "uris"], Kind::UrlList),
];

impl Kind {
    pub(super) fn of_media_type(media_type: &str) -> Option<Self> {
        let known = MEDIA_TYPES.iter().find(|(known, _)| *known == media_type);
        known.map(|(_, kind)| *kind)
    }

    pub(super) fn of_ending(ending: &str) -> Option<Self> {
        let known = ENDINGS.iter().find(|(known, _)| known.contains(&ending));
        known.map(|(_, kind)| *kind).or_else(|| {
            let dialect = DIALECTS
                .iter()
                .find(|known| known.endings.contains(&ending));
            dialect.map(|dialect| Self::Pandoc(dialect))
        })
    }

    /// The reader that reads it.
    #[must_use]
    pub const fn format(self) -> Format {
        match self {
            Self::Text => Format::Text,
            Self::Markdown => Format::Markdown,
            Self::Html => Format::Html,
            Self::Pdf => Format::Pdf,
            Self::Docx => Format::Docx,
            Self::Odt => Format::Odt,
            Self::Rtf => Format::Rtf,
            Self::Epub => Format::Epub,
            Self::Latex => Format::Latex,
            Self::Wikitext => Format::Wikitext,
            Self::Notebook => Format::Notebook,
            Self::CslJson | Self::Ris | Self::Bibtex => Format::References,
            Self::UrlList => Format::UrlList,
            Self::PandocTree | Self::Pandoc(_) => Format::Pandoc,
        }
    }

    /// The media type to keep it under.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Text => "text/plain",
            Self::PandocTree => "application/json",
            Self::Pandoc(dialect) => dialect.media_type,
            _ => MEDIA_TYPES
                .iter()
                .find(|(_, kind)| *kind == self)
                .map_or("application/octet-stream", |(media_type, _)| media_type),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_ending_and_media_type_stands_once() {
        let mut endings: Vec<&str> = ENDINGS
            .iter()
            .flat_map(|(e, _)| e.iter().copied())
            .collect();
        endings.extend(DIALECTS.iter().flat_map(|d| d.endings.iter().copied()));
        let mut types: Vec<&str> = MEDIA_TYPES.iter().map(|(t, _)| *t).collect();
        for list in [&mut endings, &mut types] {
            list.sort_unstable();
            let before = list.len();
            list.dedup();
            assert_eq!(before, list.len());
            assert!(list.iter().all(|word| *word == word.to_lowercase()));
        }
        // Every kind but plain text has a media type of its own.
        for (_, kind) in ENDINGS {
            assert_ne!(kind.media_type(), "application/octet-stream", "{kind:?}");
        }
    }
}

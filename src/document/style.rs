//! What the name of a paragraph style says about a paragraph.
//!
//! **In:** a style's name, as Word, LibreOffice and RTF files have it. **Out:** the
//! kind of block that it makes. **Not here:** which style a paragraph has.
//!
//! Word stores the names of its own styles in English whatever language it speaks;
//! LibreOffice and other programs also write the translated ones.

use super::BlockKind;

/// What a style makes of a paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Styled {
    /// A block of this kind.
    Block(BlockKind),
    /// An entry of a list of references.
    Reference,
    /// A line of a table of contents, which repeats a heading.
    Contents,
}

/// "Heading" as styles are named, before the level.
const HEADINGS: &[&str] = &[
    "heading",
    "überschrift",
    "titre",
    "título",
    "titolo",
    "kop",
    "rubrik",
    "overskrift",
    "otsikko",
    "nagłówek",
    "nadpis",
    "başlık",
    "заголовок",
    "标题",
    "標題",
    "見出し",
    "제목",
    "encabezado",
    "intestazione",
    "titlu",
    "címsor",
    "επικεφαλίδα",
];

/// The kind of paragraphs with a style of this name, where it tells any.
pub(super) fn styled(name: &str) -> Option<Styled> {
    let name = name.replace("_20_", " ").replace('_', " ").to_lowercase();
    let name = name.trim();
    let (word, number) = match name.rsplit_once(' ') {
        Some((word, number)) => (word, number.parse::<u8>().ok()),
        None => (name, None),
    };
    if let Some(level) = number
        && HEADINGS.contains(&word)
    {
        return Some(Styled::Block(BlockKind::Heading(level.clamp(1, 6))));
    }
    if matches!(
        word,
        "toc" | "contents" | "table of" | "index" | "verzeichnis"
    ) && number.is_some()
    {
        return Some(Styled::Contents);
    }
    let kind = match name {
        "title" | "titel" | "doc title" => BlockKind::Heading(1),
        "subtitle" | "untertitel" => BlockKind::Heading(2),
        "caption" | "table caption" | "image caption" | "figure caption" | "beschriftung" => {
            BlockKind::Caption
        }
        "quote" | "intense quote" | "quotations" | "block text" | "blockquote" | "zitat"
        | "block quotation" => BlockKind::Quote,
        "source code" | "html preformatted" | "preformatted text" | "verbatim" | "code"
        | "code block" | "macro text" | "source text" => BlockKind::Code,
        "table of figures" | "toc heading" | "contents heading" => return Some(Styled::Contents),
        "bibliography" | "bibliography 1" | "endnote bibliography" | "literaturverzeichnis 1" => {
            return Some(Styled::Reference);
        }
        _ if name.starts_with("list bullet") || name.starts_with("list number") => {
            BlockKind::ListItem
        }
        _ => return None,
    };
    Some(Styled::Block(kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_kinds() {
        let check =
            |name: &str, expected: Option<Styled>| assert_eq!(styled(name), expected, "{name}");
        check("heading 2", Some(Styled::Block(BlockKind::Heading(2))));
        check("Heading_20_1", Some(Styled::Block(BlockKind::Heading(1))));
        check("Überschrift 3", Some(Styled::Block(BlockKind::Heading(3))));
        check("heading 9", Some(Styled::Block(BlockKind::Heading(6))));
        check("Quotations", Some(Styled::Block(BlockKind::Quote)));
        check("TOC 1", Some(Styled::Contents));
        check("Bibliography", Some(Styled::Reference));
        check("Normal", None);
        check("", None);
    }
}

//! XML of office documents and books, piece by piece.
//!
//! **In:** the bytes of a part. **Out:** its elements, their ends and its text, in
//! order, with the vocabulary of each element's namespace told. **Not here:** what an
//! element means.
//!
//! Nothing is loaded and nothing is expanded: a document type declaration is skipped
//! whole, and only the five predefined entities and character references stand for
//! something. So a "billion laughs" is a few unknown names. Reading is a loop; depth
//! costs memory only, and is bounded.

use encoding_rs::Encoding;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::borrow::Cow;

/// Elements within elements. Word and LibreOffice stay below 200 even with boxes in
/// tables in boxes.
const MAX_DEPTH: usize = 4096;
/// Namespace declarations in force at a time; office programs write about 40.
const MAX_NAMESPACES: usize = 64;

/// The vocabulary that an element or attribute belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Space {
    /// WordprocessingML, transitional or strict.
    Word,
    /// Office Math.
    Math,
    /// `mc:AlternateContent`.
    Compatibility,
    /// `r:id`.
    Relationships,
    /// OpenDocument's text.
    Text,
    /// OpenDocument's tables.
    Table,
    /// OpenDocument's office.
    Office,
    /// OpenDocument's drawings.
    Draw,
    /// Any other, or none.
    Other,
}

/// Ends of namespace names (strict OOXML has other beginnings), and the prefixes that
/// everyone uses for them, which count where a declaration is missing.
const SPACES: &[(&str, &str, Space)] = &[
    ("/wordprocessingml/2006/main", "w", Space::Word),
    ("/wordprocessingml/main", "w", Space::Word),
    ("/officeDocument/2006/math", "m", Space::Math),
    ("/officeDocument/math", "m", Space::Math),
    ("/markup-compatibility/2006", "mc", Space::Compatibility),
    (
        "/officeDocument/2006/relationships",
        "r",
        Space::Relationships,
    ),
    ("/officeDocument/relationships", "r", Space::Relationships),
    (":opendocument:xmlns:text:1.0", "text", Space::Text),
    (":opendocument:xmlns:table:1.0", "table", Space::Table),
    (":opendocument:xmlns:office:1.0", "office", Space::Office),
    (":opendocument:xmlns:drawing:1.0", "draw", Space::Draw),
];

/// One piece of a document.
#[derive(Debug)]
pub(super) enum Piece<'a> {
    /// An element begins. An empty element also ends.
    Open(Element<'a>),
    /// The innermost open element ends.
    Close,
    /// Text within it.
    Text(Cow<'a, str>),
    /// An entity that XML does not define; XHTML's have names.
    Entity(Cow<'a, str>),
    /// The end of the part; `false` when it is not well-formed or passed a bound there.
    End(bool),
}

/// The beginning of an element.
#[derive(Debug)]
pub(super) struct Element<'a> {
    /// Its vocabulary.
    pub(super) space: Space,
    start: BytesStart<'a>,
    relationships: Option<String>,
}

impl Element<'_> {
    /// Its name without prefix.
    pub(super) fn name(&self) -> &str {
        local(self.start.name().0)
    }

    /// An attribute by its name without prefix.
    pub(super) fn attribute(&self, name: &str) -> Option<String> {
        self.find(|key| local(key) == name)
    }

    /// An attribute of the vocabulary of relationships (`r:id`).
    pub(super) fn relationship(&self, name: &str) -> Option<String> {
        let prefix = self.relationships.as_deref().unwrap_or("r");
        self.find(|key| key.split_once(':') == Some((prefix, name)))
    }

    /// A switch as office programs write them: there and not off.
    pub(super) fn is_on(&self) -> bool {
        !matches!(
            self.attribute("val").as_deref(),
            Some("0" | "false" | "off" | "none")
        )
    }

    /// All attributes, by their whole names.
    pub(super) fn attributes(&self) -> impl Iterator<Item = (String, String)> {
        let mut attributes = self.start.attributes();
        attributes.with_checks(false);
        attributes
            .filter_map(Result::ok)
            .map(|attribute| {
                (
                    attribute.key.0.to_owned(),
                    unescaped(&attribute.value).into_owned(),
                )
            })
            .collect::<Vec<_>>()
            .into_iter()
    }

    fn find(&self, is_it: impl Fn(&str) -> bool) -> Option<String> {
        // Looking for doubled attributes would take quadratic time.
        let mut attributes = self.start.attributes();
        attributes.with_checks(false);
        attributes
            .filter_map(Result::ok)
            .find(|attribute| is_it(attribute.key.0))
            .map(|attribute| unescaped(&attribute.value).into_owned())
    }
}

fn local(name: &str) -> &str {
    name.split_once(':').map_or(name, |(_, local)| local)
}

/// Reads a part.
#[derive(Debug)]
pub(super) struct Pieces<'a> {
    reader: Reader<&'a [u8]>,
    depth: usize,
    /// Declarations in force: depth, prefix, vocabulary.
    spaces: Vec<(usize, String, Space)>,
    /// The prefix of relationships where it is not the usual one.
    relationships: Option<String>,
    /// An empty element's end that is still to be told.
    close: bool,
}

impl<'a> Pieces<'a> {
    /// Reads this text.
    pub(super) fn new(text: &'a str) -> Self {
        let mut reader = Reader::from_str(text);
        let config = reader.config_mut();
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        config.allow_dangling_amp = true;
        Self {
            reader,
            depth: 0,
            spaces: Vec::new(),
            relationships: None,
            close: false,
        }
    }

    /// How many elements are open.
    pub(super) const fn depth(&self) -> usize {
        self.depth
    }

    /// The next piece.
    pub(super) fn next(&mut self) -> Piece<'a> {
        if std::mem::take(&mut self.close) {
            self.leave();
            return Piece::Close;
        }
        loop {
            let Ok(event) = self.reader.read_event() else {
                return Piece::End(false);
            };
            match event {
                Event::Start(start) | Event::Empty(start) if self.depth >= MAX_DEPTH => {
                    drop(start);
                    return Piece::End(false);
                }
                Event::Start(start) => return Piece::Open(self.enter(start)),
                Event::Empty(start) => {
                    self.close = true;
                    return Piece::Open(self.enter(start));
                }
                Event::End(_) => {
                    if self.depth > 0 {
                        self.leave();
                        return Piece::Close;
                    }
                }
                Event::Text(text) => return Piece::Text(text.into_inner()),
                Event::CData(text) => return Piece::Text(text.into_inner()),
                Event::GeneralRef(name) => {
                    let name = name.into_inner();
                    return match referred(&name) {
                        Some(c) => Piece::Text(Cow::Owned(c.to_string())),
                        None => Piece::Entity(name),
                    };
                }
                Event::Eof => return Piece::End(self.depth == 0),
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
            }
        }
    }

    /// Reads on past the end of the element that was opened last.
    pub(super) fn skip(&mut self) {
        let outer = self.depth.saturating_sub(1);
        while self.depth > outer {
            if matches!(self.next(), Piece::End(_)) {
                return;
            }
        }
    }

    /// The text of the element that was opened last, to its end, of `limit` bytes at most.
    pub(super) fn text(&mut self, limit: usize) -> String {
        let outer = self.depth.saturating_sub(1);
        let mut text = String::new();
        while self.depth > outer {
            match self.next() {
                Piece::Text(piece) if text.len() + piece.len() <= limit => text.push_str(&piece),
                Piece::End(_) => break,
                _ => {}
            }
        }
        text
    }

    fn enter(&mut self, start: BytesStart<'a>) -> Element<'a> {
        self.depth += 1;
        if start.attributes_raw().contains("xmlns") {
            let mut attributes = start.attributes();
            attributes.with_checks(false);
            for attribute in attributes.filter_map(Result::ok) {
                let key = attribute.key.0;
                let prefix = key
                    .strip_prefix("xmlns:")
                    .or((key == "xmlns").then_some(""));
                if let Some(prefix) = prefix
                    && self.spaces.len() < MAX_NAMESPACES
                {
                    let space = space_of(&attribute.value);
                    if space == Space::Relationships && prefix != "r" {
                        self.relationships = Some(prefix.to_owned());
                    }
                    self.spaces.push((self.depth, prefix.to_owned(), space));
                }
            }
        }
        let name = start.name();
        let prefix = name.0.split_once(':').map_or("", |(prefix, _)| prefix);
        let space = self.space(prefix);
        Element {
            space,
            start,
            relationships: self.relationships.clone(),
        }
    }

    fn space(&self, prefix: &str) -> Space {
        let declared = self
            .spaces
            .iter()
            .rev()
            .find(|(_, known, _)| known == prefix)
            .map(|(_, _, space)| *space);
        declared.unwrap_or_else(|| {
            SPACES
                .iter()
                .find(|(_, usual, _)| *usual == prefix)
                .map_or(Space::Other, |(_, _, space)| *space)
        })
    }

    fn leave(&mut self) {
        while self
            .spaces
            .last()
            .is_some_and(|(depth, _, _)| *depth >= self.depth)
        {
            self.spaces.pop();
        }
        self.depth = self.depth.saturating_sub(1);
    }
}

fn space_of(name: &str) -> Space {
    SPACES
        .iter()
        .find(|(end, _, _)| name.ends_with(end))
        .map_or(Space::Other, |(_, _, space)| *space)
}

/// What an entity's name or number stands for; none but XML's own five are known.
fn referred(name: &str) -> Option<char> {
    let Some(number) = name.strip_prefix('#') else {
        return match name {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            _ => None,
        };
    };
    let code = match number.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16).ok()?,
        None => number.parse().ok()?,
    };
    char::from_u32(code).filter(|c| *c != '\0')
}

/// Text with its references undone; unknown ones stay as they are.
fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        plain.push_str(before);
        // The longest reference is "&#x10FFFF;".
        let name = after
            .bytes()
            .take(10)
            .position(|b| b == b';')
            .and_then(|end| after.get(..end));
        match name.and_then(|name| Some((name, referred(name)?))) {
            Some((name, c)) => {
                plain.push(c);
                rest = after.get(name.len() + 1..).unwrap_or("");
            }
            None => {
                plain.push('&');
                rest = after;
            }
        }
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

/// The characters of a part: by byte order mark, by the shape of `<?xml` (XML 1.0,
/// appendix F), by the declaration, else UTF-8.
pub(super) fn decode(bytes: Vec<u8>) -> String {
    let said = || {
        let head = bytes.get(..200).unwrap_or(&bytes);
        match head {
            [b'<', 0, ..] => return Some(encoding_rs::UTF_16LE),
            [0, b'<', ..] => return Some(encoding_rs::UTF_16BE),
            _ => {}
        }
        let head = String::from_utf8_lossy(head);
        let declaration = head.strip_prefix("<?xml")?.split_once("?>")?.0;
        let value = declaration.split_once("encoding")?.1.trim_start();
        let value = value.strip_prefix('=')?.trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let label = value.get(1..)?.split(quote).next()?;
        // The declaration could be read as ASCII, so it is not UTF-16 whatever it says.
        Encoding::for_label(label.as_bytes()).filter(|encoding| encoding.is_ascii_compatible())
    };
    let encoding = match Encoding::for_bom(&bytes) {
        Some((encoding, _)) => encoding,
        None => said().unwrap_or(encoding_rs::UTF_8),
    };
    if encoding == encoding_rs::UTF_8 && !bytes.starts_with(b"\xef\xbb\xbf") {
        return match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
        };
    }
    encoding.decode(&bytes).0.into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn pieces(text: &str) -> Vec<String> {
        let mut pieces = Pieces::new(text);
        let mut found = Vec::new();
        loop {
            found.push(match pieces.next() {
                Piece::Open(element) => format!("{:?} {}", element.space, element.name()),
                Piece::Close => "close".to_owned(),
                Piece::Text(text) => text.into_owned(),
                Piece::Entity(name) => format!("entity {name}"),
                Piece::End(whole) => {
                    found.push(whole.to_string());
                    return found;
                }
            });
        }
    }

    #[test]
    fn vocabularies_are_told_by_their_names() {
        let strict =
            "<y:p xmlns:y=\"http://purl.oclc.org/ooxml/wordprocessingml/main\"><w:t/></y:p>";
        assert_eq!(
            pieces(strict),
            ["Word p", "Word t", "close", "close", "true"]
        );
        // A declaration holds within its element only.
        let inner = "<a><w:p xmlns:w=\"urn:other\"/><w:p/></a>";
        assert_eq!(
            pieces(inner),
            [
                "Other a", "Other p", "close", "Word p", "close", "close", "true"
            ]
        );
        assert_eq!(pieces("<a>1</b>"), ["Other a", "1", "close", "true"]);
        assert_eq!(pieces("<a>"), ["Other a", "false"]);
        assert_eq!(
            pieces("<a>&lt;&#x41;&#65;&x;<![CDATA[<]]></a>"),
            ["Other a", "<", "A", "A", "entity x", "<", "close", "true"]
        );
    }

    #[test]
    fn parts_are_decoded_as_they_say() {
        let check = |bytes: &[u8], expected: &str| {
            assert_eq!(decode(bytes.to_vec()), expected, "{bytes:?}");
        };
        check("<a>é</a>".as_bytes(), "<a>é</a>");
        check(
            b"<?xml version='1.0' encoding='windows-1251'?><a>\xe4</a>",
            "<?xml version='1.0' encoding='windows-1251'?><a>д</a>",
        );
        let wide: Vec<u8> = "<a>é".encode_utf16().flat_map(u16::to_le_bytes).collect();
        check(&wide, "<a>é");
        check(&[&[0xff, 0xfe], &wide[..]].concat(), "<a>é");
        check(b"<a>\xff", "<a>\u{fffd}");
    }

    proptest! {
        #[test]
        fn any_text_ends(text in "[<>/&;#=\"' a-c:!?\\[\\]x0-9\\-]{0,80}") {
            let found = pieces(&text);
            prop_assert!(found.len() <= text.len() + 2);
        }
    }
}

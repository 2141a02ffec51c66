//! Bytes to characters, before any format is read.
//!
//! **In:** the bytes and what is known about them. **Out:** whether they can be
//! read at all, which format they are in, and their text. **Not here:** anything
//! that a format says about its own contents, except the character set.

use super::{DocumentError, Format, Hints, Place, Problem};
use crate::limits::{Budget, Limits};
use encoding_rs::{Encoding, UTF_8};

/// Text made of bytes.
#[derive(Debug, Clone)]
pub struct Decoded {
    /// Text, line ends made `\n`, byte order mark gone.
    pub text: String,
    /// Name of the character set that was used (WHATWG name).
    pub charset: &'static str,
    /// What was replaced or guessed and may be wrong.
    pub problems: Vec<Problem>,
}

/// Signatures of formats that are not text, and what they are called.
const BINARY: &[(&[u8], &str)] = &[
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"II*\0", "a TIFF image"),
    (b"MM\0*", "a TIFF image"),
    (b"\x7fELF", "an ELF program"),
    (b"MZ\x90\0", "a Windows program"),
    (b"\x1f\x8b", "gzip-compressed data"),
    (b"BZh", "bzip2-compressed data"),
    (b"\xfd7zXZ\0", "xz-compressed data"),
    (b"\x28\xb5\x2f\xfd", "Zstandard-compressed data"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"\0asm", "a WebAssembly module"),
    (b"OggS", "an Ogg recording"),
    (b"ID3", "an MP3 recording"),
];

/// Whether there is anything in the bytes, and not too much.
///
/// # Errors
/// [`DocumentError::TooLarge`], [`DocumentError::Empty`]
pub fn check_size(bytes: &[u8], limits: &Limits) -> Result<(), DocumentError> {
    let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    Budget::new("bytes of document", limits.max_document_bytes).take(length)?;
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(DocumentError::Empty);
    }
    Ok(())
}

/// Whether the bytes are a PDF. Readers accept its header anywhere in the first 1024 bytes
/// (ISO 32000-1, annex H.3.4.1), but prose may mention it: then name or media type decide.
#[must_use]
pub fn is_pdf(bytes: &[u8], hints: Hints<'_>) -> bool {
    let start = bytes.iter().position(|b| !b.is_ascii_whitespace());
    if bytes
        .get(start.unwrap_or(0)..)
        .is_some_and(|bytes| bytes.starts_with(b"%PDF-"))
    {
        return true;
    }
    let head = bytes.get(..1024).unwrap_or(bytes);
    let said = hints
        .content_type
        .is_some_and(|kind| kind.to_ascii_lowercase().starts_with("application/pdf"))
        || hints
            .name
            .is_some_and(|name| name.to_ascii_lowercase().ends_with(".pdf"));
    said && head.windows(5).any(|window| window == b"%PDF-")
}

/// Refuses what is not text, and says what it is.
///
/// # Errors
/// [`DocumentError`] when the bytes are empty, too many, or no text in a known format.
pub fn check_readable(bytes: &[u8]) -> Result<(), DocumentError> {
    let unsupported = |what: &str| {
        Err(DocumentError::Unsupported {
            what: what.to_owned(),
        })
    };
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        let holds = |name: &[u8]| bytes.windows(name.len()).any(|window| window == name);
        return unsupported(if holds(b"word/") {
            "a Word document (DOCX)"
        } else if holds(b"application/vnd.oasis.opendocument.text") {
            "an OpenDocument text (ODT)"
        } else if holds(b"application/epub+zip") {
            "an EPUB book"
        } else {
            "a ZIP archive"
        });
    }
    if bytes.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return unsupported("an old Microsoft Office document");
    }
    if bytes.starts_with(b"{\\rtf") {
        return unsupported("an RTF document");
    }
    let binary = |what: String| Err(DocumentError::Binary { what });
    // Short signatures made of letters could begin a text: only with unprintable bytes near.
    let unprintable = bytes
        .iter()
        .take(512)
        .any(|b| *b < 9 || *b == 0x1f || *b >= 0x80);
    for (signature, what) in BINARY {
        let is_printable = signature.iter().all(|b| (0x20..0x7f).contains(b));
        if bytes.starts_with(signature) && (unprintable || !is_printable) {
            return binary((*what).to_owned());
        }
    }
    if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        return binary("a WebP image".to_owned());
    }
    if Encoding::for_bom(bytes).is_none()
        && let Some(at) = bytes.iter().position(|b| *b == 0)
    {
        return binary(format!("unknown binary data (NUL byte at byte {at})"));
    }
    Ok(())
}

/// The format: by content where that is plain, then by media type, then by name.
#[must_use]
pub fn format_of(bytes: &[u8], hints: Hints<'_>) -> Format {
    let head: Vec<u8> = bytes
        .iter()
        .take(4096)
        .filter(|b| **b != 0)
        .map(u8::to_ascii_lowercase)
        .collect();
    let head = String::from_utf8_lossy(&head);
    let head = head.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let mut rest = head;
    while let Some(after) = rest.strip_prefix("<!--").and_then(|r| r.split_once("-->")) {
        rest = after.1.trim_start();
    }
    let plainly_html = ["<!doctype html", "<html", "<head", "<body"]
        .iter()
        .any(|tag| rest.starts_with(tag))
        || (rest.starts_with("<?xml") && rest.contains("<html"));
    if plainly_html {
        return Format::Html;
    }
    let media_type = hints
        .content_type
        .map(|value| value.split(';').next().unwrap_or("").trim())
        .unwrap_or_default()
        .to_ascii_lowercase();
    match media_type.as_str() {
        "text/html" | "application/xhtml+xml" => return Format::Html,
        "text/markdown" | "text/x-markdown" => return Format::Markdown,
        _ => {}
    }
    let name = hints.name.unwrap_or("").to_ascii_lowercase();
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("md" | "markdown" | "mdown" | "mkd") => return Format::Markdown,
        Some("html" | "htm" | "xhtml") => return Format::Html,
        Some("tex" | "ltx" | "latex") => return Format::Latex,
        Some("wiki" | "mediawiki" | "wikitext") => return Format::Wikitext,
        Some("txt" | "text") => return Format::Text,
        _ => {}
    }
    let tags: usize = [
        "<p>", "<p ", "</p>", "<div", "</div>", "<a ", "</a>", "<br", "<li", "<h1",
    ]
    .iter()
    .map(|tag| head.matches(tag).count())
    .sum();
    if rest.starts_with('<') && tags >= 4 {
        Format::Html
    } else {
        Format::Text
    }
}

/// Decodes: BOM, then charset of `content_type`, then (HTML) meta, then UTF-8 if valid, then a guess.
#[must_use]
pub fn decode(bytes: &[u8], content_type: Option<&str>, is_html: bool) -> Decoded {
    let mut problems = Vec::new();
    let mut say = |text: String| {
        problems.push(Problem {
            place: Place::default(),
            text,
        });
    };
    let said = Encoding::for_bom(bytes)
        .map(|(encoding, _)| (encoding, "byte order mark"))
        .or_else(|| {
            let label = charset_in(content_type?)?;
            Some((Encoding::for_label(label.as_bytes())?, "content type"))
        })
        .or_else(|| {
            let head = String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]);
            let label = if is_html { meta_charset(&head) } else { None }?;
            let encoding = Encoding::for_label(label.as_bytes())?;
            // HTML, "prescan a byte stream": a meta that could be read as ASCII is not UTF-16.
            let encoding = if encoding.is_ascii_compatible() {
                encoding
            } else {
                UTF_8
            };
            Some((encoding, "meta element"))
        });
    let valid_utf8 = std::str::from_utf8(bytes).is_ok();
    let encoding = match said {
        Some((encoding, by)) if encoding != UTF_8 || valid_utf8 || by == "byte order mark" => {
            encoding
        }
        _ if valid_utf8 => UTF_8,
        _ => {
            let mut detector =
                chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Allow);
            detector.feed(bytes, true);
            let guess = detector.guess(None, chardetng::Utf8Detection::Deny);
            // A few bad bytes in a long UTF-8 text are damage, not another character set.
            let bad = String::from_utf8_lossy(bytes).matches('\u{fffd}').count();
            let high = bytes.iter().filter(|b| **b >= 0x80).count();
            if bad * 10 < high {
                UTF_8
            } else {
                say(format!(
                    "it names no character set and is not UTF-8; it was read as {}, which is a guess",
                    guess.name()
                ));
                guess
            }
        }
    };
    let (text, used, replaced) = encoding.decode(bytes);
    if replaced {
        let count = text.matches('\u{fffd}').count();
        say(format!(
            "{count} characters are not valid {} and were replaced",
            used.name()
        ));
    }
    let text = if text.contains(['\r', '\u{feff}']) {
        text.replace("\r\n", "\n")
            .replace('\r', "\n")
            .replace('\u{feff}', "")
    } else {
        text.into_owned()
    };
    Decoded {
        text,
        charset: used.name(),
        problems,
    }
}

/// The charset parameter of a media type, or of what looks like one.
fn charset_in(value: &str) -> Option<String> {
    let lower = value.to_ascii_lowercase();
    let after = lower[lower.find("charset")? + "charset".len()..].trim_start();
    let after = after.strip_prefix('=')?.trim_start();
    let label: String = after
        .trim_start_matches(['"', '\''])
        .chars()
        .take_while(|c| !c.is_whitespace() && !matches!(c, '"' | '\'' | ';' | '>' | '/' | ','))
        .collect();
    (!label.is_empty()).then_some(label)
}

fn meta_charset(head: &str) -> Option<String> {
    let lower = head.to_ascii_lowercase();
    let mut rest = lower.as_str();
    while let Some(at) = rest.find("<meta") {
        let end = rest[at..].find('>').map_or(rest.len(), |end| at + end);
        if let Some(label) = charset_in(&rest[at..end]) {
            return Some(label);
        }
        rest = &rest[end..];
    }
    None
}

/// ISO 639-1 code of the text's language, when the guess is reliable.
#[must_use]
pub fn language_of(text: &str) -> Option<String> {
    // The beginning is enough, and keeps long documents quick.
    let sample: String = text.chars().take(20_000).collect();
    let info = whatlang::detect(&sample).filter(whatlang::Info::is_reliable)?;
    use whatlang::Lang::*;
    let code = match info.lang() {
        Eng => "en",
        Rus => "ru",
        Cmn => "zh",
        Spa => "es",
        Por => "pt",
        Ita => "it",
        Fra => "fr",
        Deu => "de",
        Ukr => "uk",
        Kat => "ka",
        Ara => "ar",
        Hin => "hi",
        Jpn => "ja",
        Heb => "he",
        Yid => "yi",
        Pol => "pl",
        Tur => "tr",
        Nld => "nl",
        Swe => "sv",
        Dan => "da",
        Nob => "nb",
        Fin => "fi",
        Ces => "cs",
        Slk => "sk",
        Hun => "hu",
        Ron => "ro",
        Bul => "bg",
        Srp => "sr",
        Hrv => "hr",
        Slv => "sl",
        Mkd => "mk",
        Lit => "lt",
        Lav => "lv",
        Est => "et",
        Ell => "el",
        Kor => "ko",
        Tha => "th",
        Vie => "vi",
        Ind => "id",
        Pes => "fa",
        Urd => "ur",
        Ben => "bn",
        Tam => "ta",
        Tel => "te",
        Bel => "be",
        Cat => "ca",
        Aze => "az",
        Uzb => "uz",
        Tuk => "tk",
        Hye => "hy",
        Lat => "la",
        Afr => "af",
        Epo => "eo",
        _ => return None,
    };
    Some(code.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_text_is_named() {
        let check = |bytes: &[u8], expected: &str| {
            let found = check_readable(bytes).map_or_else(|e| e.to_string(), |()| "ok".into());
            assert_eq!(found, expected, "{bytes:?}");
        };
        check(b"", "it is empty");
        check(b" \n", "it is empty");
        check(b"%PDF-1.7\n", "a PDF file cannot be read yet");
        check(
            b"PK\x03\x04....word/document.xml",
            "a Word document (DOCX) cannot be read yet",
        );
        check(b"PK\x03\x04....a.txt", "a ZIP archive cannot be read yet");
        check(b"\x89PNG\r\n\x1a\n\0", "it is not text: a PNG image");
        check(b"BZhang was here.", "ok");
        check(
            b"ab\0c",
            "it is not text: unknown binary data (NUL byte at byte 2)",
        );
        check(b"\xff\xfea\0", "ok");
    }

    #[test]
    fn a_format_is_told_by_content_then_type_then_name() {
        let check = |bytes: &str, name: &str, content_type: Option<&str>, expected: Format| {
            let hints = Hints {
                name: Some(name),
                content_type,
                ..Hints::default()
            };
            assert_eq!(
                format_of(bytes.as_bytes(), hints),
                expected,
                "{bytes} {name}"
            );
        };
        check("<!DOCTYPE html><p>x", "a.txt", None, Format::Html);
        check("\u{feff}<!-- c --> <html>", "a", None, Format::Html);
        check("# x", "A.MD", None, Format::Markdown);
        check(
            "# x",
            "a",
            Some("text/markdown; charset=utf-8"),
            Format::Markdown,
        );
        check("<p>a</p><p>b</p>", "a", None, Format::Html);
        check("plain", "a.txt", Some("text/plain"), Format::Text);
    }

    #[test]
    fn characters_come_from_the_best_witness() {
        let check =
            |bytes: &[u8], content_type: Option<&str>, html: bool, text: &str, charset: &str| {
                let decoded = decode(bytes, content_type, html);
                assert_eq!((decoded.text.as_str(), decoded.charset), (text, charset));
            };
        check(b"\xef\xbb\xbfa\r\nb\rc", None, false, "a\nb\nc", "UTF-8");
        check(b"\xff\xfea\0", None, false, "a", "UTF-16LE");
        check(
            b"caf\xe9",
            Some("text/plain; charset=\"iso-8859-1\""),
            false,
            "café",
            "windows-1252",
        );
        check(
            b"<meta charset=windows-1251>\xc4\xe0",
            None,
            true,
            "<meta charset=windows-1251>Да",
            "windows-1251",
        );
        assert_eq!(
            decode(b"Stra\xdfe und Gr\xfc\xdfe aus M\xfcnchen", None, false)
                .problems
                .len(),
            1
        );
    }
}

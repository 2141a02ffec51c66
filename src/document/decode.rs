//! Bytes to characters, before any format is read.
//!
//! **In:** the bytes and what is known about them. **Out:** their text. **Not here:**
//! which format they are in (`detect`); anything that a format says about its own
//! contents, except the character set.

use super::{Place, Problem};
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
    let text = match text.contains('\r') {
        true => with_line_feeds(&text),
        false => text.into_owned(),
    };
    let text = match text.contains('\u{feff}') {
        true => text.replace('\u{feff}', ""),
        false => text,
    };
    Decoded {
        text,
        charset: used.name(),
        problems,
    }
}

/// All line ends made one.
fn with_line_feeds(text: &str) -> String {
    let mut made = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((line, after)) = rest.split_once('\r') {
        made.push_str(line);
        made.push('\n');
        rest = after.strip_prefix('\n').unwrap_or(after);
    }
    made.push_str(rest);
    made
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

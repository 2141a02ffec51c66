//! The only way for foreign text into a terminal or a page.
//!
//! Titles, claims, addresses and passages come from strangers. A terminal obeys escape
//! sequences, and bidirectional controls can make a text read otherwise than it is
//! ("Trojan Source", CVE-2021-42574). Such characters are made visible, not dropped:
//! what cannot be seen cannot be checked. In HTML the marks that only say in which
//! direction a neutral character reads stay as they are: Arabic and Hebrew need them.

use askama::filters::Escaper;
use std::borrow::Cow;
use std::fmt;

/// Makes control characters, bidirectional controls and invisible characters visible.
/// A newline or tab becomes a space.
#[must_use]
pub fn terminal(text: &str) -> String {
    text.chars().map(shown).collect()
}

fn shown(character: char) -> Cow<'static, str> {
    match character {
        '\n' | '\t' | '\r' | '\u{2028}' | '\u{2029}' => Cow::Borrowed(" "),
        // The control pictures of Unicode: U+2400 stands for U+0000 and so on.
        '\0'..='\x1f' => char::from_u32(0x2400 + u32::from(character))
            .map_or(Cow::Borrowed("\u{fffd}"), |picture| {
                Cow::Owned(picture.to_string())
            }),
        '\x7f' => Cow::Borrowed("\u{2421}"),
        '\u{ad}' => Cow::Borrowed(""),
        '\u{80}'..='\u{9f}'
        | '\u{61c}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}' => Cow::Owned(format!("<U+{:04X}>", u32::from(character))),
        other => Cow::Owned(other.to_string()),
    }
}

/// How the templates escape: askama's own way, with what can turn a text round, or steer
/// what shows it, made visible.
#[derive(Debug, Clone, Copy, Default)]
pub struct Html;

impl Escaper for Html {
    fn write_escaped_str<W: fmt::Write>(&self, mut dest: W, text: &str) -> fmt::Result {
        let plain = askama::filters::Html;
        let mut rest = text;
        while let Some(at) = rest.find(turns_round) {
            let (before, from) = rest.split_at(at);
            plain.write_escaped_str(&mut dest, before)?;
            let Some(character) = from.chars().next() else {
                break;
            };
            plain.write_escaped_str(&mut dest, &shown(character))?;
            rest = from.get(character.len_utf8()..).unwrap_or_default();
        }
        plain.write_escaped_str(dest, rest)
    }
}

/// Controls, and the bidirectional embeddings, overrides and isolates.
fn turns_round(character: char) -> bool {
    let space = matches!(character, '\n' | '\t' | '\r');
    let controls = character.is_control() && !space;
    controls || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_steers_a_terminal_gets_through() {
        let check = |text: &str, expected: &str| assert_eq!(terminal(text), expected, "{text:?}");
        check("plain – “text” née 東京", "plain – “text” née 東京");
        check("\x1b[31mred\x1b[0m", "␛[31mred␛[0m");
        check("\x1b]8;;http://evil\x07", "␛]8;;http://evil␇");
        check("a\u{202e}b\u{2066}c", "a<U+202E>b<U+2066>c");
        check("zero\u{200b}width", "zero<U+200B>width");
        check("\u{9b}31m", "<U+009B>31m");
        check("two\nlines\tand", "two lines and");
        check("hyphen\u{ad}ated", "hyphenated");
        check("del\x7f", "del␡");
    }

    #[test]
    fn nothing_turns_a_page_round() {
        let html = |text: &str| {
            let mut escaped = String::new();
            Html.write_escaped_str(&mut escaped, text).unwrap();
            escaped
        };
        assert_eq!(html("a\u{202e}b <i> \u{1b}c"), html("a<U+202E>b <i> ␛c"));
        assert!(!html("<i>").contains('<'));
        let hebrew = "\u{200f}שלום\n";
        assert_eq!(html(hebrew), hebrew);
    }

    proptest::proptest! {
        #[test]
        fn no_control_character_survives(text in "\\PC*|[\\x00-\\x9f]*") {
            proptest::prop_assert!(!terminal(&text).chars().any(char::is_control));
        }
    }
}

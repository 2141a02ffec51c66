//! Colours, wrapping and cutting for the terminal.

use crate::evidence::Verdict;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Whether to colour.
#[derive(Debug, Clone, Copy)]
pub(super) struct Paint(pub(super) bool);

impl Paint {
    pub(super) fn bold(self, text: &str) -> String {
        self.with("1", text)
    }

    pub(super) fn verdict(self, verdict: Verdict, text: &str) -> String {
        // Bold beside the hue, so that it can be told without seeing hues.
        self.with(
            match verdict {
                Verdict::Sound => "32",
                Verdict::Attention => "1;33",
                Verdict::Broken => "1;31",
            },
            text,
        )
    }

    fn with(self, code: &str, text: &str) -> String {
        if self.0 {
            format!("\x1b[{code}m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }
}

/// Wraps a text; words that are longer than a line (addresses) are broken.
pub(super) fn wrap(text: &str, first: &str, rest: &str, width: usize) -> Vec<String> {
    let options = textwrap::Options::new(width)
        .initial_indent(first)
        .subsequent_indent(rest)
        .word_splitter(textwrap::WordSplitter::NoHyphenation)
        .break_words(true);
    textwrap::wrap(text, options)
        .into_iter()
        .map(|line| line.trim_end().to_owned())
        .collect()
}

/// Cuts a text to so many columns, with an ellipsis where something was cut, at a word's
/// end where one is near.
pub(super) fn cut(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut taken = 0;
    for piece in text.graphemes(true) {
        taken += piece.width();
        if taken > columns.saturating_sub(1) {
            break;
        }
        kept.push_str(piece);
    }
    if let Some(space) = kept.rfind(' ')
        && kept.len() - space < 20
    {
        kept.truncate(space);
    }
    kept.push('…');
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_wider_than_asked_and_nothing_is_lost() {
        let address = format!("https://a.example/{}", "long/".repeat(40));
        let lines = wrap(&address, "  ", "  ", 40);
        assert!(lines.iter().all(|line| line.width() <= 40));
        let joined: String = lines.iter().map(|line| line.trim()).collect();
        assert_eq!(joined, address);
    }

    #[test]
    fn a_cut_text_says_so() {
        assert_eq!(cut("short", 10), "short");
        assert_eq!(cut("a rather long sentence", 12), "a rather…");
        assert_eq!(cut("東京都庁舎", 5), "東京…");
    }
}

//! A text with all made equal that does not count: typography, accents, white space, case.
//!
//! **In:** a text. **Out:** [`Folded`], with the way back to the text's bytes.
//! **Not here:** anything that a reader would call another word.

use crate::document::ByteSpan;
use crate::evidence::terms::{fold_letter, is_quote};

/// A text with all made equal that does not count, and the way back to its bytes.
#[derive(Debug)]
pub(in crate::evidence) struct Folded {
    pub(super) text: String,
    /// For each byte of `text`, the byte of the original that it came from.
    origin: Vec<u32>,
}

impl Folded {
    pub(in crate::evidence) fn new(original: &str) -> Self {
        let mut folded = Self {
            text: String::with_capacity(original.len()),
            origin: Vec::with_capacity(original.len()),
        };
        let mut space = false;
        for (at, c) in original.char_indices() {
            // Offsets beyond 4 GiB do not occur: bodies are bounded far below.
            let at = u32::try_from(at).unwrap_or(u32::MAX);
            let dash = is_dash(c);
            if let Some(letters) = ligature(c) {
                if space && !folded.text.is_empty() && !folded.text.ends_with('-') {
                    folded.push(' ', at);
                }
                for letter in letters.chars() {
                    folded.push(letter, at);
                }
                space = false;
                continue;
            }
            if c.is_whitespace() {
                space = true;
                continue;
            }
            if is_quote(c) {
                continue;
            }
            // No space beside a dash: "a – b", "a—b" and "a-b" are one.
            if space && !dash && !folded.text.is_empty() && !folded.text.ends_with('-') {
                folded.push(' ', at);
            }
            if dash {
                if !folded.text.ends_with('-') {
                    folded.push('-', at);
                }
                space = false;
                continue;
            }
            if c == '…' {
                for _ in 0..3 {
                    folded.push('.', at);
                }
            } else if c.is_ascii() {
                folded.push(c.to_ascii_lowercase(), at);
            } else {
                for lower in c.to_lowercase().filter_map(fold_letter) {
                    folded.push(lower, at);
                }
                if fold_letter(c).is_none() {
                    continue;
                }
            }
            space = false;
        }
        folded
    }

    fn push(&mut self, c: char, at: u32) {
        self.text.push(c);
        for _ in 0..c.len_utf8() {
            self.origin.push(at);
        }
    }

    /// The original's bytes for a stretch of the folded ones, whole words, as far as the text goes.
    pub(super) fn stretch(&self, start: usize, end: usize, original: &str) -> Option<ByteSpan> {
        let last = self.origin.len().checked_sub(1)?;
        let first = *self.origin.get(start.min(last))? as usize;
        let end = *self.origin.get(end.min(last))? as usize;
        let head = original.get(..first)?;
        let tail = original.get(end..)?;
        let from = head.len()
            - head
                .chars()
                .rev()
                .take(64)
                .take_while(|c| c.is_alphanumeric())
                .map(char::len_utf8)
                .sum::<usize>();
        let more: usize = tail
            .chars()
            .take(64)
            .take_while(|c| c.is_alphanumeric())
            .map(char::len_utf8)
            .sum();
        (from < end + more).then(|| ByteSpan::new(from, end + more))
    }

    /// The original's bytes for a range of the folded ones.
    pub(super) fn back(&self, start: usize, end: usize, original: &str) -> Option<ByteSpan> {
        let first = *self.origin.get(start)? as usize;
        let last = *self.origin.get(end.checked_sub(1)?)? as usize;
        let last_len = original.get(last..)?.chars().next()?.len_utf8();
        Some(ByteSpan::new(first, last + last_len))
    }
}

/// The letters of a ligature.
pub(super) const fn ligature(c: char) -> Option<&'static str> {
    Some(match c {
        'ﬀ' => "ff",
        'ﬁ' => "fi",
        'ﬂ' => "fl",
        'ﬃ' => "ffi",
        'ﬄ' => "ffl",
        'ﬅ' | 'ﬆ' => "st",
        'ſ' => "s",
        'ß' => "ss",
        'æ' | 'Æ' => "ae",
        'œ' | 'Œ' => "oe",
        _ => return None,
    })
}

const fn is_dash(c: char) -> bool {
    matches!(c, '-' | '‐' | '‑' | '‒' | '–' | '—' | '―' | '−')
}

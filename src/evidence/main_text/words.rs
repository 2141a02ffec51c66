//! What a line reads like.
//!
//! **In:** the text of a line. **Out:** counts: words, function words, sentence ends,
//! the vocabulary of furniture. **Not here:** the known words (`vocabulary`); where the line
//! stands (`features`).

mod vocabulary;

pub(super) use vocabulary::{Key, ascii_key};
use vocabulary::{STOP, VOCABULARY, Vocabulary, any_key};

/// Kinds of furniture that words tell.
pub(super) const FURNITURE: usize = 8;

/// Counts of a line.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Words {
    pub(super) words: f32,
    pub(super) chars: f32,
    pub(super) stops: f32,
    pub(super) commas: f32,
    /// Ends of sentences.
    pub(super) ends: f32,
    pub(super) digits: f32,
    /// Words that begin with a capital.
    pub(super) capitals: f32,
    /// Signs that set items apart.
    pub(super) bars: f32,
    pub(super) price: bool,
    pub(super) year: bool,
    pub(super) copyright: bool,
    /// 0 a word, 1 the end of a sentence, 2 a colon, 3 a comma, 4 an ellipsis, 5 all else.
    pub(super) last: u8,
    /// 0 a small letter, 1 a capital, 2 a digit, 3 a quotation mark or bracket, 4 all else.
    pub(super) first: u8,
    /// sharing · comments · more of the like · law · account and shop · letters and advertisements · byline · pictures
    pub(super) furniture: [u8; FURNITURE],
}

/// Counts a line.
pub(super) fn count(line: &str) -> Words {
    let mut found = Counts::default();
    found.signs(line.as_bytes());
    let known: &Vocabulary = &VOCABULARY;
    let mut rest = line;
    while !rest.is_empty() {
        // Words are too short for a search that is quick on long texts.
        let (mut length, mut all) = (0, 0);
        for byte in rest.bytes().take_while(|byte| *byte != b' ') {
            length += 1;
            all |= byte;
        }
        let (piece, others) = rest.split_at(length);
        rest = others.get(1..).unwrap_or("");
        if all.is_ascii() && found.folded {
            found.ascii_word(piece.as_bytes(), known);
        } else {
            piece
                .split_whitespace()
                .for_each(|word| found.word(word, known));
            found.foreign_signs(piece);
        }
    }
    found.words(line)
}

/// Counts in the making.
#[derive(Debug, Default)]
struct Counts {
    /// Whether no other white space of ASCII than the space occurs.
    folded: bool,
    words: usize,
    chars: usize,
    stops: usize,
    commas: usize,
    ends: usize,
    digits: usize,
    capitals: usize,
    bars: usize,
    ideographs: usize,
    price: bool,
    year: bool,
    copyright: bool,
    furniture: [u8; FURNITURE],
}

impl Counts {
    /// Counts the characters, and the signs of ASCII among them.
    fn signs(&mut self, line: &[u8]) {
        self.folded = true;
        // As many bytes as can be counted in one, so that it is done in wide registers.
        for part in line.chunks(255) {
            self.chars += count_bytes(part, |byte| byte & 0xc0 != 0x80);
            self.digits += count_bytes(part, |byte| byte.is_ascii_digit());
            self.bars += count_bytes(part, |byte| (byte == b'|') | (byte == b'/'));
            self.price |= count_bytes(part, |byte| byte == b'$') > 0;
            self.folded &= count_bytes(part, |byte| matches!(byte, b'\t'..=b'\r')) == 0;
        }
    }

    /// Counts the signs beyond ASCII.
    fn foreign_signs(&mut self, text: &str) {
        for c in text.chars().filter(|c| !c.is_ascii()) {
            match c {
                '•' | '·' | '›' | '»' | '→' | '▼' | '►' => self.bars += 1,
                '€' | '£' | '¥' | '₹' => self.price = true,
                '©' => self.copyright = true,
                '，' | '、' => self.commas += 1,
                '。' | '！' | '？' => self.ends += 1,
                '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' => self.ideographs += 1,
                _ => {}
            }
        }
    }

    /// Counts a word of ASCII, which may be empty.
    fn ascii_word(&mut self, word: &[u8], known: &Vocabulary) {
        let Some(last) = word.last() else { return };
        self.words += 1;
        self.commas += usize::from(*last == b',');
        let start = word.iter().position(u8::is_ascii_alphanumeric);
        let Some(start) = start else { return };
        let end = word.iter().rposition(u8::is_ascii_alphanumeric);
        let end = end.map_or(start, |last| last + 1);
        let core = word.get(start..end).unwrap_or(&[]);
        self.capitals += usize::from(core.first().is_some_and(u8::is_ascii_uppercase));
        if end < word.len() && core.len() > 1 {
            let closes = |byte: &u8| !matches!(byte, b'"' | b'\'' | b')' | b']');
            let ended = word.iter().rfind(|byte| closes(byte));
            self.ends += usize::from(matches!(ended, Some(b'.' | b'!' | b'?')));
        }
        self.year |= is_year(core);
        self.look_up(ascii_key(core), known);
    }

    /// Counts any word.
    fn word(&mut self, word: &str, known: &Vocabulary) {
        self.words += 1;
        let core = word.trim_matches(|c: char| !c.is_alphanumeric());
        self.capitals += usize::from(core.starts_with(char::is_uppercase));
        self.commas += usize::from(word.ends_with(','));
        let ended = word.trim_end_matches(CLOSING);
        let ended = ended.ends_with(['.', '!', '?', '…']) && core.len() > 1;
        self.ends += usize::from(ended);
        self.year |= is_year(core.as_bytes());
        self.look_up(any_key(core), known);
    }

    fn look_up(&mut self, key: Option<Key>, known: &Vocabulary) {
        match key.and_then(|key| known.get(key)) {
            Some(STOP) => self.stops += 1,
            Some(kind) => {
                if let Some(count) = self.furniture.get_mut(usize::from(kind)) {
                    *count = count.saturating_add(1);
                }
            }
            None => {}
        }
    }

    /// The counts, and how the line begins and ends.
    fn words(self, line: &str) -> Words {
        // A float that counts by ones stops there.
        let float = |count: usize| count.min(1 << f32::MANTISSA_DIGITS) as f32;
        let ideographs = float(self.ideographs);
        Words {
            // Scripts without spaces: two characters are about a word.
            words: float(self.words) + ideographs / 2.0,
            chars: float(self.chars),
            stops: float(self.stops) + ideographs / 6.0,
            commas: float(self.commas),
            ends: float(self.ends),
            digits: float(self.digits),
            capitals: float(self.capitals),
            bars: float(self.bars),
            price: self.price,
            year: self.year,
            copyright: self.copyright,
            last: match line.trim_end_matches(CLOSING).chars().next_back() {
                Some('.' | '!' | '?' | '。' | '！' | '？') => 1,
                Some(':' | '：') => 2,
                Some(',' | ';') => 3,
                Some('…') => 4,
                Some(c) if c.is_alphanumeric() => 0,
                _ => 5,
            },
            first: match line.chars().next() {
                Some(c) if c.is_lowercase() => 0,
                Some(c) if c.is_alphabetic() => 1,
                Some(c) if c.is_numeric() => 2,
                Some('"' | '“' | '„' | '«' | '‘' | '\'' | '(' | '[') => 3,
                _ => 4,
            },
            furniture: self.furniture,
        }
    }
}

/// What closes after the end of a sentence.
const CLOSING: [char; 8] = ['"', '”', '“', '’', '\'', ')', ']', '»'];

/// Counts some of at most 255 bytes.
#[inline]
fn count_bytes(bytes: &[u8], is: impl Fn(u8) -> bool) -> usize {
    let mut count = 0_u8;
    for byte in bytes {
        count = count.wrapping_add(u8::from(is(*byte)));
    }
    usize::from(count)
}

fn is_year(core: &[u8]) -> bool {
    matches!(core, [b'1', b'9', ..] | [b'2', b'0', ..])
        && core.len() == 4
        && core.iter().all(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_counted() {
        let line =
            count("Posted by Ada Lark, 12 May 2019: “The bridge (old) is closed!” – $5 | © ");
        let Words {
            words,
            stops,
            commas,
            ends,
            digits,
            capitals,
            bars,
            ..
        } = line;
        assert_eq!([words, stops, commas, ends], [16.0, 3.0, 1.0, 1.0]);
        assert_eq!([digits, capitals, bars], [7.0, 5.0, 1.0]);
        assert!(line.price && line.year && line.copyright);
        assert_eq!((line.first, line.last, line.furniture[6]), (1, 5, 1));
        let line = count("ÜBER\u{a0}die Brücke；「橋は閉鎖された。」 KOMMENTARE");
        assert_eq!((line.stops, line.furniture[1]), (2.0 + 9.0 / 6.0, 1));
        assert_eq!((line.words, line.ends), (4.0 + 9.0 / 2.0, 1.0));
    }

    proptest::proptest! {
        /// What is quick for ASCII counts as what is right for all.
        #[test]
        fn words_of_ascii_are_words(word in "[!-~]{0,20}|[(\"]?[Tt][Hh][Ee][.,!?)\"']{0,3}|[12]?[09][0-9]{2}") {
            let known: &Vocabulary = &VOCABULARY;
            let (mut quick, mut any) = (Counts::default(), Counts::default());
            quick.ascii_word(word.as_bytes(), known);
            word.split_whitespace().for_each(|word| any.word(word, known));
            proptest::prop_assert_eq!(format!("{quick:?}"), format!("{any:?}"));
        }
    }
}

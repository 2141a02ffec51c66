//! How far a line of text says "not found". One pass of an automaton over the line.

use super::language::{BARE, EXCUSES, LANGUAGES, SORRY, WHOLE};
use aho_corasick::AhoCorasick;
use std::collections::BTreeSet;
use std::sync::LazyLock;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

/// Characters of a line that are looked at: what is longer is no notice.
const MAX_LINE: usize = 300;
/// A line that says so with a word that means only a page, and one that names a document or an article.
const SURE: f64 = 0.85;
const THING: f64 = 0.45;
/// A title that says so with less of its letters tells a story about it, with more it says nothing else.
const FEW: f64 = 0.3;
const MOST: f64 = 0.65;
/// Letters between a place and its not being there ("page … could not be found").
const BETWEEN: usize = 16;
/// What is only sorry.
const IS_SORRY: f64 = 0.3;

/// What a pattern is for: of a language, by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Place(usize),
    Thing(usize),
    Gone(usize),
    Whole,
    Help,
    Excuse,
}

struct Finder {
    automaton: AhoCorasick,
    roles: Vec<Role>,
}

#[expect(clippy::expect_used, reason = "a fixed list of short literals builds")]
static FINDER: LazyLock<Finder> = LazyLock::new(|| {
    let mut patterns: Vec<(String, Role)> = Vec::new();
    let mut add = |words: &[&str], role| {
        patterns.extend(words.iter().map(|word| (normal(word), role)));
    };
    add(WHOLE, Role::Whole);
    add(EXCUSES, Role::Excuse);
    for (number, language) in LANGUAGES.iter().enumerate() {
        add(language.places, Role::Place(number));
        add(language.things, Role::Thing(number));
        add(language.gone, Role::Gone(number));
        add(language.whole, Role::Whole);
        add(language.help, Role::Help);
    }
    let roles = patterns.iter().map(|(_, role)| *role).collect();
    Finder {
        automaton: AhoCorasick::new(patterns.iter().map(|(word, _)| word))
            .expect("a fixed list of short literals builds"),
        roles,
    }
});

static BARE_NORMAL: LazyLock<BTreeSet<String>> =
    LazyLock::new(|| BARE.iter().map(|word| normal(word)).collect());
static SORRY_NORMAL: LazyLock<BTreeSet<String>> =
    LazyLock::new(|| SORRY.iter().map(|word| normal(word)).collect());

/// What a line says.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Said {
    /// How far it says "not found", 0 to 1.
    pub(super) gone: f64,
    /// What share of its letters says so, 0 to 1.
    pub(super) share: f64,
    /// Ways out that it offers.
    pub(super) help: usize,
}

/// What a line says, whatever stands around the words that say it.
pub(super) fn said(line: &str) -> Said {
    let line = normal(line);
    let bare = line.trim_matches(|c: char| !c.is_alphanumeric());
    if BARE_NORMAL.contains(bare) {
        return Said {
            gone: 1.0,
            share: 1.0,
            help: 0,
        };
    }
    let (mut whole, mut help, mut excuse) = (None::<(usize, usize)>, 0, false);
    let mut places = [None::<(usize, usize)>; LANGUAGES.len()];
    let mut things = places;
    let mut gone = places;
    for hit in FINDER.automaton.find_overlapping_iter(&line) {
        let Some(role) = FINDER.roles.get(hit.pattern().as_usize()) else {
            continue;
        };
        let span = (hit.start(), hit.end());
        if !at_word(&line, hit.start()) {
            continue;
        }
        match *role {
            Role::Whole => whole = Some(joined(whole, span)),
            Role::Help => help += 1,
            Role::Excuse => excuse = true,
            Role::Place(number) => note(&mut places, number, span),
            Role::Thing(number) => note(&mut things, number, span),
            Role::Gone(number) => note(&mut gone, number, span),
        }
    }
    if excuse {
        return Said {
            help,
            ..Said::default()
        };
    }
    let mut best = (0.0, None);
    for ((place, thing), gone) in places.iter().zip(&things).zip(&gone) {
        let Some(gone) = *gone else { continue };
        if let Some(span) = place.and_then(|place| beside(&line, place, gone)) {
            best = (SURE, Some(span));
            break;
        }
        if let Some(span) = thing.and_then(|thing| beside(&line, thing, gone)) {
            best = (THING, Some(span));
        }
    }
    if let Some(whole) = whole {
        let after = gone
            .iter()
            .flatten()
            .find_map(|gone| beside(&line, whole, *gone));
        best = (1.0, Some(after.unwrap_or(whole)));
    }
    match best.1 {
        Some((start, end)) => Said {
            gone: best.0,
            share: (end - start) as f64 / line.len().max(1) as f64,
            help,
        },
        None => {
            let sorry = SORRY_NORMAL.contains(bare)
                || bare
                    .split([',', '!', '.', '…', '！', '，'])
                    .next()
                    .is_some_and(|first| SORRY_NORMAL.contains(first.trim()));
            Said {
                gone: if sorry { IS_SORRY } else { 0.0 },
                share: f64::from(u8::from(sorry)),
                help,
            }
        }
    }
}

/// How far a title or heading says "not found": its parts are looked at one by one, and the
/// words must be most of a part ("How to mend a page not found error" is a story's title).
pub(super) fn titled(title: &str) -> f64 {
    let title: String = title.chars().take(MAX_LINE).collect();
    title
        .split(['|', '–', '—', ':', '·', '•', '»', '«', '›', '：'])
        .flat_map(|part| part.split(" - "))
        .chain(title.contains(':').then_some(title.as_str()))
        .map(|part| {
            let said = said(part);
            said.gone * ((said.share - FEW) / (MOST - FEW)).clamp(0.0, 1.0)
        })
        .fold(0.0, f64::max)
}

/// "404" at the beginning or end of a title: of a page, or of a room, a bus, a Peugeot.
pub(super) fn numbered(title: &str) -> bool {
    let title = normal(title);
    let title = title.trim_matches(|c: char| !c.is_alphanumeric());
    title
        .strip_prefix("404")
        .is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric()))
        || title
            .strip_suffix("404")
            .is_some_and(|rest| rest.ends_with([' ', '-', '(']))
}

fn note(spans: &mut [Option<(usize, usize)>], number: usize, span: (usize, usize)) {
    if let Some(known) = spans.get_mut(number) {
        known.get_or_insert(span);
    }
}

fn joined(a: Option<(usize, usize)>, b: (usize, usize)) -> (usize, usize) {
    a.map_or(b, |a| (a.0.min(b.0), a.1.max(b.1)))
}

/// From the one to the other, where few letters stand between: in a story many do.
fn beside(line: &str, a: (usize, usize), b: (usize, usize)) -> Option<(usize, usize)> {
    let between = line.get(a.1.min(b.1)..a.0.max(b.0)).unwrap_or("");
    (between.chars().count() <= BETWEEN).then(|| joined(Some(a), b))
}

/// Whether a word begins here; in a script without spaces it may always.
fn at_word(line: &str, at: usize) -> bool {
    let before = line.get(..at).and_then(|text| text.chars().next_back());
    let here = line.get(at..).and_then(|text| text.chars().next());
    match (before, here) {
        (Some(before), Some(here)) => {
            !before.is_alphanumeric()
                || !here.is_alphanumeric()
                || !has_spaces(before)
                || line.get(at..).is_some_and(|text| text.starts_with("n't"))
        }
        _ => true,
    }
}

/// Scripts that set words apart and put no article or preposition before them without a space.
fn has_spaces(c: char) -> bool {
    matches!(c, 'a'..='z' | '0'..='9' | '\u{df}'..='\u{24f}' | '\u{370}'..='\u{52f}')
}

/// Lower case, one form of every letter, one kind of space and apostrophe.
pub(super) fn normal(text: &str) -> String {
    if text.is_ascii() {
        // Nearly every line: nothing to compose, one letter is one byte.
        let text = text.get(..MAX_LINE).unwrap_or(text);
        let mut folded = String::with_capacity(text.len());
        for word in text.split_ascii_whitespace() {
            if !folded.is_empty() {
                folded.push(' ');
            }
            folded.push_str(word);
        }
        folded.make_ascii_lowercase();
        return match folded.contains('`') {
            true => folded.replace('`', "'"),
            false => folded,
        };
    }
    let chars = text.chars().take(MAX_LINE);
    let text: String = match is_nfkc_quick(chars.clone()) {
        IsNormalized::Yes => lowered(chars),
        _ => lowered(chars.nfkc()),
    };
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ")
}

fn lowered(chars: impl Iterator<Item = char>) -> String {
    chars
        .flat_map(char::to_lowercase)
        // What `İ` leaves, soft hyphens, marks of direction, the Arabic lengthener.
        .filter(|c| {
            !matches!(
                c,
                '\u{307}' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{640}' | '\u{feff}'
            )
        })
        .map(|c| match c {
            '’' | '‘' | 'ʼ' | '`' | '´' => '\'',
            'ё' => 'е',
            c => c,
        })
        .collect()
}

//! The words that a line is known by.
//!
//! **In:** a word. **Out:** whether it is a function word, or of which kind of furniture.
//! **Not here:** what is counted (`words`).
//!
//! Function words are the commonest of ten languages together: prose has about as many of
//! them in each, and a navigation has none in any. A word is looked up as two numbers: its
//! bytes, in lower case.

use super::FURNITURE;
use crate::evidence::quick_hash::{Packed, packed};
use std::sync::LazyLock;

/// A word in lower case of at most 16 bytes, packed.
pub(in super::super) type Key = Packed;

pub(in super::super) fn ascii_key(word: &[u8]) -> Option<Key> {
    let (one, two) = packed(word)?;
    Some((lower(one), lower(two)))
}

/// Eight bytes, those of A to Z in lower case.
const fn lower(bytes: u64) -> u64 {
    const ONES: u64 = u64::MAX / 255;
    let low = bytes & (0x7f * ONES);
    // Each byte's high bit tells whether it is at least the one, and beyond the other.
    let from_a = low + (0x80 - b'A' as u64) * ONES;
    let beyond_z = low + (0x7f - b'Z' as u64) * ONES;
    let capital = from_a & !beyond_z & !bytes & (0x80 * ONES);
    bytes | capital >> 2
}

pub(super) fn any_key(word: &str) -> Option<Key> {
    if word.len() > 16 {
        return None;
    }
    if word.is_ascii() {
        return ascii_key(word.as_bytes());
    }
    let mut bytes = [0; 16];
    let mut length = 0;
    for c in word.chars().flat_map(char::to_lowercase) {
        c.encode_utf8(bytes.get_mut(length..length + c.len_utf8())?);
        length += c.len_utf8();
    }
    let (first, last) = bytes.split_at(8);
    let number = |bytes: &[u8]| bytes.try_into().map_or(0, u64::from_le_bytes);
    Some((number(first), number(last)))
}

/// The kind of a function word; others have the number of their furniture.
pub(super) const STOP: u8 = u8::MAX;
/// Places of the table, several for each word.
const PLACES: usize = 2048;

/// The known words.
#[derive(Debug)]
pub(super) struct Vocabulary {
    /// For a word's hash, the first place to look for it: its number in `words`, plus 1; 0 is free.
    places: Vec<u16>,
    words: Vec<(Key, u8)>,
}

pub(super) static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| {
    let mut known = Vocabulary {
        places: vec![0; PLACES],
        words: Vec::new(),
    };
    for word in STOPS {
        known.add(word, STOP);
    }
    for (kind, words) in (0..).zip(KINDS) {
        for word in words {
            known.add(word, kind);
        }
    }
    known
});

impl Vocabulary {
    fn add(&mut self, word: &str, kind: u8) {
        // A word longer than a key is not looked for; of two kinds the first holds.
        let Some(key) = any_key(word) else { return };
        if self.get(key).is_some() {
            return;
        }
        self.words.push((key, kind));
        let mut at = place(key);
        while let Some(taken) = self.places.get_mut(at) {
            if *taken == 0 {
                *taken = self.words.len() as u16;
                return;
            }
            at = (at + 1) % PLACES;
        }
    }

    pub(super) fn get(&self, key: Key) -> Option<u8> {
        let mut at = place(key);
        loop {
            let number = self.places.get(at).filter(|number| **number > 0)?;
            let (other, kind) = self.words.get(usize::from(*number) - 1)?;
            if *other == key {
                return Some(*kind);
            }
            at = (at + 1) % PLACES;
        }
    }
}

const fn place(key: Key) -> usize {
    let mixed = (key.0 ^ key.1.rotate_left(29)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed >> 53) as usize % PLACES
}

#[rustfmt::skip]
const STOPS: &[&str] = &[
    // English
    "the", "of", "and", "a", "to", "in", "is", "was", "that", "for", "it", "with", "as", "his", "on", "be",
    "at", "by", "i", "this", "had", "not", "are", "but", "from", "or", "have", "an", "they", "which", "you",
    "were", "their", "has", "would", "been", "will", "who", "if", "he", "she", "we", "there", "can", "than",
    "its", "when", "what", "so", "said", "because", "while", "where", "also", "these", "those", "could",
    // German
    "der", "die", "und", "den", "von", "zu", "das", "mit", "sich", "des", "auf", "für", "ist", "im",
    "dem", "nicht", "ein", "eine", "als", "auch", "es", "werden", "aus", "hat", "dass", "sie", "nach",
    "wird", "bei", "einer", "einen", "einem", "um", "am", "sind", "noch", "wie", "über", "zum", "war",
    "haben", "nur", "oder", "aber", "vor", "zur", "bis", "man", "ich", "wir", "ihr", "wenn", "kann", "durch",
    // French
    "le", "la", "les", "et", "du", "en", "un", "une", "est", "que", "qui", "dans", "pour", "par",
    "sur", "pas", "plus", "il", "au", "avec", "ce", "sont", "elle", "ou", "nous", "vous",
    // Spanish, Portuguese, Italian
    "el", "los", "las", "y", "una", "por", "con", "no", "para", "su", "del", "como", "al", "lo", "más",
    "o", "e", "do", "da", "em", "uma", "não", "os", "dos", "na", "mais", "di", "che", "per", "non",
    "della", "sono", "nel", "si", "ma", "anche", "gli",
    // Dutch, Swedish, Norwegian, Danish
    "het", "een", "van", "op", "te", "dat", "zijn", "voor", "niet", "aan", "met", "och", "att", "det", "som",
    "på", "är", "av", "för", "til", "og", "ikke", "jeg", "var", "har", "de", "med", "ett",
    // Polish, Czech, Russian, Greek, Turkish
    "w", "się", "z", "nie", "jest", "že", "se", "je", "и", "в", "не", "на", "что", "с", "по", "как",
    "το", "και", "του", "να", "η", "ve", "bir", "bu", "için",
];

#[rustfmt::skip]
const KINDS: [&[&str]; FURNITURE] = [
    &[
        "share", "teilen", "tweet", "facebook", "twitter", "linkedin", "instagram", "pinterest", "whatsapp", "youtube",
        "partager", "compartir", "xing", "telegram", "follow", "folgen", "tumblr", "reddit", "flattr", "like", "likes",
        "drucken", "print", "rss", "feed", "pocket",
    ],
    &[
        "comment", "comments", "kommentar", "kommentare", "kommentieren", "reply", "antworten", "commentaires", "répondre",
        "comentarios", "antwort", "replies", "kommentarer", "reacties", "trackback", "pingback", "pingbacks",
    ],
    &[
        "related", "read", "more", "weiterlesen", "mehr", "lesen", "ähnliche", "beiträge", "verwandte", "similar", "popular",
        "trending", "latest", "recommended", "aktuelle", "neueste", "weitere", "beitrag", "vorheriger", "nächster", "previous",
        "next", "recent", "posts", "articles", "artikel", "view", "see", "learn", "suite", "lire", "meistgelesen",
        "archiv", "archive", "categories", "kategorien", "kategorie", "tags", "schlagwörter", "tag", "category", "filed",
    ],
    &[
        "copyright", "privacy", "policy", "terms", "impressum", "datenschutz", "datenschutzerklärung", "agb", "cookie", "cookies",
        "rights", "reserved", "rechte", "vorbehalten", "disclaimer", "kontakt", "contact", "imprint", "accept", "consent",
        "akzeptieren", "legal", "conditions", "gdpr", "dsgvo", "confidentialité", "mentions",
    ],
    &[
        "login", "log", "sign", "register", "anmelden", "registrieren", "account", "konto", "password", "passwort", "cart",
        "warenkorb", "checkout", "shipping", "returns", "wishlist", "add", "buy", "menu", "menü", "search", "suche", "suchen",
        "home", "startseite", "navigation", "skip", "sort", "filter", "username", "basket", "quantity", "stock",
    ],
    &[
        "newsletter", "subscribe", "abonnieren", "email", "e-mail", "mail", "advertisement", "anzeige", "werbung", "sponsored",
        "promoted", "subscription", "abo", "download", "donate", "spenden", "unsubscribe", "affiliate", "inbox",
        "abonnez", "subscribers",
    ],
    &[
        "by", "posted", "published", "updated", "author", "autor", "veröffentlicht", "written", "editor", "staff", "ago",
        "uhr", "aktualisiert", "redaktion", "reporter", "correspondent", "min", "minutes", "january", "february", "march",
        "april", "june", "july", "august", "september", "october", "november", "december", "januar", "februar", "märz",
        "juni", "juli", "oktober", "dezember", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "oct", "nov",
        "dec", "pm",
    ],
    &[
        "photo", "image", "foto", "bild", "getty", "images", "credit", "reuters", "afp", "dpa", "shutterstock", "photograph",
        "courtesy", "picture", "pictures", "fotos", "photos", "unsplash", "quelle", "source", "video", "gallery",
    ],
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_found() {
        for word in STOPS {
            assert_eq!(
                any_key(word).and_then(|key| VOCABULARY.get(key)),
                Some(STOP),
                "{word}"
            );
        }
        for word in KINDS.iter().copied().flatten() {
            let found = any_key(&word.to_uppercase()).map(|key| VOCABULARY.get(key).is_some());
            assert_eq!(found, (word.len() <= 16).then_some(true), "{word}");
        }
        assert!(any_key("bridge").is_some_and(|key| VOCABULARY.get(key).is_none()));
        assert!(VOCABULARY.words.len() < PLACES / 2);
    }

    proptest::proptest! {
        #[test]
        fn a_key_is_the_bytes_in_lower_case(word in "[ -~]{1,18}") {
            let mut bytes = word.to_ascii_lowercase().into_bytes();
            bytes.resize(16.max(bytes.len()), 0);
            let number = |at: usize| u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap());
            let expected = (word.len() <= 16).then(|| (number(0), number(8)));
            proptest::prop_assert_eq!(ascii_key(word.as_bytes()), expected);
        }
    }
}

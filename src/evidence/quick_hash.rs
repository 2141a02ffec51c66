//! Hashes of what a page has thousands of: the names of its classes, its words, its elements.
//!
//! **Not here:** anything kept or shown. A map's hash is salted once a run, so that no page can be
//! made that fills one place of it.

use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, Hasher, RandomState};
use std::sync::LazyLock;

/// A map with such a hash.
pub(super) type QuickMap<K, V> = HashMap<K, V, BuildHasherDefault<Quick>>;

static SALT: LazyLock<u64> = LazyLock::new(|| RandomState::new().hash_one(0));

/// Multiplies eight bytes at a time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Quick(u64);

impl Default for Quick {
    fn default() -> Self {
        Self(*SALT)
    }
}

impl Hasher for Quick {
    fn write(&mut self, bytes: &[u8]) {
        self.0 = of_bytes(self.0, bytes);
    }

    fn write_u8(&mut self, byte: u8) {
        self.0 = mixed(self.0, u64::from(byte));
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = mixed(self.0, number);
    }

    fn write_usize(&mut self, number: usize) {
        self.0 = mixed(self.0, number as u64);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// The two halves of a product, folded.
const fn mixed(hash: u64, number: u64) -> u64 {
    let product = (hash ^ number ^ 0x9E37_79B9_7F4A_7C15) as u128 * 0xD6E8_FEB8_6659_FD93;
    (product as u64) ^ ((product >> 64) as u64)
}

/// What no page can know, to begin a hash with.
pub(super) fn salt() -> u64 {
    *SALT
}

/// A hash of bytes that no page can know.
pub(super) fn salted(bytes: &[u8]) -> u64 {
    of_bytes(*SALT, bytes)
}

/// A short word as two numbers: its bytes, and noughts. Two words without NUL that have the same
/// ones are the same word.
pub(super) type Packed = (u64, u64);

/// Packs a word of 1 to 16 bytes; none for others.
pub(super) fn packed(word: &[u8]) -> Option<Packed> {
    let (first, last) = (word.first_chunk(), word.last_chunk());
    match (word.len(), first, last) {
        (1..8, ..) => Some((of_seven(word), 0)),
        (8, Some(first), _) => Some((u64::from_le_bytes(*first), 0)),
        (9..=16, Some(first), Some(last)) => {
            // The bytes that both have are shifted out.
            let last = u64::from_le_bytes(*last) >> (8 * (16 - word.len()));
            Some((u64::from_le_bytes(*first), last))
        }
        _ => None,
    }
}

/// At most seven bytes as a number.
fn of_seven(word: &[u8]) -> u64 {
    if let (Some(first), Some(last)) = (word.first_chunk(), word.last_chunk()) {
        let (first, last) = (u32::from_le_bytes(*first), u32::from_le_bytes(*last));
        return u64::from(first) | u64::from(last) << (8 * (word.len() - 4));
    }
    let byte = |at: usize| u64::from(word.get(at).copied().unwrap_or(0));
    byte(0) | byte(1) << 8 | byte(2) << 16
}

/// A hash of a packed word.
pub(super) const fn of_packed(seed: u64, word: Packed) -> u64 {
    mixed(mixed(seed, word.0), word.1)
}

/// A hash of bytes that is the same in every run.
pub(super) fn of_bytes(seed: u64, bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks::<8>();
    let mut hash = mixed(seed, bytes.len() as u64);
    for word in words {
        hash = mixed(hash, u64::from_le_bytes(*word));
    }
    let last = rest
        .iter()
        .fold(0, |last, byte| last << 8 | u64::from(*byte));
    mixed(hash, last)
}

/// A hash of a text's letters, its digits left out.
pub(super) fn without_digits(text: &str) -> u64 {
    let mut kept = [0_u8; 256];
    let (mut hash, mut length) = (0, 0);
    for byte in text.bytes().filter(|byte| !byte.is_ascii_digit()) {
        if let Some(place) = kept.get_mut(length) {
            *place = byte;
        }
        length += 1;
        if length == kept.len() {
            hash = of_bytes(hash, &kept);
            length = 0;
        }
    }
    of_bytes(hash, kept.get(..length).unwrap_or(&[]))
}

//! Addresses that stand printed in a text.
//!
//! **In:** a text. **Out:** the spans of the addresses in it, as a reader would
//! cut them, and for such words the address they stand for. **Not here:** when two
//! addresses are one source (`citation::canonical`), links that a format marks.
//!
//! `find` cuts web addresses out of running text, `identifier` knows the names
//! that have a resolver (DOI, arXiv, handles, PubMed). What is found keeps the
//! words as printed; [`stands_for`] says which address that is.

mod find;
mod identifier;

use super::ByteSpan;

/// Bytes of an address; longer ones are data in the form of an address.
/// RFC 9110, section 4.1, asks for at least 8,000.
const MAX_ADDRESS: usize = 8_192;

/// The addresses printed in a text, in order.
pub(super) fn printed(text: &str) -> impl Iterator<Item = ByteSpan> + use<> {
    let mut spans = find::web(text);
    let names = identifier::names(text);
    let free: Vec<ByteSpan> = names
        .into_iter()
        .filter(|name| {
            let next = spans.partition_point(|span| span.end <= name.start);
            !spans.get(next).is_some_and(|span| span.overlaps(*name))
        })
        .collect();
    spans.extend(free);
    spans.sort_unstable();
    spans.into_iter()
}

/// The address that printed words stand for, where it is not the words themselves:
/// `hxxp://example[.]org`, `www.example.org`, `example.org/a`, `doi:10.1000/1`, `arXiv:2101.00001`.
#[must_use]
pub fn stands_for(printed: &str) -> Option<String> {
    let plain: String = printed
        .chars()
        .filter(|c| !find::is_invisible(*c))
        .collect();
    let plain = plain.trim();
    if let Some(address) = identifier::resolver(plain) {
        return Some(address);
    }
    if let Some(address) = find::refanged(plain) {
        return Some(address);
    }
    if find::is_bare(plain) {
        return Some(format!("http://{plain}"));
    }
    (plain.len() != printed.trim().len()).then(|| plain.to_owned())
}

#[cfg(test)]
mod tests;

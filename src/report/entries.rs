//! The lists of a report: a hundred thousand entries as well as three.
//!
//! **In:** entries, one by one. **Out:** the same, in the same order, as often as they are
//! wanted; as JSON a plain list. **Not here:** what an entry says.
//!
//! An entry takes some 3 KB. Of a long list only the last few stand as they are; the others are
//! packed, so many at once, and a reader has one lot of them open at a time.

use crate::packed::{Packed, Press};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::{DeserializeOwned, SeqAccess, Visitor};
use serde::ser::{Error as _, SerializeSeq};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

/// Entries that are packed together; lists that are no longer than that are not packed.
const LOT: usize = 64;

/// A list of entries in order.
#[derive(Clone)]
pub struct Entries<T> {
    /// [`LOT`] entries each, as a JSON list.
    lots: Vec<Packed>,
    last: Vec<T>,
}

impl<T> Entries<T> {
    /// An empty list.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            lots: Vec::new(),
            last: Vec::new(),
        }
    }

    /// How many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.lots.len() * LOT + self.last.len()
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl<T: Serialize + DeserializeOwned + Clone> Entries<T> {
    /// Adds one at the end.
    pub fn push(&mut self, entry: T) {
        self.last.push(entry);
        if self.last.len() == LOT
            && let Some(lot) = pack(&self.last)
        {
            self.lots.push(lot);
            self.last.clear();
        }
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = Cow<'_, T>> {
        let lots = self.lots.iter().flat_map(open).map(Cow::Owned);
        lots.chain(self.last.iter().map(Cow::Borrowed))
    }

    /// All of them as another type that knows some of their fields: the others are not read.
    pub fn glean<U: DeserializeOwned>(&self) -> impl Iterator<Item = U> {
        let last = pack(&self.last).into_iter();
        let lots = self.lots.iter().flat_map(open);
        lots.chain(last.flat_map(|lot| open(&lot)))
    }

    /// The same list, for JSON without white space: what is packed is written as it is.
    pub(super) const fn as_packed(&self) -> AsPacked<'_, T> {
        AsPacked(self)
    }

    /// The first.
    #[must_use]
    pub fn first(&self) -> Option<Cow<'_, T>> {
        self.iter().next()
    }

    /// A way to look at some of them, here and there.
    #[must_use]
    pub const fn glance(&self) -> Glance<'_, T> {
        Glance {
            entries: self,
            open: None,
        }
    }
}

fn pack<T: Serialize>(entries: &[T]) -> Option<Packed> {
    Press::new().pack(&serde_json::to_vec(entries).ok()?)
}

/// What was packed opens: it was JSON made of these types, and it never left memory.
fn open<T: DeserializeOwned>(lot: &Packed) -> Vec<T> {
    let entries = lot
        .open()
        .and_then(|text| serde_json::from_slice(&text).ok());
    debug_assert!(entries.is_some(), "a lot of entries does not open");
    entries.unwrap_or_default()
}

/// Looks at entries by number; quick where one looks at neighbours in turn.
#[derive(Debug)]
pub struct Glance<'e, T: Serialize + DeserializeOwned + Clone> {
    entries: &'e Entries<T>,
    open: Option<(usize, Vec<T>)>,
}

impl<T: Serialize + DeserializeOwned + Clone> Glance<'_, T> {
    /// The entry of a number, counted from 0.
    pub fn at(&mut self, number: usize) -> Option<&T> {
        let wanted = number / LOT;
        let Some(lot) = self.entries.lots.get(wanted) else {
            return self
                .entries
                .last
                .get(number - self.entries.lots.len() * LOT);
        };
        let held = self.open.take().filter(|(held, _)| *held == wanted);
        let (_, entries) = self
            .open
            .insert(held.unwrap_or_else(|| (wanted, open(lot))));
        entries.get(number % LOT)
    }
}

impl<T> Default for Entries<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Serialize + DeserializeOwned + Clone> Extend<T> for Entries<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, entries: I) {
        entries.into_iter().for_each(|entry| self.push(entry));
    }
}

impl<T: Serialize + DeserializeOwned + Clone> FromIterator<T> for Entries<T> {
    fn from_iter<I: IntoIterator<Item = T>>(entries: I) -> Self {
        let mut list = Self::new();
        list.extend(entries);
        list
    }
}

impl<T: Serialize + DeserializeOwned + Clone + PartialEq> PartialEq for Entries<T> {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().eq(other.iter())
    }
}

impl<T: Serialize + DeserializeOwned + Clone + fmt::Debug> fmt::Debug for Entries<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.iter()).finish()
    }
}

impl<T: Serialize + DeserializeOwned + Clone> Serialize for Entries<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

/// A list as [`Entries::as_packed`] has it.
pub(super) struct AsPacked<'e, T>(&'e Entries<T>);

impl<T: Serialize> Serialize for AsPacked<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Entries { lots, last } = self.0;
        let mut list = serializer.serialize_seq(None)?;
        for lot in lots {
            let text = lot.open().unwrap_or_default();
            let entries = serde_json::from_slice::<Vec<&RawValue>>(&text);
            for entry in entries.map_err(S::Error::custom)? {
                list.serialize_element(entry)?;
            }
        }
        for entry in last {
            list.serialize_element(entry)?;
        }
        list.end()
    }
}

impl<'de, T: Serialize + DeserializeOwned + Clone> Deserialize<'de> for Entries<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Filling(Self::new()))
    }
}

struct Filling<T>(Entries<T>);

impl<'de, T: Serialize + DeserializeOwned + Clone> Visitor<'de> for Filling<T> {
    type Value = Entries<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<Entries<T>, A::Error> {
        while let Some(item) = items.next_element()? {
            self.0.push(item);
        }
        Ok(self.0)
    }
}

impl<T: JsonSchema> JsonSchema for Entries<T> {
    fn inline_schema() -> bool {
        Vec::<T>::inline_schema()
    }

    fn schema_name() -> Cow<'static, str> {
        Vec::<T>::schema_name()
    }

    fn schema_id() -> Cow<'static, str> {
        Vec::<T>::schema_id()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Vec::<T>::json_schema(generator)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_list_is_what_was_put_in() {
        for length in [0, 1, LOT - 1, LOT, LOT + 1, 3 * LOT, 3 * LOT + 7] {
            let plain: Vec<(usize, String, f64)> = (0..length)
                .map(|number| {
                    (
                        number,
                        format!("„{number}“\u{0}\n"),
                        1.0 / (number as f64 + 3.0),
                    )
                })
                .collect();
            let list: Entries<_> = plain.iter().cloned().collect();
            assert_eq!(list.len(), length);
            assert_eq!(list.is_empty(), length == 0);
            let again: Vec<_> = list.iter().map(Cow::into_owned).collect();
            assert_eq!(again, plain);
            let json = serde_json::to_string(&list).unwrap();
            assert_eq!(json, serde_json::to_string(&plain).unwrap());
            assert_eq!(json, serde_json::to_string(&list.as_packed()).unwrap());
            let gleaned: Vec<(usize, String, f64)> = list.glean().collect();
            assert_eq!(gleaned, plain);
            let read: Entries<(usize, String, f64)> = serde_json::from_str(&json).unwrap();
            assert_eq!(read, list);
            let mut glance = list.glance();
            for number in (0..length).rev().chain(0..length) {
                assert_eq!(glance.at(number), plain.get(number));
            }
            assert_eq!(glance.at(length), None);
            assert_eq!(glance.at(usize::MAX), None);
        }
    }

    #[test]
    fn another_entry_makes_another_list() {
        let list: Entries<usize> = (0..100).collect();
        let other: Entries<usize> = (0..99).chain([7]).collect();
        assert_ne!(list, other);
        assert_ne!(list, (0..99).collect());
    }
}

//! In which order sources are best begun. Pure: addresses in, places in the list out.
//!
//! A host with many sources takes long, because few of its requests may be under way at
//! once. Begun last, it would keep a run alive alone; so whatever has the longest queue
//! left goes first.

use std::collections::BTreeMap;
use url::Url;

/// The order in which to begin: places in `urls`, the longest queue left first. Sources of
/// one host keep their order; those that cannot be asked (none) come first, they cost nothing.
#[must_use]
pub fn longest_queue_first(urls: &[Option<&Url>]) -> Vec<usize> {
    let host = |url: &Url| url.host_str().unwrap_or_default().to_owned();
    let mut queues: BTreeMap<String, usize> = BTreeMap::new();
    for url in urls.iter().flatten() {
        *queues.entry(host(url)).or_default() += 1;
    }
    let mut order: Vec<(usize, usize)> = urls
        .iter()
        .enumerate()
        .map(|(place, url)| {
            let Some(url) = url else {
                return (usize::MAX, place);
            };
            let left = queues.entry(host(url)).or_default();
            let mine = *left;
            *left = left.saturating_sub(1);
            (mine, place)
        })
        .collect();
    order.sort_by_key(|(left, place)| (std::cmp::Reverse(*left), *place));
    order.into_iter().map(|(_, place)| place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_queue_left_goes_first() {
        let check = |urls: &[&str], expected: &[usize]| {
            let urls: Vec<Option<Url>> = urls.iter().map(|url| Url::parse(url).ok()).collect();
            let urls: Vec<Option<&Url>> = urls.iter().map(Option::as_ref).collect();
            assert_eq!(longest_queue_first(&urls), expected);
        };
        check(&[], &[]);
        check(
            &[
                "http://a/1",
                "http://b/1",
                "http://b/2",
                "http://b/3",
                "http://c/1",
            ],
            &[1, 2, 0, 3, 4],
        );
        check(&["http://a/1", "", "http://a/2"], &[1, 0, 2]);
    }
}

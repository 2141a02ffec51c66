//! What links of a page have in common.
//!
//! **In:** the measured elements, and which of them are left. **Out:** counts over the whole
//! page: links to the same directory, neighbours of one kind, and links in a row with hardly a
//! word between them. **Not here:** what is around one link (`place`).
//!
//! A menu, a directory or a list of teasers is known by its many like links rather than by
//! any one of them.

use super::super::article::{Site, is_heading, is_home};
use super::super::tree::Node;
use super::super::words::controls;
use super::features::Features;
use super::{Row, block_of, flag, href, scale, share};
use std::collections::HashMap;

/// Characters between two links of a row: a divider, a date, a number.
const GAP: usize = 24;
/// Links of a row to one directory of the site, with short words, that make it a directory:
/// of places, of letters, of months.
const DIRECTORY: usize = 20;
/// Characters of a name in a directory, on the average.
const NAME: usize = 24;
/// Links that a sentence announces at most.
const ANNOUNCED: usize = 12;

/// Parent, tag and first class.
pub(super) type Kind<'a> = (usize, &'a str, &'a str);

pub(super) fn kind<'a>(node: &Node<'a>) -> Kind<'a> {
    let class = node.element.attr("class").unwrap_or("");
    let class = class.split_whitespace().next().unwrap_or("");
    (node.parent, node.element.name(), class)
}

/// What is counted over the whole page.
#[derive(Default)]
pub(super) struct Groups<'a> {
    /// Links to the same directory.
    shapes: HashMap<&'a str, Shape>,
    /// Neighbours of the same tag and class that hold links.
    like: HashMap<Kind<'a>, usize>,
    /// Links of a block that lead to people's own pages.
    profiles: HashMap<usize, usize>,
    /// Links that stand in sentences, and those of them that lead to the page's own site.
    prose: (usize, usize),
    links: usize,
    /// How many pictures, headings and links to the page's own site came before each element.
    pictures: Vec<usize>,
    headings: Vec<usize>,
    homes: Vec<usize>,
}

/// Links to one directory.
#[derive(Default, Clone, Copy)]
struct Shape {
    alone: usize,
    prose: usize,
    all: usize,
    elsewhere: usize,
}

/// The directory that an address leads to.
fn shape(href: &str) -> &str {
    let path = href.split(['?', '#']).next().unwrap_or("");
    let path = path.trim_end_matches('/');
    path.rfind('/').and_then(|at| path.get(..at)).unwrap_or("")
}

/// What of a page is left, as marks over its elements.
pub(super) struct Left<'p> {
    pub(super) gone: &'p [bool],
    /// Whether each element stands in a sentence.
    pub(super) prose: &'p [bool],
}

impl<'a> Groups<'a> {
    pub(super) fn of(nodes: &[Node<'a>], left: &Left<'_>, site: Site<'_>) -> Self {
        let mut groups = Self::default();
        let (mut pictures, mut headings, mut homes) = (0, 0, 0);
        for (index, node) in nodes.iter().enumerate() {
            groups.pictures.push(pictures);
            groups.headings.push(headings);
            groups.homes.push(homes);
            let gone = left.gone.get(index) == Some(&true);
            if !gone {
                pictures += usize::from(matches!(node.element.name(), "img" | "picture"));
                headings += usize::from(is_heading(node));
            }
            if node.own.links == 0 {
                continue;
            }
            let to = href(node);
            let like = groups.shapes.entry(shape(to)).or_default();
            if gone {
                like.elsewhere += 1;
                continue;
            }
            let is_home = is_home(to, site);
            let prose = left.prose.get(index) == Some(&true);
            like.all += 1;
            like.alone += usize::from(node.alone);
            like.prose += usize::from(prose);
            homes += usize::from(is_home);
            groups.links += 1;
            groups.prose.0 += usize::from(prose);
            groups.prose.1 += usize::from(prose && is_home);
            if controls::is_profile(to)
                && let Some(block) = block_of(nodes, index)
            {
                *groups.profiles.entry(block).or_default() += 1;
            }
        }
        groups
    }

    /// Counts an element that holds links.
    pub(super) fn hold(&mut self, node: &Node<'a>) {
        *self.like.entry(kind(node)).or_default() += 1;
    }

    /// How many neighbours of the same kind hold links.
    pub(super) fn like(&self, node: &Node<'a>) -> usize {
        self.like.get(&kind(node)).copied().unwrap_or(0)
    }

    /// How many links of a block lead to people's own pages.
    pub(super) fn profiles(&self, block: usize) -> usize {
        self.profiles.get(&block).copied().unwrap_or(0)
    }

    pub(super) fn has_picture(&self, index: usize, end: usize) -> bool {
        between(&self.pictures, index, end) > 0
    }

    pub(super) fn has_heading(&self, index: usize, end: usize) -> bool {
        between(&self.headings, index, end) > 0
    }

    /// Links to the page's own site in an element.
    pub(super) fn homes(&self, index: usize, end: usize) -> usize {
        between(&self.homes, index, end)
    }

    /// What a link has in common with others.
    pub(super) fn tell(&self, node: &Node<'_>, row: &mut Features) {
        let to = href(node);
        let like = self.shapes.get(shape(to)).copied().unwrap_or_default();
        row.shape_alone = scale(like.alone);
        row.shape_prose = share(like.prose, like.all);
        row.shape_elsewhere = scale(like.elsewhere);
        row.page_prose = share(self.prose.0, self.links);
        row.page_home = share(self.prose.1, self.prose.0);
    }
}

/// What lies between two places of a running count.
fn between(count: &[usize], start: usize, end: usize) -> usize {
    let last = count.last().copied().unwrap_or(0);
    let at = |index: usize| count.get(index).copied().unwrap_or(last);
    at(end).saturating_sub(at(start))
}

/// A link as it stands in a row of links.
pub(super) struct InRow<'a> {
    /// How much is said before it, outside of links.
    pub(super) at: usize,
    pub(super) href: &'a str,
    /// Characters of its words.
    pub(super) length: usize,
    pub(super) is_home: bool,
}

/// Tells each link how far it is from its neighbours, and what row it stands in.
pub(super) fn tell_rows(links: &[InRow<'_>], total: usize, rows: &mut [Row]) {
    let gap = |one: usize, other: usize| {
        let at = |index: usize| links.get(index).map_or(total, |link| link.at);
        at(other).saturating_sub(at(one))
    };
    let mut start = 0;
    while start < links.len() {
        let mut end = start + 1;
        while end < links.len() && gap(end - 1, end) <= GAP {
            end += 1;
        }
        let run = links.get(start..end).unwrap_or_default();
        let homes = run.iter().filter(|link| link.is_home).count();
        let length: usize = run.iter().map(|link| link.length).sum();
        let mut shapes: HashMap<&str, usize> = HashMap::new();
        for link in run {
            *shapes.entry(shape(link.href)).or_default() += 1;
        }
        // The first of those that lead to it, where two directories are even.
        let kind = run.iter().map(|link| shape(link.href));
        let kind = kind.rev().max_by_key(|kind| shapes.get(kind));
        let most = kind.and_then(|kind| shapes.get(kind)).copied().unwrap_or(0);
        let is_directory = run.len() >= DIRECTORY
            && homes * 10 >= run.len() * 9
            && most * 10 >= run.len() * 8
            && length <= run.len() * NAME;
        for index in start..end {
            let Some(row) = rows.get_mut(index) else {
                return;
            };
            let own = links.get(index).map(|link| shape(link.href));
            row.is_directory = is_directory && row.features.alone > 0.0 && own == kind;
            row.is_promised &= run.len() <= ANNOUNCED;
            let row = &mut row.features;
            row.run = scale(run.len());
            row.run_home = share(homes, run.len());
            row.run_shape = share(most, run.len());
            row.run_length = scale(length / run.len());
            row.gap_before = scale(if index == 0 {
                links.first().map_or(0, |link| link.at)
            } else {
                gap(index - 1, index)
            });
            row.gap_after = scale(gap(index, index + 1));
            row.home = flag(links.get(index).is_some_and(|link| link.is_home));
        }
        start = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_one_directory_have_one_shape() {
        fn check(href: &str, expected: &str) {
            assert_eq!(shape(href), expected, "{href}");
        }
        check("/states/ohio", "/states");
        check("/states/utah/?from=menu", "/states");
        check("https://e.example/a/b.html#c", "https://e.example/a");
        check("utah.html", "");
        check("", "");
    }

    fn told(links: &[(usize, &'static str, usize)]) -> Vec<Row> {
        let mut rows: Vec<_> = (0..links.len())
            .map(|index| Row {
                is_promised: true,
                ..Row::of(
                    index,
                    Features {
                        alone: 1.0,
                        ..Features::default()
                    },
                )
            })
            .collect();
        let links: Vec<_> = links
            .iter()
            .map(|(at, href, length)| InRow {
                at: *at,
                href,
                length: *length,
                is_home: href.starts_with('/'),
            })
            .collect();
        tell_rows(&links, 400, &mut rows);
        rows
    }

    #[test]
    fn links_with_words_between_them_are_no_row() {
        let rows = told(&[
            (100, "/a/1", 4),
            (102, "/a/2", 4),
            (110, "https://e.example/", 4),
            (300, "/a/3", 4),
        ]);
        let (first, last) = (rows[0].features, rows[3].features);
        assert_eq!((first.run, last.run), (scale(3), scale(1)));
        assert_eq!((first.run_home, last.run_home), (share(2, 3), 1.0));
        assert_eq!((first.gap_before, last.gap_after), (scale(100), scale(100)));
        assert!(rows.iter().all(|row| row.is_promised && !row.is_directory));
    }

    #[test]
    fn many_short_names_of_one_directory_are_a_directory() {
        let check = |count: usize, href: &'static str, length: usize, expected: (bool, bool)| {
            let rows = told(&vec![(7, href, length); count]);
            for row in rows {
                assert_eq!((row.is_directory, row.is_promised), expected);
            }
        };
        check(50, "/states/ohio", 4, (true, false));
        check(19, "/states/ohio", 4, (false, false));
        check(12, "/states/ohio", 4, (false, true));
        // Titles of other places, and other houses' pages, are cited.
        check(50, "/essays/ferry", 40, (false, false));
        check(50, "https://e.example/ohio", 4, (false, false));
        // What stands beside it is none of it.
        let mut links = vec![(7, "/states/ohio", 4); 50];
        links.push((9, "/essays/ferry", 4));
        let rows = told(&links);
        assert!(rows.first().is_some_and(|row| row.is_directory));
        assert!(rows.last().is_some_and(|row| !row.is_directory));
    }
}

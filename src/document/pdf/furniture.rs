//! What stands on every page and belongs to none: running heads, feet, page numbers.
//!
//! **In:** the lines of all pages. **Out:** which of them are set apart. **Not here:** notes.

use super::flow::{FlowLine, FlowPage};
use std::collections::HashMap;

/// The share of a page's height at its top and at its foot where furniture stands.
const ZONE: f64 = 0.1;
/// The share of a page's height where a page number may stand, if nothing stands beyond it.
const NUMBER_ZONE: f64 = 0.2;
/// How many pages have to have a line before it counts as repeated; two pages repeat little by chance.
const REPEATS: usize = 3;

/// For each page, for each line, whether it is set apart.
pub(super) fn furniture(pages: &[FlowPage]) -> Vec<Vec<bool>> {
    let mut seen: HashMap<(bool, String), usize> = HashMap::new();
    for page in pages {
        let mut here: Vec<(bool, String)> = page
            .lines
            .iter()
            .filter_map(|line| {
                Some((
                    zone(line.bounds.top, line.bounds.bottom, page.height)?,
                    shape(&line.text),
                ))
            })
            .collect();
        here.sort_unstable();
        here.dedup();
        for key in here {
            *seen.entry(key).or_insert(0) += 1;
        }
    }
    let often = REPEATS.max(pages.len() / 4);
    pages
        .iter()
        .map(|page| {
            let ends = Ends::of(page);
            page.lines
                .iter()
                .map(|line| {
                    if ends.holds(line) && is_page_number(&shape(&line.text)) {
                        return true;
                    }
                    let Some(top) = zone(line.bounds.top, line.bounds.bottom, page.height) else {
                        return false;
                    };
                    let shape = shape(&line.text);
                    is_page_number(&shape)
                        || seen.get(&(top, shape)).is_some_and(|times| *times >= often)
                })
                .collect()
        })
        .collect()
}

/// The highest and the lowest a line may reach that is no page number, where there is room for one.
struct Ends {
    head: f64,
    foot: f64,
}

impl Ends {
    fn of(page: &FlowPage) -> Self {
        let all = || page.lines.iter().map(|line| line.bounds);
        let head = all().map(|bounds| bounds.top).fold(f64::INFINITY, f64::min);
        let foot = all().map(|bounds| bounds.bottom).fold(0.0, f64::max);
        Self {
            head: head.min(page.height * NUMBER_ZONE),
            foot: foot.max(page.height * (1.0 - NUMBER_ZONE)),
        }
    }

    fn holds(&self, line: &FlowLine) -> bool {
        line.bounds.top <= self.head || line.bounds.bottom >= self.foot
    }
}

/// Whether a line stands at the top (true) or at the foot (false) of its page.
fn zone(top: f64, bottom: f64, height: f64) -> Option<bool> {
    if bottom < height * ZONE {
        Some(true)
    } else if top > height * (1.0 - ZONE) {
        Some(false)
    } else {
        None
    }
}

/// A line with its numbers made alike.
fn shape(text: &str) -> String {
    let mut shape = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_ascii_digit() {
            if !shape.ends_with('#') {
                shape.push('#');
            }
        } else if !character.is_whitespace() {
            shape.extend(character.to_lowercase());
        }
    }
    shape
}

fn is_page_number(shape: &str) -> bool {
    let bare = shape.trim_matches(['-', '–', '—', '|', '[', ']', '(', ')', '.']);
    matches!(
        bare,
        "#" | "page#" | "p.#" | "#of#" | "#/#" | "page#of#" | "seite#" | "seite#von#" | "s.#"
    ) || (!bare.is_empty() && bare.len() <= 5 && bare.chars().all(|c| "ivxlc".contains(c)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_numbers_are_known_by_their_shape() {
        let check = |text: &str, expected: bool| {
            assert_eq!(is_page_number(&shape(text)), expected, "{text}");
        };
        check("12", true);
        check("– 12 –", true);
        check("Page 3 of 17", true);
        check("xiv", true);
        check("In 1998", false);
        check("", false);
    }
}

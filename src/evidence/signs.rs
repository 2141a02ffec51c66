//! What the markup of a page tells about what kind of page it is.
//!
//! **In:** the parsed tree. **Out:** [`Signs`]: its own short lines (not its links, not
//! its navigation), its classes, its forms, its scripts' marks. **Not here:** what follows
//! from them ([`super::soft_404`], [`super::wall`]), and the text that is cited.

mod marks;
mod names;
mod walk;

pub use marks::Mark;

use super::space;

/// One line of a page's own text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its words, cut where it is long.
    pub text: String,
    /// Whether it is a heading.
    pub heading: bool,
    /// Whether it is one of many: an entry of a list, a cell of a table, code.
    pub item: bool,
    /// Its words before the cut; two letters of a script without spaces count as one.
    pub words: usize,
}

/// What the markup tells. Everything is bounded; the default says nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Signs {
    /// The whole `title` element, the site's name included.
    pub title: Option<String>,
    /// The first lines that are neither links nor navigation.
    pub lines: Vec<Line>,
    /// Words of all such lines, up to a bound.
    pub words: usize,
    /// Such lines that are long enough for prose.
    pub prose: usize,
    /// The body, or the element around the content, has a class or id such as "error404".
    pub error_body: bool,
    /// Another element has one.
    pub error_part: bool,
    /// A picture is called "404".
    pub error_picture: bool,
    /// Robots are asked not to keep the page.
    pub noindex: bool,
    /// The address that the page gives for itself.
    pub canonical: Option<String>,
    /// Where a `meta refresh` leads.
    pub refresh: Option<String>,
    /// The page calls itself an article.
    pub article: bool,
    /// The page says that not everyone may read it (schema.org's `isAccessibleForFree`).
    pub paid: bool,
    /// A field for a password is shown.
    pub password: bool,
    /// What is shown where scripts do not run.
    pub noscript: String,
    /// An element that a script fills ("root", "app") is empty.
    pub empty_mount: bool,
    /// Hosts of scripts, frames, pictures and forms.
    pub hosts: Vec<String>,
    /// Marks of known makers of walls and parking pages.
    pub marks: Vec<Mark>,
}

impl Signs {
    /// Reads a parsed page.
    #[must_use]
    pub(super) fn of(tree: &super::tree::Tree) -> Self {
        walk::read(tree)
    }

    /// Whether the page carries this mark.
    #[must_use]
    pub fn has(&self, mark: Mark) -> bool {
        self.marks.contains(&mark)
    }
}

/// Words of a text; scripts that set no spaces count two letters as one word.
pub(super) fn count_words(text: &str) -> usize {
    if text.is_ascii() {
        return space::count_ascii(text);
    }
    space::words(text)
        .map(|word| {
            if word.is_ascii() {
                return 1;
            }
            let dense = word.chars().filter(|c| is_dense(*c)).count();
            if dense == 0 { 1 } else { dense.div_ceil(2) }
        })
        .sum()
}

/// Han, Kana and Thai are written without spaces. (Korean is not.)
const fn is_dense(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}')
}

#[cfg(test)]
mod tests;

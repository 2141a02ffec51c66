//! What the names of elements mean to those who read a page.

use html5ever::{LocalName, local_name};

/// What the name of an element means, one bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::evidence) struct Traits(u32);

impl Traits {
    pub(in crate::evidence) const LINK: Self = Self(1);
    pub(in crate::evidence) const STRONG: Self = Self(1 << 1);
    pub(in crate::evidence) const PREFORMATTED: Self = Self(1 << 2);
    /// Shows no text of the page.
    pub(in crate::evidence) const SILENT: Self = Self(1 << 3);
    /// Stands in a line, set apart by a space.
    pub(in crate::evidence) const SPACED: Self = Self(1 << 4);
    /// Stands in a line like a word.
    pub(in crate::evidence) const INLINE: Self = Self(1 << 5);
    /// Parts no lines where signs are looked for.
    pub(in crate::evidence) const RUNS_ON: Self = Self(1 << 6);
    /// h1 to h3.
    pub(in crate::evidence) const HEADING: Self = Self(1 << 7);
    /// One of many.
    pub(in crate::evidence) const ITEM: Self = Self(1 << 8);
    /// Stands around the content.
    pub(in crate::evidence) const ASIDE: Self = Self(1 << 9);
    /// Is the content, whatever it is called.
    pub(in crate::evidence) const CONTENT: Self = Self(1 << 10);
    /// Its text is no sign of anything.
    pub(in crate::evidence) const HUSHED: Self = Self(1 << 11);
    /// Loads or leads to an address that tells something.
    pub(in crate::evidence) const ADDRESSED: Self = Self(1 << 12);
    pub(in crate::evidence) const TITLE: Self = Self(1 << 13);
    pub(in crate::evidence) const NOSCRIPT: Self = Self(1 << 14);
    pub(in crate::evidence) const SCRIPT: Self = Self(1 << 15);

    /// Whether it has this trait, or one of these.
    pub(in crate::evidence) const fn has(self, one: Self) -> bool {
        self.0 & one.0 != 0
    }

    const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) fn of(name: &LocalName) -> Self {
        const WORD: Traits = Traits::INLINE.with(Traits::RUNS_ON);
        const DUMB: Traits = Traits::SILENT.with(Traits::HUSHED);
        match *name {
            local_name!("a") => WORD.with(Self::LINK).with(Self::ASIDE),
            local_name!("b") | local_name!("strong") => WORD.with(Self::STRONG),
            local_name!("img") => WORD.with(Self::ADDRESSED),
            local_name!("abbr")
            | local_name!("bdi")
            | local_name!("big")
            | local_name!("cite")
            | local_name!("code")
            | local_name!("data")
            | local_name!("del")
            | local_name!("dfn")
            | local_name!("em")
            | local_name!("font")
            | local_name!("i")
            | local_name!("ins")
            | local_name!("kbd")
            | local_name!("mark")
            | local_name!("q")
            | local_name!("s")
            | local_name!("samp")
            | local_name!("small")
            | local_name!("span")
            | local_name!("strike")
            | local_name!("sub")
            | local_name!("sup")
            | local_name!("time")
            | local_name!("tt")
            | local_name!("u")
            | local_name!("var")
            | local_name!("wbr") => WORD,
            local_name!("acronym")
            | local_name!("bdo")
            | local_name!("math")
            | local_name!("mi")
            | local_name!("mn")
            | local_name!("mo")
            | local_name!("mrow")
            | local_name!("rp")
            | local_name!("rt")
            | local_name!("ruby")
            | local_name!("picture")
            | local_name!("source")
            | local_name!("nobr") => Self::INLINE,
            local_name!("td") | local_name!("th") => Self::SPACED.with(Self::ITEM),
            local_name!("button") | local_name!("label") => {
                Self::SPACED.with(Self::RUNS_ON).with(Self::ASIDE)
            }
            local_name!("input") => Self::SPACED.with(Self::RUNS_ON),
            local_name!("option") => Self::SPACED,
            local_name!("pre") => Self::PREFORMATTED.with(Self::ITEM),
            local_name!("li") | local_name!("dd") | local_name!("dt") => Self::ITEM,
            local_name!("h1") | local_name!("h2") => Self::HEADING.with(Self::CONTENT),
            local_name!("h3") => Self::HEADING,
            local_name!("html")
            | local_name!("body")
            | local_name!("main")
            | local_name!("article") => Self::CONTENT,
            local_name!("nav")
            | local_name!("footer")
            | local_name!("aside")
            | local_name!("menu")
            | local_name!("dialog") => Self::ASIDE,
            local_name!("script") => DUMB.with(Self::SCRIPT).with(Self::ADDRESSED),
            local_name!("noscript") => DUMB.with(Self::NOSCRIPT),
            local_name!("iframe") => DUMB.with(Self::ADDRESSED),
            local_name!("head")
            | local_name!("style")
            | local_name!("template")
            | local_name!("svg")
            | local_name!("object")
            | local_name!("select")
            | local_name!("textarea")
            | local_name!("datalist")
            | local_name!("canvas")
            | local_name!("audio")
            | local_name!("video") => DUMB,
            local_name!("noframes") | local_name!("noembed") => Self::SILENT,
            local_name!("title") => Self::HUSHED.with(Self::TITLE),
            local_name!("form") | local_name!("frame") | local_name!("link") => Self::ADDRESSED,
            _ => Self(0),
        }
    }
}

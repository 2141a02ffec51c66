//! What classes and ids say of an element.

use crate::evidence::space;

/// What a class or an id says.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Named {
    /// Of what stands around the content.
    pub(super) aside: bool,
    /// Of an error.
    pub(super) error: bool,
    /// That MediaWiki has no article here.
    pub(super) no_article: bool,
}

impl Named {
    pub(super) fn of(names: &str) -> Self {
        let mut named = Self::default();
        for (number, token) in space::words(names).take(60).enumerate() {
            named.aside |= number < 20 && is_aside_name(token);
            if token.len() <= 60 && is_error_name(token) {
                match token {
                    "noarticletext" => named.no_article = true,
                    _ => named.error = true,
                }
            }
        }
        named
    }

    pub(super) const fn or(self, other: Self) -> Self {
        Self {
            aside: self.aside | other.aside,
            error: self.error | other.error,
            no_article: self.no_article | other.no_article,
        }
    }
}

fn is_aside_name(token: &str) -> bool {
    let first = token.as_bytes().first().map(u8::to_ascii_lowercase);
    if !matches!(first, Some(b's' | b'm' | b'f' | b'n' | b'b' | b'c' | b'p')) {
        return false;
    }
    // "sidebar-right" is a layout: the class of the box around everything.
    let whole: &[&str] = &[
        "sidebar",
        "md-sidebar",
        "menu",
        "main-menu",
        "site-nav",
        "site-footer",
        "page-footer",
    ];
    let start: &[&str] = &["footer", "navbar", "breadcrumb", "cookie"];
    let starts = |name: &&str| {
        let head = token.as_bytes().get(..name.len());
        head.is_some_and(|head| head.eq_ignore_ascii_case(name.as_bytes()))
    };
    whole.iter().any(|name| name.eq_ignore_ascii_case(token)) || start.iter().any(starts)
}

/// "error404", "page-404", "not_found", "pageNotFound".
fn is_error_name(token: &str) -> bool {
    let mut name = [0_u8; 60];
    let mut length = 0;
    for byte in token.bytes().filter(u8::is_ascii_alphanumeric) {
        let Some(place) = name.get_mut(length) else {
            return false;
        };
        *place = byte.to_ascii_lowercase();
        length += 1;
    }
    let name = name.get(..length).unwrap_or(&[]);
    const NUMBERED: &[&str] = &[
        "error404",
        "404error",
        "page404",
        "404page",
        "http404",
        "err404",
        "section404",
        "content404",
        "container404",
        "wrapper404",
        "404content",
        "404container",
        "404wrapper",
        "404wrap",
        "wrap404",
        "template404",
        "404template",
        "view404",
        "type404",
    ];
    const WORDED: &[&str] = &[
        "notfound",
        "nopage",
        "noarticletext",
        "fourohfour",
        "fourzerofour",
        "missingpage",
        "pagemissing",
    ];
    let begins = |part: &[u8], words: &[&str]| {
        let mut words = words.iter();
        words.any(|word| part.starts_with(word.as_bytes()))
    };
    let parts = || (0..length).filter_map(|at| name.get(at..));
    let number = parts().any(|part| part.starts_with(b"404"));
    matches!(name, b"404" | b"errorpage" | b"pageerror" | b"httperror")
        || (number && parts().any(|part| begins(part, NUMBERED)))
        || parts()
            .any(|part| matches!(part, [b'n' | b'f' | b'm' | b'p', ..]) && begins(part, WORDED))
}

//! The words by which pages name their furniture.
//!
//! **In:** the names that an element bears (class, id, role), the words of a block, an
//! address. **Out:** whether they belong to navigation, sharing, teasers and the like.
//! **Not here:** whether an element so named is dropped: `article` weighs that against
//! the text that it holds, because names lie.
//!
//! The lists are what page builders and news sites write, not what one site does;
//! each is closed, and matched on whole words of a name.

pub(super) mod before;
pub(super) mod controls;
mod lists;

use lists::{
    BYLINES, CALLS, COMMENTS, LAYOUT, LEADS, NOTES, PAIRS, RELATIONS, SHARES, SINGLE,
    SOURCE_HEADINGS, TEASER_HEADINGS,
};

/// The lower-case words of a name: "postRelated-links" → post, related, links.
pub(super) fn split(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut before_lower = false;
    // Generated class lists can be long; what matters stands early.
    for c in name.chars().take(400) {
        let border = !c.is_alphanumeric() || (c.is_uppercase() && before_lower);
        if border && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        }
        before_lower = c.is_lowercase();
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// What the words of one name say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Naming {
    /// Nothing about furniture.
    Plain,
    /// Navigation, teasers, sharing and the like.
    Furniture,
    /// What readers wrote.
    Comments,
    /// Notes or a list of references.
    Notes,
}

/// What a name says.
pub(super) fn naming(name: &str) -> Naming {
    let words = split(name);
    let mut found = Naming::Plain;
    for (index, word) in words.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|before| words.get(before));
        if before.is_some_and(|before| LAYOUT.contains(&before.as_str())) {
            continue;
        }
        let word = word.as_str();
        let pair = before.is_some_and(|before| PAIRS.contains(&(before.as_str(), word)))
            || (index >= 2
                && words
                    .get(index - 2)
                    .is_some_and(|far| PAIRS.contains(&(far.as_str(), word))));
        let says = if NOTES.contains(&word) {
            Naming::Notes
        } else if COMMENTS.contains(&word) {
            Naming::Comments
        } else if pair || SINGLE.binary_search(&word).is_ok() {
            Naming::Furniture
        } else {
            Naming::Plain
        };
        found = found.max(says);
    }
    found
}

/// Whether a block's words lead to further reading ("Read also: …").
pub(super) fn is_lead(text: &str) -> bool {
    let start: String = text
        .trim_start_matches(|c: char| !c.is_alphanumeric())
        .chars()
        .take(40)
        .flat_map(char::to_lowercase)
        .collect();
    // A colon may stand outside the bold words before it, or after a space as in French.
    let start = start
        .replace(['\u{a0}', '\u{202f}'], " ")
        .replace(" :", ":");
    LEADS.iter().any(|lead| start.starts_with(lead))
}

fn begins(text: &str, list: &[&str]) -> bool {
    let start: String = text
        .trim_start_matches(|c: char| !c.is_alphabetic())
        .chars()
        .take(40)
        .flat_map(char::to_lowercase)
        .collect();
    list.iter().any(|word| start.starts_with(word))
}

/// Whether a line only names its author.
pub(super) fn is_byline(text: &str) -> bool {
    begins(text, BYLINES)
}

/// Whether a heading stands over teasers, tags, comments and the like.
pub(super) fn is_teaser_heading(text: &str) -> bool {
    is_lead(text) || begins(text, TEASER_HEADINGS)
}

/// Whether a heading stands over sources, notes or further information.
pub(super) fn is_source_heading(text: &str) -> bool {
    begins(text, SOURCE_HEADINGS)
}

/// Whether a link's words ask to do something.
pub(super) fn is_call(text: &str) -> bool {
    let words: String = text
        // "View all (23)".
        .trim_end_matches(|c: char| !c.is_alphabetic())
        .trim_start_matches(|c: char| !c.is_alphanumeric())
        .chars()
        .take(40)
        .flat_map(char::to_lowercase)
        .collect();
    CALLS.contains(&words.as_str())
}

/// Whether a class makes a link a button.
pub(super) fn is_button(class: &str) -> bool {
    split(class)
        .iter()
        .any(|word| matches!(word.as_str(), "btn" | "button" | "buttons" | "cta"))
}

/// Whether words are a mark: a number, a letter or a sign, in brackets or not.
pub(super) fn is_mark(text: &str) -> bool {
    let core = text.trim_matches(|c: char| c.is_whitespace() || "[](){}^.,:".contains(c));
    let roman = core.len() <= 6 && core.chars().all(|c| "ivxlIVXL".contains(c));
    let number = core.len() <= 4 && core.chars().all(|c| c.is_ascii_digit());
    let sign = core.chars().count() <= 3 && core.chars().all(|c| "*†‡§¶#".contains(c));
    let letter = core.chars().count() == 1 && core.chars().all(char::is_alphanumeric);
    !text.trim().is_empty() && (roman || number || sign || letter)
}

/// Whether an address only shares, prints or mails the page.
pub(super) fn is_share(href: &str) -> bool {
    let lower: String = href
        .chars()
        .take(120)
        .flat_map(char::to_lowercase)
        .collect();
    let rest = lower
        .split_once("//")
        .map_or(lower.as_str(), |(_, rest)| rest);
    let rest = rest.trim_start_matches("www.").trim_start_matches("m.");
    lower.starts_with("whatsapp:")
        || lower.starts_with("fb-messenger:")
        || (lower.starts_with("mailto:?"))
        || SHARES.iter().any(|share| rest.starts_with(share))
}

/// Whether `rel` says that a link is no citation.
pub(super) fn is_relation(rel: &str) -> bool {
    rel.split_whitespace().any(|word| {
        RELATIONS
            .iter()
            .any(|known| known.eq_ignore_ascii_case(word))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_by_their_words() {
        fn check(name: &str, expected: Naming) {
            assert_eq!(naming(name), expected, "{name}");
        }
        check("post-related", Naming::Furniture);
        check("relatedPosts__list", Naming::Furniture);
        check("has-sidebar", Naming::Plain);
        check("entry-content", Naming::Plain);
        check("shareholders", Naming::Plain);
        check("author-bio", Naming::Furniture);
        check("article-comments", Naming::Comments);
        check("footer footnotes", Naming::Notes);
        check("mw-editsection", Naming::Furniture);
        check("", Naming::Plain);
        assert!(SINGLE.is_sorted());
    }

    #[test]
    fn marks_are_short() {
        assert!(
            ["1", "[12]", "(iv)", "*", "††", "a", "^2"]
                .into_iter()
                .all(is_mark)
        );
        assert!(
            !["", "below", "12345", "12a", "Top"]
                .into_iter()
                .any(is_mark)
        );
    }

    #[test]
    fn leads_and_shares_are_known() {
        assert!(is_lead("» Lesen Sie auch: Der Fluss"));
        assert!(is_lead("RELATED: The river"));
        assert!(!is_lead("Reading more than one book"));
        assert!(is_share("https://www.facebook.com/sharer/sharer.php?u=x"));
        assert!(is_share("mailto:?subject=x"));
        assert!(!is_share("https://www.facebook.com/village/posts/1"));
        assert!(!is_share("mailto:a@e.example"));
        assert!(is_relation("noopener tag"));
        assert!(!is_relation("nofollow noopener"));
    }
}

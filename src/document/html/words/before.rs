//! What is said before links that cite nothing within a line.
//!
//! **In:** how the text before a link ends. **Out:** whether it asks readers for something, or
//! says who wrote a page and where it is filed. **Not here:** a link's own words (`controls`),
//! how a block begins (`super`).

/// What is said before links to follow someone, to write to them, to subscribe.
const FOLLOWS: &[&str] = &[
    "follow",
    "subscribe",
    "sign up",
    "join ",
    "find us",
    "find me",
    "connect with",
    "write to",
    "email us",
    "e-mail us",
    "contact",
    "reach out",
    "get in touch",
    "let us know",
    "my patreon",
    "folge",
    "abonniere",
    "kontaktiere",
    "schreiben sie",
    "schreibt uns",
    "suivez",
    "abonnez",
    "contactez",
    "sígue",
    "siga ",
    "segui",
    "volg ",
    "obserwuj",
    "följ",
    "подпис",
    "comment via",
];

/// Whether words before a link ask to follow someone, to write to them or to subscribe.
pub(in super::super) fn asks_to_follow(before: &str) -> bool {
    let before = before.to_lowercase();
    FOLLOWS.iter().any(|word| before.contains(word))
}

/// What is said before the names of authors, subjects and tags.
const FILES: &[&str] = &[
    "posted in",
    "posted by",
    "posted on",
    "filed under",
    "filed in",
    "tagged",
    "tags",
    "categor",
    "topics",
    "written by",
    "published by",
    "published in",
    "author",
    "kategori",
    "veröffentlicht",
    "abgelegt",
    "verschlagwortet",
    "schlagw",
    "themen:",
    "autor",
    "publié dans",
    "publié par",
    "classé",
    "étiquet",
    "mots-clés",
    "publicado",
    "etiquet",
    "archiviato",
    "pubblicato",
    "geplaatst",
    "zamieszczono",
    "рубрик",
    "метки",
    "permalink",
];

/// Whether words before a link say who wrote a page, or where it is filed.
pub(in super::super) fn files(before: &str) -> bool {
    let before = before.to_lowercase();
    let end = before.trim_end();
    FILES.iter().any(|word| before.contains(word))
        || matches!(end, "by" | "by:" | "von" | "par" | "por" | "door" | "di")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_before_a_link_say_what_it_is_for() {
        assert!(asks_to_follow("is out now. Follow him on "));
        assert!(asks_to_follow("Folgen Sie uns auf "));
        assert!(!asks_to_follow("as the minutes of that year say in "));
        assert!(files("Dieser Eintrag wurde veröffentlicht in "));
        assert!(files("By "));
        assert!(!files("a river that stood by "));
    }
}

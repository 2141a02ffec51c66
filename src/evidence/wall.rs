//! Pages that stand in front of the page that was asked for: challenges, consent, payment, logins.
//!
//! **In:** the text of an answer of 200. **Out:** which wall it is; its source then is
//! `blocked`. **Not here:** status codes (`fetch::status`). Recognised only where little
//! other text is shown: an article with a payment notice below it is an article.

use super::SourceText;

/// A wall in front of the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wall {
    /// "challenge", "consent", "paywall", "login", "script-only".
    pub code: &'static str,
    /// One sentence for a person.
    pub text: &'static str,
}

/// A page with more words than this shows something of its own.
const MAX_WORDS: usize = 150;

/// Kind, sentence, signs in lower case; the first kind with a sign wins.
const WALLS: &[(Wall, &[&str])] = &[
    (
        Wall {
            code: "challenge",
            text: "The server shows a test for robots instead of the page.",
        },
        &[
            "checking your browser",
            "checking if the site connection is secure",
            "verify you are human",
            "verifying you are human",
            "verify that you are human",
            "are you a robot",
            "prove you are human",
            "i'm not a robot",
            "performing security verification",
            "complete the security check",
            "needs to review the security of your connection",
            "unusual traffic from your",
            "ddos protection by",
            "please solve this captcha",
            "access to this page has been denied",
            "sicherheitsüberprüfung",
            "pardon our interruption",
        ],
    ),
    (
        Wall {
            code: "script-only",
            text: "The page shows its text only to browsers that run its scripts.",
        },
        &[
            "enable javascript",
            "javascript is required",
            "javascript is disabled",
            "requires javascript",
            "turn on javascript",
            "javascript aktivieren",
            "aktivieren sie javascript",
            "activer javascript",
            "habilite javascript",
            "activar javascript",
            "slå på javascript",
            "включите javascript",
        ],
    ),
    (
        Wall {
            code: "paywall",
            text: "The page is shown to subscribers only.",
        },
        &[
            "subscribe to continue",
            "subscribe to read",
            "subscribers only",
            "for subscribers",
            "subscription required",
            "to continue reading",
            "already a subscriber",
            "this article is reserved for",
            "nur für abonnenten",
            "jetzt abonnieren",
            "réservé aux abonnés",
            "réservé à nos abonnés",
            "exclusivo para suscriptores",
            "kun for abonnenter",
            "bli abonnent",
        ],
    ),
    (
        Wall {
            code: "consent",
            text: "The server asks for consent to cookies instead of showing the page.",
        },
        &[
            "before you continue to",
            "we value your privacy",
            "accept all cookies",
            "accept cookies",
            "manage your privacy",
            "alle cookies akzeptieren",
            "mit werbung weiterlesen",
            "zustimmen und weiter",
            "tout accepter",
            "aceptar todas las cookies",
            "godta alle",
        ],
    ),
    (
        Wall {
            code: "login",
            text: "The server asks for a login instead of showing the page.",
        },
        &[
            "please log in",
            "please sign in",
            "log in to continue",
            "sign in to continue",
            "login required",
            "you must log in",
            "you must be logged in",
            "you need to sign in",
            "bitte melden sie sich an",
            "bitte einloggen",
            "connectez-vous pour",
            "inicia sesión para",
            "logg inn for å",
        ],
    ),
];

/// The wall that a page is, when it is nothing else.
#[must_use]
pub fn wall(page: &SourceText) -> Option<Wall> {
    let title = page.title.as_deref().unwrap_or("").trim().to_lowercase();
    let words = page.text.split_whitespace().take(MAX_WORDS + 1).count();
    if words > MAX_WORDS {
        return None;
    }
    let titled = matches!(
        title.trim_end_matches(['.', '…', ' ']),
        "just a moment"
            | "attention required! | cloudflare"
            | "one moment, please"
            | "robot check"
            | "access denied"
    );
    if titled {
        return WALLS.first().map(|(wall, _)| *wall);
    }
    let text = page.text.to_lowercase().replace('’', "'");
    // Consent and payment notices stand below short texts as well: those walls must be nearly all there is.
    let found = WALLS.iter().find(|(wall, signs)| {
        let most = match wall.code {
            "challenge" => MAX_WORDS,
            "script-only" => 60,
            "paywall" | "login" => 80,
            _ => 120,
        };
        words <= most && signs.iter().any(|sign| text.contains(sign))
    });
    found.map(|(wall, _)| *wall)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn walls_are_told_from_pages() {
        fn check(title: &str, text: &str, expected: Option<&str>) {
            let page = SourceText {
                title: Some(title.to_owned()),
                text: text.to_owned(),
                ..SourceText::default()
            };
            assert_eq!(wall(&page).map(|wall| wall.code), expected, "{text}");
        }
        check("Just a moment...", "", Some("challenge"));
        check(
            "a.org",
            "Checking your browser before accessing a.org.",
            Some("challenge"),
        );
        check(
            "App",
            "Please enable JavaScript to run this app.",
            Some("script-only"),
        );
        check("Story", "Subscribe to continue reading.", Some("paywall"));
        check(
            "Story",
            "We value your privacy\nAccept all cookies\nReject",
            Some("consent"),
        );
        check("Members", "Please sign in", Some("login"));
        check(
            "Story",
            "The bridge over the Lark was opened on Monday.",
            None,
        );
        let article = "The bridge over the Lark was opened. ".repeat(30);
        check(
            "Story",
            &format!("{article} Accept all cookies. Please log in. Enable JavaScript."),
            None,
        );
    }
}

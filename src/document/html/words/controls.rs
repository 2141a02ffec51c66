//! The words and addresses by which links ask to do something.
//!
//! **In:** a link's words, how a block begins, an address. **Out:** whether they sign in,
//! order, sort, lay down rules or ask readers for something. **Not here:** where such a
//! link has to stand to be dropped (`article::controls`).

use url::Url;

/// Levels of an address that are looked at.
const LEVELS: usize = 12;
/// Words with which an order begins.
const ORDERS: &[&str] = &[
    "apply",
    "book",
    "buy",
    "call",
    "claim",
    "contact",
    "donate",
    "download",
    "explore",
    "find",
    "get",
    "grab",
    "join",
    "order",
    "register",
    "request",
    "reserve",
    "schedule",
    "shop",
    "sign",
    "start",
    "subscribe",
    "try",
    "watch",
];
/// Words with which it ends.
const ENDS: &[&str] = &[
    "now",
    "today",
    "free",
    "here",
    "newsletter",
    "demo",
    "quote",
    "shopping",
];

/// Words that make any link which stands alone an order.
const ALWAYS: &[&str] = &[
    "subscribe",
    "newsletter",
    "abonnieren",
    "abonnez",
    "suscríbete",
    "inscreva",
    "iscriviti",
];

/// Words that begin or end an order whatever else it says.
const GIVING: &[&str] = &["donate", "spende", "spenden"];

/// Whether a link's words are an order ("Shop the new boats today").
pub(crate) fn is_order(text: &str) -> bool {
    let lower = text.to_lowercase();
    let always = lower
        .split(|c: char| !c.is_alphanumeric())
        .any(|word| ALWAYS.contains(&word));
    if always {
        return true;
    }
    let mut words = lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    let first = words.next().unwrap_or("");
    let last = words.next_back().unwrap_or("");
    (ORDERS.contains(&first) && ENDS.contains(&last))
        || GIVING.contains(&first)
        || GIVING.contains(&last)
}

/// Words with which an order begins that say as often what one reads.
const VERBS: &[&str] = &[
    "check", "compare", "see", "read", "learn", "view", "visit", "browse", "listen", "play", "go",
    "click", "use", "save", "add", "share", "print", "follow", "submit", "enter", "open",
];

/// Whether a link's words begin as an order does ("Compare prices").
pub(crate) fn begins_order(text: &str) -> bool {
    let first = text
        .trim_start_matches(|c: char| !c.is_alphanumeric())
        .split(|c: char| !c.is_alphanumeric())
        .next()
        .unwrap_or("")
        .to_lowercase();
    let first = first.as_str();
    ORDERS.contains(&first) || VERBS.contains(&first)
}

/// All that the words of a link to the house's own rules say.
const POLICIES: &[&str] = &[
    "privacy policy",
    "privacy notice",
    "privacy statement",
    "cookie policy",
    "cookies policy",
    "terms of use",
    "terms of service",
    "terms and conditions",
    "terms & conditions",
    "terms",
    "editorial policy",
    "editorial policies",
    "editorial process",
    "editorial guidelines",
    "editorial standards",
    "ethics policy",
    "corrections policy",
    "comment policy",
    "community guidelines",
    "copyright policy",
    "affiliate disclosure",
    "disclaimer",
    "imprint",
    "datenschutz",
    "datenschutzerklärung",
    "datenschutzbestimmungen",
    "datenschutzhinweise",
    "impressum",
    "nutzungsbedingungen",
    "agb",
    "netiquette",
    "politique de confidentialité",
    "mentions légales",
    "conditions d'utilisation",
    "politique de cookies",
    "política de privacidad",
    "aviso legal",
    "aviso de privacidad",
    "política de cookies",
    "términos y condiciones",
    "política de privacidade",
    "termos de uso",
    "privacybeleid",
    "privacyverklaring",
    "polityka prywatności",
    "informativa sulla privacy",
];

/// Whether a link's words name the house's own rules.
pub(crate) fn is_policy(text: &str) -> bool {
    let words = text
        .trim_matches(|c: char| !c.is_alphanumeric())
        .to_lowercase();
    let words = words.strip_prefix("our ").unwrap_or(&words);
    let words = words.strip_prefix("the ").unwrap_or(words);
    POLICIES.contains(&words)
}

/// Whether a sentence may cite the house's own page ("donate", "our disclaimer").
pub(crate) fn may_be_cited(text: &str, href: &str) -> bool {
    let words = text.to_lowercase();
    !is_policy(text)
        && matches!(
            last_step(href).to_ascii_lowercase().as_str(),
            "contact"
                | "contact-us"
                | "kontakt"
                | "kontaktformular"
                | "donate"
                | "donation"
                | "spenden"
                | "account"
                | "cart"
        )
        || matches!(words.trim(), "disclaimer" | "terms" | "imprint")
}

/// What a card shows, and what it is then called.
const SHOWN: &[&str] = &["article", "blog", "entry", "news", "post", "story"];
const SHOWS: &[&str] = &["block", "box", "grid", "item", "list", "preview", "tile"];

/// Whether a class names a card.
pub(crate) fn is_card(class: Option<&str>) -> bool {
    let Some(class) = class else {
        return false;
    };
    let words = super::split(class);
    let mut before = "";
    words.iter().any(|word| {
        let pair = SHOWN.contains(&before) && SHOWS.contains(&word.as_str());
        before = word;
        pair || matches!(
            word.as_str(),
            "card" | "promo" | "slide" | "swiper" | "teaser"
        )
    })
}

/// Whether an address is a file to read, as a study or a table is.
pub(crate) fn is_file(href: &str) -> bool {
    let path = path(href);
    path.rsplit_once('.').is_some_and(|(_, ending)| {
        [
            "pdf", "doc", "docx", "odt", "xls", "xlsx", "ods", "csv", "ppt", "pptx", "epub", "zip",
        ]
        .iter()
        .any(|file| file.eq_ignore_ascii_case(ending))
    })
}

/// The last step of an address's path, without its ending.
fn last_step(href: &str) -> &str {
    let last = path(href).trim_end_matches('/').rsplit('/').next();
    last.unwrap_or("").split('.').next().unwrap_or("")
}

/// The path of an address, without its query.
fn path(href: &str) -> &str {
    let rest = href.split_once("//").map_or(href, |(_, rest)| {
        rest.find('/').map_or("", |at| rest.get(at..).unwrap_or(""))
    });
    rest.split(['?', '#']).next().unwrap_or("")
}

/// Networks on which houses and people have a page of their own.
const NETWORKS: &[&str] = &[
    "bsky.app",
    "facebook.com",
    "flipboard.com",
    "instagram.com",
    "linkedin.com",
    "patreon.com",
    "pinterest.com",
    "plus.google.com",
    "t.me",
    "threads.net",
    "tiktok.com",
    "tumblr.com",
    "twitter.com",
    "vk.com",
    "x.com",
    "xing.com",
    "youtube.com",
];

/// Whether an address is someone's own page on a network, and not one that they wrote.
pub(crate) fn is_profile(href: &str) -> bool {
    let rest = href.split_once("//").map_or("", |(_, rest)| rest);
    let host = rest.split(['/', '?', '#', ':']).next().unwrap_or("");
    let host = host.strip_prefix("www.").unwrap_or(host);
    let mut steps = path(href).split('/').filter(|step| !step.is_empty());
    let first = steps.next().unwrap_or("");
    // A film has one step, too; a post has more.
    NETWORKS
        .iter()
        .any(|known| known.eq_ignore_ascii_case(host))
        && !href.contains("?v=")
        && match steps.count() {
            0 => true,
            1 => matches!(first, "c" | "channel" | "company" | "in" | "user" | "pages"),
            _ => false,
        }
}

/// Last steps of addresses where readers sign in, subscribe, pay.
const ACCOUNTS: &[&str] = &[
    "sign-in",
    "signin",
    "sign_in",
    "sign-up",
    "signup",
    "sign_up",
    "log-in",
    "login",
    "logout",
    "register",
    "registration",
    "my-account",
    "account",
    "subscribe",
    "subscription",
    "subscriptions",
    "newsletter",
    "newsletters",
    "newsletter-signup",
    "join-our-mailing-list",
    "mailing-list",
    "cart",
    "checkout",
    "contact",
    "contact-us",
    "kontakt",
    "kontaktformular",
    "basket",
    "donate",
    "donation",
    "anmelden",
    "registrieren",
    "warenkorb",
    "spenden",
    "abo",
    "abonnement",
    "s-abonner",
    "connexion",
    "iniciar-sesion",
    "suscripcion",
    "suscribete",
    "assine",
    "accedi",
    "abbonati",
];

/// Whether an address is where readers sign in, subscribe or pay.
pub(crate) fn is_account(href: &str) -> bool {
    let last = last_step(href);
    ACCOUNTS.iter().any(|step| step.eq_ignore_ascii_case(last))
}

/// First steps of addresses that sort a site by author or by subject.
const SORTS: &[&str] = &[
    "author",
    "authors",
    "writer",
    "writers",
    "contributor",
    "contributors",
    "profile",
    "profiles",
    "staff",
    "reporter",
    "reporters",
    "journalist",
    "journalists",
    "autor",
    "autoren",
    "autores",
    "auteur",
    "auteurs",
    "autore",
    "autori",
    "redaktion",
    "tag",
    "tags",
    "topic",
    "topics",
    "category",
    "categories",
    "keyword",
    "keywords",
    "hashtag",
    "label",
    "labels",
    "rubrik",
    "thema",
    "themen",
    "tema",
    "temas",
    "etiqueta",
    "etiquetas",
    "kategorie",
    "kategorien",
    "schlagwort",
    "schlagworte",
    "mot-cle",
    "mots-cles",
    "categoria",
    "categorias",
    "categorie",
    "rubrique",
    "rubriques",
    "argomenti",
    "noticias-de",
    "trefwoord",
];

/// Whether an address only sorts: `/tag/ferry`, `/en/author/ada`, `/?cat=7`.
pub(crate) fn is_sorting(href: &str) -> bool {
    let mut steps = path(href).split('/').filter(|step| !step.is_empty());
    let mut first = steps.next().unwrap_or("");
    if first.len() == 2 || matches!(first, "blog" | "news" | "magazine") {
        first = steps.next().unwrap_or("");
    }
    // "/photo-category/first-tries" sorts, too.
    let last = first.rsplit(['-', '_']).next().unwrap_or(first);
    let sorted = SORTS
        .iter()
        .any(|step| step.eq_ignore_ascii_case(first) || step.eq_ignore_ascii_case(last));
    let query = href.split_once('?').map_or("", |(_, query)| query);
    (sorted && steps.next().is_some())
        || ["cat=", "tag=", "author="]
            .iter()
            .any(|key| query.starts_with(key))
}

/// The paths above a page, with the page's own left out: `/a/b/c` → `/a/b`, `/a`, nothing.
pub(crate) fn above(page: Option<&Url>) -> Vec<String> {
    let path = page.map_or("/", Url::path).trim_end_matches('/');
    path.match_indices('/')
        .take(LEVELS)
        .map(|(at, _)| path.get(..at).unwrap_or("").to_owned())
        .collect()
}

/// Whether an address of the site lies above the page.
pub(crate) fn is_above(href: &str, above: &[String]) -> bool {
    let path = path(href).trim_end_matches('/');
    (href.starts_with('/') || href.contains("//"))
        && !href.contains('?')
        && above.iter().any(|above| above == path)
}

/// Whether an address is a site's front page.
pub(crate) fn is_front(href: &str) -> bool {
    path(href).trim_matches('/').is_empty() && (href.starts_with('/') || href.contains("//"))
}

/// Whether an address is a licence under which pages put their text.
pub(crate) fn is_licence(href: &str) -> bool {
    let rest = href.split_once("//").map_or("", |(_, rest)| rest);
    let rest = rest.strip_prefix("www.").unwrap_or(rest);
    rest.starts_with("creativecommons.org/licenses/")
        || rest.starts_with("creativecommons.org/publicdomain/")
}

/// How a block begins that asks readers to pay, to follow or to subscribe.
const ASKS: &[&str] = &[
    "if you enjoyed",
    "if you liked",
    "if you like this",
    "if you found this",
    "enjoyed this",
    "enjoying this",
    "like this post",
    "like this article",
    "liked this",
    "love this post",
    "want more",
    "sign up for our",
    "sign up to our",
    "sign up for the",
    "sign up to receive",
    "subscribe for",
    "subscribe now",
    "join our newsletter",
    "get our newsletter",
    "support our",
    "support us",
    "support independent",
    "follow me on",
    "follow us on",
    "follow @",
    "this site uses akismet",
    "already a subscriber",
    "please consider",
    "hat ihnen der",
    "hat dir der",
    "hat ihnen dieser",
    "hat dir dieser",
    "gefällt ihnen",
    "gefällt dir",
    "wenn ihnen dieser",
    "wenn dir dieser",
    "unterstützen sie uns",
    "unterstütze uns",
    "abonnieren sie",
    "abonniere",
    "melden sie sich für unseren",
    "diese website verwendet akismet",
    "by signing up",
    "by subscribing",
    "by submitting",
    "by clicking",
    "by entering your",
    "by providing your",
    "mit der anmeldung",
    "mit ihrer anmeldung",
    "en vous inscrivant",
    "si vous avez aimé",
    "soutenez",
    "abonnez-vous",
    "inscrivez-vous",
    "si te ha gustado",
    "si te gustó",
    "suscríbete",
    "síguenos en",
    "inscreva-se",
    "assine",
    "siga-nos",
    "iscriviti",
    "seguici su",
    "vond je",
    "schrijf je in",
    "volg ons",
    "подписывайтесь",
    "подпишитесь",
    "zapisz się",
];

/// Whether a block begins by asking readers to pay, to follow or to subscribe.
pub(crate) fn is_ask(text: &str) -> bool {
    super::begins(text, ASKS)
}

/// How a heading begins that invites readers to write.
const REPLIES: &[&str] = &[
    "add a comment",
    "add comment",
    "add your comment",
    "leave a comment",
    "leave a reply",
    "leave comment",
    "leave your comment",
    "post a comment",
    "post your comment",
    "write a comment",
    "submit a comment",
    "join the discussion",
    "what do you think",
    "schreibe einen kommentar",
    "schreiben sie einen kommentar",
    "kommentar schreiben",
    "kommentar verfassen",
    "kommentar hinterlassen",
    "kommentieren",
    "laisser un commentaire",
    "ajouter un commentaire",
    "poster un commentaire",
    "deja un comentario",
    "deja una respuesta",
    "dejar un comentario",
    "deixe um comentário",
    "deixe uma resposta",
    "lascia un commento",
    "plaats een reactie",
    "geef een reactie",
    "dodaj komentarz",
    "lämna en kommentar",
    "skriv en kommentar",
    "skriv kommentar",
    "оставить комментарий",
    "добавить комментарий",
    "yorum yap",
    "コメントを残す",
    "发表评论",
];

/// Whether a heading invites readers to write below.
pub(crate) fn invites_replies(text: &str) -> bool {
    super::begins(text, REPLIES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_begin_and_end_as_such() {
        let check = |text: &str, expected: bool| assert_eq!(is_order(text), expected, "{text}");
        check("Shop the new boats today", true);
        check("Try it for free!", true);
        check("Get our newsletter", true);
        check("Try the ferry", false);
        check("JETZT SPENDEN!", true);
        check("Clear out and donate old things", false);
        check("The ferry runs today", false);
        check("", false);
    }

    #[test]
    fn addresses_are_read_by_their_steps() {
        let check = |href: &str, account: bool, sorts: bool| {
            assert_eq!(
                (is_account(href), is_sorting(href)),
                (account, sorts),
                "{href}"
            );
        };
        check("https://e.example/user/Sign-In/", true, false);
        check("/login.php?to=/a", true, false);
        check("https://e.example/en/author/ada", false, true);
        check("/tag/ferry#top", false, true);
        check("/?cat=7", false, true);
        check("/photo-category/boats", false, true);
        check("/topics", false, false);
        check("/2024/login-of-a-ferry", false, false);
        check("https://e.example", false, false);
        assert!(is_licence("http://creativecommons.org/licenses/by/4.0/"));
        assert!(!is_licence("https://creativecommons.org/about"));
    }

    #[test]
    fn profiles_are_no_posts() {
        let check = |href: &str, expected: bool| assert_eq!(is_profile(href), expected, "{href}");
        check("https://www.facebook.com/village", true);
        check("https://www.linkedin.com/in/ada/", true);
        check("https://x.com/ada/status/1", false);
        check("https://twitter.com/hashtag/ferry", false);
        check("https://www.youtube.com/watch?v=1", false);
        check("https://e.example/ada", false);
        check("/ada", false);
    }

    #[test]
    fn rules_are_the_houses_whole_words() {
        assert!(is_policy("our Privacy Policy."));
        assert!(!is_policy("a privacy policy of 1990"));
        assert!(is_card(Some("w-display-card-content")));
        assert!(is_card(Some("big postItem")));
        assert!(!is_card(Some("cardinal article-body")));
        assert!(is_file("/a/study.PDF?x=1#p"));
        assert!(!is_file("https://pdf.example/a"));
        assert!(!is_card(None));
    }
}

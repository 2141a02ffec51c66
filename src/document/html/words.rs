//! The words by which pages name their furniture.
//!
//! **In:** the names that an element bears (class, id, role), the words of a block, an
//! address. **Out:** whether they belong to navigation, sharing, teasers and the like.
//! **Not here:** whether an element so named is dropped: `article` weighs that against
//! the text that it holds, because names lie.
//!
//! The lists are what page builders and news sites write, not what one site does;
//! each is closed, and matched on whole words of a name.

/// Single words of a name that say furniture.
const SINGLE: &[&str] = &[
    "ad",
    "addthis",
    "addtoany",
    "ads",
    "adsense",
    "advert",
    "advertisement",
    "advertising",
    "anzeige",
    "auteur",
    "author",
    "authorbio",
    "authorbox",
    "authors",
    "autor",
    "banner",
    "breadcrumb",
    "breadcrumbs",
    "brotkrumen",
    "byline",
    "categories",
    "colophon",
    "consent",
    "contributor",
    "contributors",
    "cookie",
    "cookies",
    "cta",
    "disqus",
    "donate",
    "dropdown",
    "entrymeta",
    "fbcomments",
    "flyout",
    "followus",
    "footer",
    "gdpr",
    "hashtag",
    "hashtags",
    "jumplinks",
    "kategorien",
    "kommentar",
    "kommentare",
    "likes",
    "login",
    "masthead",
    "megamenu",
    "menu",
    "menubar",
    "modal",
    "nav",
    "navbar",
    "navi",
    "navigation",
    "navlinks",
    "newsletter",
    "newsletters",
    "offcanvas",
    "outbrain",
    "overlay",
    "pager",
    "pagination",
    "paging",
    "paywall",
    "pingback",
    "pingbacks",
    "popup",
    "posted",
    "postmeta",
    "prevnext",
    "promo",
    "promos",
    "readmore",
    "recirc",
    "recirculation",
    "recommend",
    "recommendation",
    "recommendations",
    "recommended",
    "related",
    "relatedarticles",
    "relatedposts",
    "respond",
    "searchform",
    "seealso",
    "share",
    "sharebar",
    "sharebuttons",
    "sharedaddy",
    "sharelinks",
    "sharer",
    "shares",
    "sharethis",
    "sharing",
    "sidebar",
    "sidebars",
    "sidenav",
    "signup",
    "sitemap",
    "skiplink",
    "social",
    "socialicons",
    "sociallinks",
    "socialmedia",
    "socials",
    "socialshare",
    "sponsor",
    "sponsored",
    "subnav",
    "subscribe",
    "subscription",
    "taboola",
    "tagcloud",
    "taglist",
    "tags",
    "taxonomy",
    "teaser",
    "teasers",
    "toc",
    "toolbar",
    "topbar",
    "trackback",
    "trackbacks",
    "trending",
    "upsell",
    "vcard",
    "weiterlesen",
];

/// Neighbouring words of a name that together say furniture.
const PAIRS: &[(&str, &str)] = &[
    ("about", "author"),
    ("also", "like"),
    ("author", "bio"),
    ("author", "block"),
    ("author", "box"),
    ("author", "card"),
    ("author", "info"),
    ("author", "meta"),
    ("author", "profile"),
    ("call", "action"),
    ("cat", "links"),
    ("category", "links"),
    ("edit", "link"),
    ("email", "capture"),
    ("entry", "meta"),
    ("follow", "us"),
    ("jump", "links"),
    ("latest", "articles"),
    ("latest", "news"),
    ("latest", "posts"),
    ("mailing", "list"),
    ("more", "articles"),
    ("more", "from"),
    ("more", "news"),
    ("more", "on"),
    ("more", "posts"),
    ("more", "stories"),
    ("most", "read"),
    ("next", "prev"),
    ("opt", "in"),
    ("post", "author"),
    ("post", "categories"),
    ("post", "meta"),
    ("post", "tags"),
    ("prev", "next"),
    ("read", "also"),
    ("read", "more"),
    ("read", "next"),
    ("recent", "articles"),
    ("recent", "posts"),
    ("sign", "up"),
    ("similar", "articles"),
    ("similar", "posts"),
    ("skip", "link"),
    ("table", "contents"),
    ("tag", "cloud"),
    ("tag", "links"),
    ("tag", "list"),
    ("top", "stories"),
    ("up", "next"),
    ("you", "might"),
    ("article", "tags"),
    ("article", "footer"),
    ("widget", "area"),
    ("language", "section"),
    ("language", "switcher"),
    ("lang", "switcher"),
    ("language", "selector"),
    ("language", "list"),
    ("language", "menu"),
    ("search", "form"),
    ("search", "bar"),
    ("search", "box"),
    ("popular", "posts"),
    ("most", "popular"),
    ("top", "posts"),
    ("article", "share"),
];

/// Words for what readers wrote below; such a part may be longer than the article.
const COMMENTS: &[&str] = &[
    "comment",
    "comments",
    "commentlist",
    "disqus",
    "kommentar",
    "kommentare",
    "respond",
    "commentaires",
    "comentarios",
    "commenti",
    "reacties",
    "discussion",
];

/// Words before a furniture word that make it a word about the layout around it.
const LAYOUT: &[&str] = &[
    "has", "no", "not", "with", "without", "is", "hide", "show", "non",
];

/// Words that keep notes and reference lists, whatever else the name says.
const NOTES: &[&str] = &[
    "bibliography",
    "citations",
    "endnote",
    "endnotes",
    "footnote",
    "footnotes",
    "footnotelist",
    "references",
    "reflist",
    "fussnoten",
    "quellen",
    "quellenangaben",
    "literaturverzeichnis",
];

/// How a lead-in to further reading begins.
const LEADS: &[&str] = &[
    "subscribe to",
    "follow us",
    "folgen sie uns",
    "folge uns",
    "suivez-nous",
    "síguenos",
    "seguici",
    "read more",
    "read also",
    "also read",
    "read next",
    "more on this",
    "more from",
    "more:",
    "related:",
    "related article",
    "related post",
    "related reading",
    "related stor",
    "related content",
    "related topics",
    "see more:",
    "recommended",
    "you may also like",
    "you might also like",
    "you may like",
    "don't miss",
    "don’t miss",
    "must read",
    "keep reading",
    "continue reading",
    "next up:",
    "up next",
    "further reading on",
    "more stories",
    "more news",
    "lesen sie auch",
    "lesen sie mehr",
    "lies auch",
    "mehr zum thema",
    "mehr dazu",
    "mehr lesen",
    "auch interessant",
    "das könnte",
    "weiterlesen",
    "passend dazu",
    "siehe auch:",
    "lire aussi",
    "à lire",
    "a lire aussi",
    "lire la suite",
    "sur le même sujet",
    "voir aussi:",
    "follow-up read",
    "suggested read",
    "recommended read",
    "check out more",
    "more great",
    "more articles",
    "more posts",
    "more by",
    "more in",
    "more about this",
    "leer más",
    "lea también",
    "lee también",
    "te puede interesar",
    "más información:",
    "leia também",
    "leia mais",
    "veja também",
    "saiba mais",
    "leggi anche",
    "per approfondire",
    "potrebbe interessarti",
    "lees ook",
    "lees meer",
    "meer lezen",
    "czytaj także",
    "czytaj też",
    "zobacz też",
    "zobacz także",
    "čtěte také",
    "přečtěte si",
    "läs också",
    "läs mer",
    "läs även",
    "les også",
    "læs også",
    "lue myös",
    "loe ka",
    "citește și",
    "olvasta már",
    "διαβάστε",
    "читайте также",
    "читать также",
    "читайте також",
    "bunu da oku",
    "ayrıca oku",
    "baca juga",
    "xem thêm",
    "関連記事",
    "相关阅读",
    "延伸阅读",
    "相關新聞",
    "관련기사",
];

/// How a line that only names the author begins.
const BYLINES: &[&str] = &[
    "by ",
    "by:",
    "written by",
    "posted by",
    "posted in",
    "filed under",
    "author:",
    "words by",
    "reviewed by",
    "edited by",
    "fact checked by",
    "fact-checked by",
    "medically reviewed",
    "von ",
    "von:",
    "autor:",
    "autorin:",
    "geschrieben von",
    "par ",
    "rédigé par",
    "por ",
    "publicado por",
    "di ",
    "scritto da",
    "door ",
    "geschreven door",
    "skrevet av",
    "автор:",
];

/// How a heading over a list of teasers begins.
const TEASER_HEADINGS: &[&str] = &[
    "about the author",
    "author",
    "categories",
    "comments",
    "follow us",
    "follow me",
    "join our",
    "join the conversation",
    "latest articles",
    "latest news",
    "latest posts",
    "latest stories",
    "leave a comment",
    "leave a reply",
    "most popular",
    "most read",
    "popular posts",
    "popular articles",
    "post navigation",
    "recent posts",
    "recent articles",
    "related",
    "share this",
    "share:",
    "sign up",
    "similar articles",
    "similar posts",
    "stay in touch",
    "subscribe",
    "tags",
    "top stories",
    "topics",
    "trending",
    "what to read next",
    "newsletter",
    "about this author",
    "written by",
    "in this series",
    "in other news",
    "editor's picks",
    "editors' picks",
    "our picks",
    "teilen",
    "schlagwörter",
    "kommentare",
    "kategorien",
    "ähnliche artikel",
    "ähnliche beiträge",
    "verwandte",
    "meistgelesen",
    "neueste beiträge",
    "aktuelle beiträge",
    "weitere artikel",
    "weitere beiträge",
    "mehr aus",
    "mehr von",
    "schreibe einen kommentar",
    "über den autor",
    "articles similaires",
    "articles récents",
    "sur le même thème",
    "commentaires",
    "partager",
    "étiquettes",
    "les plus lus",
    "artículos relacionados",
    "noticias relacionadas",
    "comentarios",
    "compartir",
    "etiquetas",
    "artigos relacionados",
    "notícias relacionadas",
    "mais lidas",
    "compartilhe",
    "articoli correlati",
    "articoli recenti",
    "condividi",
    "gerelateerde",
    "deel dit",
    "powiązane",
    "podobne",
    "похожие",
    "по теме",
    "поделиться",
];

/// How a heading over links that the text itself cites begins; such lists are kept.
const SOURCE_HEADINGS: &[&str] = &[
    "bibliograph",
    "citation",
    "endnote",
    "external link",
    "footnote",
    "further information",
    "further reading",
    "further resource",
    "helpful link",
    "helpful resource",
    "learn more",
    "more information",
    "next step",
    "note",
    "reference",
    "resource",
    "see also",
    "source",
    "useful link",
    "useful resource",
    "additional resource",
    "additional information",
    "what's next",
    "what’s next",
    "where to go",
    "works cited",
    "quelle",
    "literatur",
    "einzelnachweis",
    "weblinks",
    "siehe auch",
    "weiterführend",
    "fußnote",
    "référence",
    "bibliographie",
    "voir aussi",
    "liens externes",
    "pour en savoir plus",
    "fuente",
    "referencia",
    "bibliograf",
    "véase también",
    "enlaces externos",
    "fonte",
    "referência",
    "riferiment",
    "note",
    "collegamenti esterni",
    "voci correlate",
    "bron",
    "verwijzing",
    "źródł",
    "przypisy",
    "bibliografia",
    "ссылки",
    "источник",
    "примечани",
    "литератур",
    "参考",
    "出典",
    "脚注",
    "参考文献",
];

/// All that the words of a link say which asks to do something rather than cites.
const CALLS: &[&str] = &[
    "click to enlarge",
    "enlarge",
    "vergrößern",
    "bild vergrößern",
    "apply now",
    "book now",
    "buy now",
    "buy tickets",
    "click here to subscribe",
    "contact sales",
    "contact us",
    "download now",
    "get a demo",
    "get a quote",
    "get quote",
    "get started",
    "get started for free",
    "jetzt kaufen",
    "zum angebot",
    "zum shop",
    "jetzt bestellen",
    "jetzt spenden",
    "jetzt anmelden",
    "hier bestellen",
    "zur anmeldung",
    "learn more",
    "log in",
    "login",
    "mehr erfahren",
    "order now",
    "read more",
    "request a demo",
    "register now",
    "see all",
    "see more",
    "shop now",
    "show all",
    "show more",
    "sign in",
    "sign up",
    "sign up now",
    "start free trial",
    "start now",
    "subscribe",
    "subscribe now",
    "try for free",
    "try it free",
    "try now",
    "view all",
    "view more",
    "watch a demo",
    "watch demo",
    "weiterlesen",
    "mehr anzeigen",
    "en savoir plus",
    "saber más",
    "leer más",
    "ver más",
    "scopri di più",
    "lees meer",
    "voir plus",
    "s'abonner",
    "jetzt abonnieren",
    "anmelden",
];

/// What a link that only shares, prints, follows or shops says on its host and path.
const SHARES: &[&str] = &[
    "facebook.com/sharer",
    "facebook.com/share.php",
    "facebook.com/dialog",
    "twitter.com/intent",
    "twitter.com/share",
    "x.com/intent",
    "x.com/share",
    "linkedin.com/sharearticle",
    "linkedin.com/sharing",
    "linkedin.com/cws/share",
    "pinterest.com/pin/create",
    "reddit.com/submit",
    "tumblr.com/share",
    "tumblr.com/widgets/share",
    "xing.com/spi/shares",
    "xing.com/app/user",
    "vk.com/share",
    "t.me/share",
    "telegram.me/share",
    "wa.me/?",
    "whatsapp.com/send",
    "api.whatsapp.com",
    "getpocket.com/save",
    "getpocket.com/edit",
    "flipboard.com/bookmarklet",
    "share.flipboard.com",
    "news.ycombinator.com/submitlink",
    "plus.google.com/share",
    "line.me/r/msg",
    "social-plugins.line.me",
    "connect.ok.ru/offer",
    "b.hatena.ne.jp/add",
    "service.weibo.com/share",
    "bsky.app/intent",
    "threads.net/intent",
    "mastodonshare.com",
    "buffer.com/add",
    "bufferapp.com/add",
    "digg.com/submit",
    "stumbleupon.com/submit",
    "delicious.com/save",
    "del.icio.us/post",
    "addtoany.com",
    "addthis.com",
    "sharethis.com",
    "shareaholic.com",
    "printfriendly.com",
];

/// Values of `rel` that say what a link is for, other than a citation.
const RELATIONS: &[&str] = &[
    "tag", "author", "license", "next", "prev", "category", "home", "search",
];

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
        .trim_matches(|c: char| !c.is_alphanumeric())
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

//! What a line reads like.
//!
//! **In:** the text of a line. **Out:** counts: words, function words, sentence ends,
//! the vocabulary of furniture. **Not here:** where the line stands (`features`).
//!
//! Function words are the commonest of ten languages together: prose has about as many of
//! them in each, and a navigation has none in any.

/// Kinds of furniture that words tell.
pub(super) const FURNITURE: usize = 8;

/// Counts of a line.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Words {
    pub(super) words: f32,
    pub(super) chars: f32,
    pub(super) stops: f32,
    pub(super) commas: f32,
    /// Ends of sentences.
    pub(super) ends: f32,
    pub(super) digits: f32,
    /// Words that begin with a capital.
    pub(super) capitals: f32,
    /// Signs that set items apart.
    pub(super) bars: f32,
    pub(super) price: bool,
    pub(super) year: bool,
    pub(super) copyright: bool,
    /// 0 a word, 1 the end of a sentence, 2 a colon, 3 a comma, 4 an ellipsis, 5 all else.
    pub(super) last: u8,
    /// 0 a small letter, 1 a capital, 2 a digit, 3 a quotation mark or bracket, 4 all else.
    pub(super) first: u8,
    /// sharing · comments · more of the like · law · account and shop · letters and advertisements · byline · pictures
    pub(super) furniture: [u8; FURNITURE],
}

/// Counts a line.
pub(super) fn count(line: &str) -> Words {
    let mut found = Words::default();
    let mut buffer = String::new();
    for word in line.split_whitespace() {
        found.words += 1.0;
        let core = word.trim_matches(|c: char| !c.is_alphanumeric());
        if core.starts_with(char::is_uppercase) {
            found.capitals += 1.0;
        }
        if word.ends_with(',') {
            found.commas += 1.0;
        }
        let ended = word.trim_end_matches(['"', '”', '“', '’', '\'', ')', ']', '»']);
        if ended.ends_with(['.', '!', '?', '…']) && core.len() > 1 {
            found.ends += 1.0;
        }
        if core.len() == 4 && (core.starts_with("19") || core.starts_with("20")) {
            found.year |= core.bytes().all(|byte| byte.is_ascii_digit());
        }
        if core.len() <= 16 && !core.is_empty() {
            buffer.clear();
            buffer.extend(core.chars().flat_map(char::to_lowercase));
            if is_function_word(&buffer) {
                found.stops += 1.0;
            } else if let Some(kind) = furniture(&buffer)
                && let Some(count) = found.furniture.get_mut(kind)
            {
                *count = count.saturating_add(1);
            }
        }
    }
    let mut ideographs = 0.0;
    for c in line.chars() {
        found.chars += 1.0;
        match c {
            '0'..='9' => found.digits += 1.0,
            '|' | '•' | '·' | '›' | '»' | '→' | '/' | '▼' | '►' => found.bars += 1.0,
            '$' | '€' | '£' | '¥' | '₹' => found.price = true,
            '©' | '®' => found.copyright |= c == '©',
            '，' | '、' => found.commas += 1.0,
            '。' | '！' | '？' => found.ends += 1.0,
            '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' => ideographs += 1.0,
            _ => {}
        }
    }
    // Scripts without spaces: two characters are about a word.
    found.words += ideographs / 2.0;
    found.stops += ideographs / 6.0;
    found.last = match line
        .trim_end_matches(['"', '”', '“', '’', '\'', ')', ']', '»'])
        .chars()
        .next_back()
    {
        Some('.' | '!' | '?' | '。' | '！' | '？') => 1,
        Some(':' | '：') => 2,
        Some(',' | ';') => 3,
        Some('…') => 4,
        Some(c) if c.is_alphanumeric() => 0,
        _ => 5,
    };
    found.first = match line.chars().next() {
        Some(c) if c.is_lowercase() => 0,
        Some(c) if c.is_alphabetic() => 1,
        Some(c) if c.is_numeric() => 2,
        Some('"' | '“' | '„' | '«' | '‘' | '\'' | '(' | '[') => 3,
        _ => 4,
    };
    found
}

#[rustfmt::skip]
fn is_function_word(word: &str) -> bool {
    matches!(
        word,
        // English
        "the" | "of" | "and" | "a" | "to" | "in" | "is" | "was" | "that" | "for" | "it" | "with" | "as" | "his" | "on" | "be"
        | "at" | "by" | "i" | "this" | "had" | "not" | "are" | "but" | "from" | "or" | "have" | "an" | "they" | "which" | "you"
        | "were" | "their" | "has" | "would" | "been" | "will" | "who" | "if" | "he" | "she" | "we" | "there" | "can" | "than"
        | "its" | "when" | "what" | "so" | "said" | "because" | "while" | "where" | "also" | "these" | "those" | "could"
        // German
        | "der" | "die" | "und" | "den" | "von" | "zu" | "das" | "mit" | "sich" | "des" | "auf" | "für" | "ist" | "im"
        | "dem" | "nicht" | "ein" | "eine" | "als" | "auch" | "es" | "werden" | "aus" | "hat" | "dass" | "sie" | "nach"
        | "wird" | "bei" | "einer" | "einen" | "einem" | "um" | "am" | "sind" | "noch" | "wie" | "über" | "zum" | "war"
        | "haben" | "nur" | "oder" | "aber" | "vor" | "zur" | "bis" | "man" | "ich" | "wir" | "ihr" | "wenn" | "kann" | "durch"
        // French
        | "le" | "la" | "les" | "et" | "du" | "en" | "un" | "une" | "est" | "que" | "qui" | "dans" | "pour" | "par"
        | "sur" | "pas" | "plus" | "il" | "au" | "avec" | "ce" | "sont" | "elle" | "ou" | "nous" | "vous"
        // Spanish, Portuguese, Italian
        | "el" | "los" | "las" | "y" | "una" | "por" | "con" | "no" | "para" | "su" | "del" | "como" | "al" | "lo" | "más"
        | "o" | "e" | "do" | "da" | "em" | "uma" | "não" | "os" | "dos" | "na" | "mais" | "di" | "che" | "per" | "non"
        | "della" | "sono" | "nel" | "si" | "ma" | "anche" | "gli"
        // Dutch, Swedish, Norwegian, Danish
        | "het" | "een" | "van" | "op" | "te" | "dat" | "zijn" | "voor" | "niet" | "aan" | "met" | "och" | "att" | "det" | "som"
        | "på" | "är" | "av" | "för" | "til" | "og" | "ikke" | "jeg" | "var" | "har" | "de" | "med" | "ett"
        // Polish, Czech, Russian, Greek, Turkish
        | "w" | "się" | "z" | "nie" | "jest" | "že" | "se" | "je" | "и" | "в" | "не" | "на" | "что" | "с" | "по" | "как"
        | "το" | "και" | "του" | "να" | "η" | "ve" | "bir" | "bu" | "için"
    )
}

#[rustfmt::skip]
fn furniture(word: &str) -> Option<usize> {
    Some(match word {
        "share" | "teilen" | "tweet" | "facebook" | "twitter" | "linkedin" | "instagram" | "pinterest" | "whatsapp" | "youtube"
        | "partager" | "compartir" | "xing" | "telegram" | "follow" | "folgen" | "tumblr" | "reddit" | "flattr" | "like" | "likes"
        | "drucken" | "print" | "rss" | "feed" | "pocket" => 0,
        "comment" | "comments" | "kommentar" | "kommentare" | "kommentieren" | "reply" | "antworten" | "commentaires" | "répondre"
        | "comentarios" | "antwort" | "replies" | "kommentarer" | "reacties" | "trackback" | "pingback" | "pingbacks" => 1,
        "related" | "read" | "more" | "weiterlesen" | "mehr" | "lesen" | "ähnliche" | "beiträge" | "verwandte" | "similar" | "popular"
        | "trending" | "latest" | "recommended" | "aktuelle" | "neueste" | "weitere" | "beitrag" | "vorheriger" | "nächster" | "previous"
        | "next" | "recent" | "posts" | "articles" | "artikel" | "view" | "see" | "learn" | "suite" | "lire" | "meistgelesen"
        | "archiv" | "archive" | "categories" | "kategorien" | "kategorie" | "tags" | "schlagwörter" | "tag" | "category" | "filed" => 2,
        "copyright" | "privacy" | "policy" | "terms" | "impressum" | "datenschutz" | "datenschutzerklärung" | "agb" | "cookie" | "cookies"
        | "rights" | "reserved" | "rechte" | "vorbehalten" | "disclaimer" | "kontakt" | "contact" | "imprint" | "accept" | "consent"
        | "akzeptieren" | "legal" | "conditions" | "gdpr" | "dsgvo" | "confidentialité" | "mentions" => 3,
        "login" | "log" | "sign" | "register" | "anmelden" | "registrieren" | "account" | "konto" | "password" | "passwort" | "cart"
        | "warenkorb" | "checkout" | "shipping" | "returns" | "wishlist" | "add" | "buy" | "menu" | "menü" | "search" | "suche" | "suchen"
        | "home" | "startseite" | "navigation" | "skip" | "sort" | "filter" | "username" | "basket" | "quantity" | "stock" => 4,
        "newsletter" | "subscribe" | "abonnieren" | "email" | "e-mail" | "mail" | "advertisement" | "anzeige" | "werbung" | "sponsored"
        | "promoted" | "subscription" | "abo" | "download" | "donate" | "spenden" | "unsubscribe" | "affiliate" | "inbox"
        | "abonnez" | "subscribers" => 5,
        "by" | "posted" | "published" | "updated" | "author" | "autor" | "veröffentlicht" | "written" | "editor" | "staff" | "ago"
        | "uhr" | "aktualisiert" | "redaktion" | "reporter" | "correspondent" | "min" | "minutes" | "january" | "february" | "march"
        | "april" | "june" | "july" | "august" | "september" | "october" | "november" | "december" | "januar" | "februar" | "märz"
        | "juni" | "juli" | "oktober" | "dezember" | "jan" | "feb" | "mar" | "apr" | "jun" | "jul" | "aug" | "sep" | "oct" | "nov"
        | "dec" | "pm" => 6,
        "photo" | "image" | "foto" | "bild" | "getty" | "images" | "credit" | "reuters" | "afp" | "dpa" | "shutterstock" | "photograph"
        | "courtesy" | "picture" | "pictures" | "fotos" | "photos" | "unsplash" | "quelle" | "source" | "video" | "gallery" => 7,
        _ => return None,
    })
}

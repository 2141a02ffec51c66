//! Words that a full stop shortens and does not close, language by language.
//!
//! **In:** a word without its stop, and the document's language. **Out:** what the
//! word lets follow. **Not here:** the decision whether a sentence ends (`border`).
//!
//! The tables hold what a printed text is likely to have, titles, references,
//! months, units of law; not every entry of a dictionary. A word missing here
//! splits a sentence; a word too many glues two together, which is the lesser harm.

/// What a full stop after an abbreviation means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Follow {
    /// A name follows: the sentence goes on whatever comes.
    Never,
    /// The sentence goes on when a number follows; else the word is an ordinary one.
    Number,
    /// The sentence goes on unless a word follows that plainly opens one.
    Opener,
}

/// What the abbreviation `word` (lower case, without its stop) lets follow.
pub(super) fn follow(word: &str, language: Option<&str>) -> Option<Follow> {
    let table = table(language.unwrap_or("en"));
    let holds = |list: &[&str]| list.contains(&word);
    if holds(TITLES) || holds(table.titles) {
        return Some(Follow::Never);
    }
    if holds(COMMON) || holds(table.words) {
        return Some(Follow::Opener);
    }
    (holds(NUMBERED) || holds(table.numbered)).then_some(Follow::Number)
}

/// Whether `word` (lower case) opens a sentence and is hardly a name: an article, a pronoun, a conjunction.
pub(super) fn opens(word: &str, language: Option<&str>) -> bool {
    table(language.unwrap_or("en")).openers.contains(&word)
}

/// Whether ordinal numbers are written with a full stop ("3. März").
pub(super) fn has_dotted_ordinals(language: Option<&str>) -> bool {
    matches!(
        language,
        Some(
            "de" | "da"
                | "no"
                | "nb"
                | "nn"
                | "cs"
                | "sk"
                | "pl"
                | "hu"
                | "fi"
                | "et"
                | "lv"
                | "hr"
                | "sr"
                | "sl"
                | "bs"
                | "tr"
                | "is"
                | "lb"
        )
    )
}

/// Whether `word` (lower case) is a month's name in German or a Nordic language, which number days with a full stop.
pub(super) fn is_month(word: &str) -> bool {
    matches!(
        word,
        "januar"
            | "januari"
            | "februar"
            | "februari"
            | "märz"
            | "marts"
            | "mars"
            | "april"
            | "mai"
            | "maj"
            | "juni"
            | "juli"
            | "august"
            | "augusti"
            | "september"
            | "oktober"
            | "november"
            | "dezember"
            | "desember"
            | "december"
    )
}

const TITLES: &[&str] = &[
    "mr", "mrs", "ms", "dr", "prof", "vs", "v", "e.g", "i.e", "eg", "ie", "cf", "viz",
];

const NUMBERED: &[&str] = &[
    "no", "nos", "nr", "p", "pp", "s", "ss", "n", "c", "ca", "vol", "vols", "fig", "figs", "tab",
    "eq", "art", "arts", "ch", "chap", "sec", "par", "para", "paras", "cl", "r", "b", "d", "m",
    "pt", "st", "ed",
];

const COMMON: &[&str] = &[
    "al", "ibid", "id", "op", "cit", "etc", "jr", "sr", "eds", "ltd", "inc", "corp", "co", "st",
    "ph.d", "approx", "jan", "feb", "apr", "aug", "sept", "oct", "nov",
];

struct Table {
    titles: &'static [&'static str],
    numbered: &'static [&'static str],
    words: &'static [&'static str],
    openers: &'static [&'static str],
}

fn table(language: &str) -> &'static Table {
    match language {
        "de" | "lb" => &GERMAN,
        "fr" => &FRENCH,
        "es" | "ca" | "gl" => &SPANISH,
        "it" => &ITALIAN,
        "pt" => &PORTUGUESE,
        "nl" | "af" => &DUTCH,
        "sv" | "da" | "no" | "nb" | "nn" | "is" => &NORDIC,
        "pl" | "cs" | "sk" | "sl" | "hr" | "sr" | "bs" => &WEST_SLAVIC,
        "ru" | "uk" | "be" | "bg" | "mk" | "kk" | "ky" => &CYRILLIC,
        "tr" | "az" => &TURKISH,
        "el" => &GREEK,
        "hu" => &HUNGARIAN,
        "fi" | "et" => &FINNIC,
        _ => &ENGLISH,
    }
}

const ENGLISH: Table = Table {
    titles: &[
        "gen", "col", "lt", "maj", "capt", "cpt", "sgt", "cmdr", "adm", "rev", "hon", "gov", "sen",
        "rep", "reps", "sens", "pres", "amb", "messrs", "supt", "det", "insp", "fr", "mt", "ft",
    ],
    numbered: &[
        "arts", "reg", "regs", "sch", "app", "ex", "ann", "ref", "refs", "sub", "subs",
    ],
    words: &[
        "mar", "jun", "jul", "sep", "dec", "dept", "univ", "assn", "bros", "ave", "blvd", "rd",
        "tel", "est", "esq", "govt", "intl", "natl", "ed", "trans", "repr", "rev", "llc", "plc",
        "a.m", "p.m", "a.k.a", "ff", "cos", "acad", "fed", "supp",
    ],
    openers: &[
        "the",
        "a",
        "an",
        "this",
        "that",
        "these",
        "those",
        "it",
        "he",
        "she",
        "they",
        "we",
        "in",
        "on",
        "at",
        "by",
        "for",
        "from",
        "but",
        "and",
        "or",
        "however",
        "also",
        "as",
        "while",
        "when",
        "where",
        "after",
        "before",
        "there",
        "his",
        "her",
        "its",
        "their",
        "if",
        "since",
        "although",
        "with",
        "according",
        "moreover",
        "some",
        "many",
        "most",
        "no",
        "our",
        "i",
        "you",
        "what",
        "who",
        "why",
        "how",
        "during",
        "despite",
        "because",
        "both",
        "each",
        "one",
        "then",
        "thus",
        "under",
        "today",
        "yet",
        "not",
        "more",
        "such",
        "other",
        "another",
        "nevertheless",
        "meanwhile",
        "later",
        "until",
        "to",
        "of",
        "all",
        "my",
        "your",
        "so",
        "here",
        "now",
        "which",
        "among",
        "between",
        "through",
        "two",
        "three",
        "several",
    ],
};

const GERMAN: Table = Table {
    titles: &[
        "hr", "fr", "frl", "z.b", "d.h", "bzw", "vgl", "bspw", "insb", "sog", "hl", "ing", "dipl",
        "mag", "i.d.r", "u.u", "z.t", "o.ä", "ggf", "evtl", "ca", "resp", "geb", "gest", "gem",
        "lt", "inkl", "zzgl", "exkl", "max", "min",
    ],
    numbered: &[
        "abs", "bd", "bde", "kap", "abb", "ziff", "lit", "rn", "rdnr", "aufl", "jg", "h", "anm",
        "fn", "nrn", "rd", "satz", "sp", "az", "tel", "plz", "teil", "bl", "stk",
    ],
    words: &[
        "u.a", "usw", "usf", "ff", "f", "hrsg", "hg", "ebd", "str", "mio", "mrd", "tsd", "dez",
        "okt", "mär", "verl", "univ", "bsp", "a.a.o", "s.o", "s.u", "v.a", "st", "allg", "ehem",
        "jh", "jhdt", "jhd", "n.chr", "v.chr", "chr", "b", "a.m", "e.v", "zit",
    ],
    openers: &[
        "der", "die", "das", "den", "dem", "des", "ein", "eine", "einer", "einem", "einen", "es",
        "er", "sie", "wir", "ich", "ihr", "in", "im", "am", "an", "auf", "auch", "aber", "als",
        "bei", "bis", "da", "dabei", "damit", "danach", "dann", "dazu", "dies", "diese", "dieser",
        "dieses", "doch", "durch", "für", "hier", "man", "mit", "nach", "nicht", "noch", "nun",
        "ob", "oder", "seit", "so", "sein", "seine", "ihre", "um", "und", "unter", "von", "vor",
        "während", "was", "weil", "wenn", "wer", "wie", "wo", "zu", "zum", "zur", "zwar", "zudem",
        "jedoch", "laut", "heute", "alle", "beide", "trotz", "wegen", "viele", "kein", "keine",
    ],
};

const FRENCH: Table = Table {
    titles: &[
        "m", "mm", "mme", "mmes", "mlle", "me", "mgr", "ste", "p.ex", "c.-à-d", "env", "av", "apr",
    ],
    numbered: &[
        "chap", "t", "al", "f", "fol", "n°", "col", "éd", "liv", "tél", "annexe",
    ],
    words: &[
        "janv", "févr", "juil", "sept", "déc", "coll", "trad", "dir", "cie", "éds", "bd", "boul",
        "s.a", "j.-c", "ibid", "loc",
    ],
    openers: &[
        "le",
        "la",
        "les",
        "l",
        "un",
        "une",
        "des",
        "il",
        "elle",
        "ils",
        "elles",
        "on",
        "nous",
        "je",
        "ce",
        "cette",
        "ces",
        "cet",
        "c",
        "en",
        "dans",
        "sur",
        "pour",
        "par",
        "avec",
        "mais",
        "et",
        "ou",
        "où",
        "or",
        "si",
        "selon",
        "après",
        "avant",
        "depuis",
        "pendant",
        "son",
        "sa",
        "ses",
        "leur",
        "leurs",
        "au",
        "aux",
        "à",
        "d",
        "de",
        "du",
        "qui",
        "que",
        "quand",
        "ainsi",
        "cependant",
        "toutefois",
        "puis",
        "ensuite",
        "tous",
        "toutes",
    ],
};

const SPANISH: Table = Table {
    titles: &[
        "sr", "sra", "srta", "sres", "d", "dña", "dra", "lic", "ing", "gral", "mons", "p.ej", "ud",
        "uds", "vd", "arq", "prof", "profa",
    ],
    numbered: &[
        "pág", "págs", "núm", "cap", "inc", "apdo", "tel", "aprox", "t", "lám",
    ],
    words: &[
        "ee.uu", "s.a", "s.l", "a.c", "d.c", "cía", "avda", "av", "ss.mm", "rr.hh", "ene", "ago",
        "dic", "ed", "coord", "depto",
    ],
    openers: &[
        "el", "la", "los", "las", "lo", "un", "una", "unos", "en", "de", "del", "al", "a", "por",
        "para", "con", "sin", "según", "pero", "y", "o", "si", "no", "su", "sus", "se", "este",
        "esta", "estos", "estas", "ese", "esa", "eso", "esto", "él", "ella", "ellos", "yo",
        "nosotros", "que", "qué", "quien", "cuando", "como", "aunque", "además", "también", "tras",
        "desde", "hasta", "entre", "sobre", "durante", "así", "luego", "después", "hoy", "más",
    ],
};

const ITALIAN: Table = Table {
    titles: &[
        "sig", "sigg", "sig.ra", "dott", "dott.ssa", "avv", "ing", "on", "mons", "gen", "prof.ssa",
        "es", "p.es", "s.e", "geom", "arch", "rag",
    ],
    numbered: &[
        "pag", "pagg", "cap", "comma", "co", "lett", "all", "tel", "reg", "d.lgs", "d.l",
    ],
    words: &[
        "ecc", "a.c", "d.c", "s.p.a", "s.r.l", "genn", "febbr", "sett", "ott", "dic", "cit",
    ],
    openers: &[
        "il", "lo", "la", "i", "gli", "le", "l", "un", "una", "uno", "in", "nel", "nella", "di",
        "del", "della", "a", "al", "alla", "da", "dal", "con", "su", "per", "tra", "fra", "ma",
        "e", "o", "se", "non", "si", "questo", "questa", "questi", "quello", "egli", "lui", "lei",
        "essi", "che", "chi", "quando", "come", "dopo", "prima", "secondo", "anche", "inoltre",
        "così", "poi", "oggi", "durante", "tutti",
    ],
};

const PORTUGUESE: Table = Table {
    titles: &[
        "sr", "sra", "srs", "dr", "dra", "exmo", "eng", "d", "prof", "profa", "p.ex", "v.ex",
    ],
    numbered: &[
        "pág", "págs", "núm", "n.º", "cap", "inc", "tel", "aprox", "art", "fl", "fls",
    ],
    words: &[
        "av", "cia", "ltda", "s.a", "a.c", "d.c", "fev", "abr", "ago", "set", "out", "dez",
    ],
    openers: &[
        "o", "a", "os", "as", "um", "uma", "em", "no", "na", "nos", "nas", "de", "do", "da", "por",
        "para", "com", "sem", "segundo", "mas", "e", "ou", "se", "não", "seu", "sua", "este",
        "esta", "esse", "essa", "isso", "isto", "ele", "ela", "eles", "elas", "que", "quem",
        "quando", "como", "embora", "além", "também", "após", "desde", "até", "entre", "sobre",
        "durante", "assim", "depois", "hoje", "ao", "à",
    ],
};

const DUTCH: Table = Table {
    titles: &[
        "dhr", "mevr", "mw", "mr", "ir", "ing", "drs", "pres", "bijv", "bv", "d.w.z", "o.a", "m.n",
    ],
    numbered: &["blz", "pag", "hfst", "afb", "lid", "jrg", "afl", "tel"],
    words: &[
        "enz", "e.a", "e.d", "okt", "mrt", "resp", "n.v", "b.v", "v.chr", "n.chr", "incl",
    ],
    openers: &[
        "de", "het", "een", "in", "op", "van", "voor", "met", "maar", "en", "of", "als", "dat",
        "dit", "deze", "die", "hij", "zij", "ze", "wij", "we", "ik", "er", "volgens", "na", "toen",
        "ook", "niet", "om", "tijdens", "sinds", "bij", "door", "hoe", "wat", "wie", "waarom",
        "zijn", "haar", "hun", "daarna", "vandaag",
    ],
};

const NORDIC: Table = Table {
    titles: &[
        "hr", "fr", "t.ex", "f.eks", "bl.a", "d.v.s", "dvs", "m.a.o", "jf", "jfr", "el", "ev", "f",
        "kl", "ca", "c:a", "pga", "mht", "ift", "iflg",
    ],
    numbered: &[
        "s", "sid", "kap", "bd", "st", "stk", "nr", "tlf", "§", "pkt", "årg", "utg",
    ],
    words: &[
        "osv", "m.m", "m.fl", "mm", "mfl", "o.l", "mill", "mrd", "milj", "okt", "des", "f.kr",
        "e.kr",
    ],
    openers: &[
        "den", "det", "de", "en", "ei", "ett", "et", "i", "på", "av", "af", "for", "för", "med",
        "men", "og", "och", "eller", "om", "som", "när", "når", "da", "då", "han", "hun", "hon",
        "vi", "jeg", "jag", "dette", "detta", "dessa", "disse", "etter", "efter", "ifølge",
        "enligt", "under", "til", "till", "fra", "från", "at", "att", "hvis", "hva", "vad", "der",
        "dei", "her", "här", "også", "ved", "vid",
    ],
};

const WEST_SLAVIC: Table = Table {
    titles: &[
        "p", "inż", "ing", "mgr", "mudr", "judr", "phdr", "rndr", "gen", "ks", "św", "sv", "np",
        "např", "napr", "tzv", "tzn", "tj", "ul", "im", "al", "o.o", "g", "ga", "gđa", "npr", "tj",
        "red", "hab", "płk", "por", "kpt",
    ],
    numbered: &[
        "str", "s", "č", "čl", "ust", "pkt", "poz", "rozdz", "t", "z", "kap", "odst", "obr", "čís",
        "br", "rys", "tab", "zob",
    ],
    words: &[
        "r", "w", "wyd", "itd", "itp", "m.in", "atd", "apod", "tys", "mln", "mld", "mil", "mil",
        "tis", "n.e", "p.n.e", "stol", "n.l", "godz", "zł", "kč", "os", "in",
    ],
    openers: &[
        "w", "we", "na", "do", "z", "ze", "po", "od", "o", "i", "a", "ale", "to", "ten", "ta",
        "te", "jest", "nie", "on", "ona", "oni", "jak", "gdy", "kiedy", "według", "podczas",
        "przed", "dla", "przez", "v", "ve", "s", "k", "u", "za", "při", "pri", "podle", "jeho",
        "její", "tento", "tato", "toto", "když", "však", "který", "bylo", "byl", "je", "se", "si",
        "pro",
    ],
};

const CYRILLIC: Table = Table {
    titles: &[
        "т.е",
        "т.н",
        "напр",
        "им",
        "ул",
        "проф",
        "акад",
        "доц",
        "ген",
        "полк",
        "св",
        "гр",
        "тов",
        "пл",
        "просп",
        "пр",
        "пер",
        "обл",
        "р",
        "ср",
        "см",
        "т.к",
        "т.ч",
        "т.зв",
        "вул",
        "ім",
        "о",
        "оз",
        "пос",
        "дер",
    ],
    numbered: &[
        "стр", "с", "ст", "п", "пп", "гл", "рис", "табл", "ч", "т", "тт", "вып", "изд", "д", "кв",
        "абз", "тел", "разд", "№", "илл", "л",
    ],
    words: &[
        "г",
        "гг",
        "в",
        "вв",
        "т.д",
        "т.п",
        "др",
        "пр",
        "тыс",
        "млн",
        "млрд",
        "руб",
        "коп",
        "н.э",
        "до н.э",
        "чел",
        "экз",
        "мин",
        "сек",
        "рр",
        "р",
        "ін",
        "ред",
        "сост",
        "англ",
        "нем",
        "фр",
        "лат",
        "янв",
        "февр",
        "авг",
        "сент",
        "окт",
        "нояб",
        "дек",
    ],
    openers: &[
        "в",
        "во",
        "на",
        "по",
        "и",
        "но",
        "а",
        "с",
        "со",
        "к",
        "из",
        "от",
        "до",
        "для",
        "о",
        "об",
        "он",
        "она",
        "они",
        "оно",
        "это",
        "этот",
        "эта",
        "эти",
        "мы",
        "я",
        "если",
        "когда",
        "как",
        "так",
        "также",
        "однако",
        "при",
        "после",
        "перед",
        "за",
        "не",
        "что",
        "кто",
        "все",
        "его",
        "её",
        "их",
        "согласно",
        "затем",
        "потом",
        "тем",
        "у",
        "під",
        "це",
        "він",
        "вона",
        "вони",
        "та",
        "і",
        "й",
        "з",
        "із",
        "як",
        "або",
        "проте",
        "але",
        "тогда",
        "поэтому",
        "сегодня",
    ],
};

const TURKISH: Table = Table {
    titles: &[
        "prof", "doç", "yrd", "av", "sn", "örn", "bkz", "hz", "gen", "org", "alb", "müh",
    ],
    numbered: &["s", "ss", "md", "sf", "no", "sy", "böl", "tel", "c"],
    words: &[
        "vb", "vd", "vs", "a.ş", "ltd", "şti", "m.ö", "m.s", "cad", "sok", "mah", "yy",
    ],
    openers: &[
        "bu", "şu", "o", "bir", "ve", "ama", "ancak", "fakat", "ile", "için", "göre", "sonra",
        "daha", "biz", "ben", "onlar", "her", "ne", "eğer", "çünkü", "ayrıca", "bunun",
    ],
};

const GREEK: Table = Table {
    titles: &[
        "κ", "κα", "κκ", "δρ", "καθ", "π.χ", "δηλ", "βλ", "πρβλ", "αγ", "στρ", "λ.χ",
    ],
    numbered: &[
        "σελ", "σσ", "σ", "αρ", "αριθ", "άρθ", "παρ", "τόμ", "τ", "κεφ", "εικ", "τηλ",
    ],
    words: &[
        "κ.λπ", "κλπ", "κ.ά", "κ.α", "κτλ", "π.μ", "μ.μ", "μ.χ", "π.χ", "εκατ", "δισ", "χιλ",
    ],
    openers: &[
        "ο",
        "η",
        "το",
        "οι",
        "τα",
        "του",
        "της",
        "των",
        "τον",
        "την",
        "στο",
        "στη",
        "στην",
        "στον",
        "σε",
        "με",
        "για",
        "από",
        "και",
        "αλλά",
        "αν",
        "όταν",
        "όπως",
        "αυτό",
        "αυτή",
        "αυτός",
        "ένας",
        "μία",
        "μια",
        "ένα",
        "δεν",
        "μετά",
        "πριν",
        "ωστόσο",
        "σύμφωνα",
    ],
};

const HUNGARIAN: Table = Table {
    titles: &[
        "pl", "ún", "dr", "id", "ifj", "özv", "gr", "br", "szt", "ill", "vö", "ld", "kb",
    ],
    numbered: &["o", "sz", "bek", "köt", "fej", "évf", "tel"],
    words: &[
        "stb", "kft", "rt", "bt", "zrt", "nyrt", "u", "út", "krt", "i.e", "i.sz", "jan", "febr",
        "márc", "ápr", "szept", "okt", "dec",
    ],
    openers: &[
        "a", "az", "egy", "és", "de", "ha", "hogy", "is", "nem", "ez", "azt", "ezt", "ezek",
        "azok", "mint", "mert", "majd", "ő", "ők", "mi", "én", "szerint", "után", "amikor", "így",
    ],
};

const FINNIC: Table = Table {
    titles: &[
        "esim", "mm", "ns", "nk", "ks", "vrt", "tri", "prof", "n", "nt", "hra", "rva", "toim",
    ],
    numbered: &[
        "s", "siv", "lk", "kpl", "luku", "mom", "puh", "nro", "lg", "tel",
    ],
    words: &[
        "jne", "ym", "yms", "eaa", "jaa", "ekr", "jkr", "milj", "mrd", "oy", "klo",
    ],
    openers: &[
        "se",
        "hän",
        "he",
        "ne",
        "me",
        "minä",
        "tämä",
        "nämä",
        "mutta",
        "ja",
        "tai",
        "jos",
        "kun",
        "vaikka",
        "myös",
        "ei",
        "on",
        "kuitenkin",
        "lisäksi",
        "mukaan",
        "see",
        "ta",
        "nad",
        "aga",
        "kui",
        "siis",
        "pärast",
        "ning",
    ],
};

//! Accents, symbols and names of languages in LaTeX.
//!
//! **In:** a command's name. **Out:** the character that it prints. **Not here:**
//! commands that take text or do something.

use unicode_normalization::UnicodeNormalization;

/// The combining character of an accent command.
pub(super) fn accent(command: &str) -> Option<char> {
    Some(match command {
        "'" => '\u{301}',
        "`" => '\u{300}',
        "^" => '\u{302}',
        "\"" => '\u{308}',
        "~" => '\u{303}',
        "=" => '\u{304}',
        "." => '\u{307}',
        "u" => '\u{306}',
        "v" => '\u{30c}',
        "H" => '\u{30b}',
        "c" => '\u{327}',
        "d" => '\u{323}',
        "b" => '\u{331}',
        "r" => '\u{30a}',
        "k" => '\u{328}',
        "t" => '\u{361}',
        _ => return None,
    })
}

/// A letter with its accent, as one character where there is one.
pub(super) fn accented(letter: &str, accent: char) -> String {
    let mut chars = letter.chars();
    let first = match chars.next() {
        // The dotless letters are there for accents only.
        Some('ı') => 'i',
        Some('ȷ') => 'j',
        Some(first) => first,
        None => return String::new(),
    };
    [first, accent].into_iter().chain(chars).nfc().collect()
}

/// What a command without arguments prints.
pub(super) fn symbol(command: &str) -> Option<&'static str> {
    Some(match command {
        "%" => "%",
        "&" => "&",
        "#" => "#",
        "_" => "_",
        "$" | "textdollar" => "$",
        "{" | "textbraceleft" | "lbrace" => "{",
        "}" | "textbraceright" | "rbrace" => "}",
        " " | "\n" | "\t" | "," | ";" | ":" | ">" | "space" | "quad" | "qquad" | "enspace"
        | "thinspace" | "nobreakspace" | "hfill" | "newline" | "linebreak" => " ",
        "ss" => "ß",
        "SS" => "SS",
        "o" => "ø",
        "O" => "Ø",
        "l" => "ł",
        "L" => "Ł",
        "ae" => "æ",
        "AE" => "Æ",
        "oe" => "œ",
        "OE" => "Œ",
        "aa" => "å",
        "AA" => "Å",
        "i" | "imath" => "ı",
        "j" | "jmath" => "ȷ",
        "dh" => "ð",
        "DH" => "Ð",
        "dj" => "đ",
        "DJ" => "Đ",
        "th" => "þ",
        "TH" => "Þ",
        "ng" => "ŋ",
        "textbackslash" | "backslash" => "\\",
        "textasciitilde" | "sim" => "~",
        "textasciicircum" => "^",
        "textbar" | "vert" => "|",
        "textless" | "lt" => "<",
        "textgreater" | "gt" => ">",
        "textunderscore" => "_",
        "textquotesingle" => "'",
        "textquotedbl" => "\"",
        "textquotedblleft" => "“",
        "textquotedblright" => "”",
        "textquoteleft" | "lq" => "‘",
        "textquoteright" | "rq" => "’",
        "glqq" | "quotedblbase" => "„",
        "grqq" => "“",
        "glq" | "quotesinglbase" => "‚",
        "grq" => "‘",
        "flqq" | "guillemotleft" | "og" => "«",
        "frqq" | "guillemotright" | "fg" => "»",
        "flq" | "guilsinglleft" => "‹",
        "frq" | "guilsinglright" => "›",
        "textendash" => "–",
        "textemdash" => "—",
        "dots" | "ldots" | "textellipsis" | "cdots" | "dotsc" | "dotsb" => "…",
        "dag" | "textdagger" => "†",
        "ddag" => "‡",
        "S" | "textsection" => "§",
        "P" => "¶",
        "copyright" | "textcopyright" => "©",
        "textregistered" => "®",
        "texttrademark" => "™",
        "pounds" | "textsterling" => "£",
        "euro" | "EUR" | "texteuro" => "€",
        "textyen" => "¥",
        "textcent" => "¢",
        "degree" | "textdegree" | "celsius" => "°",
        "textmu" | "mu" | "micro" => "µ",
        "textbullet" | "bullet" => "•",
        "textperiodcentered" | "cdot" => "·",
        "times" | "texttimes" => "×",
        "div" => "÷",
        "pm" | "textpm" => "±",
        "le" | "leq" | "leqslant" => "≤",
        "ge" | "geq" | "geqslant" => "≥",
        "ne" | "neq" => "≠",
        "approx" => "≈",
        "to" | "rightarrow" | "textrightarrow" => "→",
        "leftarrow" => "←",
        "infty" => "∞",
        "in" => "∈",
        "alpha" => "α",
        "beta" => "β",
        "gamma" => "γ",
        "delta" => "δ",
        "Delta" => "Δ",
        "epsilon" | "varepsilon" => "ε",
        "lambda" => "λ",
        "pi" => "π",
        "sigma" => "σ",
        "Sigma" => "Σ",
        "tau" => "τ",
        "phi" | "varphi" => "φ",
        "chi" => "χ",
        "omega" => "ω",
        "Omega" => "Ω",
        "theta" => "θ",
        "rho" => "ρ",
        "eta" => "η",
        "kappa" => "κ",
        "textonehalf" => "½",
        "textonequarter" => "¼",
        "textordmasculine" => "º",
        "textordfeminine" => "ª",
        "textexclamdown" => "¡",
        "textquestiondown" => "¿",
        "slash" => "/",
        "TeX" => "TeX",
        "LaTeX" | "LaTeXe" => "LaTeX",
        "BibTeX" => "BibTeX",
        _ => return None,
    })
}

/// The ISO 639-1 code of a language as babel and polyglossia name it.
pub(super) fn language(name: &str) -> Option<&'static str> {
    Some(match name {
        "english" | "british" | "UKenglish" | "american" | "USenglish" | "australian"
        | "canadian" => "en",
        "german" | "ngerman" | "austrian" | "naustrian" | "nswissgerman" => "de",
        "french" | "francais" | "frenchb" | "acadian" => "fr",
        "spanish" | "mexican" => "es",
        "italian" => "it",
        "portuguese" | "portuges" | "brazil" | "brazilian" => "pt",
        "dutch" => "nl",
        "danish" => "da",
        "swedish" => "sv",
        "norsk" | "nynorsk" | "norwegian" => "nb",
        "finnish" => "fi",
        "polish" => "pl",
        "czech" => "cs",
        "slovak" => "sk",
        "slovene" | "slovenian" => "sl",
        "croatian" => "hr",
        "serbian" | "serbianc" => "sr",
        "hungarian" | "magyar" => "hu",
        "romanian" => "ro",
        "bulgarian" => "bg",
        "russian" => "ru",
        "ukrainian" => "uk",
        "greek" => "el",
        "turkish" => "tr",
        "arabic" => "ar",
        "hebrew" => "he",
        "catalan" => "ca",
        "estonian" => "et",
        "latvian" => "lv",
        "lithuanian" => "lt",
        "vietnamese" => "vi",
        "indonesian" => "id",
        "latin" => "la",
        "esperanto" => "eo",
        "afrikaans" => "af",
        _ => return None,
    })
}

/// Typewriter habits of running text: dashes and quotation marks.
pub(super) fn typeset(text: &str) -> String {
    text.replace("---", "—")
        .replace("--", "–")
        .replace("``", "“")
        .replace("''", "”")
        .replace('`', "‘")
        .replace('\'', "’")
}

/// The shorthands of babel's German: `"a` and its like.
pub(super) fn german(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '"' {
            out.push(c);
            continue;
        }
        let letter = match chars.peek() {
            Some('a') => "ä",
            Some('o') => "ö",
            Some('u') => "ü",
            Some('A') => "Ä",
            Some('O') => "Ö",
            Some('U') => "Ü",
            Some('s' | 'z') => "ß",
            Some('`') => "„",
            Some('\'') => "“",
            Some('<') => "«",
            Some('>') => "»",
            Some('=' | '~') => "-",
            Some('-' | '|' | '"') => "",
            _ => {
                out.push('"');
                continue;
            }
        };
        out.push_str(letter);
        chars.next();
    }
    out
}

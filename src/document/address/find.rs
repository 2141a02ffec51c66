//! Web addresses in running text.
//!
//! **In:** a text. **Out:** spans. **Not here:** names with a resolver (`identifier`).
//!
//! White space, angle brackets and quotation marks end an address. What else may
//! stand in one is decided by what stands around it: closing punctuation is the
//! sentence's, a closing bracket belongs to the address that opened it
//! (`…/a_(b)`), a second `http://` begins another address unless it is an argument
//! of the first (`…?url=http://…`, `/web/2012/http://…`).

use super::MAX_ADDRESS;
use crate::document::ByteSpan;

/// Addresses that are arguments of one address; each is looked for once more in all that stands before it.
const MAX_ARGUMENTS: usize = 16;

/// Characters that no printed address has: RFC 3986 leaves out the first ones, and the others close quotations and
/// sentences in print.
fn is_delimiter(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(
            c,
            '<' | '>'
                | '"'
                | '`'
                | '|'
                | '\\'
                | '^'
                | '{'
                | '}'
                | '“'
                | '”'
                | '„'
                | '‟'
                | '«'
                | '»'
                | '‹'
                | '›'
                | '‘'
                | '’'
                | '‚'
                | '…'
                | '。'
                | '，'
                | '、'
                | '；'
                | '：'
                | '！'
                | '？'
                | '（'
                | '）'
                | '「'
                | '」'
                | '『'
                | '』'
                | '《'
                | '》'
                | '【'
                | '】'
                | '।'
                | '؟'
                | '،'
                | '•'
                | '·'
        )
}

/// Characters that converters put where a line may break; they are no part of an address.
pub(super) const fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{200b}' | '\u{200c}' | '\u{200d}' | '\u{2060}' | '\u{feff}'
    )
}

/// The web addresses of a text, in order.
pub(super) fn web(text: &str) -> Vec<ByteSpan> {
    let mut found = Vec::new();
    let mut before = None;
    let mut start = 0;
    let tokens = text.split_inclusive(is_delimiter);
    for token in tokens {
        let delimiter = token.chars().next_back().filter(|c| is_delimiter(*c));
        let word = match delimiter {
            Some(c) => &token[..token.len() - c.len_utf8()],
            None => token,
        };
        // An address has a full stop or a colon; most words have neither.
        if word.len() > 4 && word.contains(['.', ':', '[', '(']) {
            in_word(word, start, before, &mut found);
        }
        before = delimiter;
        start += token.len();
    }
    found
}

/// The addresses within one run of characters without delimiter.
fn in_word(word: &str, offset: usize, before: Option<char>, found: &mut Vec<ByteSpan>) {
    let lower = word.to_ascii_lowercase();
    let starts = starts(&lower);
    for (index, start) in starts.iter().enumerate() {
        let end = starts.get(index + 1).copied().unwrap_or(word.len());
        let raw = &word[*start..end];
        let outside = word[..*start].chars().next_back().or(before);
        let kept = &raw[..length(raw, outside)];
        if kept.len() <= MAX_ADDRESS && is_web(kept) {
            let start = offset + start;
            found.push(ByteSpan::new(start, start + kept.len()));
        }
    }
    if starts.is_empty() {
        let opened = word.trim_start_matches(['(', '[', '\'', '*', '_', '/', ':']);
        let raw = &opened[..length(
            opened,
            word[..word.len() - opened.len()].chars().next_back(),
        )];
        if raw.len() <= MAX_ADDRESS && (is_domain_with_path(raw) || refanged(raw).is_some()) {
            let start = offset + word.len() - opened.len();
            found.push(ByteSpan::new(start, start + raw.len()));
        }
    }
}

/// Where addresses begin in a word: at a scheme, or at `www.`; not where one is an argument of another.
fn starts(lower: &str) -> Vec<usize> {
    let bytes = lower.as_bytes();
    let mut starts: Vec<usize> = Vec::new();
    let mut arguments = 0;
    let mut at = 0;
    while at < bytes.len() {
        let begins = if bytes[at] == b'w' {
            lower[at..].starts_with("www.")
                && (at == 0 || (!bytes[at - 1].is_ascii_alphanumeric() && bytes[at - 1] < 0x80))
        } else {
            matches!(bytes[at], b'h' | b'f') && has_scheme(&lower[at..])
        };
        let is_argument = begins
            && arguments < MAX_ARGUMENTS
            && starts
                .last()
                .is_some_and(|start| is_argument(&lower[*start..at], bytes[at] == b'w'));
        if is_argument {
            arguments += 1;
        } else if begins {
            arguments = 0;
            starts.push(at);
        }
        at += if begins { 4 } else { 1 };
        while at < bytes.len() && !lower.is_char_boundary(at) {
            at += 1;
        }
    }
    starts
}

fn has_scheme(lower: &str) -> bool {
    scheme(lower).is_some()
}

/// The scheme that a text begins with, and the length up to the host.
fn scheme(lower: &str) -> Option<(&'static str, usize)> {
    const SCHEMES: &[(&str, &str)] = &[
        ("https", "https"),
        ("http", "http"),
        ("hxxps", "https"),
        ("hxxp", "http"),
        ("ftps", "ftps"),
        ("ftp", "ftp"),
    ];
    SCHEMES.iter().find_map(|(printed, meant)| {
        let rest = lower.strip_prefix(printed)?;
        let sign = ["://", "[:]//", "[://]", ":\\\\"]
            .iter()
            .find(|sign| rest.starts_with(**sign))?;
        Some((*meant, printed.len() + sign.len()))
    })
}

/// Whether an address that begins here is an argument of the address `so_far`.
fn is_argument(so_far: &str, is_bare: bool) -> bool {
    let last = so_far.chars().next_back().unwrap_or(' ');
    if is_bare {
        // "http://www.example.org", "…/site/www.example.org"; but "http://a.org,www.b.org".
        return !matches!(last, ',' | ';' | ')' | ']');
    }
    if last.is_alphanumeric() || matches!(last, ',' | ';' | ')' | ']' | '.') {
        return false;
    }
    if so_far.contains('?') {
        return true;
    }
    const RELAYS: &[&str] = &[
        "/web/",
        "wayback",
        "archive",
        "cache",
        "proxy",
        "/http",
        "translate",
    ];
    let segment = so_far
        .trim_end_matches('/')
        .rsplit('/')
        .next()
        .unwrap_or("");
    let digits = segment.bytes().take_while(u8::is_ascii_digit).count();
    last == '/' && (digits >= 4 || RELAYS.iter().any(|relay| so_far.contains(relay)))
}

/// How much of `raw` is the address; `outside` stands before it.
fn length(raw: &str, outside: Option<char>) -> usize {
    // Too long for an address, whatever is cut from its end one by one.
    if raw.len() > 4 * MAX_ADDRESS {
        return raw.len();
    }
    let mut end = raw.len();
    for entity in ["&lt;", "&gt;", "&quot;"] {
        end = raw[..end].find(entity).unwrap_or(end);
    }
    let (mut round, mut square) = (0_usize, 0_usize);
    for (at, c) in raw[..end].char_indices() {
        let next = raw[at + c.len_utf8()..].chars().next();
        match c {
            '(' => round += 1,
            '[' => square += 1,
            ')' if round > 0 => round -= 1,
            ']' if square > 0 => square -= 1,
            // "(https://a.org),(https://b.org)", "[https://a.org]".
            ')' if outside == Some('(')
                || next.is_none_or(|c| !c.is_alphanumeric() && c != '/') =>
            {
                end = at;
                break;
            }
            ']' => {
                end = at;
                break;
            }
            '\'' | '*' if outside == Some(c) => {
                end = at;
                break;
            }
            _ => {}
        }
    }
    let host_end = host_length(&raw[..end]);
    end = end.min(host_end.unwrap_or(end));
    let mut kept = &raw[..end];
    loop {
        let before = kept.len();
        kept = kept.trim_end_matches(|c: char| {
            matches!(
                c,
                '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '(' | '['
            ) || matches!(c, '¹' | '²' | '³' | '⁰' | '⁴'..='⁹' | '†' | '‡')
                || (c == '_' && outside == Some('_'))
                || is_invisible(c)
        });
        kept = kept.strip_suffix("'s").unwrap_or(kept);
        // "https://a.org[1]": the mark of a note.
        if let Some((address, inside)) = kept
            .strip_suffix(']')
            .and_then(|rest| rest.rsplit_once('['))
            && inside.len() < 4
            && inside.bytes().all(|byte| byte.is_ascii_digit())
        {
            kept = address;
        }
        if kept.ends_with(')') && kept.matches(')').count() > kept.matches('(').count() {
            kept = &kept[..kept.len() - 1];
        }
        if kept.len() == before {
            return before;
        }
    }
}

/// Where the host ends, when a word in a script without spaces is glued to it: "example.orgを".
fn host_length(raw: &str) -> Option<usize> {
    let lower = raw
        .get(..12.min(raw.len()))
        .unwrap_or("")
        .to_ascii_lowercase();
    let from = scheme(&lower).map_or(0, |(_, length)| length);
    let host = raw.get(from..)?;
    let host = &host[..host.find(['/', '?', '#', ':']).unwrap_or(host.len())];
    let label = host.rsplit('.').next()?;
    let ascii = label.bytes().take_while(u8::is_ascii_alphabetic).count();
    let glued = ascii >= 2
        && label[ascii..].starts_with(|c: char| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}'));
    glued.then(|| from + host.len() - label.len() + ascii)
}

/// Whether a cut-out piece that begins like an address is one.
fn is_web(kept: &str) -> bool {
    let lower = kept.to_ascii_lowercase();
    let Some((_, length)) = scheme(&lower) else {
        // "www." and at least two more labels.
        let host = kept
            .get(4..)
            .unwrap_or("")
            .split(['/', '?', '#', ':'])
            .next()
            .unwrap_or("");
        let defanged = undotted(host);
        let mut labels = defanged.rsplit('.');
        let top = labels.next().unwrap_or("");
        return top.chars().count() >= 2
            && top.chars().all(|c| c.is_alphanumeric() || c == '-')
            && labels.next().is_some_and(|label| !label.is_empty());
    };
    let rest = &kept[length..];
    let authority = &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())];
    let host = authority.rsplit('@').next().unwrap_or("");
    let begins = host.starts_with(|c: char| c.is_alphanumeric() || c == '[');
    let dotted = host.contains(['.', ':']) || host.contains("dot");
    begins && (dotted || host.eq_ignore_ascii_case("localhost") || rest.len() > authority.len() + 1)
}

/// Whether words are an address without a scheme: `www.example.org`, `example.org/a`.
pub(super) fn is_bare(words: &str) -> bool {
    let lower = words.get(..4).unwrap_or("").to_ascii_lowercase();
    lower == "www." || is_domain_with_path(words)
}

/// `example.org/a`: a host in small letters below a known top-level domain, and a path.
/// A bare host is left alone: in prose it is mostly a name ("Booking.com said").
fn is_domain_with_path(words: &str) -> bool {
    let Some((host, _)) = words.split_once('/') else {
        return false;
    };
    let mut labels = host.rsplit('.');
    let top = labels.next().unwrap_or("");
    let good = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && label
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    let mut below = 0;
    for label in labels {
        if !good(label) {
            return false;
        }
        below += 1;
    }
    // "v2.in/x" and "1.5/10" are no hosts.
    let named = host.len() - top.len() > 2 && host.bytes().any(|byte| byte.is_ascii_lowercase());
    below > 0 && named && is_top_level(top)
}

/// The top-level domains that a bare address is believed to have. Country codes that
/// are also endings of files (`rs`, `py`, `md`, `sh`, `so`, `ps`) need a scheme or `www.`.
fn is_top_level(label: &str) -> bool {
    const GENERIC: &[&str] = &[
        "com",
        "org",
        "net",
        "edu",
        "gov",
        "mil",
        "int",
        "info",
        "biz",
        "museum",
        "aero",
        "coop",
        "news",
        "blog",
        "app",
        "dev",
        "page",
        "online",
        "site",
        "wiki",
        "media",
        "press",
        "law",
        "legal",
        "science",
        "academy",
        "university",
        "foundation",
        "ngo",
        "ong",
        "berlin",
        "london",
        "paris",
        "wien",
        "global",
        "social",
        "archive",
        "link",
        "tv",
    ];
    const COUNTRIES: &str = " ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs \
        bt bw by bz ca cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg \
        er es et eu fi fj fk fm fo fr ga gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn \
        hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc \
        li lk lr ls lt lu lv ly ma mc me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc \
        ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr pt pw qa re ro ru rw sa sb sc \
        sd se sg si sk sl sm sn sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tw tz \
        ua ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw ";
    GENERIC.contains(&label)
        || (label.len() == 2
            && label.bytes().all(|byte| byte.is_ascii_lowercase())
            && COUNTRIES.contains(&format!(" {label} ")))
}

/// The address meant by one that was made harmless: `hxxp://`, `example[.]org`, `example[dot]org`.
pub(super) fn refanged(printed: &str) -> Option<String> {
    let lower = printed.to_ascii_lowercase();
    let (scheme, from) = scheme(&lower).map_or((None, 0), |(name, length)| (Some(name), length));
    let rest = printed.get(from..)?;
    let host_end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, path) = rest.split_at(host_end);
    let plain = undotted(host);
    let as_printed = scheme.is_some_and(|scheme| lower.starts_with(&format!("{scheme}://")));
    if plain == host && (scheme.is_none() || as_printed) {
        return None;
    }
    let top = plain.rsplit(['.', ':']).next().unwrap_or("");
    // A user's name may have any signs.
    let name = plain.rsplit('@').next().unwrap_or(&plain);
    let is_host = name.contains('.')
        && name.starts_with(|c: char| c.is_alphanumeric())
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | ':' | '_'));
    if !is_host || (scheme.is_none() && !is_top_level(&top.to_ascii_lowercase())) {
        return None;
    }
    Some(format!("{}://{plain}{path}", scheme.unwrap_or("http")))
}

fn undotted(host: &str) -> String {
    let mut plain = host.to_owned();
    if !host.contains(['[', '(']) {
        return plain;
    }
    for dot in ["[.]", "(.)", "[dot]", "(dot)", "[DOT]", "(DOT)"] {
        plain = plain.replace(dot, ".");
    }
    plain.replace("[:]", ":")
}

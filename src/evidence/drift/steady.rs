//! The words of a text without what changes on every visit.
//!
//! **In:** a text. **Out:** its words but for clocks, counters, "five minutes ago" and session
//! identifiers. **Not here:** whole lines that come and go; those are [`super::passing`]'s.

/// The words of a text without what changes on every visit.
pub(super) fn steady_words(text: &str) -> Vec<&str> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut steady = Vec::with_capacity(words.len());
    let mut at = 0;
    while at < words.len() {
        let skipped = volatile(&words[at..]);
        if skipped == 0 {
            steady.push(words[at]);
            at += 1;
        } else {
            at += skipped;
        }
    }
    steady
}

/// How many words at the beginning are a clock, a counter or a "… ago".
fn volatile(words: &[&str]) -> usize {
    let word = |index: usize| {
        words
            .get(index)
            .copied()
            .unwrap_or("")
            .trim_end_matches([',', '.', ')', ';'])
    };
    let first = word(0);
    if session(first) {
        return 1;
    }
    if clock(first) {
        let half = word(1).to_ascii_lowercase();
        return 1 + usize::from(matches!(
            half.as_str(),
            "am" | "pm" | "a.m" | "p.m" | "uhr" | "utc" | "gmt"
        ));
    }
    let short = |index: usize| word(index).len() <= 16;
    let count = first.starts_with(|c: char| c.is_ascii_digit())
        && first
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, ',' | '.' | 'k' | 'K' | 'M'));
    if (count || matches!(first, "a" | "an" | "one")) && short(1) && short(2) {
        let unit = word(1).to_lowercase();
        if word(2).eq_ignore_ascii_case("ago") && is_unit(&unit) {
            return 3;
        }
    }
    if count && short(1) && is_counter(&word(1).to_lowercase()) {
        return 2;
    }
    if matches!(first, "vor" | "il" | "hace" | "Vor" | "Il" | "Hace" | "for")
        && short(1)
        && short(2)
    {
        // "vor 5 Minuten", "hace 3 horas", "for 5 minutter siden"
        let number = word(1).bytes().all(|byte| byte.is_ascii_digit()) && !word(1).is_empty();
        if number && is_unit(&word(2).to_lowercase()) && first != "Il" && first != "il" {
            return 3 + usize::from(word(3) == "siden");
        }
    }
    0
}

/// "14:05", "14:05:33".
fn clock(word: &str) -> bool {
    let mut parts = word.split(':');
    let digits = |part: Option<&str>, most: usize| {
        part.is_some_and(|part| {
            (1..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
        })
    };
    digits(parts.next(), 2)
        && {
            let minutes = parts.next();
            minutes.is_some_and(|part| part.len() == 2) && digits(minutes, 2)
        }
        && parts.next().is_none_or(|seconds| digits(Some(seconds), 2))
        && parts.next().is_none()
}

fn is_unit(word: &str) -> bool {
    matches!(
        word,
        "second"
            | "seconds"
            | "sec"
            | "minute"
            | "minutes"
            | "min"
            | "mins"
            | "hour"
            | "hours"
            | "hr"
            | "hrs"
            | "day"
            | "days"
            | "week"
            | "weeks"
            | "month"
            | "months"
            | "year"
            | "years"
            | "sekunden"
            | "minuten"
            | "stunde"
            | "stunden"
            | "tag"
            | "tagen"
            | "woche"
            | "wochen"
            | "monat"
            | "monaten"
            | "jahr"
            | "jahren"
            | "minutos"
            | "horas"
            | "días"
            | "minutter"
            | "timer"
            | "dager"
    )
}

fn is_counter(word: &str) -> bool {
    matches!(
        word,
        // Not "votes", "shares" or "visitors": those are facts as often as counters.
        "views"
            | "view"
            | "comments"
            | "comment"
            | "likes"
            | "replies"
            | "upvotes"
            | "kommentare"
            | "aufrufe"
            | "kommentarer"
            | "commentaires"
            | "vues"
            | "comentarios"
    )
}

/// Request, session and cache identifiers: long, without meaning, letters and digits mixed.
fn session(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    let letters = word.bytes().filter(u8::is_ascii_alphabetic).count();
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (16..=128).contains(&word.len()) && letters >= 4 && digits >= 4 && word.bytes().all(plain)
}

//! The words of files that are made for programs: JSON and subtitles.
//!
//! **In:** decoded text. **Out:** its words as a person would read them, or nothing where it is not of
//! that kind. **Not here:** XML (`xml`).

/// The strings and numbers of JSON, one a line, in their order; keys are left out.
pub(super) fn of_json(text: &str) -> Option<String> {
    serde_json::from_str::<serde::de::IgnoredAny>(text).ok()?;
    let mut words = String::new();
    let mut rest = text;
    // What follows is valid JSON, so every string ends and every escape is known.
    while let Some(at) = rest.find(|c: char| c == '"' || c == '-' || c.is_ascii_digit()) {
        rest = rest.get(at..)?;
        let end = if rest.starts_with('"') {
            let mut escaped = false;
            let close = rest.bytes().skip(1).position(|byte| {
                let ends = byte == b'"' && !escaped;
                escaped = byte == b'\\' && !escaped;
                ends
            });
            close? + 2
        } else {
            rest.find(|c: char| !(c.is_ascii_alphanumeric() || "+-.".contains(c)))
                .unwrap_or(rest.len())
        };
        let (token, after) = rest.split_at_checked(end)?;
        rest = after;
        if rest.trim_start().starts_with(':') {
            continue;
        }
        match serde_json::from_str::<String>(token) {
            Ok(value) => words.push_str(&value),
            Err(_) => words.push_str(token),
        }
        words.push('\n');
    }
    Some(words)
}

/// The speech of subtitles (SubRip, WebVTT), a sentence or more a line; times and numbers are left out.
pub(super) fn of_subtitles(text: &str) -> Option<String> {
    let is_time = |line: &str| {
        line.split_once("-->").is_some_and(|(from, to)| {
            let is_clock = |part: &str| {
                let part = part.trim().split(' ').next().unwrap_or("");
                part.len() >= 9
                    && part
                        .chars()
                        .all(|c| c.is_ascii_digit() || ":.,".contains(c))
            };
            is_clock(from) && is_clock(to)
        })
    };
    text.lines().take(40).find(|line| is_time(line))?;
    let mut words = String::new();
    let mut in_speech = false;
    for line in text.lines().map(str::trim) {
        if is_time(line) {
            in_speech = true;
        } else if line.is_empty() {
            in_speech = false;
        } else if in_speech {
            let speech = super::xml::without_tags(line).replace('\n', "");
            words.push_str(&speech);
            let ended = speech.ends_with(['.', '!', '?', '…', '"', '”']);
            words.push(if ended { '\n' } else { ' ' });
        }
    }
    Some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_read_as_its_values() {
        fn check(json: &str, expected: Option<&str>) {
            assert_eq!(of_json(json).as_deref(), expected, "{json}");
        }
        check(
            r#"{"title": "A \"bridge\" falls", "n": [-1.5e3, 2], "é\"": {"b": "caf\u00e9 {:"}}"#,
            Some("A \"bridge\" falls\n-1.5e3\n2\ncafé {:\n"),
        );
        check("[]", Some(""));
        check("{\"a\": ", None);
        check("A bridge falls", None);
    }

    #[test]
    fn subtitles_are_read_as_speech() {
        fn check(text: &str, expected: Option<&str>) {
            assert_eq!(of_subtitles(text).as_deref(), expected, "{text}");
        }
        check(
            "1\n00:00:01,000 --> 00:00:04,000\nThe bridge\n<i>was closed.</i>\n\n2\n00:00:05,000 --> 00:00:06,000\nWhy?\n",
            Some("The bridge was closed.\nWhy?\n"),
        );
        check(
            "WEBVTT\n\nintro\n00:01.000 --> 00:04.000 align:start\nRain fell\n",
            Some("Rain fell "),
        );
        check("a --> b", None);
    }
}

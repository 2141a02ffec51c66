//! An address as LaTeX has to write it.
//!
//! **In:** the argument of `\url` or `\href`. **Out:** the address: `\%`, `\#`, `\_`
//! and `\&` without their backslash, lines joined. **Not here:** whether it is one.

/// The address that an argument stands for.
pub(super) fn clean(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw.trim();
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        rest = after;
        match c {
            '\\' => {
                let letters = after.bytes().take_while(u8::is_ascii_alphabetic).count();
                let (name, tail) = after.split_at(letters);
                let printed = match name {
                    "textasciitilde" | "sim" => Some("~"),
                    "textunderscore" => Some("_"),
                    "textasciicircum" => Some("^"),
                    "textbackslash" => Some("\\"),
                    "slash" => Some("/"),
                    "string" | "protect" | "allowbreak" | "relax" => Some(""),
                    _ => None,
                };
                if let Some(printed) = printed {
                    out.push_str(printed);
                    let tail = tail.strip_prefix(' ').unwrap_or(tail);
                    rest = tail.strip_prefix("{}").unwrap_or(tail);
                } else if letters > 0 {
                    out.push('\\');
                } else if let Some(sign) = after.chars().next() {
                    rest = &after[sign.len_utf8()..];
                    if matches!(sign, '~' | '^') {
                        rest = rest.strip_prefix("{}").unwrap_or(rest);
                    }
                    // `\-` and `\/` only say where a line may break.
                    if !matches!(sign, '-' | '/') && !sign.is_whitespace() {
                        out.push(sign);
                    }
                }
            }
            // A line that ends in `%` goes on in the next.
            '%' if after.starts_with('\n') => {}
            '{' if after.starts_with('}') => rest = &after[1..],
            c if c.is_whitespace() => {}
            c => out.push(c),
        }
    }
    let whole = out
        .strip_prefix('{')
        .and_then(|inner| inner.strip_suffix('}'));
    let whole = whole.unwrap_or(&out);
    let marked = whole
        .strip_prefix('<')
        .and_then(|inner| inner.strip_suffix('>'));
    marked.unwrap_or(whole).to_owned()
}

#[cfg(test)]
mod tests {
    use super::clean;

    #[test]
    fn what_latex_escapes_is_undone() {
        let check = |raw: &str, expected: &str| assert_eq!(clean(raw), expected, "{raw}");
        check(
            r"https://e.example/a\_b\%20c\#d\&e",
            "https://e.example/a_b%20c#d&e",
        );
        check(
            r"https://e.example/a_b%20c#d&e",
            "https://e.example/a_b%20c#d&e",
        );
        check(r"https://e.example/\~{}jane", "https://e.example/~jane");
        check(
            r"https://e.example/\textasciitilde jane",
            "https://e.example/~jane",
        );
        check("https://e.example/a%\n  /b", "https://e.example/a/b");
        check("https://e.example/a/\nb", "https://e.example/a/b");
        check("<https://e.example/>", "https://e.example/");
        check("\\", "");
    }
}

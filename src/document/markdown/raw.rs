//! HTML inside Markdown: its text and its links.
//!
//! **In:** a piece of raw HTML. **Out:** text, links that open and close, borders of
//! blocks. **Not here:** HTML documents (`document::html`).

/// What a piece of raw HTML holds, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// Characters, their references resolved.
    Text(String),
    /// `<a href=…>`.
    Open(String),
    /// `</a>`.
    Close,
    /// A block begins or ends.
    Border,
}

/// Elements whose content is no text of the document.
const SILENT: &[&str] = &["script", "style", "template", "svg", "math", "head"];
/// Elements that set text apart.
const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "br",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "td",
    "th",
    "tr",
    "ul",
];

/// The pieces of raw HTML.
pub(super) fn pieces(html: &str) -> Vec<Piece> {
    let mut found = Vec::new();
    let lower = html.to_ascii_lowercase();
    let mut rest = html;
    while !rest.is_empty() {
        let at = rest.find('<').unwrap_or(rest.len());
        let (text, tag) = rest.split_at(at);
        if !text.is_empty() {
            found.push(Piece::Text(resolved(text)));
        }
        if tag.is_empty() {
            break;
        }
        if let Some(comment) = tag.strip_prefix("<!--") {
            rest = comment.find("-->").map_or("", |end| &comment[end + 3..]);
            continue;
        }
        let Some(end) = tag_end(tag) else { break };
        let inside = &tag[1..end];
        rest = &tag[end + 1..];
        let closes = inside.starts_with('/');
        let name: String = inside
            .trim_start_matches('/')
            .chars()
            .take(20)
            .take_while(char::is_ascii_alphanumeric)
            .map(|c| c.to_ascii_lowercase())
            .collect();
        if SILENT.contains(&name.as_str()) && !closes && !inside.ends_with('/') {
            // What it holds is no markup either, up to its own end.
            let here = html.len() - rest.len();
            let end = lower[here..].find(&format!("</{name}"));
            rest = end.map_or("", |end| &html[here + end..]);
        } else if name == "a" {
            if closes {
                found.push(Piece::Close);
            } else if let Some(href) = href(inside) {
                found.push(Piece::Open(href));
            }
        } else if BLOCKS.contains(&name.as_str()) {
            found.push(Piece::Border);
        }
    }
    found
}

/// Where a tag ends; `>` within quotation marks does not end it.
fn tag_end(tag: &str) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in tag.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return Some(at),
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    // A quotation mark that never closes hides nothing.
    tag.find('>')
}

/// The value of `href`.
fn href(inside: &str) -> Option<String> {
    let lower = inside.to_ascii_lowercase();
    for (at, _) in lower.match_indices("href") {
        let before = lower[..at].chars().next_back()?;
        let Some(value) = inside[at + 4..].trim_start().strip_prefix('=') else {
            continue;
        };
        if !before.is_whitespace() && before != '"' && before != '\'' {
            continue;
        }
        let value = value.trim_start();
        let quoted = value
            .strip_prefix(['"', '\''])
            .and_then(|rest| rest.split(value.chars().next()?).next());
        let value = quoted.or_else(|| value.split_whitespace().next())?;
        return Some(resolved(value.trim()));
    }
    None
}

/// Text with its character references resolved, as far as they are common.
fn resolved(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        let reference = rest
            .bytes()
            .take(10)
            .position(|byte| byte == b';')
            .and_then(|end| Some((character(rest.get(1..end)?)?, end)));
        match reference {
            Some((c, end)) => {
                plain.push(c);
                rest = &rest[end + 1..];
            }
            None => {
                plain.push('&');
                rest = &rest[1..];
            }
        }
    }
    plain.push_str(rest);
    plain
}

fn character(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        "ndash" => '–',
        "mdash" => '—',
        "hellip" => '…',
        "ldquo" => '“',
        "rdquo" => '”',
        "lsquo" => '‘',
        "rsquo" => '’',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code).filter(|c| !c.is_control())?
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn raw_html_has_text_and_links() {
        let check = |html: &str, expected: &str| {
            let found: String = pieces(html)
                .into_iter()
                .map(|piece| match piece {
                    Piece::Text(text) => text,
                    Piece::Open(href) => format!("[{href}:"),
                    Piece::Close => "]".to_owned(),
                    Piece::Border => "|".to_owned(),
                })
                .collect();
            assert_eq!(found, expected, "{html}");
        };
        check(
            "<a href=\"https://e.example/?a=1&amp;b\">log</a>",
            "[https://e.example/?a=1&b:log]",
        );
        check("<A class=x HREF='/a' >log</A>", "[/a:log]");
        check("<a href=/a>log</a>", "[/a:log]");
        check("<a data-href=/a name=b>log</a>", "log]");
        check(
            "<p>Rain <b>fell</b> &amp; &#8220;so&#x201d; &unknown; &</p>",
            "|Rain fell & “so” &unknown; &|",
        );
        check("<script>a < b</script>x<!-- <a href=y> -->z", "xz");
        check("<a title=\"a > b\" href=c>d</a>", "[c:d]");
        check("a < b", "a ");
    }

    proptest! {
        #[test]
        fn nothing_panics(html in "(<a href=|</a>|<script>|&#|&amp;|<!--|-->|[<>\"'=&;/é a-c#x0-9])*") {
            let _ = pieces(&html);
        }
    }
}

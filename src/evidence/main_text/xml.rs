//! The text of XML.
//!
//! **In:** XML of any kind. **Out:** its text, one run between tags a line. **Not here:** what its elements mean.

/// The text of XML: tags and comments become line ends, the five entities and CDATA are read.
pub(super) fn without_tags(xml: &str) -> String {
    let mut text = String::with_capacity(xml.len() / 2);
    let mut rest = xml;
    while let Some(open) = rest.find('<') {
        text.push_str(&entities(&rest[..open]));
        rest = &rest[open..];
        let (close, kept) = if let Some(data) = rest.strip_prefix("<![CDATA[") {
            let end = data.find("]]>").unwrap_or(data.len());
            ("]]>", &data[..end])
        } else if rest.starts_with("<!--") {
            ("-->", "")
        } else {
            (">", "")
        };
        text.push('\n');
        text.push_str(kept);
        rest = rest
            .find(close)
            .map_or("", |end| &rest[end + close.len()..]);
    }
    text.push_str(&entities(rest));
    text
}

fn entities(text: &str) -> String {
    // The ampersand last: "&amp;lt;" is the text "&lt;".
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&amp;", "&")
}

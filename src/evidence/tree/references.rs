//! References to characters, as far as they are written out: `&amp;`, `&#65;`.
//!
//! **In:** text or an attribute's value. **Out:** the same with its characters, or nothing where a
//! reference lacks its semicolon or stands for another character than it says: html5ever knows.

/// Text with its references undone, if all of them are whole ones.
pub(super) fn undone(text: &str, in_attribute: bool) -> Option<String> {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, reference) = rest.split_at_checked(at)?;
        plain.push_str(before);
        let body = reference.get(1..)?;
        let numeric = body.starts_with('#');
        let length = body
            .bytes()
            .skip(usize::from(numeric))
            .position(|byte| !byte.is_ascii_alphanumeric())
            .map_or(body.len(), |length| length + usize::from(numeric));
        let closed = body.as_bytes().get(length) == Some(&b';');
        if length == 0 {
            plain.push('&');
            rest = body;
        } else if closed && numeric {
            plain.push(numbered(body.get(1..length)?)?);
            rest = body.get(length + 1..)?;
        } else if closed {
            let (first, second) = *html5ever::data::NAMED_ENTITIES.get(body.get(..=length)?)?;
            plain.push(char::from_u32(first).filter(|c| *c != '\0')?);
            plain.extend(char::from_u32(second).filter(|c| *c != '\0'));
            rest = body.get(length + 1..)?;
        } else if !numeric && in_attribute && body.as_bytes().get(length) == Some(&b'=') {
            // "?a=1&copy=2" is an address.
            plain.push('&');
            rest = body;
        } else {
            return None;
        }
    }
    plain.push_str(rest);
    Some(plain)
}

/// The character of a number that stands for itself.
fn numbered(number: &str) -> Option<char> {
    let code = match number.strip_prefix(['x', 'X']) {
        Some(digits) if digits.len() <= 6 => u32::from_str_radix(digits, 16).ok()?,
        None if number.len() <= 7 => number.parse().ok()?,
        _ => return None,
    };
    matches!(code, 0x20..=0x7e | 0xa0..=0xd7ff | 0x1_f000..=0x1_faff)
        .then(|| char::from_u32(code))
        .flatten()
}

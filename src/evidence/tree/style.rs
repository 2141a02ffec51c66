//! Whether an element's own style hides it.

/// "display:none" or "visibility:hidden" in a style whose white space was left out, in any case.
pub(in crate::evidence) fn hides(style: impl Iterator<Item = char>) -> bool {
    // The first letter of each stands nowhere else in it, so what fails can only begin anew.
    let mut seen = [("display:none", 0), ("visibility:hidden", 0)];
    for c in style {
        let c = c.to_ascii_lowercase();
        for (words, length) in &mut seen {
            let is = |at: usize| words.as_bytes().get(at).copied().map(char::from) == Some(c);
            *length = match is(*length) {
                true => *length + 1,
                false => usize::from(is(0)),
            };
            if *length == words.len() {
                return true;
            }
        }
    }
    false
}

#[cfg(test)]
mod tests {
    #[test]
    fn hiding_styles_are_known() {
        let hides = |style: &str| super::hides(style.chars());
        assert!(hides("color:red;Display:None"));
        assert!(hides("ddisplay:none"));
        assert!(hides("visibility:visibility:hidden!important"));
        assert!(!hides("display:block;visibility:visible"));
    }
}

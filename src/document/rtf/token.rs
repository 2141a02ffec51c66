//! RTF cut into its tokens.
//!
//! **In:** the bytes. **Out:** groups, control words, characters. **Not here:** what a
//! word does. (RTF 1.9.1, "Conventions of an RTF reader".)

/// One token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// `{`
    Open,
    /// `}`
    Close,
    /// `\name123`
    Word(&'a str, Option<i32>),
    /// `\` and a character that is no letter.
    Symbol(u8),
    /// `\'e4`
    Hex(u8),
    /// Bytes that stand for themselves.
    Text(&'a [u8]),
}

/// Letters of a control word; the longest defined has 25.
const MAX_NAME: usize = 32;

#[derive(Debug)]
pub(super) struct Tokens<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Tokens<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// Whether this control word comes next.
    pub(super) fn next_is(&self, word: &[u8]) -> bool {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        rest.trim_ascii_start().starts_with(word)
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    fn control(&mut self) -> Option<Token<'a>> {
        let first = self.byte(self.at)?;
        if first == b'\'' {
            let digits = self.bytes.get(self.at + 1..self.at + 3);
            self.at += 1;
            let code = digits
                .and_then(|digits| std::str::from_utf8(digits).ok())
                .and_then(|digits| u8::from_str_radix(digits, 16).ok());
            // A broken one stands for nothing.
            return Some(match code {
                Some(code) => {
                    self.at += 2;
                    Token::Hex(code)
                }
                None => Token::Text(&[]),
            });
        }
        if !first.is_ascii_alphabetic() {
            self.at += 1;
            return Some(Token::Symbol(first));
        }
        let start = self.at;
        while self.at < start + MAX_NAME
            && self.byte(self.at).is_some_and(|b| b.is_ascii_alphabetic())
        {
            self.at += 1;
        }
        let name = self.bytes.get(start..self.at)?;
        let name = std::str::from_utf8(name).unwrap_or("");
        let digits = self.at;
        if self.byte(self.at) == Some(b'-') {
            self.at += 1;
        }
        while self.at < digits + 12 && self.byte(self.at).is_some_and(|b| b.is_ascii_digit()) {
            self.at += 1;
        }
        let value = self
            .bytes
            .get(digits..self.at)
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| digits.parse().ok());
        if self.byte(self.at) == Some(b' ') {
            self.at += 1;
        }
        if name == "bin" {
            // Raw bytes follow, which may look like anything.
            let length = value.and_then(|value: i32| usize::try_from(value).ok());
            self.at = self
                .at
                .saturating_add(length.unwrap_or(0))
                .min(self.bytes.len());
        }
        Some(Token::Word(name, value))
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let first = self.byte(self.at)?;
            match first {
                b'{' => {
                    self.at += 1;
                    return Some(Token::Open);
                }
                b'}' => {
                    self.at += 1;
                    return Some(Token::Close);
                }
                b'\\' => {
                    self.at += 1;
                    return self.control();
                }
                // Ends of lines are there for people.
                b'\r' | b'\n' | 0 => self.at += 1,
                _ => {
                    let start = self.at;
                    while self
                        .byte(self.at)
                        .is_some_and(|b| !matches!(b, b'{' | b'}' | b'\\' | b'\r' | b'\n' | 0))
                    {
                        self.at += 1;
                    }
                    return self.bytes.get(start..self.at).map(Token::Text);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_cut_into_tokens() {
        let check = |text: &[u8], expected: &[Token<'_>]| {
            assert_eq!(Tokens::new(text).collect::<Vec<_>>(), expected, "{text:?}");
        };
        check(
            b"{\\b0 a\\'e4\\~\\u-3 ?}",
            &[
                Token::Open,
                Token::Word("b", Some(0)),
                Token::Text(b"a"),
                Token::Hex(0xe4),
                Token::Symbol(b'~'),
                Token::Word("u", Some(-3)),
                Token::Text(b"?"),
                Token::Close,
            ],
        );
        check(
            b"\\bin3 {{}x",
            &[Token::Word("bin", Some(3)), Token::Text(b"x")],
        );
        check(
            b"\\bin999999999 x",
            &[Token::Word("bin", Some(999_999_999))],
        );
        check(b"\\'g", &[Token::Text(b""), Token::Text(b"g")]);
        check(b"\\", &[]);
        check(
            b"\\par\r\nx",
            &[Token::Word("par", None), Token::Text(b"x")],
        );
    }
}

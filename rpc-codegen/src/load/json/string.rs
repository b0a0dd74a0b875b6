//! Strings and their escapes.

use super::{Fault, Parser};

impl Parser<'_> {
    pub(super) fn string(&mut self) -> Result<String, Fault> {
        self.bump();
        let mut text = String::new();
        loop {
            let start = self.at;
            while !matches!(self.peek(), None | Some(b'"' | b'\\' | 0..0x20)) {
                self.bump();
            }
            text.push_str(self.since(start));
            match self.peek() {
                Some(b'"') => {
                    self.bump();
                    return Ok(text);
                }
                Some(b'\\') => text.push(self.escape()?),
                None => return Err(self.unexpected("`\"` at the end of this string")),
                Some(b'\n' | b'\r') => {
                    return Err(self.syntax("a string cannot go on in the next line; write `\\n`"));
                }
                Some(byte) => {
                    let message = format!("a control character in a string; write `\\u{byte:04x}`");
                    return Err(self.syntax(message));
                }
            }
        }
    }

    fn escape(&mut self) -> Result<char, Fault> {
        self.bump();
        let escaped = match self.peek() {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(),
            _ => return Err(self.unexpected("one of `\"\\/bfnrtu` after `\\`")),
        };
        self.bump();
        Ok(escaped)
    }

    /// `\uXXXX`, or two of them that are a surrogate pair (RFC 8259, section 7).
    fn unicode_escape(&mut self) -> Result<char, Fault> {
        let (line, column) = (self.line, self.column.saturating_sub(1));
        let first = self.four_digits()?;
        let code = if (0xD800..0xDC00).contains(&first) && self.rest().starts_with("\\u") {
            self.bump();
            match self.four_digits()? {
                second @ 0xDC00..0xE000 => 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00),
                _ => first,
            }
        } else {
            first
        };
        char::from_u32(code).ok_or_else(|| Fault {
            line,
            column,
            ..self.syntax(format!("`\\u{first:04x}` is half of a surrogate pair; the other half is missing"))
        })
    }

    fn four_digits(&mut self) -> Result<u32, Fault> {
        self.bump();
        let mut code = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|byte| char::from(byte).to_digit(16));
            code = code * 16 + digit.ok_or_else(|| self.unexpected("four hexadecimal digits after `\\u`"))?;
            self.bump();
        }
        Ok(code)
    }
}

//! A strict JSON parser (RFC 8259) that keeps places and exact numbers.

use crate::diagnostic::{Rule, rules};

use super::node::{Entry, Fault, MAX_DEPTH, Node, Value};

/// Parses a whole text. A byte order mark has been removed; equal keys are left to the caller.
pub(super) fn parse(text: &str) -> Result<Node, Fault> {
    let mut parser = Parser { text, at: 0, line: 1, column: 1 };
    let node = parser.value("a value", 0)?;
    parser.space();
    match parser.peek() {
        None => Ok(node),
        Some(_) => Err(parser.unexpected("the end of the file")),
    }
}

struct Parser<'a> {
    text: &'a str,
    /// Offset of the next byte; between two calls always at a character's start.
    at: usize,
    line: u32,
    column: u32,
}

impl Parser<'_> {
    fn value(&mut self, expected: &str, depth: usize) -> Result<Node, Fault> {
        self.space();
        let (line, column) = (self.line, self.column);
        let value = match self.peek() {
            Some(b'{') => self.object(depth + 1)?,
            Some(b'[') => self.array(depth + 1)?,
            Some(b'"') => Value::String(self.string()?),
            Some(b'-' | b'0'..=b'9') => Value::Number(self.number()?),
            Some(b'a'..=b'z') => self.word(expected)?,
            _ => return Err(self.unexpected(expected)),
        };
        Ok(Node { value, line, column })
    }

    fn object(&mut self, depth: usize) -> Result<Value, Fault> {
        self.check_depth(depth)?;
        self.bump();
        let mut entries = Vec::new();
        self.space();
        if self.eat(b'}') {
            return Ok(Value::Object(entries));
        }
        let mut expected = "a key in double quotes or `}`";
        loop {
            self.space();
            let (key_line, key_column) = (self.line, self.column);
            if self.peek() != Some(b'"') {
                return Err(self.unexpected(expected));
            }
            let key = self.string()?;
            self.space();
            if !self.eat(b':') {
                return Err(self.unexpected("`:` after this key"));
            }
            let value = self.value("a value after `:`", depth)?;
            entries.push(Entry { key, key_line, key_column, value });
            self.space();
            if self.eat(b'}') {
                return Ok(Value::Object(entries));
            }
            if !self.eat(b',') {
                return Err(self.unexpected("`,` or `}` after this value"));
            }
            expected = "a key in double quotes after `,`";
        }
    }

    fn array(&mut self, depth: usize) -> Result<Value, Fault> {
        self.check_depth(depth)?;
        self.bump();
        let mut items = Vec::new();
        self.space();
        if self.eat(b']') {
            return Ok(Value::Array(items));
        }
        let mut expected = "a value or `]`";
        loop {
            items.push(self.value(expected, depth)?);
            self.space();
            if self.eat(b']') {
                return Ok(Value::Array(items));
            }
            if !self.eat(b',') {
                return Err(self.unexpected("`,` or `]` after this value"));
            }
            expected = "a value after `,`";
        }
    }

    fn check_depth(&self, depth: usize) -> Result<(), Fault> {
        if depth <= MAX_DEPTH {
            return Ok(());
        }
        Err(self.fault(rules::TOO_DEEP, format!("values are nested more than {MAX_DEPTH} deep")))
    }

    fn word(&mut self, expected: &str) -> Result<Value, Fault> {
        for (word, value) in
            [("null", Value::Null), ("true", Value::Bool(true)), ("false", Value::Bool(false))]
        {
            if self.rest().starts_with(word) {
                word.bytes().for_each(|_| self.bump());
                return Ok(value);
            }
        }
        Err(self.unexpected(expected))
    }

    fn number(&mut self) -> Result<String, Fault> {
        let start = self.at;
        self.eat(b'-');
        if self.eat(b'0') {
            if matches!(self.peek(), Some(b'0'..=b'9')) {
                return Err(self.syntax("a number cannot start with `0` and another digit"));
            }
        } else {
            self.digits("a digit after `-`")?;
        }
        if self.eat(b'.') {
            self.digits("a digit after `.`")?;
        }
        if self.eat(b'e') || self.eat(b'E') {
            let _ = self.eat(b'+') || self.eat(b'-');
            self.digits("a digit in the exponent")?;
        }
        Ok(self.since(start).to_owned())
    }

    fn digits(&mut self, expected: &str) -> Result<(), Fault> {
        if !matches!(self.peek(), Some(b'0'..=b'9')) {
            return Err(self.unexpected(expected));
        }
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.bump();
        }
        Ok(())
    }

    fn string(&mut self) -> Result<String, Fault> {
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

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.bump();
        }
    }

    fn eat(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        if there {
            self.bump();
        }
        there
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Skips a byte. Only the last byte of a character moves the column.
    fn bump(&mut self) {
        let byte = self.peek();
        self.at += 1;
        if byte == Some(b'\n') {
            self.line = self.line.saturating_add(1);
            self.column = 1;
        } else if self.text.is_char_boundary(self.at) {
            self.column = self.column.saturating_add(1);
        }
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn since(&self, start: usize) -> &str {
        self.text.get(start..self.at).unwrap_or_default()
    }

    fn unexpected(&self, expected: &str) -> Fault {
        let found = match self.rest().chars().next() {
            None => "the end of the file".into(),
            Some(c) if c.is_control() => format!("`{}`", c.escape_default()),
            Some(c) => format!("`{c}`"),
        };
        self.syntax(format!("expected {expected}, found {found}"))
    }

    fn syntax(&self, message: impl Into<String>) -> Fault {
        self.fault(rules::SYNTAX, message)
    }

    fn fault(&self, rule: Rule, message: impl Into<String>) -> Fault {
        Fault { rule, line: self.line, column: self.column, message: message.into() }
    }
}

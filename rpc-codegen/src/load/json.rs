//! A strict JSON parser (RFC 8259) that keeps places and exact numbers.

mod string;

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

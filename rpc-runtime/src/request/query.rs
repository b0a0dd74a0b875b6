//! Query strings: OpenAPI's `form`, `spaceDelimited`, `pipeDelimited` and `deepObject`, with and without `explode`.

use std::ops::Range;

use super::ParamValue;
use crate::codegen::Style;

/// A query string under construction.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct QueryString {
    text: String,
    /// Where parameters stand in the text, so that setting one again replaces it.
    set: Vec<(&'static str, Range<usize>)>,
}

impl QueryString {
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// Gives a parameter its value, in place of the one it may have.
    pub(crate) fn set(
        &mut self,
        name: &'static str,
        style: Style,
        explode: bool,
        reserved: bool,
        value: &ParamValue,
    ) {
        if let Some(at) = self.set.iter().position(|(known, _)| *known == name) {
            let (_, old) = self.set.remove(at);
            let removed = old.len();
            self.text.replace_range(old.clone(), "");
            for (_, range) in self.set.iter_mut().filter(|(_, range)| range.start >= old.end) {
                *range = range.start - removed..range.end - removed;
            }
            // The first pair starts without a separator.
            if let Some(rest) = self.text.strip_prefix('&').map(str::to_owned) {
                self.text = rest;
                for (_, range) in &mut self.set {
                    // A parameter that wrote nothing (an empty list) stands before the separator, too.
                    *range = range.start.saturating_sub(1)..range.end.saturating_sub(1);
                }
            }
        }
        let start = self.text.len();
        self.push(name, style, explode, reserved, value);
        self.set.push((name, start..self.text.len()));
    }

    /// Adds a pair, both sides encoded.
    pub(crate) fn append(&mut self, name: &str, value: &str) {
        self.name(name);
        percent_encode(&mut self.text, value, unreserved);
    }

    fn name(&mut self, name: &str) {
        if !self.text.is_empty() {
            self.text.push('&');
        }
        percent_encode(&mut self.text, name, |byte| unreserved(byte) || matches!(byte, b'[' | b']'));
        self.text.push('=');
    }

    /// Adds a parameter in a style. With `reserved`, RFC 3986 reserved characters stay, save those that end a value.
    pub(crate) fn push(
        &mut self,
        name: &str,
        style: Style,
        explode: bool,
        reserved: bool,
        value: &ParamValue,
    ) {
        let keep = if reserved { allow_reserved } else { unreserved };
        let separator = match style {
            Style::SpaceDelimited => "%20",
            Style::PipeDelimited => "%7C",
            _ => ",",
        };
        match value {
            ParamValue::None => {}
            ParamValue::Scalar(text) => {
                self.name(name);
                percent_encode(&mut self.text, text, keep);
            }
            ParamValue::List(items) if explode => {
                for item in items {
                    self.name(name);
                    percent_encode(&mut self.text, item, keep);
                }
            }
            ParamValue::List(items) => {
                self.name(name);
                self.joined(items.iter(), separator, keep);
            }
            ParamValue::Object(fields) if style == Style::DeepObject => {
                for (field, text) in fields {
                    self.name(&format!("{name}[{field}]"));
                    percent_encode(&mut self.text, text, keep);
                }
            }
            ParamValue::Object(fields) if explode => {
                for (field, text) in fields {
                    self.name(field);
                    percent_encode(&mut self.text, text, keep);
                }
            }
            ParamValue::Object(fields) => {
                self.name(name);
                self.joined(fields.iter().flat_map(|(field, text)| [field, text]), separator, keep);
            }
        }
    }

    fn joined<'a>(&mut self, items: impl Iterator<Item = &'a String>, separator: &str, keep: fn(u8) -> bool) {
        for (index, item) in items.enumerate() {
            if index > 0 {
                self.text.push_str(separator);
            }
            percent_encode(&mut self.text, item, keep);
        }
    }
}

/// RFC 3986 §2.3.
pub(super) fn unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

fn allow_reserved(byte: u8) -> bool {
    unreserved(byte) || b":/?[]@!$'()*,;".contains(&byte)
}

/// Appends `text`, every byte that `keep` refuses as `%XX`.
pub(crate) fn percent_encode(out: &mut String, text: &str, keep: impl Fn(u8) -> bool) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let hex = |nibble: u8| HEX.get(usize::from(nibble)).map_or('0', |&digit| char::from(digit));
    for &byte in text.as_bytes() {
        if byte.is_ascii() && keep(byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push(hex(byte >> 4));
            out.push(hex(byte & 15));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(style: Style, explode: bool, reserved: bool, value: ParamValue, expected: &str) {
        let mut query = QueryString::default();
        query.push("p", style, explode, reserved, &value);
        assert_eq!(query.as_str(), expected);
    }

    fn list() -> ParamValue {
        ParamValue::List(vec!["a b".into(), "c,d".into()])
    }

    fn object() -> ParamValue {
        ParamValue::Object(vec![("x".into(), "1".into()), ("y z".into(), "&".into())])
    }

    #[test]
    fn writes_every_style() {
        check(Style::Form, true, false, list(), "p=a%20b&p=c%2Cd");
        check(Style::Form, false, false, list(), "p=a%20b,c%2Cd");
        check(Style::SpaceDelimited, false, false, list(), "p=a%20b%20c%2Cd");
        check(Style::PipeDelimited, false, false, list(), "p=a%20b%7Cc%2Cd");
        check(Style::Form, true, false, object(), "x=1&y%20z=%26");
        check(Style::Form, false, false, object(), "p=x,1,y%20z,%26");
        check(Style::DeepObject, true, false, object(), "p[x]=1&p[y%20z]=%26");
        check(Style::Form, true, false, ParamValue::None, "");
    }

    #[test]
    fn setting_again_replaces() {
        let mut query = QueryString::default();
        let mut set = |name, value: &str| {
            query.set(name, Style::Form, true, false, &ParamValue::Scalar(value.into()));
            query.as_str().to_owned()
        };
        set("a", "1");
        set("b", "22");
        assert_eq!(set("c", "3"), "a=1&b=22&c=3");
        assert_eq!(set("a", "4"), "b=22&c=3&a=4");
        assert_eq!(set("b", "5"), "c=3&a=4&b=5");
        assert_eq!(set("a", "6"), "c=3&b=5&a=6");
        assert_eq!(set("c", ""), "b=5&a=6&c=");
    }

    #[test]
    fn setting_again_beside_an_empty_list() {
        let mut query = QueryString::default();
        let mut set = |name, value: &[&str]| {
            let value = ParamValue::List(value.iter().map(|item| (*item).to_owned()).collect());
            query.set(name, Style::Form, true, false, &value);
            query.as_str().to_owned()
        };
        set("empty", &[]);
        set("a", &["1"]);
        set("b", &["2"]);
        assert_eq!(set("a", &["3"]), "b=2&a=3");
        assert_eq!(set("empty", &["x", "y"]), "b=2&a=3&empty=x&empty=y");
        assert_eq!(set("b", &[]), "a=3&empty=x&empty=y");
        assert_eq!(set("empty", &[]), "a=3");
    }

    #[test]
    fn a_value_never_ends_its_pair() {
        check(
            Style::Form,
            true,
            false,
            ParamValue::Scalar("a&b=c#d+e%20é".into()),
            "p=a%26b%3Dc%23d%2Be%2520%C3%A9",
        );
        check(Style::Form, true, true, ParamValue::Scalar("a/b?c&d=e#f+".into()), "p=a/b?c%26d%3De%23f%2B");
    }
}

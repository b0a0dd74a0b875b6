//! The keywords of a schema that bound its values, and those that say how a string is written.

use super::schema::SchemaView;

impl<'a> SchemaView<'a> {
    /// `minimum` as exact text, unless 3.0's `exclusiveMinimum: true` makes it exclusive.
    pub fn minimum(&self) -> Option<&'a str> {
        self.number("minimum").filter(|_| !self.cursor().flag("exclusiveMinimum"))
    }

    /// `maximum` as exact text, unless 3.0's `exclusiveMaximum: true` makes it exclusive.
    pub fn maximum(&self) -> Option<&'a str> {
        self.number("maximum").filter(|_| !self.cursor().flag("exclusiveMaximum"))
    }

    /// `exclusiveMinimum` as exact text, also in 3.0's spelling.
    pub fn exclusive_minimum(&self) -> Option<&'a str> {
        match self.cursor().flag("exclusiveMinimum") {
            true => self.number("minimum"),
            false => self.number("exclusiveMinimum"),
        }
    }

    /// `exclusiveMaximum` as exact text, also in 3.0's spelling.
    pub fn exclusive_maximum(&self) -> Option<&'a str> {
        match self.cursor().flag("exclusiveMaximum") {
            true => self.number("maximum"),
            false => self.number("exclusiveMaximum"),
        }
    }

    /// `multipleOf` as exact text.
    pub fn multiple_of(&self) -> Option<&'a str> {
        self.number("multipleOf")
    }

    /// `minLength`, in characters.
    pub fn min_length(&self) -> Option<u64> {
        self.count("minLength")
    }

    /// `maxLength`, in characters.
    pub fn max_length(&self) -> Option<u64> {
        self.count("maxLength")
    }

    /// `minItems`.
    pub fn min_items(&self) -> Option<u64> {
        self.count("minItems")
    }

    /// `maxItems`.
    pub fn max_items(&self) -> Option<u64> {
        self.count("maxItems")
    }

    /// `minProperties`.
    pub fn min_properties(&self) -> Option<u64> {
        self.count("minProperties")
    }

    /// `maxProperties`.
    pub fn max_properties(&self) -> Option<u64> {
        self.count("maxProperties")
    }

    /// `uniqueItems`.
    pub fn unique_items(&self) -> bool {
        self.cursor().flag("uniqueItems")
    }

    /// `pattern`, an ECMAScript regular expression.
    pub fn pattern(&self) -> Option<&'a str> {
        self.cursor().str_at("pattern")
    }

    /// `format` as it is written; see [`SchemaView::is_binary`] and [`SchemaView::is_base64`].
    pub fn format(&self) -> Option<&'a str> {
        self.cursor().str_at("format")
    }

    /// `contentMediaType`.
    pub fn content_media_type(&self) -> Option<&'a str> {
        self.cursor().str_at("contentMediaType")
    }

    /// `contentEncoding`.
    pub fn content_encoding(&self) -> Option<&'a str> {
        self.cursor().str_at("contentEncoding")
    }

    /// Raw bytes: `format: binary` of 3.0, or `contentMediaType: application/octet-stream` without an encoding.
    pub fn is_binary(&self) -> bool {
        let octets =
            self.content_media_type().is_some_and(|m| m.eq_ignore_ascii_case("application/octet-stream"));
        self.format() == Some("binary") || (octets && self.content_encoding().is_none())
    }

    /// Bytes as base64 text: `format: byte` of 3.0, or `contentEncoding: base64`.
    pub fn is_base64(&self) -> bool {
        self.format() == Some("byte") || self.content_encoding() == Some("base64")
    }

    fn number(&self, keyword: &str) -> Option<&'a str> {
        self.cursor().key(keyword)?.number()
    }

    fn count(&self, keyword: &str) -> Option<u64> {
        count(self.number(keyword)?)
    }
}

/// A count as JSON Schema allows it: `3` or `3.0`.
pub(super) fn count(number: &str) -> Option<u64> {
    let whole = match number.split_once('.') {
        Some((whole, zeros)) if zeros.bytes().all(|b| b == b'0') => whole,
        _ => number,
    };
    whole.parse().ok()
}

//! Path templates: text → what it matches. Wider than what axum's router can say: parameters beside literals and
//! beside each other, and parameters over several segments anywhere.

use std::cmp::Reverse;

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use regex_lite::Regex;

/// Everything that has a meaning in a path or must not stand there; `/` and `%` stay apart from their encoded forms.
const ENCODED: &AsciiSet = &CONTROLS.add(b'"').add(b'#').add(b'%').add(b'/').add(b'?').add(b'{').add(b'}');
/// axum's router names parameters by the letters of the alphabet and panics beyond.
const MOST_PARAMETERS: usize = 25;

#[derive(Debug)]
pub(crate) struct Template {
    regex: Regex,
    /// What a path must begin with: spares most regular expressions.
    prefix: String,
    parameters: Vec<String>,
    /// The template without the names of its parameters: templates of equal shape match the same paths.
    pub(crate) shape: String,
    /// Smaller is more specific.
    pub(crate) rank: Vec<Rank>,
}

/// Of two templates that match a path, the one whose first different segment is smaller is more specific.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rank {
    Literal,
    /// Characters that are no parameter.
    Mixed(Reverse<usize>),
    Parameter,
    Several,
    /// Behind the last segment: of two templates that differ in length only, the longer one says more.
    End,
}

/// Why a text is no template.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub(crate) enum TemplateError {
    #[error("a path template begins with `/`")]
    NoSlash,
    #[error("`{0}` does not belong into a path template")]
    Character(char),
    #[error("the braces do not match")]
    Braces,
    #[error("`{{{0}}}` is no parameter: write {{name}}, or {{name:path}} for several segments")]
    Name(String),
    #[error("parameter `{0}` stands there twice")]
    Twice(String),
    #[error("more than {MOST_PARAMETERS} parameters")]
    TooMany,
    #[error("too long")]
    TooLong,
}

impl Template {
    pub(crate) fn parse(text: &str) -> Result<Self, TemplateError> {
        let segments = text.strip_prefix('/').ok_or(TemplateError::NoSlash)?;
        if let Some(character) = text.chars().find(|c| matches!(c, '?' | '#')) {
            return Err(TemplateError::Character(character));
        }
        let mut reading = Reading { regex: "^".to_owned(), ..Reading::default() };
        for segment in segments.split('/') {
            reading.segment(segment)?;
        }
        if reading.parameters.len() > MOST_PARAMETERS {
            return Err(TemplateError::TooMany);
        }
        reading.rank.push(Rank::End);
        let regex = Regex::new(&format!("{}$", reading.regex)).map_err(|_| TemplateError::TooLong)?;
        let Reading { prefix, parameters, shape, rank, .. } = reading;
        Ok(Self { regex, prefix, parameters, shape, rank })
    }

    /// The parameters by name, decoded, in order; `None` if the path, as [`canonical`] gives it, does not match.
    pub(crate) fn matches(&self, path: &str) -> Option<Vec<(String, String)>> {
        if !path.starts_with(&self.prefix) {
            return None;
        }
        let captures = self.regex.captures(path)?;
        let values = captures.iter().skip(1).flatten();
        let decoded = values.map(|value| percent_decode_str(value.as_str()).decode_utf8_lossy().into_owned());
        Some(self.parameters.iter().cloned().zip(decoded).collect())
    }

    /// A route for axum: one segment per parameter, nothing else.
    pub(crate) fn route(&self) -> String {
        let segments: String = self.parameters.iter().map(|name| format!("/{{{name}}}")).collect();
        if segments.is_empty() { "/".to_owned() } else { segments }
    }
}

/// Paths that mean the same become the same: what need not be encoded is decoded, per segment.
pub(crate) fn canonical(path: &str) -> String {
    let segment = |segment| {
        let decoded = percent_decode_str(segment).decode_utf8_lossy();
        utf8_percent_encode(&decoded, ENCODED).to_string()
    };
    path.split('/').map(segment).collect::<Vec<_>>().join("/")
}

/// A path for [`Template::route`].
pub(crate) fn route_path(values: &[(String, String)]) -> String {
    let encode = |(_, value): &(String, String)| {
        format!("/{}", utf8_percent_encode(value, percent_encoding::NON_ALPHANUMERIC))
    };
    let path: String = values.iter().map(encode).collect();
    if path.is_empty() { "/".to_owned() } else { path }
}

#[derive(Debug, Default)]
struct Reading {
    regex: String,
    prefix: String,
    parameters: Vec<String>,
    shape: String,
    rank: Vec<Rank>,
}

impl Reading {
    fn segment(&mut self, mut text: &str) -> Result<(), TemplateError> {
        let (mut literals, mut parameters, mut several) = (0, 0, false);
        self.literal("/");
        while let Some((literal, rest)) = text.split_once('{') {
            let (name, rest) = rest.split_once('}').ok_or(TemplateError::Braces)?;
            self.text(literal)?;
            several |= self.parameter(name)?;
            literals += literal.len();
            parameters += 1;
            text = rest;
        }
        self.text(text)?;
        literals += text.len();
        self.rank.push(match (parameters, literals) {
            (0, _) => Rank::Literal,
            _ if several => Rank::Several,
            (1, 0) => Rank::Parameter,
            (_, literals) => Rank::Mixed(Reverse(literals)),
        });
        Ok(())
    }

    fn text(&mut self, literal: &str) -> Result<(), TemplateError> {
        if literal.contains('}') {
            return Err(TemplateError::Braces);
        }
        self.literal(&canonical(literal));
        Ok(())
    }

    fn literal(&mut self, literal: &str) {
        self.regex.push_str(&regex_lite::escape(literal));
        self.shape.push_str(literal);
        if self.parameters.is_empty() {
            self.prefix.push_str(literal);
        }
    }

    /// Whether it is one over several segments. A value is never empty.
    fn parameter(&mut self, text: &str) -> Result<bool, TemplateError> {
        let plain = text.strip_prefix('*').or_else(|| text.strip_suffix(":path"));
        let (name, several) = plain.map_or((text, false), |name| (name, true));
        if name.is_empty() || name.contains([':', '*', '{', '/']) {
            return Err(TemplateError::Name(text.to_owned()));
        }
        if self.parameters.iter().any(|other| other == name) {
            return Err(TemplateError::Twice(name.to_owned()));
        }
        // An escape is matched whole or not at all.
        self.regex.push_str(if several { "((?:[^%]|%[0-9A-F]{2})+)" } else { "((?:[^/%]|%[0-9A-F]{2})+)" });
        self.shape.push_str(if several { "{*}" } else { "{}" });
        self.parameters.push(name.to_owned());
        Ok(several)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(template: &str, path: &str, expected: Option<&[(&str, &str)]>) {
        let found = Template::parse(template).unwrap().matches(&canonical(path));
        let expected = expected.map(|pairs| {
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
        });
        assert_eq!(found, expected, "{template} on {path}");
    }

    #[test]
    fn matches() {
        check("/", "/", Some(&[]));
        check("/", "/a", None);
        check("/a", "/a", Some(&[]));
        check("/a", "/a/", None);
        check("/a/", "/a/", Some(&[]));
        check("/a b", "/a%20b", Some(&[]));
        check("/a%20b", "/a%20b", Some(&[]));
        check("/a.b", "/aXb", None);
        check("/ä", "/%C3%A4", Some(&[]));
        check("/a/{x}", "/a/1", Some(&[("x", "1")]));
        check("/a/{x}", "/a/", None);
        check("/a/{x}", "/a/1/2", None);
        check("/a/{x}", "/a/1%2F2", Some(&[("x", "1/2")]));
        check("/a/{x}", "/a/%7Bx%7D%25%3F%23%20", Some(&[("x", "{x}%?# ")]));
        check("/a/{x}", "/a/%FF", Some(&[("x", "\u{fffd}")]));
        check("/a/{x}", "/a/%zz", Some(&[("x", "%zz")]));
        check("/a/{x}.json", "/a/b.c.json", Some(&[("x", "b.c")]));
        check("/a/{x}.json", "/a/.json", None);
        check("/a/{x}.{y}", "/a/b.c.d", Some(&[("x", "b.c"), ("y", "d")]));
        check("/a/{x}{y}", "/a/bc", Some(&[("x", "b"), ("y", "c")]));
        check("/a/{x}:cancel", "/a/7%3Acancel", Some(&[("x", "7")]));
        check("/a/{x}25", "/a/%25", None);
        check("/{x}/b/{y}", "/1/b/2", Some(&[("x", "1"), ("y", "2")]));
        check("/f/{p:path}", "/f/a/b%2Fc", Some(&[("p", "a/b/c")]));
        check("/f/{*p}", "/f/a/b", Some(&[("p", "a/b")]));
        check("/f/{p:path}", "/f/", None);
        check("/f/{p:path}/meta", "/f/a/b/meta", Some(&[("p", "a/b")]));
        check("/f/{p:path}.json", "/f/a/b.json", Some(&[("p", "a/b")]));
    }

    #[test]
    fn refuses() {
        let many: String = (0..=MOST_PARAMETERS).map(|n| format!("/{{p{n}}}")).collect();
        for (template, error) in [
            ("", TemplateError::NoSlash),
            ("a", TemplateError::NoSlash),
            ("/a?b={c}", TemplateError::Character('?')),
            ("/a#b", TemplateError::Character('#')),
            ("/{a", TemplateError::Braces),
            ("/a}", TemplateError::Braces),
            ("/{a/b}", TemplateError::Braces),
            ("/{a}}", TemplateError::Braces),
            ("/{}", TemplateError::Name(String::new())),
            ("/{*}", TemplateError::Name("*".to_owned())),
            ("/{a:int}", TemplateError::Name("a:int".to_owned())),
            ("/{{a}", TemplateError::Name("{a".to_owned())),
            ("/{a}/{a}", TemplateError::Twice("a".to_owned())),
            (&many, TemplateError::TooMany),
        ] {
            assert_eq!(Template::parse(template).unwrap_err(), error, "{template}");
        }
    }

    #[test]
    fn ranks_from_the_left() {
        let order = [
            "/a/b",
            "/a/{x}.json",
            "/a/{x}.",
            "/a/{x}/b",
            "/a/{x}",
            "/a/{p:path}/b",
            "/a/{p:path}",
            "/{x}/b",
            "/{p:path}",
        ];
        for pair in order.windows(2) {
            let [first, second] = pair else { unreachable!() };
            assert!(Template::parse(first).unwrap().rank < Template::parse(second).unwrap().rank, "{pair:?}");
        }
    }
}

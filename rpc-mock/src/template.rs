//! Path templates: text → what it matches. Wider than what axum's router can say: parameters beside literals and
//! beside each other, and parameters over several segments anywhere.

use std::cmp::Reverse;

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use regex_lite::Regex;

/// Everything that has a meaning in a path or must not stand there; `/` and `%` stay apart from their encoded forms.
const ENCODED: &AsciiSet = &CONTROLS.add(b'"').add(b'#').add(b'%').add(b'/').add(b'?').add(b'{').add(b'}');
/// axum's router names parameters by the letters of the alphabet and panics beyond.
const MOST_IN_A_ROUTE: usize = 25;

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

    /// A route for axum: one segment per parameter, nothing else. A name that axum has no words for becomes the
    /// parameter's number, from 0; `None` if there are too many parameters.
    pub(crate) fn route(&self) -> Option<String> {
        let name = |(index, name): (usize, &String)| {
            let usable = !name.is_empty() && !name.contains(['*', '{', '/']);
            if usable { format!("/{{{name}}}") } else { format!("/{{{index}}}") }
        };
        let segments: String = self.parameters.iter().enumerate().map(name).collect();
        let route = if segments.is_empty() { "/".to_owned() } else { segments };
        (self.parameters.len() <= MOST_IN_A_ROUTE).then_some(route)
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
            if name.contains('{') {
                return Err(TemplateError::Braces);
            }
            several |= self.parameter(name);
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

    /// Whether it is one over several segments. Any text is a name. A value is never empty.
    fn parameter(&mut self, text: &str) -> bool {
        let plain = text.strip_prefix('*').or_else(|| text.strip_suffix(":path"));
        let (name, several) = plain.map_or((text, false), |name| (name, true));
        // An escape is matched whole or not at all.
        self.regex.push_str(if several { "((?:[^%]|%[0-9A-F]{2})+)" } else { "((?:[^/%]|%[0-9A-F]{2})+)" });
        self.shape.push_str(if several { "{*}" } else { "{}" });
        self.parameters.push(name.to_owned());
        several
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
        check("/a/{x:int}", "/a/1", Some(&[("x:int", "1")]));
        check("/a/{x:int}", "/a/1/2", None);
        check("/a/{x*}", "/a/1", Some(&[("x*", "1")]));
        check("/a/{}", "/a/1", Some(&[("", "1")]));
        check("/a/{*}", "/a/1/2", Some(&[("", "1/2")]));
        check("/{a}/{a}", "/1/2", Some(&[("a", "1"), ("a", "2")]));
    }

    #[test]
    fn refuses() {
        for (template, error) in [
            ("", TemplateError::NoSlash),
            ("a", TemplateError::NoSlash),
            ("/a?b={c}", TemplateError::Character('?')),
            ("/a#b", TemplateError::Character('#')),
            ("/{a", TemplateError::Braces),
            ("/a}", TemplateError::Braces),
            ("/{a/b}", TemplateError::Braces),
            ("/{a}}", TemplateError::Braces),
            ("/{{a}", TemplateError::Braces),
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

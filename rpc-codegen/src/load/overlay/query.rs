//! JSONPath (RFC 9535): which values an action is about.

use std::collections::HashSet;

use serde_json::Value as Json;
use serde_json_path::{JsonPath, PathElement};

use crate::diagnostic::{Diagnostic, rules};
use crate::location::Location;

/// A query and where it stands.
#[derive(Debug)]
pub(super) struct Query {
    path: JsonPath,
    text: String,
    pub(super) place: Location,
}

/// A step from a value to one inside of it. Ordered so that what comes later in an array is greater.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Step {
    Name(String),
    Index(usize),
}

/// The way from the root to a value.
pub(super) type Steps = Vec<Step>;

impl Query {
    /// Reads a query; the error says for people what is wrong with it.
    pub(super) fn parse(text: &str, place: Location) -> Result<Self, Box<Diagnostic>> {
        let help = "write a query such as `$.paths['/orders'].get` (RFC 9535); names stand in quotes and brackets unless they are letters, digits and `_`";
        let refused = |message: String| {
            Box::new(Diagnostic::new(rules::BAD_OVERLAY, place.clone(), message).help(help))
        };
        if let Some(what) = excess(text) {
            return Err(refused(format!("this JSONPath {what}")));
        }
        match JsonPath::parse(text) {
            Ok(path) => Ok(Self { path, text: text.to_owned(), place }),
            Err(error) => {
                let at = error.position() + 1;
                Err(refused(format!("`{text}` is not a JSONPath: it cannot be read from character {at} on")))
            }
        }
    }

    /// The selected values, each once, outer ones before inner ones.
    pub(super) fn locate(&self, root: &Json) -> Vec<Steps> {
        let mut known = HashSet::new();
        let found = self.path.query_located(root);
        let steps = found.locations().map(|path| {
            let step = |element: &PathElement<'_>| match element {
                PathElement::Name(name) => Step::Name((*name).to_owned()),
                PathElement::Index(index) => Step::Index(*index),
            };
            path.iter().map(step).collect::<Steps>()
        });
        steps.filter(|steps| known.insert(steps.clone())).collect()
    }

    pub(super) fn diagnostic(&self, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(rules::BAD_OVERLAY, self.place.clone(), message)
    }

    /// That nothing was found.
    pub(super) fn nothing(&self) -> Diagnostic {
        let message = format!("`{}` selects nothing in the document; the action changes nothing", self.text);
        Diagnostic::new(rules::UNUSED_OVERLAY, self.place.clone(), message)
    }
}

/// Why a query is more than anybody means, and could take forever: parsing takes time and stack by nesting, and each of these
/// constructs multiplies the values that are looked at.
fn excess(text: &str) -> Option<&'static str> {
    let (mut depth, mut deepest, mut commas, mut descents, mut roots) = (0usize, 0, 0, 0, 0);
    let mut quote = None;
    let mut before = ' ';
    let mut characters = text.chars();
    while let Some(c) = characters.next() {
        match (quote, c) {
            (Some(_), '\\') => drop(characters.next()),
            (Some(open), c) if open == c => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '[' | '(') => depth += 1,
            (None, ']' | ')') => depth = depth.saturating_sub(1),
            (None, ',') => commas += 1,
            (None, '$') => roots += 1,
            (None, '.') if before == '.' => descents += 1,
            _ => {}
        }
        deepest = deepest.max(depth);
        before = c;
    }
    match () {
        () if text.len() > 4096 => Some("is longer than 4096 bytes"),
        () if deepest > 6 => Some("has more than 6 brackets inside of each other"),
        () if commas > 16 => Some("has more than 16 commas"),
        () if descents > 3 => Some("has more than 3 `..`"),
        () if roots > 2 => Some("has more than one `$` in its filters"),
        () => None,
    }
}

//! JSONPath (RFC 9535): which values an action is about.

use std::cmp::Ordering;

use serde_json::Value as Json;
use serde_json_path::{JsonPath, PathElement};

use crate::diagnostic::{Diagnostic, rules};
use crate::load::nearest::nearest;
use crate::location::Location;

use super::extent::Extent;

/// How to write a query.
pub(super) const HELP: &str = "write a query such as `$.paths['/orders'].get` (RFC 9535); names stand in quotes and brackets unless they are letters, digits and `_`";

/// A query and where it stands.
#[derive(Debug)]
pub(super) struct Query {
    path: JsonPath,
    text: String,
    extent: Extent,
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
        let refused = |message: String| Diagnostic::new(rules::BAD_OVERLAY, place.clone(), message);
        let extent = Extent::of(text).map_err(|what| {
            let help = "say it in a simpler way, or split it into several actions";
            refused(format!("this JSONPath {what}")).help(help)
        })?;
        match JsonPath::parse(text) {
            Ok(path) => Ok(Self { path, text: text.to_owned(), extent, place }),
            Err(error) => {
                let at = error.position() + 1;
                let message = format!("`{text}` is not a JSONPath: it cannot be read from character {at} on");
                Err(refused(message).help(HELP).into())
            }
        }
    }

    /// The selected values, each once, outer ones before inner ones.
    pub(super) fn locate(&self, root: &Json) -> Result<Vec<Steps>, Box<Diagnostic>> {
        if !self.extent.fits(&self.text, root) {
            let message = format!("`{}` asks for more of this document than there is memory for", self.text);
            let help = "write names instead of `..` and `*`, or split it into several actions";
            return Err(self.diagnostic(message).help(help).into());
        }
        let found = self.path.query_located(root);
        let mut paths: Vec<_> = found.into_iter().map(|node| node.to_location()).collect();
        // Where two paths differ they are both inside of one value: two names or two indices, which are ordered.
        paths.sort_by(|a, b| a.partial_cmp(b).unwrap_or(Ordering::Equal));
        paths.dedup();
        let step = |element: PathElement<'_>| match element {
            PathElement::Name(name) => Step::Name(name.to_owned()),
            PathElement::Index(index) => Step::Index(index),
        };
        Ok(paths.into_iter().map(|path| path.into_iter().map(step).collect()).collect())
    }

    pub(super) fn diagnostic(&self, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(rules::BAD_OVERLAY, self.place.clone(), message)
    }

    /// That nothing was found in a document.
    pub(super) fn nothing(&self, root: &Json) -> Diagnostic {
        let message = format!("`{}` selects nothing in the document; the action changes nothing", self.text);
        Diagnostic::new(rules::UNUSED_OVERLAY, self.place.clone(), message).help(self.missing(root))
    }

    /// Which part of the query is not there, if it is one that names a single value.
    fn missing(&self, root: &Json) -> String {
        let mut at = root;
        for (outer, segment) in self.extent.fixed(&self.text) {
            let path = self.text.get(..outer.len() + segment.len()).map(JsonPath::parse);
            let Some(Ok(path)) = path else { break };
            if let Some(found) = path.query(root).first() {
                at = found;
                continue;
            }
            let name = segment.trim_matches(|c: char| c.is_whitespace() || ".[]'\"".contains(c));
            let keys = at.as_object().into_iter().flat_map(|members| members.keys());
            return match nearest(name, keys.map(String::as_str)) {
                Some(key) => format!("`{outer}` has no `{name}`; did you mean `{key}`?"),
                None => format!("`{outer}` is there, `{name}` in it is not"),
            };
        }
        "remove the action, unless another document needs it".to_owned()
    }
}

//! Swagger 2.0 → OpenAPI 3.0, so that nothing else has to know 2.0.
//!
//! ```text
//! roles ── what each value is (parameter, response, schema, …), references and their files followed
//!   │
//! document ── path ── operation ─┬─ parameter, collection     build  nodes with the place of what they come from
//!   │                            ├─ body, form                media  `consumes` and `produces`
//!   ├── servers, security        └─ response
//!   └── schema                                 (every value is converted where it stands, in its own file)
//! ```
//!
//! Texts of `$ref` stay as they are: they are followed through the text as it was written (see [`super::places`]).
//! What has no counterpart is a warning at its place.

mod body;
mod build;
mod collection;
mod document;
mod form;
mod media;
mod operation;
mod parameter;
mod path;
mod response;
mod roles;
mod schema;
mod security;
mod servers;

use std::collections::{BTreeMap, HashMap};

use crate::diagnostic::{Diagnostics, rules};

use super::cursor::Cursor;
use super::node::{Node, Value};
use super::source::Sources;

use roles::Role;

/// The files of a 2.0 document as parts of a 3.0 document. Values of the wrong type stay, for the checker to report.
pub(super) fn convert(sources: &Sources, diagnostics: &mut Diagnostics) -> BTreeMap<String, Node> {
    let Some(document) = sources.document() else { return BTreeMap::new() };
    let roles = roles::of(&document);
    let mut converter = Converter { roles, consumes: Vec::new(), produces: Vec::new(), diagnostics };
    converter.consumes = converter.media_types(&document, "consumes").unwrap_or_default();
    converter.produces = converter.media_types(&document, "produces").unwrap_or_default();
    let roots = sources.files().filter_map(|file| sources.root_of(file.path()));
    roots.map(|root| (root.file().path().to_owned(), converter.node(&root))).collect()
}

/// What is known while a document is converted.
struct Converter<'a, 'd> {
    roles: HashMap<Cursor<'a>, Role>,
    /// The document's own.
    consumes: Vec<String>,
    /// The document's own.
    produces: Vec<String>,
    diagnostics: &'d mut Diagnostics,
}

impl<'a> Converter<'a, '_> {
    /// A value as what it is.
    fn node(&mut self, at: &Cursor<'a>) -> Node {
        match self.roles.get(at).filter(|_| at.node().as_object().is_some()) {
            Some(Role::Document) => self.document(at),
            Some(Role::PathItem) => self.path_item(at),
            Some(Role::Parameter) => self.parameter(at),
            Some(Role::Header) => self.header(at),
            Some(Role::Response) => self.response(at),
            Some(Role::Schema) => self.schema(at),
            None => self.parts(at),
        }
    }

    /// A value that means the same in both versions, or nothing that is known; its parts may mean something.
    fn parts(&mut self, at: &Cursor<'a>) -> Node {
        match at.node().value {
            Value::Array(_) => build::list(at, at.items().map(|item| self.node(&item)).collect()),
            Value::Object(_) => {
                let entries = at.entries().map(|(_, value)| build::kept(&value, self.node(&value)));
                build::object(at, entries.collect())
            }
            _ => at.node().clone(),
        }
    }

    fn sloppy(&mut self, at: &Cursor<'a>, message: impl Into<String>) {
        self.diagnostics.push(at.diagnostic(rules::SLOPPY, message));
    }

    /// A key that 2.0 does not have, but 3.0 does.
    fn foreign(&mut self, at: &Cursor<'a>) {
        let name = at.name().unwrap_or_default();
        self.sloppy(at, format!("`{name}` belongs to OpenAPI 3, and this is Swagger 2.0; it is ignored"));
    }
}

//! Counts degraded schemas: places where a generated crate is untyped although its document says more.
//!
//! The crate and its document are walked side by side, from the operations down. Each untyped place of the crate
//! (`serde_json::Value`, raw JSON) is held against the schema that the document has for it; a place whose schema cannot
//! be found counts as degraded. So do properties without a field, and alternatives without a variant. Nothing that the
//! generator says about its own work is believed: fields are found by their names on the wire, arguments by the names
//! under which they are sent, operations by method and path.
//!
//! What is free-form in the document may be free-form in the crate: `{}`, a bare `type: object`, an array without items,
//! `additionalProperties: true`, all types at once, annotations alone. The catch-all variant of a union is no
//! alternative and does not count.

mod document;
mod generated;
mod operations;
mod schema;
mod shape;
mod unions;
mod walk;
mod yaml;

use std::fmt;

use anyhow::Result;

/// A degraded place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// `Type.field` in the crate.
    pub place: String,
    /// Where the document says more, as a JSON pointer; empty when that was not found.
    pub pointer: String,
    /// What is wrong: `unmapped`, `lost field`, `lost alternative`, or `untyped` with a word for the schema.
    pub reason: String,
    /// The beginning of the schema, at most 120 characters.
    pub excerpt: String,
}

/// One line of tab-separated values.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let clean = |text: &str| text.replace(['\t', '\n', '\r'], " ");
        let Self { place, pointer, reason, excerpt } = self;
        write!(f, "{}\t{}\t{}\t{}", clean(place), clean(pointer), clean(reason), clean(excerpt))
    }
}

/// Compares a document with the files of its crate: paths below `src` with `/`, and texts.
///
/// # Errors
/// When the document is neither JSON nor YAML, or a file is not Rust.
///
/// ```
/// let document = r#"{"openapi": "3.1.0", "paths": {"/a": {"get": {"responses": {"200": {"description": "",
///     "content": {"application/json": {"schema": {"type": "string"}}}}}}}}}"#;
/// let source = r#"
///     pub enum A {}
///     impl Operation for A {
///         type Output = rpc_runtime::types::Value;
///         const DESCRIPTOR: &'static Descriptor = &Descriptor::new("a", Method::GET, "/a");
///     }
/// "#;
/// let found = degraded::degraded(document, [("operations/a.rs", source)])?;
/// assert_eq!(found[0].reason, "untyped scalar");
/// # Ok::<(), anyhow::Error>(())
/// ```
pub fn degraded<'f>(
    document: &str,
    files: impl IntoIterator<Item = (&'f str, &'f str)>,
) -> Result<Vec<Finding>> {
    let document = document::Document::parse(document)?;
    let generated = generated::Generated::parse(files)?;
    let mut walk = walk::Walk::new(&document, &generated);
    operations::compare(&mut walk);
    Ok(walk.finish())
}

/// A name without what conventions change.
fn letters(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

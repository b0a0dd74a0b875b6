//! Nodes that a conversion makes: each stands where the value stands that it comes from.

use crate::load::cursor::Cursor;
use crate::load::node::{Entry, Node, Value};

fn node(at: &Cursor<'_>, value: Value) -> Node {
    Node { value, line: at.node().line, column: at.node().column }
}

pub(super) fn object(at: &Cursor<'_>, entries: Vec<Entry>) -> Node {
    node(at, Value::Object(entries))
}

pub(super) fn list(at: &Cursor<'_>, items: Vec<Node>) -> Node {
    node(at, Value::Array(items))
}

pub(super) fn string(at: &Cursor<'_>, text: impl Into<String>) -> Node {
    node(at, Value::String(text.into()))
}

pub(super) fn boolean(at: &Cursor<'_>, value: bool) -> Node {
    node(at, Value::Bool(value))
}

/// An entry with a name of its own.
pub(super) fn entry(key: impl Into<String>, at: &Cursor<'_>, value: Node) -> Entry {
    let (key_line, key_column) = at.key_place();
    Entry { key: key.into(), key_line, key_column, value }
}

/// An entry with the key that it has in the text.
pub(super) fn kept(at: &Cursor<'_>, value: Node) -> Entry {
    entry(at.name().unwrap_or_default(), at, value)
}

/// `{"$ref": …}` from one value to another, wherever both stand.
pub(super) fn reference(at: &Cursor<'_>, target: &Cursor<'_>) -> Node {
    let escaped = |text: &str| text.replace('%', "%25").replace('#', "%23");
    let file = match at.file().path() == target.file().path() {
        true => String::new(),
        // Up to the spec's folder, and down from there.
        false => {
            let up = "../".repeat(at.file().path().matches('/').count());
            format!("./{up}{}", escaped(target.file().path()))
        }
    };
    let text = format!("{file}#{}", escaped(&target.pointer()));
    object(at, vec![entry("$ref", at, string(at, text))])
}

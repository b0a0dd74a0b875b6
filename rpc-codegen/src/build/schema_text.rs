//! Names of schemas, and their text for `schemars::JsonSchema`.

use std::fmt::Write;

use crate::load::{Cursor, Document, Value};

/// The key of a schema: `#/components/schemas/Order`, with the file in front if it is not the document.
pub(super) fn key(document: &Document, cursor: &Cursor<'_>) -> String {
    let own = document.root().is_some_and(|root| root.file().path() == cursor.file().path());
    let file = if own { "" } else { cursor.file().path() };
    format!("{file}#{}", cursor.pointer())
}

/// A name for a schema that a `$ref` points at: the component's, else what its pointer and file say.
pub(super) fn name(cursor: &Cursor<'_>) -> String {
    const NOISE: [&str; 10] = [
        "components",
        "schemas",
        "$defs",
        "definitions",
        "properties",
        "items",
        "anyOf",
        "oneOf",
        "allOf",
        "paths",
    ];
    let pointer = cursor.pointer();
    let steps: Vec<String> =
        pointer.split('/').skip(1).map(|step| step.replace("~1", "/").replace("~0", "~")).collect();
    let container = steps.len().checked_sub(2).and_then(|at| steps.get(at));
    if let (Some(container), Some(last)) = (container, steps.last())
        && ["schemas", "$defs", "definitions"].contains(&container.as_str())
    {
        return last.clone();
    }
    let words: Vec<&str> = steps.iter().map(String::as_str).filter(|step| !NOISE.contains(step)).collect();
    if words.is_empty() {
        let path = cursor.file().path();
        let file = path.rsplit('/').next().unwrap_or(path);
        return file.split('.').next().unwrap_or(file).to_owned();
    }
    words.join(" ")
}

/// The schema as compact JSON. References are written as keys.
pub(super) fn compact(document: &Document, cursor: &Cursor<'_>) -> String {
    let mut out = String::new();
    write_value(document, cursor, true, &mut out);
    out
}

/// `schema`: whether `$ref` is a reference here, not part of an example.
fn write_value(document: &Document, at: &Cursor<'_>, schema: bool, out: &mut String) {
    match &at.node().value {
        Value::Null => out.push_str("null"),
        Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Value::Number(text) => out.push_str(text),
        Value::String(text) => string(text, out),
        Value::Array(_) => list(at.items(), ['[', ']'], out, |item, out| {
            write_value(document, &item, schema, out);
        }),
        Value::Object(_) => list(at.entries(), ['{', '}'], out, |(name, value), out| {
            string(name, out);
            out.push(':');
            let target = value.str().filter(|_| schema && name == "$ref").and_then(|_| value.follow().ok());
            match target {
                Some(target) => string(&key(document, &target), out),
                None => {
                    let data = ["enum", "const", "default", "example", "examples"].contains(&name)
                        && at.name() != Some("properties");
                    write_value(document, &value, schema && !data, out);
                }
            }
        }),
    }
}

fn list<T>(
    items: impl Iterator<Item = T>,
    [open, close]: [char; 2],
    out: &mut String,
    mut write: impl FnMut(T, &mut String),
) {
    out.push(open);
    for (index, item) in items.enumerate() {
        if index > 0 {
            out.push(',');
        }
        write(item, out);
    }
    out.push(close);
}

/// A JSON string.
pub(super) fn string(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            c if c < ' ' => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

/// Any value as compact JSON, as it is written.
pub(super) fn json(document: &Document, cursor: &Cursor<'_>) -> String {
    let mut out = String::new();
    write_value(document, cursor, false, &mut out);
    out
}

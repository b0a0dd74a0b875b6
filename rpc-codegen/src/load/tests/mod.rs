//! Tests of the stage, one file per module.

mod check;
mod document;
mod json;
mod properties;
mod refs;
mod schema;
mod swagger;
mod yaml;

use std::fmt::Write;

use super::{Document, Node, Value, load};
use crate::Input;
use crate::diagnostic::Diagnostics;

/// An input of some files; the first one is the document.
fn input(files: &[(&str, &str)]) -> Input {
    Input {
        service: "test".into(),
        document: files[0].0.into(),
        files: files.iter().map(|(path, text)| ((*path).into(), text.as_bytes().to_vec())).collect(),
        prefix: "specs/test/".into(),
    }
}

fn load_files(files: &[(&str, &str)]) -> (Option<Document>, Diagnostics) {
    let mut diagnostics = Diagnostics::default();
    (load(&input(files), None, &mut diagnostics), diagnostics)
}

fn show_all(diagnostics: Diagnostics) -> String {
    diagnostics.into_vec().iter().map(|diagnostic| format!("{diagnostic}\n")).collect()
}

/// One line per value: place and what stands there.
fn show(node: &Node) -> String {
    fn walk(node: &Node, label: &str, depth: usize, out: &mut String) {
        let indent = "  ".repeat(depth);
        let value = match &node.value {
            Value::Number(text) => format!("number {text}"),
            Value::String(text) => format!("{text:?}"),
            Value::Bool(value) => format!("{value}"),
            _ => node.kind_name().into(),
        };
        writeln!(out, "{indent}{label}{value} @{}:{}", node.line, node.column).unwrap();
        for (index, item) in node.as_array().unwrap_or_default().iter().enumerate() {
            walk(item, &format!("[{index}] "), depth + 1, out);
        }
        for entry in node.as_object().unwrap_or_default() {
            let label = format!("{:?}@{}:{} ", entry.key, entry.key_line, entry.key_column);
            walk(&entry.value, &label, depth + 1, out);
        }
    }
    let mut out = String::new();
    walk(node, "", 0, &mut out);
    out
}

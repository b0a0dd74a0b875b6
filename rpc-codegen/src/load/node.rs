//! A parsed value that remembers where each of its parts stands.

use std::fmt;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Rule};
use crate::location::Location;

/// How many values may be nested in each other. Every recursion over a tree relies on it.
pub const MAX_DEPTH: usize = 256;

/// A value and the place of its first character.
#[derive(Debug, Clone)]
pub struct Node {
    /// The value itself.
    pub value: Value,
    /// Line, from 1. What comes from an overlay has its number in the upper bits; [`Cursor::location`](super::Cursor::location)
    /// tells both.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// What JSON can say.
#[derive(Debug, Clone)]
pub enum Value {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number as JSON text, digit for digit as it was written.
    Number(String),
    /// A string without its escapes.
    String(String),
    /// An array.
    Array(Vec<Node>),
    /// An object in document order; keys are unique.
    Object(Vec<Entry>),
}

/// A key of an object with its value.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The key without its escapes.
    pub key: String,
    /// Line of the key, from 1.
    pub key_line: u32,
    /// Column of the key in characters, from 1.
    pub key_column: u32,
    /// The value.
    pub value: Node,
}

impl Node {
    /// The value of a key, if this is an object that has it.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The entry of a key, if this is an object that has it.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.as_object()?.iter().find(|entry| entry.key == key)
    }

    /// The text of a string.
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The JSON text of a number.
    pub fn as_number(&self) -> Option<&str> {
        match &self.value {
            Value::Number(text) => Some(text),
            _ => None,
        }
    }

    /// A boolean.
    pub fn as_bool(&self) -> Option<bool> {
        match self.value {
            Value::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The items of an array.
    pub fn as_array(&self) -> Option<&[Self]> {
        match &self.value {
            Value::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The entries of an object.
    pub fn as_object(&self) -> Option<&[Entry]> {
        match &self.value {
            Value::Object(entries) => Some(entries),
            _ => None,
        }
    }

    /// Whether this is `null`.
    pub fn is_null(&self) -> bool {
        matches!(self.value, Value::Null)
    }

    /// The JSON type, for messages.
    pub fn kind_name(&self) -> &'static str {
        match self.value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(_) => "number",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        }
    }

    /// The JSON type with its article, for messages.
    pub(super) fn described(&self) -> &'static str {
        match self.value {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::Array(_) => "an array",
            Value::Object(_) => "an object",
        }
    }

    /// The same value without places. A number that `serde_json` cannot hold (`1e999`) becomes a string.
    pub fn to_json(&self) -> serde_json::Value {
        use serde_json::Value as Json;
        match &self.value {
            Value::Null => Json::Null,
            Value::Bool(value) => Json::Bool(*value),
            Value::Number(text) => number(text).map_or_else(|| Json::String(text.clone()), Json::Number),
            Value::String(text) => Json::String(text.clone()),
            Value::Array(items) => Json::Array(items.iter().map(Self::to_json).collect()),
            Value::Object(entries) => {
                Json::Object(entries.iter().map(|e| (e.key.clone(), e.value.to_json())).collect())
            }
        }
    }

    /// Whether both say the same, wherever they stand. Numbers are compared as text, the order of keys does not matter.
    pub fn same_value(&self, other: &Self) -> bool {
        match (&self.value, &other.value) {
            (Value::Null, Value::Null) => true,
            (Value::Bool(a), Value::Bool(b)) => a == b,
            (Value::Number(a), Value::Number(b)) | (Value::String(a), Value::String(b)) => a == b,
            (Value::Array(a), Value::Array(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.same_value(b))
            }
            (Value::Object(a), Value::Object(b)) => {
                let mut pairs = key_order(a).into_iter().zip(key_order(b));
                let same = |(i, j): (usize, usize)| match (a.get(i), b.get(j)) {
                    (Some(a), Some(b)) => a.key == b.key && a.value.same_value(&b.value),
                    _ => false,
                };
                a.len() == b.len() && pairs.all(same)
            }
            _ => false,
        }
    }
}

/// The number nearest to a text. `serde_json` itself would round floats less exactly.
fn number(text: &str) -> Option<serde_json::Number> {
    let unsigned = text.parse::<u64>().ok().map(Into::into);
    let signed = || text.parse::<i64>().ok().filter(|n| *n != 0).map(Into::into);
    let float = || text.parse().ok().and_then(serde_json::Number::from_f64);
    unsigned.or_else(signed).or_else(float)
}

/// About how many bytes a tree takes, and how many collections it nests.
pub(super) fn measure(node: &Node) -> (usize, usize) {
    let sum = |(weight, depth): (usize, usize), (w, d): (usize, usize)| (weight + w, depth.max(d));
    let (inside, depth) = match &node.value {
        Value::Null | Value::Bool(_) => return (size_of::<Node>(), 0),
        Value::Number(text) | Value::String(text) => return (size_of::<Node>() + text.len(), 0),
        Value::Array(items) => items.iter().map(measure).fold((0, 0), sum),
        Value::Object(entries) => entries
            .iter()
            .map(|entry| (entry.key.len() + size_of::<Entry>(), 0))
            .chain(entries.iter().map(|entry| measure(&entry.value)))
            .fold((0, 0), sum),
    };
    (inside + size_of::<Node>(), depth + 1)
}

/// Indices of entries by key; equal keys in document order.
pub(super) fn key_order(entries: &[Entry]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..entries.len()).collect();
    order.sort_by_key(|&i| entries.get(i).map(|entry| entry.key.as_str()));
    order
}

/// Appends a step to a JSON pointer.
pub(super) fn push_step(pointer: &mut String, step: impl fmt::Display) {
    pointer.push('/');
    pointer.push_str(&step.to_string().replace('~', "~0").replace('/', "~1"));
}

/// Why a text has no tree.
#[derive(Debug, Clone)]
pub(super) struct Fault {
    pub(super) rule: Rule,
    pub(super) line: u32,
    pub(super) column: u32,
    pub(super) message: String,
}

impl Fault {
    pub(super) fn into_diagnostic(self, file: &Arc<str>) -> Diagnostic {
        let Self { rule, line, column, message } = self;
        Diagnostic::new(rule, Location { file: file.clone(), line, column, pointer: String::new() }, message)
    }
}

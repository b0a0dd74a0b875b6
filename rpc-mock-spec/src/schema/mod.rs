//! The schemas of a document as one self-contained JSON Schema 2020-12.
//!
//! ```text
//! Cursor (3.0 | 3.1 | 3.2, any file) ── convert, keywords ──> Bundle: $defs, every target once ── check ──> validators, made when asked for
//! ```

mod check;
mod convert;
mod formats;
mod keywords;
mod union;

use std::collections::HashMap;
use std::sync::OnceLock;

use serde_json::Value;

use crate::sample::Sample;

use check::Checks;
pub(crate) use check::Violation;
pub(crate) use convert::Converter;
pub(crate) use formats::{DECIMAL, INTEGER};

/// Which way values go. What is read-only is not required in requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Direction {
    /// From the client.
    Request,
    /// To the client.
    Reply,
}

/// A schema of a [`Bundle`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct SchemaId(usize);

impl SchemaId {
    /// Its key among the tags of a discriminator.
    pub(crate) fn key(self) -> String {
        self.0.to_string()
    }
}

/// Where references of converted schemas lead.
const BASE: &str = "spec:///document#/$defs/";

/// The address of the bundle as a whole.
const ROOT: &str = "spec:///document";

/// All schemas that operations reach, in one direction.
#[derive(Debug)]
pub(crate) struct Bundle {
    defs: Vec<Value>,
    /// JSON pointer of each in its file, with the file in front if that is not the document.
    pointers: Vec<String>,
    direction: Direction,
    checks: Checks,
    /// Samples that have been made, by schema.
    samples: Vec<OnceLock<Sample>>,
}

impl Bundle {
    fn new(defs: Vec<Value>, pointers: Vec<String>, direction: Direction) -> Self {
        let samples = defs.iter().map(|_| OnceLock::new()).collect();
        Self { defs, pointers, direction, checks: Checks::new(direction), samples }
    }

    /// The sample of a schema; the first use makes it.
    pub(crate) fn sample(&self, id: SchemaId, make: impl FnOnce() -> Sample) -> Sample {
        match self.samples.get(id.0) {
            Some(place) => place.get_or_init(make).clone(),
            None => make(),
        }
    }

    /// The schema itself.
    pub(crate) fn get(&self, id: SchemaId) -> &Value {
        self.defs.get(id.0).unwrap_or(&Value::Bool(true))
    }

    /// All schemas.
    pub(crate) fn ids(&self) -> impl Iterator<Item = SchemaId> + use<> {
        (0..self.defs.len()).map(SchemaId)
    }

    /// Its place in the document: `#/components/schemas/Order`, or `file.json#/…`.
    pub(crate) fn pointer(&self, id: SchemaId) -> &str {
        self.pointers.get(id.0).map_or("", String::as_str)
    }

    /// The direction it was made for.
    pub(crate) fn direction(&self) -> Direction {
        self.direction
    }

    /// The target of a converted `$ref`.
    pub(crate) fn target(&self, reference: &str) -> Option<SchemaId> {
        let index = reference.strip_prefix(BASE)?.parse().ok()?;
        (index < self.defs.len()).then_some(SchemaId(index))
    }

    /// What is behind a schema's own chain of references.
    pub(crate) fn resolve<'b>(&'b self, mut schema: &'b Value) -> &'b Value {
        for _ in 0..32 {
            match schema.get("$ref").and_then(Value::as_str).and_then(|text| self.target(text)) {
                Some(id) => schema = self.get(id),
                None => break,
            }
        }
        schema
    }

    /// Whether a value is valid. A schema that no validator can be made from accepts everything.
    ///
    /// `schema` must be a part of this bundle.
    pub(crate) fn valid(&self, schema: &Value, value: &Value) -> bool {
        self.checks.valid(&self.defs, schema, value)
    }

    /// What is wrong with a value, at most a few things.
    pub(crate) fn violations(&self, schema: &Value, value: &Value) -> Vec<Violation> {
        self.checks.violations(&self.defs, schema, value)
    }

    /// Whether a string matches a pattern of the document.
    pub(crate) fn matches(&self, pattern: &str, text: &str) -> bool {
        self.checks.matches(pattern, text)
    }

    /// Whether a string has a format. Formats that nobody knows fit everything.
    pub(crate) fn has_format(&self, format: &str, text: &str) -> bool {
        self.checks.has_format(format, text)
    }

    /// The schema as a document of its own, for messages and other tools.
    pub(crate) fn document(defs: &[Value]) -> Value {
        let defs = defs.iter().enumerate().map(|(index, schema)| (index.to_string(), schema.clone()));
        let mut root = serde_json::Map::new();
        root.insert("$schema".into(), "https://json-schema.org/draft/2020-12/schema".into());
        root.insert("$defs".into(), Value::Object(defs.collect()));
        Value::Object(root)
    }
}

/// Numbers schemas while they are collected.
#[derive(Debug, Default)]
struct Ids<K> {
    known: HashMap<K, usize>,
}

impl<K: std::hash::Hash + Eq> Ids<K> {
    /// The number of a key, and whether it is new.
    fn of(&mut self, key: K) -> (usize, bool) {
        let next = self.known.len();
        match self.known.entry(key) {
            std::collections::hash_map::Entry::Occupied(known) => (*known.get(), false),
            std::collections::hash_map::Entry::Vacant(free) => (*free.insert(next), true),
        }
    }
}

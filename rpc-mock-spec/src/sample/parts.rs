//! The schemas that a value must satisfy all at once.

use serde_json::{Map, Value};

use super::attempt::Attempt;
use crate::schema::SchemaId;

/// The list, with references and `allOf` opened.
#[derive(Debug, Clone, Default)]
pub(super) struct Parts<'b> {
    /// Object schemas whose own keywords count.
    pub(super) all: Vec<&'b Map<String, Value>>,
    /// Where they were found: to check a value as a whole.
    pub(super) roots: Vec<&'b Value>,
    /// Definitions that were opened.
    pub(super) ids: Vec<SchemaId>,
    /// Whether one of them is being built already.
    pub(super) cyclic: bool,
    /// Whether one of them allows nothing.
    pub(super) never: bool,
}

impl<'b> Attempt<'b> {
    pub(super) fn parts(&self, schemas: &[&'b Value]) -> Parts<'b> {
        let mut parts = Parts { roots: schemas.to_vec(), ..Parts::default() };
        for schema in schemas {
            self.open_into(schema, &mut parts);
        }
        parts
    }

    /// The list with one schema more.
    pub(super) fn with(&self, parts: &Parts<'b>, schema: &'b Value) -> Parts<'b> {
        let mut parts = parts.clone();
        parts.roots.push(schema);
        self.open_into(schema, &mut parts);
        parts
    }

    fn open_into(&self, schema: &'b Value, parts: &mut Parts<'b>) {
        let mut waiting = vec![schema];
        while let Some(schema) = waiting.pop() {
            let Some(object) = schema.as_object() else {
                parts.never |= *schema == Value::Bool(false);
                continue;
            };
            if parts.all.iter().any(|known| std::ptr::eq(*known, object)) {
                continue;
            }
            parts.all.push(object);
            if let Some(id) =
                object.get("$ref").and_then(Value::as_str).and_then(|text| self.bundle.target(text))
            {
                parts.cyclic |= self.is_open(id);
                parts.ids.push(id);
                waiting.push(self.bundle.get(id));
            }
            waiting.extend(list(object, "allOf"));
        }
    }
}

impl<'b> Parts<'b> {
    /// The values of a keyword in all schemas.
    pub(super) fn each(&self, keyword: &str) -> impl Iterator<Item = &'b Value> {
        self.all.iter().filter_map(move |schema| schema.get(keyword))
    }

    /// The largest count of a keyword.
    pub(super) fn most(&self, keyword: &str) -> Option<usize> {
        self.counts(keyword).max()
    }

    /// The smallest count of a keyword.
    pub(super) fn least(&self, keyword: &str) -> Option<usize> {
        self.counts(keyword).min()
    }

    fn counts(&self, keyword: &str) -> impl Iterator<Item = usize> {
        self.each(keyword).filter_map(Value::as_u64).map(|count| usize::try_from(count).unwrap_or(usize::MAX))
    }

    /// Whether a keyword is `true` somewhere.
    pub(super) fn flag(&self, keyword: &str) -> bool {
        self.each(keyword).any(|value| *value == Value::Bool(true))
    }

    /// Whether any schema has one of these keywords.
    pub(super) fn has(&self, keywords: &[&str]) -> bool {
        self.all.iter().any(|schema| keywords.iter().any(|keyword| schema.contains_key(*keyword)))
    }
}

/// The items of a list under a keyword.
pub(super) fn list<'b>(schema: &'b Map<String, Value>, keyword: &str) -> &'b [Value] {
    schema.get(keyword).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

//! Values of the client's in a reply, as far as its schema allows them.

use serde_json::{Map, Value};

use crate::schema::Bundle;

/// Sets `fields` in the object at `path` of `root`, each only if it is known there and `root` stays valid.
pub(crate) fn merge(
    bundle: &Bundle,
    schema: Option<&Value>,
    root: &mut Value,
    path: &str,
    fields: &Map<String, Value>,
    known: &dyn Fn(&str) -> bool,
) {
    for (name, value) in fields {
        let mut with = root.clone();
        let Some(Value::Object(target)) = with.pointer_mut(path) else { return };
        if !target.contains_key(name) && !known(name) {
            continue;
        }
        target.insert(name.clone(), value.clone());
        if schema.is_none_or(|schema| bundle.valid(schema, &with)) {
            *root = with;
        }
    }
}

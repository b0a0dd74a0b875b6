//! The text of a schema (for `schemars`) that has to do without some of its properties.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::ir::{TypeId, Types};

/// How deep `allOf` in `allOf` is followed.
const DEPTH: usize = 16;

/// The schemas of types with those that they are merged from written out, so that properties can be taken from all of them.
/// Types that are merged from nothing are left out.
pub(super) fn schemas(types: &Types, of: &BTreeSet<TypeId>) -> BTreeMap<TypeId, String> {
    let by_key: BTreeMap<&str, &str> =
        types.iter().map(|(_, def)| (def.key.as_str(), def.schema.as_str())).collect();
    let mut found = BTreeMap::new();
    for id in of {
        if let Some(text) = types.get(*id).map(|def| &def.schema).filter(|text| text.contains("\"allOf\""))
            && let Ok(mut schema) = serde_json::from_str(text)
        {
            write_out(&mut schema, &by_key, 0);
            found.insert(*id, schema.to_string());
        }
    }
    found
}

fn write_out(schema: &mut Value, by_key: &BTreeMap<&str, &str>, depth: usize) {
    let Some(Value::Array(parts)) = schema.get_mut("allOf").filter(|_| depth < DEPTH) else { return };
    for part in parts {
        let target = part.get("$ref").and_then(Value::as_str).and_then(|key| by_key.get(key));
        if let Some(base) = target.and_then(|text| serde_json::from_str(text).ok()) {
            *part = base;
        }
        write_out(part, by_key, depth + 1);
    }
}

/// Takes properties out of a schema and of what it is merged from.
pub(super) fn forget(text: &mut String, gone: &[String]) {
    if let Ok(mut schema) = serde_json::from_str(text) {
        take(&mut schema, gone);
        *text = schema.to_string();
    }
}

fn take(schema: &mut Value, gone: &[String]) {
    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
        properties.retain(|name, _| !gone.contains(name));
    }
    if let Some(Value::Array(required)) = schema.get_mut("required") {
        required.retain(|name| name.as_str().is_none_or(|name| !gone.iter().any(|gone| gone == name)));
    }
    if let Some(Value::Array(parts)) = schema.get_mut("allOf") {
        parts.iter_mut().for_each(|part| take(part, gone));
    }
}

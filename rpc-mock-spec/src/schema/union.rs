//! Unions with a tag: a request is meant for the branch that its tag names.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

/// The tags of each branch, by its reference.
pub(super) type Names = BTreeMap<String, BTreeSet<String>>;

/// Makes `oneOf` and `anyOf` of a schema go by the tag: a branch refuses the tags of the others. A tag that nobody has, or none
/// at all, is left to the branches. Branches that only differ by their tag's name would otherwise all accept one value, which
/// `oneOf` forbids.
pub(super) fn by_tag(schema: &mut Map<String, Value>, property: &str, names: &Names) {
    for keyword in ["anyOf", "oneOf"] {
        let Some(Value::Array(mut branches)) = schema.shift_remove(keyword) else { continue };
        let known: BTreeSet<&String> =
            branches.iter().filter_map(|branch| names.get(reference(branch)?)).flatten().collect();
        for branch in &mut branches {
            let Some(own) = reference(branch).and_then(|reference| names.get(reference)) else { continue };
            let others: Vec<&&String> = known.iter().filter(|name| !own.contains(**name)).collect();
            if !others.is_empty() {
                guard(branch, json!({property: {"not": {"enum": others}}}));
            }
        }
        match schema.get_mut("anyOf") {
            None => drop(schema.insert("anyOf".into(), Value::Array(branches))),
            Some(_) => {
                if let Value::Array(all) = schema.entry("allOf").or_insert_with(|| json!([])) {
                    all.push(json!({"anyOf": branches}));
                }
            }
        }
    }
}

/// What a branch refers to, also if it may be null.
fn reference(branch: &Value) -> Option<&str> {
    let own = branch.get("$ref");
    own.or_else(|| branch.get("anyOf")?.get(0)?.get("$ref"))?.as_str()
}

fn guard(branch: &mut Value, properties: Value) {
    match branch {
        // Beside the reference, where samples find it.
        Value::Object(members) if !members.contains_key("properties") => {
            members.insert("properties".into(), properties);
        }
        other => *other = json!({"allOf": [other.take(), {"properties": properties}]}),
    }
}

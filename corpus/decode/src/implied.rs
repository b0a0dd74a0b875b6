//! What a schema says without saying it: the readings that all generators share and no validator does.
//!
//! To a validator, `properties` allow every string, and `format: int32` every number. An example that uses that is no value of any
//! typed client.

use serde_json::{Map, Value, json};

/// Keywords whose value holds schemas by names of somebody's choice.
const BY_NAME: [&str; 6] =
    ["properties", "patternProperties", "schemas", "definitions", "$defs", "dependentSchemas"];

/// The document with these readings written out.
pub(crate) fn write_out(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(write_out).collect(),
        Value::Object(members) => {
            let members = members.into_iter().map(|(key, value)| match (key.as_str(), value) {
                ("example" | "examples" | "default" | "enum" | "const", value) => (key, value),
                (name, Value::Object(named)) if BY_NAME.contains(&name) => (key, by_name(named)),
                (_, value) => (key, write_out(value)),
            });
            Value::Object(schema(members.collect()))
        }
        other => other,
    }
}

fn by_name(named: Map<String, Value>) -> Value {
    Value::Object(named.into_iter().map(|(name, schema)| (name, write_out(schema))).collect())
}

fn schema(mut object: Map<String, Value>) -> Map<String, Value> {
    if !object.contains_key("type") {
        let implied = match (object.get("properties"), object.get("items")) {
            (Some(Value::Object(properties)), _) if properties.values().all(is_schema) => Some("object"),
            (None, Some(items)) if is_schema(items) => Some("array"),
            _ => None,
        };
        if let Some(implied) = implied {
            object.insert("type".into(), json!([implied, "null"]));
        }
    }
    let further = match object.get("format").and_then(Value::as_str) {
        Some("int32") if is_text(&object) => Some(integer()),
        Some("int32") => Some(json!({"minimum": i32::MIN, "maximum": i32::MAX})),
        Some("int64" | "uint64" | "uint32") if is_text(&object) => Some(integer()),
        Some("byte") => Some(json!({"pattern": "^[A-Za-z0-9+/_=-]*$"})),
        _ => None,
    };
    if let (Some(further), None) = (further, object.get("allOf")) {
        object.insert("allOf".into(), json!([further]));
    }
    object
}

/// An integer in a string.
fn integer() -> Value {
    json!({"pattern": "^[+-]?[0-9]+$"})
}

fn is_schema(value: &Value) -> bool {
    matches!(value, Value::Object(_) | Value::Bool(_))
}

fn is_text(object: &Map<String, Value>) -> bool {
    object.get("type").is_some_and(|types| match types {
        Value::Array(types) => types.iter().any(|ty| ty == "string"),
        one => one == "string",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(schema: Value, expected: Value) {
        assert_eq!(write_out(schema), expected);
    }

    #[test]
    fn readings() {
        check(json!({"properties": {"a": {}}}), json!({"type": ["object", "null"], "properties": {"a": {}}}));
        check(json!({"items": {}}), json!({"type": ["array", "null"], "items": {}}));
        // Properties of these names.
        let named = json!({"type": "object", "properties": {"properties": {"type": "string"}, "items": {"type": "string"}}});
        check(named.clone(), named);
        let named =
            json!({"properties": {"items": {"type": "string"}, "example": {"items": {"type": "string"}}}});
        let mut expected = named.clone();
        expected["type"] = json!(["object", "null"]);
        expected["properties"]["example"]["type"] = json!(["array", "null"]);
        check(named, expected);
        check(
            json!({"type": "string", "example": {"items": {}}}),
            json!({"type": "string", "example": {"items": {}}}),
        );
        check(
            json!({"type": "integer", "format": "int32"}),
            json!({"type": "integer", "format": "int32", "allOf": [{"minimum": i32::MIN, "maximum": i32::MAX}]}),
        );
        for format in ["int32", "int64"] {
            check(
                json!({"type": "string", "format": format}),
                json!({"type": "string", "format": format, "allOf": [{"pattern": "^[+-]?[0-9]+$"}]}),
            );
        }
        check(json!({"type": "integer", "format": "int64"}), json!({"type": "integer", "format": "int64"}));
    }
}

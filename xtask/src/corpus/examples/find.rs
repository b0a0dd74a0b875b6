//! Where the examples of a document stand. Knows OpenAPI's places, and nothing of the generator.

use serde_json::Value;

/// An example.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Found<'a> {
    /// JSON pointer of the value.
    pub(super) pointer: String,
    /// JSON pointer of what it is an example of: a schema, a parameter, a media type, a reply of Swagger 2.0.
    pub(super) of: String,
    pub(super) value: &'a Value,
}

/// What an object's keys are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Keys {
    /// Words of OpenAPI.
    Words,
    /// Names that the author chose.
    Names,
}

/// Words whose values are objects with names for keys.
const MAPS: [&str; 21] = [
    "$defs",
    "callbacks",
    "content",
    "definitions",
    "dependentSchemas",
    "encoding",
    "headers",
    "links",
    "parameters",
    "pathItems",
    "paths",
    "patternProperties",
    "properties",
    "requestBodies",
    "responses",
    "schemas",
    "securityDefinitions",
    "securitySchemes",
    "variables",
    "webhooks",
    "additionalOperations",
];

/// Words whose values are data.
const DATA: [&str; 7] = ["const", "default", "enum", "mapping", "scopes", "required", "security"];

/// All examples, in document order.
pub(super) fn examples(document: &Value) -> Vec<Found<'_>> {
    let mut found = Vec::new();
    walk(document, String::new(), Keys::Words, &mut found);
    found
}

fn walk<'a>(value: &'a Value, at: String, keys: Keys, found: &mut Vec<Found<'a>>) {
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                walk(item, format!("{at}/{index}"), Keys::Words, found);
            }
        }
        Value::Object(object) => {
            for (key, value) in object {
                let below = format!("{at}/{}", escaped(key));
                match key.as_str() {
                    _ if keys == Keys::Names => walk(value, below, Keys::Words, found),
                    "example" => found.push(Found { pointer: below, of: at.clone(), value }),
                    // Those of `components` are examples of whatever refers to them.
                    "examples" if at == "/components" => {}
                    "examples" => several(value, &below, &at, found),
                    key if key.starts_with("x-") || DATA.contains(&key) => {}
                    key if MAPS.contains(&key) && value.is_object() => walk(value, below, Keys::Names, found),
                    _ => walk(value, below, Keys::Words, found),
                }
            }
        }
        _ => {}
    }
}

/// A list of values (JSON Schema), a map of Example Objects (OpenAPI 3), or values by media type (Swagger 2.0).
fn several<'a>(value: &'a Value, at: &str, of: &str, found: &mut Vec<Found<'a>>) {
    let mut push = |pointer: String, value| found.push(Found { pointer, of: of.to_owned(), value });
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                push(format!("{at}/{index}"), item);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                let below = format!("{at}/{}", escaped(name));
                match member.get("value") {
                    Some(value) => push(format!("{below}/value"), value),
                    None if name.contains('/') => push(below, member),
                    // A reference, or a value that lies elsewhere.
                    None => {}
                }
            }
        }
        _ => {}
    }
}

/// A key as a step of a JSON pointer (RFC 6901).
pub(super) fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_place_and_no_other() {
        let document = json!({
            "paths": {"/a": {"get": {
                "parameters": [{"name": "example", "example": 1, "examples": {"x": {"value": 2}, "y": {"$ref": "#"}}}],
                "responses": {"200": {
                    "examples": {"application/json": {"example": 0}},
                    "content": {"application/json": {"example": {"example": 0}, "schema": {"examples": [3, 4]}}}
                }}
            }}},
            "components": {
                "examples": {"shared": {"value": 0}},
                "schemas": {"example": {"properties": {"example": {"example": 5}, "default": {"default": {"example": 0}}}}},
            },
            "x-more": {"example": 0},
        });
        let found = examples(&document);
        let shown: Vec<String> =
            found.iter().map(|it| format!("{} {} {}", it.pointer, it.of, it.value)).collect();
        let get = "/paths/~1a/get";
        assert_eq!(
            shown,
            [
                format!("{get}/parameters/0/example {get}/parameters/0 1"),
                format!("{get}/parameters/0/examples/x/value {get}/parameters/0 2"),
                format!("{get}/responses/200/examples/application~1json {get}/responses/200 {{\"example\":0}}"),
                format!("{get}/responses/200/content/application~1json/example {get}/responses/200/content/application~1json {{\"example\":0}}"),
                format!("{get}/responses/200/content/application~1json/schema/examples/0 {get}/responses/200/content/application~1json/schema 3"),
                format!("{get}/responses/200/content/application~1json/schema/examples/1 {get}/responses/200/content/application~1json/schema 4"),
                "/components/schemas/example/properties/example/example /components/schemas/example/properties/example 5".to_owned(),
            ]
        );
    }
}

//! Schemas in small documents, and what must be true of their samples.

use serde_json::{Value, json};

use crate::answer::Answer;
use crate::testing;

/// The sample of a schema as the body of a reply; `components` stands under `#/components/schemas`.
fn with(version: &str, schema: &Value, components: Value) -> Answer {
    let document = json!({"openapi": version, "info": {"title": "t", "version": "1"}, "components": {"schemas": components},
        "paths": {"/x": {"get": {"operationId": "x", "responses": {"200": {"description": "", "content": {"application/json": {"schema": schema}}}}}}}});
    testing::load(&document).answers().next().unwrap()
}

fn sample(schema: &Value) -> Value {
    let answer = with("3.1.0", schema, json!({}));
    assert!(answer.valid, "{schema} -> {}", answer.value);
    // By a validator that has not seen the conversion.
    let options = jsonschema::options().should_validate_formats(true).build(schema).unwrap();
    assert!(options.is_valid(&answer.value), "{schema} -> {}", answer.value);
    answer.value
}

#[test]
fn patterns() {
    for pattern in [
        "^[a-z]+$",
        "^[A-Z]{2}-\\d{4}$",
        "^(red|green)$",
        "^\\+?[1-9]\\d{7,14}$",
        "^(?=.*[A-Z])(?=.*\\d).{8,}$",
        "^[^@]+@[^@]+\\.com$",
        "x.y",
    ] {
        assert!(sample(&json!({"type": "string", "pattern": pattern})).is_string(), "{pattern}");
    }
    let exact =
        sample(&json!({"type": "string", "pattern": "^[0-9a-f]+$", "minLength": 40, "maxLength": 40}));
    assert_eq!(exact.as_str().unwrap().len(), 40);
}

#[test]
fn formats() {
    for format in [
        "date-time",
        "date",
        "time",
        "duration",
        "uuid",
        "email",
        "hostname",
        "ipv4",
        "ipv6",
        "uri",
        "json-pointer",
        "regex",
    ] {
        let value = sample(&json!({"type": "string", "format": format}));
        assert_ne!(value, "string", "{format}: a word has no format");
    }
    assert!(
        sample(&json!({"type": "string", "format": "email", "minLength": 40})).as_str().unwrap().len() >= 40
    );
}

#[test]
fn numbers() {
    for (schema, expected) in [
        (json!({"type": "integer", "exclusiveMinimum": 7, "exclusiveMaximum": 9}), json!(8)),
        (json!({"type": "integer", "minimum": 10, "multipleOf": 7}), json!(14)),
        (json!({"type": "integer", "maximum": -5}), json!(-5)),
        (json!({"type": "number", "minimum": 0.3, "maximum": 0.3}), json!(0.3)),
        (json!({"type": "number", "multipleOf": 0.01, "minimum": 5.001, "maximum": 5.015}), json!(5.01)),
    ] {
        assert_eq!(sample(&schema), expected, "{schema}");
    }
    let between =
        sample(&json!({"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1})).as_f64().unwrap();
    assert!(between > 0.0 && between < 1.0);
}

#[test]
fn arrays() {
    let many = sample(
        &json!({"type": "array", "minItems": 5, "uniqueItems": true, "items": {"type": "string", "maxLength": 2}}),
    );
    assert_eq!(many.as_array().unwrap().len(), 5);
    assert_eq!(sample(&json!({"type": "array", "maxItems": 0, "items": {"type": "string"}})), json!([]));
    let with = sample(
        &json!({"type": "array", "items": {"type": "integer"}, "contains": {"const": 42}, "minContains": 2}),
    );
    assert_eq!(with.as_array().unwrap().iter().filter(|item| **item == 42).count(), 2);
    let tuple = sample(
        &json!({"type": "array", "prefixItems": [{"const": "a"}, {"type": "boolean"}], "items": false, "minItems": 2}),
    );
    assert_eq!(tuple, json!(["a", true]));
}

#[test]
fn objects() {
    let text = json!({"type": "string"});
    let together = sample(&json!({"type": "object", "required": ["a"], "properties": {"a": text},
        "dependentRequired": {"a": ["b"]}, "additionalProperties": {"type": "integer"}}));
    assert!(together["b"].is_i64(), "{together}");
    let named =
        sample(&json!({"type": "object", "minProperties": 3, "propertyNames": {"pattern": "^k[0-9]$"}}));
    assert_eq!(named.as_object().unwrap().len(), 3);
    let pattern = sample(&json!({"type": "object", "minProperties": 1, "additionalProperties": false,
        "patternProperties": {"^x-[a-z]+$": {"type": "integer"}}}));
    assert!(
        pattern.as_object().unwrap().iter().all(|(name, value)| name.starts_with("x-") && value.is_i64())
    );
    let few = sample(
        &json!({"type": "object", "maxProperties": 1, "required": ["b"], "properties": {"a": text, "b": text}}),
    );
    assert_eq!(few, json!({"b": "string"}));
}

#[test]
fn choices() {
    let one = sample(
        &json!({"oneOf": [{"type": "integer", "multipleOf": 2}, {"type": "integer", "multipleOf": 3}]}),
    );
    let one = one.as_i64().unwrap();
    assert!((one % 2 == 0) != (one % 3 == 0), "{one}");
    let not = sample(&json!({"type": "string", "not": {"const": "string"}}));
    assert_ne!(not, "string");
    let conditional = sample(
        &json!({"type": "object", "required": ["kind"], "properties": {"kind": {"const": "a"}},
        "if": {"properties": {"kind": {"const": "a"}}}, "then": {"required": ["extra"], "properties": {"extra": {"const": 7}}},
        "else": {"required": ["other"]}}),
    );
    assert_eq!(conditional["extra"], 7);
    let otherwise = sample(
        &json!({"properties": {"kind": {"const": "b"}}, "required": ["kind"], "type": "object",
        "if": {"properties": {"kind": {"const": "a"}}}, "then": {"required": ["extra"]}, "else": {"required": ["other"]}}),
    );
    assert!(otherwise.get("other").is_some() && otherwise.get("extra").is_none(), "{otherwise}");
}

#[test]
fn what_contradicts_itself_is_said_to() {
    for schema in [
        json!({"type": "string", "enum": [1, 2]}),
        json!({"type": "object", "required": ["a"], "properties": {"a": false}}),
        json!({"type": "integer", "minimum": 3, "maximum": 2}),
    ] {
        assert!(!with("3.1.0", &schema, json!({})).valid, "{schema}");
    }
}

#[test]
fn recursion_ends() {
    let node = json!({"type": "object", "required": ["name"], "properties": {"name": {"type": "string"},
        "children": {"type": "array", "items": {"$ref": "#/components/schemas/Node"}}, "next": {"$ref": "#/components/schemas/Node"}}});
    let answer = with("3.0.3", &json!({"$ref": "#/components/schemas/Node"}), json!({"Node": node}));
    assert!(answer.valid && answer.value["name"] == "string", "{}", answer.value);
    let endless = json!({"type": "object", "required": ["next"], "properties": {"next": {"$ref": "#/components/schemas/Node"}}});
    assert!(!with("3.0.3", &json!({"$ref": "#/components/schemas/Node"}), json!({"Node": endless})).valid);
}

#[test]
fn a_discriminator_without_mapping_has_the_schemas_name() {
    let pet = |extra: &str| {
        json!({"type": "object", "required": ["kind", extra],
        "properties": {"kind": {"type": "string"}, extra: {"type": "integer"}}})
    };
    let components = json!({"Cat": pet("lives"), "Dog": pet("age")});
    let union = |more: Value| {
        let mut discriminator = json!({"propertyName": "kind"});
        discriminator.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({"discriminator": discriminator,
            "oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}]})
    };
    let plain = with("3.0.3", &union(json!({})), components.clone()).value;
    assert_eq!(plain, json!({"kind": "Cat", "lives": 1}));
    let mapped =
        union(json!({"mapping": {"c": "#/components/schemas/Cat", "d": "#/components/schemas/Dog"}}));
    assert_eq!(with("3.0.3", &mapped, components).value["kind"], "c");
}

#[test]
fn examples_come_first_if_they_fit() {
    let answer = with(
        "3.1.0",
        &json!({"type": "object", "properties": {
        "good": {"type": "integer", "example": 12}, "bad": {"type": "integer", "example": "twelve"}}}),
        json!({}),
    );
    assert_eq!(answer.value, json!({"good": 12, "bad": 1}));
    assert_eq!(answer.rejected.len(), 1);
    assert!(answer.rejected[0].reason.contains("twelve"), "{:?}", answer.rejected);
}

#[test]
fn long_patterns_are_given_up() {
    for (pattern, length) in [
        ("^[a-z]{100000}$", None),
        ("^(a{1000}){1000}$", None),
        ("^((ab?){9000}){9000}$", None),
        ("^[a-z]{9000}$", Some(9000)),
    ] {
        let found = super::pattern::samples(pattern, 0, 0, usize::MAX);
        assert_eq!(found.first().map(String::len), length, "{pattern}");
    }
}

#[test]
fn a_sample_is_made_once_also_one_that_is_given_up() {
    for schema in [json!({"type": "string", "pattern": "^[a-z]{100000}$"}), json!({"type": "string"})] {
        let document = json!({"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {"/x": {"get": {"operationId": "x",
            "responses": {"200": {"description": "", "content": {"application/json": {"schema": schema}}}}}}}});
        let spec = testing::load(&document);
        let first = spec.answers().next().unwrap();
        let id = spec.model.operations[0].replies[0].media[0].schema.unwrap();
        let again = spec.model.replies.sample(id, || panic!("made again: {schema}"));
        assert_eq!((again.value, again.valid), (first.value, first.valid));
    }
}

//! Documents that are merely enormous.

use serde_json::{Map, Value, json};

use super::{LESS, errors, run_json, said};

const HUGE: usize = 100_000 / LESS;

fn document(schema: &Value) -> Value {
    json!({
        "openapi": "3.1.0", "info": {"title": "t", "version": "1"},
        "paths": {"/x": {"post": {
            "operationId": "x",
            "requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/T"}}}},
            "responses": {"204": {"description": ""}},
        }}},
        "components": {"schemas": {"T": schema}},
    })
}

fn many<T>(count: usize, make: impl Fn(usize) -> T) -> Vec<T> {
    (0..count).map(make).collect()
}

fn check(what: &str, document: &Value) {
    let result = run_json(what, document);
    assert_eq!(errors(&result), [""; 0], "{what}: {}", said(&result));
}

#[test]
fn schemas() {
    let mut document = document(&json!({"type": "string"}));
    let used =
        many(20_000 / LESS, |at| (format!("p{at}"), json!({"$ref": format!("#/components/schemas/S{at}")})));
    let schemas = document["components"]["schemas"].as_object_mut().unwrap();
    schemas.extend(many(HUGE, |at| {
        (format!("S{at}"), json!({"type": "object", "properties": {"a": {"type": "string"}}}))
    }));
    schemas["T"] = json!({"type": "object", "properties": Map::from_iter(used)});
    check("many schemas", &document);
}

#[test]
fn values_of_an_enum() {
    check(
        "many values",
        &document(&json!({"type": "string", "enum": many(HUGE, |at| format!("value {at}"))})),
    );
    check(
        "many colliding values",
        &document(
            &json!({"type": "string", "enum": many(20_000 / LESS, |at| "-".repeat(at % 100) + &at.to_string() + "a") }),
        ),
    );
}

#[test]
fn properties() {
    let properties: Map<_, _> =
        many(HUGE, |at| (format!("p{at}"), json!({"type": "string"}))).into_iter().collect();
    check("many properties", &document(&json!({"type": "object", "properties": properties})));
}

#[test]
fn colliding_properties() {
    // All of them are `a_b` in snake case.
    let properties: Map<_, _> =
        many(5_000 / LESS, |at| ("-".repeat(at) + "a_b", json!({"type": "string"}))).into_iter().collect();
    check("many properties of one name", &document(&json!({"type": "object", "properties": properties})));
}

#[test]
fn parameters() {
    let mut document = document(&json!({}));
    let parameters = many(
        20_000 / LESS,
        |at| json!({"name": format!("p{at}"), "in": "query", "schema": {"type": "string"}}),
    );
    document["paths"]["/x"]["post"]["parameters"] = parameters.into();
    check("many parameters", &document);
}

#[test]
fn alternatives() {
    let variants = many(
        2_000,
        |at| json!({"type": "object", "required": [format!("f{at}")], "properties": {(format!("f{at}")): {"type": "string"}}}),
    );
    check("many alternatives", &document(&json!({"oneOf": variants})));
    let members = many(
        20_000 / LESS,
        |at| json!({"type": "object", "properties": {(format!("f{at}")): {"type": "string"}}}),
    );
    check("many members of allOf", &document(&json!({"allOf": members})));
    let items = many(5_000 / LESS, |_| json!({"type": "string"}));
    check(
        "a long tuple",
        &document(
            &json!({"type": "array", "prefixItems": items, "minItems": 5_000 / LESS, "maxItems": 5_000 / LESS}),
        ),
    );
}

#[test]
fn mistakes() {
    // As many messages as mistakes; collecting them is not quadratic.
    let properties: Map<_, _> =
        many(100_000 / LESS, |at| (format!("p{at}"), json!({"$ref": format!("#/nowhere/{at}")})))
            .into_iter()
            .collect();
    let result = run_json("many mistakes", &document(&json!({"type": "object", "properties": properties})));
    assert_eq!(errors(&result), ["R102"]);
}

#[test]
fn texts() {
    let long = "long ".repeat((4 << 20) / LESS);
    let name = "n".repeat((4 << 20) / LESS);
    check("a long description", &document(&json!({"type": "string", "description": long})));
    check(
        "a long default",
        &document(&json!({"type": "object", "properties": {"a": {"type": "string", "default": long}}})),
    );
    check("a long value", &document(&json!({"type": "string", "enum": [long, "a"]})));
    check(
        "a long property",
        &document(&json!({"type": "object", "properties": {(name.as_str()): {"type": "string"}}})),
    );
    check(
        "a long pattern",
        &document(&json!({"type": "object", "properties": {"a": {"type": "string", "pattern": name}}})),
    );
    let mut named = document(
        &json!({"type": "object", "properties": {"a": {"$ref": format!("#/components/schemas/{name}")}}}),
    );
    named["components"]["schemas"][name.as_str()] = json!({"type": "object", "properties": {"a": {}}});
    named["paths"]["/x"]["post"]["operationId"] = name.as_str().into();
    named["paths"]["/x"]["post"]["tags"] = json!([name]);
    check("long names", &named);
    let mut lost = document(&json!({"$ref": format!("#/components/schemas/{name}")}));
    let result = run_json("a long reference to nothing", &lost);
    assert_eq!(errors(&result), ["R102"], "{}", said(&result));
    lost["openapi"] = long.into();
    assert_eq!(errors(&run_json("a long version", &lost)), ["R002"]);
}

#[test]
fn operations() {
    let mut document = document(&json!({}));
    let operation =
        json!({"operationId": "same", "tags": ["all"], "responses": {"200": {"description": ""}}});
    document["paths"] = Value::Object(
        many(10_000 / LESS, |at| (format!("/p{at}"), json!({"get": operation}))).into_iter().collect(),
    );
    check("many operations of one id", &document);
}

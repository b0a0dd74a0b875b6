//! References that lead nowhere, in circles, or to ever more.

use serde_json::{Map, Value, json};

use super::{LESS, errors, input, run, run_json, said};

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// A document whose operation takes and gives the schema `T`.
fn with_schemas(schemas: impl IntoIterator<Item = (String, Value)>) -> Value {
    let schemas: Map<String, Value> = schemas.into_iter().collect();
    let content = json!({"application/json": {"schema": reference("T")}});
    json!({
        "openapi": "3.1.0", "info": {"title": "t", "version": "1"},
        "paths": {"/x": {"post": {
            "operationId": "x", "requestBody": {"required": true, "content": content},
            "responses": {"200": {"description": "", "content": content}},
        }}},
        "components": {"schemas": schemas},
    })
}

/// Each schema is made of the name of the next; the last one of a string.
fn chain(length: usize, link: impl Fn(Value) -> Value) -> Value {
    with_schemas((0..length).map(|at| {
        let name = if at == 0 { "T".to_owned() } else { format!("T{at}") };
        let schema = if at + 1 == length {
            json!({"type": "string"})
        } else {
            link(reference(&format!("T{}", at + 1)))
        };
        (name, schema)
    }))
}

/// What it is, its schemas by name, and the codes of its errors.
type Case<'a> = (&'a str, Vec<(&'a str, Value)>, &'a [&'a str]);

#[test]
fn cycles_of_all_kinds_end() {
    let t = || reference("T");
    let u = || reference("U");
    let cases: Vec<Case<'_>> = vec![
        ("a reference to itself", vec![("T", t())], &["R104"]),
        ("two references", vec![("T", u()), ("U", t())], &["R104"]),
        ("allOf of itself", vec![("T", json!({"allOf": [t()]}))], &[]),
        (
            "allOf of itself and more",
            vec![("T", json!({"allOf": [t(), {"type": "object", "properties": {"a": {}}}]}))],
            &[],
        ),
        (
            "allOf in a circle",
            vec![
                ("T", json!({"allOf": [u(), {"properties": {"a": t()}}]})),
                ("U", json!({"allOf": [t()], "properties": {"b": {}}})),
            ],
            &[],
        ),
        ("anyOf of itself", vec![("T", json!({"anyOf": [t()]}))], &[]),
        ("anyOf of itself or null", vec![("T", json!({"anyOf": [t(), {"type": "null"}]}))], &[]),
        ("oneOf of itself or a string", vec![("T", json!({"oneOf": [t(), {"type": "string"}]}))], &[]),
        (
            "two oneOfs",
            vec![
                ("T", json!({"oneOf": [u(), {"type": "string"}]})),
                ("U", json!({"oneOf": [t(), {"type": "integer"}]})),
            ],
            &[],
        ),
        ("not itself", vec![("T", json!({"not": t()}))], &[]),
        ("items", vec![("T", json!({"type": "array", "items": t()}))], &[]),
        (
            "items of items",
            vec![("T", json!({"type": "array", "items": {"type": "array", "items": t()}}))],
            &[],
        ),
        ("a map", vec![("T", json!({"type": "object", "additionalProperties": t()}))], &[]),
        (
            "a tuple",
            vec![("T", json!({"type": "array", "prefixItems": [t(), t()], "minItems": 2, "maxItems": 2}))],
            &[],
        ),
        (
            "a required property",
            vec![("T", json!({"type": "object", "required": ["t"], "properties": {"t": t()}}))],
            &[],
        ),
        (
            "a required property, two types",
            vec![
                ("T", json!({"type": "object", "required": ["u"], "properties": {"u": u()}})),
                ("U", json!({"type": "object", "required": ["t"], "properties": {"t": t()}})),
            ],
            &[],
        ),
        (
            "a nullable property",
            vec![("T", json!({"type": "object", "properties": {"t": {"anyOf": [t(), {"type": "null"}]}}}))],
            &[],
        ),
        (
            "a property with siblings",
            vec![(
                "T",
                json!({"type": "object", "properties": {"t": {"$ref": "#/components/schemas/T", "description": "x", "nullable": true}}}),
            )],
            &[],
        ),
        (
            "allOf in a property",
            vec![("T", json!({"type": "object", "properties": {"t": {"allOf": [t()]}}}))],
            &[],
        ),
        (
            "a union of what holds it",
            vec![
                ("T", json!({"oneOf": [u(), {"type": "string"}]})),
                ("U", json!({"type": "object", "required": ["t"], "properties": {"t": t()}})),
            ],
            &[],
        ),
        (
            "an alias of a list of the alias",
            vec![("T", u()), ("U", json!({"type": "array", "items": t()}))],
            &[],
        ),
        (
            "deep into itself",
            vec![(
                "T",
                json!({"type": "object", "properties": {"a": {"$ref": "#/components/schemas/T/properties/a"}}}),
            )],
            &["R104"],
        ),
        (
            "into its own parent",
            vec![(
                "T",
                json!({"type": "object", "properties": {"a": {"type": "object", "properties": {"b": {"$ref": "#/components/schemas/T/properties/a"}}}}}),
            )],
            &[],
        ),
        ("the whole document", vec![("T", json!({"$ref": "#"}))], &[]),
    ];
    for (what, schemas, expected) in cases {
        let document = with_schemas(schemas.into_iter().map(|(name, schema)| (name.to_owned(), schema)));
        let result = run_json(what, &document);
        assert_eq!(errors(&result), expected, "{what}: {}", said(&result));
    }
}

#[test]
fn parts_that_lead_back_to_themselves_are_told() {
    for (what, pointer, value) in [
        ("a path item", "/paths/~1x", json!({"$ref": "#/paths/~1x"})),
        ("a reply", "/paths/~1x/post/responses/200", json!({"$ref": "#/paths/~1x/post/responses/200"})),
        ("a body", "/paths/~1x/post/requestBody", json!({"$ref": "#/paths/~1x/post/requestBody"})),
        ("parameters", "/paths/~1x/post/parameters", json!([{"$ref": "#/paths/~1x/post/parameters/0"}])),
    ] {
        let mut document = with_schemas([("T".to_owned(), json!({}))]);
        let (parent, last) = pointer.rsplit_once('/').unwrap();
        document.pointer_mut(parent).unwrap()[last.replace("~1", "/")] = value;
        let result = run_json(what, &document);
        assert_eq!(errors(&result), ["R104"], "{what}: {}", said(&result));
    }
}

#[test]
fn chains_have_an_end_or_a_message() {
    const LONG: usize = 20_000 / LESS;
    let cases: Vec<(&str, Value, &[&str])> = vec![
        ("200 references", chain(200, |next| next), &[]),
        ("references", chain(LONG, |next| next), &["R104"]),
        ("allOf", chain(LONG, |next| json!({"allOf": [next]})), &[]),
        ("allOf of objects", chain(LONG, |next| json!({"allOf": [next], "properties": {"a": {}}})), &[]),
        ("items", chain(LONG, |next| json!({"type": "array", "items": next})), &[]),
        (
            "properties",
            chain(LONG, |next| json!({"type": "object", "required": ["a"], "properties": {"a": next}})),
            &[],
        ),
        ("maps", chain(LONG, |next| json!({"type": "object", "additionalProperties": next})), &[]),
        ("anyOf", chain(LONG, |next| json!({"anyOf": [next, {"type": "null"}]})), &[]),
        ("unions", chain(LONG, |next| json!({"oneOf": [next, {"type": "integer"}]})), &[]),
        (
            "tuples",
            chain(LONG, |next| json!({"type": "array", "prefixItems": [next], "minItems": 1, "maxItems": 1})),
            &[],
        ),
    ];
    for (what, document, expected) in cases {
        let result = run_json(&format!("a chain of {what}"), &document);
        assert_eq!(errors(&result), expected, "{what}: {}", said(&result));
    }
}

/// Each level names the next one twice: 2⁵⁰ leaves.
#[test]
fn trees_that_double_stay_as_small_as_they_are_written() {
    for (what, link) in [
        (
            "properties",
            (|next| json!({"type": "object", "properties": {"a": next, "b": next}})) as fn(Value) -> Value,
        ),
        (
            "required properties",
            |next| json!({"type": "object", "required": ["a", "b"], "properties": {"a": next, "b": next}}),
        ),
        ("allOf", |next| json!({"allOf": [next, next]})),
        (
            "allOf with own properties",
            |next| json!({"allOf": [next, next], "properties": {"a": {"type": "string"}}}),
        ),
        ("anyOf", |next| json!({"anyOf": [next, next]})),
        ("oneOf", |next| json!({"oneOf": [next, next, {"type": "integer"}]})),
        (
            "oneOf of allOf",
            |next| json!({"oneOf": [{"allOf": [next, next]}, {"allOf": [next, {"type": "object"}]}]}),
        ),
        (
            "tuples",
            |next| json!({"type": "array", "prefixItems": [next, next], "minItems": 2, "maxItems": 2}),
        ),
        (
            "tuples inside",
            |next| json!({"type": "object", "properties": {"a": {"type": "array", "prefixItems": [next, next], "minItems": 2, "maxItems": 2}}}),
        ),
        (
            "maps and lists",
            |next| json!({"type": "array", "items": {"type": "object", "additionalProperties": {"anyOf": [next, next]}}}),
        ),
    ] {
        let result = run_json(&format!("a bomb of {what}"), &chain(50, link));
        let output = result.unwrap_or_else(|failure| panic!("{what}: {failure:#?}"));
        let bytes: usize = output.files.iter().map(|(_, bytes)| bytes.len()).sum();
        assert!(bytes < 2 << 20, "{what}: {bytes} bytes");
    }
}

#[test]
fn yaml_aliases_have_a_budget() {
    let mut text =
        String::from("openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths: {}\nx-a0: &a0 [x, x]\n");
    for level in 1..60 {
        text.push_str(&format!("x-a{level}: &a{level} [*a{}, *a{}]\n", level - 1, level - 1));
    }
    let result = run("a bomb of aliases", &input("openapi.yaml", text));
    assert_eq!(errors(&result), ["R004"], "{}", said(&result));
}

/// What is nested is refused at a depth that recursion can take, wherever it stands.
#[test]
fn deep_values_are_refused() {
    let nested =
        |open: &str, close: &str, depth: usize| format!("{}1{}", open.repeat(depth), close.repeat(depth));
    for (what, open, close, name) in [
        ("lists", "[", "]", "openapi.json"),
        ("objects", "{\"a\":", "}", "openapi.json"),
        ("schemas", "{\"items\":", "}", "openapi.json"),
        ("YAML lists", "[", "]", "openapi.yaml"),
        ("YAML objects", "{a: ", "}", "openapi.yaml"),
        ("YAML items", "- ", "", "openapi.yaml"),
    ] {
        for depth in [1_000, 100_000] {
            let result = run(&format!("{depth} nested {what}"), &input(name, nested(open, close, depth)));
            assert_eq!(errors(&result), ["R004"], "{depth} {what}: {}", said(&result));
        }
    }
    for (what, open, close) in [
        ("items", r#"{"type":"array","items":"#, "}"),
        ("properties", r#"{"type":"object","properties":{"a":"#, "}}"),
        ("allOf", r#"{"allOf":["#, "]}"),
        ("anyOf", r#"{"anyOf":[{"type":"null"},"#, "]}"),
        ("oneOf", r#"{"oneOf":[{"type":"integer"},"#, "]}"),
        ("maps", r#"{"type":"object","additionalProperties":"#, "}"),
    ] {
        let levels = 240 / (open.matches(['{', '[']).count() - open.matches(['}', ']']).count());
        let schema: Value = serde_json::from_str::<Value>(&format!(
            "{}{{\"type\":\"string\"}}{}",
            open.repeat(levels.min(60)),
            close.repeat(levels.min(60))
        ))
        .unwrap();
        let result = run_json(&format!("nested {what}"), &with_schemas([("T".to_owned(), schema)]));
        assert_eq!(errors(&result), [""; 0], "{what}: {}", said(&result));
    }
}

//! Every rule in both directions: a document, a crate written by hand, and what is found.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

/// An operation whose body is `Body` and whose schema is given; `more` are further components.
fn document(schema: &str, more: &str) -> String {
    format!(
        r#"{{"openapi": "3.1.0", "paths": {{"/x": {{"post": {{"operationId": "send", "requestBody": {{"content":
        {{"application/json": {{"schema": {{"$ref": "\#/components/schemas/Body"}}}}}}}}, "responses": {{}}}}}}}},
        "components": {{"schemas": {{"Body": {schema}{more}}}}}}}"#
    )
    .replace("\\#", "#")
}

const OPERATION: &str = r#"
    pub enum Send {}
    impl Operation for Send {
        type Output = ();
        const DESCRIPTOR: &'static Descriptor = &Descriptor::new("send", Method::POST, "/x").accept("");
    }
    impl Client {
        pub fn send(&self, body: types::Body) -> Call<Send> {
            let mut call = self.call();
            call.request.json("application/json", &body);
            call
        }
    }
"#;

fn found(document: &str, types: &str, operations: &str) -> String {
    let files = [("types/mod.rs", types), ("operations/x.rs", operations)];
    let found = degraded::degraded(document, files).unwrap();
    found.iter().map(|f| format!("{} {}\n", f.place, f.reason)).collect()
}

#[track_caller]
fn check(schema: &str, types: &str, expected: &str) {
    assert_eq!(found(&document(schema, ""), types, OPERATION), expected, "{schema}");
}

const VALUE: &str = "pub type Body = rpc_runtime::types::Value;";
const MAP: &str = "pub type Body = std::collections::BTreeMap<String, rpc_runtime::types::Value>;";
const LIST: &str = "pub type Body = Vec<rpc_runtime::types::Value>;";

#[test]
fn free_form_is_free() {
    for schema in [
        "{}",
        "true",
        r#"{"description": "d", "title": "t", "example": 1, "default": 2, "nullable": true, "deprecated": true,
            "xml": {}, "readOnly": true, "x-any": 1}"#,
        r#"{"type": "object"}"#,
        r#"{"type": "object", "additionalProperties": true}"#,
        r#"{"type": "object", "additionalProperties": {}}"#,
        r#"{"type": "object", "minProperties": 1}"#,
        r#"{"type": ["string", "number", "boolean", "object", "array", "null"]}"#,
        r#"{"not": {"type": "string"}}"#,
        r#"{"allOf": [{"description": "a"}, {"type": "object"}]}"#,
    ] {
        check(schema, VALUE, "");
    }
    for schema in [r#"{"type": "object"}"#, r#"{"additionalProperties": true}"#] {
        check(schema, MAP, "");
    }
    check(r#"{"type": "array"}"#, LIST, "");
    check(r#"{"type": "array", "items": {}}"#, LIST, "");
}

#[test]
fn what_is_typed_is_not_free() {
    for (schema, types, expected) in [
        (r#"{"type": "string"}"#, VALUE, "Body untyped scalar\n"),
        (r#"{"format": "date", "type": "string"}"#, VALUE, "Body untyped scalar\n"),
        (r#"{"enum": ["a", 1]}"#, VALUE, "Body untyped enum\n"),
        (r#"{"const": {}}"#, VALUE, "Body untyped enum\n"),
        (r#"{"type": "array"}"#, VALUE, "Body untyped array\n"),
        (r#"{"type": ["string", "integer"]}"#, VALUE, "Body untyped types\n"),
        (r#"{"properties": {"a": {}}}"#, VALUE, "Body untyped object\n"),
        (r#"{"properties": {"url": {"type": "string"}}}"#, VALUE, "Body untyped object\n"),
        (r#"{"additionalProperties": {"type": "string"}}"#, VALUE, "Body untyped map\n"),
        (r#"{"oneOf": [{"type": "string"}, {"type": "object"}]}"#, VALUE, "Body untyped union\n"),
        (r#"{"anyOf": [{"type": "string"}, {"type": "null"}]}"#, VALUE, "Body untyped union\n"),
        (r#"{"allOf": [{"type": "string"}, {"maxLength": 3}]}"#, VALUE, "Body untyped allOf\n"),
        (r##"{"$ref": "#/components/schemas/None"}"##, VALUE, "Body unmapped\n"),
        (r#"{"type": "array", "items": {"type": "string"}}"#, LIST, "Body[] untyped scalar\n"),
        (r#"{"additionalProperties": {"type": "string"}}"#, MAP, "Body{} untyped scalar\n"),
        (r#"{"patternProperties": {"^a": {"type": "string"}}}"#, MAP, "Body{} untyped scalar\n"),
        (r#"{"properties": {"a": {"type": "string"}}}"#, MAP, "Body.a lost field\n"),
    ] {
        check(schema, types, expected);
    }
}

#[test]
fn fields_are_found_by_their_names_on_the_wire() {
    let schema = r#"{"properties": {"a-b": {"type": "string"}, "free": {}, "type": {"type": "integer"}}}"#;
    let fields = |a: &str| {
        format!(
            r#"pub struct Body {{ pub a_b: Option<{a}>, pub free: Option<rpc_runtime::types::Value>, pub r#type: i64 }}
            rpc_runtime::codegen::object!(Body {{
                0 {{ 0 a_b "a-b" or_default read write_present; 1 free "free" default read write; }}
                1 {{ 0 r#type "type" or(f) read write; }}
            }});"#
        )
    };
    check(schema, &fields("String"), "");
    check(schema, &fields("rpc_runtime::types::Value"), "Body.a_b untyped scalar\n");
    check(schema, &fields("Vec<Box<rpc_runtime::types::RawJson>>"), "Body.a_b[] unmapped\n");
    let unknown = "pub struct Body { pub other: rpc_runtime::types::Value }";
    check(r#"{"type": "object", "properties": {}}"#, unknown, "Body.other unmapped\n");
    // Demanded, but not described.
    check(r#"{"type": "object", "required": ["other"]}"#, unknown, "");
    let open = r#"
        pub struct Body { pub id_: i64, pub rest: std::collections::BTreeMap<String, rpc_runtime::types::Value> }
        rpc_runtime::codegen::object!(Body { 0 { 0 id_ "id" required read_as write_as as Same; } } rest as Same);
    "#;
    let schema = |more: &str| {
        format!(r#"{{"properties": {{"id": {{"type": "integer"}}}}, "additionalProperties": {more}}}"#)
    };
    check(&schema("true"), open, "");
    check(&schema(r#"{"type": "string"}"#), open, "Body.rest{} untyped scalar\n");
}

#[test]
fn lost_fields() {
    let parts = r#"{"allOf": [{"properties": {"a": {"type": "string"}}}, {"properties": {"b": {"type": "string"}}}],
        "properties": {"c": {"readOnly": true, "type": "string"}}}"#;
    check(parts, "pub struct Body { pub a: String, pub b: String }", "");
    check(parts, "pub struct Body { pub a: String }", "Body.b lost field\n");
    check(parts, "pub type Body = String;", "Body.a lost field\nBody.b lost field\n");
    let choice = r#"{"oneOf": [{"properties": {"b": {"type": "string"}}}, {"type": "string"}]}"#;
    check(choice, "pub struct Body { pub b: String }", "Body|union lost alternative\n");
    check(choice, "pub struct Body { pub a: String }", "Body.b lost field\nBody|union lost alternative\n");
}

#[test]
fn unions() {
    let schema = r#"{"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "integer"}}, {"type": "null"}]}"#;
    let union = |array: &str, variants: &str| {
        format!(
            "pub enum Body {{ Text(String), {array} Unknown(rpc_runtime::types::RawJson) }}
             rpc_runtime::codegen::union!(Body, Unknown, json_type {{ {variants} }});"
        )
    };
    check(schema, &union("List(Vec<i64>),", "Text: String"), "");
    let list = union("List(Vec<rpc_runtime::types::Value>),", "Text: String");
    check(schema, &list, "Body.List[] untyped scalar\n");
    check(schema, &union("", "Text: String"), "Body|/components/schemas/Body/oneOf/1 lost alternative\n");
    // Without the macro that names it, a catch-all variant is any other place.
    let plain = "pub enum Body { Text(String), Unknown(rpc_runtime::types::RawJson) }";
    check(schema, plain, "Body.Unknown unmapped\n");
    let types = r#"{"type": ["string", "object"]}"#;
    check(types, &union("Object(std::collections::BTreeMap<String, rpc_runtime::types::Value>),", ""), "");
}

#[test]
fn alternatives_of_one_kind_are_told_apart_by_their_fields() {
    let more = r#", "A": {"properties": {"a": {"type": "string"}, "x": {}}}, "B": {"properties": {"b": {"type": "string"}, "x": {"type": "string"}}}"#;
    let schema = r##"{"oneOf": [{"$ref": "#/components/schemas/A"}, {"$ref": "#/components/schemas/B"}]}"##;
    let types = "
        pub struct First { pub b: String, pub x: rpc_runtime::types::Value }
        pub struct Second { pub a: String, pub x: rpc_runtime::types::Value }
        pub enum Body { First(super::First), Second(super::Second), Unknown(rpc_runtime::types::RawJson) }
        rpc_runtime::codegen::union!(Body, Unknown, first_match {});
    ";
    assert_eq!(found(&document(schema, more), types, OPERATION), "First.x untyped scalar\n");
}

#[test]
fn tuples_and_nothing_reached() {
    let schema = r#"{"prefixItems": [{"type": "string"}, {}], "items": false}"#;
    let value = "rpc_runtime::types::Value";
    check(schema, &format!("pub type Body = (String, {value});"), "");
    check(schema, &format!("pub type Body = ({value}, {value});"), "Body[0] untyped scalar\n");
    check(schema, &format!("pub type Body = (String, {value}, {value});"), "Body[2] unmapped\n");
    let unused = format!("pub type Body = (String, {value}); pub struct Other {{ pub a: {value} }}");
    check(schema, &unused, "Other.a unmapped\n");
}

const VERSIONS: [&str; 2] = [
    r##"{"swagger": "2.0", "paths": {"/a": {"parameters": [{"$ref": "#/parameters/p"}], "get": {"operationId": "list",
        "parameters": [{"name": "f", "in": "formData", "type": "string"}],
        "responses": {"200": {"schema": {"type": "array", "items": {"type": "string"}}}, "404": {"schema": {"type": "string"}}}}}},
        "parameters": {"p": {"name": "page", "in": "query", "type": "integer"}}}"##,
    "
openapi: 3.0.3
paths:
  /a:
    parameters: [{$ref: '#/components/parameters/p'}]
    get:
      operationId: list
      requestBody:
        content: {application/x-www-form-urlencoded: {schema: {properties: {f: {type: string}}}}}
      responses:
        '200':
          content:
            application/hal+json: {schema: {}}
            application/json: {schema: {type: array, items: {type: string}}}
        '404': {content: {application/json: {schema: {type: string}}}}
components:
  parameters: {p: {name: page, in: query, schema: {type: integer}}}
",
];

#[test]
fn parameters_bodies_replies_and_failures() {
    for document in VERSIONS {
        let check = |page: &str, form: &str, reply: &str, failure: &str, expected: &str| {
            let operations = format!(
                r#"
                pub enum List {{}}
                impl Operation for List {{
                    type Output = {reply};
                    const DESCRIPTOR: &'static Descriptor = &Descriptor::new("list", Method::GET, "/base/a");
                }}
                pub struct ListParams {{ pub body: {form} }}
                impl Client {{
                    pub fn list(&self, params: ListParams) -> Call<List> {{ call.request.form(&params.body) }}
                }}
                impl Call<List> {{
                    pub fn page_(mut self, page_: {page}) -> Self {{ self.request.query("page", &page_); self }}
                }}"#
            );
            let errors = format!(
                "pub enum Status404 {{ /// HTTP 404.\n NotFound({failure}) }} pub type ListError = Status404;"
            );
            let form = "pub struct Form { pub f: String }";
            let files =
                [("types.rs", form), ("operations/a.rs", operations.as_str()), ("errors.rs", &errors)];
            let found = degraded::degraded(document, files).unwrap();
            let text: String = found.iter().map(|f| format!("{} {}\n", f.place, f.reason)).collect();
            assert_eq!(text, expected, "{document}");
        };
        let value = "rpc_runtime::types::Value";
        check("i64", "types::Form", "Vec<String>", "String", "");
        check(value, "types::Form", "Vec<String>", "String", "List.page_ untyped scalar\n");
        check("i64", value, "Vec<String>", "String", "List.body untyped object\n");
        check("i64", "types::Form", value, "String", "List.reply untyped array\n");
        check("i64", "types::Form", "Vec<String>", value, "Status404.NotFound untyped scalar\n");
    }
}

#[test]
fn lines_are_clean() {
    let schema = format!(r#"{{"type": "string", "description": "a\tb {}"}}"#, "x".repeat(200));
    let types = [("types/mod.rs", VALUE), ("operations/x.rs", OPERATION)];
    let found = degraded::degraded(&document(&schema, ""), types).unwrap();
    let line = found[0].to_string();
    let columns: Vec<&str> = line.split('\t').collect();
    assert_eq!(columns[..3], ["Body", "/components/schemas/Body", "untyped scalar"]);
    assert!(columns.len() == 4 && columns[3].chars().count() <= 120, "{line}");
}

//! Swagger 2.0 in several files, and what is left of it after accidents. What it means is tested beside `build`.

use std::fmt::Write;

use expect_test::{Expect, expect};
use proptest::prelude::*;
use serde_json::Value as Json;

use super::super::{Checker, Cursor, json};
use super::document::read_everything;
use super::{load_files, show_all};

/// What a document refers to, as `file:line:column pointer → pointer in OpenAPI 3`, and what is found.
fn check(files: &[(&str, &str)], expected: Expect) {
    let (document, mut diagnostics) = load_files(files);
    let mut out = String::new();
    let document = document.unwrap();
    for operation in document.operations() {
        writeln!(out, "{} {}", operation.method, operation.path).unwrap();
        Checker::new().operation(&operation, &mut diagnostics);
        let mut show = |what: &str, at: &Cursor<'_>| {
            writeln!(out, "  {what} {} → {}#{}", at.location(), at.file().path(), at.pointer()).unwrap();
        };
        operation.parameters().iter().for_each(|parameter| show("parameter", parameter));
        let responses = operation.responses().into_iter().map(|(_, response)| response);
        for part in operation.request_body().into_iter().chain(responses) {
            show("part", &part);
            for (_, media_type) in part.key("content").into_iter().flat_map(|content| content.entries()) {
                if let Some(Ok(schema)) = media_type.key("schema").map(|schema| schema.resolve()) {
                    show("  schema", &schema);
                }
            }
        }
    }
    expected.assert_eq(&(out + &show_all(diagnostics)));
}

#[test]
fn files() {
    check(
        &[
            (
                "openapi.yaml",
                "swagger: '2.0'
info: {title: t, version: '1'}
consumes: [application/json]
definitions: {Own: {type: object}}
paths:
  /all: {$ref: 'paths/all.yaml'}
  /one:
    put:
      consumes: [text/plain]
      produces: [text/plain]
      parameters:
        - {$ref: 'common/parts.yaml#/parameters/Body'}
      responses:
        200: {$ref: 'common/parts.yaml#/responses/Good'}
        400: {$ref: '#/paths/~1one/put/responses/200'}
        404: {$ref: 'common/parts.yaml#/responses/Lost'}
",
            ),
            (
                "paths/all.yaml",
                "parameters: [{$ref: '../common/parts.yaml#/parameters/Id'}]
post:
  parameters:
    - {$ref: '../common/parts.yaml#/parameters/Body'}
  responses:
    200: {description: ok, schema: {$ref: '../common/parts.yaml#/parameters/Body/schema'}}
    400: {description: no, schema: {$ref: '../openapi.yaml#/definitions/Own'}}
put:
  parameters:
    - {$ref: '../common/parts.yaml#/parameters/Field'}
  responses: {}
",
            ),
            (
                "common/parts.yaml",
                "parameters:
  Id: {name: id, in: query, type: array, items: {type: integer}, collectionFormat: tsv}
  Body: {name: body, in: body, schema: {$ref: '#/definitions/Thing'}}
  Field: {name: field, in: formData, type: string, maxLength: a}
responses:
  Good: {description: good, schema: {type: object, x-nullable: true}, headers: {X-A: {type: integer}}}
definitions:
  Thing: {type: object, discriminator: kind, properties: {other: {$ref: 'thing.json'}}}
",
            ),
            (
                "common/thing.json",
                "{\"type\": \"object\", \"properties\": {\"self\": {\"$ref\": \"thing.jsn\"}}}",
            ),
        ],
        expect![[r#"
            POST /all
              parameter specs/test/common/parts.yaml:2:7 → common/parts.yaml#/parameters/Id
              part specs/test/common/parts.yaml:3:9 → common/parts.yaml#/parameters/Body
                schema specs/test/common/parts.yaml:8:10 → common/parts.yaml#/definitions/Thing
              part specs/test/paths/all.yaml:6:10 → paths/all.yaml#/post/responses/200
                schema specs/test/common/parts.yaml:8:10 → common/parts.yaml#/definitions/Thing
              part specs/test/paths/all.yaml:7:10 → paths/all.yaml#/post/responses/400
                schema specs/test/openapi.yaml:4:20 → openapi.yaml#/components/schemas/Own
            PUT /all
              parameter specs/test/common/parts.yaml:2:7 → common/parts.yaml#/parameters/Id
              part specs/test/paths/all.yaml:10:5 → paths/all.yaml#/put/requestBody
                schema specs/test/paths/all.yaml:10:5 → paths/all.yaml#/put/requestBody/content/application~1x-www-form-urlencoded/schema
            PUT /one
              part specs/test/openapi.yaml:12:11 → openapi.yaml#/paths/~1one/put/requestBody
                schema specs/test/common/parts.yaml:8:10 → common/parts.yaml#/definitions/Thing
              part specs/test/openapi.yaml:14:14 → openapi.yaml#/paths/~1one/put/responses/200
                schema specs/test/common/parts.yaml:6:37 → common/parts.yaml#/responses/Good/content/application~1json/schema
              part specs/test/openapi.yaml:15:14 → openapi.yaml#/paths/~1one/put/responses/400
                schema specs/test/common/parts.yaml:6:37 → common/parts.yaml#/responses/Good/content/application~1json/schema
            warning[R105]: a list in `query` cannot be written as `tsv` says; `csv` is taken
              --> specs/test/common/parts.yaml:2:84 (#/parameters/Id/collectionFormat)
            error[R101]: `maxLength`: expected an integer from 0, found a string
              --> specs/test/common/parts.yaml:4:63 (#/parameters/Field/maxLength)
            error[R102]: `thing.jsn` points at nothing: the folder has no file `common/thing.jsn`
              --> specs/test/common/thing.json:1:52 (#/properties/self/$ref)
              help: did you mean `common/thing.json`?
            error[R102]: `common/parts.yaml#/responses/Lost` points at nothing: `#/responses` has no `Lost`
              --> specs/test/openapi.yaml:16:21 (#/paths/~1one/put/responses/404/$ref)
        "#]],
    );
}

fn document() -> Json {
    json::parse(include_str!("swagger.json")).unwrap().to_json()
}

/// All pointers of a document.
fn pointers(value: &Json, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    let escaped = |key: &str| key.replace('~', "~0").replace('/', "~1");
    match value {
        Json::Array(items) => {
            items.iter().enumerate().for_each(|(i, item)| pointers(item, &format!("{at}/{i}"), found));
        }
        Json::Object(map) => {
            map.iter().for_each(|(key, item)| pointers(item, &format!("{at}/{}", escaped(key)), found));
        }
        _ => {}
    }
}

fn survives(document: &Json) {
    let (loaded, diagnostics) = load_files(&[("openapi.json", &document.to_string())]);
    if let Some(loaded) = &loaded {
        read_everything(loaded);
    }
    // Every place is one of the text.
    for found in diagnostics.into_vec() {
        let pointer = &found.location.pointer;
        assert!(document.pointer(pointer).is_some(), "{found}");
    }
}

/// Each value of a whole document in turn becomes each of some other values.
#[test]
fn no_damaged_value_panics() {
    let whole = document();
    let mut all = Vec::new();
    pointers(&whole, "", &mut all);
    assert!(all.len() > 150, "{}", all.len());
    let others = [
        Json::Null,
        Json::from(7),
        Json::from("file"),
        serde_json::json!([]),
        serde_json::json!([[{"in": "body", "name": "x"}, {"$ref": "#/parameters/Body"}]]),
        serde_json::json!({}),
        serde_json::json!({"$ref": "#/paths/~1pets/post/parameters/0"}),
        serde_json::json!({"name": "a", "in": "formData", "type": "array"}),
    ];
    for pointer in all {
        for other in &others {
            let mut damaged = whole.clone();
            *damaged.pointer_mut(&pointer).unwrap() = other.clone();
            survives(&damaged);
        }
    }
}

proptest! {
    #[test]
    fn no_pair_of_accidents_panics(a in any::<prop::sample::Index>(), b in any::<prop::sample::Index>()) {
        let mut document = document();
        let mut all = Vec::new();
        pointers(&document, "", &mut all);
        // A part of the document stands where another part stood.
        let (from, to) = (a.get(&all), b.get(&all));
        let part = document.pointer(from).cloned().unwrap_or_default();
        if let Some(place) = document.pointer_mut(to) {
            *place = part;
        }
        survives(&document);
    }
}

#[test]
fn the_whole_document_is_found_sound() {
    let (loaded, diagnostics) = load_files(&[("openapi.json", &document().to_string())]);
    read_everything(&loaded.unwrap());
    assert_eq!(show_all(diagnostics), "");
}

#[test]
fn deep_and_wide_documents_end() {
    let deep = format!("{}{{}}{}", r#"{"items":"#.repeat(200), "}".repeat(200));
    let wide: String = (0..5_000)
        .map(|i| format!(r##""D{i}": {{"type": "object", "properties": {{"next": {{"$ref": "#/definitions/D{}"}}}}}},"##, i + 1))
        .collect();
    let paths: Vec<String> = (0..5_000)
        .map(|i| {
            format!(
                r##""/p{i}": {{"post": {{"consumes": ["text/plain"], "parameters": [{{"$ref": "#/parameters/Big"}}],
                    "responses": {{"200": {{"description": "", "schema": {{"$ref": "#/definitions/D{i}"}}}}}}}}}}"##
            )
        })
        .collect();
    let types: Vec<String> = (0..1000).map(|i| format!("\"a/b{i}\"")).collect();
    let text = format!(
        r#"{{"swagger": "2.0", "info": {{"title": "t", "version": "1"}}, "consumes": [{}], "definitions": {{{wide} "Deep": {deep}}},
            "parameters": {{"Big": {{"name": "b", "in": "body", "schema": {{"enum": [{}]}}}}}}, "paths": {{{}}}}}"#,
        types.join(","),
        types.join(","),
        paths.join(",")
    );
    let (loaded, diagnostics) = load_files(&[("openapi.json", &text)]);
    let document = loaded.unwrap();
    assert_eq!(document.operations().len(), 5_000);
    assert_eq!(diagnostics.as_slice().len(), 1);
    read_everything(&document);
}

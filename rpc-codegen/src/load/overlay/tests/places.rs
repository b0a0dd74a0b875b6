//! Where things stand that overlays change.

use super::{input, loaded, messages};

#[test]
fn places_are_those_of_the_overlay() {
    let document = "openapi: 3.0.0\ninfo: {title: t, version: '1'}\npaths: {}\n";
    let overlay = "overlay: 1.0.0
info: {title: t, version: 1.0.0}
actions:
  - target: $
    update:
      info: {title: 7}
      paths:
        /a:
          get: {parameters: [7], responses: {200: {description: ok}}}
";
    let (found, _) = loaded(&[("openapi.yaml", document), ("overlay.yaml", overlay)]);
    let found = found.unwrap();
    let root = found.root().unwrap();
    let place = |keys: &[&str]| {
        let at = keys.iter().fold(root.clone(), |at, key| at.key(key).unwrap());
        format!("{} key {} #{}", at.location(), at.key_location(), at.location().pointer)
    };
    assert_eq!(place(&["info"]), "specs/openapi.yaml:2:7 key specs/openapi.yaml:2:1 #/info");
    assert_eq!(
        place(&["info", "version"]),
        "specs/openapi.yaml:2:27 key specs/openapi.yaml:2:18 #/info/version"
    );
    // Replaced: the value is the overlay's, the key stays where it was.
    assert_eq!(place(&["info", "title"]), "specs/overlay.yaml:6:21 key specs/openapi.yaml:2:8 #/info/title");
    assert_eq!(place(&["paths", "/a"]), "specs/overlay.yaml:9:11 key specs/overlay.yaml:8:9 #/paths/~1a");
}

#[test]
fn swagger_is_converted_after_its_overlays() {
    let document = "swagger: '2.0'\ninfo: {title: t, version: '1'}\npaths: {}\n";
    let overlay = "overlay: 1.0.0
info: {title: t, version: 1.0.0}
actions:
  - target: $.paths
    update:
      /a:
        get:
          parameters: [{name: q, in: query, type: array, collectionFormat: tsv, items: {type: string}}]
          responses: {200: {description: ok, schema: {$ref: '#/definitions/Pet'}}}
  - target: $
    update: {definitions: {Pet: {type: string}}}
";
    let (found, diagnostics) = loaded(&[("openapi.yaml", document), ("overlay.yaml", overlay)]);
    assert!(!diagnostics.has_errors());
    let found = found.unwrap();
    let operation = &found.operations()[0];
    let parameter = &operation.parameters()[0];
    assert_eq!(
        format!("{} #{}", parameter.location(), parameter.location().pointer),
        "specs/overlay.yaml:8:24 #/paths/~1a/get/parameters/0"
    );
    assert_eq!(found.schemas()[0].1.cursor().location().to_string(), "specs/overlay.yaml:11:33");
    let warnings: Vec<String> = messages(diagnostics);
    assert_eq!(
        warnings,
        [
            "warning[R105] specs/overlay.yaml:8:76: a list in `query` cannot be written as `tsv` says; `csv` is taken"
        ]
    );
}

/// Two values from one place, later changed apart: references into them find each its own.
#[test]
fn copies_in_swagger_are_told_apart() {
    let document = "swagger: '2.0'
info: {title: t, version: '1'}
definitions:
  A: {type: object, properties: {x: {type: string}}}
paths:
  /a: {get: {responses: {'200': {description: ok, schema: {$ref: '#/definitions/B/properties/x'}}}}}
  /b: {get: {responses: {'200': {description: ok, schema: {$ref: '#/definitions/A/properties/n/items'}}}}}
  /c: {get: {responses: {'200': {description: ok, schema: {$ref: '#/definitions/B/properties/n/items'}}}}}
";
    let overlay = "overlay: 1.1.0
info: {title: t, version: 1.0.0}
actions:
  - {target: $.definitions, update: {B: {}}}
  - {target: $.definitions.B, copy: $.definitions.A}
  - {target: $.definitions.B.properties.x, update: {format: date}}
  - {target: $.definitions.*.properties, update: {n: {type: array, items: {type: string}}}}
  - {target: $.definitions.B.properties.n.items, update: {format: uuid}}
";
    let (found, diagnostics) = loaded(&[("openapi.yaml", document), ("overlay.yaml", overlay)]);
    assert_eq!(messages(diagnostics), [""; 0]);
    let found = found.unwrap();
    let target = |path: &str| {
        let steps = ["paths", path, "get", "responses", "200", "content", "application/json", "schema"];
        let schema = steps.iter().fold(found.root().unwrap(), |at, key| {
            at.key(key).or_else(|| at.entries().next().map(|(_, value)| value)).unwrap()
        });
        let target = schema.target().unwrap().unwrap();
        let place = target.location();
        format!("{} {place} #{}", target.node().to_json(), place.pointer)
    };
    assert_eq!(
        target("/a"),
        r#"{"type":"string","format":"date"} specs/openapi.yaml:4:37 #/definitions/B/properties/x"#
    );
    assert_eq!(
        target("/b"),
        r#"{"type":"string"} specs/overlay.yaml:7:75 #/definitions/A/properties/n/items"#
    );
    assert_eq!(
        target("/c"),
        r#"{"type":"string","format":"uuid"} specs/overlay.yaml:7:75 #/definitions/B/properties/n/items"#
    );
}

#[test]
fn types_of_the_document_come_first() {
    let document = "openapi: 3.1.0
info: {title: t, version: '1'}
paths:
  /a: {get: {responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Own'}}}}}}}
components:
  schemas:
    Own: {type: object, properties: {more: {$ref: '#/components/schemas/More'}, inner: {type: object, properties: {x: {type: string}}}}}
";
    let overlay = "{overlay: 1.0.0, info: {title: t, version: 1},
actions: [{target: $.components.schemas, update: {More: {type: object, properties: {y: {type: string}}}}}]}";
    let found =
        crate::resolve_document(&input(&[("openapi.yaml", document), ("overlay.yaml", overlay)])).unwrap();
    let types: Vec<String> = found.service.types.iter().map(|(_, def)| def.origin.to_string()).collect();
    assert_eq!(types, ["specs/openapi.yaml:7:5", "specs/openapi.yaml:7:81", "specs/overlay.yaml:2:51"]);
}

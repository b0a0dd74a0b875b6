use expect_test::{Expect, expect};

use super::load_files;

/// Resolves `#/x` of a document with some parts to point at.
fn check(reference: &str, expected: Expect) {
    let document = format!(
        r##"{{"openapi": "3.1.0", "x": {{"$ref": {reference:?}}}, "components": {{"schemas": {{
            "Order": {{"type": "object"}}, "a/b~c d": {{"type": "string"}}, "Alias": {{"$ref": "#/components/schemas/Order"}},
            "Loop": {{"$ref": "#/components/schemas/Pool"}}, "Pool": {{"$ref": "#/components/schemas/Loop"}},
            "Self": {{"$ref": "#/components/schemas/Self"}}, "list": [1, {{}}]
        }}}}}}"##
    );
    let common = r##"{"Money": {"$ref": "../openapi.json#/components/schemas/Order"}, "Here": {"$ref": "#/There"}, "There": 1}"##;
    let files = [("openapi.json", &*document), ("parts/common.json", common), ("broken.yaml", "a: [")];
    let (loaded, _) = load_files(&files);
    let loaded = loaded.unwrap();
    let result = loaded.root().unwrap().key("x").unwrap().resolve();
    expected.assert_eq(&match result {
        Ok(target) => format!("{}#{}", target.id().file, target.id().pointer),
        Err(problem) => problem.to_string(),
    });
}

#[test]
fn found() {
    check("#/components/schemas/Order", expect!["openapi.json#/components/schemas/Order"]);
    check("#", expect!["openapi.json#"]);
    check("openapi.json", expect!["openapi.json#"]);
    check(
        "./parts/../openapi.json#/components/schemas/Order",
        expect!["openapi.json#/components/schemas/Order"],
    );
    check("#/components/schemas/a~1b~0c%20d", expect!["openapi.json#/components/schemas/a~1b~0c d"]);
    check("#/components/schemas/list/1", expect!["openapi.json#/components/schemas/list/1"]);
    check("#/components/schemas/Alias", expect!["openapi.json#/components/schemas/Order"]);
    check("parts/common.json#/Money", expect!["openapi.json#/components/schemas/Order"]);
    check("parts/common.json#/Here", expect!["parts/common.json#/There"]);
}

#[test]
fn missing() {
    check(
        "#/components/schemas/Oder",
        expect![[r#"
        error[R102]: `#/components/schemas/Oder` points at nothing: `#/components/schemas` has no `Oder`
          --> specs/test/openapi.json:1:36 (#/x/$ref)
          help: did you mean `Order`?"#]],
    );
    check(
        "#/components/schemas/Customer",
        expect![[r#"
        error[R102]: `#/components/schemas/Customer` points at nothing: `#/components/schemas` has no `Customer`
          --> specs/test/openapi.json:1:36 (#/x/$ref)"#]],
    );
    check(
        "#/component/schemas/Order",
        expect![[r#"
        error[R102]: `#/component/schemas/Order` points at nothing: `#` has no `component`
          --> specs/test/openapi.json:1:36 (#/x/$ref)
          help: did you mean `components`?"#]],
    );
    check(
        "#/components/schemas/list/7",
        expect![[r#"
        error[R102]: `#/components/schemas/list/7` points at nothing: `#/components/schemas/list` has no `7`
          --> specs/test/openapi.json:1:36 (#/x/$ref)"#]],
    );
    check(
        "Order",
        expect![[r#"
        error[R102]: `Order` points at nothing: the folder has no file `Order`
          --> specs/test/openapi.json:1:36 (#/x/$ref)
          help: did you mean `#/components/schemas/Order`?"#]],
    );
    check(
        "parts/comon.json#/Money",
        expect![[r#"
            error[R102]: `parts/comon.json#/Money` points at nothing: the folder has no file `parts/comon.json`
              --> specs/test/openapi.json:1:36 (#/x/$ref)
              help: did you mean `parts/common.json`?"#]],
    );
    check(
        "broken.yaml#/a",
        expect![[r#"
        error[R102]: `broken.yaml#/a` points into `broken.yaml`, which is not well-formed
          --> specs/test/openapi.json:1:36 (#/x/$ref)"#]],
    );
    check(
        "#Order",
        expect![[r#"
        error[R102]: `#Order` points at nothing: what follows `#` is not a JSON pointer
          --> specs/test/openapi.json:1:36 (#/x/$ref)
          help: only JSON pointers are understood: `#/components/schemas/Name`"#]],
    );
    check(
        "#/a%2",
        expect![[r#"
        error[R102]: `#/a%2` points at nothing: a percent-encoding is not valid
          --> specs/test/openapi.json:1:36 (#/x/$ref)"#]],
    );
    check(
        "#/%ff",
        expect![[r#"
        error[R102]: `#/%ff` points at nothing: a percent-encoding is not valid
          --> specs/test/openapi.json:1:36 (#/x/$ref)"#]],
    );
}

#[test]
fn remote() {
    check(
        "https://example.com/a.json#/b",
        expect![[r#"
        error[R103]: `https://example.com/a.json#/b` is a URL; nothing outside the spec's folder is read
          --> specs/test/openapi.json:1:36 (#/x/$ref)
          help: copy the file into the folder and refer to it by its relative path"#]],
    );
    check(
        "file:///etc/passwd",
        expect![[r#"
        error[R103]: `file:///etc/passwd` is a URL; nothing outside the spec's folder is read
          --> specs/test/openapi.json:1:36 (#/x/$ref)
          help: copy the file into the folder and refer to it by its relative path"#]],
    );
    check(
        "//example.com/a.json",
        expect![[r#"
        error[R103]: `//example.com/a.json` is an absolute path; nothing outside the spec's folder is read
          --> specs/test/openapi.json:1:36 (#/x/$ref)
          help: copy the file into the folder and refer to it by its relative path"#]],
    );
    check(
        "/etc/passwd",
        expect![[r#"
        error[R103]: `/etc/passwd` is an absolute path; nothing outside the spec's folder is read
          --> specs/test/openapi.json:1:36 (#/x/$ref)
          help: copy the file into the folder and refer to it by its relative path"#]],
    );
    check(
        "../other/openapi.json",
        expect![[r#"
        error[R103]: `../other/openapi.json` leaves the spec's folder; nothing outside the spec's folder is read
          --> specs/test/openapi.json:1:36 (#/x/$ref)
          help: copy the file into the folder and refer to it by its relative path"#]],
    );
    check(
        "parts/%2e%2e/../a.json",
        expect![[r#"
        error[R103]: `parts/%2e%2e/../a.json` leaves the spec's folder; nothing outside the spec's folder is read
          --> specs/test/openapi.json:1:36 (#/x/$ref)
          help: copy the file into the folder and refer to it by its relative path"#]],
    );
    check(
        "C:\\a.json",
        expect![[r#"
        error[R103]: `C:\a.json` is a URL; nothing outside the spec's folder is read
          --> specs/test/openapi.json:1:36 (#/x/$ref)
          help: copy the file into the folder and refer to it by its relative path"#]],
    );
}

#[test]
fn cycles() {
    check(
        "#/components/schemas/Loop",
        expect![[r#"
        error[R104]: `#/components/schemas/Loop` leads back to itself
          --> specs/test/openapi.json:1:36 (#/x/$ref)"#]],
    );
    check(
        "#/components/schemas/Self",
        expect![[r#"
        error[R104]: `#/components/schemas/Self` leads back to itself
          --> specs/test/openapi.json:1:36 (#/x/$ref)"#]],
    );
    check(
        "#/x",
        expect![[r#"
        error[R104]: `#/x` leads back to itself
          --> specs/test/openapi.json:1:36 (#/x/$ref)"#]],
    );
}

#[test]
fn wide_objects() {
    let schemas: Vec<_> = (0..100).map(|i| format!("\"S{i}\": {{\"title\": \"{i}\"}}")).collect();
    let text =
        format!(r##"{{"openapi": "3.1.0", "components": {{"schemas": {{{}}}}}}}"##, schemas.join(", "));
    let (document, _) = load_files(&[("openapi.json", &text)]);
    let document = document.unwrap();
    let schemas = document.root().unwrap().key("components").unwrap().key("schemas").unwrap();
    assert_eq!(schemas.key("S57").unwrap().str_at("title"), Some("57"));
    assert!(schemas.key("S100").is_none());
}

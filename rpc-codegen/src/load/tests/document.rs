use expect_test::{Expect, expect};

use super::super::{Checker, Document};
use super::{load_files, show_all};
use crate::diagnostic::Diagnostics;

fn check(path: &str, text: &str, expected: Expect) {
    let (document, mut diagnostics) = load_files(&[(path, text)]);
    let mut out = String::new();
    if let Some(document) = &document {
        out += &summary(document);
        let mut checker = Checker::new();
        document.operations().iter().for_each(|operation| checker.operation(operation, &mut diagnostics));
    }
    expected.assert_eq(&(out + &show_all(diagnostics)));
}

fn summary(document: &Document) -> String {
    let info = document.info();
    let mut out = format!("{} {} ({:?})\n", info.title, info.version, document.version());
    for operation in document.operations() {
        let name = |cursor: &super::super::Cursor<'_>| cursor.str_at("name").unwrap_or("?").to_owned();
        let parameters: Vec<_> = operation.parameters().iter().map(name).collect();
        let statuses: Vec<_> = operation.responses().into_iter().map(|(status, _)| status).collect();
        out += &format!(
            "{} {} {parameters:?} body={} {statuses:?} {:?}\n",
            operation.method,
            operation.path,
            operation.request_body().is_some(),
            operation.security(),
        );
    }
    out
}

/// Calls every accessor, for tests that only ask whether one panics.
pub(super) fn read_everything(document: &Document) {
    let mut diagnostics = Diagnostics::default();
    let mut checker = Checker::new();
    let _ = (
        summary(document),
        document.servers(),
        document.security(),
        document.security_schemes(),
        document.tags(),
    );
    for operation in document.operations() {
        checker.operation(&operation, &mut diagnostics);
    }
    for (_, schema) in document.schemas() {
        checker.schema(&schema, &mut diagnostics);
        let _ = (
            schema.types(),
            schema.nullable(),
            schema.properties(),
            schema.discriminator(),
            schema.resolve(),
        );
    }
}

#[test]
fn fastapi_documents() {
    for (path, text, expected) in [
        (
            "auth-service.json",
            include_str!("../../../tests/documents/auth-service.json"),
            expect![[r#"
            auth-service 1.2.0 (V3_1)
            POST /api/v1/permissions/verify [] body=true ["200", "422"] None
            POST /api/v1/token [] body=true ["200", "422"] None
        "#]],
        ),
        (
            "notification-service.json",
            include_str!("../../../tests/documents/notification-service.json"),
            expect![[r#"
                notification-service 1.2.0 (V3_1)
                POST /api/v1/notifications/send [] body=true ["202", "422"] None
                GET /api/v1/notifications/stream ["count"] body=false ["200", "422"] None
            "#]],
        ),
        (
            "wallet-service.json",
            include_str!("../../../tests/documents/wallet-service.json"),
            expect![[r#"
            wallet-service 1.2.0 (V3_1)
            GET /api/v1/users/{user_id}/wallet ["user_id"] body=false ["200", "422"] Some([[Requirement { scheme: "APIKeyHeader", scopes: [] }]])
        "#]],
        ),
    ] {
        check(path, text, expected);
        let (document, _) = load_files(&[(path, text)]);
        read_everything(&document.unwrap());
    }
}

#[test]
fn versions() {
    check(
        "a.json",
        r#"{"swagger": "1.2"}"#,
        expect![[r#"
        error[R002]: Swagger `1.2` is not a supported version; 2.0 is
          --> specs/test/a.json:1:13 (#/swagger)
          help: convert the document to OpenAPI 3 first
    "#]],
    );
    check(
        "a.yaml",
        "swagger: 2.0\ninfo: {title: t, version: '1'}\n",
        expect![[r#"
            t 1 (V3_0)
            warning[R105]: `swagger` is the number 2.0, not a string
              --> specs/test/a.yaml:1:10 (#/swagger)
        "#]],
    );
    check(
        "a.json",
        r#"{"openapi": "4.0.0"}"#,
        expect![[r#"
        error[R002]: OpenAPI `4.0.0` is not a supported version; 3.0, 3.1 and 3.2 are
          --> specs/test/a.json:1:13 (#/openapi)
    "#]],
    );
    check(
        "a.json",
        r#"{"info": {}}"#,
        expect![[r#"
        error[R002]: the key `openapi` is missing: this is not an OpenAPI document
          --> specs/test/a.json:1:1
          help: write `"openapi": "3.1.0"`
    "#]],
    );
    check(
        "a.json",
        r#"{"openapi": true}"#,
        expect![[r#"
        error[R101]: `openapi`: expected a version such as "3.1.0", found a boolean
          --> specs/test/a.json:1:13 (#/openapi)
    "#]],
    );
    check(
        "a.json",
        "[]",
        expect![[r#"
        error[R002]: an OpenAPI document is an object, found array
          --> specs/test/a.json:1:1
    "#]],
    );
    check(
        "a.json",
        "[",
        expect![[r#"
        error[R001]: expected a value or `]`, found the end of the file
          --> specs/test/a.json:1:2
    "#]],
    );
    check(
        "a.yaml",
        "openapi: 3.2\ninfo: {title: t, version: 1.0}\n",
        expect![[r#"
        t 1.0 (V3_2)
        warning[R105]: `openapi` is the number 3.2, not a string
          --> specs/test/a.yaml:1:10 (#/openapi)
        warning[R105]: `version` is a number where a string belongs; its text is taken
          --> specs/test/a.yaml:2:27 (#/info/version)
    "#]],
    );
    check(
        "a.yaml",
        "\u{feff}openapi: 3.0.3\ninfo: {title: 5}\n",
        expect![[r#"
        5  (V3_0)
        warning[R105]: an Info Object should have `version`, which is missing
          --> specs/test/a.yaml:2:7 (#/info)
        warning[R105]: `title` is a number where a string belongs; its text is taken
          --> specs/test/a.yaml:2:15 (#/info/title)
    "#]],
    );
}

#[test]
fn missing_file() {
    let mut input = super::input(&[("openapi.json", "{}")]);
    input.document = "openapi.yaml".into();
    let mut diagnostics = Diagnostics::default();
    assert!(super::load(&input, None, &mut diagnostics).is_none());
    expect![[r#"
        error[R002]: the folder has no file `openapi.yaml`
          --> specs/test/openapi.yaml:1:1
    "#]]
    .assert_eq(&show_all(diagnostics));
}

#[test]
fn not_utf8() {
    let mut input = super::input(&[("openapi.json", "")]);
    input.files.insert("openapi.json".into(), b"{\n \"\xC3\xBC\": \"\xFF\"}".to_vec());
    let mut diagnostics = Diagnostics::default();
    assert!(super::load(&input, None, &mut diagnostics).is_none());
    expect![[r#"
        error[R001]: the file is not UTF-8
          --> specs/test/openapi.json:2:8
    "#]]
    .assert_eq(&show_all(diagnostics));
}

#[test]
fn equal_keys() {
    check(
        "a.json",
        "{\"openapi\": \"3.1.0\",\n \"info\": {\"title\": \"a\", \"version\": \"1\", \"title\": \"a\"},\n \"paths\": {\"/a/b\": 1,\n \"/a/b\": {}}}",
        expect![[r#"
            a 1 (V3_1)
            warning[R003]: the key `title` stands twice, with the same value
              --> specs/test/a.json:2:41 (#/info/title)
              help: the first one is in line 2
            error[R003]: the key `/a/b` stands twice, with different values
              --> specs/test/a.json:4:2 (#/paths/~1a~1b)
              help: the first one is in line 3
        "#]],
    );
}

#[test]
fn path_items() {
    let text = "
openapi: 3.2.0
info: {title: t, version: '1'}
security: [{key: []}]
paths:
  /a/{id}:
    parameters:
      - {name: id, in: path, required: true, schema: {type: string}}
      - {name: q, in: query, schema: {type: string}}
    post:
      security: []
      requestBody: {$ref: '#/components/requestBodies/B'}
      parameters:
        - {$ref: '#/components/parameters/Q'}
        - {name: id, in: header, schema: {type: string}}
      responses: {200: {description: ok}, default: {description: no}, x-note: 1}
    get: {security: [{oauth: [read, write], key: []}, {}]}
    additionalOperations:
      COPY: {responses: {204: {description: done}}}
  /shared:
    $ref: '#/components/pathItems/S'
    get: {responses: {200: {description: own}}}
  /lost: {$ref: '#/components/pathItems/T'}
  x-internal: 7
components:
  pathItems:
    S: {get: {}, delete: {responses: {'204': {description: gone}}}}
  parameters: {Q: {name: q, in: query, required: true, schema: {type: integer}}}
  requestBodies: {B: {content: {}}}
";
    check(
        "openapi.yaml",
        text,
        expect![[r#"
            t 1 (V3_2)
            POST /a/{id} ["id", "q", "id"] body=true ["200", "default"] Some([])
            GET /a/{id} ["id", "q"] body=false [] Some([[Requirement { scheme: "oauth", scopes: ["read", "write"] }, Requirement { scheme: "key", scopes: [] }], []])
            COPY /a/{id} ["id", "q"] body=false ["204"] None
            GET /shared [] body=false ["200"] None
            DELETE /shared [] body=false ["204"] None
            warning[R105]: an Operation Object should have `responses`, which is missing
              --> specs/test/openapi.yaml:17:10 (#/paths/~1a~1{id}/get)
            error[R102]: `#/components/pathItems/T` points at nothing: `#/components/pathItems` has no `T`
              --> specs/test/openapi.yaml:23:17 (#/paths/~1lost/$ref)
        "#]],
    );
}

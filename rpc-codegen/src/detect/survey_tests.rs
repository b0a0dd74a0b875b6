use super::*;
use crate::testing_input;

const DOCUMENT: &str = r##"{
  "openapi": "3.1.0", "info": {"title": "Shop", "version": "2"},
  "security": [{"Key": []}],
  "paths": {
    "/items/{id}": {
      "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "integer"}}],
      "get": {"operationId": "item", "responses": {"200": {"description": "", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Item"}}}}}},
      "put": {"operationId": "item", "security": [{"Token": []}],
        "requestBody": {"required": true, "content": {"application/octet-stream": {"schema": {}}}},
        "responses": {"204": {"description": ""}}}
    },
    "/names": {"get": {"operationId": "a_name_that_nobody_would_ever_want_to_type_twice", "security": [],
      "parameters": [{"name": "tags", "in": "query", "required": true, "schema": {"type": "array", "items": {"type": "string"}}}],
      "responses": {"200": {"description": "", "content": {"text/plain": {"schema": {"type": "string"}}}}}}}
  },
  "components": {
    "schemas": {"Item": {"type": "object", "properties": {"price": {"type": "string"}}}},
    "securitySchemes": {"Key": {"type": "apiKey", "in": "header", "name": "X-Key"}, "Token": {"type": "http", "scheme": "bearer"}}
  }
}"##;

#[test]
fn a_document_in_a_few_lines() {
    let survey = survey(&testing_input(DOCUMENT)).unwrap();
    let calls: Vec<_> =
        survey.operations.iter().map(|op| (op.key.as_str(), op.call.as_str(), op.reply.as_str())).collect();
    assert_eq!(
        calls,
        [
            ("GET /items/{id}", "item(id: i64)", "Item"),
            ("PUT /items/{id}", "item_put(id: i64, body: impl Into<Bytes>)", "()"),
            (
                "GET /names",
                "a_name_that_nobody_would_ever_want_to_type_twice(tags: &[impl AsRef<str>])",
                "String"
            ),
        ]
    );
    let poor: Vec<_> = survey.operations.iter().map(|op| op.poor.as_deref()).collect();
    assert_eq!(poor, [None, Some("another operation has the name `item`"), Some("its name is long")]);
    let credentials: Vec<_> = survey
        .credentials
        .iter()
        .map(|c| (c.name.as_str(), c.kind.as_str(), c.setter.as_str(), c.operations))
        .collect();
    assert_eq!(
        credentials,
        [("Key", "API key, header `X-Key`", "key", 1), ("Token", "HTTP bearer", "token", 1)]
    );
    assert_eq!(survey.decimals, ["Item.price"]);
    assert_eq!((survey.title.as_str(), survey.version.as_str(), survey.enveloped), ("Shop", "2", 0));
    assert!(survey.example.unwrap().lines.last().unwrap().contains("client."));
}

#[test]
fn what_the_generator_refuses_is_refused() {
    let failure = survey(&testing_input("{\"openapi\": ")).unwrap_err();
    assert_eq!(failure.diagnostics[0].location.to_string(), "openapi.json:1:13");
}

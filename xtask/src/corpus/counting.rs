//! Counts what a document holds from its text alone: nothing of the generator has a part in it.

use std::collections::BTreeSet;

use anyhow::Context as _;
use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What a path item calls its operations. `query` and the map `additionalOperations` are OpenAPI 3.2's.
const METHODS: [&str; 9] = ["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"];

/// What stands in a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Counted {
    /// Different methods of every path.
    pub(super) operations: usize,
    /// Named schemas: `components.schemas` or `definitions`.
    pub(super) schemas: usize,
}

/// Counts in the text of a document, JSON or YAML.
pub(super) fn count(text: &[u8], json: bool) -> anyhow::Result<Counted> {
    let text = text.strip_prefix("\u{feff}".as_bytes()).unwrap_or(text);
    let document: Value = if json {
        serde_json::from_slice(text).context("reading JSON")?
    } else {
        serde_yaml_ng::from_slice(text).context("reading YAML")?
    };
    Ok(count_in(&document))
}

fn count_in(document: &Value) -> Counted {
    let size = |value: Option<&Value>| value.and_then(Value::as_object).map_or(0, Map::len);
    let second = document.get("swagger").is_some();
    let paths = document.get("paths").and_then(Value::as_object).into_iter().flatten();
    Counted {
        operations: paths
            .filter(|(path, _)| !path.starts_with("x-"))
            .map(|(_, item)| methods(document, item, second))
            .sum(),
        schemas: size(document.pointer("/components/schemas")) + size(document.get("definitions")),
    }
}

/// How many methods a path item has, itself or by a reference inside of the document.
fn methods(document: &Value, item: &Value, second: bool) -> usize {
    let mut found: BTreeSet<String> = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let mut next = Some(item);
    while let Some(item) = next.and_then(Value::as_object) {
        for (key, value) in item.iter().filter(|(_, value)| !value.is_null()) {
            match key.as_str() {
                "additionalOperations" if !second => {
                    found.extend(value.as_object().into_iter().flatten().map(|(method, _)| method.clone()));
                }
                "query" if second => {}
                method if METHODS.contains(&method) => {
                    found.insert(method.to_uppercase());
                }
                _ => {}
            }
        }
        let reference = item.get("$ref").and_then(Value::as_str).and_then(|it| it.strip_prefix('#'));
        next = reference
            .filter(|pointer| seen.insert((*pointer).to_owned()))
            .and_then(|pointer| document.pointer(&percent_decode_str(pointer).decode_utf8_lossy()));
    }
    found.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_and_schemas() {
        let check = |paths: &str, operations: usize| {
            for version in [r#""openapi": "3.2.0""#, r#""openapi": "3.0.0""#] {
                let text = format!(
                    r##"{{{version}, "paths": {paths}, "components": {{"schemas": {{"A": {{}}, "B": {{}}}},
                        "pathItems": {{"äb/c": {{"get": {{}}, "put": {{}}}}, "round": {{"$ref": "#/components/pathItems/round"}}}}}}}}"##
                );
                let counted = count(text.as_bytes(), true).unwrap();
                assert_eq!(counted, Counted { operations, schemas: 2 }, "{paths}");
            }
        };
        check("{}", 0);
        check("null", 0);
        check(r#"{"/a": {"get": {}, "parameters": [], "summary": "s", "x-post": {}}}"#, 1);
        check(r#"{"/a": {"get": {}, "put": {}, "post": {}, "delete": {}, "options": {}}}"#, 5);
        check(r#"{"/a": {"head": {}, "patch": {}, "trace": {}, "query": {}}, "/b": {"get": {}}}"#, 5);
        check(r#"{"/a": {"get": {}, "additionalOperations": {"LINK": {}, "COPY": {}}}}"#, 3);
        check(r#"{"/a": {"get": null, "put": "odd"}, "/b": null, "x-c": {"get": {}}}"#, 1);
        check(r##"{"/a": {"$ref": "#/components/pathItems/%C3%A4b~1c"}}"##, 2);
        check(r##"{"/a": {"$ref": "#/components/pathItems/äb~1c"}}"##, 2);
        check(r##"{"/a": {"post": {}, "get": {}, "$ref": "#/components/pathItems/äb~1c"}}"##, 3);
        check(r##"{"/a": {"get": {}}, "/b": {"$ref": "#/paths/~1a"}}"##, 2);
        check(r##"{"/a": {"$ref": "#/components/pathItems/round"}}"##, 0);
        check(r#"{"/a": {"$ref": "other.json#/a"}}"#, 0);
    }

    #[test]
    fn older_documents_and_yaml() {
        let check = |text: &str, json: bool, operations: usize, schemas: usize| {
            assert_eq!(count(text.as_bytes(), json).unwrap(), Counted { operations, schemas }, "{text}");
        };
        let swagger = r#"{"swagger": "2.0", "paths": {"/a": {"get": {}, "query": {}, "additionalOperations": {"X": {}}}},
            "definitions": {"A": {}}}"#;
        check(swagger, true, 1, 1);
        check("\u{feff}{\"paths\": {\"/a\": {\"get\": {}}}}", true, 1, 0);
        let yaml = "openapi: 3.1.0\npaths:\n  /a:\n    get: &op\n      responses:\n        200: {description: x}\n    put: *op\n";
        check(yaml, false, 2, 0);
        check("[]", true, 0, 0);
        assert!(count(b"{", true).is_err() && count(b"a: [", false).is_err());
    }
}

//! Whole documents, as FastAPI emits them, and what is left of them after accidents.

use std::path::Path;

use expect_test::expect_file;
use proptest::prelude::*;
use serde_json::Value as Json;

use super::{input, render, run};
use crate::Severity;

const DOCUMENTS: [(&str, &str); 8] = [
    ("auth", "../specs/auth-service/openapi.json"),
    ("notification", "../specs/notification-service/openapi.json"),
    ("order", "../specs/order-service/openapi.json"),
    ("user", "../specs/user-service/openapi.json"),
    ("wallet", "../specs/wallet-service/openapi.json"),
    ("old-auth", "tests/documents/auth-service.json"),
    ("old-notification", "tests/documents/notification-service.json"),
    ("old-wallet", "tests/documents/wallet-service.json"),
];

fn read(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

#[test]
fn all_documents_build_without_errors() {
    for (name, path) in DOCUMENTS {
        let (service, diagnostics) = run(&input("openapi.json", &read(path)));
        let mut text = render::service(&service.unwrap());
        for found in diagnostics.into_vec() {
            assert_ne!(found.severity, Severity::Error, "{path}: {found}");
            text.push_str(&format!("{found}\n"));
        }
        expect_file![format!("../../../tests/build/{name}.txt")].assert_eq(&text);
    }
}

#[test]
fn the_same_document_gives_the_same_service() {
    let input = input("openapi.json", &read(DOCUMENTS[2].1));
    assert_eq!(run(&input).0, run(&input).0);
}

#[test]
fn deep_and_endless_schemas_end() {
    let wrap = |before: &str, after: &str| {
        let schema = format!("{}{{}}{}", before.repeat(100), after.repeat(100));
        let paths = r##"{"/x":{"get":{"responses":{"200":{"description":"","content":{"application/json":{"schema":{"$ref":"#/components/schemas/A"}}}}}}}}"##;
        let document = format!(
            r#"{{"openapi":"3.1.0","info":{{"title":"t","version":"1"}},"paths":{paths},"components":{{"schemas":{{"A":{schema}}}}}}}"#
        );
        let (service, _) = run(&input("openapi.json", &document));
        assert!(!service.unwrap().types.is_empty());
    };
    wrap(r#"{"items":"#, "}");
    wrap(r#"{"anyOf":["#, "]}");
    wrap(r#"{"allOf":["#, "]}");
    wrap(r#"{"additionalProperties":"#, "}");
    wrap(r#"{"properties":{"a":"#, "}}");
    wrap(r#"{"oneOf":[{"type":"string"},"#, "]}");
}

/// What replaces a part of a document.
fn junk() -> impl Strategy<Value = Json> {
    prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i8>().prop_map(Json::from),
        prop::sample::select(vec![
            serde_json::json!({}),
            serde_json::json!([]),
            serde_json::json!([{}]),
            serde_json::json!("string"),
            serde_json::json!("object"),
            serde_json::json!({"$ref": "#/components/schemas/HTTPValidationError"}),
            serde_json::json!({"$ref": "#/components/schemas"}),
            serde_json::json!({"$ref": "#"}),
            serde_json::json!({"allOf": [{"$ref": "#/components/schemas/HTTPValidationError"}, {"type": "string"}]}),
            serde_json::json!({"oneOf": [{"type": "object"}, {"type": ["string", "array", "null"]}]}),
            serde_json::json!({"enum": [1, null, "a"]}),
        ]),
    ]
}

/// Puts a value in the place of one part, or takes the part away.
fn mutate(json: &mut Json, way: &[u16], with: &Option<Json>) {
    let Some((step, rest)) = way.split_first() else { return };
    let at = |length: usize| usize::from(*step) % length;
    match json {
        Json::Object(map) if !map.is_empty() => {
            let key = map.keys().nth(at(map.len())).unwrap().clone();
            match (rest.is_empty() || !(map[&key].is_object() || map[&key].is_array()), with) {
                (false, _) => mutate(&mut map[&key], rest, with),
                (true, Some(with)) => map[&key] = with.clone(),
                (true, None) => drop(map.remove(&key)),
            }
        }
        Json::Array(items) if !items.is_empty() => {
            let index = at(items.len());
            match (rest.is_empty(), with) {
                (false, _) => mutate(&mut items[index], rest, with),
                (true, Some(with)) => items[index] = with.clone(),
                (true, None) => drop(items.remove(index)),
            }
        }
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]
    #[test]
    fn damaged_documents_do_not_panic(
        which in 0..DOCUMENTS.len(),
        damage in prop::collection::vec((prop::collection::vec(any::<u16>(), 1..9), prop::option::of(junk())), 1..6),
    ) {
        let mut document: Json = serde_json::from_str(&read(DOCUMENTS[which].1)).unwrap();
        for (way, with) in &damage {
            mutate(&mut document, way, with);
        }
        let _ = run(&input("openapi.json", &document.to_string()));
    }
}

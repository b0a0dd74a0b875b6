//! A document may grow without renaming anything, and the same document gives the same crate everywhere.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may panic")]

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use rpc_codegen::{Input, Options, Output, generate};
use serde_json::{Value, json};

const SERVICES: [&str; 5] =
    ["auth-service", "notification-service", "order-service", "user-service", "wallet-service"];

fn document(service: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../specs/{service}/openapi.json"));
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

fn run(service: &str, document: &Value, lock: Option<&str>, prefix: &str) -> Output {
    let mut input = Input {
        service: service.into(),
        document: "openapi.json".into(),
        prefix: prefix.into(),
        ..Input::default()
    };
    input.files.insert("openapi.json".into(), serde_json::to_vec_pretty(document).unwrap());
    if let Some(lock) = lock {
        input.files.insert("names.lock".into(), lock.into());
    }
    generate(&input, &Options::default())
        .unwrap_or_else(|failure| panic!("{service}: {}", support::render(&failure.diagnostics)))
}

/// Every public name and signature of a crate, one line each: types with their fields and variants, methods with their
/// arguments.
fn public_api(output: &Output) -> BTreeSet<String> {
    let mut api = BTreeSet::new();
    for (path, bytes) in output.files.iter().filter(|(path, _)| path.ends_with(".rs")) {
        let text = std::str::from_utf8(bytes).unwrap();
        let file = syn::parse_file(text).unwrap_or_else(|error| panic!("{path}: {error}"));
        for item in &file.items {
            list(item, &mut api);
        }
    }
    api
}

fn list(item: &syn::Item, api: &mut BTreeSet<String>) {
    use quote::ToTokens as _;
    match item {
        syn::Item::Struct(item) => {
            for field in &item.fields {
                let name = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
                api.insert(format!("{}.{name}: {}", item.ident, field.ty.to_token_stream()));
            }
            api.insert(format!("struct {}", item.ident));
        }
        syn::Item::Enum(item) => {
            api.insert(format!("enum {}", item.ident));
            for variant in &item.variants {
                api.insert(format!("{}::{}", item.ident, variant.to_token_stream()));
            }
        }
        syn::Item::Type(item) => {
            api.insert(item.to_token_stream().to_string());
        }
        syn::Item::Impl(item) if item.trait_.is_none() => {
            for method in item.items.iter().filter_map(|item| match item {
                syn::ImplItem::Fn(method) => Some(method),
                _ => None,
            }) {
                let of = item.self_ty.to_token_stream();
                api.insert(format!("{of}::{}", method.sig.to_token_stream()));
            }
        }
        _ => {}
    }
}

/// Appends things that want the names of those that are there: operations, types, tags, parameters, failures.
fn grow(document: &Value, count: usize) -> Value {
    let mut grown = document.clone();
    let names: Vec<String> = document["components"]["schemas"].as_object().unwrap().keys().cloned().collect();
    let operations: Vec<Value> = document["paths"]
        .as_object()
        .unwrap()
        .values()
        .flat_map(|item| item.as_object().unwrap().values())
        .map(|operation| operation["operationId"].clone())
        .collect();
    for index in 0..count {
        let name = &names[index % names.len()];
        let twins = [
            name.to_lowercase(),
            name.to_uppercase(),
            format!("{name}_"),
            format!("_{name}"),
            name.replace('_', "-"),
        ];
        let schemas = grown["components"]["schemas"].as_object_mut().unwrap();
        let mut twin = twins[index % twins.len()].clone();
        while schemas.contains_key(&twin) {
            twin.push('_');
        }
        schemas.insert(
            twin.clone(),
            json!({"type": "object", "required": ["x"], "properties": {
                "x": {"anyOf": [{"type": "string", "enum": ["a", "A"]}, {"type": "null"}]},
                "y": {"oneOf": [{"type": "string"}, {"type": "integer"}]},
            }}),
        );
        let mut operation = json!({
            "parameters": [{"name": "page", "in": "query", "schema": {"type": "integer"}}],
            "requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": format!("#/components/schemas/{twin}")}}}},
            "responses": {
                "200": {"description": "ok", "content": {"application/json": {"schema": {"$ref": format!("#/components/schemas/{twin}")}}}},
                "404": {"description": "no", "content": {"application/json": {"schema": {"$ref": format!("#/components/schemas/{twin}")}}}},
            },
        });
        if index % 2 == 0 {
            operation["operationId"] = operations[index % operations.len()].clone();
        }
        grown["paths"][format!("/appended/{index}")] = json!({"post": operation});
    }
    grown
}

#[test]
fn appending_colliding_items_changes_no_name_and_no_signature() {
    for service in SERVICES {
        let document = document(service);
        let before = run(service, &document, None, "specs/");
        let grown = grow(&document, 100);
        let appended =
            grown["paths"].as_object().unwrap().keys().filter(|path| path.starts_with("/appended/")).count();
        assert_eq!(appended, 100, "{service}");
        for lock in [Some(before.names_lock.as_str()), None] {
            let after = run(service, &grown, lock, "specs/");
            let (old, new) = (public_api(&before), public_api(&after));
            let gone: Vec<_> = old.difference(&new).collect();
            assert!(gone.is_empty(), "{service}, lock {}: {gone:#?}", lock.is_some());
            assert!(new.len() > old.len() + appended, "{service}: the new operations are there");
        }
    }
}

#[test]
fn with_the_lock_items_may_stand_anywhere() {
    for service in SERVICES {
        let document = document(service);
        let before = run(service, &document, None, "specs/");
        let mut grown = grow(&document, 100);
        for of in ["/paths", "/components/schemas"] {
            let map = grown.pointer_mut(of).unwrap().as_object_mut().unwrap();
            *map = std::mem::take(map).into_iter().rev().collect();
        }
        let after = run(service, &grown, Some(&before.names_lock), "specs/");
        let (old, new) = (public_api(&before), public_api(&after));
        // Arguments follow the document's order; names do not.
        let name = |line: &String| line.split(['(', ':', '<']).next().map(str::to_owned);
        let names: BTreeSet<_> = new.iter().filter_map(name).collect();
        let gone: Vec<_> =
            old.iter().filter(|line| name(line).is_some_and(|name| !names.contains(&name))).collect();
        assert!(gone.is_empty(), "{service}: {gone:#?}");
    }
}

#[test]
fn a_new_credential_gives_way_to_the_parameters_that_are_there() {
    let mut document = document("order-service");
    let before = run("order-service", &document, None, "specs/");
    document["components"]["securitySchemes"] =
        json!({"page": {"type": "apiKey", "in": "query", "name": "page"}});
    document["paths"]["/api/v1/faults/count"]["get"]["security"] = json!([{"page": []}]);
    let after = run("order-service", &document, Some(&before.names_lock), "specs/");
    let gone: Vec<_> = public_api(&before).difference(&public_api(&after)).cloned().collect();
    assert!(gone.is_empty(), "{gone:#?}");
    assert!(public_api(&after).iter().any(|line| line.contains("fn page_auth")));
}

#[test]
fn where_a_document_lies_changes_only_what_names_the_place() {
    for service in SERVICES {
        let document = document(service);
        let here = run(service, &document, None, "specs/");
        let there = run(service, &document, None, "else/where/");
        assert_eq!(here.names_lock, there.names_lock, "{service}");
        assert_eq!(here.files.len(), there.files.len(), "{service}");
        for ((path, here), (_, there)) in here.files.iter().zip(there.files.iter()) {
            let there = String::from_utf8_lossy(there).replace("else/where/", "specs/");
            assert_eq!(String::from_utf8_lossy(here), there, "{service}: {path}");
        }
    }
}

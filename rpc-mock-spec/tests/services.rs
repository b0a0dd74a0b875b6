//! The five services, served from their documents.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use std::collections::BTreeMap;
use std::path::PathBuf;

use jsonschema::{Draft, Registry};
use rpc_mock_spec::{Options, Request, Spec};
use serde_json::{Value, json};

const SERVICES: [&str; 5] =
    ["auth-service", "notification-service", "order-service", "user-service", "wallet-service"];

fn load(service: &str) -> (Spec, Value) {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../specs").join(service);
    let files: BTreeMap<String, Vec<u8>> = ["openapi.json", "service.toml", "names.lock"]
        .into_iter()
        .filter_map(|name| Some((name.to_owned(), std::fs::read(folder.join(name)).ok()?)))
        .collect();
    let raw = serde_json::from_slice(&files["openapi.json"]).unwrap();
    let input = rpc_codegen::Input {
        service: service.to_owned(),
        document: "openapi.json".to_owned(),
        files,
        prefix: String::new(),
    };
    (Spec::load(&input).unwrap(), raw)
}

/// What an independent validator says about a value, by the raw document.
fn verdict(registry: &Registry<'_>, pointer: &str, value: &Value) -> Result<(), String> {
    let pointer = pointer.replace('{', "%7B").replace('}', "%7D");
    let validator = jsonschema::options()
        .with_draft(Draft::Draft202012)
        .should_validate_formats(true)
        .with_registry(registry)
        .build(&json!({"$ref": format!("raw:///document{pointer}")}))
        .unwrap();
    validator.validate(value).map_err(|error| format!("{error} at {}", error.instance_path()))
}

fn registry(raw: &Value) -> Registry<'static> {
    Registry::new().draft(Draft::Draft202012).add("raw:///document", raw.clone()).unwrap().prepare().unwrap()
}

#[test]
fn every_answer_is_valid_by_the_raw_document() {
    for service in SERVICES {
        let (spec, raw) = load(service);
        let registry = registry(&raw);
        let mut count = 0;
        for answer in spec.answers() {
            assert!(answer.valid, "{service} {}", answer.operation);
            if let Err(problem) = verdict(&registry, &answer.schema, &answer.value) {
                panic!("{service} {} {}: {problem}\n{}", answer.operation, answer.status, answer.value);
            }
            count += 1;
        }
        assert!(count > spec.operations().len(), "{service}: {count} answers");
        let again: Vec<Value> = load(service).0.answers().map(|answer| answer.value).collect();
        assert!(spec.answers().map(|answer| answer.value).eq(again), "{service}: not the same twice");
    }
}

#[test]
fn requests_made_from_samples_are_accepted_and_broken_ones_are_not() {
    let mut broken = 0;
    for service in SERVICES {
        let (spec, _) = load(service);
        for operation in spec.operations() {
            let Some(request) = spec.request(operation) else { continue };
            assert_eq!(spec.check(operation, &request), Ok(()), "{service} {}", operation.name());
            let Ok(Value::Object(members)) = serde_json::from_slice(&request.body) else { continue };
            let mut with = request.clone();
            with.body = b"[1, 2".to_vec();
            assert!(spec.check(operation, &with).is_err(), "{service} {}: not JSON", operation.name());
            for name in members.keys() {
                let mut body = members.clone();
                body.insert(name.clone(), json!({"no": {"such": ["thing"]}}));
                let request =
                    Request { body: Value::Object(body).to_string().into_bytes(), ..request.clone() };
                broken += usize::from(spec.check(operation, &request).is_err());
            }
        }
    }
    assert!(broken > 20, "{broken} broken bodies were refused");
}

#[tokio::test]
async fn every_operation_answers_over_a_socket() {
    let client = client();
    for service in SERVICES {
        let (spec, _) = load(service);
        let mock = spec.service(Options::default().state(false)).start().await.unwrap();
        for operation in spec.operations() {
            let Some(request) = spec.request(operation) else { continue };
            let reply =
                client.execute(http_request(&client, &mock.url(), operation, &request)).await.unwrap();
            let status = reply.status();
            let text = reply.text().await.unwrap();
            assert!(
                status.is_success() || status.is_redirection(),
                "{service} {}: {status} {text}",
                operation.name()
            );
        }
    }
}

fn http_request(
    client: &reqwest::Client,
    url: &str,
    operation: &rpc_mock_spec::Operation,
    request: &Request,
) -> reqwest::Request {
    let mut path = operation.template().to_owned();
    for (name, value) in &request.path {
        path = path.replace(&format!("{{{name}}}"), value);
    }
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(&request.query).finish();
    let method = reqwest::Method::from_bytes(operation.method().as_bytes()).unwrap();
    let mut builder = client.request(method, format!("{url}{path}?{query}")).body(request.body.clone());
    for (name, value) in &request.headers {
        builder = builder.header(name, value);
    }
    builder.build().unwrap()
}

const TICKETS: &str = r##"{"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {
    "/tickets": {
        "post": {"operationId": "create", "requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/New"}}}},
            "responses": {"201": {"description": "", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Ticket"}}}}}},
        "get": {"operationId": "list", "parameters": [{"name": "size", "in": "query", "schema": {"type": "integer", "maximum": 10}}],
            "responses": {"200": {"description": "", "content": {"application/json": {"schema": {"type": "array", "items": {"$ref": "#/components/schemas/Ticket"}}}}}}}},
    "/tickets/{ticket_id}": {
        "parameters": [{"name": "ticket_id", "in": "path", "required": true, "schema": {"type": "integer"}}],
        "get": {"operationId": "read", "responses": {"200": {"description": "", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Ticket"}}}}}},
        "patch": {"operationId": "change", "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/New"}}}},
            "responses": {"200": {"description": "", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Ticket"}}}}}},
        "delete": {"operationId": "remove", "responses": {"204": {"description": ""}}}}},
    "components": {"schemas": {
        "New": {"type": "object", "required": ["title"], "properties": {"title": {"type": "string", "minLength": 2}, "level": {"enum": ["low", "high"]}}},
        "Ticket": {"type": "object", "required": ["id", "title"], "properties": {"id": {"type": "integer"}, "title": {"type": "string"}, "level": {"enum": ["low", "high"]}}}}}}"##;

#[tokio::test]
async fn what_is_created_stays_until_it_is_deleted() {
    let input = rpc_codegen::Input {
        service: "tickets".into(),
        document: "openapi.json".into(),
        files: [("openapi.json".into(), TICKETS.as_bytes().to_vec())].into(),
        prefix: String::new(),
    };
    let mock = Spec::load(&input).unwrap().service(Options::default()).instances(2).start().await.unwrap();
    let client = client();
    let call = async |method: &str, path: String, body: Option<Value>| {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let mut builder = client.request(method, format!("{}{path}", mock.url()));
        if let Some(body) = body {
            builder = builder.header("content-type", "application/json").body(body.to_string());
        }
        let reply = builder.send().await.unwrap();
        let status = reply.status().as_u16();
        (status, serde_json::from_str::<Value>(&reply.text().await.unwrap()).unwrap_or_default())
    };
    let (status, ticket) =
        call("POST", "/tickets".into(), Some(json!({"title": "broken door", "level": "high"}))).await;
    assert_eq!((status, &ticket["title"], &ticket["level"]), (201, &json!("broken door"), &json!("high")));
    let path = format!("/tickets/{}", ticket["id"]);
    assert_eq!(call("GET", path.clone(), None).await, (200, ticket.clone()));
    let (_, list) = call("GET", "/tickets".into(), None).await;
    assert!(list.as_array().unwrap().contains(&ticket), "{list}");
    let (status, changed) = call("PATCH", path.clone(), Some(json!({"title": "mended door"}))).await;
    assert_eq!((status, &changed["title"], &changed["level"]), (200, &json!("mended door"), &json!("high")));
    assert_eq!(call("GET", path.clone(), None).await, (200, changed));
    assert_eq!(call("DELETE", path.clone(), None).await.0, 204);
    assert_eq!(call("GET", path, None).await.0, 404);
    let refused =
        [json!({}), json!({"title": "x"}), json!({"title": 7}), json!({"title": "door", "level": "medium"})];
    for body in refused {
        let (status, reply) = call("POST", "/tickets".into(), Some(body.clone())).await;
        assert_eq!(status, 422, "{body}");
        assert!(!reply["errors"].as_array().unwrap().is_empty(), "{reply}");
    }
    for path in ["/tickets?size=11", "/tickets?size=many", "/tickets/seven"] {
        assert_eq!(call("GET", path.into(), None).await.0, 422, "{path}");
    }
    assert_eq!(call("GET", "/tickets?size=10&more=yes".into(), None).await.0, 200);
}

fn client() -> reqwest::Client {
    // Whichever test comes first installs it.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().tls_certs_only([]).build().unwrap()
}

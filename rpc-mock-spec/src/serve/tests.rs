//! Replies: which one is chosen, the shape of failures, and what stays.

use serde_json::{Value, json};

use super::{Options, Server};
use crate::reply::Outgoing;
use crate::request::Request;
use crate::testing;

fn server(paths: Value, schemas: Value) -> Server {
    let document = json!({"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": paths, "components": {"schemas": schemas}});
    Server::new(testing::load(&document).model, Options::default())
}

fn body(reply: &Outgoing) -> Value {
    serde_json::from_slice(&reply.body).unwrap_or_default()
}

fn json_of(schema: Value) -> Value {
    json!({"description": "", "content": {"application/json": {"schema": schema}}})
}

#[test]
fn the_reply_is_chosen() {
    let responses = json!({
        "200": {"description": "", "content": {"application/json": {"schema": {"const": "json"}}, "text/csv": {"example": "a,b"}}},
        "404": json_of(json!({"const": "missing"})), "5XX": json_of(json!({"const": "broken"}))});
    let server = server(json!({"/x": {"get": {"operationId": "x", "responses": responses}}}), json!({}));
    for (name, value, status, expected) in [
        ("accept", "*/*", 200, "\"json\""),
        ("accept", "text/csv", 200, "a,b"),
        ("accept", "text/*, application/xml", 200, "a,b"),
        ("accept", "image/png", 200, "\"json\""),
        ("prefer", "code=404", 404, "\"missing\""),
        ("prefer", "wait=5, code=503", 503, "\"broken\""),
        ("x-mock-status", "404", 404, "\"missing\""),
        ("x-mock-status", "418", 200, "\"json\""),
    ] {
        let request = Request { headers: vec![(name.into(), value.into())], ..Request::default() };
        let reply = server.respond(0, &request);
        assert_eq!(
            (reply.status, String::from_utf8_lossy(&reply.body).as_ref()),
            (status, expected),
            "{name}: {value}"
        );
    }
}

/// What is answered for a parameter that is missing.
fn refusal(responses: Value) -> (u16, Value) {
    let parameter = json!([{"in": "query", "name": "q", "required": true, "schema": {"type": "string"}}]);
    let server = server(
        json!({"/x": {"get": {"operationId": "x", "parameters": parameter, "responses": responses}}}),
        json!({}),
    );
    let reply = server.respond(0, &Request::default());
    (reply.status, body(&reply))
}

#[test]
fn failures_have_the_documents_form() {
    let place = json!({"type": "array", "items": {"anyOf": [{"type": "string"}, {"type": "integer"}]}});
    let detail = json!({"type": "object", "required": ["loc", "msg", "type"], "properties": {"loc": place, "msg": {"type": "string"}, "type": {"type": "string"}}});
    let fastapi = json!({"type": "object", "properties": {"detail": {"type": "array", "items": detail}}});
    let (status, found) = refusal(json!({"200": {"description": ""}, "422": json_of(fastapi)}));
    assert_eq!(
        (status, &found["detail"][0]),
        (422, &json!({"loc": ["query", "q"], "msg": "field required", "type": "missing"}))
    );

    let envelope = json!({"type": "object", "required": ["code", "message"], "properties": {"code": {"type": "integer"}, "message": {"type": "string"}, "data": {}}});
    let (status, found) = refusal(json!({"200": {"description": ""}, "400": json_of(envelope)}));
    assert_eq!(
        (status, found["code"].as_u64(), found["message"].as_str()),
        (400, Some(400), Some("query.q: field required"))
    );

    let other = json!({"type": "object", "required": ["title", "number"], "properties": {"title": {"type": "string"}, "number": {"const": 7}}});
    let (status, found) = refusal(json!({"200": {"description": ""}, "4XX": json_of(other)}));
    assert_eq!((status, found), (422, json!({"title": "query.q: field required", "number": 7})));

    let (status, found) = refusal(json!({"200": {"description": ""}}));
    assert_eq!((status, &found["errors"][0]["place"]), (422, &json!(["query", "q"])));
}

#[test]
fn two_operations_of_one_path_are_told() {
    let get = |name: &str| {
        json!({"parameters": [{"name": name, "in": "path", "required": true, "schema": {"type": "string"}}],
        "get": {"operationId": format!("by_{name}"), "responses": {"200": {"description": ""}}}})
    };
    let document = json!({"openapi": "3.1.0", "info": {"title": "t", "version": "1"},
        "paths": {"/x/{a}": get("a"), "/x/{b}": get("b"), "/y/{a}": get("c")}});
    let mut document = document;
    document["paths"]["/y/{c}"] = document["paths"]["/y/{a}"].take();
    document["paths"].as_object_mut().unwrap().remove("/y/{a}");
    let notes = testing::load(&document).notes();
    assert_eq!(notes, ["GET /x/{b}: not served as `by_b`: `by_a` has the same method and path"]);
}

#[test]
fn rejected_examples_are_told_with_their_place() {
    let document = json!({"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {"/x": {"get": {"operationId": "x", "responses": {
        "200": json_of(json!({"type": "object", "properties": {"n": {"type": "integer", "example": "many"}}}))}}}}});
    let notes = testing::load(&document).notes();
    assert_eq!(notes.len(), 1, "{notes:?}");
    assert!(
        notes[0]
            .starts_with("#/paths/~1x/get/responses/200/content/application~1json/schema: example not used:"),
        "{notes:?}"
    );
    assert!(notes[0].contains("many"), "{notes:?}");
}

#[test]
fn collections_inside_items_are_kept_apart() {
    let schema = json!({"type": "object", "required": ["id", "text"], "properties": {"id": {"type": "integer"}, "text": {"type": "string"}}});
    let body_of = json!({"required": true, "content": {"application/json": {"schema": {"type": "object", "properties": {"text": {"type": "string"}}}}}});
    let path =
        |name: &str| json!({"name": name, "in": "path", "required": true, "schema": {"type": "integer"}});
    let operation = |id: &str, reply: Value| json!({"operationId": id, "responses": {"200": json_of(reply)}});
    let mut post = operation("add", schema.clone());
    post["requestBody"] = body_of;
    let server = server(
        json!({
            "/posts/{post}/notes": {"parameters": [path("post")], "post": post,
                "get": operation("list", json!({"type": "array", "items": schema}))},
            "/posts/{post}/notes/{note}": {"parameters": [path("post"), path("note")], "get": operation("read", schema.clone())}}),
        json!({}),
    );
    let index = |name: &str| server.model.operations.iter().position(|known| known.name == name).unwrap();
    let at = |path: &[(&str, String)], body: Value| Request {
        path: path.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect(),
        body: if body.is_null() { Vec::new() } else { body.to_string().into_bytes() },
        ..Request::default()
    };
    let created = body(&server.respond(index("add"), &at(&[("post", "1".into())], json!({"text": "first"}))));
    assert_eq!(created["text"], "first");
    let id = created["id"].to_string();
    let read = |post: &str| {
        body(&server.respond(index("read"), &at(&[("post", post.into()), ("note", id.clone())], Value::Null)))
    };
    assert_eq!(read("1"), created);
    assert_ne!(read("2")["text"], "first", "another post's notes");
    let list = |post: &str| body(&server.respond(index("list"), &at(&[("post", post.into())], Value::Null)));
    assert!(list("1").as_array().unwrap().contains(&created));
    assert!(!list("2").as_array().unwrap().contains(&created));
}

/// `/things` and `/things/{id}` with these methods; `listed` is the schema of the list, `made` the reply of `POST`.
fn things(methods: &[&str], listed: Value, made: Value) -> impl Fn(&str, &str, &str) -> (u16, Value) + use<> {
    let schema = json!({"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}, "text": {"type": "string"}}});
    let fields = json!({"schema": {"type": "object", "properties": {"id": {"type": "integer"}, "text": {"type": "string"}}}});
    let content =
        json!({"content": {"application/json": fields, "application/x-www-form-urlencoded": fields}});
    let mut paths =
        json!({"/things": {"get": {"operationId": "list", "responses": {"200": json_of(listed)}}}});
    let id = json!([{"name": "id", "in": "path", "required": true, "schema": {"type": "integer"}}]);
    for method in methods {
        let one =
            |name: &str, reply: Value| json!({"operationId": name, "responses": reply, "parameters": id});
        let item = match *method {
            "post" => {
                paths["/things"]["post"] =
                    json!({"operationId": "post", "requestBody": content, "responses": made});
                continue;
            }
            "put" => {
                let mut put = one("put", json!({"204": {"description": ""}}));
                put["requestBody"] = content.clone();
                put
            }
            "delete" => one("delete", json!({"204": {"description": ""}})),
            other => one(other, json!({"200": json_of(schema.clone())})),
        };
        paths["/things/{id}"][*method] = item;
    }
    let server = server(paths, json!({}));
    move |name, id, sent| {
        let index = server.model.operations.iter().position(|known| known.name == name).unwrap();
        let kind = if sent.contains('=') { "application/x-www-form-urlencoded" } else { "application/json" };
        let reply = server.respond(
            index,
            &Request {
                path: vec![("id".into(), id.into())],
                headers: vec![("content-type".into(), kind.into())],
                body: sent.as_bytes().to_vec(),
                ..Request::default()
            },
        );
        (reply.status, body(&reply))
    }
}

#[test]
fn what_was_sent_stays() {
    let thing = json!({"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}, "text": {"type": "string"}}});
    let plain = json!({"type": "array", "items": thing});
    let empty = json!({"201": {"description": ""}});
    let shown = json!({"201": json_of(thing.clone())});
    let text = r#"{"id": 7, "text": "mine"}"#;
    let put = r#"{"text": "mine"}"#;
    let all = ["post", "get"];
    for (name, methods, made, call, sent) in [
        ("json", &all, &shown, "post", text),
        ("a form", &all, &shown, "post", "id=7&text=mine"),
        ("an empty reply", &all, &empty, "post", text),
        ("no POST", &["put", "get"], &empty, "put", put),
    ] {
        let mock = things(methods, plain.clone(), made.clone());
        mock(call, "7", sent);
        let expected = json!({"id": 7, "text": "mine"});
        assert_eq!(mock("get", "7", ""), (200, expected.clone()), "{name}");
        assert_eq!(mock("list", "", "").1[0]["text"], "mine", "{name}");
    }
}

#[test]
fn the_list_of_a_reply_is_found() {
    let thing = json!({"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}, "text": {"type": "string"}}});
    let things_of = json!({"type": "array", "minItems": 1, "items": thing});
    let others = json!({"type": "array", "minItems": 1, "items": {"type": "object", "required": ["href"], "properties": {"href": {"type": "string"}}}});
    let loose = json!({"type": "array", "minItems": 1, "items": {"type": "object", "required": [], "properties": {"note": {"type": "string"}}}});
    for (lists, place) in [
        (json!({"links": others, "things": things_of}), "/things"),
        (json!({"items": others, "things": things_of}), "/things"),
        (json!({"archive": things_of, "data": things_of}), "/data"),
        (json!({"notes": loose, "things": things_of}), "/things"),
    ] {
        let listed = json!({"type": "object", "required": lists.as_object().unwrap().keys().collect::<Vec<_>>(), "properties": lists});
        let mock = things(&["post", "get"], listed, json!({"201": {"description": ""}}));
        mock("post", "", r#"{"id": 7, "text": "mine"}"#);
        let found = mock("list", "", "").1;
        assert_eq!(found.pointer(place).unwrap()[0], json!({"id": 7, "text": "mine"}), "{found}");
    }
}

#[test]
fn a_deleted_sample_is_gone() {
    let thing = json!({"type": "object", "required": ["id"], "properties": {"id": {"type": "integer", "example": 5}}});
    let listed = json!({"type": "object", "required": ["data", "total"], "properties": {"data": {"type": "array", "items": thing}, "total": {"type": "integer"}}});
    let mock = things(&["post", "get", "delete"], listed, json!({"201": json_of(thing)}));
    assert_eq!(mock("list", "", "").1["data"], json!([{"id": 5}]));
    assert_eq!(mock("delete", "5", "").0, 204);
    assert_eq!(mock("get", "5", "").0, 404);
    assert_eq!(mock("list", "", "").1, json!({"data": [], "total": 0}));
    assert_eq!(mock("get", "6", "").0, 200);
}

//! One operation in a small document; which requests it takes.

use serde_json::{Value, json};

use super::{Refusal, Request};
use crate::testing;

fn verdict(operation: Value, request: &Request) -> Result<(), Refusal> {
    let mut operation = operation;
    operation["operationId"] = json!("x");
    operation["responses"] = json!({"200": {"description": ""}});
    let document = json!({"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {"/x/{id}": {
        "parameters": [{"name": "id", "in": "path", "required": true, "schema": {}}], "post": operation}}});
    let spec = testing::load(&document);
    spec.check(&spec.operations()[0], request)
}

fn request(part: &str, pairs: &[(&str, &str)]) -> Request {
    let pairs = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let mut request = Request { path: vec![("id".into(), "1".into())], ..Request::default() };
    match part {
        "query" => request.query = pairs,
        "path" => request.path = pairs,
        "header" => request.headers = pairs,
        _ => {
            let text: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request.headers.push(("cookie".into(), text.join("; ")));
        }
    }
    request
}

#[test]
fn parameters() {
    let numbers = json!({"type": "array", "items": {"type": "integer"}, "maxItems": 2});
    let small = json!({"type": "integer", "maximum": 10});
    let object = json!({"type": "object", "required": ["a"], "properties": {"a": {"type": "integer"}}});
    // parameter, what is taken, what is not
    type Pairs = &'static [(&'static str, &'static str)];
    let filter = json!({"type": "object", "required": ["a"], "additionalProperties": false, "properties": {
        "a": {"type": "integer", "maximum": 5}, "kind": {"enum": ["x", "y"]},
        "list": {"type": "array", "items": {"type": "integer"}, "maxItems": 1}, "in": {"type": "object"}}});
    let cases: [(Value, &[Pairs], &[Pairs]); 12] = [
        (
            json!({"in": "query", "name": "n", "style": "deepObject", "schema": filter}),
            &[
                &[],
                &[("n[a]", "5"), ("n[kind]", "x"), ("m[a]", "6")],
                &[("n[a]", "1"), ("n[list][]", "1"), ("n[list][]", "2"), ("n[in][b]", "1")],
                &[("n[a]", "1"), ("n[list]", "1,2"), ("n[in]", "{}")],
            ],
            &[
                &[("n[a]", "6")],
                &[("n[a]", "x")],
                &[("n[kind]", "x")],
                &[("n[a]", "1"), ("n[kind]", "z")],
                &[("n[a]", "1"), ("n[b]", "1")],
                &[("n[list]", "1")],
            ],
        ),
        (
            json!({"in": "query", "name": "n", "required": true, "schema": small}),
            &[&[("n", "10")]],
            &[&[], &[("n", "11")], &[("n", "x")], &[("n", "1.5")]],
        ),
        (
            json!({"in": "query", "name": "n", "schema": {"enum": ["a", "b"]}}),
            &[&[], &[("n", "a")]],
            &[&[("n", "c")]],
        ),
        (
            json!({"in": "query", "name": "n", "schema": {"type": "boolean"}}),
            &[&[("n", "true")], &[("n", "0")]],
            &[&[("n", "maybe")]],
        ),
        (
            json!({"in": "query", "name": "n", "schema": numbers}),
            &[&[("n", "1"), ("n", "2")]],
            &[&[("n", "1"), ("n", "x")], &[("n", "1"), ("n", "2"), ("n", "3")]],
        ),
        (
            json!({"in": "query", "name": "n", "style": "pipeDelimited", "explode": false, "schema": numbers}),
            &[&[("n", "1|2")]],
            &[&[("n", "1|2|3")]],
        ),
        (
            json!({"in": "query", "name": "n", "style": "spaceDelimited", "explode": false, "schema": numbers}),
            &[&[("n", "1 2")]],
            &[&[("n", "1 x")]],
        ),
        (
            json!({"in": "query", "name": "n", "style": "deepObject", "required": true, "schema": object}),
            &[&[("n[a]", "1")]],
            &[&[]],
        ),
        (
            json!({"in": "query", "name": "n", "required": true, "schema": object}),
            &[&[("a", "1")]],
            &[&[], &[("b", "1")]],
        ),
        (
            json!({"in": "query", "name": "n", "content": {"application/json": {"schema": object}}}),
            &[&[("n", "{\"a\":1}")]],
            &[&[("n", "{\"a\":\"x\"}")], &[("n", "{}")]],
        ),
        (
            json!({"in": "header", "name": "X-N", "required": true, "schema": small}),
            &[&[("x-n", "3")]],
            &[&[], &[("x-n", "30")]],
        ),
        (
            json!({"in": "cookie", "name": "n", "required": true, "schema": small}),
            &[&[("n", "3")]],
            &[&[], &[("n", "30")]],
        ),
    ];
    for (parameter, taken, refused) in cases {
        let part = parameter["in"].as_str().unwrap().to_owned();
        let operation = json!({"parameters": [parameter]});
        for pairs in taken {
            assert_eq!(verdict(operation.clone(), &request(&part, pairs)), Ok(()), "{parameter} {pairs:?}");
        }
        for pairs in refused {
            let found = verdict(operation.clone(), &request(&part, pairs));
            let Err(Refusal::Invalid(reasons)) = found else { panic!("{parameter} {pairs:?}: {found:?}") };
            assert_eq!(reasons[0].place[0], part, "{parameter}");
        }
    }
}

#[test]
fn path_styles() {
    for (style, good, bad) in [("simple", "7", "70"), ("label", ".7", ".70"), ("matrix", ";id=7", ";id=70")] {
        let parameter = json!({"in": "path", "name": "id", "required": true, "style": style, "schema": {"type": "integer", "maximum": 10}});
        let operation = json!({"parameters": [parameter]});
        assert_eq!(verdict(operation.clone(), &request("path", &[("id", good)])), Ok(()), "{style}");
        assert!(verdict(operation, &request("path", &[("id", bad)])).is_err(), "{style}");
    }
}

#[test]
fn a_tag_selects_the_branch() {
    let branch = |more: &str| {
        json!({"type": "object", "required": ["kind", "x"],
            "properties": {"kind": {"type": "string"}, "x": {"type": more}}})
    };
    let reference = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    let mapping =
        json!({"a": "#/components/schemas/A", "a2": "#/components/schemas/A", "b": "#/components/schemas/B"});
    let send = |keyword: &str, mapped: bool, body: &Value| {
        let mut union = json!({"discriminator": {"propertyName": "kind"}});
        union[keyword] = json!([reference("A"), reference("B"), reference("C")]);
        if mapped {
            union["discriminator"]["mapping"] = mapping.clone();
        }
        let document = json!({"openapi": "3.0.3", "info": {"title": "t", "version": "1"},
            "components": {"schemas": {"A": branch("string"), "B": branch("integer"), "C": branch("string")}},
            "paths": {"/x": {"post": {"operationId": "x", "responses": {"200": {"description": ""}},
                "requestBody": {"content": {"application/json": {"schema": union}}}}}}});
        let spec = testing::load(&document);
        let request = Request { body: body.to_string().into_bytes(), ..Request::default() };
        spec.check(&spec.operations()[0], &request).is_ok()
    };
    for keyword in ["oneOf", "anyOf"] {
        for (mapped, kind, x, taken) in [
            (true, json!("a"), json!("1"), true),
            (true, json!("a2"), json!("1"), true),
            (true, json!("b"), json!(1), true),
            (true, json!("A"), json!("1"), true),
            (true, json!("a"), json!(1), false),
            (true, json!("b"), json!("1"), false),
            (false, json!("A"), json!("1"), true),
            (false, json!("B"), json!("1"), false),
            // Nobody knows this tag: whatever a branch takes.
            (false, json!("other"), json!("1"), true),
            (false, json!("other"), json!(true), false),
            (false, json!(7), json!("1"), false),
        ] {
            let body = json!({"kind": kind, "x": x});
            assert_eq!(send(keyword, mapped, &body), taken, "{keyword} {mapped} {body}");
        }
        assert!(!send(keyword, true, &json!({"x": "1"})), "{keyword}: no tag");
    }
}

#[test]
fn multipart_bodies() {
    let schema = json!({"type": "object", "required": ["file", "n"], "properties": {
        "file": {"type": "string", "format": "binary", "minLength": 5}, "n": {"type": "integer", "minimum": 1},
        "kind": {"enum": ["a", "b"]}, "list": {"type": "array", "items": {"type": "integer"}},
        "more": {"type": "object", "required": ["x"], "properties": {"x": {"type": "integer"}}}}});
    let file = "name=\"file\"; filename=\"a;name=\\\"n\\\".bin\"\r\ncontent-type: image/png\r\n\r\n\u{1}";
    let n = "name=n\r\n\r\n1";
    for (parts, rule) in [
        (vec![file, n], None),
        (vec![file, n, "name=\"kind\"\r\n\r\nb", "name=\"list\"\r\n\r\n1", "name=\"list[]\"\r\n\r\n2"], None),
        (vec![file, n, "name=\"more\"\r\nContent-Type: application/json\r\n\r\n{\"x\": 1}"], None),
        (vec![file, n, "name=\"list\"\r\nContent-Type: application/json\r\n\r\n[1]"], None),
        (vec![file], Some("required")),
        (vec!["name=\"other\"; filename=\"file\"\r\n\r\nx", n], Some("required")),
        (vec!["name=\"other\"\r\n\r\nname=\"file\"", n], Some("required")),
        (vec![file, "name=\"n\"\r\n\r\n0"], Some("minimum")),
        (vec![file, "name=\"n\"\r\n\r\nx"], Some("type")),
        (vec![file, n, "name=\"kind\"\r\n\r\nc"], Some("enum")),
        (vec![file, n, "name=\"list\"\r\n\r\nx"], Some("type")),
        (vec![file, n, "name=\"more\"\r\nContent-Type: application/json\r\n\r\n{}"], Some("required")),
        (vec![file, n, "no headers"], Some("multipart_invalid")),
    ] {
        let text = |part: &&str| format!("--b;\r\nContent-Disposition: form-data; {part}\r\n");
        let mut request = request("header", &[("content-type", "multipart/form-data; boundary=\"b;\"")]);
        request.body = (parts.iter().map(text).collect::<String>() + "--b;--\r\n").into_bytes();
        let content = json!({"multipart/form-data": {"schema": schema}});
        let found = match verdict(json!({"requestBody": {"required": true, "content": content}}), &request) {
            Err(Refusal::Invalid(reasons)) => Some(reasons[0].rule.clone()),
            other => other.map(|()| None).unwrap(),
        };
        assert_eq!(found.as_deref(), rule, "{parts:?}");
    }
}

#[test]
fn bodies() {
    let schema = json!({"type": "object", "required": ["n"], "additionalProperties": false, "properties": {
        "n": {"type": "integer", "minimum": 1}, "list": {"type": "array", "items": {"type": "integer"}}}});
    let send = |documented: &str, kind: &str, body: &str| {
        let mut content = json!({});
        content[documented] = json!({"schema": schema});
        let mut request = request("header", &[("content-type", kind)]);
        request.body = body.as_bytes().to_vec();
        verdict(json!({"requestBody": {"required": true, "content": content}}), &request)
    };
    let form = "application/x-www-form-urlencoded";
    for (documented, kind, body) in [
        ("application/json", "application/json; charset=utf-8", r#"{"n": 1}"#),
        ("application/json", "application/problem+json", r#"{"n": 1, "list": [2]}"#),
        (form, form, "n=1&list=2&list=3"),
        (
            "multipart/form-data",
            "multipart/form-data; boundary=b",
            "--b\r\ncontent-disposition: form-data; name=\"n\"\r\n\r\n1\r\n--b--",
        ),
        ("*/*", "text/plain", "anything"),
    ] {
        assert_eq!(send(documented, kind, body), Ok(()), "{kind} {body}");
    }
    for (documented, body, rule) in [
        ("application/json", "", "missing"),
        ("application/json", "{", "json_invalid"),
        ("application/json", "{}", "required"),
        ("application/json", r#"{"n": 0}"#, "minimum"),
        ("application/json", r#"{"n": "1"}"#, "type"),
        ("application/json", r#"{"n": 1, "m": 1}"#, "additionalProperties"),
        (form, "n=0", "minimum"),
        (form, "list=2", "required"),
        ("multipart/form-data", "--b--", "multipart_invalid"),
    ] {
        let found = send(documented, documented, body);
        let Err(Refusal::Invalid(reasons)) = found else { panic!("{documented} {body}: {found:?}") };
        assert_eq!(reasons[0].rule, rule, "{documented} {body}");
    }
    let found = send("application/json", "text/csv", "n");
    assert_eq!(found, Err(Refusal::UnsupportedMediaType("text/csv".into())));
}

#[test]
fn fields_in_their_styles() {
    let list = |ty: &str| json!({"type": "array", "items": {"type": ty}, "minItems": 2});
    let object = json!({"type": "object", "required": ["k"], "properties": {"k": {"type": "integer"}}});
    let schema = json!({"type": "object", "required": ["deep"], "additionalProperties": false, "properties": {
        "csv": list("integer"), "pipes": list("string"), "json": list("integer"), "deep": object, "flat": object, "n": {"type": "integer"}}});
    let encoding = json!({"csv": {"explode": false}, "pipes": {"style": "pipeDelimited"}, "json": {"contentType": "application/json"},
        "deep": {"style": "deepObject", "explode": true}, "flat": {"style": "form"}});
    let send = |kind: &str, sent: &str, body: &str| {
        let mut content = json!({});
        content[kind] = json!({"schema": schema, "encoding": encoding});
        let mut request = request("header", &[("content-type", sent)]);
        request.body = body.as_bytes().to_vec();
        match verdict(json!({"requestBody": {"required": true, "content": content}}), &request) {
            Err(Refusal::Invalid(reasons)) => Some(reasons[0].rule.clone()),
            other => other.map(|()| None).unwrap(),
        }
    };
    for (body, rule) in [
        ("deep[k]=1", None),
        ("deep[k]=1&csv=1,2&pipes=a%7Cb&json=%5B1,2%5D&k=2&n=3", None),
        ("csv=1,2", Some("required")),
        ("deep[k]=1&csv=1,x", Some("type")),
        ("deep[k]=1&pipes=a", Some("minItems")),
        ("deep[k]=1&json=%5B1,%22x%22%5D", Some("type")),
        ("deep[k]=1&n=x", Some("type")),
    ] {
        let form = "application/x-www-form-urlencoded";
        assert_eq!(send(form, form, body).as_deref(), rule, "{body}");
        let decoded = body.replace("%7C", "|").replace("%5B", "[").replace("%5D", "]").replace("%22", "\"");
        let parts: Vec<String> = decoded
            .split('&')
            .map(|pair| {
                let (name, text) = pair.split_once('=').unwrap();
                format!("--b\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n")
            })
            .collect();
        let multipart = "multipart/form-data";
        let found = send(multipart, "multipart/form-data; boundary=b", &(parts.concat() + "--b--\r\n"));
        assert_eq!(found.as_deref(), rule, "multipart {body}");
    }
}

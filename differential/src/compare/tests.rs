use serde_json::json;

use super::*;

fn operation() -> Operation {
    let parameter = |name: &str, place: &str, schema: Value, explode: bool| Parameter {
        name: name.into(),
        place: place.into(),
        required: false,
        style: if place == "query" { "form" } else { "simple" }.into(),
        explode,
        schema,
    };
    Operation {
        method: "GET".into(),
        path: "/a/{id}".into(),
        parameters: vec![
            parameter("id", "path", json!({"type": "string"}), false),
            parameter("q", "query", json!({"type": "array"}), false),
            parameter("X-A", "header", json!({"type": "string"}), false),
        ],
        body: None,
    }
}

fn request(target: &str, headers: &[(&str, &str)], body: &str) -> Recorded {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Recorded { method: "GET".into(), target: target.into(), headers, body: body.into() }
}

fn parts(ours: &Recorded, theirs: &Recorded) -> Vec<String> {
    let found = compare(&operation(), "all", &[], ours, theirs);
    found.differences.iter().map(|one| one.facts["part"].clone()).collect()
}

#[test]
fn what_is_the_same() {
    let ours = request("/a/x%20y?q=1+2&p=3", &[("x-trace", "1"), ("accept", "*/*")], "");
    let theirs = request("/a/x%20%79?p=3&q=1%202", &[], "");
    assert!(parts(&ours, &theirs).is_empty());
    assert!(compare(&operation(), "all", &[], &ours, &theirs).spelled_differently);
    let json = [("content-type", "application/json")];
    let (one, other) = (r#"{"a": 1, "b": [1.0]}"#, r#"{"b":[1],"a":1.0}"#);
    assert!(parts(&request("/a/b", &json, one), &request("/a/b", &json, other)).is_empty());
    let form = [("content-type", "application/x-www-form-urlencoded")];
    assert!(parts(&request("/a/b", &form, "a=1+2&b=3"), &request("/a/b", &form, "b=3&a=1%202")).is_empty());
}

#[test]
fn what_is_not() {
    let check =
        |ours: &Recorded, theirs: &Recorded, expected: &[&str]| assert_eq!(parts(ours, theirs), expected);
    let plain = request("/a/b", &[], "");
    check(&plain, &request("/a/c", &[], ""), &["path"]);
    check(&plain, &request("/a%2Fb", &[], ""), &["path"]);
    check(&plain, &request("/a/b?q=1", &[], ""), &["query"]);
    check(&request("/a/b?q=1&q=2", &[], ""), &request("/a/b?q=2&q=1", &[], ""), &["query"]);
    check(&plain, &request("/a/b", &[("x-a", "1")], ""), &["header"]);
    check(&plain, &request("/a/b", &[("accept", "application/json")], ""), &["accept"]);
    check(&plain, &request("/a/b", &[("api-version", "1")], ""), &["undeclared header"]);
    check(&plain, &request("/a/b", &[], "x"), &["body"]);
    let json = [("content-type", "application/json")];
    let (one, other) = (r#"{"a": null, "b": 1}"#, r#"{"b": 2, "c": []}"#);
    check(&request("/a/b", &json, one), &request("/a/b", &json, other), &["json", "json", "json"]);
    assert_eq!(parts(&plain, &Recorded { method: "PUT".into(), ..plain.clone() }), ["method"]);
}

#[test]
fn facts() {
    let (ours, theirs) = (request("/a/b?q=1,2", &[], ""), request("/a/b?q=1&q=2", &[], ""));
    let found = compare(&operation(), "all", &[], &ours, &theirs).differences.remove(0);
    let fact = |key: &str| found.facts[key].as_str();
    assert_eq!(
        (fact("kind"), fact("explode"), fact("declared"), fact("case")),
        ("list", "false", "true", "all")
    );
    assert_eq!((found.ours.as_str(), found.theirs.as_str()), ("q=[\"1,2\"]", "q=[\"1\", \"2\"]"));
    let owned = ["x-a".to_owned()];
    let ours = request("/a/b", &[("x-a", "1")], "");
    assert!(compare(&operation(), "all", &owned, &ours, &request("/a/b", &[], "")).differences.is_empty());
}

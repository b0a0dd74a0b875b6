//! Tests of the service map: each fault with its place.

use super::*;
use proptest::prelude::*;

fn shown(services: &Services) -> String {
    let entry = |(name, urls): (&ServiceName, &Vec<ServiceUrl>)| format!("{name}={urls:?}");
    services.iter().map(entry).collect::<Vec<_>>().join(" ")
}

#[test]
fn maps() {
    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(shown(&parse("V", text).unwrap()), expected);
    }
    check("{}", "");
    check(r#"{"a": "http://x:1"}"#, "a=[http://x:1/]");
    check(
        r#" {"b": "http://x", "a": ["http://y", "https://z/p"]} "#,
        "a=[http://y/, https://z/p] b=[http://x/]",
    );
    check("{\n  \"a\": [\n \"http://x\"\n]\n}", "a=[http://x/]");
    check(r#"{"\u0061": "http:\/\/x"}"#, "a=[http://x/]");
}

#[test]
fn faults_have_a_place() {
    #[track_caller]
    fn check(text: &str, message: &str) {
        assert_eq!(
            parse("RPC_CLIENT_SERVICES", text).unwrap_err().to_string(),
            format!("RPC_CLIENT_SERVICES: {message}")
        );
    }
    let shape = r#"expected a JSON map such as {"order-service": "http://order-service:8000"}"#;
    check(
        r#"{"order-service": ["http://order-service:8000", "order-service:8000"]}"#,
        r#"at "order-service"[1]: "order-service:8000" is not an http://, https://, h2c:// or unix:// URL; write "http://order-service:8000""#,
    );
    check(r#"{"a": 5}"#, r#"at "a": found integer `5`, expected a URL or a list of URLs"#);
    check(r#"{"a": null}"#, r#"at "a": found null, expected a URL or a list of URLs"#);
    check(r#"{"a": ["http://x", {}]}"#, r#"at "a"[1]: found map, expected a URL"#);
    check(r#"{"a": []}"#, r#"at "a": found an empty list, expected a URL or a list of URLs"#);
    check(r#"{"a": ["http://x", "http://x/"]}"#, r#"at "a"[1]: "http://x/" is in the list twice"#);
    check(
        r#"{"a": "http://x", "a": "http://y"}"#,
        r#"at "a": the service is there twice; write its instances as one list"#,
    );
    check(
        r#"{"": "http://x"}"#,
        r#"at "": a service name is empty; expected letters, digits, "-", "_" and ".""#,
    );
    check(
        "{\n\"a\": \"x\"\n}",
        r#"at "a" (line 2, column 8): "x" is not an http://, https://, h2c:// or unix:// URL; write "http://x""#,
    );
    check("", &format!("at line 1, column 1: EOF while parsing a value; {shape}"));
    check(r#"{"a": "http://x""#, &format!("at line 1, column 16: EOF while parsing an object; {shape}"));
    check(r#"{"a": "http://x" "b"}"#, &format!("at line 1, column 18: expected `,` or `}}`; {shape}"));
    check(r#"{"a": "http://x"} x"#, &format!("at line 1, column 19: trailing characters; {shape}"));
    check("[]", &format!("at line 1, column 2: found sequence, {shape}"));
    check("5", &format!("at line 1, column 1: found integer `5`, {shape}"));
    check(
        r#"'{"a": "http://x"}'"#,
        &format!("at line 1, column 1: found a quote at the start, which is part of the value here; {shape}"),
    );
}

#[test]
fn faults_hide_secrets() {
    #[track_caller]
    fn check(text: &str) {
        let error = parse("V", text).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
    }
    check(r#"{"a": "u:hunter2@x"}"#);
    check(r#"{"a": ["http://u:hunter2@x", "http://u:hunter2@x"]}"#);
    check(r#""http://u:hunter2@x""#);
    check(r#"{"a": "http://x?k=hunter2"}"#);
    check(r#"{"a": "http://u:hunter2@x" "#);
}

/// Maps as people write them: any valid names, one or several hosts, ports, paths and users.
fn any_map() -> impl Strategy<Value = BTreeMap<String, Vec<String>>> {
    let name = "[a-z][a-z0-9_]{0,10}(-[a-z0-9]{1,5})?(\\.[a-z]{1,5})?";
    let url = "https?://([a-z0-9]{1,8}:[a-z0-9]{1,8}@)?[a-z]([a-z0-9_]{0,6}-)?[a-z0-9](:[1-9][0-9]{1,3})?(/[a-z0-9~]{1,6}){0,2}";
    proptest::collection::btree_map(name, proptest::collection::vec(url, 1..4), 0..5)
}

proptest! {
    #[test]
    fn any_map_survives(map in any_map(), pretty: bool) {
        let wanted: Option<Services> = map
            .iter()
            .map(|(name, urls)| {
                let parsed: Vec<ServiceUrl> = urls.iter().map(|url| ServiceUrl::parse(url).unwrap()).collect();
                let twice = parsed.iter().enumerate().any(|(at, url)| parsed[..at].contains(url));
                (!twice).then(|| (ServiceName::new(name).unwrap(), parsed))
            })
            .collect();
        let text = if pretty { serde_json::to_string_pretty(&map) } else { serde_json::to_string(&map) };
        prop_assert_eq!(parse("V", &text.unwrap()).ok(), wanted);
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,40}|[{}\\[\\]\":, a0\\\\\n]{0,40}") {
        if let Err(error) = parse("V", &text) {
            prop_assert!(error.to_string().starts_with("V: "));
        }
    }
}

//! Tests of the `.env` reader.

use super::*;
use proptest::prelude::*;

#[track_caller]
fn check(text: &str, expected: &[(&str, &str)]) {
    let file = parse(text);
    let vars: Vec<_> = file.vars.iter().map(|var| (var.name.as_str(), var.value.as_str())).collect();
    assert_eq!(vars, expected);
    assert_eq!(file.faults, []);
}

#[test]
fn plain_values() {
    check("A=1", &[("A", "1")]);
    check("A=1\nB=2\n", &[("A", "1"), ("B", "2")]);
    check("\u{feff}A=1\r\nB=two words\r\n", &[("A", "1"), ("B", "two words")]);
    check("# c\n\n  # c\n\tA = 1 \n", &[("A", "1")]);
    check(
        "export A=1\nexport\tB=2\nexported=3\nexport=4",
        &[("A", "1"), ("B", "2"), ("exported", "3"), ("export", "4")],
    );
    check("A=1 # c\nB=1#c\nC=#c\nD= # c\nE=", &[("A", "1"), ("B", "1#c"), ("C", "#c"), ("D", ""), ("E", "")]);
    check("A=a=b", &[("A", "a=b")]);
    check("A=1\nA=2", &[("A", "1"), ("A", "2")]);
    check("A=it's", &[("A", "it's")]);
}

#[test]
fn quoted_values() {
    check(r#"A="a # b" # c"#, &[("A", "a # b")]);
    check(r"A='a\'b\\c\n'", &[("A", r"a'b\c\n")]);
    check(r#"A="a\n\t\"\\\x""#, &[("A", "a\n\t\"\\\\x")]);
    check("A=\"one\ntwo\"\nB=1", &[("A", "one\ntwo"), ("B", "1")]);
    check("A='{\"a\": 1}'", &[("A", "{\"a\": 1}")]);
    check(r#"A="{\"a\": 1}""#, &[("A", "{\"a\": 1}")]);
    check("A=''", &[("A", "")]);
}

#[test]
fn unquoted_json() {
    let services =
        r#"{"order-service": "http://order-service:8000", "user-service": "http://user-service:8001"}"#;
    check(&format!("RPC_CLIENT_SERVICES={services}"), &[("RPC_CLIENT_SERVICES", services)]);
    check(&format!("S={services} # c\nB=1"), &[("S", services), ("B", "1")]);
    check("S={}  # c", &[("S", "{}")]);
    check(
        "S={\n  \"a\": [\n    \"x # y\", \"}\\\"\"\n  ]\n}\nB=1",
        &[("S", "{\n  \"a\": [\n    \"x # y\", \"}\\\"\"\n  ]\n}"), ("B", "1")],
    );
    check("S={\r\n\"a\": 1\r\n}\r\nB=1", &[("S", "{\r\n\"a\": 1\r\n}"), ("B", "1")]);
}

#[test]
fn what_only_starts_like_json_is_plain() {
    check("F={time} {level} # c\nB=1", &[("F", "{time} {level}"), ("B", "1")]);
    check("F={\nB=1\nC={}", &[("F", "{"), ("B", "1"), ("C", "{}")]);
    check("F={\"a\nB=1", &[("F", "{\"a"), ("B", "1")]);
    check("F={\"a\": 1", &[("F", "{\"a\": 1")]);
}

#[test]
fn faults_have_a_place_and_end_with_their_line() {
    #[track_caller]
    fn check(text: &str, line: usize, column: usize, message: &str) {
        let file = parse(text);
        let faults: Vec<_> =
            file.faults.iter().map(|fault| (fault.line, fault.column, fault.message)).collect();
        assert_eq!(faults, [(line, column, message)]);
        assert_eq!(file.vars.last().map(|var| var.name.as_str()), Some("Z"));
    }
    check("A=1\n  B\nZ=1", 2, 3, "expected NAME=value");
    check("=1\nZ=1", 1, 1, "expected a name of letters, digits and \"_\" before the \"=\"");
    check("A B=1\nZ=1", 1, 1, "expected a name of letters, digits and \"_\" before the \"=\"");
    check("A=\"x\nZ=1", 1, 3, "the quote that starts here is not closed");
    let message = "text follows the closing quote; put JSON into single quotes, or into none";
    check("A=\"{\"a\": 1}\"\nZ=1", 1, 6, message);
}

fn json() -> impl Strategy<Value = serde_json::Value> {
    let leaf =
        prop_oneof![any::<i32>().prop_map(Into::into), "\\PC{0,8}|[#\\\\\"'{}\n=]{0,6}".prop_map(Into::into)];
    let object = |inner| proptest::collection::btree_map("\\PC{0,6}|[#\\\\\"'{}]{0,4}", inner, 0..4);
    let map = object(leaf.boxed()).prop_map(|map| serde_json::json!(map));
    let list = proptest::collection::vec(map, 0..3).prop_map(serde_json::Value::from);
    object(list.boxed()).prop_map(|map| serde_json::json!(map))
}

fn shell_quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

fn double_quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

proptest! {
    #[test]
    fn any_json_survives(value in json(), pretty: bool, crlf: bool) {
        let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) }.unwrap();
        let file = parse(&format!("A=1\nexport S={text} # c\nZ=1{}", if crlf { "\r\n" } else { "" }));
        prop_assert_eq!(&file.faults, &[]);
        let vars: Vec<_> = file.vars.iter().map(|var| (var.name.as_str(), var.value.as_str())).collect();
        prop_assert_eq!(vars, [("A", "1"), ("S", text.as_str()), ("Z", "1")]);
    }

    #[test]
    fn any_text_survives_quoting(text in "(\\PC|\n){0,30}|[\\\\'\"nrt#\n]{0,12}") {
        for quoted in [shell_quoted(&text), double_quoted(&text)] {
            let file = parse(&format!("A={quoted} # c\nZ=1"));
            prop_assert_eq!(&file.faults, &[]);
            prop_assert_eq!(&file.vars[0].value, &text);
            prop_assert_eq!(file.vars.len(), 2);
        }
    }

    #[test]
    fn no_text_panics(text in "(\\PC|[\n\r\"'{}#= \\\\]){0,60}") {
        parse(&text);
    }
}

//! Bytes that are no document, and values at the edge of what JSON and YAML can say.

use super::{errors, input, run, said};

/// A document with one schema, as text.
fn with_schema(schema: &str) -> String {
    format!(
        r##"{{"openapi":"3.1.0","info":{{"title":"t","version":"1"}},"paths":{{"/x":{{"post":{{"operationId":"x","requestBody":{{"required":true,"content":{{"application/json":{{"schema":{{"$ref":"#/components/schemas/T"}}}}}}}},"responses":{{"200":{{"description":"","content":{{"application/json":{{"schema":{{"$ref":"#/components/schemas/T"}}}}}}}}}}}}}}}},"components":{{"schemas":{{"T":{{"type":"object","properties":{{"v":{schema}}}}}}}}}}}"##
    )
}

fn utf16(text: &str, little: bool) -> Vec<u8> {
    let units = std::iter::once(0xfeff).chain(text.encode_utf16());
    units.flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect()
}

#[test]
fn bytes_that_are_no_document_are_refused_in_their_place() {
    let good = with_schema("{}");
    let cases: Vec<(&str, &str, Vec<u8>, &[&str])> = vec![
        ("good", "openapi.json", good.clone().into(), &[]),
        ("byte order mark", "openapi.json", [b"\xEF\xBB\xBF", good.as_bytes()].concat(), &[]),
        ("byte order mark, YAML", "openapi.yaml", [b"\xEF\xBB\xBF", good.as_bytes()].concat(), &[]),
        (
            "two byte order marks",
            "openapi.json",
            [b"\xEF\xBB\xBF\xEF\xBB\xBF", good.as_bytes()].concat(),
            &["R001"],
        ),
        ("empty", "openapi.json", vec![], &["R001"]),
        ("empty YAML", "openapi.yaml", vec![], &["R002"]),
        ("blank", "openapi.json", b" \n\t".to_vec(), &["R001"]),
        ("null", "openapi.json", b"null".to_vec(), &["R002"]),
        ("a list", "openapi.json", b"[]".to_vec(), &["R002"]),
        ("not UTF-8", "openapi.json", b"{\"a\":\"\xff\"}".to_vec(), &["R001"]),
        ("overlong UTF-8", "openapi.json", b"{\"a\":\"\xc0\xaf\"}".to_vec(), &["R001"]),
        ("half a surrogate", "openapi.json", b"{\"a\":\"\xed\xa0\x80\"}".to_vec(), &["R001"]),
        ("half an escaped surrogate", "openapi.json", b"{\"a\":\"\\ud800\"}".to_vec(), &["R001"]),
        ("UTF-16LE", "openapi.json", utf16(&good, true), &["R001"]),
        ("UTF-16BE", "openapi.yaml", utf16(&good, false), &["R001"]),
        ("cut off", "openapi.json", good.as_bytes()[..good.len() / 2].to_vec(), &["R001"]),
        ("cut off, YAML", "openapi.yaml", b"openapi: 3.1.0\ninfo: {title: x".to_vec(), &["R001"]),
        ("two documents", "openapi.yaml", b"openapi: 3.1.0\n---\nopenapi: 3.1.0\n".to_vec(), &["R001"]),
        ("NUL in YAML", "openapi.yaml", b"openapi: 3.1.0\n\0".to_vec(), &["R001"]),
        ("NUL in JSON", "openapi.json", b"{\0}".to_vec(), &["R001"]),
        ("a comment", "openapi.json", b"{} // x".to_vec(), &["R001"]),
        ("NaN", "openapi.json", b"{\"a\":NaN}".to_vec(), &["R001"]),
        (
            "a key twice",
            "openapi.json",
            with_schema(r#"{"type":"string","type":"integer"}"#).into(),
            &["R003"],
        ),
        (
            "a schema twice",
            "openapi.json",
            good.replace(r#""schemas":{"#, r#""schemas":{"T":1,"#).into(),
            &["R003"],
        ),
        (
            "a section twice",
            "openapi.yaml",
            b"openapi: 3.1.0\ninfo: {title: a, version: 1}\npaths: {}\npaths: {/x: {}}\n".to_vec(),
            &["R003"],
        ),
        ("the same twice", "openapi.json", with_schema(r#"{"type":"string","type":"string"}"#).into(), &[]),
        ("a key that is a map", "openapi.yaml", b"? {a: b}\n: c\n".to_vec(), &["R001"]),
        ("an alias of itself", "openapi.yaml", b"a: &a [*a]\n".to_vec(), &["R001"]),
        ("an unknown alias", "openapi.yaml", b"a: *b\n".to_vec(), &["R001"]),
    ];
    for (what, name, bytes, expected) in cases {
        let result = run(what, &input(name, bytes));
        assert_eq!(errors(&result), expected, "{what}: {}", said(&result));
    }
}

#[test]
fn numbers_at_the_edge() {
    let long = format!("1{}", "0".repeat(300));
    for number in [
        "1e400",
        "-1e400",
        "1e-400",
        &long,
        "-0",
        "-0.0",
        "0.1e-0",
        "18446744073709551616",
        "1e99999999999999999999",
    ] {
        for schema in [
            format!(r#"{{"type":"integer","minimum":{number}}}"#),
            format!(r#"{{"type":"integer","maximum":{number}}}"#),
            format!(r#"{{"type":"integer","exclusiveMaximum":{number},"multipleOf":{number}}}"#),
            format!(r#"{{"type":"number","minimum":{number},"maximum":{number}}}"#),
            format!(r#"{{"type":"integer","default":{number}}}"#),
            format!(r#"{{"type":"number","default":{number}}}"#),
            format!(r#"{{"type":"string","format":"decimal","default":{number}}}"#),
            format!(r#"{{"type":"string","default":{number}}}"#),
            format!(r#"{{"type":"integer","enum":[1,{number}]}}"#),
            format!(r#"{{"type":"number","enum":[{number}]}}"#),
            format!(r#"{{"const":{number}}}"#),
            format!(r#"{{"type":"string","minLength":{number},"maxLength":{number}}}"#),
            format!(r#"{{"type":"array","items":{{}},"minItems":{number},"maxItems":{number}}}"#),
            format!(r#"{{"type":"array","prefixItems":[{{}}],"minItems":{number},"maxItems":{number}}}"#),
            format!(
                r#"{{"type":"object","minProperties":{number},"additionalProperties":{{"type":"integer"}}}}"#
            ),
            format!(r#"{{"type":"object","default":{{"a":{number}}}}}"#),
            format!(r#"{{"example":{number},"x-n":{number}}}"#),
        ] {
            let result = run(&schema, &input("openapi.json", with_schema(&schema)));
            // A count that is none has no meaning.
            let none = ["minLength", "minItems", "minProperties"].iter().any(|key| schema.contains(key));
            let errors = errors(&result);
            assert!(errors.is_empty() || none && errors == ["R101"], "{schema}: {}", said(&result));
        }
    }
}

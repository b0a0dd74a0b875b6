use proptest::prelude::*;
use serde_json::Value as Json;

use super::super::{json, node::key_order, yaml};
use super::load_files;

fn any_json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<u64>().prop_map(Json::from),
        (-1e15..1e15).prop_map(|n: f64| Json::from(n)),
        any::<String>().prop_map(Json::from),
        "[ -~]{0,12}".prop_map(Json::from),
    ];
    leaf.prop_recursive(6, 64, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Json::from),
            prop::collection::btree_map(any::<String>(), inner, 0..8)
                .prop_map(|map| Json::Object(map.into_iter().collect())),
        ]
    })
}

/// Text that is almost JSON.
fn nearly_json() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "{", "}", "[", "]", ",", ":", "\"a\"", "\"", "\\", "\\u", "d834", "\\udd1e", "0", "-", "1", ".", "e",
        "+", "true", "null", " ", "\n", "é", "\u{1}", "nul", "\\n",
    ]);
    prop::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

/// Text that is almost YAML.
fn nearly_yaml() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "a", ": ", "- ", "\n", "  ", "&x ", "*x ", "<<", "{", "}", "[", "]", ", ", "'", "\"", "|", ">", "#",
        "? ", "!", "!!str ", "---", "...", "%YAML", "\t", "é", "\\", "~", "1", "\r", "\u{85}", "\u{feff}",
        "-", "%",
    ]);
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn json_reads_what_serde_json_writes(value in any_json()) {
        for text in [value.to_string(), serde_json::to_string_pretty(&value).unwrap()] {
            prop_assert_eq!(&json::parse(&text).unwrap().to_json(), &value);
        }
    }

    #[test]
    fn json_accepts_what_serde_json_accepts(text in nearly_json()) {
        match (json::parse(&text), serde_json::from_str::<Json>(&text)) {
            (Ok(ours), Ok(theirs)) => prop_assert_eq!(ours.to_json(), theirs),
            (Err(_), Err(_)) => {}
            // Numbers that do not fit an f64 are numbers nevertheless.
            (Ok(_), Err(error)) => prop_assert!(error.to_string().contains("out of range"), "{}: {}", text, error),
            (Err(fault), Ok(_)) => prop_assert!(false, "{}: {}", text, fault.message),
        }
    }

    #[test]
    fn yaml_reads_json(value in any_json()) {
        // YAML forbids raw control characters, which JSON allows above U+007F.
        let text = value.to_string();
        prop_assume!(!text.chars().any(|c| c.is_control() || "\u{feff}\u{2028}\u{2029}\u{fffe}\u{ffff}".contains(c)));
        prop_assert_eq!(yaml::parse(&text).unwrap().to_json(), value);
    }

    #[test]
    fn nothing_panics(bytes in prop::collection::vec(any::<u8>(), 0..64), text in nearly_yaml(), any in any::<String>()) {
        let lossy = String::from_utf8_lossy(&bytes);
        for text in [&*lossy, &text, &any] {
            let _ = json::parse(text);
            let _ = yaml::parse(text);
        }
        let mut input = super::input(&[("openapi", "")]);
        input.files.insert("openapi".into(), bytes);
        let _ = super::load(&input, None, &mut crate::diagnostic::Diagnostics::default());
    }

    #[test]
    fn no_document_panics(value in any_json(), key in "(info|paths|components|servers|tags|security)") {
        let text = serde_json::json!({"openapi": "3.1.0", key: value}).to_string();
        let (document, _) = load_files(&[("openapi.json", &text)]);
        super::document::read_everything(&document.unwrap());
    }
}

#[test]
fn equal_keys_keep_document_order() {
    let node = json::parse(r#"{"b": 1, "a": 2, "b": 3}"#).unwrap();
    assert_eq!(key_order(node.as_object().unwrap()), [1, 0, 2]);
}

//! Whether a value is the same but for what a type may change.

use serde_json::Value;

/// The first difference that matters, with its place.
pub(super) fn difference(sent: &Value, written: &Value, defaults: &[Value]) -> Option<String> {
    at("", sent, written, defaults)
}

fn at(place: &str, sent: &Value, written: &Value, defaults: &[Value]) -> Option<String> {
    match (sent, written) {
        (Value::Object(sent), Value::Object(written)) => {
            let lost = sent.iter().find_map(|(key, value)| {
                let place = format!("{place}/{key}");
                match written.get(key) {
                    Some(written) => at(&place, value, written, defaults),
                    None => (!value.is_null()).then(|| format!("{place} is lost")),
                }
            });
            let added = || {
                let mut new = written.iter().filter(|(key, _)| !sent.contains_key(*key));
                new.find(|(_, value)| !value.is_null() && !defaults.contains(value))
            };
            lost.or_else(|| added().map(|(key, value)| format!("{place}/{key}: {value} comes from nowhere")))
        }
        (Value::Array(sent), Value::Array(written)) => {
            if sent.len() != written.len() {
                return Some(format!("{place} has {} items, had {}", written.len(), sent.len()));
            }
            let mut pairs = sent.iter().zip(written).enumerate();
            pairs
                .find_map(|(index, (sent, written))| at(&format!("{place}/{index}"), sent, written, defaults))
        }
        (Value::Number(a), Value::Number(b)) if a.as_f64() == b.as_f64() => None,
        // A decimal that may be a number or text is written as text.
        (Value::Number(a), Value::String(b)) if b.parse::<f64>().ok() == a.as_f64() => None,
        (Value::String(a), Value::String(b)) if a == b || shortest(a) == shortest(b) => None,
        _ => (sent != written).then(|| format!("{place} is {written}, was {sent}")),
    }
}

/// Times without what they need not say.
fn shortest(text: &str) -> String {
    text.replace("+00:00", "Z").replace(".000", "")
}

/// Every `default` of a document.
pub(super) fn defaults(value: &Value, found: &mut Vec<Value>) {
    match value {
        Value::Object(members) => {
            found.extend(members.get("default").cloned());
            members.values().for_each(|value| defaults(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| defaults(value, found)),
        _ => {}
    }
}

#[test]
fn what_matters_is_seen() {
    use serde_json::json;
    let found = |sent: Value, written: Value| difference(&sent, &written, &[json!(7)]);
    for (sent, written) in [
        (json!({"a": 1}), json!({})),
        (json!({"a": 1}), json!({"a": 2})),
        (json!({"a": [1, 2]}), json!({"a": [1]})),
        (json!({"a": "x"}), json!({"a": "y"})),
        (json!({}), json!({"a": 1})),
        (json!({"a": null}), json!({"a": 1})),
        (json!("1"), json!(1)),
        (json!(1.5), json!("1.25")),
    ] {
        assert!(found(sent.clone(), written.clone()).is_some(), "{sent} {written}");
    }
    for (sent, written) in [
        (json!({"a": null}), json!({})),
        (json!({}), json!({"a": null, "b": 7})),
        (json!(1), json!(1.0)),
        (json!("2020-01-01T00:00:00+00:00"), json!("2020-01-01T00:00:00Z")),
    ] {
        assert_eq!(found(sent, written), None);
    }
}

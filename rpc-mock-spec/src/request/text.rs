//! Texts of a URL, a header or a form → JSON, as the schema wants them.

use serde_json::{Number, Value};

use crate::schema::Bundle;

/// The readings of a text, the most telling first.
fn readings(text: &str) -> Vec<Value> {
    let mut readings = Vec::new();
    if let Ok(number) = text.parse::<i64>() {
        readings.push(number.into());
    } else if let Ok(number) = text.parse::<u64>() {
        readings.push(number.into());
    } else if let Some(number) = text.parse::<f64>().ok().and_then(Number::from_f64) {
        readings.push(Value::Number(number));
    }
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" | "on" | "yes" | "t" | "y" => readings.push(true.into()),
        "false" | "0" | "off" | "no" | "f" | "n" => readings.push(false.into()),
        "" | "null" | "none" => readings.push(Value::Null),
        _ => {}
    }
    readings.push(text.into());
    readings
}

/// The reading of a text that a schema accepts, else the one that its message will make most sense of.
pub(crate) fn guess(bundle: &Bundle, schema: &Value, text: &str) -> Value {
    let readings = readings(text);
    let fitting = readings.iter().find(|value| bundle.valid(schema, value)).cloned();
    fitting.unwrap_or_else(|| {
        let numeric = allows(bundle, schema, "integer", 0) || allows(bundle, schema, "number", 0);
        let wanted = readings.iter().find(|value| numeric && value.is_number());
        wanted.cloned().unwrap_or_else(|| text.into())
    })
}

/// Whether a schema names a type, in itself or in its branches.
pub(super) fn allows(bundle: &Bundle, schema: &Value, ty: &str, depth: usize) -> bool {
    let schema = bundle.resolve(schema);
    let named = match schema.get("type") {
        Some(Value::String(name)) => name == ty,
        Some(Value::Array(names)) => names.iter().any(|name| name == ty),
        _ => false,
    };
    named || depth < 8 && branches(schema).any(|branch| allows(bundle, branch, ty, depth + 1))
}

/// The branches of unions and intersections.
pub(super) fn branches(schema: &Value) -> impl Iterator<Item = &Value> {
    ["allOf", "anyOf", "oneOf"].into_iter().filter_map(|key| schema.get(key)?.as_array()).flatten()
}

/// The first schema under `keyword` (and a name, for `properties`) in a schema or its branches.
pub(super) fn inner<'b>(
    bundle: &'b Bundle,
    schema: &'b Value,
    path: &[&str],
    depth: usize,
) -> Option<&'b Value> {
    let schema = bundle.resolve(schema);
    let own = path.iter().try_fold(schema, |at, step| at.get(*step));
    own.or_else(|| {
        (depth < 8)
            .then(|| branches(schema).find_map(|branch| inner(bundle, branch, path, depth + 1)))
            .flatten()
    })
}

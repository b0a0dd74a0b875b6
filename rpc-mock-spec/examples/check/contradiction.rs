//! Whether a schema allows nothing at all, as far as that can be shown in a few steps. When in doubt it does not.

use serde_json::Value;

use crate::raw::Raw;

const MAX_DEPTH: usize = 40;

pub(crate) fn proven(raw: &Raw, pointer: &str) -> bool {
    never(raw, pointer, &mut Vec::new())
}

/// `open`: schemas that a value must contain a value of; one inside itself has no end.
fn never(raw: &Raw, pointer: &str, open: &mut Vec<String>) -> bool {
    let Some(schema) = pointer.strip_prefix('#').and_then(|pointer| raw.root.pointer(pointer)) else {
        return false;
    };
    if *schema == Value::Bool(false) || open.iter().any(|known| known == pointer) {
        return true;
    }
    if open.len() > MAX_DEPTH {
        return false;
    }
    open.push(pointer.to_owned());
    let found = contradicts(raw, pointer, schema, open);
    open.pop();
    found
}

fn contradicts(raw: &Raw, pointer: &str, schema: &Value, open: &mut Vec<String>) -> bool {
    if let Some(target) = schema.get("$ref").and_then(Value::as_str)
        && never(raw, target, open)
    {
        return true;
    }
    let given = schema.get("enum").and_then(Value::as_array).into_iter().flatten().chain(schema.get("const"));
    let given: Vec<&Value> = given.collect();
    if !given.is_empty()
        && let Ok(validator) = raw.validator(pointer, true)
        && given.iter().all(|value| !validator.is_valid(value))
    {
        return true;
    }
    let count = |keyword| schema.get(keyword).and_then(Value::as_array).map_or(0, Vec::len);
    let mut branch = |keyword: &str, index: usize| never(raw, &format!("{pointer}/{keyword}/{index}"), open);
    if (0..count("allOf")).any(|index| branch("allOf", index)) {
        return true;
    }
    for union in ["anyOf", "oneOf"] {
        if count(union) > 0 && (0..count(union)).all(|index| branch(union, index)) {
            return true;
        }
    }
    let number = |keyword: &str| schema.get(keyword).and_then(Value::as_f64);
    let crossed =
        |least: &str, most: &str| number(least).zip(number(most)).is_some_and(|(least, most)| least > most);
    match schema.get("type").and_then(Value::as_str) {
        Some("string") => crossed("minLength", "maxLength"),
        Some("integer" | "number") => crossed("minimum", "maximum"),
        Some("array") => {
            let filled = number("minItems").is_some_and(|least| least >= 1.0);
            crossed("minItems", "maxItems") || (filled && never(raw, &format!("{pointer}/items"), open))
        }
        Some("object") => {
            let required = schema.get("required").and_then(Value::as_array).into_iter().flatten();
            required.filter_map(Value::as_str).any(|name| {
                let step = name.replace('~', "~0").replace('/', "~1");
                match schema.get("properties").and_then(|all| all.get(name)) {
                    Some(_) => never(raw, &format!("{pointer}/properties/{step}"), open),
                    None => {
                        schema.get("additionalProperties") == Some(&Value::Bool(false))
                            && schema.get("patternProperties").is_none()
                    }
                }
            })
        }
        _ => false,
    }
}

//! Mutations of a document as a tree, so that most cases get past the parser.

use serde_json::{Map, Value, json};

use crate::case;

/// Keys worth trying, and what may stand behind them.
const KEYS: &[&str] = &[
    "$ref",
    "type",
    "format",
    "enum",
    "const",
    "default",
    "nullable",
    "items",
    "prefixItems",
    "properties",
    "required",
    "additionalProperties",
    "patternProperties",
    "propertyNames",
    "allOf",
    "anyOf",
    "oneOf",
    "not",
    "discriminator",
    "minimum",
    "exclusiveMinimum",
    "maximum",
    "multipleOf",
    "pattern",
    "minLength",
    "minItems",
    "maxItems",
    "uniqueItems",
    "title",
    "description",
    "deprecated",
    "readOnly",
    "writeOnly",
    "in",
    "name",
    "schema",
    "content",
    "style",
    "explode",
    "allowReserved",
    "parameters",
    "requestBody",
    "responses",
    "headers",
    "security",
    "servers",
    "tags",
    "operationId",
    "encoding",
    "contentMediaType",
    "contentEncoding",
    "if",
    "then",
    "unevaluatedProperties",
    "$defs",
    "itemSchema",
];

const TEXTS: &[&str] = &[
    "",
    "string",
    "integer",
    "number",
    "array",
    "object",
    "null",
    "boolean",
    "file",
    "date-time",
    "binary",
    "byte",
    "decimal",
    "int64",
    "uint64",
    "uuid",
    "query",
    "path",
    "header",
    "cookie",
    "form",
    "deepObject",
    "matrix",
    "self",
    "Self",
    "crate",
    "type",
    "Option",
    "Vec",
    "r#fn",
    "a/b",
    "../x",
    "{x}",
    "*/",
    "\"#",
    "```",
    "\u{0}",
    "\u{202e}x",
    "\u{200b}",
    "名",
    "_",
    "1",
    "application/json",
    "multipart/form-data",
    "text/event-stream",
    "application/x-www-form-urlencoded",
    "2XX",
    "default",
];

/// A random number from a seed: xorshift.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).unwrap_or(0) % bound.max(1)
    }

    fn of<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.below(list.len())]
    }
}

/// Changes a case in place and gives its new size. What is no JSON, and every third case, is changed byte by byte.
pub fn mutate(data: &mut [u8], size: usize, max: usize, seed: u32) -> usize {
    let mut random = Random(u64::from(seed) << 1 | 1);
    let bytes = |data: &mut [u8]| libfuzzer_sys::fuzzer_mutate(data, size, max);
    if random.below(3) == 0 {
        return bytes(data);
    }
    let document_size = case::parts(&data[..size]).first().map_or(0, |part| part.len());
    let Ok(mut document) = serde_json::from_slice::<Value>(&data[..document_size]) else {
        return bytes(data);
    };
    for _ in 0..=random.below(3) {
        edit(&mut document, &mut random);
    }
    let rest = data[document_size..size].to_vec();
    let Ok(mut new) = serde_json::to_vec(&document) else { return bytes(data) };
    new.extend(rest);
    match data.get_mut(..new.len()).filter(|_| new.len() <= max) {
        Some(place) => place.copy_from_slice(&new),
        None => return bytes(data),
    }
    new.len()
}

fn edit(document: &mut Value, random: &mut Random) {
    let total = count(document);
    let donor = random.below(total);
    let donor = nth(document, &mut { donor }).cloned().unwrap_or_default();
    let reference = reference(document, random);
    let at = random.below(total);
    let Some(node) = nth_mut(document, &mut { at }) else { return };
    let old = node.clone();
    match random.below(10) {
        0 => *node = donor,
        1 => *node = json!({ "$ref": reference }),
        2 => *node = json!({ random.of(&["allOf", "anyOf", "oneOf"]): [old, donor] }),
        3 => *node = json!({ "type": "array", "items": old }),
        4 => *node = Value::String(random.of(TEXTS).into()),
        5 => *node = odd(random),
        6 | 7 => match node {
            Value::Object(entries) => {
                let value = if random.below(2) == 0 { donor } else { Value::String(random.of(TEXTS).into()) };
                entries.insert(random.of(KEYS).into(), value);
            }
            Value::Array(items) => items.push(donor),
            _ => *node = donor,
        },
        8 => match node {
            Value::Object(entries) => {
                let key = entries.keys().nth(random.below(entries.len())).cloned().unwrap_or_default();
                entries.shift_remove(&key);
            }
            Value::Array(items) => drop(items.pop()),
            _ => *node = Value::Null,
        },
        _ => match node {
            Value::Object(entries) => *entries = renamed(entries, random),
            _ => *node = json!({ random.of(KEYS): old }),
        },
    }
}

/// One key is another word.
fn renamed(entries: &Map<String, Value>, random: &mut Random) -> Map<String, Value> {
    let chosen = random.below(entries.len());
    let list = if random.below(2) == 0 { KEYS } else { TEXTS };
    let word = random.of(list);
    entries
        .iter()
        .enumerate()
        .map(|(at, (key, value))| (if at == chosen { word.into() } else { key.clone() }, value.clone()))
        .collect()
}

/// A reference to a component, or to anything.
fn reference(document: &Value, random: &mut Random) -> String {
    for (name, under) in [("components", "schemas"), ("definitions", "")] {
        let schemas = document.get(name).map(|part| part.get(under).unwrap_or(part));
        if let Some(Value::Object(schemas)) = schemas
            && let Some(key) = schemas.keys().nth(random.below(schemas.len()))
        {
            let slash = if under.is_empty() { "" } else { "/" };
            return format!("#/{name}{slash}{under}/{}", key.replace('~', "~0").replace('/', "~1"));
        }
    }
    format!("#/{}", random.of(KEYS))
}

fn odd(random: &mut Random) -> Value {
    match random.below(8) {
        0 => Value::Null,
        1 => Value::Bool(random.below(2) == 0),
        2 => json!(u64::MAX),
        3 => json!(i64::MIN),
        4 => json!(-0.0),
        5 => json!(1e308),
        6 => json!([]),
        _ => json!({}),
    }
}

fn count(node: &Value) -> usize {
    1 + match node {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(entries) => entries.values().map(count).sum(),
        _ => 0,
    }
}

fn nth<'a>(node: &'a Value, left: &mut usize) -> Option<&'a Value> {
    if *left == 0 {
        return Some(node);
    }
    *left -= 1;
    match node {
        Value::Array(items) => items.iter().find_map(|item| nth(item, left)),
        Value::Object(entries) => entries.values().find_map(|value| nth(value, left)),
        _ => None,
    }
}

fn nth_mut<'a>(node: &'a mut Value, left: &mut usize) -> Option<&'a mut Value> {
    if *left == 0 {
        return Some(node);
    }
    *left -= 1;
    match node {
        Value::Array(items) => items.iter_mut().find_map(|item| nth_mut(item, left)),
        Value::Object(entries) => entries.values_mut().find_map(|value| nth_mut(value, left)),
        _ => None,
    }
}

//! Fields of forms, as the schema wants them.

use serde_json::{Map, Value};

use super::multipart::Part;
use super::styled;
use super::text::{allows, guess, inner};
use crate::model::{Media, is_json};
use crate::schema::Bundle;

static ANY: Value = Value::Bool(true);

/// A body as JSON.
#[derive(Debug)]
pub(super) struct Read {
    pub(super) value: Value,
    /// Members that stand for something JSON cannot show, such as files.
    pub(super) opaque: Vec<String>,
}

impl Read {
    /// Notes a member whose value cannot be told.
    pub(super) fn hide(&mut self, name: &str) {
        self.set(name, Value::from(""));
        self.opaque.push(name.to_owned());
    }

    /// Sets a member.
    pub(super) fn set(&mut self, name: &str, value: Value) {
        if let Value::Object(members) = &mut self.value {
            members.insert(name.to_owned(), value);
        }
    }

    /// Whether a violation is about what can be seen.
    pub(super) fn tells(&self, path: &[String], keyword: &str) -> bool {
        match path.first() {
            Some(member) => !self.opaque.contains(member),
            // Which branch a value with files belongs to cannot be told.
            None => self.opaque.is_empty() || ["required", "additionalProperties", "type"].contains(&keyword),
        }
    }
}

/// The fields of a form, written as `media` says.
pub(super) fn read(bundle: &Bundle, schema: &Value, media: &Media, pairs: Vec<(String, String)>) -> Read {
    let mut read = Read { value: Value::Object(Map::new()), opaque: Vec::new() };
    for (name, text) in pairs {
        if styled::read(bundle, schema, media, (&name, &text), &mut read) {
            continue;
        }
        if let Value::Object(members) = &mut read.value {
            add(bundle, schema, members, &name, |schema| field(bundle, schema, &text));
        }
    }
    read
}

/// The parts of a multipart form. Files are there, but what they hold is not looked at.
pub(super) fn read_parts(bundle: &Bundle, schema: &Value, media: &Media, parts: Vec<Part>) -> Read {
    let mut read = Read { value: Value::Object(Map::new()), opaque: Vec::new() };
    let mut files: Vec<String> = Vec::new();
    for part in parts {
        let text = std::str::from_utf8(&part.content).ok().filter(|_| !part.is_file());
        if text.is_some_and(|text| {
            !is_json(&part.content_type) && styled::read(bundle, schema, media, (&part.name, text), &mut read)
        }) {
            continue;
        }
        let Value::Object(members) = &mut read.value else { continue };
        let (before, inside) = part.name.split_once('[').unwrap_or((&part.name, "]"));
        match text {
            Some(text) if inside == "]" => {
                let json: Option<Value> =
                    is_json(&part.content_type).then(|| serde_json::from_str(text).ok()).flatten();
                let value = |schema: &Value| match &json {
                    Some(json) => json.clone(),
                    None => field(bundle, schema, text),
                };
                if matches!(json, Some(Value::Array(_))) {
                    members.extend(json.clone().map(|json| (before.to_owned(), json)));
                } else {
                    add(bundle, schema, members, &part.name, value);
                }
            }
            _ => files.push(before.to_owned()),
        }
    }
    files.iter().for_each(|name| read.hide(name));
    read
}

/// Sets a member, or adds to its list.
pub(super) fn add(
    bundle: &Bundle,
    schema: &Value,
    members: &mut Map<String, Value>,
    name: &str,
    value: impl Fn(&Value) -> Value,
) {
    let name = name.strip_suffix("[]").unwrap_or(name);
    let property = inner(bundle, schema, &["properties", name], 0).unwrap_or(&ANY);
    if !allows(bundle, property, "array", 0) {
        members.insert(name.to_owned(), value(property));
        return;
    }
    let value = value(inner(bundle, property, &["items"], 0).unwrap_or(&ANY));
    match members.entry(name).or_insert_with(|| Value::Array(Vec::new())) {
        Value::Array(list) => list.push(value),
        other => *other = value,
    }
}

/// One field: JSON where the schema wants an object.
fn field(bundle: &Bundle, schema: &Value, text: &str) -> Value {
    let json = allows(bundle, schema, "object", 0).then(|| serde_json::from_str(text).ok()).flatten();
    json.unwrap_or_else(|| guess(bundle, schema, text))
}

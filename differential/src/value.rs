//! Values for schemas: valid ones, and such that show how text is escaped.

use serde_json::{Map, Value, json};

use crate::document::resolved;

/// Below this, optional properties are left out.
const DEEP: usize = 4;
/// Below this there is no value: the schema holds itself.
const TOO_DEEP: usize = 12;
/// Text with everything that some part of a URL or of JSON escapes.
const TEXT: &str = "a b/%+é\"'?&=#;,:~";
/// The same for places that take less: a header is visible ASCII here.
const PLAIN_TEXT: &str = "a b/%+\"'?&=#;:~";

/// Where a value goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// A header's text.
    Header,
    /// Anywhere else.
    Other,
}

/// A value of a schema, if one is easily found; a pattern without an example has none.
pub(crate) fn value(document: &Value, schema: &Value, place: Place) -> Option<Value> {
    Sampler { document, place }.value(schema, 0)
}

struct Sampler<'a> {
    document: &'a Value,
    place: Place,
}

impl Sampler<'_> {
    fn value(&self, schema: &Value, depth: usize) -> Option<Value> {
        if depth > TOO_DEEP {
            return None;
        }
        let schema = resolved(self.document, schema);
        if let Some(choices) = schema.get("enum").and_then(Value::as_array) {
            return choices.iter().find(|choice| !choice.is_null()).cloned();
        }
        if let Some(parts) = schema.get("allOf").and_then(Value::as_array) {
            return self.all(schema, parts, depth);
        }
        for key in ["oneOf", "anyOf"] {
            if let Some(choices) = schema.get(key).and_then(Value::as_array) {
                return self.first(schema, choices, depth);
            }
        }
        match schema.get("type").and_then(Value::as_str) {
            Some("string") => self.text(schema),
            Some("integer") => integer(schema),
            Some("number") => number(schema),
            Some("boolean") => Some(Value::Bool(true)),
            Some("array") => self.list(schema, depth),
            Some("object") => self.object(schema, depth),
            _ if schema.get("properties").is_some() => self.object(schema, depth),
            _ if schema.get("items").is_some() => self.list(schema, depth),
            _ => Some(json!("anything")),
        }
    }

    /// Objects become one; of anything else, the first part stands for all.
    fn all(&self, schema: &Value, parts: &[Value], depth: usize) -> Option<Value> {
        let mut whole = match schema.get("properties") {
            Some(_) => self.object(schema, depth)?,
            None => Value::Null,
        };
        for part in parts {
            match (self.value(part, depth + 1)?, &mut whole) {
                (Value::Object(more), Value::Object(fields)) => fields.extend(more),
                (other, Value::Null) => whole = other,
                _ => {}
            }
        }
        Some(whole)
    }

    /// The first alternative, with its tag.
    fn first(&self, schema: &Value, choices: &[Value], depth: usize) -> Option<Value> {
        let choice = choices.iter().find(|choice| choice.get("type") != Some(&json!("null")))?;
        let mut value = self.value(choice, depth + 1)?;
        let tag = schema.pointer("/discriminator/propertyName").and_then(Value::as_str);
        if let (Some(tag), Some(fields)) = (tag, value.as_object_mut()) {
            let target = choice.get("$ref").and_then(Value::as_str)?;
            let mapped = schema.pointer("/discriminator/mapping").and_then(Value::as_object);
            let name = mapped
                .into_iter()
                .flatten()
                .find(|(_, to)| to.as_str() == Some(target))
                .map(|(name, _)| name);
            let name = name.map_or_else(|| target.rsplit('/').next().unwrap_or_default(), String::as_str);
            fields.insert(tag.to_owned(), name.into());
        }
        Some(value)
    }

    fn text(&self, schema: &Value) -> Option<Value> {
        let given =
            || ["example", "default"].iter().find_map(|key| schema.get(*key)).filter(|v| v.is_string());
        if schema.get("pattern").is_some() {
            return given().cloned();
        }
        let number =
            |key: &str| schema.get(key).and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok());
        let text = match schema.get("format").and_then(Value::as_str) {
            Some("date-time") => "2024-02-29T12:34:56Z",
            Some("date") => "2024-02-29",
            Some("time") => "12:34:56",
            Some("duration") => "PT1H",
            Some("uuid") => "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
            Some("byte") => "YWJj",
            Some("ipv4" | "ip") => "127.0.0.1",
            Some("ipv6") => "::1",
            Some("uri" | "url") => "https://example.com/a?b=c",
            Some("email") => "ann@example.com",
            Some("binary" | "password" | "hostname") => "example",
            Some(other) if other.contains("int") => "7",
            Some(other) if ["decimal", "double", "float"].contains(&other) => "1.5",
            _ => {
                let base = if self.place == Place::Header { PLAIN_TEXT } else { TEXT };
                let (least, most) = (number("minLength").unwrap_or(0), number("maxLength"));
                let mut text: String = base.chars().take(most.unwrap_or(usize::MAX)).collect();
                // Spaces at the end of a header are not part of its value.
                while text.ends_with(' ') {
                    text.pop();
                }
                let missing = least.saturating_sub(text.chars().count());
                text.extend(std::iter::repeat_n('x', missing));
                return Some(text.into());
            }
        };
        Some(text.into())
    }

    fn list(&self, schema: &Value, depth: usize) -> Option<Value> {
        let item = self.value(schema.get("items").unwrap_or(&Value::Null), depth + 1)?;
        let count = |key: &str| schema.get(key).and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok());
        let unique = schema.get("uniqueItems") == Some(&Value::Bool(true));
        let wanted = if unique { 1 } else { 2 };
        let wanted =
            wanted.clamp(count("minItems").unwrap_or(0), count("maxItems").unwrap_or(usize::MAX).max(1));
        Some(Value::Array(vec![item; wanted]))
    }

    fn object(&self, schema: &Value, depth: usize) -> Option<Value> {
        let required: Vec<&str> = schema
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let mut fields = Map::new();
        for (name, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let needed = required.contains(&name.as_str());
            let read_only = resolved(self.document, property).get("readOnly") == Some(&Value::Bool(true));
            if !needed && (depth >= DEEP || read_only) {
                continue;
            }
            match self.value(property, depth + 1) {
                Some(value) => drop(fields.insert(name.clone(), value)),
                None if needed => return None,
                None => {}
            }
        }
        if let Some(more) =
            schema.get("additionalProperties").filter(|more| more.is_object() && fields.is_empty())
        {
            fields.insert("a key".into(), self.value(more, depth + 1)?);
        }
        Some(Value::Object(fields))
    }
}

fn integer(schema: &Value) -> Option<Value> {
    let bound = |key: &str| schema.get(key).and_then(Value::as_f64);
    let exclusive = |key: &str| f64::from(u8::from(schema.get(key) == Some(&Value::Bool(true))));
    let least = bound("minimum").map(|least| least.ceil() + exclusive("exclusiveMinimum"));
    let most = bound("maximum").map(|most| most.floor() - exclusive("exclusiveMaximum"));
    let step = bound("multipleOf").filter(|step| *step > 0.0);
    let mut value = 7.0_f64.max(least.unwrap_or(f64::MIN)).min(most.unwrap_or(f64::MAX));
    if let Some(step) = step {
        value = (value / step).floor().max(1.0) * step;
    }
    serde_json::from_str(&format!("{value:.0}")).ok()
}

fn number(schema: &Value) -> Option<Value> {
    let bound = |key: &str| schema.get(key).and_then(Value::as_f64);
    let value = match (bound("minimum"), bound("maximum")) {
        (Some(least), Some(most)) => f64::midpoint(least, most),
        (Some(least), None) => least + 1.5,
        (None, Some(most)) => most - 1.5,
        (None, None) => 1.5,
    };
    Some(json!(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values() {
        let document = json!({"components": {"schemas": {
            "Loop": {"type": "object", "required": ["next"], "properties": {"next": {"$ref": "#/components/schemas/Loop"}}},
            "Cat": {"type": "object", "properties": {"kind": {"type": "string"}}}}}});
        let check = |schema: Value, expected: Option<Value>| {
            assert_eq!(value(&document, &schema, Place::Other), expected, "{schema}");
        };
        check(json!({"type": "string", "enum": [null, "b"]}), Some(json!("b")));
        check(json!({"type": "string"}), Some(json!(TEXT)));
        check(json!({"type": "string", "maxLength": 3}), Some(json!("a b")));
        check(json!({"type": "string", "maxLength": 2, "minLength": 2}), Some(json!("ax")));
        check(json!({"type": "string", "pattern": "^a$"}), None);
        check(json!({"type": "string", "pattern": "^a$", "example": "a"}), Some(json!("a")));
        check(json!({"type": "integer"}), Some(json!(7)));
        check(json!({"type": "integer", "minimum": 7, "exclusiveMinimum": true}), Some(json!(8)));
        check(json!({"type": "integer", "maximum": 5, "multipleOf": 2}), Some(json!(4)));
        check(json!({"type": "number", "minimum": 0, "maximum": 1}), Some(json!(0.5)));
        check(json!({"type": "array", "items": {"type": "integer"}}), Some(json!([7, 7])));
        check(json!({"type": "array", "items": {}, "maxItems": 1}), Some(json!(["anything"])));
        check(json!({"$ref": "#/components/schemas/Loop"}), None);
        check(
            json!({"type": "object", "properties": {"a": {"type": "boolean"}, "b": {"type": "boolean", "readOnly": true}}}),
            Some(json!({"a": true})),
        );
        check(
            json!({"allOf": [{"properties": {"a": {"type": "integer"}}}], "properties": {"b": {"type": "integer"}}}),
            Some(json!({"a": 7, "b": 7})),
        );
        check(
            json!({"oneOf": [{"$ref": "#/components/schemas/Cat"}], "discriminator": {"propertyName": "kind"}}),
            Some(json!({"kind": "Cat"})),
        );
    }
}

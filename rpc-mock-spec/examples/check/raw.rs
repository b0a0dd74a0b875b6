//! The document as it stands, for a validator that has not seen the mock's own conversion.

use jsonschema::{Draft, Registry, Validator};
use serde_json::{Map, Value, json};

const ROOT: &str = "raw:///document";

/// The document's schemas by pointer.
#[derive(Debug)]
pub(crate) struct Raw {
    pub(crate) root: Value,
    registry: Registry<'static>,
}

impl Raw {
    pub(crate) fn new(document: Value) -> Result<Self, String> {
        let version = document.get("openapi").or_else(|| document.get("swagger"));
        let version = version.and_then(Value::as_str).unwrap_or_default();
        let is_old = version.starts_with("3.0") || version.starts_with('2');
        let root = if is_old { convert(document) } else { document };
        let registry = Registry::new().draft(Draft::Draft202012).add(ROOT, root.clone());
        let registry = registry.and_then(|registry| registry.prepare());
        Ok(Self { registry: registry.map_err(|error| format!("no independent validator: {error}"))?, root })
    }

    /// A validator of the schema at a pointer such as `#/components/schemas/Order`.
    pub(crate) fn validator(&self, pointer: &str, formats: bool) -> Result<Validator, String> {
        compile(&self.registry, pointer, formats)
    }
}

fn compile(registry: &Registry<'_>, pointer: &str, formats: bool) -> Result<Validator, String> {
    let schema = json!({"$ref": format!("{ROOT}{}", encode(pointer))});
    let options =
        jsonschema::options().with_draft(Draft::Draft202012).should_validate_formats(formats).offline();
    options
        .with_registry(registry)
        .build(&schema)
        .map_err(|error| error.to_string().chars().take(200).collect())
}

/// A pointer such as `#/paths/~1a` as the fragment of an address: what is more than letters, digits and a few signs is escaped.
fn encode(pointer: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/~-._!$&'()*+,;=:@?".contains(&byte);
    let steps = pointer.strip_prefix('#').unwrap_or(pointer);
    let bytes = steps
        .bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") });
    format!("#{}", bytes.collect::<String>())
}

/// OpenAPI 3.0's dialect in the words of 2020-12, on the raw document: `nullable`, boolean `exclusive…`, and siblings of `$ref`.
fn convert(value: Value) -> Value {
    let Value::Object(mut object) = value else {
        return match value {
            Value::Array(items) => items.into_iter().map(convert).collect(),
            other => other,
        };
    };
    if object.get("$ref").is_some_and(Value::is_string) {
        object.retain(|key, _| key == "$ref");
        return Value::Object(object);
    }
    let is_nullable = |key: &str| object.get(key) == Some(&Value::Bool(true));
    if (is_nullable("nullable") || is_nullable("x-nullable"))
        && let Some(Value::String(ty)) = object.get("type")
    {
        let types = json!([ty, "null"]);
        object.insert("type".into(), types);
    }
    for (limit, exclusive) in [("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")] {
        match object.get(exclusive) {
            Some(Value::Bool(true)) => {
                object.remove(exclusive);
                if let Some(limit) = object.remove(limit) {
                    object.insert(exclusive.into(), limit);
                }
            }
            Some(Value::Bool(false)) => drop(object.remove(exclusive)),
            _ => {}
        }
    }
    // An `id` of a draft before, or a property of that name: neither is an address.
    let members = object.into_iter().map(|(key, value)| match key.as_str() {
        "example" | "examples" | "default" | "enum" => (key, value),
        _ => (key, convert(value)),
    });
    Value::Object(members.collect::<Map<_, _>>())
}

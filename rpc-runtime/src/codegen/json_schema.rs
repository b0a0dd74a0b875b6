//! `schemars::JsonSchema` from the document's own text.

use schemars::{Schema, SchemaGenerator};
use serde_json::Value;

/// The name of a type and what gives its schema.
type Part<'n> = (&'n str, fn(&mut SchemaGenerator) -> Schema);

/// A schema from its JSON text; `#/$defs/<name>` becomes what the generator has for that type.
#[doc(hidden)]
pub fn schema_of(text: &str, parts: &[Part<'_>], r#gen: &mut SchemaGenerator) -> Schema {
    let parts: Vec<(String, Value)> =
        parts.iter().map(|(name, part)| (format!("#/$defs/{name}"), part(r#gen).to_value())).collect();
    let mut value = serde_json::from_str(text).unwrap_or(Value::Bool(true));
    link(&mut value, &parts);
    Schema::try_from(value).unwrap_or_default()
}

fn link(value: &mut Value, parts: &[(String, Value)]) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| link(item, parts)),
        Value::Object(members) => {
            let target = members.get("$ref").and_then(Value::as_str);
            let part = target.and_then(|target| parts.iter().find(|(name, _)| name == target));
            let Some((_, part)) = part else {
                return members.values_mut().for_each(|member| link(member, parts));
            };
            members.remove("$ref");
            match part {
                // What stands beside the reference (a description, say) goes before what the part says.
                Value::Object(part) => {
                    for (key, member) in part {
                        members.entry(key.clone()).or_insert_with(|| member.clone());
                    }
                }
                other => *value = other.clone(),
            }
        }
        _ => {}
    }
}

/// `schemars::JsonSchema` for a type: its JSON schema as text and the types that the text refers to as `#/$defs/<name>`.
///
/// ```
/// struct Line;
/// struct Order;
/// rpc_runtime::codegen::json_schema!(Line, r#"{"type":"object"}"#, []);
/// rpc_runtime::codegen::json_schema!(Order, r##"{"type":"array","items":{"$ref":"#/$defs/Line"}}"##, [Line]);
/// let schema = schemars::schema_for!(Order);
/// assert_eq!(schema.get("items"), Some(&serde_json::json!({"$ref": "#/$defs/Line"})));
/// assert_eq!(schema.pointer("/$defs/Line"), Some(&serde_json::json!({"type": "object"})));
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! __rpc_json_schema {
    ($name:ident, $text:literal, [$($part:path),* $(,)?]) => {
        #[allow(deprecated, reason = "the type or its parts may be deprecated")]
        impl $crate::codegen::schemars::JsonSchema for $name {
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                ::std::borrow::Cow::Borrowed(stringify!($name))
            }

            fn schema_id() -> ::std::borrow::Cow<'static, str> {
                ::std::borrow::Cow::Borrowed(concat!(module_path!(), "::", stringify!($name)))
            }

            fn json_schema(
                generator: &mut $crate::codegen::schemars::SchemaGenerator,
            ) -> $crate::codegen::schemars::Schema {
                $crate::codegen::schema_of(
                    $text,
                    &[$(($crate::codegen::__last_segment(stringify!($part)), |generator| generator.subschema_for::<$part>())),*],
                    generator,
                )
            }
        }
    };
}

/// `super::Order` → `Order`.
#[doc(hidden)]
pub fn __last_segment(path: &str) -> &str {
    path.rsplit(':').next().unwrap_or(path).trim()
}

#[doc(hidden)]
pub use crate::__rpc_json_schema as json_schema;

//! What the generator knows of values beyond the document: `service.toml` and input twins make decimals of plain strings. Replies
//! must follow it, or generated clients could not read them.

use std::collections::HashMap;

use rpc_codegen::ir::{Dispatch, IntKind, Scalar, Service, Shape, Type, Types};
use rpc_codegen::location::Location;
use serde_json::{Value, json};

use crate::schema::{DECIMAL, INTEGER};

/// Schemas to add, by file and JSON pointer of the schema that they are added to.
pub(crate) type Hints = HashMap<(String, String), Value>;

/// How deep types are looked into.
const MAX_DEPTH: usize = 8;

pub(crate) fn hints(service: &Service) -> Hints {
    let types = &service.types;
    let mut hints = Hints::new();
    for (_, def) in types.iter() {
        match &def.shape {
            Shape::Struct(object) => {
                for field in &object.fields {
                    let Some(hint) = hint(types, &field.ty, 0) else { continue };
                    let name = field.wire.replace('~', "~0").replace('/', "~1");
                    // The field's own place, and the same in the type: a folded type has fields of its input twin.
                    let inside = format!("{}/properties/{name}", def.origin.pointer);
                    hints.insert((def.origin.file.to_string(), inside), hint.clone());
                    hints.insert(key(&field.origin), hint);
                }
            }
            Shape::Alias(ty, _) => {
                hints.extend(hint(types, ty, 0).map(|hint| (key(&def.origin), hint)));
            }
            Shape::Enum(_) | Shape::Union(_) => {}
        }
    }
    hints
}

fn key(origin: &Location) -> (String, String) {
    (origin.file.to_string(), origin.pointer.clone())
}

/// What a type asks of a value's text. Values of other JSON types are the schema's own concern.
fn hint(types: &Types, ty: &Type, depth: usize) -> Option<Value> {
    if depth > MAX_DEPTH {
        return None;
    }
    let of = |ty: &Type| hint(types, ty, depth + 1);
    match ty {
        Type::Scalar(scalar) => of_scalar(*scalar),
        Type::Nullable(inner) | Type::Boxed(inner) => of(inner),
        Type::List(inner) => of(inner).map(|inner| json!({"items": inner})),
        Type::Map(inner) => of(inner).map(|inner| json!({"additionalProperties": inner})),
        Type::Named(id) => match &types.get(*id)?.shape {
            // One reads strings, another numbers: each hint speaks of its own.
            Shape::Union(union) if union.dispatch == Dispatch::JsonType => {
                let hints: Vec<Value> = union.variants.iter().filter_map(|variant| of(&variant.ty)).collect();
                (!hints.is_empty()).then(|| json!({"allOf": hints}))
            }
            _ => None,
        },
        Type::Tuple(_) | Type::Any | Type::Null => None,
    }
}

fn of_scalar(scalar: Scalar) -> Option<Value> {
    let format = match scalar {
        Scalar::Int(IntKind::I32) => return Some(json!({"minimum": i32::MIN, "maximum": i32::MAX})),
        Scalar::Int(IntKind::U32) => return Some(json!({"minimum": 0, "maximum": u32::MAX})),
        Scalar::Int(IntKind::I64) => return Some(json!({"minimum": i64::MIN, "maximum": i64::MAX})),
        Scalar::Int(IntKind::U64) => return Some(json!({"minimum": 0, "maximum": u64::MAX})),
        Scalar::IntString(_) => INTEGER,
        Scalar::Decimal(_) => DECIMAL,
        Scalar::DateTime => "date-time",
        Scalar::Date => "date",
        Scalar::Time => "time",
        Scalar::Duration => "duration",
        Scalar::Uuid => "uuid",
        Scalar::Ipv4 => "ipv4",
        Scalar::Ipv6 => "ipv6",
        _ => return None,
    };
    Some(json!({"format": format}))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing;

    #[test]
    fn decimals_of_the_settings_are_decimals_in_replies() {
        let wallet = json!({"type": "object", "required": ["balance"], "properties": {
            "balance": {"type": "string", "example": "a lot"}, "parts": {"type": "array", "items": {"type": "string"}},
            "name": {"type": "string"}}});
        let document = json!({"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "components": {"schemas": {"Wallet": wallet}},
            "paths": {"/w": {"get": {"operationId": "w", "responses": {"200": {"description": "", "content": {
                "application/json": {"schema": {"$ref": "#/components/schemas/Wallet"}}}}}}}}});
        let spec = testing::with_settings(&document, "[types]\n\"Wallet.balance\" = \"decimal\"\n");
        let answer = spec.answers().next().unwrap();
        assert_eq!(answer.value, json!({"balance": "1.00", "parts": ["string"], "name": "string"}));
        assert!(answer.valid && answer.rejected.len() == 1, "{answer:?}");
        let plain = testing::load(&document).answers().next().unwrap();
        assert_eq!(plain.value["balance"], "a lot");
    }
}

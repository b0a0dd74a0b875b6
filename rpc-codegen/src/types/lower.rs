//! The IR as a components-only OpenAPI 3.0.3 document that progenitor turns into structs without loss.
//!
//! Every property is required: what may be missing is said by the Rust type around it, because progenitor has rules of its own
//! for optional lists and maps. Types that it must not make are named by `x-rust-type`.

use serde_json::{Map, Value, json};

use super::context::Context;
use super::expressible::is_lowered;
use super::plan::{Plan, Wrap, plans};
use crate::ir::{FloatKind, IntKind, Scalar, Shape, Type};

/// Stands for the generated crate's own `types` in `x-rust-type`.
pub(super) const OWN: &str = "own";

/// The document; `None` when there is nothing to ask.
pub(super) fn document(context: &Context<'_>) -> Option<Value> {
    let mut schemas = Map::new();
    for (id, def) in context.service.types.iter().filter(|(id, _)| is_lowered(context, *id)) {
        let Shape::Struct(strukt) = &def.shape else { continue };
        let mut properties = Map::new();
        for plan in plans(context, id, def, strukt) {
            properties.insert(plan.field.name.clone(), property(context, &plan));
        }
        let required: Vec<&String> = strukt.fields.iter().map(|field| &field.name).collect();
        schemas.insert(
            def.name.clone(),
            json!({"type": "object", "required": required, "properties": properties}),
        );
    }
    (!schemas.is_empty()).then(|| {
        json!({
            "openapi": "3.0.3",
            "info": {"title": "types", "version": "0"},
            "paths": {},
            "components": {"schemas": schemas},
        })
    })
}

fn property(context: &Context<'_>, plan: &Plan<'_>) -> Value {
    match plan.wrap {
        Wrap::Plain => schema(context, plan.inner),
        Wrap::Option => nullable(context, plan.inner),
        Wrap::Maybe => external("rpc_runtime::types::Maybe", Some(schema(context, plan.inner))),
    }
}

/// `nullable` means nothing to progenitor beside `x-rust-type`, in its parameters, and for free-form JSON.
fn nullable(context: &Context<'_>, ty: &Type) -> Value {
    external("std::option::Option", Some(schema(context, ty)))
}

fn external(path: &str, parameter: Option<Value>) -> Value {
    let krate = path.split("::").next().unwrap_or_default();
    let parameters: Vec<Value> = parameter.into_iter().collect();
    json!({"type": "string", "x-rust-type": {"crate": krate, "version": "*", "path": path, "parameters": parameters}})
}

fn schema(context: &Context<'_>, ty: &Type) -> Value {
    match ty {
        Type::Named(id) => match context.def(*id) {
            Some(def) if is_lowered(context, *id) => {
                json!({"$ref": format!("#/components/schemas/{}", def.name)})
            }
            Some(def) => external(&format!("{OWN}::{}", def.name), None),
            None => json!({}),
        },
        Type::List(item) => json!({"type": "array", "items": schema(context, item)}),
        Type::Map(value) => json!({"type": "object", "additionalProperties": schema(context, value)}),
        Type::Nullable(inner) => nullable(context, inner),
        Type::Scalar(of) => scalar(*of),
        Type::Any | Type::Tuple(_) | Type::Boxed(_) | Type::Null => json!({}),
    }
}

fn scalar(of: Scalar) -> Value {
    let simple = |ty: &str, format: &str| json!({"type": ty, "format": format});
    match of {
        Scalar::Bool => json!({"type": "boolean"}),
        Scalar::Int(kind) | Scalar::IntString(kind) => simple(
            "integer",
            match kind {
                IntKind::I32 => "int32",
                IntKind::I64 => "int64",
                IntKind::U32 => "uint32",
                IntKind::U64 => "uint64",
            },
        ),
        Scalar::Float(FloatKind::F32) => simple("number", "float"),
        Scalar::Float(FloatKind::F64) => simple("number", "double"),
        Scalar::String | Scalar::Uri => json!({"type": "string"}),
        Scalar::Ipv4 => simple("string", "ipv4"),
        Scalar::Ipv6 => simple("string", "ipv6"),
        Scalar::DateTime => external("rpc_runtime::types::DateTime", None),
        Scalar::Date => external("rpc_runtime::types::Date", None),
        Scalar::Time => external("rpc_runtime::types::Time", None),
        Scalar::Duration => external("rpc_runtime::types::IsoDuration", None),
        Scalar::Uuid => external("rpc_runtime::types::Uuid", None),
        Scalar::Decimal(_) => external("rpc_runtime::types::Decimal", None),
        Scalar::File => external("rpc_runtime::types::File", None),
        Scalar::Base64 | Scalar::Binary => external("rpc_runtime::types::Bytes", None),
    }
}

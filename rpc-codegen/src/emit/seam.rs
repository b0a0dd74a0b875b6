//! Stand-in for `crate::types` until it is merged: swap `pub(crate) use seam::…` in `emit/mod.rs` and delete this file.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::names;
use crate::ir::{Bound, Constraints, FloatKind, IntKind, Scalar, Service, Shape, Type, TypeId};

/// One file of `types/`.
#[derive(Debug, Clone)]
pub struct TypeModule {
    /// Module name: `order_create`.
    pub module: String,
    /// The type's name: `OrderCreate`.
    pub type_name: String,
    /// The file's contents.
    pub items: TokenStream,
}

/// `types/mod.rs`.
pub(crate) fn emit_mod(_: &Service, modules: &[TypeModule]) -> TokenStream {
    let names = modules
        .iter()
        .filter_map(|one| Some((names::ident(&one.module).ok()?, names::ident(&one.type_name).ok()?)));
    let (files, types): (Vec<_>, Vec<_>) = names.unzip();
    quote! { #(mod #files;)* #(pub use #files::#types;)* }
}

/// A type as generated code writes it.
pub(crate) fn rust_type(service: &Service, ty: &Type) -> TokenStream {
    match ty {
        Type::Named(id) => match service.types.get(*id).and_then(|def| names::ident(&def.name).ok()) {
            Some(name) => quote! { types::#name },
            None => quote! { rpc_runtime::types::Value },
        },
        Type::Scalar(scalar) => scalar_type(*scalar),
        Type::List(inner) => {
            let inner = rust_type(service, inner);
            quote! { Vec<#inner> }
        }
        Type::Map(inner) => {
            let inner = rust_type(service, inner);
            quote! { std::collections::BTreeMap<String, #inner> }
        }
        Type::Tuple(items) => {
            let items = items.iter().map(|item| rust_type(service, item));
            quote! { (#(#items,)*) }
        }
        Type::Nullable(inner) => {
            let inner = rust_type(service, inner);
            quote! { Option<#inner> }
        }
        Type::Boxed(inner) => {
            let inner = rust_type(service, inner);
            quote! { Box<#inner> }
        }
        Type::Any => quote! { rpc_runtime::types::Value },
        Type::Null => quote! { () },
    }
}

fn scalar_type(scalar: Scalar) -> TokenStream {
    match scalar {
        Scalar::Bool => quote! { bool },
        Scalar::Int(kind) | Scalar::IntString(kind) => match kind {
            IntKind::I32 => quote! { i32 },
            IntKind::I64 => quote! { i64 },
            IntKind::U32 => quote! { u32 },
            IntKind::U64 => quote! { u64 },
        },
        Scalar::Float(FloatKind::F32) => quote! { f32 },
        Scalar::Float(FloatKind::F64) => quote! { f64 },
        Scalar::String | Scalar::Uri => quote! { String },
        Scalar::DateTime => quote! { rpc_runtime::types::DateTime },
        Scalar::Date => quote! { rpc_runtime::types::Date },
        Scalar::Time => quote! { rpc_runtime::types::Time },
        Scalar::Duration => quote! { rpc_runtime::types::IsoDuration },
        Scalar::Uuid => quote! { rpc_runtime::types::Uuid },
        Scalar::Decimal(_) => quote! { rpc_runtime::types::Decimal },
        Scalar::Base64 | Scalar::Binary => quote! { rpc_runtime::types::Bytes },
        Scalar::Ipv4 => quote! { std::net::Ipv4Addr },
        Scalar::Ipv6 => quote! { std::net::Ipv6Addr },
    }
}

/// Whether a type has rules somewhere inside, and so an `impl Validate`.
pub(crate) fn needs_validation(service: &Service, id: TypeId) -> bool {
    named_has_rules(service, id, &mut BTreeSet::new())
}

fn named_has_rules(service: &Service, id: TypeId, seen: &mut BTreeSet<TypeId>) -> bool {
    if !seen.insert(id) {
        return false;
    }
    match service.types.get(id).map(|def| &def.shape) {
        Some(Shape::Struct(shape)) => shape
            .fields
            .iter()
            .any(|field| !field.constraints.is_empty() || has_rules(service, &field.ty, seen)),
        Some(Shape::Union(union)) => {
            union.variants.iter().any(|variant| has_rules(service, &variant.ty, seen))
        }
        Some(Shape::Alias(ty, rules)) => !rules.is_empty() || has_rules(service, ty, seen),
        Some(Shape::Enum(_)) | None => false,
    }
}

fn has_rules(service: &Service, ty: &Type, seen: &mut BTreeSet<TypeId>) -> bool {
    match ty {
        Type::Named(id) => named_has_rules(service, *id, seen),
        Type::List(inner) | Type::Map(inner) | Type::Nullable(inner) | Type::Boxed(inner) => {
            has_rules(service, inner, seen)
        }
        Type::Tuple(_) | Type::Scalar(_) | Type::Any | Type::Null => false,
    }
}

/// A `Rules { … }` expression, good in a `static`, for a value of this type; `None` when there is nothing to check.
pub(crate) fn rules(service: &Service, ty: &Type, own: &Constraints) -> Option<TokenStream> {
    let mut constraints = own;
    if let Type::Named(id) = ty {
        let Some(Shape::Alias(_, named)) = service.types.get(*id).map(|def| &def.shape) else { return None };
        constraints = if own.is_empty() { named } else { own };
    }
    (!constraints.is_empty()).then(|| expression(constraints))
}

fn expression(constraints: &Constraints) -> TokenStream {
    let mut fields = TokenStream::new();
    let bound = |bound: &Bound| {
        let value = &bound.value;
        if bound.exclusive {
            quote! { rpc_runtime::codegen::Bound::exclusive(#value) }
        } else {
            quote! { rpc_runtime::codegen::Bound::inclusive(#value) }
        }
    };
    if let Some(least) = constraints.minimum.as_ref().map(bound) {
        fields.extend(quote! { minimum: Some(#least), });
    }
    if let Some(most) = constraints.maximum.as_ref().map(bound) {
        fields.extend(quote! { maximum: Some(#most), });
    }
    if let Some(step) = &constraints.multiple_of {
        fields.extend(quote! { multiple_of: Some(#step), });
    }
    let number = |count: u64| proc_macro2::Literal::u64_unsuffixed(count);
    let counts = [
        (quote! { min_length }, constraints.min_length),
        (quote! { max_length }, constraints.max_length),
        (quote! { min_items }, constraints.min_items),
        (quote! { max_items }, constraints.max_items),
    ];
    for (name, count) in counts {
        if let Some(count) = count.map(number) {
            fields.extend(quote! { #name: Some(#count), });
        }
    }
    if let Some(pattern) = &constraints.pattern {
        fields.extend(quote! { pattern: Some(#pattern), });
    }
    if constraints.unique_items {
        fields.extend(quote! { unique_items: true, });
    }
    if let Some(items) = constraints.items.as_deref().filter(|items| !items.is_empty()).map(expression) {
        fields.extend(quote! { items: Some(&#items), });
    }
    quote! { rpc_runtime::codegen::Rules { #fields ..rpc_runtime::codegen::Rules::NONE } }
}

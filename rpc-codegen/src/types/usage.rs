//! Uses of types as Rust writes them.

use proc_macro2::TokenStream;
use quote::quote;

use super::text::ident;
use crate::ir::{FloatKind, IntKind, Scalar, Service, Type};

/// A type as signatures outside of `types` write it: `Vec<types::Order>`.
pub fn rust_type(service: &Service, ty: &Type) -> TokenStream {
    write(service, ty, &quote!(types))
}

/// A type as the files of `types` write it: `Vec<super::Order>`.
pub(super) fn sibling(service: &Service, ty: &Type) -> TokenStream {
    write(service, ty, &quote!(super))
}

fn write(service: &Service, ty: &Type, home: &TokenStream) -> TokenStream {
    let inner = |ty| write(service, ty, home);
    match ty {
        Type::Named(id) => match service.types.get(*id) {
            Some(def) => {
                let name = ident(&def.name);
                quote!(#home::#name)
            }
            None => quote!(rpc_runtime::types::Value),
        },
        Type::Scalar(scalar) => self::scalar(*scalar),
        Type::List(item) => {
            let item = inner(item);
            quote!(Vec<#item>)
        }
        Type::Map(value) => {
            let value = inner(value);
            quote!(std::collections::BTreeMap<String, #value>)
        }
        Type::Tuple(parts) => {
            let parts = parts.iter().map(inner);
            quote!((#(#parts,)*))
        }
        Type::Nullable(some) => {
            let some = inner(some);
            quote!(Option<#some>)
        }
        Type::Boxed(content) => {
            let content = inner(content);
            quote!(Box<#content>)
        }
        Type::Any => quote!(rpc_runtime::types::Value),
        Type::Null => quote!(()),
    }
}

pub(super) fn int(kind: IntKind) -> TokenStream {
    match kind {
        IntKind::I32 => quote!(i32),
        IntKind::I64 => quote!(i64),
        IntKind::U32 => quote!(u32),
        IntKind::U64 => quote!(u64),
    }
}

pub(super) fn scalar(scalar: Scalar) -> TokenStream {
    match scalar {
        Scalar::Bool => quote!(bool),
        Scalar::Int(kind) | Scalar::IntString(kind) => int(kind),
        Scalar::Float(FloatKind::F32) => quote!(f32),
        Scalar::Float(FloatKind::F64) => quote!(f64),
        Scalar::String | Scalar::Uri => quote!(String),
        Scalar::DateTime => quote!(rpc_runtime::types::DateTime),
        Scalar::Date => quote!(rpc_runtime::types::Date),
        Scalar::Time => quote!(rpc_runtime::types::Time),
        Scalar::Duration => quote!(rpc_runtime::types::IsoDuration),
        Scalar::Uuid => quote!(rpc_runtime::types::Uuid),
        Scalar::Decimal(_) => quote!(rpc_runtime::types::Decimal),
        Scalar::Base64 | Scalar::Binary => quote!(rpc_runtime::types::Bytes),
        Scalar::File => quote!(rpc_runtime::types::File),
        Scalar::Ipv4 => quote!(std::net::Ipv4Addr),
        Scalar::Ipv6 => quote!(std::net::Ipv6Addr),
    }
}

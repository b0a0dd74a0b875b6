//! Codecs: how a value looks on the wire where its Rust type alone does not say.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::{DecimalWire, Scalar, Service, Shape, Type};

/// The codec of a type, `Vec<rpc_runtime::codec::DecimalString>`; `None` where its own serde is right. Other names for
/// types carry their codec to where they are used.
pub fn codec(service: &Service, ty: &Type) -> Option<TokenStream> {
    match ty {
        Type::Scalar(Scalar::Decimal(DecimalWire::String)) => Some(quote!(rpc_runtime::codec::DecimalString)),
        Type::Scalar(Scalar::Decimal(DecimalWire::Number)) => Some(quote!(rpc_runtime::codec::DecimalNumber)),
        Type::Scalar(Scalar::Base64 | Scalar::Binary) => Some(quote!(rpc_runtime::codec::Base64)),
        Type::Scalar(Scalar::IntString(_)) => Some(quote!(rpc_runtime::codec::IntString)),
        Type::Scalar(_) | Type::Any | Type::Null => None,
        Type::Named(id) => match &service.types.get(*id)?.shape {
            Shape::Alias(inner, _) => codec(service, inner),
            _ => None,
        },
        Type::List(inner) => codec(service, inner).map(|inner| quote!(Vec<#inner>)),
        Type::Map(inner) => codec(service, inner)
            .map(|inner| quote!(std::collections::BTreeMap<rpc_runtime::codec::Same, #inner>)),
        Type::Nullable(inner) => codec(service, inner).map(|inner| quote!(Option<#inner>)),
        Type::Boxed(inner) => codec(service, inner).map(|inner| quote!(Box<#inner>)),
        Type::Tuple(parts) => {
            let codecs: Vec<Option<TokenStream>> = parts.iter().map(|part| codec(service, part)).collect();
            codecs.iter().any(Option::is_some).then(|| {
                let codecs = codecs.into_iter().map(or_same);
                quote!((#(#codecs,)*))
            })
        }
    }
}

/// The codec, or the one that does nothing.
pub(super) fn or_same(codec: Option<TokenStream>) -> TokenStream {
    codec.unwrap_or_else(|| quote!(rpc_runtime::codec::Same))
}

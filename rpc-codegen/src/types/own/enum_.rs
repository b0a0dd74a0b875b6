//! Enums over strings and integers.

use proc_macro2::TokenStream;
use quote::quote;

use super::catch_all;
use crate::diagnostic::{Diagnostic, rules};
use crate::ir::{Scalar, TypeDef, ValueEnum};
use crate::types::context::Context;
use crate::types::decorate::deprecated;
use crate::types::docs::{code, doc};
use crate::types::text::{ident, literal, number};
use crate::types::usage::int;

/// The enum and the macro call that gives it its impls.
pub(in crate::types) fn value_enum(
    context: &Context<'_>,
    def: &TypeDef,
    values: &ValueEnum,
) -> Result<TokenStream, Diagnostic> {
    let unsupported =
        |message: String| Diagnostic::new(rules::UNSUPPORTED_SCHEMA, def.origin.clone(), message);
    let (name, docs) = (ident(&def.name), doc(def.doc.as_deref(), &format!("`{}`.", def.name)));
    let (allow, deprecated) = (context.allow(def), deprecated(def.deprecated));
    let catch = catch_all(values.values.iter().map(|value| value.name.as_str()));
    let catch_name = ident(catch);
    let variants = values.values.iter().map(|value| {
        let (variant, docs) =
            (ident(&value.name), doc(value.doc.as_deref(), &format!("{}.", code(&value.wire))));
        quote!(#docs #variant,)
    });
    let (kept, integer) = match values.of {
        Scalar::String | Scalar::Uri => (quote!(String), None),
        Scalar::Int(kind) => (int(kind), Some(int(kind))),
        other => return Err(unsupported(format!("an enum of {other:?} values"))),
    };
    let mut arms = Vec::new();
    for value in &values.values {
        let variant = ident(&value.name);
        let wire = match integer {
            None => {
                let wire = literal(&value.wire);
                quote!(#wire)
            }
            Some(_) => number(&value.wire)
                .ok_or_else(|| unsupported(format!("`{}` in an enum of integers", value.wire)))?,
        };
        arms.push(quote!(#variant = #wire));
    }
    let head = match (&integer, values.open && catch != "Unknown") {
        (None, false) => quote!(#name),
        (None, true) => quote!(#name, #catch_name),
        (Some(integer), false) => quote!(#name: #integer),
        (Some(integer), true) => quote!(#name: #integer, #catch_name),
    };
    let macro_name = match (values.open, integer.is_some()) {
        (true, false) => quote!(string_enum),
        (false, false) => quote!(closed_string_enum),
        (true, true) => quote!(int_enum),
        (false, true) => quote!(closed_int_enum),
    };
    let unknown = values.open.then(|| {
        quote! {
            /// A value that the document does not list, as it came.
            #catch_name(#kept),
        }
    });
    let copy = (!values.open).then(|| quote!(Copy,));
    Ok(quote! {
        #docs
        #[derive(Debug, Clone, #copy PartialEq, Eq, Hash)]
        #[non_exhaustive]
        #deprecated
        #allow
        pub enum #name {
            #(#variants)*
            #unknown
        }
        rpc_runtime::codegen::#macro_name!(#head { #(#arms),* });
    })
}

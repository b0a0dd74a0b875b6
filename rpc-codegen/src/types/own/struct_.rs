//! Structs that progenitor cannot write.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::{Struct, Type, TypeDef};
use crate::types::codec::{codec, or_same};
use crate::types::context::Context;
use crate::types::decorate;
use crate::types::plan::{Missing, Plan, Wrap};
use crate::types::text::{ident, literal};

/// The same struct that progenitor would have given.
pub(in crate::types) fn strukt(
    context: &Context<'_>,
    def: &TypeDef,
    strukt: &Struct,
    plans: &[Plan<'_>],
) -> TokenStream {
    let types: Vec<TokenStream> = plans.iter().map(|plan| plan.rust_type(context)).collect();
    decorate::item(context, def, strukt, plans, &types)
}

/// Serde for a struct with a map of further members.
pub(in crate::types) fn open_struct(
    context: &Context<'_>,
    def: &TypeDef,
    plans: &[Plan<'_>],
    rest: &str,
    ty: &Type,
) -> TokenStream {
    let (name, rest, rest_codec) = (ident(&def.name), ident(rest), or_same(codec(context.service, ty)));
    let fields = plans.iter().map(|plan| {
        let (field, wire, codec) =
            (ident(&plan.field.name), literal(&plan.field.wire), plan.full_codec(context));
        let default = quote::format_ident!("default_{}", plan.field.name);
        let missing = match (&plan.missing, plan.null_is_missing) {
            (Missing::Error, _) => quote!(required),
            (Missing::Default, false) => quote!(default),
            (Missing::Default, true) => quote!(null_default),
            (Missing::Value(_), true) => quote!(or #default),
            (Missing::Value(_), false) => quote!(or_missing #default),
        };
        let written = match (plan.skip, plan.wrap) {
            (false, _) => quote!(always),
            (true, Wrap::Maybe) => quote!(unless rpc_runtime::types::Maybe::is_absent),
            (true, _) => quote!(unless Option::is_none),
        };
        quote!(#field: #wire as #codec, #missing, #written;)
    });
    quote! {
        rpc_runtime::codegen::open_struct!(#name { #(#fields)* } #rest: #rest_codec);
    }
}

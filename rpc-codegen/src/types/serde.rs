//! How a struct is read and written: the runtime's `object!`.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::codec::{codec, or_same};
use super::context::Context;
use super::plan::{Missing, Plan};
use super::text::{ident, literal};
use crate::ir::{Type, TypeDef};

/// As many fields are a group in the runtime.
const GROUP: usize = 16;

/// Serde's traits for a struct; `open` is the map of further members.
pub(super) fn object(
    context: &Context<'_>,
    def: &TypeDef,
    plans: &[Plan<'_>],
    open: Option<(&str, &Type)>,
) -> TokenStream {
    let name = ident(&def.name);
    let groups = plans.chunks(GROUP).enumerate().map(|(number, plans)| {
        let number = Literal::usize_unsuffixed(number);
        let members = plans.iter().enumerate().map(|(at, plan)| member(context, at, plan));
        quote!(#number { #(#members)* })
    });
    // A struct without fields is one empty group: what was read ends with it.
    let none = plans.is_empty().then(|| quote!(0 {}));
    let rest = open.map(|(rest, ty)| {
        let (rest, codec) = (ident(rest), or_same(codec(context.service, ty)));
        quote!(#rest as #codec)
    });
    quote! {
        rpc_runtime::codegen::object!(#name { #(#groups)* #none } #rest);
    }
}

fn member(context: &Context<'_>, at: usize, plan: &Plan<'_>) -> TokenStream {
    let (at, field, wire) =
        (Literal::usize_unsuffixed(at), ident(&plan.field.name), literal(&plan.field.wire));
    let missing = match &plan.missing {
        Missing::Error => quote!(required),
        Missing::Default => quote!(or_default),
        Missing::Value(_) => {
            let default = plan.default_function();
            quote!(or(#default))
        }
    };
    let codec = plan.codec(context);
    let (read, write) = match (plan.null_is_missing, plan.skip) {
        (false, false) => ("read", "write"),
        (false, true) => ("read", "write_present"),
        (true, false) => ("read_nullable", "write"),
        (true, true) => ("read_nullable", "write_present"),
    };
    let method = |name: &str| match codec {
        Some(_) => ident(&format!("{name}_as")),
        None => ident(name),
    };
    let (read, write) = (method(read), method(write));
    let codec = codec.map(|codec| quote!(as #codec));
    quote!(#at #field #wire #missing #read #write #codec;)
}

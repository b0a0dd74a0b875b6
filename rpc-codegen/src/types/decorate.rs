//! A struct's item and everything around it, wherever its fields' types came from.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::codec::compact;
use super::context::Context;
use super::default::shown;
use super::docs::{attributes, code, doc, doc_lines};
use super::plan::{Missing, Plan, Wrap, kept, needs_nothing};
use super::text::ident;
use super::usage::sibling;
use super::{methods, own};
use crate::ir::{Presence, Struct, TypeDef};

/// The struct with `types` as the types of its fields, in document order.
pub(super) fn item(
    context: &Context<'_>,
    def: &TypeDef,
    strukt: &Struct,
    plans: &[Plan<'_>],
    types: &[TokenStream],
) -> TokenStream {
    let name = ident(&def.name);
    let docs = doc(def.doc.as_deref(), &format!("`{}`.", def.name));
    let without = without(def);
    let allow = context.allow(def);
    let deprecated = deprecated(def.deprecated);
    let open = kept(strukt);
    let derives = derives(def, plans, open.is_some());
    let fields = plans.iter().zip(types).map(|(plan, ty)| {
        let docs = field_docs(plan);
        let deprecated = self::deprecated(plan.field.deprecated);
        let serde = open.is_none().then(|| serde_attribute(context, plan));
        let field = ident(&plan.field.name);
        quote! {
            #docs
            #deprecated
            #serde
            pub #field: #ty,
        }
    });
    let rest = open.map(|(rest, ty)| {
        let (rest, ty) = (ident(rest), sibling(context.service, ty));
        quote! {
            /// Further members, by name.
            pub #rest: std::collections::BTreeMap<String, #ty>,
        }
    });
    let methods = methods::item(context, def, strukt, plans);
    let serde = match open {
        Some((rest, ty)) => own::open_struct(context, def, plans, rest, ty),
        None => TokenStream::new(),
    };
    let defaults = plans.iter().filter_map(|plan| default_functions(context, plan, &allow, open.is_some()));
    quote! {
        #docs
        #without
        #[derive(#derives)]
        #[non_exhaustive]
        #deprecated
        #allow
        pub struct #name {
            #(#fields)*
            #rest
        }
        #methods
        #serde
        #(#defaults)*
    }
}

/// Says which properties only the other direction has.
fn without(def: &TypeDef) -> Option<TokenStream> {
    let names: Vec<String> = def.without.iter().map(|name| code(name)).collect();
    let whose = if def.input_of.is_some() { "replies" } else { "requests" };
    let line = format!("Without what only {whose} have: {}.", names.join(", "));
    (!names.is_empty()).then(|| attributes(&[String::new(), line]))
}

pub(super) fn deprecated(yes: bool) -> Option<TokenStream> {
    yes.then(|| quote!(#[deprecated]))
}

/// Whether `Default` can be derived: nothing has a value of its own.
pub(super) fn default_is_derived(plans: &[Plan<'_>]) -> bool {
    needs_nothing(plans)
        && plans.iter().all(|plan| !plan.constant && matches!(plan.missing, Missing::Default))
}

fn derives(def: &TypeDef, plans: &[Plan<'_>], open: bool) -> TokenStream {
    let mut derives = vec![quote!(Debug), quote!(Clone)];
    if def.copy {
        derives.push(quote!(Copy));
    }
    derives.push(quote!(PartialEq));
    if def.eq {
        derives.extend([quote!(Eq), quote!(Hash)]);
    }
    if default_is_derived(plans) {
        derives.push(quote!(Default));
    }
    if !open {
        derives.extend([quote!(serde::Serialize), quote!(serde::Deserialize)]);
    }
    quote!(#(#derives),*)
}

fn field_docs(plan: &Plan<'_>) -> TokenStream {
    let mut lines = plan.field.doc.as_deref().map(doc_lines).unwrap_or_default();
    if lines.is_empty() {
        lines.push(format!("{}.", code(&plan.field.wire)));
    }
    if let Presence::Default(default) = &plan.field.presence
        && let Some(value) = shown(default)
        && !plan.constant
    {
        lines.extend([String::new(), format!("Default: {}.", code(&value))]);
    }
    attributes(&lines)
}

/// `#[serde(…)]`, if there is anything to say.
fn serde_attribute(context: &Context<'_>, plan: &Plan<'_>) -> Option<TokenStream> {
    let mut parts = Vec::new();
    // Serde sees the identifier without `r#`.
    if ident(&plan.field.name).to_string().trim_start_matches("r#") != plan.field.wire {
        let wire = super::literal(&plan.field.wire);
        parts.push(quote!(rename = #wire));
    }
    match &plan.missing {
        Missing::Error => {}
        Missing::Default => parts.push(quote!(default)),
        Missing::Value(_) => {
            let path = format!("default_{}", plan.field.name);
            parts.push(quote!(default = #path));
        }
    }
    match (plan.skip, plan.wrap) {
        (true, Wrap::Maybe) => {
            parts.push(quote!(skip_serializing_if = "rpc_runtime::types::Maybe::is_absent"))
        }
        (true, _) => parts.push(quote!(skip_serializing_if = "Option::is_none")),
        (false, _) => {}
    }
    let codec = plan.codec(context);
    match (&plan.missing, codec) {
        (Missing::Default, None) if plan.null_is_missing => {
            parts.push(quote!(deserialize_with = "rpc_runtime::codegen::null_as_default"));
        }
        (Missing::Default, Some(codec)) if plan.null_is_missing => {
            let with = with(&quote!(rpc_runtime::codegen::OrDefault<#codec>));
            parts.push(quote!(with = #with));
        }
        (Missing::Value(_), codec) if plan.null_is_missing => {
            let path = format!("read_{}", plan.field.name);
            if let Some(codec) = codec {
                let write = format!("{}::serialize", with(&codec));
                parts.push(quote!(serialize_with = #write));
            }
            parts.push(quote!(deserialize_with = #path));
        }
        (_, Some(codec)) => {
            let with = with(&codec);
            parts.push(quote!(with = #with));
        }
        // Without this, serde reads a missing `Option` as `None`.
        (Missing::Error, None) if plan.wrap == Wrap::Option => {
            parts.push(quote!(deserialize_with = "serde::Deserialize::deserialize"));
        }
        _ => {}
    }
    (!parts.is_empty()).then(|| quote!(#[serde(#(#parts),*)]))
}

fn with(codec: &TokenStream) -> String {
    format!("rpc_runtime::codec::As::<{}>", compact(codec))
}

/// The functions that serde's attributes name: the default, and reading where null means it.
fn default_functions(
    context: &Context<'_>,
    plan: &Plan<'_>,
    allow: &Option<TokenStream>,
    open: bool,
) -> Option<TokenStream> {
    let Missing::Value(value) = &plan.missing else { return None };
    let ty = plan.rust_type(context);
    let default = format_ident!("default_{}", plan.field.name);
    let read = (plan.null_is_missing && !open).then(|| {
        let read = format_ident!("read_{}", plan.field.name);
        let codec = plan.full_codec(context);
        quote! {
            #allow
            fn #read<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<#ty, D::Error> {
                rpc_runtime::codegen::null_or::<#codec, _, _>(deserializer, #default)
            }
        }
    });
    Some(quote! {
        #allow
        fn #default() -> #ty {
            #value
        }
        #read
    })
}

//! A struct's item and everything around it, wherever its fields' types came from.

use proc_macro2::TokenStream;
use quote::quote;

use super::context::Context;
use super::default::shown;
use super::docs::{attributes, code, doc, doc_lines};
use super::plan::{Missing, Plan, kept, needs_nothing};
use super::text::ident;
use super::usage::sibling;
use super::{methods, serde};
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
    let derives = derives(def, plans);
    let fields = plans.iter().zip(types).map(|(plan, ty)| {
        let docs = field_docs(plan);
        let deprecated = self::deprecated(plan.field.deprecated);
        let field = ident(&plan.field.name);
        quote! {
            #docs
            #deprecated
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
    let serde = serde::object(context, def, plans, open);
    let defaults = plans.iter().filter_map(|plan| default_function(context, plan, &allow));
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

fn derives(def: &TypeDef, plans: &[Plan<'_>]) -> TokenStream {
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

/// The function that gives a missing field's value.
fn default_function(
    context: &Context<'_>,
    plan: &Plan<'_>,
    allow: &Option<TokenStream>,
) -> Option<TokenStream> {
    let Missing::Value(value) = &plan.missing else { return None };
    let ty = plan.rust_type(context);
    let default = plan.default_function();
    Some(quote! {
        #allow
        fn #default() -> #ty {
            #value
        }
    })
}

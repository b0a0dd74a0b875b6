//! `new`, setters and `Default` of a struct.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::context::Context;
use super::decorate::default_is_derived;
use super::plan::{Missing, Plan, Wrap, kept, needs_nothing};
use super::text::ident;
use super::usage::sibling;
use crate::ir::{Struct, Type, TypeDef};

/// `impl X { new, with_… }` and, where nothing is required, `Default`.
pub(super) fn item(context: &Context<'_>, def: &TypeDef, strukt: &Struct, plans: &[Plan<'_>]) -> TokenStream {
    let name = ident(&def.name);
    let allow = context.allow(def);
    let new = new(context, strukt, plans);
    let setters = def.direction.request.then(|| {
        let fields = plans
            .iter()
            .filter(|plan| plan.fill.is_some() && !plan.constant)
            .map(|plan| setter(context, plan));
        let rest = kept(strukt).map(|(rest, ty)| {
            let (setter, field, ty) =
                (format_ident!("with_{rest}"), ident(rest), sibling(context.service, ty));
            quote! {
                /// Sets the further members.
                #[must_use]
                pub fn #setter(mut self, value: impl Into<std::collections::BTreeMap<String, #ty>>) -> Self {
                    self.#field = value.into();
                    self
                }
            }
        });
        quote!(#(#fields)* #rest)
    });
    let default = (needs_nothing(plans) && !default_is_derived(plans)).then(|| {
        quote! {
            #allow
            impl Default for #name {
                fn default() -> Self {
                    Self::new()
                }
            }
        }
    });
    quote! {
        #allow
        impl #name {
            #new
            #setters
        }
        #default
    }
}

fn new(context: &Context<'_>, strukt: &Struct, plans: &[Plan<'_>]) -> TokenStream {
    let required: Vec<&Plan<'_>> = plans.iter().filter(|plan| plan.fill.is_none()).collect();
    let arguments = required.iter().map(|plan| {
        let field = ident(&plan.field.name);
        let ty = if plan.is_text(context) { quote!(impl Into<String>) } else { plan.rust_type(context) };
        quote!(#field: #ty)
    });
    let values = plans.iter().map(|plan| {
        let field = ident(&plan.field.name);
        match &plan.fill {
            None if plan.is_text(context) => quote!(#field: #field.into()),
            None => quote!(#field),
            // The function that decoding uses.
            Some(_) if matches!(plan.missing, Missing::Value(_)) => {
                let default = plan.default_function();
                quote!(#field: #default())
            }
            Some(value) => quote!(#field: #value),
        }
    });
    let rest = kept(strukt).map(|(rest, _)| {
        let rest = ident(rest);
        quote!(#rest: std::collections::BTreeMap::new(),)
    });
    let many = (required.len() > 7)
        .then(|| quote!(#[expect(clippy::too_many_arguments, reason = "one for each required field")]));
    let docs = match (required.is_empty(), plans.is_empty()) {
        (true, _) => " With nothing set.",
        (false, _) if required.len() == plans.len() => " With all fields.",
        (false, _) => " With the required fields.",
    };
    quote! {
        #[doc = #docs]
        #many
        #[inline]
        pub fn new(#(#arguments),*) -> Self {
            Self { #(#values,)* #rest }
        }
    }
}

fn setter(context: &Context<'_>, plan: &Plan<'_>) -> TokenStream {
    if *context.resolve(plan.inner) == Type::Null {
        return null_setter(plan);
    }
    let (setter, field) = (format_ident!("with_{}", plan.field.name), ident(&plan.field.name));
    let docs = format!(" Sets {}.", super::docs::code(&plan.field.wire));
    let deprecated = super::decorate::deprecated(plan.field.deprecated);
    let (ty, value) = match plan.wrap {
        Wrap::Option if plan.skip => (sibling(context.service, plan.inner), quote!(Some(value.into()))),
        _ => (plan.rust_type(context), quote!(value.into())),
    };
    quote! {
        #[doc = #docs]
        #deprecated
        #[must_use]
        pub fn #setter(mut self, value: impl Into<#ty>) -> Self {
            self.#field = #value;
            self
        }
    }
}

/// A field that can only be null has nothing to be told.
fn null_setter(plan: &Plan<'_>) -> TokenStream {
    let (setter, field) = (format_ident!("with_{}", plan.field.name), ident(&plan.field.name));
    let value = match plan.wrap {
        Wrap::Plain => return TokenStream::new(),
        Wrap::Option => quote!(Some(())),
        Wrap::Maybe => quote!(rpc_runtime::types::Maybe::Null),
    };
    let docs = format!(" Sets {} to null.", super::docs::code(&plan.field.wire));
    let deprecated = super::decorate::deprecated(plan.field.deprecated);
    quote! {
        #[doc = #docs]
        #deprecated
        #[must_use]
        #[inline]
        pub fn #setter(mut self) -> Self {
            self.#field = #value;
            self
        }
    }
}

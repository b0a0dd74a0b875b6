//! What is written without progenitor.

mod enum_;
mod struct_;
mod union_;

use proc_macro2::TokenStream;
use quote::quote;

pub(super) use enum_::value_enum;
pub(super) use struct_::strukt;
pub(super) use union_::{unboxed, union};

use super::context::Context;
use super::decorate::deprecated;
use super::docs::doc;
use super::text::ident;
use super::usage::sibling;
use crate::ir::{Type, TypeDef};

/// `pub type X = …;`
pub(super) fn alias(context: &Context<'_>, def: &TypeDef, ty: &Type) -> TokenStream {
    let (name, docs) = (ident(&def.name), doc(def.doc.as_deref(), &format!("`{}`.", def.name)));
    let (allow, deprecated) = (context.allow(def), deprecated(def.deprecated));
    let ty = sibling(context.service, ty);
    quote! {
        #docs
        #deprecated
        #allow
        pub type #name = #ty;
    }
}

/// The name of the variant that keeps what the document does not list: `Unknown`, unless the document has that itself.
pub(super) fn catch_all<'n>(names: impl Iterator<Item = &'n str> + Clone) -> &'static str {
    ["Unknown", "Unlisted", "Unrecognized", "UnknownValue"]
        .into_iter()
        .find(|candidate| names.clone().all(|name| name != *candidate))
        .unwrap_or("UnlistedValue")
}

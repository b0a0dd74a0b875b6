//! Unions.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::catch_all;
use crate::diagnostic::{Diagnostic, rules};
use crate::ir::{
    Additional, Dispatch, Presence, Scalar, Shape, Struct, Type, TypeDef, TypeId, Union, Variant,
};
use crate::types::codec::{codec, or_same};
use crate::types::context::Context;
use crate::types::decorate::deprecated;
use crate::types::docs::doc;
use crate::types::text::{ident, literal};
use crate::types::usage::sibling;

/// The enum, the macro call that gives it its impls, and conversions from its alternatives.
pub(in crate::types) fn union(
    context: &Context<'_>,
    def: &TypeDef,
    union: &Union,
) -> Result<TokenStream, Diagnostic> {
    let (name, docs) = (ident(&def.name), doc(def.doc.as_deref(), &format!("`{}`.", def.name)));
    let (allow, deprecated) = (context.allow(def), deprecated(def.deprecated));
    let catch = ident(catch_all(union.variants.iter().map(|variant| variant.name.as_str())));
    let variants = union.variants.iter().map(|variant| {
        let (variant_name, ty) = (ident(&variant.name), sibling(context.service, &variant.ty));
        let docs = doc(None, &format!("`{}`.", variant.name));
        quote!(#docs #variant_name(#ty),)
    });
    let alternatives = union.variants.iter().map(|variant| {
        let (variant_name, ty) = (ident(&variant.name), sibling(context.service, &variant.ty));
        let codec = or_same(codec(context.service, &variant.ty));
        let keys = keys(context, &union.dispatch, variant);
        quote!(#variant_name: #ty as #codec = [#(#keys),*],)
    });
    let how = how(context, def, union)?;
    let conversions = conversions(context, def, union);
    let hash = def.eq.then(|| quote!(, Eq, Hash));
    Ok(quote! {
        #docs
        #[derive(Debug, Clone, PartialEq #hash)]
        #[non_exhaustive]
        #[allow(clippy::large_enum_variant, reason = "alternatives are as large as the document has them")]
        #deprecated
        #allow
        pub enum #name {
            #(#variants)*
            /// What is none of these, as the text that came.
            #catch(rpc_runtime::types::RawJson),
        }
        rpc_runtime::codegen::union!(#name, #catch, #how { #(#alternatives)* });
        #conversions
    })
}

/// How the macro is told to choose.
fn how(context: &Context<'_>, def: &TypeDef, union: &Union) -> Result<TokenStream, Diagnostic> {
    let Dispatch::Tag(tag) = &union.dispatch else {
        return Ok(match union.dispatch {
            Dispatch::Field => quote!(field),
            Dispatch::JsonType => quote!(json_type),
            _ => quote!(best_match),
        });
    };
    let mut seen = BTreeSet::new();
    for value in union.variants.iter().flat_map(|variant| &variant.tags) {
        if !seen.insert(value) {
            let message = format!("`{value}` chooses two alternatives of `{}`", def.name);
            return Err(Diagnostic::new(rules::UNSUPPORTED_SCHEMA, def.origin.clone(), message));
        }
    }
    let mut without = union.variants.iter().filter(|variant| may_lack(context, &variant.ty, tag));
    let tag = literal(tag);
    let default = match (without.next(), without.next()) {
        (Some(Variant { tags, .. }), None) => tags.first().map(|value| literal(value)),
        _ => None,
    };
    Ok(match default {
        Some(value) => quote!(tag(#tag, or #value)),
        None => quote!(tag(#tag)),
    })
}

/// Whether the alternative's struct has a tag that may be missing.
fn may_lack(context: &Context<'_>, ty: &Type, tag: &str) -> bool {
    let def = context.struct_of(ty).and_then(|id| context.def(id));
    let Some(Shape::Struct(strukt)) = def.map(|def| &def.shape) else { return false };
    strukt.fields.iter().any(|field| field.wire == tag && field.presence != Presence::Required)
}

/// What chooses an alternative, as the macro takes it.
fn keys(context: &Context<'_>, dispatch: &Dispatch, variant: &Variant) -> Vec<TokenStream> {
    let text = |text: &str| {
        let text = literal(text);
        quote!(#text)
    };
    match dispatch {
        Dispatch::Tag(_) => variant.tags.iter().map(|tag| text(tag)).collect(),
        Dispatch::Field => vec![text(&variant.field)],
        Dispatch::JsonType => {
            let kinds: BTreeSet<&str> = json_types(context, &variant.ty, 0).into_iter().collect();
            kinds.into_iter().map(text).collect()
        }
        Dispatch::BestMatch => {
            let mut members = Members::default();
            let rest = members.of(context, &variant.ty).then(|| quote!(..));
            members.names.into_iter().map(text).chain(rest).collect()
        }
    }
}

/// Types that are looked into for one alternative, in documents that put unions into unions without end.
const MOST: usize = 64;

/// The members that types have fields for.
#[derive(Default)]
struct Members<'c> {
    names: BTreeSet<&'c str>,
    /// Types that were looked into: unions may stand in each other in many ways.
    seen: BTreeSet<TypeId>,
}

impl<'c> Members<'c> {
    /// Adds those of a type, and says whether it keeps the others. A union has those of all its alternatives, and keeps what fits none of
    /// them; what is no struct keeps everything, or cannot be read.
    fn of(&mut self, context: &Context<'c>, ty: &'c Type) -> bool {
        let id = match ty {
            Type::Boxed(inner) | Type::Nullable(inner) => return self.of(context, inner),
            Type::Named(id) if self.seen.len() < MOST && self.seen.insert(*id) => *id,
            _ => return true,
        };
        match context.def(id).map(|def| &def.shape) {
            Some(Shape::Struct(Struct { fields, additional })) => {
                self.names.extend(fields.iter().map(|field| field.wire.as_str()));
                *additional != Additional::Ignored
            }
            Some(Shape::Alias(inner, _)) => self.of(context, inner),
            Some(Shape::Union(union)) => {
                for variant in &union.variants {
                    self.of(context, &variant.ty);
                }
                true
            }
            _ => true,
        }
    }
}

/// The JSON types that values of a type have.
fn json_types(context: &Context<'_>, ty: &Type, depth: usize) -> Vec<&'static str> {
    const ALL: &[&str] = &["array", "boolean", "null", "number", "object", "string"];
    match ty {
        Type::Named(id) => match context.def(*id).map(|def| &def.shape) {
            Some(Shape::Struct(_)) => vec!["object"],
            Some(Shape::Enum(values)) => json_types(context, &Type::Scalar(values.of), depth),
            Some(Shape::Alias(inner, _)) => json_types(context, inner, depth),
            Some(Shape::Union(union)) if depth < 8 => union
                .variants
                .iter()
                .flat_map(|variant| json_types(context, &variant.ty, depth + 1))
                .collect(),
            _ => ALL.to_vec(),
        },
        Type::Scalar(Scalar::Bool) => vec!["boolean"],
        Type::Scalar(Scalar::Int(_) | Scalar::Float(_)) => vec!["number"],
        Type::Scalar(Scalar::Decimal(_) | Scalar::IntString(_)) => vec!["number", "string"],
        Type::Scalar(_) => vec!["string"],
        Type::List(_) | Type::Tuple(_) => vec!["array"],
        Type::Map(_) => vec!["object"],
        Type::Nullable(inner) => {
            let mut kinds = json_types(context, inner, depth);
            kinds.push("null");
            kinds
        }
        Type::Boxed(inner) => json_types(context, inner, depth),
        Type::Any => ALL.to_vec(),
        Type::Null => vec!["null"],
    }
}

/// `From` each alternative whose Rust type only one of them has.
fn conversions(context: &Context<'_>, def: &TypeDef, union: &Union) -> TokenStream {
    let (name, allow) = (ident(&def.name), context.allow(def));
    let spelled =
        |variant: &Variant| sibling(context.service, context.resolve(unboxed(&variant.ty))).to_string();
    let all: Vec<String> = union.variants.iter().map(spelled).collect();
    let own = quote!(super::#name).to_string();
    let impls = union
        .variants
        .iter()
        .zip(&all)
        .filter(|(_, ty)| **ty != own && all.iter().filter(|other| other == ty).count() == 1);
    let impls = impls.map(|(variant, _)| {
        let (variant_name, ty) = (ident(&variant.name), sibling(context.service, unboxed(&variant.ty)));
        let value = match variant.ty {
            Type::Boxed(_) => quote!(Box::new(value)),
            _ => quote!(value),
        };
        quote! {
            #allow
            impl From<#ty> for #name {
                fn from(value: #ty) -> Self {
                    Self::#variant_name(#value)
                }
            }
        }
    });
    quote!(#(#impls)*)
}

/// The type inside of a box.
pub(in crate::types) fn unboxed(ty: &Type) -> &Type {
    match ty {
        Type::Boxed(inner) => inner,
        other => other,
    }
}

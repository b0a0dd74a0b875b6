//! Checks of requests before they are sent.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::quote;

use super::context::{Context, travels};
use super::plan::{Wrap, kept, plans};
use super::rules::rules;
use super::text::{ident, literal};
use crate::ir::{Constraints, Scalar, Service, Shape, Struct, Type, TypeDef, TypeId};
use crate::passes::parts;

/// Whether values of the type are checked before they are sent: it travels in requests and a rule stands somewhere in it.
/// Then there is `impl Validate` (for other names of types: for what they stand for).
pub fn needs_validation(service: &Service, id: TypeId) -> bool {
    let (mut seen, mut waiting) = (BTreeSet::new(), vec![id]);
    while let Some(id) = waiting.pop() {
        let Some(def) = service.types.get(id).filter(|def| def.direction.request) else { continue };
        if seen.insert(id) {
            if has_own_rules(service, def) {
                return true;
            }
            checked_inside(def, &mut |id| waiting.push(id));
        }
    }
    false
}

/// All types of which [`needs_validation`] is true: from those with rules back to what they stand in.
pub(super) fn validated(service: &Service) -> BTreeSet<TypeId> {
    let mut holders: BTreeMap<TypeId, Vec<TypeId>> = BTreeMap::new();
    let mut waiting = Vec::new();
    for (id, def) in service.types.iter().filter(|(_, def)| def.direction.request) {
        checked_inside(def, &mut |part| holders.entry(part).or_default().push(id));
        if has_own_rules(service, def) {
            waiting.push(id);
        }
    }
    let mut found = BTreeSet::new();
    while let Some(id) = waiting.pop() {
        if found.insert(id) {
            waiting.extend(holders.get(&id).into_iter().flatten());
        }
    }
    found
}

/// Whether a rule stands at a field or an alternative of the type itself.
fn has_own_rules(service: &Service, def: &TypeDef) -> bool {
    match &def.shape {
        Shape::Struct(strukt) => {
            strukt.fields.iter().any(|field| rules(service, &field.ty, &field.constraints).is_some())
        }
        Shape::Union(union) => {
            let none = Constraints::default();
            union.variants.iter().any(|variant| rules(service, &variant.ty, &none).is_some())
        }
        Shape::Alias(..) | Shape::Enum(_) => false,
    }
}

/// Calls for the types whose `validate` a type's own would call.
fn checked_inside(def: &TypeDef, found: &mut impl FnMut(TypeId)) {
    parts(def).into_iter().filter_map(checked).for_each(found);
}

/// The type of which a use has a `validate` worth calling, if any. Tuples have none.
fn checked(ty: &Type) -> Option<TypeId> {
    match ty {
        Type::Named(id) => Some(*id),
        Type::List(inner) | Type::Map(inner) | Type::Nullable(inner) | Type::Boxed(inner) => checked(inner),
        Type::Tuple(_) | Type::Scalar(_) | Type::Any | Type::Null => None,
    }
}

/// Whether a use of a type has a `validate` worth calling.
fn nested(context: &Context<'_>, ty: &Type) -> bool {
    checked(ty).is_some_and(|id| context.validated.contains(&id))
}

/// `impl Validate`, where it is needed.
pub(super) fn item<'a>(context: &Context<'a>, id: TypeId, def: &'a TypeDef) -> Option<TokenStream> {
    if !context.validated.contains(&id) || !travels(def) {
        return None;
    }
    let body = match &def.shape {
        Shape::Struct(strukt) => fields(context, id, def, strukt),
        Shape::Union(_) => alternatives(context, def),
        Shape::Alias(..) | Shape::Enum(_) => return None,
    };
    let (name, allow) = (ident(&def.name), context.allow(def));
    Some(quote! {
        #allow
        impl rpc_runtime::codegen::Validate for #name {
            #[inline]
            fn validate(
                &self,
                at: &rpc_runtime::codegen::Path<'_>,
            ) -> Result<(), rpc_runtime::codegen::Violation> {
                #body
            }
        }
    })
}

fn fields<'a>(context: &Context<'a>, id: TypeId, def: &TypeDef, strukt: &'a Struct) -> TokenStream {
    let service = context.service;
    let checks = plans(context, id, def, strukt).into_iter().map(|plan| {
        let (field, wire) = (ident(&plan.field.name), literal(&plan.field.wire));
        let rules = rules(service, &plan.field.ty, &plan.field.constraints).map(|rules| {
            let check =
                check(context, plan.inner, plan.wrap, &quote!(self.#field), &quote!(&at.field(#wire)));
            quote! {{
                static RULES: rpc_runtime::codegen::Rules = #rules;
                RULES.#check?;
            }}
        });
        let nested = nested(context, plan.inner)
            .then(|| quote!(rpc_runtime::codegen::Validate::validate(&self.#field, &at.field(#wire))?;));
        quote!(#rules #nested)
    });
    let rest = kept(strukt).filter(|(_, ty)| nested(context, ty)).map(|(rest, _)| {
        let rest = ident(rest);
        quote!(rpc_runtime::codegen::Validate::validate(&self.#rest, at)?;)
    });
    quote!(#(#checks)* #rest Ok(()))
}

/// `check(at, &value)`, or `check_list(at, slice)` for lists of what has no rules of its own.
fn check(context: &Context<'_>, ty: &Type, wrap: Wrap, value: &TokenStream, at: &TokenStream) -> TokenStream {
    if !is_counted_only(context.service, ty) {
        return quote!(check(#at, &#value));
    }
    let slice = match wrap {
        Wrap::Plain => quote!(Some(#value.as_slice())),
        Wrap::Option => quote!(#value.as_deref()),
        Wrap::Maybe => quote!(#value.value().map(Vec::as_slice)),
    };
    quote!(check_list(#at, #slice))
}

/// Whether the type is a list of what has no rules of its own, so that only the list's are checked.
pub fn is_counted_only(service: &Service, ty: &Type) -> bool {
    matches!(service.types.open(ty), Type::List(item) if !has_rules(service, item))
}

/// Whether rules can be checked on values of the type: strings, numbers, and what is made of them.
fn has_rules(service: &Service, ty: &Type) -> bool {
    match service.types.open(ty) {
        Type::Scalar(of) => matches!(
            of,
            Scalar::String
                | Scalar::Uri
                | Scalar::Int(_)
                | Scalar::IntString(_)
                | Scalar::Float(_)
                | Scalar::Decimal(_)
        ),
        // Items that are collections have rules of their own, how many there may be.
        Type::List(_) | Type::Map(_) => true,
        Type::Nullable(inner) | Type::Boxed(inner) => has_rules(service, inner),
        _ => false,
    }
}

fn alternatives(context: &Context<'_>, def: &TypeDef) -> TokenStream {
    let Shape::Union(union) = &def.shape else { return quote!(Ok(())) };
    let service = context.service;
    let arms = union.variants.iter().filter_map(|variant| {
        let name = ident(&variant.name);
        let rules = rules(service, &variant.ty, &Constraints::default());
        let nested = nested(context, &variant.ty);
        match (rules, nested) {
            (Some(rules), _) => {
                let check = check(context, &variant.ty, Wrap::Plain, &quote!(value), &quote!(at));
                Some(quote! {
                    Self::#name(value) => {
                        static RULES: rpc_runtime::codegen::Rules = #rules;
                        RULES.#check
                    }
                })
            }
            (None, true) => {
                Some(quote!(Self::#name(value) => rpc_runtime::codegen::Validate::validate(value, at),))
            }
            (None, false) => None,
        }
    });
    quote! {
        match self {
            #(#arms)*
            _ => Ok(()),
        }
    }
}

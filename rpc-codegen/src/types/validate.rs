//! Checks of requests before they are sent.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::context::{Context, travels};
use super::plan::{Wrap, kept, plans};
use super::text::{ident, literal, number};
use crate::ir::{Bound, Constraints, Scalar, Service, Shape, Struct, Type, TypeDef, TypeId};

/// Whether values of the type are checked before they are sent: it travels in requests and a rule stands somewhere in it.
/// Then there is `impl Validate` (for other names of types: for what they stand for).
pub fn needs_validation(service: &Service, id: TypeId) -> bool {
    needs(service, id, &mut BTreeSet::new())
}

pub(super) fn validated(service: &Service) -> BTreeSet<TypeId> {
    service.types.iter().map(|(id, _)| id).filter(|id| needs_validation(service, *id)).collect()
}

fn needs(service: &Service, id: TypeId, seen: &mut BTreeSet<TypeId>) -> bool {
    let Some(def) = service.types.get(id).filter(|def| def.direction.request) else { return false };
    if !seen.insert(id) {
        return false;
    }
    match &def.shape {
        Shape::Struct(strukt) => {
            strukt.fields.iter().any(|field| {
                rules(service, &field.ty, &field.constraints).is_some() || nested(service, &field.ty, seen)
            }) || kept(strukt).is_some_and(|(_, ty)| nested(service, ty, seen))
        }
        Shape::Union(union) => union.variants.iter().any(|variant| {
            rules(service, &variant.ty, &Constraints::default()).is_some()
                || nested(service, &variant.ty, seen)
        }),
        Shape::Alias(ty, _) => nested(service, ty, seen),
        Shape::Enum(_) => false,
    }
}

/// Whether a use of a type has a `validate` worth calling. Tuples have none.
fn nested(service: &Service, ty: &Type, seen: &mut BTreeSet<TypeId>) -> bool {
    match ty {
        Type::Named(id) => needs(service, *id, seen),
        Type::List(inner) | Type::Map(inner) | Type::Nullable(inner) | Type::Boxed(inner) => {
            nested(service, inner, seen)
        }
        Type::Tuple(_) | Type::Scalar(_) | Type::Any | Type::Null => false,
    }
}

/// An expression of type `Rules`, fit for a `static`, for what can be checked of `constraints` (and those that other names of
/// types bring along) on values of this type; `None` when there is nothing.
pub fn rules(service: &Service, ty: &Type, constraints: &Constraints) -> Option<TokenStream> {
    let found = applicable(service, ty, constraints);
    (!found.is_empty()).then(|| expression(&found))
}

/// Only the rules that mean something for the type.
fn applicable(service: &Service, ty: &Type, given: &Constraints) -> Constraints {
    match ty {
        Type::Nullable(inner) | Type::Boxed(inner) => applicable(service, inner, given),
        Type::Named(id) => match service.types.get(*id).map(|def| &def.shape) {
            Some(Shape::Alias(inner, own)) => applicable(service, inner, &merged(given, own)),
            _ => Constraints::default(),
        },
        Type::Scalar(Scalar::String | Scalar::Uri) => Constraints {
            min_length: given.min_length.filter(|least| *least > 0),
            max_length: given.max_length,
            pattern: given.pattern.clone(),
            ..Constraints::default()
        },
        Type::Scalar(Scalar::Int(_) | Scalar::IntString(_) | Scalar::Float(_) | Scalar::Decimal(_)) => {
            Constraints {
                minimum: given.minimum.clone(),
                maximum: given.maximum.clone(),
                multiple_of: given.multiple_of.clone(),
                ..Constraints::default()
            }
        }
        Type::List(item) => Constraints {
            min_items: given.min_items.filter(|least| *least > 0),
            max_items: given.max_items,
            unique_items: given.unique_items,
            items: items(service, item, given),
            ..Constraints::default()
        },
        Type::Map(value) => Constraints { items: items(service, value, given), ..Constraints::default() },
        Type::Tuple(_) | Type::Scalar(_) | Type::Any | Type::Null => Constraints::default(),
    }
}

fn items(service: &Service, ty: &Type, given: &Constraints) -> Option<Box<Constraints>> {
    let none = Constraints::default();
    let found = applicable(service, ty, given.items.as_deref().unwrap_or(&none));
    (!found.is_empty()).then(|| Box::new(found))
}

/// Both; where both say something, the first wins.
fn merged(first: &Constraints, second: &Constraints) -> Constraints {
    Constraints {
        minimum: first.minimum.clone().or_else(|| second.minimum.clone()),
        maximum: first.maximum.clone().or_else(|| second.maximum.clone()),
        multiple_of: first.multiple_of.clone().or_else(|| second.multiple_of.clone()),
        min_length: first.min_length.or(second.min_length),
        max_length: first.max_length.or(second.max_length),
        pattern: first.pattern.clone().or_else(|| second.pattern.clone()),
        min_items: first.min_items.or(second.min_items),
        max_items: first.max_items.or(second.max_items),
        unique_items: first.unique_items || second.unique_items,
        items: match (&first.items, &second.items) {
            (Some(first), Some(second)) => Some(Box::new(merged(first, second))),
            (first, second) => first.clone().or_else(|| second.clone()),
        },
    }
}

fn expression(of: &Constraints) -> TokenStream {
    let text = |name: &str, value: &Option<String>| {
        let (name, value) = (ident(name), value.as_ref().map(|value| literal(value)));
        value.map(|value| quote!(#name: Some(#value),))
    };
    let count = |name: &str, value: Option<u64>| {
        let (name, value) = (ident(name), value.and_then(|value| number(&value.to_string())));
        value.map(|value| quote!(#name: Some(#value),))
    };
    let bound = |name: &str, value: &Option<Bound>| {
        let name = ident(name);
        value.as_ref().map(|bound| {
            let value = literal(&bound.value);
            let kind = if bound.exclusive { quote!(exclusive) } else { quote!(inclusive) };
            quote!(#name: Some(rpc_runtime::codegen::Bound::#kind(#value)),)
        })
    };
    let parts = [
        bound("minimum", &of.minimum),
        bound("maximum", &of.maximum),
        text("multiple_of", &of.multiple_of),
        count("min_length", of.min_length),
        count("max_length", of.max_length),
        text("pattern", &of.pattern),
        count("min_items", of.min_items),
        count("max_items", of.max_items),
        of.unique_items.then(|| quote!(unique_items: true,)),
    ];
    let parts = parts.into_iter().flatten();
    let items = of.items.as_deref().map(|items| {
        let items = expression(items);
        quote! {
            items: Some({
                static ITEMS: rpc_runtime::codegen::Rules = #items;
                &ITEMS
            }),
        }
    });
    quote!(rpc_runtime::codegen::Rules { #(#parts)* #items ..rpc_runtime::codegen::Rules::NONE })
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
        let nested = nested(service, plan.inner, &mut BTreeSet::new())
            .then(|| quote!(rpc_runtime::codegen::Validate::validate(&self.#field, &at.field(#wire))?;));
        quote!(#rules #nested)
    });
    let rest = kept(strukt).filter(|(_, ty)| nested(service, ty, &mut BTreeSet::new())).map(|(rest, _)| {
        let rest = ident(rest);
        quote!(rpc_runtime::codegen::Validate::validate(&self.#rest, at)?;)
    });
    quote!(#(#checks)* #rest Ok(()))
}

/// `check(at, &value)`, or `check_list(at, slice)` for lists of what has no rules of its own.
fn check(context: &Context<'_>, ty: &Type, wrap: Wrap, value: &TokenStream, at: &TokenStream) -> TokenStream {
    match context.resolve(ty) {
        Type::List(item) if !has_rules(context, item) => {
            let slice = match wrap {
                Wrap::Plain => quote!(Some(#value.as_slice())),
                Wrap::Option => quote!(#value.as_deref()),
                Wrap::Maybe => quote!(#value.value().map(Vec::as_slice)),
            };
            quote!(check_list(#at, #slice))
        }
        _ => quote!(check(#at, &#value)),
    }
}

/// Whether rules can be checked on values of the type: strings, numbers, and what is made of them.
fn has_rules(context: &Context<'_>, ty: &Type) -> bool {
    match context.resolve(ty) {
        Type::Scalar(of) => matches!(
            of,
            Scalar::String
                | Scalar::Uri
                | Scalar::Int(_)
                | Scalar::IntString(_)
                | Scalar::Float(_)
                | Scalar::Decimal(_)
        ),
        Type::List(inner) | Type::Map(inner) | Type::Nullable(inner) | Type::Boxed(inner) => {
            has_rules(context, inner)
        }
        _ => false,
    }
}

fn alternatives(context: &Context<'_>, def: &TypeDef) -> TokenStream {
    let Shape::Union(union) = &def.shape else { return quote!(Ok(())) };
    let service = context.service;
    let arms = union.variants.iter().filter_map(|variant| {
        let name = ident(&variant.name);
        let rules = rules(service, &variant.ty, &Constraints::default());
        let nested = nested(service, &variant.ty, &mut BTreeSet::new());
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

//! Constraints as `Rules` of the runtime.

use proc_macro2::TokenStream;
use quote::quote;

use super::text::{ident, literal, number};
use crate::ir::{Bound, Constraints, Scalar, Service, Shape, Type};

/// An expression of type `Rules`, fit for a `static`, for what can be checked of `constraints` (and those that other names of
/// types bring along) on values of this type; `None` when there is nothing.
pub fn rules(service: &Service, ty: &Type, constraints: &Constraints) -> Option<TokenStream> {
    let found = applicable(service, ty, constraints);
    (!found.is_empty()).then(|| expression(&found))
}

/// Only the rules that mean something for values of the type; those that other names of types bring along are among them.
pub fn applicable(service: &Service, ty: &Type, given: &Constraints) -> Constraints {
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

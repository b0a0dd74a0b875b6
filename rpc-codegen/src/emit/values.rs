//! What arguments look like: their types in signatures, how they get into a request.
//!
//! The convention, the same on every method: what is small is given by value; text is borrowed (`&str`), because it goes
//! into the request at once; lists are borrowed slices, of anything that is text where the items are text, so that
//! `&["a", "b"]` and `&names` both do; structs are given by value. Bodies are given by value.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::names;
use super::tokens::mentions_types;
use super::{is_counted_only, needs_validation, rules, rust_type};
use crate::diagnostic::Diagnostic;
use crate::ir::{Constraints, Parameter, Place, Scalar, Service, Shape, Struct, Style, Type};

/// A type with its aliases opened.
pub(crate) fn open<'a>(service: &'a Service, ty: &'a Type) -> &'a Type {
    service.types.open(ty)
}

/// The struct behind other names for it.
pub(crate) fn fields<'a>(service: &'a Service, ty: &'a Type) -> Option<&'a Struct> {
    match open(service, ty) {
        Type::Named(id) => match service.types.get(*id).map(|def| &def.shape) {
            Some(Shape::Struct(object)) => Some(object),
            _ => None,
        },
        _ => None,
    }
}

fn is_text(service: &Service, ty: &Type) -> bool {
    matches!(open(service, ty), Type::Scalar(Scalar::String | Scalar::Uri))
}

/// Whether it is a list of texts: those are borrowed as `&[impl AsRef<str>]`.
pub(crate) fn is_text_list(service: &Service, ty: &Type) -> bool {
    matches!(open(service, ty), Type::List(item) if is_text(service, item))
}

/// The type of an argument in a method's signature.
pub(crate) fn argument_type(service: &Service, ty: &Type) -> TokenStream {
    if is_text(service, ty) {
        return quote! { &str };
    }
    match open(service, ty) {
        Type::List(item) if is_text(service, item) => quote! { &[impl AsRef<str>] },
        Type::List(item) => {
            let item = rust_type(service, item);
            quote! { &[#item] }
        }
        _ => rust_type(service, ty),
    }
}

/// Whether the Rust type is a `Param`: scalars, enums, and lists and maps of them.
fn is_param(service: &Service, ty: &Type) -> bool {
    match open(service, ty) {
        Type::Scalar(_) | Type::Any => true,
        Type::Named(id) => matches!(service.types.get(*id).map(|def| &def.shape), Some(Shape::Enum(_))),
        Type::List(inner) | Type::Map(inner) | Type::Nullable(inner) | Type::Boxed(inner) => {
            is_param(service, inner)
        }
        Type::Tuple(_) | Type::Null => false,
    }
}

fn is_object(service: &Service, ty: &Type) -> bool {
    match open(service, ty) {
        Type::Named(id) => !matches!(service.types.get(*id).map(|def| &def.shape), Some(Shape::Enum(_))),
        Type::Map(_) => true,
        _ => false,
    }
}

/// Whether values of this type have an `impl Validate` with something to do.
fn is_validated(service: &Service, ty: &Type) -> bool {
    match open(service, ty) {
        Type::Named(id) => needs_validation(service, *id),
        Type::List(inner) | Type::Map(inner) | Type::Nullable(inner) | Type::Boxed(inner) => {
            is_validated(service, inner)
        }
        Type::Scalar(_) | Type::Tuple(_) | Type::Any | Type::Null => false,
    }
}

/// Statements that check a value before it is sent. `name` is what messages call it, `request` and `value` are places.
pub(crate) fn checks(
    service: &Service,
    ty: &Type,
    own: &Constraints,
    name: &str,
    request: &TokenStream,
    value: &TokenStream,
) -> Vec<TokenStream> {
    let mut out = Vec::new();
    if let Some(rules) = rules(service, ty, own) {
        let check = match is_counted_only(service, ty) {
            true => quote! { check_list(#name, &RULES, #value.iter()) },
            false => quote! { check(#name, &RULES, &#value) },
        };
        out.push(quote! {
            static RULES: rpc_runtime::codegen::Rules = #rules;
            #request.#check;
        });
    }
    if is_validated(service, ty) {
        out.push(quote! { #request.validate(#name, &#value); });
    }
    out
}

/// The statement that puts a parameter's value into the request.
///
/// # Errors
/// When the parameter is written in a way that the runtime does not know.
pub(crate) fn push(
    service: &Service,
    parameter: &Parameter,
    request: &TokenStream,
    value: &TokenStream,
) -> Result<TokenStream, Diagnostic> {
    let wire = parameter.wire.as_str();
    let param = if is_param(service, &parameter.ty) {
        quote! { &#value }
    } else {
        quote! { &rpc_runtime::codegen::JsonParam(&#value) }
    };
    let explode = parameter.explode;
    let reserved = parameter.allow_reserved;
    let segments = parameter.multi_segment;
    let object = is_object(service, &parameter.ty);
    let method = match parameter.place {
        Place::Header => format_ident!("header"),
        Place::Cookie => format_ident!("cookie"),
        Place::Path => format_ident!("path"),
        Place::Query => format_ident!("query"),
    };
    if parameter.style == Style::Json {
        return Ok(match parameter.place {
            Place::Query => quote! { #request.query_json(#wire, &#value); },
            _ => quote! { #request.#method(#wire, &rpc_runtime::codegen::JsonText(&#value)); },
        });
    }
    Ok(match parameter.place {
        Place::Path if parameter.style == Style::Simple && !segments && !(object && explode) => {
            quote! { #request.path(#wire, #param); }
        }
        Place::Path => {
            let style = style(parameter.style)?;
            quote! { #request.path_styled(#wire, #style, #explode, #segments, #param); }
        }
        Place::Query if parameter.style == Style::Form && explode && !reserved => {
            quote! { #request.query(#wire, #param); }
        }
        Place::Query => {
            let style = style(parameter.style)?;
            quote! { #request.query_styled(#wire, #style, #explode, #reserved, #param); }
        }
        Place::Header if explode && matches!(open(service, &parameter.ty), Type::List(_)) => {
            quote! { #request.header_lines(#wire, #param); }
        }
        Place::Header | Place::Cookie if object && explode => {
            let method = format_ident!("{method}_exploded");
            quote! { #request.#method(#wire, #param); }
        }
        Place::Header | Place::Cookie => quote! { #request.#method(#wire, #param); },
    })
}

/// A style of a parameter or of a field.
pub(crate) fn style(style: Style) -> Result<TokenStream, Diagnostic> {
    let name = match style {
        Style::Simple => "Simple",
        Style::Label => "Label",
        Style::Matrix => "Matrix",
        Style::Form => "Form",
        Style::SpaceDelimited => "SpaceDelimited",
        Style::PipeDelimited => "PipeDelimited",
        Style::DeepObject => "DeepObject",
        Style::Json => return Err(names::internal("JSON is no style of its own")),
    };
    let name = names::ident(name)?;
    Ok(quote! { rpc_runtime::codegen::Style::#name })
}

/// For a list of texts: a statement that makes the argument one thing, whatever the caller's items are.
pub(crate) fn borrow_texts(service: &Service, ty: &Type, name: &Ident) -> TokenStream {
    if is_text_list(service, ty) {
        quote! { let #name: Vec<&str> = #name.iter().map(AsRef::as_ref).collect(); }
    } else {
        TokenStream::new()
    }
}

/// Whether any of these needs `use crate::types;`.
pub(crate) fn uses_types(items: &TokenStream) -> bool {
    mentions_types(items)
}

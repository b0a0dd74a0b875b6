//! Methods of the client.

use proc_macro2::TokenStream;
use quote::quote;

use super::arguments::{Arguments, Source};
use super::marker::media_type;
use crate::diagnostic::Diagnostic;
use crate::emit::tokens::doc_lines;
use crate::emit::{names, values};
use crate::ir::{Body, BodyKind, Constraints, FieldStyle, Operation, Scalar, Service, Type};
use crate::types::codec;

/// The method of an operation.
pub(super) fn method(
    service: &Service,
    operation: &Operation,
    arguments: &Arguments<'_>,
) -> Result<TokenStream, Diagnostic> {
    let name = names::ident(&names::method(operation))?;
    let marker = names::ident(&names::type_name(&operation.type_name))?;
    let docs = doc_lines(super::docs::method(service, operation, arguments)?);
    let deprecated = operation.deprecated.then(|| quote! { #[deprecated] });
    let signature = match &arguments.params {
        Some(params) => {
            let params = names::ident(params)?;
            quote! { , params: #params }
        }
        None => {
            let (names, types): (Vec<_>, Vec<_>) =
                arguments.list.iter().map(|argument| (&argument.name, &argument.borrowed)).unzip();
            quote! { #(, #names: #types)* }
        }
    };
    let body = body(service, operation, arguments)?;
    Ok(quote! {
        #docs
        #deprecated
        #[inline]
        pub fn #name(&self #signature) -> Call<#marker> { #body }
    })
}

fn body(
    service: &Service,
    operation: &Operation,
    arguments: &Arguments<'_>,
) -> Result<TokenStream, Diagnostic> {
    if arguments.list.is_empty() && operation.fixed_query.is_empty() {
        return Ok(quote! { self.call() });
    }
    let request = quote! { call.request };
    let place = |name: &proc_macro2::Ident| match &arguments.params {
        Some(_) => quote! { params.#name },
        None => quote! { #name },
    };
    let mut statements = TokenStream::new();
    for (name, value) in &operation.fixed_query {
        statements.extend(quote! { #request.query(#name, &#value); });
    }
    for argument in &arguments.list {
        let value = place(&argument.name);
        match argument.source {
            Source::Parameter(parameter) => {
                if arguments.params.is_none() {
                    statements.extend(values::borrow_texts(service, &parameter.ty, &argument.name));
                }
                let (ty, rules) = (&parameter.ty, &parameter.constraints);
                for check in values::checks(service, ty, rules, &parameter.wire, &request, &value) {
                    let has_static = check.to_string().starts_with("static");
                    statements.extend(if has_static {
                        quote! { { #check } }
                    } else {
                        check
                    });
                }
                statements.extend(values::push(service, parameter, &request, &value)?);
            }
            // The body's statement has it.
            Source::ContentType => {}
            Source::Body(body) => {
                let content_type = names::ident("content_type")?;
                let content_type = match &arguments.params {
                    Some(_) => quote! { &params.#content_type },
                    None => quote! { #content_type },
                };
                statements.extend(push_body(service, operation, body, &request, &value, &content_type)?);
            }
        }
    }
    Ok(quote! { let mut call = self.call(); #statements call })
}

/// Statements that put a body into the request.
pub(super) fn push_body(
    service: &Service,
    operation: &Operation,
    body: &Body,
    request: &TokenStream,
    value: &TokenStream,
    content_type: &TokenStream,
) -> Result<TokenStream, Diagnostic> {
    let kind = &body.media_type;
    if body.kind != BodyKind::RawMultipart {
        media_type(operation, kind)?;
    }
    Ok(match &body.kind {
        BodyKind::Json(ty) | BodyKind::Form(ty) | BodyKind::Multipart(ty) => {
            let checks = values::checks(service, ty, &Constraints::default(), "body", request, value);
            let send = match body.kind {
                BodyKind::Form(_) if body.fields.is_empty() => quote! { #request.form(&#value); },
                BodyKind::Form(_) => {
                    let styles = styles(operation, body)?;
                    quote! { #request.form_styled(&#value, &[#(#styles),*]); }
                }
                BodyKind::Multipart(_) => {
                    let files = files(service, ty, value)?;
                    let styles = styles(operation, body)?;
                    match styles.is_empty() {
                        true => quote! { #request.multipart(&#value, &[#(#files),*]); },
                        false => {
                            quote! { #request.multipart_styled(&#value, &[#(#files),*], &[#(#styles),*]); }
                        }
                    }
                }
                _ => match codec(service, ty) {
                    Some(codec) => quote! { #request.json_as::<#codec, _>(#kind, &#value); },
                    None => quote! { #request.json(#kind, &#value); },
                },
            };
            quote! { #(#checks)* #send }
        }
        BodyKind::Bytes => quote! { #request.bytes(#kind, #value); },
        BodyKind::RawMultipart => quote! { #request.bytes(#content_type, #value); },
        BodyKind::Text => quote! { #request.bytes(#kind, Into::<String>::into(#value)); },
    })
}

/// The fields that are not written in the usual way: names on the wire, and how they are written.
fn styles(operation: &Operation, body: &Body) -> Result<Vec<TokenStream>, Diagnostic> {
    let one = |(wire, style): &(String, FieldStyle)| {
        let style = match style {
            FieldStyle::Styled { style, explode, reserved } => {
                let style = values::style(*style)?;
                quote! { Styled { style: #style, explode: #explode, reserved: #reserved } }
            }
            FieldStyle::Json(content) => {
                media_type(operation, content)?;
                quote! { Json(#content) }
            }
            FieldStyle::Content(content) => {
                media_type(operation, content)?;
                quote! { Content(#content) }
            }
        };
        Ok(quote! { (#wire, rpc_runtime::codegen::FieldStyle::#style) })
    };
    body.fields.iter().map(one).collect()
}

/// The fields that hold files: names on the wire, and where they are.
fn files(service: &Service, ty: &Type, value: &TokenStream) -> Result<Vec<TokenStream>, Diagnostic> {
    let Some(object) = values::fields(service, ty) else { return Ok(Vec::new()) };
    let files = object.fields.iter().filter(|field| holds_file(&field.ty));
    files
        .map(|field| {
            let (wire, name) = (&field.wire, names::ident(&field.name)?);
            Ok(quote! { (#wire, &#value.#name) })
        })
        .collect()
}

fn holds_file(ty: &Type) -> bool {
    match ty {
        Type::Scalar(scalar) => *scalar == Scalar::File,
        Type::List(inner) | Type::Nullable(inner) => holds_file(inner),
        _ => false,
    }
}

//! Setters of optional parameters and bodies, on the call of their operation.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::arguments::body_arguments;
use super::method::push_body;
use crate::diagnostic::Diagnostic;
use crate::emit::tokens::doc_lines;
use crate::emit::{names, text, values};
use crate::ir::{Operation, Service};

/// The setters of an operation, if it has any.
pub(super) fn setters(service: &Service, operation: &Operation) -> Result<TokenStream, Diagnostic> {
    let request = quote! { self.request };
    let mut out = TokenStream::new();
    let mut seen = BTreeSet::new();
    for parameter in operation.parameters.iter().filter(|p| p.is_own() && !p.is_argument()) {
        let setter = names::setter(service, operation, parameter);
        if !seen.insert(setter.clone()) {
            return Err(names::internal(format!(
                "two parameters have the setter `{}`",
                setter.escape_debug()
            )));
        }
        let name = names::ident(&setter)?;
        let docs = doc_lines(super::docs::parameter(parameter));
        let deprecated = parameter.deprecated.then(|| quote! { #[deprecated] });
        let ty = values::argument_type(service, &parameter.ty);
        let borrow = values::borrow_texts(service, &parameter.ty, &name);
        let value = quote! { #name };
        let checks =
            values::checks(service, &parameter.ty, &parameter.constraints, &parameter.wire, &request, &value);
        let push = values::push(service, parameter, &request, &value)?;
        out.extend(quote! {
            #docs
            #deprecated
            #[inline]
            pub fn #name(mut self, #name: #ty) -> Self {
                #borrow
                #(#checks)*
                #push
                self
            }
        });
    }
    if let Some(body) = operation.body.as_ref().filter(|body| !body.required) {
        let arguments = body_arguments(service, body)?;
        let (names, types): (Vec<_>, Vec<_>) =
            arguments.iter().map(|argument| (&argument.name, &argument.borrowed)).unzip();
        let doc = body.doc.as_deref().map(text::block).filter(|lines| !lines.is_empty());
        let docs = doc_lines(doc.unwrap_or_else(|| vec!["The request's body.".to_owned()]));
        let (value, content_type) = (quote! { body }, quote! { content_type });
        let push = push_body(service, operation, body, &request, &value, &content_type)?;
        out.extend(quote! {
            #docs
            #[inline]
            pub fn body(mut self, #(#names: #types),*) -> Self {
                #push
                self
            }
        });
    }
    if out.is_empty() {
        return Ok(out);
    }
    let marker = names::ident(&names::type_name(&operation.type_name))?;
    Ok(quote! { impl Call<#marker> { #out } })
}

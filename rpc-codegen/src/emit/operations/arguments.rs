//! Required arguments: at most three are positional, more become one struct.

use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::diagnostic::Diagnostic;
use crate::emit::tokens::doc_lines;
use crate::emit::{names, rust_type, text, values};
use crate::ir::{Body, BodyKind, Operation, Parameter, Service};

/// Most positional arguments.
const POSITIONAL: usize = 3;

/// Where an argument comes from.
#[derive(Debug, Clone, Copy)]
pub(super) enum Source<'a> {
    /// A required parameter.
    Parameter(&'a Parameter),
    /// The content type of a body that the caller has written.
    ContentType,
    /// The required body.
    Body(&'a Body),
}

/// One argument.
#[derive(Debug)]
pub(super) struct Argument<'a> {
    /// Its name.
    pub(super) name: Ident,
    /// Type in a signature.
    pub(super) borrowed: TokenStream,
    /// Type as a field.
    pub(super) owned: TokenStream,
    /// Where it comes from.
    pub(super) source: Source<'a>,
}

/// All required arguments of an operation.
#[derive(Debug)]
pub(super) struct Arguments<'a> {
    /// In order: path, others, body.
    pub(super) list: Vec<Argument<'a>>,
    /// Name of the struct that they make, when there are too many of them.
    pub(super) params: Option<String>,
}

impl<'a> Arguments<'a> {
    /// The arguments; `taken` are names of other types in the module.
    pub(super) fn new(
        service: &Service,
        operation: &'a Operation,
        taken: &BTreeSet<String>,
    ) -> Result<Self, Diagnostic> {
        let mut list = Vec::new();
        for parameter in operation.arguments() {
            list.push(Argument {
                name: names::ident(&names::argument(parameter))?,
                borrowed: values::argument_type(service, &parameter.ty),
                owned: rust_type(service, &parameter.ty),
                source: Source::Parameter(parameter),
            });
        }
        if let Some(body) = operation.body.as_ref().filter(|body| body.required) {
            list.extend(body_arguments(service, body)?);
        }
        let params = (list.len() > POSITIONAL).then(|| names::params(operation, taken));
        Ok(Self { list, params })
    }

    /// The struct, if there is one.
    pub(super) fn definition(&self, operation: &Operation) -> Result<TokenStream, Diagnostic> {
        let Some(params) = &self.params else { return Ok(TokenStream::new()) };
        let name = names::ident(params)?;
        let docs = doc_lines([format!("Arguments of {}.", super::docs::method_link(operation))]);
        let fields = self.list.iter().map(|argument| {
            let (name, ty) = (&argument.name, &argument.owned);
            let docs = doc_lines(argument.docs());
            quote! { #docs pub #name: #ty }
        });
        Ok(quote! {
            #docs
            #[derive(Debug, Clone)]
            pub struct #name { #(#fields,)* }
        })
    }
}

impl Argument<'_> {
    /// What the document says about it.
    pub(super) fn docs(&self) -> Vec<String> {
        match self.source {
            Source::Parameter(parameter) => super::docs::parameter(parameter),
            Source::ContentType => vec!["Content type of the body, with its boundary.".to_owned()],
            Source::Body(body) => {
                let doc = body.doc.as_deref().map(text::block).filter(|lines| !lines.is_empty());
                doc.unwrap_or_else(|| vec!["The request's body.".to_owned()])
            }
        }
    }
}

/// The arguments that give a body.
pub(super) fn body_arguments<'a>(service: &Service, body: &'a Body) -> Result<Vec<Argument<'a>>, Diagnostic> {
    let (borrowed, owned) = match &body.kind {
        BodyKind::Json(ty) | BodyKind::Form(ty) | BodyKind::Multipart(ty) => {
            (rust_type(service, ty), rust_type(service, ty))
        }
        BodyKind::Bytes | BodyKind::RawMultipart => {
            let bytes = quote! { rpc_runtime::types::Bytes };
            (quote! { impl Into<#bytes> }, bytes)
        }
        BodyKind::Text => (quote! { impl Into<String> }, quote! { String }),
    };
    let mut list = Vec::new();
    if body.kind == BodyKind::RawMultipart {
        list.push(Argument {
            name: names::ident("content_type")?,
            borrowed: quote! { &str },
            owned: quote! { String },
            source: Source::ContentType,
        });
    }
    list.push(Argument { name: names::ident("body")?, borrowed, owned, source: Source::Body(body) });
    Ok(list)
}

//! Marker types: the descriptor of an operation and how its replies are read.

use proc_macro2::TokenStream;
use quote::quote;

use crate::diagnostic::{Diagnostic, rules};
use crate::emit::status::{Status, dispatch, in_match_order};
use crate::emit::tokens::doc_lines;
use crate::emit::{names, rust_type, text};
use crate::ir::{Idempotency, Method, Operation, Output, ReplyBody, Service, Type};
use crate::types::codec;

/// The marker of an operation, and the enum of its replies if it has one.
pub(super) fn marker(service: &Service, operation: &Operation) -> Result<TokenStream, Diagnostic> {
    let marker = names::ident(&names::type_name(&operation.type_name))?;
    let key = text::code(&format!("{} {}", operation.method.as_str(), operation.template));
    let docs = doc_lines([format!("{key}: see {}.", super::docs::method_link(operation))]);
    let descriptor = descriptor(service, operation)?;
    let (output, decode, definition) = output(service, operation)?;
    Ok(quote! {
        #docs
        #[derive(Debug)]
        pub enum #marker {}

        impl Operation for #marker {
            type Output = #output;
            const DESCRIPTOR: &'static Descriptor = &#descriptor;

            #[inline]
            fn decode(reply: &Reply<'_>) -> Result<Self::Output, DecodeError> {
                #decode
            }
        }

        #definition
    })
}

fn descriptor(service: &Service, operation: &Operation) -> Result<TokenStream, Diagnostic> {
    let (name, template) = (names::method(operation), &operation.template);
    let mut out = match &operation.method {
        Method::Extension(verb) => {
            quote! { Descriptor::new(#name, Method::POST, #template).extension_method(#verb) }
        }
        known => {
            let verb = names::ident(known.as_str())?;
            quote! { Descriptor::new(#name, Method::#verb, #template) }
        }
    };
    if operation.idempotency != operation.method.idempotency() {
        let idempotency = names::ident(match operation.idempotency {
            Idempotency::Safe => "Safe",
            Idempotency::Idempotent => "Idempotent",
            Idempotency::Keyed => "Keyed",
            Idempotency::Unsafe => "Unsafe",
        })?;
        out.extend(quote! { .idempotency(rpc_runtime::codegen::Idempotency::#idempotency) });
    }
    if operation.enveloped {
        if service.envelope.is_none() {
            return Err(names::internal("an operation is enveloped, its service is not"));
        }
        out.extend(quote! { .envelope(&ENVELOPE) });
    }
    let accept = operation.accept();
    if !accept.is_empty() {
        media_type(operation, &accept)?;
    }
    if accept != "application/json" {
        out.extend(quote! { .accept(#accept) });
    }
    if !operation.security.is_empty() {
        let alternatives = operation.security.iter().map(|names| quote! { &[#(#names),*] });
        out.extend(quote! { .security(&[#(#alternatives),*]) });
    }
    if operation.plain_idempotency_key() {
        out.extend(quote! { .plain_idempotency_key() });
    }
    out.extend(super::policy::policy(&operation.policy));
    Ok(out)
}

/// Refuses a media type that no header can carry: the runtime takes these as they are.
pub(super) fn media_type(operation: &Operation, text: &str) -> Result<(), Diagnostic> {
    if !text.is_empty() && text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Ok(());
    }
    let what = format!("`{}` is not a media type", text.escape_debug());
    Err(Diagnostic::new(rules::INTERNAL, operation.origin.clone(), what))
}

/// The output's type, the decoder's body, and the definition of the type if it is the operation's own.
fn output(
    service: &Service,
    operation: &Operation,
) -> Result<(TokenStream, TokenStream, TokenStream), Diagnostic> {
    let nothing = TokenStream::new();
    Ok(match &operation.output {
        Output::Unit => (quote! { () }, quote! { reply.empty() }, nothing),
        Output::Json(ty) => (rust_type(service, ty), read_json(service, ty), nothing),
        Output::Text => (quote! { String }, quote! { reply.text() }, nothing),
        Output::Bytes => (quote! { rpc_runtime::types::Bytes }, quote! { reply.bytes() }, nothing),
        Output::ByStatus { name, variants } => {
            let name = names::ident(name)?;
            let mut definitions = TokenStream::new();
            let mut arms = Vec::new();
            for (status, variant, body) in variants {
                let (status, variant) = (Status::parse(status)?, names::ident(variant)?);
                let docs = doc_lines([format!("{}.", status.describe())]);
                let payload = payload(service, body);
                definitions.extend(quote! { #docs #variant #payload, });
                let value = match body {
                    ReplyBody::Empty => quote! { reply.empty().map(|()| #name::#variant) },
                    ReplyBody::Json(ty) => {
                        let read = read_json(service, ty);
                        quote! { #read.map(#name::#variant) }
                    }
                    ReplyBody::Text => quote! { reply.text().map(#name::#variant) },
                    ReplyBody::Bytes(_) => quote! { reply.bytes().map(#name::#variant) },
                };
                arms.push(Ok((status, value)));
            }
            let arms = in_match_order(arms.into_iter())?;
            let (_, read) = dispatch(arms, &quote! { Err(reply.undocumented()) });
            let docs = doc_lines([format!("Replies of {}.", super::docs::method_link(operation))]);
            (
                quote! { #name },
                read,
                quote! {
                    #docs
                    #[derive(Debug, Clone, PartialEq)]
                    #[non_exhaustive]
                    pub enum #name { #definitions }
                },
            )
        }
    })
}

/// How a JSON reply is read.
pub(crate) fn read_json(service: &Service, ty: &Type) -> TokenStream {
    match codec(service, ty) {
        Some(codec) => quote! { reply.json_as::<#codec, _>() },
        None => quote! { reply.json() },
    }
}

/// What a variant of this body holds.
pub(crate) fn payload(service: &Service, body: &ReplyBody) -> TokenStream {
    match body {
        ReplyBody::Empty => TokenStream::new(),
        ReplyBody::Json(ty) => {
            let ty = rust_type(service, ty);
            quote! { (#ty) }
        }
        ReplyBody::Text => quote! { (String) },
        ReplyBody::Bytes(_) => quote! { (rpc_runtime::types::Bytes) },
    }
}

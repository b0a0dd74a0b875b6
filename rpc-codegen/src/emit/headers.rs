//! Headers of replies: one constant for each name and type.

use proc_macro2::TokenStream;
use quote::quote;

use super::operations::method_link;
use super::tokens::{doc_lines, inner_doc_lines};
use super::{Gates, names, rust_type, text, values};
use crate::diagnostic::Diagnostic;
use crate::ir::{HeaderKey, HeaderStyle, Operation, Service};
use crate::types::codec;

/// Operations that a constant's documentation names.
const NAMED: usize = 5;

/// `headers.rs`; `None` when no reply has a documented header.
///
/// # Errors
/// A name that is none.
pub(crate) fn headers(service: &Service, gates: &Gates) -> Result<Option<TokenStream>, Diagnostic> {
    let mut users: Vec<Vec<&Operation>> = vec![Vec::new(); service.headers.len()];
    for operation in &service.operations {
        for header in operation.replies.iter().chain(&operation.failures).flat_map(|reply| &reply.headers) {
            let users = users.get_mut(header.key).ok_or_else(|| names::internal("a header without a key"))?;
            if !users.last().is_some_and(|last| std::ptr::eq(*last, operation)) {
                users.push(operation);
            }
        }
    }
    let mut items = TokenStream::new();
    for (key, users) in service.headers.iter().zip(&users) {
        items.extend(constant(service, key, users, &gates.of_operations(service, users))?);
    }
    if items.is_empty() {
        return Ok(None);
    }
    let docs =
        inner_doc_lines(["Headers of replies, for [`Response::header`](rpc_runtime::Response::header) and \
        [`Error::header`](rpc_runtime::Error::header)."]);
    let imports = gates.imports();
    let types = values::uses_types(&items).then(|| quote! { #imports use crate::types; });
    Ok(Some(quote! {
        #docs
        #imports
        use rpc_runtime::Header;
        #types
        #items
    }))
}

fn constant(
    service: &Service,
    HeaderKey { name, header }: &HeaderKey,
    users: &[&Operation],
    gate: &TokenStream,
) -> Result<TokenStream, Diagnostic> {
    let mut lines = header.doc.as_deref().map(text::block).unwrap_or_default();
    if !lines.is_empty() {
        lines.push(String::new());
    }
    let mut links: Vec<String> = users.iter().take(NAMED).map(|operation| method_link(operation)).collect();
    if users.len() > NAMED {
        links.push(format!("and {} more", users.len() - NAMED));
    }
    lines.push(format!("{} of {}.", text::code(&header.wire), links.join(", ")));
    let (docs, name, wire) = (doc_lines(lines), names::ident(name)?, &header.wire);
    let deprecated = header.deprecated.then(|| quote! { #[deprecated] });
    let ty = rust_type(service, &header.ty);
    let new = match codec(service, &header.ty) {
        Some(codec) => quote! { with_codec::<#codec> },
        None => quote! { new },
    };
    let style = match header.style {
        HeaderStyle::Simple => TokenStream::new(),
        HeaderStyle::Exploded => quote! { .exploded() },
        HeaderStyle::Lines => quote! { .lines() },
        HeaderStyle::Json => quote! { .json() },
    };
    Ok(quote! {
        #docs
        #deprecated
        #gate
        pub const #name: Header<#ty> = Header::#new(#wire)#style;
    })
}

//! Documented bodies of failures: one enum for each distinct set, one alias for each operation.

use proc_macro2::TokenStream;
use quote::quote;

use super::operations::{method_link, payload, read_json};
use super::status::{Status, dispatch, in_match_order};
use super::tokens::{doc_lines, inner_doc_lines};
use super::{Gates, names, values};
use crate::diagnostic::Diagnostic;
use crate::ir::{ErrorSet, Operation, ReplyBody, Service};

/// Operations that an enum's documentation names.
const NAMED: usize = 8;

/// `errors.rs`; `None` when no failure has a documented body.
///
/// # Errors
/// A name that is none, an index that points nowhere.
pub(crate) fn errors(service: &Service, gates: &Gates) -> Result<Option<TokenStream>, Diagnostic> {
    let mut items = TokenStream::new();
    for (index, set) in service.error_sets.iter().enumerate() {
        let users: Vec<&Operation> =
            service.operations.iter().filter(|op| op.errors == Some(index)).collect();
        if !users.is_empty() {
            items.extend(enumeration(service, set, &users, &gates.of_operations(service, &users))?);
        }
    }
    for operation in &service.operations {
        let Some(index) = operation.errors else { continue };
        let Some(set) = service.error_sets.get(index) else {
            return Err(names::internal(format!("there is no error set {index}")));
        };
        let (alias, set) = (format!("{}Error", operation.type_name), names::type_name(&set.name));
        if alias != set {
            let (alias, set) = (names::ident(&alias)?, names::ident(&set)?);
            let docs = doc_lines([format!("Failures of {}.", method_link(operation))]);
            let gate = gates.of_operations(service, &[operation]);
            items.extend(quote! { #docs #gate pub type #alias = #set; });
        }
    }
    if items.is_empty() {
        return Ok(None);
    }
    let docs =
        inner_doc_lines(["Documented bodies of failures, for [`Error::typed`](rpc_runtime::Error::typed)."]);
    let imports = gates.imports();
    let types = values::uses_types(&items).then(|| quote! { #imports use crate::types; });
    Ok(Some(quote! {
        #docs
        #imports
        use rpc_runtime::TypedError;
        #imports
        use rpc_runtime::codegen::ErrorReply;
        #types
        #items
    }))
}

fn enumeration(
    service: &Service,
    set: &ErrorSet,
    users: &[&Operation],
    gate: &TokenStream,
) -> Result<TokenStream, Diagnostic> {
    let name = names::ident(&names::type_name(&set.name))?;
    let (mut variants, mut arms) = (TokenStream::new(), Vec::new());
    for variant in &set.variants {
        let status = Status::parse(&variant.status)?;
        let ident = names::ident(&variant.name)?;
        let (docs, holds) = (doc_lines([format!("{}.", status.describe())]), payload(service, &variant.body));
        variants.extend(quote! { #docs #ident #holds, });
        let value = match &variant.body {
            ReplyBody::Empty => quote! { Some(Self::#ident) },
            ReplyBody::Json(ty) => {
                let read = read_json(service, ty);
                quote! { #read.map(Self::#ident) }
            }
            ReplyBody::Text => quote! { reply.text().map(Self::#ident) },
            ReplyBody::Bytes(_) => quote! { Some(Self::#ident(reply.bytes())) },
        };
        arms.push(Ok((status, value)));
    }
    let arms = in_match_order(arms.into_iter())?;
    let (reply, read) = dispatch(arms, &quote! { None });
    let mut links: Vec<String> = users.iter().take(NAMED).map(|operation| method_link(operation)).collect();
    if users.len() > NAMED {
        links.push(format!("and {} more", users.len() - NAMED));
    }
    let docs = doc_lines([format!("Failures of {}.", links.join(", "))]);
    Ok(quote! {
        #docs
        #gate
        #[derive(Debug, Clone, PartialEq)]
        #[non_exhaustive]
        pub enum #name { #variants }

        #gate
        impl TypedError for #name {
            #[inline]
            fn from_reply(#reply: &ErrorReply<'_>) -> Option<Self> { #read }
        }
    })
}

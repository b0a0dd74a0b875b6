//! Operations: for each a marker type, a method on the client, setters on its call.

mod arguments;
mod docs;
mod example;
mod marker;
mod method;
mod policy;
mod setters;
mod signature;

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::quote;

use super::tokens::{doc_lines, inner_doc_lines};
use super::{Gates, names, text, values};
use crate::diagnostic::Diagnostic;
use crate::ir::{Operation, Output, Service};

use arguments::Arguments;
pub(crate) use docs::method_link;
pub(crate) use example::{Example, example};
pub(crate) use marker::{payload, read_json};
pub(crate) use signature::{Signature, signatures};

/// One file of `operations/`.
#[derive(Debug)]
pub(crate) struct OperationModule {
    /// Module name, also the file's.
    pub(crate) name: String,
    /// The file.
    pub(crate) items: TokenStream,
}

/// Operations by module, in document order.
pub(crate) fn operation_modules(service: &Service) -> BTreeMap<String, Vec<&Operation>> {
    let mut modules: BTreeMap<String, Vec<&Operation>> = BTreeMap::new();
    for operation in &service.operations {
        modules.entry(names::module(service, operation)).or_default().push(operation);
    }
    modules
}

/// The files of `operations/`, by name.
///
/// # Errors
/// A name that is none, or a feature that is not supported.
pub(crate) fn modules(service: &Service) -> Result<Vec<OperationModule>, Diagnostic> {
    unique_methods(service)?;
    operation_modules(service)
        .into_iter()
        .map(|(name, operations)| Ok(OperationModule { items: module(service, &operations)?, name }))
        .collect()
}

/// `operations/mod.rs`.
///
/// # Errors
/// A name that is none.
pub(crate) fn modules_file(modules: &[OperationModule], gates: &Gates) -> Result<TokenStream, Diagnostic> {
    let docs = inner_doc_lines([
        "One marker type for each operation, and its methods on [`Client`](crate::Client) and [`Call`](crate::Call).",
    ]);
    let module = |module: &OperationModule| {
        let (name, gate) = (names::ident(&module.name)?, gates.module(&module.name));
        Ok(quote! { #gate pub mod #name; })
    };
    let modules = modules.iter().map(module).collect::<Result<Vec<_>, Diagnostic>>()?;
    Ok(quote! { #docs #(#modules)* })
}

/// Two methods of one name would not compile; the names pass tells them apart.
fn unique_methods(service: &Service) -> Result<(), Diagnostic> {
    let mut seen = BTreeSet::new();
    for operation in &service.operations {
        let name = names::method(operation);
        if !seen.insert(name.clone()) {
            return Err(names::internal(format!("two operations have the method `{}`", name.escape_debug())));
        }
    }
    Ok(())
}

fn module(service: &Service, operations: &[&Operation]) -> Result<TokenStream, Diagnostic> {
    let taken = types_of(operations);
    let (mut markers, mut methods, mut setters) =
        (TokenStream::new(), TokenStream::new(), TokenStream::new());
    for operation in operations {
        let arguments = Arguments::new(service, operation, &taken)?;
        markers.extend(marker::marker(service, operation)?);
        markers.extend(arguments.definition(operation)?);
        methods.extend(method::method(service, operation, &arguments)?);
        setters.extend(setters::setters(service, operation)?);
    }
    let about = about(service, operations);
    let (tagged, about) = (doc_lines(about.iter().take(1)), inner_doc_lines(&about));
    let items = quote! { #markers #tagged impl Client { #methods } #setters };
    let envelope = operations.iter().any(|operation| operation.enveloped).then(|| quote! { , ENVELOPE });
    let types = values::uses_types(&items).then(|| quote! { use crate::types; });
    Ok(quote! {
        #about
        use rpc_runtime::Method;
        use rpc_runtime::codegen::{DecodeError, Descriptor, Operation, Reply};
        use crate::client::{Call, Client #envelope};
        #types
        #items
    })
}

/// Names of the types that operations have of their own, arguments aside.
fn types_of(operations: &[&Operation]) -> BTreeSet<String> {
    let replies = operations.iter().filter_map(|operation| match &operation.output {
        Output::ByStatus { name, .. } => Some(name.clone()),
        _ => None,
    });
    operations.iter().map(|operation| names::type_name(&operation.type_name)).chain(replies).collect()
}

/// What stands at the top of a module: its tags, and what the document says about them.
fn about(service: &Service, operations: &[&Operation]) -> Vec<String> {
    let mut tags: Vec<&String> = Vec::new();
    for tag in operations.iter().filter_map(|operation| operation.tag.as_ref()) {
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    let quoted: Vec<String> = tags.iter().map(|tag| text::code(tag)).filter(|tag| !tag.is_empty()).collect();
    let first = if quoted.is_empty() {
        "Operations without a tag.".to_owned()
    } else {
        format!("Operations tagged {}.", quoted.join(", "))
    };
    let mut lines = vec![first];
    for tag in tags {
        if let Some(description) = service.tags.get(tag).and_then(|tag| tag.description.as_deref()) {
            lines.push(String::new());
            lines.extend(text::block(description));
        }
    }
    lines
}

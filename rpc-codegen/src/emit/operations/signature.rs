//! Calls in one line, for people who choose names before there is a crate.

use std::collections::{BTreeMap, BTreeSet};

use quote::quote;

use super::arguments::Arguments;
use crate::diagnostic::Diagnostic;
use crate::emit::tokens::qualified;
use crate::emit::{names, rust_type};
use crate::ir::{Operation, Output, Service};

/// A call and what it gives.
#[derive(Debug)]
pub(crate) struct Signature {
    /// `get_order(order_id: i64)`.
    pub(crate) call: String,
    /// `Order`.
    pub(crate) reply: String,
}

/// The signatures of all operations in their order, types by their short names.
///
/// # Errors
/// A name that is none.
pub(crate) fn signatures(service: &Service) -> Result<Vec<Signature>, Diagnostic> {
    let modules = super::operation_modules(service);
    let taken: BTreeMap<_, _> =
        modules.iter().map(|(name, operations)| (name, super::types_of(operations))).collect();
    let none = BTreeSet::new();
    let of = |operation| {
        let taken = taken.get(&names::module(service, operation)).unwrap_or(&none);
        signature(service, operation, &Arguments::new(service, operation, taken)?)
    };
    service.operations.iter().map(of).collect()
}

fn signature(
    service: &Service,
    operation: &Operation,
    arguments: &Arguments<'_>,
) -> Result<Signature, Diagnostic> {
    let krate = names::crate_ident(service)?;
    let short = |tokens: &_| {
        let text = qualified(tokens, &krate);
        text.replace(&format!("{krate}::types::"), "")
            .replace("rpc_runtime::types::", "")
            .replace("std::collections::", "")
    };
    let inside = match &arguments.params {
        Some(params) => format!("params: {params}"),
        None => {
            let one = |name: String, ty: String| format!("{name}: {ty}");
            let all = arguments.list.iter().map(|given| one(given.name.to_string(), short(&given.borrowed)));
            all.collect::<Vec<_>>().join(", ")
        }
    };
    let reply = match &operation.output {
        Output::Unit => "()".to_owned(),
        Output::Json(ty) => short(&rust_type(service, ty)),
        Output::Text => short(&quote! { String }),
        Output::Bytes => "Bytes".to_owned(),
        Output::ByStatus { name, .. } => name.clone(),
    };
    let method = names::ident(&names::method(operation))?;
    Ok(Signature { call: format!("{method}({inside})"), reply })
}

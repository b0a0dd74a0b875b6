//! IR types → Rust items, one file per type.
//!
//! Plain structs are progenitor's work: `lower` writes a components-only document, `refine` takes the structs out of
//! what comes back. `expressible` decides which structs go that way; the rest is `own`. Both ways end in `decorate`,
//! so that nobody can tell them apart.

mod codec;
mod context;
mod convert;
mod decorate;
mod default;
mod docs;
mod expressible;
mod lower;
mod methods;
mod nested;
mod own;
mod plan;
mod refine;
mod rules;
mod schema;
mod serde;
mod text;
mod usage;
mod validate;

use proc_macro2::TokenStream;
use quote::quote;

pub use codec::codec;
pub use docs::{doc, doc_lines};
pub use rules::{applicable, rules};
pub(crate) use text::{NEVER_RAW, try_ident};
pub use text::{ident, literal};
pub use usage::rust_type;
pub use validate::{is_counted_only, needs_validation};

use crate::diagnostic::Diagnostic;
use crate::ir::{Service, Shape, TypeId};
use context::Context;

/// The file of one type.
#[derive(Debug, Clone)]
pub struct TypeModule {
    /// Name of the file and of its module, unique: `order_status`.
    pub module: String,
    /// Name of the type: `OrderStatus`.
    pub type_name: String,
    /// What stands in the file.
    pub items: TokenStream,
    /// The type.
    pub id: TypeId,
    /// The types that its schema and its conversions name.
    pub linked: Vec<TypeId>,
}

/// The files of all types that travel, in document order.
///
/// # Errors
/// When the IR holds what cannot be written in Rust (`R302`), or this generator is wrong (`R900`).
pub fn emit(service: &Service) -> Result<Vec<TypeModule>, Diagnostic> {
    let context = Context::new(service)?;
    let mut through = refine::structs(&context)?;
    let linker = schema::Linker::new(&context);
    let conversions = convert::Conversions::new(&context);
    let mut taken = std::collections::BTreeMap::new();
    let mut modules = Vec::new();
    for (id, def) in service.types.iter().filter(|(_, def)| context::travels(def)) {
        let mut items = match &def.shape {
            Shape::Struct(strukt) => {
                let plans = plan::plans(&context, id, def, strukt);
                match through.remove(&id) {
                    Some(types) => decorate::item(&context, def, strukt, &plans, &types),
                    None => own::strukt(&context, def, strukt, &plans),
                }
            }
            Shape::Enum(values) => own::value_enum(&context, def, values)?,
            Shape::Union(union) => own::union(&context, def, union)?,
            Shape::Alias(ty, _) => own::alias(&context, def, ty),
        };
        items.extend(validate::item(&context, id, def));
        items.extend(nested::check(&context, id, def));
        let (schema, mut linked) = schema::item(&linker, id, def);
        items.extend(schema);
        if let Some((conversion, from)) = conversions.item(id) {
            items.extend(conversion);
            linked.push(from);
        }
        let module = text::module_name(&def.name, &mut taken);
        modules.push(TypeModule { module, type_name: def.name.clone(), items, id, linked });
    }
    Ok(modules)
}

/// `types/mod.rs`: declares and re-exports them all, each behind its gate.
pub fn emit_mod(
    service: &Service,
    modules: &[TypeModule],
    gate: impl Fn(TypeId) -> TokenStream,
) -> TokenStream {
    let mut sorted: Vec<&TypeModule> = modules.iter().collect();
    sorted.sort_by(|a, b| a.module.cmp(&b.module));
    let declared = sorted.iter().map(|one| {
        let (module, gate) = (ident(&one.module), gate(one.id));
        quote!(#gate mod #module;)
    });
    let deprecated: std::collections::BTreeSet<&str> =
        service.types.iter().filter(|(_, def)| def.deprecated).map(|(_, def)| def.name.as_str()).collect();
    let exported = sorted.iter().map(|one| {
        let (module, name, gate) = (ident(&one.module), ident(&one.type_name), gate(one.id));
        let allow = deprecated.contains(one.type_name.as_str()).then(context::allow_deprecated);
        quote!(#gate #allow pub use #module::#name;)
    });
    quote! {
        #(#declared)*
        #(#exported)*
    }
}

#[cfg(test)]
mod tests;

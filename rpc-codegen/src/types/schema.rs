//! `schemars::JsonSchema` from the document's own schemas.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;

use super::context::{Context, travels};
use super::text::{ident, raw_literal};
use crate::ir::{Shape, TypeDef, TypeId};

/// The macro call, under the crate's `schemars` feature. Other names for types have no impl: it is their target's.
pub(super) fn item(linker: &Linker<'_, '_>, id: TypeId, def: &TypeDef) -> Option<TokenStream> {
    if matches!(def.shape, Shape::Alias(..)) {
        return None;
    }
    let mut schema: Value = serde_json::from_str(&def.schema).unwrap_or(Value::Bool(true));
    let mut parts = BTreeSet::new();
    linker.link(&mut schema, &mut parts, &mut vec![id]);
    let (name, text) = (ident(&def.name), raw_literal(&schema.to_string()));
    let parts = parts.iter().map(|part| {
        let part = ident(part);
        quote!(super::#part)
    });
    Some(quote! {
        #[cfg(feature = "schemars")]
        rpc_runtime::codegen::json_schema!(#name, #text, [#(#parts),*]);
    })
}

/// Replaces references into the document by references to Rust types.
pub(super) struct Linker<'c, 'a> {
    context: &'c Context<'a>,
    /// JSON pointer → type.
    by_pointer: BTreeMap<&'a str, TypeId>,
}

impl<'c, 'a> Linker<'c, 'a> {
    pub(super) fn new(context: &'c Context<'a>) -> Self {
        let mut by_pointer = BTreeMap::new();
        let types = &context.service.types;
        let outputs: BTreeMap<&str, TypeId> = types
            .iter()
            .filter(|(_, def)| has_impl(def))
            .filter_map(|(id, def)| Some((def.key.strip_suffix("-Output")?, id)))
            .collect();
        for (id, def) in types.iter() {
            // An input that was folded away is its output now.
            let folded = def.key.strip_suffix("-Input").filter(|_| !has_impl(def));
            let id = folded.and_then(|base| outputs.get(base)).copied().unwrap_or(id);
            for pointer in [pointer(&def.origin.pointer), pointer(&def.key)] {
                by_pointer.insert(pointer, id);
            }
        }
        Self { context, by_pointer }
    }

    /// `open` holds the types whose text is being written, so that one without an impl is not written into itself.
    fn link(&self, value: &mut Value, parts: &mut BTreeSet<String>, open: &mut Vec<TypeId>) {
        match value {
            Value::Array(items) => items.iter_mut().for_each(|item| self.link(item, parts, open)),
            Value::Object(members) => {
                members.remove("discriminator");
                let target =
                    members.get("$ref").and_then(Value::as_str).map(|target| pointer(target).to_owned());
                let Some(target) = target else {
                    return members.values_mut().for_each(|member| self.link(member, parts, open));
                };
                members.remove("$ref");
                let found =
                    self.by_pointer.get(target.as_str()).and_then(|id| Some((*id, self.context.def(*id)?)));
                match found {
                    Some((_, def)) if has_impl(def) => {
                        parts.insert(def.name.clone());
                        members.insert("$ref".to_owned(), Value::String(format!("#/$defs/{}", def.name)));
                    }
                    Some((id, def)) if !open.contains(&id) => {
                        let inner = serde_json::from_str(&def.schema).unwrap_or(Value::Bool(true));
                        let Value::Object(inner) = inner else { return };
                        for (key, member) in inner {
                            members.entry(key).or_insert(member);
                        }
                        open.push(id);
                        self.link(value, parts, open);
                        open.pop();
                    }
                    // Not a type of this crate, or one that has no end and no name: anything.
                    _ => {}
                }
            }
            _ => {}
        }
    }
}

fn has_impl(def: &TypeDef) -> bool {
    travels(def) && !matches!(def.shape, Shape::Alias(..))
}

fn pointer(text: &str) -> &str {
    text.trim_start_matches('#')
}

//! `schemars::JsonSchema` from the document's own schemas.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;

use super::context::{Context, travels};
use super::text::{ident, raw_literal};
use crate::ir::{Shape, TypeDef, TypeId};

/// The macro call, under the crate's `schemars` feature, and the types that it names. Other names for types have no impl: it is
/// their target's.
pub(super) fn item(linker: &Linker<'_, '_>, id: TypeId, def: &TypeDef) -> (TokenStream, Vec<TypeId>) {
    if matches!(def.shape, Shape::Alias(..)) {
        return (TokenStream::new(), Vec::new());
    }
    let mut schema: Value = serde_json::from_str(&def.schema).unwrap_or(Value::Bool(true));
    let mut parts = BTreeMap::new();
    linker.link(&mut schema, !def.direction.reply, &mut parts, &mut vec![id]);
    let (name, text) = (ident(&def.name), raw_literal(&schema.to_string()));
    let named = parts.keys().map(|part| {
        let part = ident(part);
        quote!(super::#part)
    });
    let item = quote! {
        #[cfg(feature = "schemars")]
        rpc_runtime::codegen::json_schema!(#name, #text, [#(#named),*]);
    };
    (item, parts.into_values().collect())
}

/// Replaces references into the document by references to Rust types.
pub(super) struct Linker<'c, 'a> {
    context: &'c Context<'a>,
    /// JSON pointer → type.
    by_pointer: BTreeMap<&'a str, TypeId>,
    /// Type → its request form.
    inputs: BTreeMap<TypeId, TypeId>,
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
        let mut inputs = BTreeMap::new();
        for (id, def) in types.iter() {
            // One schema may have two types; the pointer is that of replies.
            if let Some(of) = def.input_of
                && types.get(of).is_some_and(|twin| twin.origin.pointer == def.origin.pointer)
            {
                inputs.insert(of, id);
                continue;
            }
            // An input that was folded away is its output now.
            let folded = def.key.strip_suffix("-Input").filter(|_| !has_impl(def));
            let id = folded.and_then(|base| outputs.get(base)).copied().unwrap_or(id);
            for pointer in [pointer(&def.origin.pointer), pointer(&def.key)] {
                by_pointer.insert(pointer, id);
            }
        }
        Self { context, by_pointer, inputs }
    }

    /// `sent`: whether request forms are meant. `open` holds the types whose text is being written, so that one without an impl
    /// is not written into itself.
    fn link(
        &self,
        value: &mut Value,
        sent: bool,
        parts: &mut BTreeMap<String, TypeId>,
        open: &mut Vec<TypeId>,
    ) {
        match value {
            Value::Array(items) => items.iter_mut().for_each(|item| self.link(item, sent, parts, open)),
            Value::Object(members) => {
                members.remove("discriminator");
                let target =
                    members.get("$ref").and_then(Value::as_str).map(|target| pointer(target).to_owned());
                let Some(target) = target else {
                    return members.values_mut().for_each(|member| self.link(member, sent, parts, open));
                };
                members.remove("$ref");
                let id = self.by_pointer.get(target.as_str());
                let id = id.map(|id| self.inputs.get(id).filter(|_| sent).unwrap_or(id));
                let found = id.and_then(|id| Some((*id, self.context.def(*id)?)));
                match found {
                    Some((id, def)) if has_impl(def) => {
                        parts.insert(def.name.clone(), id);
                        members.insert("$ref".to_owned(), Value::String(format!("#/$defs/{}", def.name)));
                    }
                    Some((id, def)) if !open.contains(&id) => {
                        let inner = serde_json::from_str(&def.schema).unwrap_or(Value::Bool(true));
                        let Value::Object(inner) = inner else { return };
                        for (key, member) in inner {
                            members.entry(key).or_insert(member);
                        }
                        open.push(id);
                        self.link(value, sent, parts, open);
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

//! Takes the structs out of what progenitor wrote, and nothing else.

mod spell;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use proc_macro2::TokenStream;
use progenitor::{CrateVers, GenerationSettings, Generator, InterfaceStyle};
use syn::{Fields, File, Item, Visibility};

use super::context::Context;
use super::expressible::is_lowered;
use super::lower;
use super::plan::plans;
use crate::diagnostic::{Diagnostic, rules};
use crate::ir::{Shape, TypeDef, TypeId};
use crate::location::Location;

/// The types of the fields, in document order, of every struct that goes through progenitor.
///
/// # Errors
/// `R900` when progenitor's output is not what it was when this was written.
pub(super) fn structs(context: &Context<'_>) -> Result<BTreeMap<TypeId, Vec<TokenStream>>, Diagnostic> {
    let Some(document) = lower::document(context) else { return Ok(BTreeMap::new()) };
    let alarm = |message: String| bug(&context.service.source.path, message);
    let found = structs_in(&generate(document).map_err(alarm)?).map_err(alarm)?;
    let mut lowered = BTreeMap::new();
    for (id, def) in context.service.types.iter().filter(|(id, _)| is_lowered(context, *id)) {
        let fields = found
            .get(&def.name)
            .ok_or_else(|| alarm(format!("progenitor wrote no struct `{}`", def.name)))?;
        lowered.insert(id, ordered(context, id, def, fields).map_err(alarm)?);
    }
    match found.len() == lowered.len() {
        true => Ok(lowered),
        false => Err(alarm("progenitor wrote structs that nobody asked for".to_owned())),
    }
}

fn bug(path: &str, message: String) -> Diagnostic {
    Diagnostic::new(rules::INTERNAL, Location::start_of(path), message)
}

/// Runs progenitor. A panic is an alarm: `expressible` let something through that it should not.
pub(super) fn generate(document: serde_json::Value) -> Result<File, String> {
    let spec: openapiv3::OpenAPI = serde_json::from_value(document).map_err(|error| error.to_string())?;
    let mut settings = GenerationSettings::new();
    settings.with_interface(InterfaceStyle::Positional).with_map_type("::std::collections::BTreeMap");
    for krate in ["rpc_runtime", "std", lower::OWN] {
        settings.with_crate(krate, CrateVers::Any, None);
    }
    let tokens = catch_unwind(AssertUnwindSafe(|| Generator::new(&settings).generate_tokens(&spec)))
        .map_err(|_| "progenitor panicked".to_owned())?
        .map_err(|error| error.to_string())?;
    syn::parse2(tokens).map_err(|error| error.to_string())
}

/// Field names (as progenitor spells them) and types of each struct in `pub mod types`.
fn structs_in(file: &File) -> Result<BTreeMap<String, BTreeMap<String, TokenStream>>, String> {
    let types = file.items.iter().find_map(|item| match item {
        Item::Mod(module) if module.ident == "types" => module.content.as_ref().map(|(_, items)| items),
        _ => None,
    });
    let mut found = BTreeMap::new();
    for item in types.ok_or("progenitor wrote no module `types`")? {
        match item {
            Item::Struct(item) => {
                let Fields::Named(named) = &item.fields else {
                    return Err(format!("progenitor wrote `{}` without named fields", item.ident));
                };
                if !item.generics.params.is_empty() {
                    return Err(format!("progenitor wrote `{}` with parameters", item.ident));
                }
                let mut fields = BTreeMap::new();
                for field in &named.named {
                    let (Visibility::Public(_), Some(name)) = (&field.vis, &field.ident) else {
                        return Err(format!("progenitor wrote `{}` with a private field", item.ident));
                    };
                    fields.insert(name.to_string(), spell::ty(&field.ty)?);
                }
                found.insert(item.ident.to_string(), fields);
            }
            Item::Mod(module) if module.ident == "error" => {}
            other => return Err(format!("progenitor wrote an item that is new: {}", kind(other))),
        }
    }
    Ok(found)
}

fn kind(item: &Item) -> &'static str {
    match item {
        Item::Enum(_) => "an enum",
        Item::Impl(_) => "an impl",
        Item::Type(_) => "a type alias",
        Item::Mod(_) => "a module",
        Item::Fn(_) => "a function",
        Item::Use(_) => "a use",
        _ => "of another kind",
    }
}

/// Progenitor sorts fields; the document's order is ours. Each type must be the one that the IR stands for.
fn ordered<'a>(
    context: &Context<'a>,
    id: TypeId,
    def: &'a TypeDef,
    fields: &BTreeMap<String, TokenStream>,
) -> Result<Vec<TokenStream>, String> {
    let Shape::Struct(strukt) = &def.shape else { return Err(format!("`{}` is no struct", def.name)) };
    if fields.len() != strukt.fields.len() {
        return Err(format!("progenitor wrote `{}` with {} fields", def.name, fields.len()));
    }
    plans(context, id, def, strukt)
        .iter()
        .map(|plan| {
            let name = &plan.field.name;
            // Keywords get an underscore there.
            let ty = fields.get(name).or_else(|| fields.get(&format!("{name}_")));
            let ty = ty.ok_or_else(|| format!("progenitor wrote `{}` without `{name}`", def.name))?;
            let expected = plan.rust_type(context);
            match ty.to_string() == expected.to_string() {
                true => Ok(ty.clone()),
                false => {
                    Err(format!("progenitor wrote `{}.{name}` as `{ty}`, not as `{expected}`", def.name))
                }
            }
        })
        .collect()
}

#[cfg(test)]
mod tests;

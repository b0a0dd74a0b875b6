//! The generated crate as it stands: types and operations, read with `syn`.

mod macros;
mod operations;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use syn::{Fields, Item};

use crate::shape::Shape;

pub(crate) use operations::{Argument, Operation};

/// What a crate defines, by name.
#[derive(Debug, Default)]
pub(crate) struct Generated {
    /// Public types of the document; keys are bare names.
    pub(crate) types: BTreeMap<String, Definition>,
    /// Types that stand beside the operations: parameters, replies.
    pub(crate) local: BTreeMap<String, Definition>,
    /// Those of them that were read as arguments of an operation.
    pub(crate) arguments: BTreeSet<String>,
    /// Failures of operations.
    pub(crate) errors: BTreeMap<String, Definition>,
    pub(crate) operations: Vec<Operation>,
}

/// A type's definition.
#[derive(Debug)]
pub(crate) enum Definition {
    /// With the name of the map of further members.
    Struct {
        fields: Vec<Field>,
        rest: Option<String>,
    },
    Enum(Enum),
    Alias(Shape),
}

/// A field, or the payload of a variant.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) wire: String,
    pub(crate) ty: Shape,
    pub(crate) docs: String,
}

#[derive(Debug)]
pub(crate) struct Enum {
    /// Variants that hold something.
    pub(crate) payloads: Vec<Field>,
    pub(crate) kind: Kind,
}

/// Which macro makes it readable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    Strings,
    Integers,
    /// A union, with its catch-all variant.
    Union(String),
    /// Of an operation: by status.
    Plain,
}

impl Generated {
    /// Reads the files of a crate: paths below `src` and their texts.
    pub(crate) fn parse<'f>(files: impl IntoIterator<Item = (&'f str, &'f str)>) -> Result<Self> {
        let mut found = Self::default();
        for (path, text) in files {
            let file = syn::parse_file(text).with_context(|| format!("{path} is not Rust"))?;
            match path.split(['/', '.']).next() {
                Some("types") => define(&file.items, &mut found.types),
                Some("operations") => {
                    define(&file.items, &mut found.local);
                    let arguments = operations::read(&file.items, &mut found.operations);
                    found.arguments.extend(arguments);
                }
                Some("errors") => define(&file.items, &mut found.errors),
                _ => {}
            }
        }
        Ok(found)
    }
}

fn define(items: &[Item], into: &mut BTreeMap<String, Definition>) {
    let facts = macros::read(items);
    for item in items {
        match item {
            Item::Mod(module) => define(module.content.as_ref().map_or(&[], |(_, items)| items), into),
            Item::Type(alias) => {
                into.insert(alias.ident.to_string(), Definition::Alias(Shape::of(&alias.ty)));
            }
            Item::Struct(strukt) => {
                let name = strukt.ident.to_string();
                let (names, rest) = facts.objects.get(&name).cloned().unwrap_or_default();
                let fields = fields(&strukt.fields, &names);
                into.insert(name, Definition::Struct { fields, rest });
            }
            Item::Enum(item) => {
                let name = item.ident.to_string();
                let kind = facts.kinds.get(&name).cloned().unwrap_or(Kind::Plain);
                let payload = |variant: &syn::Variant| {
                    let ty = Shape::of(&variant.fields.iter().next()?.ty);
                    let name = variant.ident.to_string();
                    Some(Field { wire: name.clone(), name, ty, docs: docs(&variant.attrs) })
                };
                let payloads = item.variants.iter().filter_map(payload).collect();
                into.insert(name, Definition::Enum(Enum { payloads, kind }));
            }
            _ => {}
        }
    }
}

fn fields(fields: &Fields, names: &BTreeMap<String, String>) -> Vec<Field> {
    let one = |(index, field): (usize, &syn::Field)| {
        let name = field.ident.as_ref().map_or_else(|| index.to_string(), ToString::to_string);
        let plain = name.strip_prefix("r#").unwrap_or(&name).to_owned();
        let wire = names.get(&name).cloned().unwrap_or(plain);
        Field { wire, name, ty: Shape::of(&field.ty), docs: String::new() }
    };
    fields.iter().enumerate().map(one).collect()
}

fn docs(attrs: &[syn::Attribute]) -> String {
    let mut text = String::new();
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("doc")) {
        if let syn::Meta::NameValue(pair) = &attr.meta
            && let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(line), .. }) = &pair.value
        {
            text.push_str(&line.value());
            text.push('\n');
        }
    }
    text
}

//! What emission knows about a whole service.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use crate::diagnostic::{Diagnostic, rules};
use crate::ir::{Dispatch, Field, Service, Shape, Struct, Type, TypeDef, TypeId};
use crate::passes::{named, parts};

/// A service and facts about its types.
pub(super) struct Context<'a> {
    pub(super) service: &'a Service,
    /// Fields by which a union tells its alternatives apart: (struct, wire name).
    tags: BTreeSet<(TypeId, String)>,
    /// Types whose requests are checked.
    pub(super) validated: BTreeSet<TypeId>,
    /// Structs in collections of collections.
    pub(super) nested: BTreeSet<TypeId>,
}

impl<'a> Context<'a> {
    pub(super) fn new(service: &'a Service) -> Result<Self, Diagnostic> {
        check_aliases(service)?;
        let mut context = Self {
            service,
            tags: BTreeSet::new(),
            validated: super::validate::validated(service),
            nested: super::nested::structs(service),
        };
        for (_, def) in service.types.iter() {
            let Shape::Union(union) = &def.shape else { continue };
            for variant in &union.variants {
                let tag = match &union.dispatch {
                    Dispatch::Tag(tag) => tag,
                    Dispatch::Field => &variant.field,
                    _ => continue,
                };
                if let Some(id) = context.struct_of(&variant.ty) {
                    context.tags.insert((id, tag.clone()));
                }
            }
        }
        Ok(context)
    }

    pub(super) fn def(&self, id: TypeId) -> Option<&'a TypeDef> {
        self.service.types.get(id)
    }

    pub(super) fn is_tag(&self, id: TypeId, field: &Field) -> bool {
        self.tags.contains(&(id, field.wire.clone()))
    }

    /// The struct behind boxes and other names.
    pub(super) fn struct_of(&self, ty: &Type) -> Option<TypeId> {
        match ty {
            Type::Boxed(inner) => self.struct_of(inner),
            Type::Named(id) => match &self.def(*id)?.shape {
                Shape::Struct(_) => Some(*id),
                Shape::Alias(inner, _) => self.struct_of(inner),
                _ => None,
            },
            _ => None,
        }
    }

    /// The type without the outermost null, and whether there was one; other names for nullable types are seen through.
    pub(super) fn strip_null(&self, ty: &'a Type) -> (bool, &'a Type) {
        match ty {
            Type::Nullable(inner) => (true, self.strip_null(inner).1),
            Type::Named(id) => match self.def(*id).map(|def| &def.shape) {
                Some(Shape::Alias(inner, _)) => match self.strip_null(inner) {
                    (true, inner) => (true, inner),
                    (false, _) => (false, ty),
                },
                _ => (false, ty),
            },
            _ => (false, ty),
        }
    }

    /// The type behind other names.
    pub(super) fn resolve<'t>(&self, ty: &'t Type) -> &'t Type
    where
        'a: 't,
    {
        match ty {
            Type::Named(id) => match self.def(*id).map(|def| &def.shape) {
                Some(Shape::Alias(inner, _)) => self.resolve(inner),
                _ => ty,
            },
            _ => ty,
        }
    }

    /// Whether anything in or of the type is deprecated, so that naming it would be a warning.
    pub(super) fn touches_deprecated(&self, def: &TypeDef) -> bool {
        let mut found = def.deprecated;
        if let Shape::Struct(Struct { fields, .. }) = &def.shape {
            found |= fields.iter().any(|field| field.deprecated);
        }
        for ty in parts(def) {
            named(ty, &mut |id| found |= self.def(id).is_some_and(|def| def.deprecated));
        }
        found
    }

    /// The attribute that keeps generated code quiet about its own deprecated parts, where it is needed.
    pub(super) fn allow(&self, def: &TypeDef) -> Option<TokenStream> {
        self.touches_deprecated(def).then(allow_deprecated)
    }
}

/// Whether a client ever sees a value of the type.
pub(super) fn travels(def: &TypeDef) -> bool {
    def.direction.request || def.direction.reply
}

pub(super) fn allow_deprecated() -> TokenStream {
    quote!(#[allow(deprecated, reason = "the document deprecates it, callers are told")])
}

/// A Rust type alias cannot contain itself.
fn check_aliases(service: &Service) -> Result<(), Diagnostic> {
    fn reaches(service: &Service, ty: &Type, target: TypeId, seen: &mut BTreeSet<TypeId>) -> bool {
        let mut next = Vec::new();
        named(ty, &mut |id| next.push(id));
        next.into_iter().any(|id| {
            id == target
                || seen.insert(id)
                    && matches!(service.types.get(id).map(|def| &def.shape),
                        Some(Shape::Alias(inner, _)) if reaches(service, inner, target, seen))
        })
    }
    for (id, def) in service.types.iter().filter(|(_, def)| travels(def)) {
        if let Shape::Alias(ty, _) = &def.shape
            && reaches(service, ty, id, &mut BTreeSet::new())
        {
            let message = format!("`{}` contains itself without an object in between", def.name);
            return Err(Diagnostic::new(rules::UNSUPPORTED_SCHEMA, def.origin.clone(), message)
                .help("put the list or map into a field of an object"));
        }
    }
    Ok(())
}

//! `From<Order> for OrderInput`: what was read can be changed and written back.
//!
//! There is a conversion where it is sound: whatever the request form requires is in every reply. What only replies have is
//! left behind, what only requests have is not set.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use proc_macro2::TokenStream;
use quote::quote;

use super::context::{Context, travels};
use super::own::{catch_all, unboxed};
use super::plan::{self, Missing, Plan, Wrap, kept};
use super::text::ident;
use super::usage::scalar;
use crate::ir::{Shape, Struct, Type, TypeDef, TypeId, Union};
use crate::passes::{named, parts};

/// Request forms that the replies' form converts to.
pub(super) struct Conversions<'c, 'a> {
    context: &'c Context<'a>,
    /// Request form → replies' form.
    sound: BTreeMap<TypeId, TypeId>,
}

impl<'c, 'a> Conversions<'c, 'a> {
    /// Assumes that all pairs convert, then takes away those that do not, and asks again whatever holds one of these.
    pub(super) fn new(context: &'c Context<'a>) -> Self {
        let pairs = context.service.types.iter().filter_map(|(id, def)| Some((id, def.input_of?, def)));
        let is_alias = |def: &TypeDef| matches!(def.shape, Shape::Alias(..));
        let sound: BTreeMap<TypeId, TypeId> = pairs
            .filter(|(_, of, def)| travels(def) && !is_alias(def) && context.def(*of).is_some_and(travels))
            .map(|(id, of, _)| (id, of))
            .collect();
        let mut holders: BTreeMap<TypeId, Vec<TypeId>> = BTreeMap::new();
        for (id, def) in context.service.types.iter().filter(|(_, def)| !sound.is_empty() && travels(def)) {
            for part in parts(def) {
                named(part, &mut |inner| holders.entry(inner).or_default().push(id));
            }
        }
        let mut open: Vec<TypeId> = sound.keys().copied().collect();
        let mut all = Self { context, sound };
        while let Some(id) = open.pop() {
            if !all.sound.contains_key(&id) || all.body(id).is_some() {
                continue;
            }
            all.sound.remove(&id);
            // Another name for a type has no conversion of its own: what holds it is asked.
            let (mut through, mut seen) = (vec![id], BTreeSet::new());
            while let Some(inner) = through.pop() {
                for holder in holders.get(&inner).into_iter().flatten().filter(|holder| seen.insert(**holder))
                {
                    match context.def(*holder).is_some_and(is_alias) {
                        true => through.push(*holder),
                        false => open.push(*holder),
                    }
                }
            }
        }
        all
    }

    /// The conversion to a type, and the type that it is from.
    pub(super) fn item(&self, id: TypeId) -> Option<(TokenStream, TypeId)> {
        let from = *self.sound.get(&id)?;
        let (def, source) = (self.context.def(id)?, self.context.def(from)?);
        let (name, source_name) = (ident(&def.name), ident(&source.name));
        let allow = self.context.allow(def).or_else(|| self.context.allow(source));
        let body = self.body(id)?;
        let item = quote! {
            #allow
            impl From<super::#source_name> for #name {
                #[inline]
                fn from(value: super::#source_name) -> Self {
                    #body
                }
            }
        };
        Some((item, from))
    }

    fn body(&self, id: TypeId) -> Option<TokenStream> {
        let from = *self.sound.get(&id)?;
        let (def, source) = (self.context.def(id)?, self.context.def(from)?);
        match (&source.shape, &def.shape) {
            (Shape::Struct(a), Shape::Struct(b)) => self.strukt((from, source, a), (id, def, b)),
            (Shape::Union(a), Shape::Union(b)) => self.union((from, source, a), b),
            _ => None,
        }
    }

    fn strukt(
        &self,
        (from, source, a): (TypeId, &'a TypeDef, &'a Struct),
        (id, def, b): (TypeId, &'a TypeDef, &'a Struct),
    ) -> Option<TokenStream> {
        let has = plan::plans(self.context, from, source, a);
        let wants = plan::plans(self.context, id, def, b);
        let has: HashMap<&str, &Plan<'_>> = has.iter().map(|plan| (plan.field.wire.as_str(), plan)).collect();
        let mut fields = Vec::new();
        let mut takes_any = false;
        for plan in &wants {
            let name = ident(&plan.field.name);
            let value = match has.get(plan.field.wire.as_str()) {
                Some(found) => {
                    takes_any = true;
                    self.field(found, plan)?
                }
                None => plan.fill.clone()?,
            };
            fields.push(quote!(#name: #value,));
        }
        let rest = match (kept(a), kept(b)) {
            (_, None) => None,
            (None, Some((name, _))) => {
                let name = ident(name);
                Some(quote!(#name: std::collections::BTreeMap::new(),))
            }
            (Some((source, x)), Some((name, y))) => {
                takes_any = true;
                let (source, name) = (ident(source), ident(name));
                let (x, y) = (Type::Map(Box::new(x.clone())), Type::Map(Box::new(y.clone())));
                let value = self.value(&x, &y, quote!(value.#source))?;
                Some(quote!(#name: #value,))
            }
        };
        let lost = kept(a).is_some() && kept(b).is_none();
        let nothing = (!takes_any).then(|| quote!(let _ = value;));
        (!lost).then(|| quote!(#nothing Self { #(#fields)* #rest }))
    }

    fn field(&self, found: &Plan<'_>, wanted: &Plan<'_>) -> Option<TokenStream> {
        let name = ident(&found.field.name);
        let value = quote!(value.#name);
        let maybe = quote!(rpc_runtime::types::Maybe);
        let inside = |value| self.value(found.inner, wanted.inner, value);
        Some(match (found.wrap, wanted.wrap) {
            (Wrap::Plain, Wrap::Plain) => inside(value)?,
            (Wrap::Plain, Wrap::Option) => {
                let value = inside(value)?;
                quote!(Some(#value))
            }
            (Wrap::Plain, Wrap::Maybe) => {
                let value = inside(value)?;
                quote!(#maybe::Value(#value))
            }
            (Wrap::Option, Wrap::Option) => self.optional(found.inner, wanted.inner, value)?,
            (Wrap::Option, Wrap::Maybe) => {
                let some = inside(quote!(value))?;
                // Null was said only where it cannot mean that nothing was said.
                let none = match found.missing {
                    Missing::Default => quote!(Absent),
                    Missing::Error | Missing::Value(_) => quote!(Null),
                };
                match some.to_string() == "value" {
                    true => quote!(#value.map_or(#maybe::#none, #maybe::Value)),
                    false => quote!(#value.map_or(#maybe::#none, |value| #maybe::Value(#some))),
                }
            }
            (Wrap::Maybe, Wrap::Maybe) if found.inner == wanted.inner => value,
            _ => return None,
        })
    }

    /// An expression of one type as one of another.
    fn value(&self, from: &Type, to: &Type, value: TokenStream) -> Option<TokenStream> {
        let (from, to) = (self.context.resolve(from), self.context.resolve(to));
        Some(match (from, to) {
            (a, b) if a == b => value,
            (Type::Named(a), Type::Named(b)) if self.sound.get(b) == Some(a) => quote!(#value.into()),
            (Type::Scalar(a), Type::Scalar(b)) if scalar(*a).to_string() == scalar(*b).to_string() => value,
            (Type::Boxed(a), Type::Boxed(b)) => {
                let content = self.value(a, b, quote!((*#value)))?;
                quote!(Box::new(#content))
            }
            // Where a circle is cut may differ.
            (Type::Boxed(a), b) => self.value(a, b, quote!((*#value)))?,
            (a, Type::Boxed(b)) => {
                let content = self.value(a, b, value)?;
                quote!(Box::new(#content))
            }
            (Type::List(a), Type::List(b)) => {
                let item = self.value(a, b, quote!(item))?;
                quote!(#value.into_iter().map(|item| #item).collect())
            }
            (Type::Map(a), Type::Map(b)) => {
                let item = self.value(a, b, quote!(item))?;
                quote!(#value.into_iter().map(|(name, item)| (name, #item)).collect())
            }
            (Type::Nullable(a), Type::Nullable(b)) => self.optional(a, b, value)?,
            _ => return None,
        })
    }

    fn optional(&self, from: &Type, to: &Type, value: TokenStream) -> Option<TokenStream> {
        let some = self.value(from, to, quote!(value))?;
        Some(match some.to_string() == "value" {
            true => value,
            false => quote!(#value.map(|value| #some)),
        })
    }

    fn union(&self, (from, source, a): (TypeId, &TypeDef, &'a Union), b: &'a Union) -> Option<TokenStream> {
        let source_name = ident(&source.name);
        let same_shape = a.variants.len() == b.variants.len() && a.dispatch == b.dispatch;
        // Alternatives have conversions of their own, none of which may be this one.
        let is_source = |ty: &'a Type| self.context.resolve(unboxed(ty)) == &Type::Named(from);
        if !same_shape || b.variants.iter().any(|variant| is_source(&variant.ty)) {
            return None;
        }
        let mut arms = Vec::new();
        for (a, b) in a.variants.iter().zip(&b.variants) {
            let value = self.value(&a.ty, &b.ty, quote!(value))?;
            let (a, b) = (ident(&a.name), ident(&b.name));
            arms.push(quote!(super::#source_name::#a(value) => Self::#b(#value),));
        }
        let (from, to) = (catch(a), catch(b));
        Some(quote! {
            match value {
                #(#arms)*
                super::#source_name::#from(text) => Self::#to(text),
            }
        })
    }
}

fn catch(union: &Union) -> proc_macro2::Ident {
    ident(catch_all(union.variants.iter().map(|variant| variant.name.as_str())))
}

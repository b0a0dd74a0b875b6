//! How the alternatives of a union are told apart: declared tag, constant tag, a field of its own, JSON type, best match.

use std::collections::{HashMap, HashSet};

use crate::diagnostic::{Diagnostic, rules};
use crate::ir::{Dispatch, Field, Presence, Scalar, Shape, Type, Variant};
use crate::load::{Cursor, Discriminator, SchemaView};

use super::super::builder::{Builder, PendingUnion};
use super::super::schema_text;

impl<'a> Builder<'a, '_> {
    pub(super) fn tell_unions_apart(&mut self) {
        for union in std::mem::take(&mut self.unions) {
            let Some(Shape::Union(shape)) = self.def(union.id).map(|def| &def.shape) else { continue };
            let mut variants = shape.variants.clone();
            let dispatch = self.dispatch(&union, &mut variants);
            if let Some(Shape::Union(shape)) = self.def_mut(union.id).map(|def| &mut def.shape) {
                shape.variants = variants;
                shape.dispatch = dispatch;
            }
        }
    }

    fn dispatch(&mut self, union: &PendingUnion<'a>, variants: &mut Vec<Variant>) -> Dispatch {
        if let Some(discriminator) = &union.discriminator {
            match self.declared(union, discriminator, variants) {
                Ok(tags) => return tagged(discriminator.property.to_owned(), tags, variants),
                Err(why) => self.ambiguous(union, &format!("the discriminator cannot be used: {why}")),
            }
        }
        if let Some((property, tags)) = self.constant_tag(variants) {
            return tagged(property, tags, variants);
        }
        // What goes one way only tells nothing in the other.
        let both_ways = |field: &Field| !field.read_only && !field.write_only;
        let fields = self.own_fields(variants, both_ways).or_else(|| self.own_fields(variants, |_| true));
        if let Some(fields) = fields {
            for (variant, field) in variants.iter_mut().zip(fields) {
                variant.field = field;
            }
            return Dispatch::Field;
        }
        if self.distinct_kinds(variants) {
            return Dispatch::JsonType;
        }
        self.best_match(union, variants);
        Dispatch::BestMatch
    }

    /// The tags of each variant by the declared discriminator.
    fn declared(
        &mut self,
        union: &PendingUnion<'a>,
        discriminator: &Discriminator<'a>,
        variants: &[Variant],
    ) -> Result<Vec<Vec<String>>, String> {
        let mut mapped = self.mapped(union, discriminator);
        let mut all = Vec::new();
        let mut seen = HashSet::new();
        for (variant, branch) in variants.iter().zip(&union.branches) {
            let name = &variant.name;
            let property = discriminator.property;
            if !self.has_property(&variant.ty, property, 0) {
                return Err(format!("`{name}` has no property `{property}`"));
            }
            let own = || self.tags_of(&variant.ty, property, 0).filter(|tags| !tags.is_empty());
            let by_name = || branch.reference().is_some().then(|| vec![name.clone()]);
            let found = branch.resolve().ok().and_then(|target| mapped.remove(target.cursor()));
            let Some(tags) = found.or_else(own).or_else(by_name) else {
                return Err(format!("no tag stands for `{name}`"));
            };
            if let Some(twice) = tags.iter().find(|tag| !seen.insert((*tag).clone())) {
                return Err(format!("`{twice}` stands for two alternatives"));
            }
            all.push(tags);
        }
        Ok(all)
    }

    /// Tags by the schemas that they stand for.
    fn mapped(
        &mut self,
        union: &PendingUnion<'a>,
        discriminator: &Discriminator<'a>,
    ) -> HashMap<Cursor<'a>, Vec<String>> {
        let resolved = |branch: &SchemaView<'a>| Some(branch.resolve().ok()?.cursor().clone());
        let branches: HashSet<_> = union.branches.iter().filter_map(resolved).collect();
        let mut mapped: HashMap<Cursor<'a>, Vec<String>> = HashMap::new();
        for (tag, entry) in &discriminator.mapping {
            match Discriminator::target(entry).and_then(|target| target.resolve()) {
                Err(problem) => self.push(*problem),
                Ok(target) if branches.contains(target.cursor()) => {
                    mapped.entry(target.cursor().clone()).or_default().push((*tag).to_owned());
                }
                Ok(target) => {
                    let name = schema_text::name(target.cursor());
                    let message =
                        format!("`{tag}` stands for `{name}`, which is no alternative; it is ignored");
                    self.report(entry, rules::SLOPPY, message);
                }
            }
        }
        mapped
    }

    /// A property that is there in every alternative, each with constants of its own.
    fn constant_tag(&self, variants: &[Variant]) -> Option<(String, Vec<Vec<String>>)> {
        let first = self.struct_of(&variants.first()?.ty)?;
        first.fields.iter().find_map(|field| {
            let mut seen = HashSet::new();
            let tags = variants.iter().map(|variant| {
                let object = self.struct_of(&variant.ty)?;
                let own = object.fields.iter().find(|own| own.wire == field.wire)?;
                let values = self.values_of(&own.ty).filter(|values| values.of == Scalar::String)?;
                let constant = values.values.len() == 1 || own.presence == Presence::Required;
                let fresh = values.values.iter().all(|value| seen.insert(value.wire.clone()));
                (constant && fresh).then(|| values.values.iter().map(|value| value.wire.clone()).collect())
            });
            Some((field.wire.clone(), tags.collect::<Option<Vec<_>>>()?))
        })
    }

    /// A required field for each alternative that no other one has, or a constant, which servers write even where it is a
    /// default; at most one alternative may do without.
    fn own_fields(&self, variants: &[Variant], may: impl Fn(&Field) -> bool) -> Option<Vec<String>> {
        let objects: Option<Vec<_>> = variants.iter().map(|variant| self.struct_of(&variant.ty)).collect();
        let objects = objects?;
        let mut owners: HashMap<&str, usize> = HashMap::new();
        for field in objects.iter().flat_map(|object| &object.fields) {
            *owners.entry(&field.wire).or_default() += 1;
        }
        let fields: Vec<String> = objects
            .iter()
            .map(|object| {
                let is_own = |field: &&Field| owners.get(field.wire.as_str()) == Some(&1) && may(field);
                let mut own = object.fields.iter().filter(is_own);
                let constant =
                    |field: &&Field| self.values_of(&field.ty).is_some_and(|values| values.values.len() == 1);
                let required = own.clone().find(|field| field.presence == Presence::Required);
                required.or_else(|| own.find(constant)).map(|field| field.wire.clone()).unwrap_or_default()
            })
            .collect();
        (fields.iter().filter(|field| field.is_empty()).count() <= 1).then_some(fields)
    }

    fn distinct_kinds(&self, variants: &[Variant]) -> bool {
        let mut seen = 0;
        variants.iter().all(|variant| {
            let kinds = self.kinds(&variant.ty);
            let fresh = seen & kinds == 0;
            seen |= kinds;
            fresh
        })
    }

    fn best_match(&mut self, union: &PendingUnion<'a>, variants: &mut Vec<Variant>) {
        let types: Vec<Type> = variants.iter().map(|variant| variant.ty.clone()).collect();
        let (order, certain) = self.specific_first(&types);
        if !certain {
            self.ambiguous(
                union,
                "some alternatives cannot be told apart; the one that knows most of a value wins",
            );
        }
        *variants = order.iter().filter_map(|at| variants.get(*at).cloned()).collect();
    }

    fn ambiguous(&mut self, union: &PendingUnion<'a>, message: &str) {
        let Some(def) = self.def(union.id) else { return };
        let found = Diagnostic::new(rules::UNION_AMBIGUOUS, def.origin.clone(), message);
        self.push(found.help("give every alternative a constant property, and name it in `discriminator`"));
    }
}

fn tagged(property: String, tags: Vec<Vec<String>>, variants: &mut [Variant]) -> Dispatch {
    for (variant, tags) in variants.iter_mut().zip(tags) {
        variant.tags = tags;
    }
    Dispatch::Tag(property)
}

//! Types of several schemas at once: one property that is described twice, tuples without an end.

use crate::diagnostic::rules;
use crate::ir::{Constraints, Field, Shape, Type, TypeId};
use crate::load::{Cursor, SchemaView};

use super::super::builder::Builder;
use super::constraints::tighten;
use super::form::Form;
use super::merge::Merge;

/// How schemas make one type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in super::super) enum Together {
    /// All hold.
    All,
    /// One of them holds.
    Either,
}

impl<'a> Builder<'a, '_> {
    /// Makes a field say what both descriptions say. `views` are all descriptions, the latest last.
    pub(super) fn refine_field(
        &mut self,
        field: &mut Field,
        later: Field,
        views: &[SchemaView<'a>],
        name: &str,
    ) {
        if field.ty != later.ty {
            // What the types are made of decides: it has to be there.
            self.settle();
        }
        match self.both(&field.ty, &later.ty, name) {
            Some(ty) => {
                field.ty = ty;
                tighten(&mut field.constraints, later.constraints);
            }
            None => {
                let message = format!(
                    "`{}` has another type in an earlier member of the `allOf`; either is taken",
                    later.wire
                );
                (field.ty, field.constraints) = (self.either(views, name), Constraints::default());
                let other = format!("the other one stands at {}", field.origin);
                if let Some(view) = views.last() {
                    self.push(view.cursor().diagnostic(rules::ALL_OF_CONFLICT, message).help(other));
                }
            }
        }
        field.doc = later.doc.or(field.doc.take());
        field.deprecated |= later.deprecated;
        field.read_only |= later.read_only;
        field.write_only |= later.write_only;
    }

    /// The type of values that are of both types: the narrower one, or an object with the fields of both.
    fn both(&mut self, a: &Type, b: &Type, name: &str) -> Option<Type> {
        if let Some(narrower) = self.refine(a, b) {
            return Some(narrower);
        }
        Some(match (a, b) {
            (Type::Nullable(a), Type::Nullable(b)) => Type::Nullable(Box::new(self.both(a, b, name)?)),
            (Type::Nullable(a), b) => self.both(a, b, name)?,
            (a, Type::Nullable(b)) => self.both(a, b, name)?,
            (Type::List(a), Type::List(b)) => {
                Type::List(Box::new(self.both(a, b, &format!("{name} item"))?))
            }
            (Type::Map(a), Type::Map(b)) => Type::Map(Box::new(self.both(a, b, &format!("{name} value"))?)),
            (Type::Named(a), Type::Named(b)) => {
                let (mut merge, other) = (self.object_parts(*a)?, self.object_parts(*b)?);
                for part in other.all {
                    if !merge.all.contains(&part) {
                        merge.all.push(part);
                    }
                }
                merge.some.extend(other.some);
                let parts = merge.all.clone();
                self.join(&parts, Together::All, name, Form::Merge(merge))
            }
            _ => return None,
        })
    }

    /// The type of values that one of the schemas describes.
    pub(super) fn either(&mut self, views: &[SchemaView<'a>], name: &str) -> Type {
        let Some(first) = views.first() else { return Type::Any };
        let nullable = views.iter().any(|view| self.is_nullable(view));
        let ty = match self.alternatives(first, views.to_vec()) {
            Form::Inline(ty, _) => ty,
            Form::Same(only) => self.value(&only, name).0,
            form => self.join(views, Together::Either, name, form),
        };
        match ty {
            Type::Any | Type::Null => ty,
            ty if nullable => Type::Nullable(Box::new(ty)),
            ty => ty,
        }
    }

    /// The schemas that an object type is made of; `None` if it is no object with fields.
    pub(super) fn object_parts(&mut self, id: TypeId) -> Option<Merge<'a>> {
        let def = self.defs.get(id.0)?;
        match (&def.joined, &def.def.shape) {
            (Some(merge), _) => Some(merge.clone()),
            (None, Shape::Union(_) | Shape::Enum(_)) => None,
            _ => {
                let schema = SchemaView::new(def.cursor.clone());
                self.merge_of(&schema).filter(|merge| !merge.all.is_empty())
            }
        }
    }

    /// Whether a type takes over all that another one says, as a derived type does.
    pub(super) fn derives(&mut self, derived: TypeId, base: TypeId) -> bool {
        let (Some(derived), Some(base)) = (self.object_parts(derived), self.object_parts(base)) else {
            return false;
        };
        let cursors =
            |merge: &Merge<'a>| merge.all.iter().map(|p| p.cursor().clone()).collect::<Vec<Cursor<'a>>>();
        let derived = cursors(&derived);
        cursors(&base).iter().all(|part| derived.contains(part))
    }
}

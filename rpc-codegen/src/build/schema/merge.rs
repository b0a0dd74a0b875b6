//! One property, described twice.

use crate::diagnostic::rules;
use crate::ir::{Constraints, Field, Type};
use crate::load::Cursor;

use super::super::builder::Builder;
use super::constraints::tighten;

impl<'a> Builder<'a, '_> {
    /// Makes a field say what both descriptions say.
    pub(super) fn refine_field(&mut self, field: &mut Field, later: Field, at: &Cursor<'a>) {
        if field.ty != later.ty {
            // What the types are made of decides: it has to be there.
            self.settle();
        }
        match self.refine(&field.ty, &later.ty) {
            Some(ty) => field.ty = ty,
            None => {
                let message = format!(
                    "`{}` has another type in an earlier member of the `allOf`; it stays raw JSON",
                    later.wire
                );
                (field.ty, field.constraints) = (Type::Any, Constraints::default());
                let other = format!("the other one stands at {}", field.origin);
                self.push(at.diagnostic(rules::ALL_OF_CONFLICT, message).help(other));
            }
        }
        tighten(&mut field.constraints, later.constraints);
        field.doc = later.doc.or(field.doc.take());
        field.deprecated |= later.deprecated;
        field.read_only |= later.read_only;
        field.write_only |= later.write_only;
    }
}

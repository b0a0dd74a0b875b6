//! What can be said only when all types are known.

mod content;
mod cycles;
mod defaults;
mod dispatch;
mod encoding;
mod fits;
mod giants;
mod multipart;
mod order;
mod overlap;
mod structure;

use crate::ir::{Default_, Operation, Type, Types};

use super::builder::Builder;
use super::operations::Encodings;

impl<'a> Builder<'a, '_> {
    /// Once cycles are broken, finishes the types and brings them into document order, in the operations too.
    pub(super) fn finish(mut self, operations: &mut [Operation], encodings: &Encodings<'a>) -> Types {
        self.tell_unions_apart();
        self.find_files(operations, encodings);
        self.style_fields(operations, encodings);
        self.read_defaults();
        self.in_order(operations)
    }

    /// A default of a parameter; types must be settled.
    pub(super) fn parameter_default(
        &mut self,
        value: &crate::load::Cursor<'_>,
        ty: &Type,
    ) -> Option<Default_> {
        if value.node().is_null() {
            // Leaving the parameter out says the same.
            return None;
        }
        self.default_of(value, ty)
    }
}

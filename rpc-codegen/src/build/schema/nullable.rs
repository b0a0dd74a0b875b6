//! Whether null is a value.

use crate::load::SchemaView;

use super::super::builder::Builder;

impl<'a> Builder<'a, '_> {
    /// Whether a schema lets null through, references followed. In a cycle, nothing says so until something does.
    pub(in super::super) fn is_nullable(&mut self, schema: &SchemaView<'a>) -> bool {
        if let Some(known) = self.nullable.get(schema.cursor()) {
            return *known;
        }
        self.nullable.insert(schema.cursor().clone(), false);
        let found = own(schema) || self.by_parts(schema);
        self.nullable.insert(schema.cursor().clone(), found);
        found
    }

    fn by_parts(&mut self, schema: &SchemaView<'a>) -> bool {
        // Native recursion: long chains of references are not worth a stack.
        if self.depth > 64 {
            return false;
        }
        self.depth += 1;
        let target = schema.target().and_then(Result::ok);
        let parts = schema.all_of();
        let branches = schema.any_of().into_iter().chain(schema.one_of());
        let found = target.is_some_and(|target| self.is_nullable(&target))
            || branches.into_iter().any(|branch| self.is_nullable(&branch))
            || (!parts.is_empty()
                && schema.types().is_empty()
                && parts.iter().all(|part| self.is_nullable(part)));
        self.depth -= 1;
        found
    }
}

fn own(schema: &SchemaView<'_>) -> bool {
    let null_value = || schema.enum_values().into_iter().flatten().any(|value| value.node().is_null());
    schema.nullable() || null_value()
}

//! Path items.

use super::document::place;
use super::{Converter, build};
use crate::load::cursor::Cursor;
use crate::load::node::Node;
use crate::load::operation::METHODS;

impl<'a> Converter<'a, '_> {
    pub(super) fn path_item(&mut self, at: &Cursor<'a>) -> Node {
        let mut entries = Vec::new();
        for (key, value) in at.entries() {
            let is_method = METHODS.iter().any(|(method, _)| *method == key);
            match key {
                "servers" | "additionalOperations" | "query" => self.foreign(&value),
                "parameters" => entries.push(build::kept(&value, self.parameters(&value))),
                _ if is_method && value.node().as_object().is_some() => {
                    entries.push(build::kept(&value, self.operation(at, &value)));
                }
                _ => entries.push(build::kept(&value, self.node(&value))),
            }
        }
        build::object(at, entries)
    }

    /// A list of parameters without those that are parts of the body.
    pub(super) fn parameters(&mut self, at: &Cursor<'a>) -> Node {
        if at.node().as_array().is_none() {
            return at.node().clone();
        }
        let proper = at.items().filter(|item| !matches!(place(item), Some("body" | "formData")));
        build::list(at, proper.map(|item| self.node(&item)).collect())
    }
}

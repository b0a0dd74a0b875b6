//! Schemas: the dialect of 3.0 is the one of 2.0 with three spellings changed.

use super::{Converter, build};
use crate::load::cursor::Cursor;
use crate::load::node::{Entry, Node};

impl<'a> Converter<'a, '_> {
    pub(super) fn schema(&mut self, at: &Cursor<'a>) -> Node {
        let mut entries = Vec::new();
        for (_, value) in at.entries() {
            self.keyword(at, &value, &mut entries);
        }
        build::object(at, entries)
    }

    /// One keyword of a schema, or of a parameter that says the same.
    pub(super) fn keyword(&mut self, holder: &Cursor<'a>, value: &Cursor<'a>, entries: &mut Vec<Entry>) {
        let is_file = holder.str_at("type") == Some("file");
        match value.name().unwrap_or_default() {
            "type" if is_file => {
                entries.push(build::kept(value, build::string(value, "string")));
                entries.push(build::entry("format", value, build::string(value, "binary")));
            }
            "format" if is_file => {}
            "discriminator" if value.str().is_some() => {
                let name = build::entry("propertyName", value, value.node().clone());
                entries.push(build::kept(value, build::object(value, vec![name])));
            }
            "x-nullable" if value.bool().is_some() && holder.key("nullable").is_none() => {
                entries.push(build::entry("nullable", value, value.node().clone()));
            }
            "collectionFormat" => {
                if value.str() != Some("csv") {
                    self.sloppy(value, "`collectionFormat` says nothing here; it is ignored");
                }
            }
            _ => entries.push(build::kept(value, self.node(value))),
        }
    }
}

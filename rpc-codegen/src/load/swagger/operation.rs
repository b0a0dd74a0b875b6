//! Operations.

use super::{Converter, build};
use crate::load::cursor::Cursor;
use crate::load::node::{Entry, Node};

impl<'a> Converter<'a, '_> {
    pub(super) fn operation(&mut self, path_item: &Cursor<'a>, at: &Cursor<'a>) -> Node {
        let mut entries = Vec::new();
        let produces = self.media_types(at, "produces");
        for (key, value) in at.entries() {
            match key {
                // Part of the body, of the replies.
                "consumes" | "produces" => {}
                "schemes" => {
                    if let Some(document) = at.sources().document() {
                        entries.extend(self.servers(&document, at));
                    }
                }
                "requestBody" | "servers" => self.foreign(&value),
                "parameters" => entries.push(build::kept(&value, self.parameters(&value))),
                "responses" => {
                    entries.push(build::kept(&value, self.responses(&value, produces.as_deref())));
                }
                _ => entries.push(build::kept(&value, self.node(&value))),
            }
        }
        entries.extend(self.request_body(path_item, at));
        build::object(at, entries)
    }

    fn responses(&mut self, at: &Cursor<'a>, produces: Option<&[String]>) -> Node {
        if at.node().as_object().is_none() {
            return at.node().clone();
        }
        let convert = |(status, value): (&str, Cursor<'a>)| -> Entry {
            let known = !status.starts_with("x-") && value.node().as_object().is_some();
            let node = match produces.filter(|_| known) {
                Some(own) => self.own_response(&value, own),
                None => self.node(&value),
            };
            build::kept(&value, node)
        };
        build::object(at, at.entries().map(convert).collect())
    }
}

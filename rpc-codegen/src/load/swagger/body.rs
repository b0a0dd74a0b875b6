//! `in: body` and `in: formData` → `requestBody`.

use super::media::{content, shared};
use super::{Converter, build};
use crate::load::cursor::Cursor;
use crate::load::node::{Entry, Node};

/// A parameter as it is listed, and what its reference ends at.
#[derive(Clone)]
pub(super) struct Listed<'a> {
    pub(super) item: Cursor<'a>,
    pub(super) target: Cursor<'a>,
}

impl<'a> Converter<'a, '_> {
    /// The body of an operation. One of its own counts before one of the path item.
    pub(super) fn request_body(&mut self, path_item: &Cursor<'a>, at: &Cursor<'a>) -> Option<Entry> {
        let consumes = self.media_types(at, "consumes");
        for holder in [at, path_item] {
            let bodies = listed(holder, "body");
            if let Some(body) = bodies.first() {
                let rest = bodies.iter().skip(1).cloned();
                for more in rest.chain(listed(at, "formData")).chain(listed(path_item, "formData")) {
                    self.sloppy(
                        &more.item,
                        "an operation has one body, and another parameter is it already; this is ignored",
                    );
                }
                return Some(build::entry("requestBody", &body.item, self.body(body, consumes.as_deref())));
            }
        }
        let mut fields = listed(at, "formData");
        let name = |field: &Listed<'a>| field.target.str_at("name");
        let own: Vec<_> = fields.iter().map(name).collect();
        let inherited = listed(path_item, "formData").into_iter().filter(|field| !own.contains(&name(field)));
        fields.extend(inherited.collect::<Vec<_>>());
        let list = at.key("parameters").or_else(|| path_item.key("parameters"))?;
        (!fields.is_empty()).then(|| {
            let own = at.key("consumes").filter(|_| consumes.as_ref().is_some_and(|own| !own.is_empty()));
            let form = self.form(&list, &fields, consumes.as_deref(), own.as_ref());
            build::entry("requestBody", &list, form)
        })
    }

    fn body(&mut self, body: &Listed<'a>, consumes: Option<&[String]>) -> Node {
        let Listed { item, target } = body;
        let consumes = consumes.filter(|own| *own != self.consumes);
        match consumes {
            // A shared body is shared unless it is sent in another way here.
            Some(own) if item != target => {
                let schema = target.key("schema");
                let schema = schema.map(|schema| build::entry("schema", item, shared(item, &schema)));
                let mut entries = vec![content(item, own, schema.as_slice())];
                for key in ["description", "required"] {
                    let value = target.key(key).map(|value| placed(item, value.node()));
                    entries.extend(value.map(|value| build::entry(key, item, value)));
                }
                build::object(item, entries)
            }
            Some(own) => self.body_object(target, own),
            None => self.node(item),
        }
    }

    /// A body parameter as a Request Body Object. Its name is never sent.
    pub(super) fn body_object(&mut self, at: &Cursor<'a>, consumes: &[String]) -> Node {
        let mut entries = Vec::new();
        let mut schema = None;
        for (key, value) in at.entries() {
            match key {
                "name" | "in" => {}
                "content" => self.foreign(&value),
                "schema" => schema = Some(build::kept(&value, self.node(&value))),
                _ => entries.push(build::kept(&value, self.node(&value))),
            }
        }
        if schema.is_none() {
            let inline = self.inline_schema(at);
            let what = if inline.is_some() { "its own type is taken" } else { "any JSON may be sent" };
            self.sloppy(at, format!("a parameter in `body` should have `schema`, which is missing; {what}"));
            schema = inline;
        }
        entries.push(content(at, consumes, schema.as_slice()));
        build::object(at, entries)
    }
}

/// The parameters of one place, references followed.
fn listed<'a>(holder: &Cursor<'a>, place: &str) -> Vec<Listed<'a>> {
    let items = holder.key("parameters").into_iter().flat_map(|list| list.items());
    let listed = items.filter_map(|item| Some(Listed { target: item.resolve().ok()?, item }));
    listed.filter(|one| one.target.str_at("in") == Some(place)).collect()
}

/// A value that stands in another place, perhaps of another file.
pub(super) fn placed(at: &Cursor<'_>, node: &Node) -> Node {
    Node { value: node.value.clone(), line: at.node().line, column: at.node().column }
}

//! Responses.

use super::body::placed;
use super::media::{content, shared};
use super::{Converter, build};
use crate::load::cursor::Cursor;
use crate::load::node::{Entry, Node, Value};

impl<'a> Converter<'a, '_> {
    pub(super) fn response(&mut self, at: &Cursor<'a>) -> Node {
        if at.str_at("$ref").is_some() {
            return self.parts(at);
        }
        let produces = self.produces.clone();
        self.response_object(at, &produces)
    }

    /// A response of an operation with `produces` of its own: a shared one is shared unless it comes in another way here.
    pub(super) fn own_response(&mut self, at: &Cursor<'a>, produces: &[String]) -> Node {
        if at.str_at("$ref").is_none() {
            return self.response_object(at, produces);
        }
        let Ok(target) = at.resolve() else { return self.parts(at) };
        let schema = target.key("schema").filter(|_| produces != self.produces);
        let Some(schema) = schema else { return self.parts(at) };
        let mut entries = Vec::new();
        for (key, value) in target.entries() {
            match key {
                "description" => entries.push(build::entry(key, at, placed(at, value.node()))),
                "headers" => {
                    let header = |(name, header): (&str, Cursor<'a>)| {
                        build::entry(name, at, build::reference(at, &header))
                    };
                    let headers = value.entries().map(header).collect();
                    entries.push(build::entry(key, at, build::object(at, headers)));
                }
                _ => {}
            }
        }
        let types = types_for(&schema, produces);
        let schema = build::entry("schema", at, shared(at, &schema));
        entries.push(content(at, &types, std::slice::from_ref(&schema)));
        build::object(at, entries)
    }

    fn response_object(&mut self, at: &Cursor<'a>, produces: &[String]) -> Node {
        let mut entries = Vec::new();
        for (key, value) in at.entries() {
            match key {
                "schema" | "examples" => {}
                "content" => self.foreign(&value),
                _ => entries.push(build::kept(&value, self.node(&value))),
            }
        }
        let schema = at.key("schema").filter(|schema| !schema.node().is_null());
        let examples: Vec<_> = at.key("examples").into_iter().flat_map(|all| all.entries()).collect();
        let examples: Vec<_> = examples.into_iter().filter(|(name, _)| name.contains('/')).collect();
        let types = match &schema {
            None => Vec::new(),
            Some(schema) if !produces.is_empty() => types_for(schema, produces),
            Some(schema) => types_for(schema, &named(&examples)),
        };
        if let Some(schema) = schema {
            let schema = build::kept(&schema, self.node(&schema));
            let mut content = content(at, &types, std::slice::from_ref(&schema));
            self.examples(&mut content, &examples);
            entries.push(content);
        } else if !examples.is_empty() {
            let mut content = content(at, &named(&examples), &[]);
            self.examples(&mut content, &examples);
            entries.push(content);
        }
        build::object(at, entries)
    }

    /// Puts each example to its media type.
    fn examples(&mut self, content: &mut Entry, examples: &[(&'a str, Cursor<'a>)]) {
        let Value::Object(media_types) = &mut content.value.value else { return };
        for (name, example) in examples {
            let media_type = media_types.iter_mut().find(|entry| entry.key == *name);
            match media_type.map(|entry| &mut entry.value.value) {
                Some(Value::Object(entries)) => {
                    entries.push(build::entry("example", example, example.node().clone()));
                }
                _ => {
                    self.sloppy(example, format!("an example of `{name}`, which is not produced, is ignored"))
                }
            }
        }
    }
}

fn named(examples: &[(&str, Cursor<'_>)]) -> Vec<String> {
    examples.iter().take(16).map(|(name, _)| (*name).to_owned()).collect()
}

/// What a response with a schema may come as. A file is not JSON, whatever all operations together produce.
fn types_for(schema: &Cursor<'_>, produces: &[String]) -> Vec<String> {
    if schema.str_at("type") != Some("file") {
        return produces.to_vec();
    }
    let types: Vec<String> = produces.iter().filter(|name| !name.contains("json")).cloned().collect();
    if types.is_empty() { vec!["application/octet-stream".to_owned()] } else { types }
}

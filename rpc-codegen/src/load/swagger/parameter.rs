//! Parameters and headers: what is said of the value goes into a schema.

use super::{Converter, build, collection};
use crate::load::cursor::Cursor;
use crate::load::node::{Entry, Node};

/// Keywords that are members of the schema in 3.0.
const KEYWORDS: [&str; 19] = [
    "type",
    "format",
    "items",
    "default",
    "enum",
    "maximum",
    "exclusiveMaximum",
    "minimum",
    "exclusiveMinimum",
    "multipleOf",
    "maxLength",
    "minLength",
    "pattern",
    "maxItems",
    "minItems",
    "uniqueItems",
    "title",
    "nullable",
    "x-nullable",
];

fn is_keyword(key: &str) -> bool {
    KEYWORDS.contains(&key) || key.starts_with("x-enum")
}

impl<'a> Converter<'a, '_> {
    pub(super) fn parameter(&mut self, at: &Cursor<'a>) -> Node {
        if at.str_at("$ref").is_some() {
            return self.parts(at);
        }
        match at.str_at("in") {
            Some("body") => {
                let consumes = self.consumes.clone();
                self.body_object(at, &consumes)
            }
            Some("formData") => self.form_field(at),
            place => self.proper(at, place.unwrap_or("query")),
        }
    }

    pub(super) fn header(&mut self, at: &Cursor<'a>) -> Node {
        if at.str_at("$ref").is_some() {
            return self.parts(at);
        }
        self.proper(at, "header")
    }

    fn proper(&mut self, at: &Cursor<'a>, place: &str) -> Node {
        let mut entries = Vec::new();
        for (key, value) in at.entries() {
            match key {
                "collectionFormat" => {}
                "style" | "explode" | "content" => self.foreign(&value),
                "schema" => {
                    self.sloppy(&value, "`schema` is for parameters in `body`; it is taken all the same");
                    entries.push(build::kept(&value, self.node(&value)));
                }
                _ if is_keyword(key) => {}
                _ => entries.push(build::kept(&value, self.node(&value))),
            }
        }
        if at.key("schema").is_none() {
            entries.extend(self.inline_schema(at));
        }
        if at.str_at("type") == Some("file") {
            self.sloppy(at, "a file can only be a parameter in `formData`; its text is taken");
        }
        if at.str_at("type") == Some("array") {
            self.list_style(at, place, &mut entries);
        }
        build::object(at, entries)
    }

    fn list_style(&mut self, at: &Cursor<'a>, place: &str, entries: &mut Vec<Entry>) {
        let format = at.key("collectionFormat");
        let name = format.as_ref().and_then(|format| format.str()).unwrap_or("csv");
        let style = collection::style(place, name);
        let from = format.unwrap_or_else(|| at.clone());
        if style.is_none() && ["query", "path", "header"].contains(&place) {
            let message = format!("a list in `{place}` cannot be written as `{name}` says; `csv` is taken");
            self.sloppy(&from, message);
        }
        if let Some((style, explode)) = style.or_else(|| collection::style(place, "csv")) {
            entries.push(build::entry("style", &from, build::string(&from, style)));
            entries.push(build::entry("explode", &from, build::boolean(&from, explode)));
        }
    }

    /// `schema` of what a parameter says of its value; `None` if it says nothing.
    pub(super) fn inline_schema(&mut self, at: &Cursor<'a>) -> Option<Entry> {
        let mut entries = Vec::new();
        for (key, value) in at.entries() {
            if is_keyword(key) {
                self.keyword(at, &value, &mut entries);
            }
        }
        (!entries.is_empty()).then(|| build::entry("schema", at, build::object(at, entries)))
    }
}

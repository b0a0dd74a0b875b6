//! `in: formData`: the fields of a form are the properties of one schema.

use super::body::Listed;
use super::media::content;
use super::{Converter, build, collection};
use crate::diagnostic::rules;
use crate::load::cursor::Cursor;
use crate::load::node::Node;

const MULTIPART: &str = "multipart/form-data";
const URL_ENCODED: &str = "application/x-www-form-urlencoded";

impl<'a> Converter<'a, '_> {
    /// The Request Body Object of a form. It stands where the list of parameters (`at`) stands.
    pub(super) fn form(
        &mut self,
        at: &Cursor<'a>,
        fields: &[Listed<'a>],
        consumes: Option<&[String]>,
        own: Option<&Cursor<'a>>,
    ) -> Node {
        let (mut properties, mut required, mut encoding) = (Vec::new(), Vec::new(), Vec::new());
        let mut names = std::collections::HashSet::new();
        for Listed { item, target } in fields {
            let Some(name) = target.key("name").filter(|name| name.str().is_some()) else {
                self.diagnostics
                    .push(target.diagnostic(rules::WRONG_SHAPE, "a Parameter Object needs `name`, a string"));
                continue;
            };
            let text = name.str().unwrap_or_default();
            if !names.insert(text) {
                let message = format!("`{text}` is declared twice; the first one holds");
                self.diagnostics.push(item.diagnostic(rules::DUPLICATE_PARAMETER, message));
                continue;
            }
            let place = if item == target { &name } else { item };
            properties.push(build::entry(text, place, self.node(item)));
            if let Some(how) = encoded(target) {
                encoding.push(build::entry(text, place, how));
            }
            if target.flag("required") {
                required.push(build::string(item, text));
            }
        }
        let any_required = !required.is_empty();
        let mut schema = vec![
            build::entry("type", at, build::string(at, "object")),
            build::entry("properties", at, build::object(at, properties)),
        ];
        if any_required {
            schema.push(build::entry("required", at, build::list(at, required)));
        }
        let mut media = vec![build::entry("schema", at, build::object(at, schema))];
        if !encoding.is_empty() {
            media.push(build::entry("encoding", at, build::object(at, encoding)));
        }
        let has_file = fields.iter().any(|field| is_file(&field.target));
        let media_types = self.form_types(consumes, own, has_file);
        let mut entries = vec![content(at, &media_types, &media)];
        if any_required {
            entries.push(build::entry("required", at, build::boolean(at, true)));
        }
        build::object(at, entries)
    }

    /// Which of the two ways to write a form are offered. Files need the second one.
    fn form_types(
        &mut self,
        consumes: Option<&[String]>,
        own: Option<&Cursor<'a>>,
        has_file: bool,
    ) -> Vec<String> {
        let offered = consumes.unwrap_or(&self.consumes).iter();
        let is = |text: &str, essence: &str| {
            text.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(essence)
        };
        let fits = |text: &&String| is(text, MULTIPART) || (is(text, URL_ENCODED) && !has_file);
        let fitting: Vec<String> = offered.filter(fits).cloned().collect();
        if !fitting.is_empty() {
            return fitting;
        }
        let taken = if has_file { MULTIPART } else { URL_ENCODED };
        if let Some(own) = own {
            self.sloppy(own, format!("none of these can carry the form's fields; `{taken}` is taken"));
        }
        vec![taken.to_owned()]
    }

    /// A field as a schema.
    pub(super) fn form_field(&mut self, at: &Cursor<'a>) -> Node {
        if let Some(format) = list_style(at).filter(|format| collection::style("formData", format).is_none())
        {
            return self.joined(at, format);
        }
        let mut entries = Vec::new();
        for (key, value) in at.entries() {
            match key {
                "name" | "in" | "required" | "collectionFormat" => {}
                "schema" => self.foreign(&value),
                _ => self.keyword(at, &value, &mut entries),
            }
        }
        build::object(at, entries)
    }

    /// A list in one pair, its items apart in a way that 3.0 has no word for: the caller joins.
    fn joined(&mut self, at: &Cursor<'a>, format: &str) -> Node {
        let place = at.key("collectionFormat").unwrap_or_else(|| at.clone());
        let name = at.str_at("name").unwrap_or_default();
        self.sloppy(
            &place,
            format!("`{name}` is a list in one field of a form (`{format}`); it is a string, which the caller joins"),
        );
        let described = at.key("description").map(|value| build::kept(&value, value.node().clone()));
        let text = build::entry("type", at, build::string(at, "string"));
        build::object(at, std::iter::once(text).chain(described).collect())
    }
}

/// How the items of a list in one field are kept apart; `None` if it is no such list.
fn list_style<'a>(field: &Cursor<'a>) -> Option<&'a str> {
    let format = field.str_at("collectionFormat").unwrap_or("csv");
    (field.str_at("type") == Some("array") && format != "multi" && !is_file(field)).then_some(format)
}

/// The Encoding Object of a list in one field; `None` for any other field, and where 3.0 has no word for it.
fn encoded(field: &Cursor<'_>) -> Option<Node> {
    let (style, explode) = collection::style("formData", list_style(field)?)?;
    let at = field.key("collectionFormat").unwrap_or_else(|| field.clone());
    let style = build::entry("style", &at, build::string(&at, style));
    let explode = build::entry("explode", &at, build::boolean(&at, explode));
    Some(build::object(&at, vec![style, explode]))
}

/// A file or a list of files.
fn is_file(field: &Cursor<'_>) -> bool {
    let is = |at: &Cursor<'_>| at.str_at("type") == Some("file");
    is(field) || field.key("items").is_some_and(|items| is(&items))
}

//! The document.

use super::{Converter, build};
use crate::load::cursor::Cursor;
use crate::load::node::{Entry, Node};

/// Sections of 2.0 that are members of `components` in 3.0.
const SECTIONS: [(&str, &str); 2] = [("definitions", "schemas"), ("responses", "responses")];

impl<'a> Converter<'a, '_> {
    pub(super) fn document(&mut self, at: &Cursor<'a>) -> Node {
        let mut entries = Vec::new();
        let mut components = Vec::new();
        for (key, value) in at.entries() {
            match key {
                "swagger" => entries.push(build::entry("openapi", &value, build::string(&value, "3.0.3"))),
                // Part of `servers`, of the bodies, of the replies.
                "host" | "basePath" | "schemes" | "consumes" | "produces" => {}
                "openapi" | "components" | "servers" => self.foreign(&value),
                "parameters" => self.global_parameters(&value, &mut components),
                "securityDefinitions" => {
                    components.push(build::entry("securitySchemes", &value, self.security_schemes(&value)));
                }
                _ => match SECTIONS.iter().find(|(name, _)| *name == key) {
                    Some((_, section)) => {
                        components.push(build::entry(*section, &value, self.parts(&value)));
                    }
                    None => entries.push(build::kept(&value, self.node(&value))),
                },
            }
        }
        entries.extend(self.servers(at, at));
        if !components.is_empty() {
            entries.push(build::entry("components", at, build::object(at, components)));
        }
        build::object(at, entries)
    }

    /// Parameters by what becomes of them: bodies, fields of forms (which are schemas) and parameters proper.
    fn global_parameters(&mut self, at: &Cursor<'a>, components: &mut Vec<Entry>) {
        if at.node().as_object().is_none() {
            return components.push(build::kept(at, at.node().clone()));
        }
        let (mut parameters, mut bodies, mut fields) = (Vec::new(), Vec::new(), Vec::new());
        for (_, value) in at.entries() {
            let list = match place(&value) {
                Some("body") => &mut bodies,
                Some("formData") => &mut fields,
                _ => &mut parameters,
            };
            list.push(build::kept(&value, self.node(&value)));
        }
        // `definitions` in between: what refers to a field names its type as it does those of all schemas.
        let fields = (!fields.is_empty()).then(|| build::entry("definitions", at, build::object(at, fields)));
        for (name, list) in [
            ("parameters", parameters),
            ("requestBodies", bodies),
            ("x-formData", fields.into_iter().collect()),
        ] {
            if !list.is_empty() {
                components.push(build::entry(name, at, build::object(at, list)));
            }
        }
    }
}

/// `in` of a parameter, its reference followed.
pub(super) fn place<'a>(parameter: &Cursor<'a>) -> Option<&'a str> {
    parameter.resolve().ok()?.str_at("in")
}

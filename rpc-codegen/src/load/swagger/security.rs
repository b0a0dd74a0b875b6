//! `securityDefinitions` → `components.securitySchemes`.

use super::{Converter, build};
use crate::load::cursor::Cursor;
use crate::load::node::{Entry, Node};

/// The flows of OAuth 2 under both names.
const FLOWS: [(&str, &str); 4] = [
    ("implicit", "implicit"),
    ("password", "password"),
    ("application", "clientCredentials"),
    ("accessCode", "authorizationCode"),
];

impl<'a> Converter<'a, '_> {
    pub(super) fn security_schemes(&mut self, at: &Cursor<'a>) -> Node {
        if at.node().as_object().is_none() {
            return at.node().clone();
        }
        let schemes = at.entries().map(|(_, scheme)| build::kept(&scheme, self.security_scheme(&scheme)));
        build::object(at, schemes.collect())
    }

    fn security_scheme(&mut self, at: &Cursor<'a>) -> Node {
        match at.str_at("type") {
            Some("basic") => build::object(at, at.entries().flat_map(basic).collect()),
            Some("oauth2") => self.oauth2(at),
            _ => self.parts(at),
        }
    }

    fn oauth2(&mut self, at: &Cursor<'a>) -> Node {
        let (mut entries, mut flow, mut name) = (Vec::new(), Vec::new(), None);
        for (key, value) in at.entries() {
            match key {
                "flows" => self.foreign(&value),
                "flow" => {
                    let known = FLOWS.iter().find(|(old, _)| value.str() == Some(old));
                    if known.is_none() {
                        let names: Vec<_> = FLOWS.iter().map(|(old, _)| format!("`{old}`")).collect();
                        self.sloppy(&value, format!("not a flow; known are {}", names.join(", ")));
                    }
                    name = known.map(|(_, new)| (value, *new));
                }
                "authorizationUrl" | "tokenUrl" => flow.push(build::kept(&value, value.node().clone())),
                "scopes" => {
                    // Extensions may stand among the scopes.
                    let scopes = value.entries().filter(|(scope, _)| !scope.starts_with("x-"));
                    let scopes = scopes.map(|(_, text)| build::kept(&text, text.node().clone())).collect();
                    let node = match value.node().as_object() {
                        Some(_) => build::object(&value, scopes),
                        None => value.node().clone(),
                    };
                    flow.push(build::kept(&value, node));
                }
                _ => entries.push(build::kept(&value, self.node(&value))),
            }
        }
        if at.key("flow").is_none() {
            self.sloppy(at, "an OAuth 2 scheme should have `flow`, which is missing");
        }
        let flows = name.map(|(from, name)| build::entry(name, &from, build::object(at, flow)));
        entries.push(build::entry("flows", at, build::object(at, flows.into_iter().collect())));
        build::object(at, entries)
    }
}

/// `type: basic` is `type: http` with a scheme.
fn basic((key, value): (&str, Cursor<'_>)) -> Vec<Entry> {
    match key {
        "type" => vec![
            build::kept(&value, build::string(&value, "http")),
            build::entry("scheme", &value, build::string(&value, "basic")),
        ],
        "scheme" => Vec::new(),
        _ => vec![build::kept(&value, value.node().clone())],
    }
}

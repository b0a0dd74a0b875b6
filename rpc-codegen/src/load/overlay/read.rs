//! An overlay's text as actions.

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Diagnostics, rules};
use crate::load::nearest::nearest;
use crate::load::node::{Node, Value, push_step};
use crate::load::{origin, refs};
use crate::location::Location;

use super::query::{self, Query};

/// One change of the document.
#[derive(Debug)]
pub(super) struct Action<'n> {
    pub(super) target: Query,
    pub(super) change: Change<'n>,
}

/// What is done to the values that an action selects.
#[derive(Debug)]
pub(super) enum Change<'n> {
    /// A value is merged into them; where it stands, and by the rules of which version.
    Update(&'n Node, Location, Version),
    /// The value that this selects is merged into them.
    Copy(Query),
    Remove,
}

/// The actions of an overlay that is for `document`; what is wrong with it is reported.
pub(super) fn actions<'n>(
    root: &'n Node,
    name: &Arc<str>,
    path: &str,
    document: &str,
    diagnostics: &mut Diagnostics,
) -> Vec<Action<'n>> {
    let mut reader = Reader { name, diagnostics };
    let root = Part { node: root, pointer: String::new() };
    let Some(version) = reader.version(&root) else { return Vec::new() };
    reader.known(&root, &["overlay", "info", "extends", "actions"]);
    if let Some(info) = reader.required(&root, "info", "an object with `title` and `version`") {
        if info.node.as_object().is_some() {
            reader.known(&info, &["title", "version", "description"]);
            for key in ["title", "version"] {
                if let Some(text) = reader.required(&info, key, "a string") {
                    reader.text(&text, key);
                }
            }
        } else {
            let message = format!("`info`: expected an object, found {}", info.node.described());
            reader.refuse(&info, message, "write `info: {title: What it does, version: 1.0.0}`");
        }
    }
    if !reader.is_for(&root, path, document) {
        return Vec::new();
    }
    let Some(list) = reader.required(&root, "actions", "a list with at least one action") else {
        return Vec::new();
    };
    match list.node.as_array() {
        Some([_, ..]) => list.items().filter_map(|action| reader.action(&action, version)).collect(),
        _ => {
            let message =
                format!("`actions`: expected a list with at least one action, found {}", empty(list.node));
            let help =
                "write each action as an item: `- target: $.info`, and `update`, `copy` or `remove: true`";
            reader.refuse(&list, message, help);
            Vec::new()
        }
    }
}

fn empty(node: &Node) -> &'static str {
    if node.as_array().is_some() { "an empty one" } else { node.described() }
}

/// Which features an overlay may use, and what an update means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Version {
    V1_0,
    V1_1,
}

/// A value of the overlay and its JSON pointer.
struct Part<'n> {
    node: &'n Node,
    pointer: String,
}

impl<'n> Part<'n> {
    fn key(&self, key: &str) -> Option<Self> {
        let mut pointer = self.pointer.clone();
        push_step(&mut pointer, key);
        Some(Self { node: self.node.get(key)?, pointer })
    }

    fn items(&self) -> impl Iterator<Item = Self> + use<'n, '_> {
        self.node.as_array().unwrap_or_default().iter().enumerate().map(|(index, node)| {
            let mut pointer = self.pointer.clone();
            push_step(&mut pointer, index);
            Self { node, pointer }
        })
    }
}

struct Reader<'r> {
    name: &'r Arc<str>,
    diagnostics: &'r mut Diagnostics,
}

impl Reader<'_> {
    fn place(&self, part: &Part<'_>) -> Location {
        let (_, line) = origin::split(part.node.line);
        Location { file: self.name.clone(), line, column: part.node.column, pointer: part.pointer.clone() }
    }

    fn problem(&self, part: &Part<'_>, message: String) -> Diagnostic {
        Diagnostic::new(rules::BAD_OVERLAY, self.place(part), message)
    }

    fn refuse(&mut self, part: &Part<'_>, message: String, help: &str) {
        let problem = self.problem(part, message);
        self.diagnostics.push(problem.help(help));
    }

    fn required<'n>(&mut self, part: &Part<'n>, key: &str, what: &str) -> Option<Part<'n>> {
        let found = part.key(key);
        if found.is_none() {
            let problem = self.problem(part, format!("the key `{key}` is missing"));
            self.diagnostics.push(problem.help(format!("write `{key}`, {what}")));
        }
        found
    }

    /// A string. A number counts where a string was meant (`version: 1.0`).
    fn text<'n>(&mut self, part: &Part<'n>, key: &str) -> Option<&'n str> {
        let text = part.node.as_str().or_else(|| part.node.as_number());
        if text.is_none() {
            let message = format!("`{key}`: expected a string, found {}", part.node.described());
            self.refuse(part, message, &format!("write a text in quotes, `{key}: \"…\"`"));
        }
        text
    }

    fn known(&mut self, part: &Part<'_>, keys: &[&str]) {
        for entry in part.node.as_object().unwrap_or_default() {
            let key = entry.key.as_str();
            if keys.contains(&key) || key.starts_with("x-") {
                continue;
            }
            let (_, line) = origin::split(entry.key_line);
            let pointer = part.key(key).map(|part| part.pointer).unwrap_or_default();
            let place = Location { file: self.name.clone(), line, column: entry.key_column, pointer };
            let help = match nearest(key, keys.iter().copied()) {
                Some(close) => format!("did you mean `{close}`?"),
                None => format!("known here: {}", keys.join(", ")),
            };
            let message = format!("unknown key `{key}`");
            self.diagnostics.push(Diagnostic::new(rules::BAD_OVERLAY, place, message).help(help));
        }
    }

    fn version(&mut self, root: &Part<'_>) -> Option<Version> {
        if root.node.as_object().is_none() {
            let message = format!("an overlay is an object, found {}", root.node.described());
            self.refuse(root, message, "write the keys `overlay: 1.1.0`, `info` and `actions`");
            return None;
        }
        let version =
            self.required(root, "overlay", "such as `overlay: 1.0.0`: this is no overlay without it")?;
        let text = self.text(&version, "overlay")?;
        let mut parts = text.split('.');
        match (parts.next(), parts.next()) {
            (Some("1"), Some("0")) => Some(Version::V1_0),
            (Some("1"), Some("1")) => Some(Version::V1_1),
            _ => {
                let message = format!("Overlay `{text}` is not a supported version; 1.0 and 1.1 are");
                self.refuse(&version, message, "write `overlay: 1.1.0`");
                None
            }
        }
    }

    /// Whether an overlay is for this document. A URL says where the document was published, which may be anywhere.
    fn is_for(&mut self, root: &Part<'_>, path: &str, document: &str) -> bool {
        let Some(extends) = root.key("extends") else { return true };
        let Some(text) = self.text(&extends, "extends") else { return false };
        let file = text.split_once('#').map_or(text, |(file, _)| file);
        if file.contains(':') || refs::relative(path, file).is_ok_and(|file| file == document) {
            return true;
        }
        let message =
            format!("`extends` names `{text}`, which is not this document; the overlay is not applied");
        let found = Diagnostic::new(rules::UNUSED_OVERLAY, self.place(&extends), message);
        self.diagnostics.push(found.help(format!("remove `extends`, or name `{document}`")));
        false
    }

    fn action<'n>(&mut self, part: &Part<'n>, version: Version) -> Option<Action<'n>> {
        if part.node.as_object().is_none() {
            let message = format!("an action is an object, found {}", part.node.described());
            self.refuse(part, message, "write `target`, and `update`, `copy` or `remove: true`");
            return None;
        }
        self.known(part, &["target", "description", "update", "copy", "remove"]);
        if let Some(description) = part.key("description") {
            self.text(&description, "description");
        }
        let target = self.required(part, "target", "a JSONPath such as `$.paths['/orders'].get`");
        let target = target.and_then(|target| self.query(&target, "target"));
        let change = self.change(part, version)?;
        Some(Action { target: target?, change })
    }

    fn change<'n>(&mut self, part: &Part<'n>, version: Version) -> Option<Change<'n>> {
        let remove = part.key("remove");
        if let Some(remove) = &remove {
            match remove.node.value {
                Value::Bool(true) => return Some(Change::Remove),
                Value::Bool(false) => {}
                _ => {
                    let found = remove.node.described();
                    let message = format!("`remove`: expected `true` or `false`, found {found}");
                    self.refuse(remove, message, "write `remove: true`, without quotes");
                    return None;
                }
            }
        }
        match (part.key("update"), part.key("copy")) {
            (Some(_), Some(copy)) => {
                let problem = self.problem(&copy, "an action has both `update` and `copy`".to_owned());
                self.diagnostics.push(problem.help("write two actions"));
                None
            }
            (Some(update), None) => Some(Change::Update(update.node, self.place(&update), version)),
            (None, Some(copy)) if version < Version::V1_1 => {
                let problem = self.problem(&copy, "Overlay 1.0 has no `copy`".to_owned());
                self.diagnostics.push(problem.help("write `overlay: 1.1.0`"));
                None
            }
            (None, Some(copy)) => self.query(&copy, "copy").map(Change::Copy),
            (None, None) => {
                let message = "the action changes nothing";
                let found = Diagnostic::new(rules::UNUSED_OVERLAY, self.place(part), message);
                self.diagnostics.push(found.help("write `update`, `copy` or `remove: true`"));
                None
            }
        }
    }

    fn query(&mut self, part: &Part<'_>, key: &str) -> Option<Query> {
        let Some(text) = part.node.as_str() else {
            let found = part.node.described();
            self.refuse(part, format!("`{key}`: expected a JSONPath, found {found}"), query::HELP);
            return None;
        };
        match Query::parse(text, self.place(part)) {
            Ok(query) => Some(query),
            Err(problem) => {
                self.diagnostics.push(*problem);
                None
            }
        }
    }
}

//! `names.lock`: every name that was given, so that a document may grow without renaming anything.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::source::Source;
use crate::diagnostic::{Diagnostic, Diagnostics, rules};
use crate::location::Location;
use crate::passes::is_identifier;

/// What kind of thing has a name. The order is the order in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Section {
    /// Methods: `GET /api/v1/orders` → `list_orders`.
    Operations,
    /// Types: `#/components/schemas/Order` → `Order`.
    Types,
    /// Fields: `#/components/schemas/Order.unitPrice` → `unit_price`.
    Fields,
    /// Variants of enums and unions: `#/components/schemas/Status.on-hold` → `OnHold`.
    Variants,
    /// Arguments: `GET /api/v1/orders.query.pageSize` → `page_size`.
    Parameters,
    /// Setters of credentials: `APIKeyHeader` → `api_key_header`.
    Credentials,
    /// Modules of tags: `Order management` → `order_management`.
    Modules,
    /// Enums of failures: `404=Json(#/components/schemas/E)` → `Status404`.
    Errors,
    /// Constants of headers: `x-total=Int(I64)` → `X_TOTAL`.
    Headers,
}

impl Section {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Operations,
        Self::Types,
        Self::Fields,
        Self::Variants,
        Self::Parameters,
        Self::Credentials,
        Self::Modules,
        Self::Errors,
        Self::Headers,
    ];

    /// Name in `names.lock` and under `[rename]`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Operations => "operations",
            Self::Types => "types",
            Self::Fields => "fields",
            Self::Variants => "variants",
            Self::Parameters => "parameters",
            Self::Credentials => "credentials",
            Self::Modules => "modules",
            Self::Errors => "errors",
            Self::Headers => "headers",
        }
    }

    pub(super) fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|section| section.name() == name)
    }
}

/// The names that were given. Fields, variants and parameters whose wire name follows from the Rust name by plain
/// casing are not written down: they come first among those that are not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lock {
    names: BTreeMap<Section, BTreeMap<String, Locked>>,
}

#[derive(Debug, Clone, Eq)]
struct Locked {
    name: String,
    place: Option<Location>,
}

impl PartialEq for Locked {
    /// Where an entry was read does not matter.
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Lock {
    /// Reads `names.lock`; `file` is its name in messages. A file with mistakes is reported and taken as empty where it has them.
    pub fn parse(file: &str, text: &str, diagnostics: &mut Diagnostics) -> Self {
        let source = Source::new(file, text);
        let mut lock = Self::default();
        for (key, value) in source.entries(&source.table(diagnostics)) {
            let mut fail = |place: Location, message: String| {
                let help = "undo the edit, or delete the file and generate it anew";
                diagnostics.push(Diagnostic::new(rules::SETTINGS_SYNTAX, place, message).help(help));
            };
            let section = Section::by_name(&key.value);
            let (Some(section), Some(table)) = (section, value.get_ref().as_table()) else {
                fail(key.location, format!("`{}` is not a section of names.lock", key.value));
                continue;
            };
            for (key, value) in source.entries(table) {
                match value.get_ref().as_str().filter(|name| is_identifier(name)) {
                    Some(name) => {
                        let locked = Locked { name: name.to_owned(), place: Some(key.location) };
                        lock.names.entry(section).or_default().insert(key.value, locked);
                    }
                    None => {
                        fail(source.place(value.span()), "a name that is not a Rust identifier".to_owned())
                    }
                }
            }
        }
        lock
    }

    /// The file's text. `command` is what wrote it.
    pub fn render(&self, command: &str) -> String {
        let mut text = format!(
            "# Written by `{command}`. Names that were given stay; check this file in.\n\
             # To choose a name yourself, use [rename] in service.toml.\n"
        );
        for (section, names) in &self.names {
            let _ = write!(text, "\n[{}]\n", section.name());
            for (key, locked) in names {
                let _ = writeln!(text, "{} = {}", quoted(key), quoted(&locked.name));
            }
        }
        text
    }

    /// The name of a thing.
    pub fn get(&self, section: Section, key: &str) -> Option<&str> {
        self.names.get(&section)?.get(key).map(|locked| locked.name.as_str())
    }

    /// Gives a thing its name.
    pub fn insert(&mut self, section: Section, key: impl Into<String>, name: impl Into<String>) {
        let locked = Locked { name: name.into(), place: None };
        self.names.entry(section).or_default().insert(key.into(), locked);
    }

    /// Whether no name was given yet.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Names that are here and not in `later`, with their places.
    pub(crate) fn gone(&self, later: &Self) -> Vec<(Section, &str, &str, Location)> {
        let all = self.names.iter().flat_map(|(section, names)| names.iter().map(move |n| (*section, n)));
        all.filter(|(section, (key, _))| later.get(*section, key).is_none())
            .filter_map(|(section, (key, locked))| {
                Some((section, key.as_str(), locked.name.as_str(), locked.place.clone()?))
            })
            .collect()
    }
}

/// A TOML basic string, on one line.
pub fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

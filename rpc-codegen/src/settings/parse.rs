//! `service.toml` → [`Settings`].

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::checks::{is_package_name, is_version};
use super::source::{Entry, Source};
use super::{At, EnvelopeSettings, Section, Settings, did_you_mean, scalars};
use crate::diagnostic::{Diagnostic, Diagnostics, Severity, rules};
use crate::passes::is_identifier;

pub(super) type Value<'i> = Spanned<DeValue<'i>>;

pub(super) fn settings(file: &str, text: &str, diagnostics: &mut Diagnostics) -> Settings {
    let source = Source::new(file, text);
    let table = source.table(diagnostics);
    let mut reader = Reader { source: &source, diagnostics };
    let mut settings = Settings::default();
    reader.root(&table, &mut settings);
    settings
}

pub(super) struct Reader<'s, 'd> {
    pub(super) source: &'s Source<'s>,
    diagnostics: &'d mut Diagnostics,
}

const ROOT: &[&str] = &[
    "closed_enums",
    "crate",
    "envelope",
    "exclude",
    "multi_segment",
    "open_objects",
    "operations",
    "overlays",
    "rename",
    "severity",
    "strict",
    "types",
];

impl Reader<'_, '_> {
    fn root(&mut self, table: &DeTable<'_>, into: &mut Settings) {
        for (key, value) in self.source.entries(table) {
            match key.value.as_str() {
                "crate" => self.krate(value, into),
                "envelope" => self.envelope(value, &mut into.envelope),
                "rename" => self.rename(value, into),
                "types" => {
                    for (what, value) in self.table(value) {
                        if let Some(ty) = self.scalar(value) {
                            into.types.push((what, ty));
                        }
                    }
                }
                "exclude" => into.exclude = self.strings(value),
                "closed_enums" => into.closed_enums = self.strings(value),
                "open_objects" => into.open_objects = self.strings(value),
                "multi_segment" => into.multi_segment = self.strings(value),
                "overlays" => into.overlays = Some(self.strings(value)),
                "operations" => {
                    for (what, value) in self.table(value) {
                        let operation = self.operation(&what, value);
                        into.operations.push((what, operation));
                    }
                }
                "severity" => {
                    for (code, value) in self.table(value) {
                        if let Some(severity) = self.severity(&code, value) {
                            into.severity.insert(code.value, severity);
                        }
                    }
                }
                "strict" => into.strict = self.bool(value).is_some_and(|strict| strict.value),
                _ => self.unknown(&key, "", ROOT),
            }
        }
    }

    fn krate(&mut self, value: &Value<'_>, into: &mut Settings) {
        for (key, value) in self.table(value) {
            match key.value.as_str() {
                "name" => {
                    into.crate_name =
                        self.string_that(value, is_package_name, "a package name, such as `order-client`");
                }
                "version" => {
                    into.crate_version =
                        self.string_that(value, is_version, "a version with three numbers, such as `1.2.0`");
                }
                _ => self.unknown(&key, "crate.", &["name", "version"]),
            }
        }
    }

    fn envelope(&mut self, value: &Value<'_>, into: &mut EnvelopeSettings) {
        const KNOWN: &[&str] = &["code", "data", "enabled", "message", "optional", "success", "timestamp"];
        for (key, value) in self.table(value) {
            match key.value.as_str() {
                "enabled" => into.enabled = self.bool(value),
                "code" => into.code = self.string(value),
                "message" => into.message = self.string(value),
                "data" => into.data = self.string(value),
                "timestamp" => into.timestamp = self.string(value),
                "success" => into.success = self.codes(value),
                "optional" => into.optional = self.strings(value),
                _ => self.unknown(&key, "envelope.", KNOWN),
            }
        }
    }

    fn rename(&mut self, value: &Value<'_>, into: &mut Settings) {
        for (key, value) in self.table(value) {
            let Some(section) = Section::by_name(&key.value) else {
                self.unknown(&key, "rename.", &Section::ALL.map(Section::name));
                continue;
            };
            for (what, value) in self.table(value) {
                let wanted = "a Rust identifier that is not a reserved word";
                if let Some(name) = self.string_that(value, is_identifier, wanted) {
                    into.rename.entry(section).or_default().push((what, name.value));
                }
            }
        }
    }

    fn severity(&mut self, code: &At<String>, value: &Value<'_>) -> Option<Severity> {
        let Some(rule) = rules::ALL.iter().find(|rule| rule.code == code.value) else {
            let codes: Vec<_> = rules::ALL.iter().map(|rule| rule.code).collect();
            self.unknown(code, "severity.", &codes);
            return None;
        };
        let chosen = match self.string(value)?.value.as_str() {
            "note" => Severity::Note,
            "warning" => Severity::Warning,
            "error" => Severity::Error,
            _ => return self.bad(value, "`note`, `warning` or `error`"),
        };
        if rule.severity == Severity::Error && chosen != Severity::Error {
            return self.bad(value, "`error`: what comes after it cannot be generated");
        }
        Some(chosen)
    }

    fn scalar(&mut self, value: &Value<'_>) -> Option<crate::ir::Type> {
        let name = self.string(value)?;
        if let Some(ty) = scalars::by_name(&name.value) {
            return Some(ty);
        }
        let names: Vec<_> = scalars::NAMES.iter().map(|(name, _)| *name).collect();
        self.bad(value, &format!("one of {}", names.join(", ")))
    }

    pub(super) fn unknown(&mut self, key: &At<String>, prefix: &str, known: &[&str]) {
        let help = match did_you_mean(&key.value, known.iter().copied()) {
            Some(close) => format!("did you mean `{close}`?"),
            None if known.len() > 12 => "rules have codes such as `R304`".to_owned(),
            None => format!("known here: {}", known.join(", ")),
        };
        let message = format!("unknown setting `{prefix}{}`", key.value);
        self.diagnostics
            .push(Diagnostic::new(rules::UNKNOWN_SETTING, key.location.clone(), message).help(help));
    }

    /// Reports a value that cannot be; always `None`.
    pub(super) fn bad<T>(&mut self, value: &Value<'_>, wanted: &str) -> Option<T> {
        let found = match value.get_ref() {
            DeValue::String(text) => format!("`{text}`"),
            DeValue::Integer(number) => format!("`{}`", number.as_str()),
            other => format!("a value of type {}", other.type_str()),
        };
        let place = self.source.place(value.span());
        self.diagnostics.push(
            Diagnostic::new(rules::BAD_SETTING, place, format!("found {found}"))
                .help(format!("write {wanted}")),
        );
        None
    }

    fn at<T>(&self, found: T, value: &Value<'_>) -> Option<At<T>> {
        Some(At { value: found, location: self.source.place(value.span()) })
    }

    pub(super) fn table<'t, 'i>(&mut self, value: &'t Value<'i>) -> Vec<Entry<'t, 'i>> {
        match value.get_ref().as_table() {
            Some(table) => self.source.entries(table),
            None => self.bad(value, "a table").unwrap_or_default(),
        }
    }

    pub(super) fn string(&mut self, value: &Value<'_>) -> Option<At<String>> {
        match value.get_ref().as_str() {
            Some(text) => self.at(text.to_owned(), value),
            None => self.bad(value, "a string"),
        }
    }

    fn string_that(&mut self, value: &Value<'_>, fits: fn(&str) -> bool, wanted: &str) -> Option<At<String>> {
        let string = self.string(value)?;
        if fits(&string.value) { Some(string) } else { self.bad(value, wanted) }
    }

    fn bool(&mut self, value: &Value<'_>) -> Option<At<bool>> {
        match value.get_ref().as_bool() {
            Some(found) => self.at(found, value),
            None => self.bad(value, "`true` or `false`"),
        }
    }

    fn strings(&mut self, value: &Value<'_>) -> Vec<At<String>> {
        match value.get_ref().as_array() {
            Some(items) => items.iter().filter_map(|item| self.string(item)).collect(),
            None => self.bad(value, "a list of strings").unwrap_or_default(),
        }
    }

    pub(super) fn codes(&mut self, value: &Value<'_>) -> Vec<String> {
        let Some(items) = value.get_ref().as_array() else {
            return self.bad(value, "a list of codes").unwrap_or_default();
        };
        let code = |item: &Value<'_>| match item.get_ref() {
            DeValue::Integer(number) if number.radix() == 10 => Some(number.as_str().to_owned()),
            DeValue::String(text) => Some(text.to_string()),
            _ => None,
        };
        items
            .iter()
            .filter_map(|item| code(item).or_else(|| self.bad(item, "a code: a number or a string")))
            .collect()
    }
}

//! TOML text with places.

use std::ops::Range;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::At;
use crate::diagnostic::{Diagnostic, Diagnostics, rules};
use crate::location::Location;

/// A TOML file that is being read.
#[derive(Debug)]
pub(super) struct Source<'a> {
    file: Arc<str>,
    text: &'a str,
}

/// An entry of a table.
pub(super) type Entry<'t, 'i> = (At<String>, &'t Spanned<DeValue<'i>>);

impl<'a> Source<'a> {
    pub(super) fn new(file: &str, text: &'a str) -> Self {
        Self { file: file.into(), text }
    }

    /// The table of the file; syntax errors are reported, all of them.
    pub(super) fn table(&self, diagnostics: &mut Diagnostics) -> DeTable<'a> {
        let (table, errors) = DeTable::parse_recoverable(self.text);
        for error in &errors {
            let place = self.place(error.span().unwrap_or(0..0));
            let message = error.message().trim().replace('\n', ", ");
            diagnostics.push(Diagnostic::new(rules::SETTINGS_SYNTAX, place, message));
        }
        if errors.is_empty() { table.into_inner() } else { DeTable::new() }
    }

    /// Line and column of a byte range's start.
    pub(super) fn place(&self, range: Range<usize>) -> Location {
        let start = (0..=range.start.min(self.text.len())).rev().find(|at| self.text.is_char_boundary(*at));
        let before = self.text.get(..start.unwrap_or(0)).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Location {
            file: self.file.clone(),
            line: number(line),
            column: number(column),
            pointer: String::new(),
        }
    }

    /// The entries of a table in file order.
    pub(super) fn entries<'t, 'i>(&self, table: &'t DeTable<'i>) -> Vec<Entry<'t, 'i>> {
        let mut entries: Vec<_> = table.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        entries
            .into_iter()
            .map(|(key, value)| {
                (At { value: key.get_ref().to_string(), location: self.place(key.span()) }, value)
            })
            .collect()
    }
}

//! What came of a run.

use std::collections::BTreeMap;
use std::fmt;

use comfy_table::presets::UTF8_BORDERS_ONLY;
use comfy_table::{Cell, CellAlignment, Table};

/// What was injected, what came of it, and which rules were broken.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// How often each fault was injected.
    pub faults: BTreeMap<String, u64>,
    /// How the calls ended.
    pub endings: BTreeMap<String, u64>,
    /// Other numbers, by kind of call where they have one.
    pub numbers: BTreeMap<String, u64>,
    /// Rules that were broken, one line for each call that did; empty when all is well.
    pub broken: Vec<String>,
}

impl Report {
    /// Another one to something.
    pub(crate) fn count(map: &mut BTreeMap<String, u64>, what: impl Into<String>) {
        Self::add(map, what, 1);
    }

    /// More to something.
    pub(crate) fn add(map: &mut BTreeMap<String, u64>, what: impl Into<String>, number: u64) {
        *map.entry(what.into()).or_default() += number;
    }

    /// The largest so far.
    pub(crate) fn most(map: &mut BTreeMap<String, u64>, what: impl Into<String>, number: u64) {
        let entry = map.entry(what.into()).or_default();
        *entry = number.max(*entry);
    }

    /// Both together. Numbers whose names begin with `most` are the larger of the two.
    pub(crate) fn merge(&mut self, other: Report) {
        for (mine, its) in [(&mut self.faults, other.faults), (&mut self.endings, other.endings)] {
            its.into_iter().for_each(|(what, number)| Self::add(mine, what, number));
        }
        for (what, number) in other.numbers {
            match what.starts_with("most") {
                true => Self::most(&mut self.numbers, what, number),
                false => Self::add(&mut self.numbers, what, number),
            }
        }
        self.broken.extend(other.broken);
    }

    /// A number by its name; 0 when there is none.
    pub fn number(&self, what: &str) -> u64 {
        self.numbers.get(what).copied().unwrap_or_default()
    }
}

/// Three tables beneath each other.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [("injected", &self.faults), ("calls ended with", &self.endings), ("", &self.numbers)];
        for (title, numbers) in parts {
            let mut table = Table::new();
            table.load_style(UTF8_BORDERS_ONLY);
            table.set_header([title, ""]);
            for (what, number) in numbers {
                table.add_row([Cell::new(what), Cell::new(number).set_alignment(CellAlignment::Right)]);
            }
            writeln!(f, "{table}")?;
        }
        Ok(())
    }
}

//! The only module that prints.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "the demo's output")]

use comfy_table::presets::UTF8_BORDERS_ONLY;
use comfy_table::{Cell, CellAlignment, Color, ContentArrangement, Table};

use super::log::Line;
use super::{Row, Situation};

/// How the output looks where it is no terminal, or not only one.
#[derive(Debug, clap::Args)]
pub(crate) struct Look {
    /// Colours: on a terminal only, or always.
    #[arg(long, value_name = "WHEN", value_parser = ["auto", "always"], default_value = "auto")]
    color: String,
    /// Columns of the table; those of the terminal, or 140, when not given.
    #[arg(long, value_name = "COLUMNS")]
    width: Option<u16>,
}

pub(crate) fn error(error: &anyhow::Error) {
    eprintln!("error: {error:#}");
}

pub(crate) fn list(situations: &[&Situation], look: &Look) {
    let mut table = look.new_table();
    table.set_header(["situation", "what it shows"]);
    for situation in situations {
        table.add_row([situation.name, situation.about]);
    }
    println!("{table}");
}

pub(crate) fn log_line(line: &Line) {
    let fields: Vec<String> = line.fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
    eprintln!("{:5} {} {}", line.level, line.message, fields.join(" "));
}

/// The table, then what is not as expected, in full.
pub(crate) fn table(rows: &[Row], look: &Look) {
    let mut table = look.new_table();
    table.set_header(["", "situation", "calls", "attempts", "instances hit", "outcome", "ms"]);
    for row in rows {
        let (mark, color) = if row.is_as_expected() { ("ok", Color::Green) } else { ("differs", Color::Red) };
        let number = |text: String| Cell::new(text).set_alignment(CellAlignment::Right);
        table.add_row([
            Cell::new(mark).fg(color),
            Cell::new(row.name),
            number(row.calls.to_string()),
            number(row.attempts.to_string()),
            Cell::new(&row.instances),
            Cell::new(&row.outcome),
            number(row.elapsed.as_millis().to_string()),
        ]);
    }
    println!("{table}");
    let (good, bad): (Vec<_>, Vec<_>) = rows.iter().partition(|row| row.is_as_expected());
    println!("{} situations, {} as expected", rows.len(), good.len());
    for row in bad {
        eprintln!("not as expected: {}\n  expected: {}\n  found:    {}", row.name, row.expected, row.outcome);
    }
}

impl Look {
    fn new_table(&self) -> Table {
        let mut table = Table::new();
        table.load_style(UTF8_BORDERS_ONLY).set_content_arrangement(ContentArrangement::Dynamic);
        if let Some(width) = self.width.or((!table.is_tty()).then_some(140)) {
            table.set_width(width);
        }
        if self.color == "always" {
            table.enforce_styling();
        }
        table
    }
}

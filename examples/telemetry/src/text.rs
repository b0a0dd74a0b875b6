//! A waterfall for a terminal.

use std::fmt::Write as _;

use crate::log::Line;
use crate::waterfall::{Row, Waterfall, millis};

/// Columns of the bars.
const BARS: f64 = 40.0;
const HEAD: [&str; 7] = ["service", "span", "kind", "at ms", "ms", "status", "resend"];

/// One line for each span, in columns.
pub(crate) fn text(waterfall: &Waterfall<'_>) -> String {
    let cells = waterfall.rows.iter().map(|row| (cells(row), bar(row, waterfall)));
    let rows: Vec<_> = std::iter::once((HEAD.map(str::to_owned), String::new())).chain(cells).collect();
    let width = |column: usize| {
        rows.iter().filter_map(|(cells, _)| cells.get(column)).map(|cell| cell.chars().count()).max()
    };
    let widths: [usize; 7] = std::array::from_fn(|column| width(column).unwrap_or_default());
    let mut out = String::new();
    for (cells, bar) in &rows {
        let mut line = String::new();
        for (column, (cell, width)) in cells.iter().zip(widths).enumerate() {
            // Numbers to the right. Writing to a string cannot fail.
            let _ = match column {
                3 | 4 => write!(line, "{cell:>width$}  "),
                _ => write!(line, "{cell:<width$}  "),
            };
        }
        let _ = writeln!(out, "{}", format!("{line}{bar}").trim_end());
    }
    out
}

/// The lines of all services, each with its trace id.
pub(crate) fn log(lines: &[Line]) -> String {
    let mut out = String::new();
    for line in lines {
        let Line { service, level, message, operation, trace_id } = line;
        let what = match operation {
            Some(operation) => format!("{operation}: {message}"),
            None => message.clone(),
        };
        let id = trace_id.as_deref().unwrap_or("-");
        let _ = writeln!(out, "{service:<14}  {level:<5}  {what:<52}  X-Trace-ID {id}");
    }
    out
}

fn cells(row: &Row<'_>) -> [String; 7] {
    let branch = if row.depth == 0 { String::new() } else { format!("{}└ ", " ".repeat(row.depth - 1)) };
    let span = row.span;
    [
        span.service.clone(),
        format!("{branch}{}", span.name),
        span.kind.name().to_owned(),
        millis(row.offset),
        millis(row.duration),
        span.result.to_string(),
        span.resend.map(|count| count.to_string()).unwrap_or_default(),
    ]
}

/// Every block that the span was at work in; failures are lighter.
fn bar(row: &Row<'_>, waterfall: &Waterfall<'_>) -> String {
    let (begin, length) = row.bar(waterfall.whole);
    let first = (begin * BARS).floor().min(BARS - 1.0);
    let blocks = ((begin + length) * BARS).ceil().min(BARS) - first;
    let block = if row.span.result.is_failure() { "▒" } else { "█" };
    // Both are within the bars' columns.
    format!("{}{}", " ".repeat(first as usize), block.repeat((blocks as usize).max(1)))
}

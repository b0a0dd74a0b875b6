//! The figures, as people compare them.

use std::time::Duration;

use comfy_table::presets::UTF8_BORDERS_ONLY;
use comfy_table::{Cell, CellAlignment, Table};

use crate::figures::Figures;

/// One run: the scenario's name, the policy's, and what came of it.
pub type Row = (&'static str, &'static str, Figures);

/// One line per run.
pub fn table(rows: &[Row]) -> String {
    let mut table = Table::new();
    table.load_style(UTF8_BORDERS_ONLY);
    table.set_header([
        "scenario",
        "policy",
        "calls",
        "ok %",
        "p50 ms",
        "p90",
        "p99",
        "p99.9",
        "attempts/call",
        "odd server %",
        "ejected %",
    ]);
    let mut before = "";
    for (scenario, policy, figures) in rows {
        let number = |text: String| Cell::new(text).set_alignment(CellAlignment::Right);
        let percent = |part: f64| number(format!("{:.2}", part * 100.0));
        let [p50, p90, p99, p999] = figures.percentiles.map(|it| number(millis(it)));
        table.add_row([
            Cell::new(if *scenario == before { "" } else { scenario }),
            Cell::new(policy),
            number(figures.calls.to_string()),
            percent(figures.success),
            p50,
            p90,
            p99,
            p999,
            number(format!("{:.3}", figures.attempts)),
            percent(figures.odd_share),
            percent(figures.ejected),
        ]);
        before = scenario;
    }
    table.to_string()
}

pub(crate) fn millis(duration: Duration) -> String {
    format!("{:.1}", duration.as_secs_f64() * 1e3)
}

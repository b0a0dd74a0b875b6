//! Rows and figures as text.

use super::BASE;
use super::figures::Figures;
use super::row::{Row, Spread};

pub(super) const HEADER: [&str; 12] = [
    "subject",
    "endpoints",
    "k instructions",
    "/ reqwest",
    "spread %",
    "allocations",
    "- reqwest",
    "bytes",
    "KiB held",
    "CPU µs",
    "/ reqwest",
    "spread %",
];
pub(super) const FIGURES: [&str; 4] = ["figure", "", "measured", "limit"];

/// A line for each row, compared with reqwest that calls as many endpoints.
pub(super) fn rows(rows: &[Row]) -> Vec<Vec<String>> {
    let base = |endpoints| rows.iter().find(|row| row.is(BASE, endpoints));
    rows.iter().map(|row| cells(row, base(row.endpoints))).collect()
}

fn cells(row: &Row, base: Option<&Row>) -> Vec<String> {
    let ratio = |of: fn(&Row) -> Option<Spread>| {
        number(of(row).zip(base.and_then(of)).map(|(row, base)| row.median / base.median), 2)
    };
    let spread = |of: Option<Spread>, digits| number(of.map(|runs| runs.spread * 100.0), digits);
    let more = base.map(|base| format!("{:+.1}", row.allocations - base.allocations));
    vec![
        row.subject.clone(),
        row.endpoints.to_string(),
        number(row.instructions.map(|runs| runs.median / 1000.0), 1),
        ratio(|row| row.instructions),
        spread(row.instructions, 2),
        number(Some(row.allocations), 1),
        more.unwrap_or_else(|| "-".into()),
        number(Some(row.bytes), 0),
        (row.live / 1024).to_string(),
        number(row.cpu_us.map(|runs| runs.median), 1),
        ratio(|row| row.cpu_us),
        spread(row.cpu_us, 0),
    ]
}

/// A line for each figure.
pub(super) fn figures(found: &Figures, gates: &Figures) -> Vec<Vec<String>> {
    let pairs = found.named().into_iter().zip(gates.named());
    pairs
        .map(|((name, found), (_, limit))| {
            vec![name.to_owned(), String::new(), number(found, 2), number(limit, 2)]
        })
        .collect()
}

fn number(value: Option<f64>, digits: usize) -> String {
    value.map_or_else(|| "-".into(), |value| format!("{value:.digits$}"))
}

#[cfg(test)]
mod tests {
    use super::super::row::row;
    use super::*;

    #[test]
    fn every_row_is_compared_with_reqwest() {
        let ours = Row {
            cpu_us: Some(Spread { median: 50.0, spread: 0.25 }),
            ..row("ours", 1, Some(120_000.0), 90.5, 7)
        };
        let all = [row("reqwest", 1, Some(80_000.0), 50.0, 7), ours, row("ours", 200, None, 50.0, 4096)];
        let shown: Vec<String> = rows(&all).iter().map(|cells| cells.join(" ")).collect();
        assert_eq!(
            shown,
            [
                "reqwest 1 80.0 1.00 0.10 50.0 +0.0 2000 0 - - -",
                "ours 1 120.0 1.50 0.10 90.5 +40.5 2000 0 50.0 - 25",
                "ours 200 - - - 50.0 - 2000 4 - - -",
            ]
        );
        assert!(rows(&all).iter().all(|cells| cells.len() == HEADER.len()));
    }

    #[test]
    fn figures_stand_beside_their_limits() {
        let found = Figures { endpoints_200_vs_1: Some(1.5), ..Figures::default() };
        let gates = Figures {
            endpoints_200_vs_1: Some(1.03),
            bytes_per_endpoint_over_reqwest: Some(16384.0),
            ..Figures::default()
        };
        let lines = figures(&found, &gates);
        assert_eq!(lines[0], ["endpoints_200_vs_1", "", "1.50", "1.03"]);
        assert_eq!(lines[2], ["bytes_per_endpoint_over_reqwest", "", "-", "16384.00"]);
        assert_eq!(lines[3], ["instructions_vs_reqwest", "", "-", "-"]);
    }
}

//! Limits, and which figures miss them.

use std::path::Path;

use anyhow::Context as _;

use super::figures::Figures;
use super::row::Row;

/// Instruction counts of runs that are further apart than this are no measurement.
const STEADY: f64 = 0.01;

/// The limits in the file; a figure that it does not name has none.
pub(super) fn read(path: &Path) -> anyhow::Result<Figures> {
    let text = std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
    toml::from_str(&text).with_context(|| format!("reading {}", path.display()))
}

/// A line for each limit that is missed or was not measured, and for each count that varies too much.
pub(super) fn missed(rows: &[Row], figures: &Figures, gates: &Figures) -> Vec<String> {
    let unsteady = rows.iter().filter_map(|row| {
        let spread = row.instructions?.spread;
        let (subject, endpoints, percent) = (&row.subject, row.endpoints, spread * 100.0);
        (spread >= STEADY).then(|| {
            format!("{subject}, endpoints: {endpoints}: instruction counts are {percent:.1} % apart, and must be within 1 %")
        })
    });
    let limits = figures.named().into_iter().zip(gates.named());
    let over = limits.filter_map(|((name, found), (_, limit))| match (found, limit?) {
        (None, limit) => Some(format!("{name} was not measured; its limit is {limit}")),
        (Some(found), limit) if found > limit => {
            Some(format!("{name} is {found:.3}, and may be at most {limit}"))
        }
        _ => None,
    });
    unsteady.chain(over).collect()
}

#[cfg(test)]
mod tests {
    use super::super::row::{Spread, row};
    use super::*;

    fn figures(text: &str) -> Figures {
        toml::from_str(text).unwrap()
    }

    #[track_caller]
    fn check(found: &str, gates: &str, expected: &[&str]) {
        assert_eq!(missed(&[], &figures(found), &figures(gates)), expected);
    }

    #[test]
    fn what_is_missed_is_named() {
        check("bytes_per_endpoint_over_reqwest = 16384", "bytes_per_endpoint_over_reqwest = 16384", &[]);
        check(
            "bytes_per_endpoint_over_reqwest = 16385\nendpoints_200_vs_1 = 1.031",
            "bytes_per_endpoint_over_reqwest = 16384\nendpoints_200_vs_1 = 1.03\ninstructions_vs_reqwest = 1.1",
            &[
                "endpoints_200_vs_1 is 1.031, and may be at most 1.03",
                "bytes_per_endpoint_over_reqwest is 16385.000, and may be at most 16384",
                "instructions_vs_reqwest was not measured; its limit is 1.1",
            ],
        );
        // Without a limit nothing is missed.
        check("allocations_over_reqwest = 99", "", &[]);
    }

    #[test]
    fn counts_that_vary_are_no_measurement() {
        let unsteady = Row {
            instructions: Some(Spread { median: 100.0, spread: 0.015 }),
            ..row("ours", 200, None, 1.0, 1)
        };
        let rows = [row("ours", 1, Some(100.0), 1.0, 1), unsteady];
        let found = missed(&rows, &Figures::default(), &Figures::default());
        assert_eq!(
            found,
            ["ours, endpoints: 200: instruction counts are 1.5 % apart, and must be within 1 %"]
        );
    }

    #[test]
    fn the_file_of_this_repository_is_read_and_others_are_not() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../bench/call/gates.toml");
        assert!(read(&file).unwrap().endpoints_200_vs_1.is_some());
        assert!(toml::from_str::<Figures>("endpoints = 1").is_err());
    }
}

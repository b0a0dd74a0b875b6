//! What the rows say about the runtime: the figures that have limits.

use serde::{Deserialize, Serialize};

use super::row::Row;
use super::{BASE, BOTH, BY_LOAD, MANY, METRICS, OURS, SILENT, SPANS, UNHEARD};

/// As measured, or as limits (`bench/call/gates.toml`): less is better in all of them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Figures {
    /// Instructions of a call with 200 warm endpoints, with one as 1.
    pub(super) endpoints_200_vs_1: Option<f64>,
    /// The same with endpoints chosen by load.
    pub(super) p2c_200_vs_1: Option<f64>,
    /// Bytes that one more warm endpoint holds, more than plain reqwest holds for the connection alone.
    pub(super) bytes_per_endpoint_over_reqwest: Option<f64>,
    /// Instructions of a call, reqwest's as 1.
    pub(super) instructions_vs_reqwest: Option<f64>,
    /// Allocations of a call more than reqwest's.
    pub(super) allocations_over_reqwest: Option<f64>,
    /// Instructions of a call that nobody listens to, with those of one with tracing compiled out as 1.
    pub(super) unheard_vs_silent: Option<f64>,
    /// Instructions with OpenTelemetry's metrics, with those of a call that nobody listens to as 1.
    pub(super) metrics_vs_unheard: Option<f64>,
    /// The same with its spans, all sampled.
    pub(super) spans_vs_unheard: Option<f64>,
    /// The same with both.
    pub(super) spans_metrics_vs_unheard: Option<f64>,
}

impl Figures {
    pub(super) fn of(rows: &[Row]) -> Self {
        let row = |subject, endpoints| rows.iter().find(|row| row.is(subject, endpoints));
        let (base, one, many) = (row(BASE, 1), row(OURS, 1), row(OURS, MANY));
        let of_base = base.zip(row(BASE, MANY));
        let (one_p2c, many_p2c) = (row(BY_LOAD, 1), row(BY_LOAD, MANY));
        let unheard = row(UNHEARD, 1);
        let ratio =
            |a: Option<&Row>, b: Option<&Row>| Some(a?.instructions?.median / b?.instructions?.median);
        let held = |one: &Row, many: &Row| (many.live as f64 - one.live as f64) / (MANY - 1) as f64;
        Self {
            endpoints_200_vs_1: ratio(many, one),
            p2c_200_vs_1: ratio(many_p2c, one_p2c),
            bytes_per_endpoint_over_reqwest: one
                .zip(many)
                .zip(of_base)
                .map(|((one, many), (base, bases))| held(one, many) - held(base, bases)),
            instructions_vs_reqwest: ratio(one, base),
            allocations_over_reqwest: one.zip(base).map(|(one, base)| one.allocations - base.allocations),
            unheard_vs_silent: ratio(unheard, row(SILENT, 1)),
            metrics_vs_unheard: ratio(row(METRICS, 1), unheard),
            spans_vs_unheard: ratio(row(SPANS, 1), unheard),
            spans_metrics_vs_unheard: ratio(row(BOTH, 1), unheard),
        }
    }

    /// By name, as in the file.
    pub(super) fn named(&self) -> [(&'static str, Option<f64>); 9] {
        [
            ("endpoints_200_vs_1", self.endpoints_200_vs_1),
            ("p2c_200_vs_1", self.p2c_200_vs_1),
            ("bytes_per_endpoint_over_reqwest", self.bytes_per_endpoint_over_reqwest),
            ("instructions_vs_reqwest", self.instructions_vs_reqwest),
            ("allocations_over_reqwest", self.allocations_over_reqwest),
            ("unheard_vs_silent", self.unheard_vs_silent),
            ("metrics_vs_unheard", self.metrics_vs_unheard),
            ("spans_vs_unheard", self.spans_vs_unheard),
            ("spans_metrics_vs_unheard", self.spans_metrics_vs_unheard),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::super::row::row;
    use super::*;

    #[track_caller]
    fn check(rows: &[Row], expected: &[(&str, f64)]) {
        let found: Vec<_> =
            Figures::of(rows).named().into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn figures_of_rows() {
        let rows = [
            row("reqwest", 1, Some(80_000.0), 50.0, 9_000),
            row("reqwest", 200, Some(80_000.0), 50.0, 9_000 + 199 * 20),
            row("ours", 1, Some(120_000.0), 90.0, 10_000),
            row("ours", 200, Some(150_000.0), 91.0, 10_000 + 199 * 64),
            row("ours-p2c", 1, Some(100_000.0), 90.0, 10_000),
            row("ours-p2c", 200, Some(110_000.0), 91.0, 10_000),
        ];
        let heap = [("bytes_per_endpoint_over_reqwest", 44.0), ("allocations_over_reqwest", 40.0)];
        check(
            &rows,
            &[
                ("endpoints_200_vs_1", 1.25),
                ("p2c_200_vs_1", 1.1),
                heap[0],
                ("instructions_vs_reqwest", 1.5),
                heap[1],
            ],
        );
        check(&rows.clone().map(|row| Row { instructions: None, ..row }), &heap);
        check(&rows[..1], &[]);
    }

    #[test]
    fn figures_of_telemetry() {
        let rows = [
            ("unheard", 100.0),
            ("metrics", 105.0),
            ("spans", 125.0),
            ("spans-metrics", 130.0),
            ("silent", 80.0),
        ]
        .map(|(subject, instructions)| row(subject, 1, Some(instructions), 50.0, 9_000));
        check(
            &rows,
            &[
                ("unheard_vs_silent", 1.25),
                ("metrics_vs_unheard", 1.05),
                ("spans_vs_unheard", 1.25),
                ("spans_metrics_vs_unheard", 1.3),
            ],
        );
        check(&rows[1..], &[]);
    }
}

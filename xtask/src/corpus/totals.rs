//! Sums over a run.

use std::collections::BTreeMap;

use super::facts::{Facts, Generated};
use super::judge::Row;

/// What a run amounts to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Totals {
    pub(super) documents: usize,
    /// Documents that became a crate.
    pub(super) generated: usize,
    /// Operations in the documents that became a crate.
    pub(super) in_documents: usize,
    /// Operations of the clients.
    pub(super) operations: usize,
    /// Operations listed as left out.
    pub(super) left_out: usize,
    pub(super) lines: usize,
    /// Named schemas of the documents that became a crate.
    pub(super) schemas: usize,
    pub(super) degraded: Option<Degraded>,
    /// Documents with an error, with its code.
    pub(super) errors: BTreeMap<String, String>,
}

/// Only when they were judged.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Degraded {
    pub(super) documents: usize,
    pub(super) schemas: usize,
}

/// Sums up.
pub(super) fn totals<'a>(rows: impl Iterator<Item = &'a Row>) -> Totals {
    let mut sum = Totals::default();
    for row in rows {
        sum.documents += 1;
        if row.degraded.is_some() {
            let degraded = sum.degraded.get_or_insert_default();
            degraded.documents += usize::from(!row.places().is_empty());
            degraded.schemas += row.places().len();
        }
        let Some(Facts { result, counted, .. }) = row.facts() else { continue };
        match result {
            Generated::Error(refusal) => {
                sum.errors.insert(row.name.clone(), refusal.code.clone());
            }
            Generated::Crate(made) => {
                sum.generated += 1;
                sum.operations += made.operations;
                sum.left_out += made.left_out;
                sum.lines += made.lines;
                if let Ok(counted) = counted {
                    sum.in_documents += counted.operations;
                    sum.schemas += counted.schemas;
                }
            }
        }
    }
    sum
}

/// Milliseconds per operation: the median of documents of usual size, and of the largest.
pub(super) fn growth<'a>(rows: impl Iterator<Item = &'a Row>) -> Option<(f64, f64)> {
    let (mut usual, mut large) = (Vec::new(), Vec::new());
    for facts in rows.filter_map(Row::facts) {
        let Generated::Crate(made) = &facts.result else { continue };
        let each = facts.ms as f64 / made.operations.max(1) as f64;
        match made.operations {
            150..=400 => usual.push(each),
            5_000.. => large.push(each),
            _ => {}
        }
    }
    let some = !usual.is_empty() && !large.is_empty();
    some.then(|| (crate::measure::median(usual), crate::measure::median(large)))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use crate::corpus::judge::Outcome;
    use crate::corpus::judge::tests::{facts, made, refused, row};

    #[test]
    fn sums() {
        let said = |name: &str, result| row(name, Outcome::Said(facts(result, 3)));
        let judged = Row { degraded: Some(Ok(vec!["x".into(), "y".into()])), ..said("a", made(2, 1)) };
        let rows = [judged, said("b", made(3, 0)), said("c", refused("R401")), row("d", Outcome::Timeout)];
        assert_eq!(
            totals(rows.iter()),
            Totals {
                documents: 4,
                generated: 2,
                in_documents: 6,
                operations: 5,
                left_out: 1,
                lines: 200,
                schemas: 20,
                degraded: Some(Degraded { documents: 1, schemas: 2 }),
                errors: [("c".to_owned(), "R401".to_owned())].into(),
            }
        );
    }

    #[test]
    fn growth_needs_both_sizes() {
        let of =
            |operations, ms| row("a", Outcome::Said(Facts { ms, ..facts(made(operations, 0), operations) }));
        let rows = [of(200, 200), of(400, 800), of(300, 600), of(2, 9999), of(10_000, 40_000)];
        assert_eq!(growth(rows.iter()), Some((2.0, 4.0)));
        assert_eq!(growth(rows.iter().take(4)), None);
    }
}

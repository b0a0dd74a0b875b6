//! What was measured of one scenario.

use serde::Serialize;

use super::programs::Heap;
use crate::measure::median;

/// A subject with a number of endpoints; all figures are those of one call.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Row {
    pub(super) subject: String,
    pub(super) endpoints: usize,
    /// In user space. `None` without valgrind.
    pub(super) instructions: Option<Spread>,
    pub(super) allocations: f64,
    pub(super) bytes: f64,
    /// Bytes that the client, its connections and its tokio runtime hold when no call is under way.
    pub(super) live: u64,
    /// User and system time in microseconds. `None` in the short form.
    pub(super) cpu_us: Option<Spread>,
}

impl Row {
    pub(super) fn new(subject: &str, endpoints: usize, calls: usize, heap: Heap) -> Self {
        let each = |sum: u64| sum as f64 / calls as f64;
        Self {
            subject: subject.to_owned(),
            endpoints,
            instructions: None,
            allocations: each(heap.allocations),
            bytes: each(heap.bytes),
            live: heap.live,
            cpu_us: None,
        }
    }

    pub(super) fn is(&self, subject: &str, endpoints: usize) -> bool {
        self.subject == subject && self.endpoints == endpoints
    }
}

/// Several runs of the same.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(super) struct Spread {
    pub(super) median: f64,
    /// From the least to the most, as a part of the median.
    pub(super) spread: f64,
}

impl Spread {
    /// `None` of no runs.
    pub(super) fn of(runs: Vec<f64>) -> Option<Self> {
        let least = runs.iter().copied().reduce(f64::min)?;
        let most = runs.iter().copied().reduce(f64::max)?;
        let median = median(runs);
        Some(Self { median, spread: (most - least) / median })
    }
}

#[cfg(test)]
pub(super) fn row(
    subject: &str,
    endpoints: usize,
    instructions: Option<f64>,
    allocations: f64,
    live: u64,
) -> Row {
    let instructions = instructions.map(|median| Spread { median, spread: 0.001 });
    let heap = Heap { allocations: 0, bytes: 4000, live };
    Row { instructions, allocations, ..Row::new(subject, endpoints, 2, heap) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_summed_up() {
        assert_eq!(Spread::of(vec![102.0, 100.0, 99.0]), Some(Spread { median: 100.0, spread: 0.03 }));
        assert_eq!(Spread::of(Vec::new()), None);
        let row = Row::new("ours", 1, 4, Heap { allocations: 10, bytes: 100, live: 7 });
        assert_eq!((row.allocations, row.bytes, row.live), (2.5, 25.0, 7));
    }
}

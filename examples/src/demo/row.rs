//! What the table says about one situation.

use std::time::Duration;

use super::Situation;

/// One line of the table.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) name: &'static str,
    /// Calls of generated and untyped clients, from the request log.
    pub(crate) calls: usize,
    /// Requests that those calls made, those that found no listener included.
    pub(crate) attempts: u64,
    /// Which instances saw a request, from the mocks' recordings.
    pub(crate) instances: String,
    pub(crate) outcome: String,
    pub(crate) expected: String,
    pub(crate) elapsed: Duration,
}

impl Row {
    pub(crate) fn is_as_expected(&self) -> bool {
        self.outcome == self.expected
    }

    /// A situation that could not even begin.
    pub(crate) fn failed(situation: &Situation, expected: String, error: &anyhow::Error) -> Self {
        Self {
            name: situation.name,
            calls: 0,
            attempts: 0,
            instances: String::new(),
            outcome: format!("failed: {error:#}"),
            expected,
            elapsed: Duration::ZERO,
        }
    }
}

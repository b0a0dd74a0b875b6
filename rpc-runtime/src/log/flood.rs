//! Of equal lines, the first few of each window; the rest is counted. Pure: lines and times in, verdicts out.

use std::collections::HashMap;
use std::fmt;
use std::time::Duration;

use tokio::time::Instant;
use tracing::Level;

use crate::metrics::Failure;

/// What makes lines of one client equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Line {
    pub(crate) level: Level,
    pub(crate) what: What,
    pub(crate) operation: &'static str,
    pub(crate) failure: Failure,
}

/// The kinds of lines that failures make.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum What {
    Retry,
    Failed,
    Instead,
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Retry => "attempt failed, trying again",
            Self::Failed => "call failed",
            Self::Instead => "call failed, something else is the answer",
        })
    }
}

/// So many lines of a kind in a window. A window begins with its first line.
#[derive(Debug)]
pub(super) struct Flood {
    limit: u32,
    window: Duration,
    kinds: HashMap<Line, Count>,
}

#[derive(Debug)]
struct Count {
    began: Instant,
    said: u32,
    kept: u64,
}

/// What was kept back.
#[derive(Debug, PartialEq)]
pub(super) struct Summary {
    pub(super) line: Line,
    pub(super) kept: u64,
    pub(super) window: Duration,
}

impl Flood {
    pub(super) fn new(limit: u32, window: Duration) -> Self {
        Self { limit, window, kinds: HashMap::new() }
    }

    /// Whether a line is said. What an earlier window kept is to be taken out [before](Self::ended).
    pub(super) fn admits(&mut self, line: Line, now: Instant) -> bool {
        let new = || Count { began: now, said: 0, kept: 0 };
        let count = self.kinds.entry(line).or_insert_with(new);
        if now.saturating_duration_since(count.began) >= self.window {
            *count = new();
        }
        let says = count.said < self.limit;
        if says {
            count.said += 1;
        } else {
            count.kept += 1;
        }
        says
    }

    /// Takes out the windows that are over, all of them without a time, and says what they kept.
    pub(super) fn ended(&mut self, now: Option<Instant>) -> Vec<Summary> {
        let window = self.window;
        let over = |count: &Count| now.is_none_or(|now| now.saturating_duration_since(count.began) >= window);
        let ended = self.kinds.extract_if(|_, count| over(count));
        let kept = ended.filter(|(_, count)| count.kept > 0);
        kept.map(|(line, Count { kept, .. })| Summary { line, kept, window }).collect()
    }

    /// Whether anything is kept back.
    pub(super) fn keeps(&self) -> bool {
        self.kinds.values().any(|count| count.kept > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FAILED: Line =
        Line { level: Level::ERROR, what: What::Failed, operation: "Get", failure: Failure::Connection };

    /// Lines `(second, line)`: those that are said, and at the end what the last window kept.
    #[track_caller]
    fn check(lines: &[(u64, Line)], said: &[usize], at: u64, kept: &[(Line, u64)]) {
        let start = Instant::now();
        let second = |second| start + Duration::from_secs(second);
        let mut flood = Flood::new(2, Duration::from_secs(10));
        let admitted = lines.iter().enumerate().filter(|(_, (at, line))| flood.admits(*line, second(*at)));
        assert_eq!(admitted.map(|(index, _)| index).collect::<Vec<_>>(), said);
        let ended = flood.ended(Some(second(at)));
        let ended: Vec<(Line, u64)> = ended.iter().map(|summary| (summary.line, summary.kept)).collect();
        assert_eq!(ended, kept);
    }

    #[test]
    fn the_first_few_are_said_and_the_rest_is_counted() {
        let other = Line { failure: Failure::Timeout, ..FAILED };
        check(&[], &[], 99, &[]);
        check(&[(0, FAILED), (0, FAILED)], &[0, 1], 99, &[]);
        check(&[(0, FAILED); 5], &[0, 1], 9, &[]);
        check(&[(0, FAILED); 5], &[0, 1], 10, &[(FAILED, 3)]);
        check(&[(0, FAILED), (0, FAILED), (0, FAILED), (0, other)], &[0, 1, 3], 10, &[(FAILED, 1)]);
        // A window begins with a line, not with the clock.
        check(&[(7, FAILED), (16, FAILED), (16, FAILED), (17, FAILED)], &[0, 1, 3], 27, &[]);
    }

    #[test]
    fn what_differs_is_not_equal() {
        let lines = [
            FAILED,
            Line { what: What::Retry, ..FAILED },
            Line { operation: "Put", ..FAILED },
            Line { failure: Failure::Status(http::StatusCode::BAD_GATEWAY), ..FAILED },
            Line { failure: Failure::Status(http::StatusCode::SERVICE_UNAVAILABLE), ..FAILED },
        ];
        let lines: Vec<(u64, Line)> = [lines, lines].concat().into_iter().map(|line| (0, line)).collect();
        check(&lines, &(0..10).collect::<Vec<_>>(), 99, &[]);
    }

    #[test]
    fn nothing_is_left_of_a_window_that_is_over() {
        let start = Instant::now();
        let mut flood = Flood::new(1, Duration::from_secs(10));
        flood.admits(FAILED, start);
        flood.admits(FAILED, start);
        assert!(flood.keeps());
        assert_eq!(flood.ended(Some(start + Duration::from_secs(9))), []);
        assert_eq!(flood.ended(None).len(), 1);
        assert!(!flood.keeps() && flood.kinds.is_empty());
    }
}

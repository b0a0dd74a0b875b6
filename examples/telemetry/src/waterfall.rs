//! Spans in the order in which a waterfall shows them.

use std::time::Duration;

use crate::span::Span;

/// A trace as lines: each span under the one that it is a part of.
#[derive(Debug)]
pub(crate) struct Waterfall<'s> {
    pub(crate) rows: Vec<Row<'s>>,
    /// From the beginning of the first to the end of the last.
    pub(crate) whole: Duration,
}

/// A span in its place.
#[derive(Debug)]
pub(crate) struct Row<'s> {
    pub(crate) span: &'s Span,
    pub(crate) depth: usize,
    /// After the beginning of the first.
    pub(crate) offset: Duration,
    pub(crate) duration: Duration,
}

impl<'s> Waterfall<'s> {
    pub(crate) fn of(spans: &'s [Span]) -> Self {
        let begin = spans.iter().map(|span| span.start).min().unwrap_or_default();
        let end = spans.iter().map(|span| span.end).max().unwrap_or_default();
        let mut sorted: Vec<&Span> = spans.iter().collect();
        sorted.sort_by_key(|span| (span.start, span.resend));
        let known = |id: &Option<String>| spans.iter().any(|span| Some(&span.id) == id.as_ref());
        let mut rows = Vec::new();
        // The next to show on top. A span whose parent nobody has sent is one of the first.
        let mut open: Vec<(usize, &Span)> =
            sorted.iter().rev().filter(|span| !known(&span.parent)).map(|span| (0, *span)).collect();
        while let Some((depth, span)) = open.pop() {
            let offset = span.start.saturating_sub(begin);
            rows.push(Row { span, depth, offset, duration: span.end.saturating_sub(span.start) });
            let parts = sorted.iter().rev().filter(|part| part.parent.as_ref() == Some(&span.id));
            open.extend(parts.map(|part| (depth + 1, *part)));
        }
        Self { rows, whole: end.saturating_sub(begin) }
    }
}

impl Row<'_> {
    /// Where the bar begins and how long it is, as parts of the whole.
    pub(crate) fn bar(&self, whole: Duration) -> (f64, f64) {
        let part = |time: Duration| time.as_secs_f64() / whole.as_secs_f64().max(1e-9);
        (part(self.offset), part(self.duration))
    }
}

/// With one digit after the point.
pub(crate) fn millis(time: Duration) -> String {
    format!("{:.1}", time.as_secs_f64() * 1e3)
}

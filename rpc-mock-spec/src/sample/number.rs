//! Numbers within their limits.

use serde_json::{Number, Value};

use super::attempt::Attempt;
use super::parts::Parts;

/// Whole numbers that all JSON tools keep.
const SAFE: f64 = 9_007_199_254_740_991.0;

/// The limits of a number.
#[derive(Debug, Clone, Copy)]
struct Range {
    low: f64,
    high: f64,
    /// Whether the limits themselves are out.
    open: (bool, bool),
}

impl Range {
    fn has(&self, value: f64) -> bool {
        let (above, below) = self.open;
        (value > self.low || (!above && value == self.low))
            && (value < self.high || (!below && value == self.high))
    }
}

impl<'b> Attempt<'b> {
    pub(super) fn integer(&self, parts: &Parts<'b>, variant: usize) -> Option<Value> {
        let range = range(parts);
        let mut step = 1.0;
        for factor in factors(parts) {
            // The smallest whole number that is a multiple of the factor.
            let whole = (1..=10_000)
                .map(f64::from)
                .map(|times| factor * times)
                .find(|n| (n - n.round()).abs() < 1e-9)?;
            step = common(step, whole.round())?;
        }
        let low = range.low.max(if range.low < -SAFE { f64::NEG_INFINITY } else { range.low });
        let start = if range.has(step) {
            step
        } else if low.is_finite() && low > step {
            let first = (low / step).ceil() * step;
            if range.has(first) { first } else { first + step }
        } else {
            let last = (range.high / step).floor() * step;
            if range.has(last) { last } else { last - step }
        };
        #[expect(clippy::cast_precision_loss, reason = "variants are few")]
        let offset = step * variant as f64;
        let found = [start + offset, start - offset].into_iter().find(|value| range.has(*value))?;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "beyond the range of i64 it is clamped, and checked later"
        )]
        Some(Value::from(found as i64))
    }

    pub(super) fn number(&self, parts: &Parts<'b>, variant: usize) -> Option<Value> {
        let range = range(parts);
        #[expect(clippy::cast_precision_loss, reason = "variants are few")]
        let offset = variant as f64;
        if let Some(factor) = factors(parts).first() {
            let first = if range.has(*factor) {
                1.0
            } else if range.low.is_finite() {
                (range.low / factor).ceil()
            } else {
                (range.high / factor).floor()
            };
            let times = [first + offset, first + 1.0 + offset, first - offset, first - 1.0 - offset];
            return times
                .into_iter()
                .map(|times| multiple(*factor, times))
                .find(|value| range.has(*value))
                .and_then(json);
        }
        let middle = (range.low + range.high) / 2.0;
        let narrow = (range.high - range.low) / 1000.0 * (offset + 1.0);
        let tries = [
            1.5 + offset,
            range.low + 1.5 + offset,
            range.high - 1.5 - offset,
            middle + narrow,
            middle - narrow,
        ];
        let limits = [middle, range.low, range.high];
        tries
            .into_iter()
            .chain(limits)
            .filter(|value| value.is_finite())
            .find(|value| range.has(*value))
            .and_then(json)
    }
}

fn json(value: f64) -> Option<Value> {
    Number::from_f64(value).map(Value::Number)
}

/// `factor * times` without the noise of binary fractions.
fn multiple(factor: f64, times: f64) -> f64 {
    let text = factor.to_string();
    let digits = text.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    format!("{:.digits$}", factor * times).parse().unwrap_or(factor * times)
}

/// The least common multiple of whole numbers.
fn common(a: f64, b: f64) -> Option<f64> {
    let (mut x, mut y) = (a, b);
    while y > 0.5 {
        (x, y) = (y, x % y);
    }
    let found = a / x * b;
    (found.is_finite() && found < SAFE).then_some(found)
}

fn factors(parts: &Parts<'_>) -> Vec<f64> {
    parts.each("multipleOf").filter_map(Value::as_f64).filter(|factor| *factor > 0.0).collect()
}

fn range(parts: &Parts<'_>) -> Range {
    let mut range = Range { low: f64::NEG_INFINITY, high: f64::INFINITY, open: (false, false) };
    for format in parts.each("format").filter_map(Value::as_str) {
        let (low, high) = match format {
            "int8" => (-128.0, 127.0),
            "int16" => (-32_768.0, 32_767.0),
            "int32" => (-2_147_483_648.0, 2_147_483_647.0),
            "uint8" => (0.0, 255.0),
            "uint16" => (0.0, 65_535.0),
            "uint32" => (0.0, 4_294_967_295.0),
            "uint" | "uint64" => (0.0, f64::INFINITY),
            _ => continue,
        };
        range.low = range.low.max(low);
        range.high = range.high.min(high);
    }
    let limits = |keyword| parts.each(keyword).filter_map(Value::as_f64);
    for low in limits("minimum").filter(|low| *low > range.low).collect::<Vec<_>>() {
        range.low = range.low.max(low);
    }
    for high in limits("maximum").filter(|high| *high < range.high).collect::<Vec<_>>() {
        range.high = range.high.min(high);
    }
    for low in limits("exclusiveMinimum") {
        if low >= range.low {
            range = Range { low, open: (true, range.open.1), ..range };
        }
    }
    for high in limits("exclusiveMaximum") {
        if high <= range.high {
            range = Range { high, open: (range.open.0, true), ..range };
        }
    }
    range
}

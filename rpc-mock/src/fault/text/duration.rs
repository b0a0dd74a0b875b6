//! Times as people write them: `250ms`, `2s`, `1.5s`.

use std::fmt;
use std::time::Duration;

const NANOS: u64 = 1_000_000_000;

/// Shows a duration exactly: in seconds, or in milliseconds where that is a whole number below a second.
#[derive(Debug)]
pub(super) struct Span(pub(super) Duration);

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0.as_secs(), self.0.subsec_nanos()) {
            (seconds, 0) => write!(f, "{seconds}s"),
            (0, nanos) if nanos % 1_000_000 == 0 => write!(f, "{}ms", nanos / 1_000_000),
            (seconds, nanos) => write!(f, "{seconds}.{}s", format!("{nanos:09}").trim_end_matches('0')),
        }
    }
}

/// `None` when the text is no time, or has more digits than nanoseconds.
pub(super) fn parse(text: &str) -> Option<Duration> {
    let (number, unit) = match text.strip_suffix("ms") {
        Some(number) => (number, NANOS / 1000),
        None => (text.strip_suffix('s')?, NANOS),
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(fraction) {
        return None;
    }
    let mut nanos = u128::from(whole.parse::<u64>().ok()?) * u128::from(unit);
    let mut place = unit;
    for digit in fraction.bytes().map(|byte| byte - b'0') {
        if place == 1 && digit != 0 {
            return None;
        }
        place = (place / 10).max(1);
        nanos += u128::from(digit) * u128::from(place);
    }
    let seconds = u64::try_from(nanos / u128::from(NANOS)).ok()?;
    Some(Duration::new(seconds, u32::try_from(nanos % u128::from(NANOS)).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_shows() {
        let nanos = Duration::from_nanos;
        for (text, expected, shown) in [
            ("250ms", Some(nanos(250_000_000)), "250ms"),
            ("2s", Some(nanos(2_000_000_000)), "2s"),
            ("1.5s", Some(nanos(1_500_000_000)), "1.5s"),
            ("1500ms", Some(nanos(1_500_000_000)), "1.5s"),
            ("0.25s", Some(nanos(250_000_000)), "250ms"),
            ("0.5ms", Some(nanos(500_000)), "0.0005s"),
            ("0s", Some(nanos(0)), "0s"),
            ("0.000000001s", Some(nanos(1)), "0.000000001s"),
            ("0.0000000010s", Some(nanos(1)), "0.000000001s"),
            ("0.0000000001s", None, ""),
            ("18446744073709551615s", Some(Duration::from_secs(u64::MAX)), "18446744073709551615s"),
            ("18446744073709551616s", None, ""),
            ("1", None, ""),
            ("s", None, ""),
            (".5s", None, ""),
            ("1.s", None, ""),
            ("-1s", None, ""),
            ("+1s", None, ""),
            ("1 s", None, ""),
            ("1m", None, ""),
        ] {
            assert_eq!(parse(text), expected, "{text}");
            assert_eq!(expected.map(|time| Span(time).to_string()).unwrap_or_default(), shown, "{text}");
        }
    }
}

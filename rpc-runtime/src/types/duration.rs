//! ISO 8601 durations.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use jiff::{SignedDuration, Span};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A span of time that travels as ISO 8601: `P1DT2H`, `PT0.5S`, `-PT30M`. A day is 24 hours; years and months, which have
/// no fixed length, are refused.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IsoDuration(SignedDuration);

impl IsoDuration {
    /// The span as `jiff` has it.
    pub const fn signed(self) -> SignedDuration {
        self.0
    }

    /// The span as `std` has it; `None` when it is negative.
    pub fn unsigned(self) -> Option<Duration> {
        self.0.try_into().ok()
    }
}

impl From<SignedDuration> for IsoDuration {
    fn from(duration: SignedDuration) -> Self {
        Self(duration)
    }
}

impl From<Duration> for IsoDuration {
    /// Spans beyond 292 billion years become that.
    fn from(duration: Duration) -> Self {
        Self(duration.try_into().unwrap_or(SignedDuration::MAX))
    }
}

/// A text that is not an ISO 8601 duration of fixed length.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a duration such as P1DT2H30M")]
pub struct ParseDurationError {
    text: String,
}

impl FromStr for IsoDuration {
    type Err = ParseDurationError;

    fn from_str(text: &str) -> Result<Self, ParseDurationError> {
        let error = || ParseDurationError { text: text.chars().take(64).collect() };
        if !text.trim_start_matches(['-', '+']).starts_with(['P', 'p']) {
            return Err(error());
        }
        let span: Span = text.parse().map_err(|_| error())?;
        if span.get_years() != 0 || span.get_months() != 0 {
            return Err(error());
        }
        let days = i64::from(span.get_weeks()) * 7 + i64::from(span.get_days());
        let rest = span.weeks(0).days(0);
        let rest = SignedDuration::try_from(rest).map_err(|_| error())?;
        SignedDuration::from_hours(days.saturating_mul(24)).checked_add(rest).map(Self).ok_or_else(error)
    }
}

impl fmt::Display for IsoDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for IsoDuration {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for IsoDuration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        std::borrow::Cow::<'de, str>::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, seconds: Option<f64>) {
        assert_eq!(text.parse::<IsoDuration>().ok().map(|span| span.0.as_secs_f64()), seconds, "{text}");
    }

    #[test]
    fn reads_fixed_lengths_only() {
        check("P1DT2H", Some(93_600.0));
        check("PT0.5S", Some(0.5));
        check("-P1W", Some(-604_800.0));
        check("PT1M", Some(60.0));
        for text in ["P1M", "P1Y", "1h", "", "P", "3600"] {
            check(text, None);
        }
    }

    #[test]
    fn survives_a_round_trip() {
        for text in ["P1DT2H", "PT0.000001S", "-PT30M", "PT0S"] {
            let span: IsoDuration = text.parse().unwrap();
            assert_eq!(span.to_string().parse::<IsoDuration>().unwrap(), span, "{text}");
        }
    }
}

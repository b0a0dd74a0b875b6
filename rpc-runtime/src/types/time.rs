//! Time of day with an optional offset.

use std::fmt;
use std::str::FromStr;

use jiff::civil;
use jiff::tz::Offset;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::datetime::{DateTime, write_offset};

/// A time of day, with the UTC offset if the service sends one.
///
/// JSON Schema's `time` (RFC 3339 full-time) demands an offset; Python's naive `time` is sent without. Both are read, and
/// written back as they were read.
///
/// ```
/// use rpc_runtime::types::{Time, jiff::civil};
/// let naive: Time = "08:30:00".parse()?;
/// let exact: Time = "16:30:00.5+08:00".parse()?;
/// assert_eq!(naive, Time::from(civil::time(8, 30, 0, 0)));
/// assert_eq!(exact.to_string(), "16:30:00.5+08:00");
/// # Ok::<(), rpc_runtime::types::ParseTimeError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Time {
    local: civil::Time,
    offset: Option<Offset>,
}

impl Time {
    /// The time of day as written.
    pub const fn local(&self) -> civil::Time {
        self.local
    }

    /// The offset as written.
    pub const fn offset(&self) -> Option<Offset> {
        self.offset
    }

    /// The same time of day with an offset.
    #[must_use]
    pub const fn with_offset(self, offset: Offset) -> Self {
        Self { local: self.local, offset: Some(offset) }
    }
}

impl From<civil::Time> for Time {
    fn from(local: civil::Time) -> Self {
        Self { local, offset: None }
    }
}

/// A text that is not a time of day.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a time of day such as 08:30:00")]
pub struct ParseTimeError {
    text: String,
}

impl FromStr for Time {
    type Err = ParseTimeError;

    fn from_str(text: &str) -> Result<Self, ParseTimeError> {
        let error = || ParseTimeError { text: text.chars().take(64).collect() };
        // Hours alone are no time of day, whatever a parser of dates makes of them.
        if text.as_bytes().get(2) != Some(&b':') {
            return Err(error());
        }
        let on_a_day: DateTime = format!("1970-01-01T{text}").parse().map_err(|_| error())?;
        Ok(Self { local: on_a_day.local().time(), offset: on_a_day.offset() })
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.local)?;
        write_offset(self.offset, f)
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        std::borrow::Cow::<'de, str>::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, printed: Option<&str>) {
        assert_eq!(text.parse::<Time>().ok().map(|at| at.to_string()).as_deref(), printed, "{text}");
    }

    #[test]
    fn reads_what_services_send() {
        check("08:30:00", Some("08:30:00"));
        check("08:30", Some("08:30:00"));
        check("08:30:00.25", Some("08:30:00.25"));
        check("08:30:00Z", Some("08:30:00Z"));
        check("08:30:00+00:00", Some("08:30:00Z"));
        check("23:59:59-03:30", Some("23:59:59-03:30"));
    }

    #[test]
    fn refuses_the_rest() {
        for text in
            ["", "08", "0830", "25:00:00", "08:30 o'clock", "2025-01-15T08:30:00", "08:30:00[Europe/Rome]"]
        {
            check(text, None);
        }
    }
}

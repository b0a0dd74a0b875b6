//! Date and time with an optional offset.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil;
use jiff::tz::Offset;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A date and time of day, with the UTC offset if the service sends one.
///
/// RFC 3339 demands an offset; Python's naive `datetime` is sent without. Both are read, and written back as they were read.
///
/// ```
/// use rpc_runtime::types::DateTime;
/// let naive: DateTime = "2025-01-15T08:30:00".parse()?;
/// let exact: DateTime = "2025-01-15T16:30:00.5+08:00".parse()?;
/// assert_eq!(naive.timestamp(), None);
/// assert_eq!(naive.assume_utc().to_string(), "2025-01-15T08:30:00Z");
/// assert_eq!(exact.to_string(), "2025-01-15T16:30:00.5+08:00");
/// # Ok::<(), rpc_runtime::types::ParseDateTimeError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DateTime {
    local: civil::DateTime,
    offset: Option<Offset>,
}

impl DateTime {
    /// A time without offset.
    pub const fn naive(local: civil::DateTime) -> Self {
        Self { local, offset: None }
    }

    /// The date and time of day as written.
    pub const fn local(&self) -> civil::DateTime {
        self.local
    }

    /// The offset as written.
    pub const fn offset(&self) -> Option<Offset> {
        self.offset
    }

    /// The instant; `None` without offset (or beyond what a timestamp can hold).
    pub fn timestamp(&self) -> Option<Timestamp> {
        self.offset?.to_timestamp(self.local).ok()
    }

    /// The same date and time in UTC, if no offset was written.
    #[must_use]
    pub const fn assume_utc(self) -> Self {
        match self.offset {
            Some(_) => self,
            None => Self { local: self.local, offset: Some(Offset::UTC) },
        }
    }
}

impl From<Timestamp> for DateTime {
    fn from(timestamp: Timestamp) -> Self {
        Self { local: Offset::UTC.to_datetime(timestamp), offset: Some(Offset::UTC) }
    }
}

/// A text that is not a date and time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a date and time such as 2025-01-15T08:30:00Z")]
pub struct ParseDateTimeError {
    text: String,
}

impl FromStr for DateTime {
    type Err = ParseDateTimeError;

    fn from_str(text: &str) -> Result<Self, ParseDateTimeError> {
        let error = || ParseDateTimeError { text: text.chars().take(64).collect() };
        let pieces = jiff::fmt::temporal::DateTimeParser::new().parse_pieces(text).map_err(|_| error())?;
        if pieces.time_zone_annotation().is_some() {
            return Err(error());
        }
        let time = pieces.time().ok_or_else(error)?;
        let offset = match pieces.offset() {
            None => None,
            // `-00:00` and `Z` say: an instant whose local offset is unknown.
            Some(jiff::fmt::temporal::PiecesOffset::Zulu) => Some(Offset::UTC),
            Some(jiff::fmt::temporal::PiecesOffset::Numeric(numeric)) => Some(numeric.offset()),
            Some(_) => return Err(error()),
        };
        Ok(Self { local: pieces.date().to_datetime(time), offset })
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.local)?;
        write_offset(self.offset, f)
    }
}

/// `Z`, `+08:00`, or nothing.
pub(super) fn write_offset(offset: Option<Offset>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match offset {
        None => Ok(()),
        Some(Offset::UTC) => f.write_str("Z"),
        Some(offset) => {
            let seconds = offset.seconds();
            let sign = if seconds < 0 { '-' } else { '+' };
            let minutes = seconds.unsigned_abs() / 60;
            write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
        }
    }
}

impl Serialize for DateTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for DateTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        std::borrow::Cow::<'de, str>::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, printed: Option<&str>) {
        assert_eq!(text.parse::<DateTime>().ok().map(|at| at.to_string()).as_deref(), printed, "{text}");
    }

    #[test]
    fn reads_what_services_send() {
        check("2025-01-15T08:30:00Z", Some("2025-01-15T08:30:00Z"));
        check("2025-01-15T08:30:00.123456Z", Some("2025-01-15T08:30:00.123456Z"));
        check("2025-01-15T08:30:00+00:00", Some("2025-01-15T08:30:00Z"));
        check("2025-01-15T08:30:00-03:30", Some("2025-01-15T08:30:00-03:30"));
        check("2025-01-15T08:30:00.123456", Some("2025-01-15T08:30:00.123456"));
        check("2025-01-15 08:30:00", Some("2025-01-15T08:30:00"));
    }

    #[test]
    fn refuses_the_rest() {
        for text in
            ["", "2025-01-15", "08:30", "2025-13-01T00:00:00Z", "2025-01-15T08:30:00[Europe/Rome]", "now"]
        {
            check(text, None);
        }
    }
}

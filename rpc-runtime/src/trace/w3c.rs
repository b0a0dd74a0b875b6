//! W3C Trace Context: reading and writing `traceparent` (<https://www.w3.org/TR/trace-context/>).

use super::TraceId;

/// A `traceparent` that was received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TraceParent {
    pub(super) trace: TraceId,
    pub(super) flags: u8,
}

/// Lower-case hex of this length, not all zero.
pub(super) fn is_id(text: &str, length: usize) -> bool {
    text.len() == length
        && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
        && text.bytes().any(|byte| byte != b'0')
}

impl TraceParent {
    /// Reads a header. Later versions are read as version 00, as §3.2.2 demands; anything malformed is `None`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(5, '-');
        let (version, trace, parent, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let is_hex = |text: &str| {
            text.len() == 2 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        };
        let well_formed =
            is_hex(version) && version != "ff" && is_id(trace, 32) && is_id(parent, 16) && is_hex(flags);
        if !well_formed || (version == "00" && parts.next().is_some()) {
            return None;
        }
        Some(Self { trace: TraceId::new(trace).ok()?, flags: u8::from_str_radix(flags, 16).ok()? })
    }
}

/// Writes a header. Of the flags, only the two that version 00 and level 2 define are passed on: sampled and random.
pub(super) fn write(trace: &str, span: u64, flags: u8) -> String {
    let mut digits = [0; 16];
    hex(span.max(1), &mut digits);
    let span = std::str::from_utf8(&digits).unwrap_or_default();
    let flags = match flags & 0b11 {
        0 => "00",
        1 => "01",
        2 => "02",
        _ => "03",
    };
    ["00-", trace, "-", span, "-", flags].concat()
}

/// The lowest digits of a number in lower-case hex, with leading zeros. (`format!` takes ten times as long.)
pub(super) fn hex(mut number: u64, digits: &mut [u8]) {
    for digit in digits.iter_mut().rev() {
        *digit = match (number & 0xf) as u8 {
            low @ 0..=9 => b'0' + low,
            high => b'a' + (high - 10),
        };
        number >>= 4;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<(&str, u8)>) {
        let parsed = TraceParent::parse(text).map(|parent| (parent.trace.to_string(), parent.flags));
        assert_eq!(parsed, expected.map(|(trace, flags)| (trace.to_owned(), flags)), "{text}");
    }

    const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";

    #[test]
    fn reads_what_the_text_allows() {
        check("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", Some((TRACE, 1)));
        check("cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03-what-comes", Some((TRACE, 3)));
    }

    #[test]
    fn writes_what_format_would() {
        for (span, flags) in [(0, 0), (1, 1), (0xb7ad_6b71_6920_3331, 2), (u64::MAX, 0xff)] {
            let expected = format!("00-{TRACE}-{:016x}-{:02x}", span.max(1), flags & 3);
            assert_eq!(write(TRACE, span, flags), expected);
        }
    }

    #[test]
    fn refuses_the_rest() {
        for text in [
            "",
            "00",
            "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-x",
            "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1",
            "00-0af7651916cd43dd8448eb211c80319-b7ad6b7169203331-01",
        ] {
            check(text, None);
        }
    }
}

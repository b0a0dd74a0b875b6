//! `traceparent` of W3C Trace Context, level 2 (<https://www.w3.org/TR/trace-context-2/>, §3.2).

use bytes::Bytes;
use http::HeaderValue;

/// The digits of a trace id: lower-case hex, not all zero (§3.2.2.3).
pub(crate) type Digits = [u8; 32];

const LENGTH: usize = 55;
/// Where the trace id stands in a header.
pub(super) const TRACE: std::ops::Range<usize> = 3..35;
/// Sampled and random: the flags that version 00 knows. It sends no others (§3.2.2.5, Other Flags).
const KNOWN_FLAGS: u8 = 0b11;

/// A place in a trace. That of a `traceparent` that was received is not sent on: every send has a span id of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TraceParent {
    pub(crate) trace: Digits,
    /// 0: nobody's, the trace begins here.
    pub(crate) span: u64,
    pub(crate) flags: u8,
}

impl TraceParent {
    /// Reads a header. Later versions are read as version 00 (§3.2.4); anything malformed is `None`, `ff` too (§3.2.2.1).
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(5, '-');
        let (version, trace, parent, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let is_byte = |text: &str| text.len() == 2 && text.bytes().all(is_digit);
        let well_formed = is_byte(version) && version != "ff" && is_id(parent, 16) && is_byte(flags);
        if !well_formed || (version == "00" && parts.next().is_some()) {
            return None;
        }
        let flags = u8::from_str_radix(flags, 16).ok()? & KNOWN_FLAGS;
        Some(Self { trace: digits(trace)?, span: u64::from_str_radix(parent, 16).ok()?, flags })
    }
}

/// The text as a trace id that `traceparent` can carry.
pub(super) fn digits(text: &str) -> Option<Digits> {
    text.as_bytes().try_into().ok().filter(|_| is_id(text, 32))
}

/// A trace id of these bits; the lowest one is set, since all zero is no id.
pub(super) fn from_bits(high: u64, low: u64) -> Digits {
    let mut digits = [0; 32];
    hex(high, &mut digits[..16]);
    hex(low | 1, &mut digits[16..]);
    digits
}

/// The digits of these bits, which must not be all zero.
#[cfg(feature = "otel")]
pub(crate) fn from_id(id: u128) -> Digits {
    let mut digits = [0; 32];
    hex((id >> 64) as u64, &mut digits[..16]);
    hex(id as u64, &mut digits[16..]);
    digits
}

/// The bytes of a header, in one allocation that slices and clones share.
pub(super) fn write(trace: &Digits, span: u64, flags: u8) -> Bytes {
    let mut text: [u8; LENGTH] = *b"00-................................-................-00";
    text[TRACE].copy_from_slice(trace);
    hex(span.max(1), &mut text[36..52]);
    hex(u64::from(flags & KNOWN_FLAGS), &mut text[53..]);
    Bytes::from_owner(text)
}

/// The bytes as a header's value, without a copy.
pub(super) fn header(bytes: Bytes) -> HeaderValue {
    // Digits and dashes are a header's value in any case.
    HeaderValue::from_maybe_shared(bytes).unwrap_or(HeaderValue::from_static("0"))
}

fn is_digit(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'f')
}

fn is_id(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(is_digit) && text.bytes().any(|byte| byte != b'0')
}

/// The lowest digits of a number in lower-case hex, with leading zeros. (`format!` takes ten times as long.)
fn hex(mut number: u64, digits: &mut [u8]) {
    for eight in digits.rchunks_mut(8) {
        let text = eight_digits(number as u32);
        let (_, lowest) = text.split_at(text.len() - eight.len());
        eight.copy_from_slice(lowest);
        number >>= 32;
    }
}

/// All digits at once: each half byte gets a byte of its own, and those above 9 what is between `9` and `a`.
fn eight_digits(number: u32) -> [u8; 8] {
    let halves = u64::from(number);
    let halves = (halves | halves << 16) & 0x0000_ffff_0000_ffff;
    let halves = (halves | halves << 8) & 0x00ff_00ff_00ff_00ff;
    let halves = (halves | halves << 4) & 0x0f0f_0f0f_0f0f_0f0f;
    let above_nine = ((halves + 0x0606_0606_0606_0606) >> 4) & 0x0101_0101_0101_0101;
    (halves + 0x3030_3030_3030_3030 + above_nine * u64::from(b'a' - b'9' - 1)).to_be_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<(&str, u8)>) {
        let span = 0xb7ad_6b71_6920_3331;
        let expected =
            expected.map(|(trace, flags)| TraceParent { trace: digits(trace).unwrap(), span, flags });
        assert_eq!(TraceParent::parse(text), expected, "{text}");
    }

    const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";

    #[test]
    fn reads_what_the_text_allows() {
        for (tail, flags) in [("01", 1), ("00", 0), ("02", 2), ("03", 3), ("fe", 2)] {
            check(&format!("00-{TRACE}-b7ad6b7169203331-{tail}"), Some((TRACE, flags)));
        }
        for (version, tail) in [("cc", "03-what-comes"), ("01", "03"), ("fe", "03-")] {
            check(&format!("{version}-{TRACE}-b7ad6b7169203331-{tail}"), Some((TRACE, 3)));
        }
    }

    #[test]
    fn writes_what_format_would() {
        for (span, flags) in [(0, 0), (1, 1), (0x0123_4567_89ab_cdef, 2), (u64::MAX, 0xff)] {
            let expected = format!("00-{TRACE}-{:016x}-{:02x}", span.max(1), flags & 3);
            assert_eq!(header(write(&digits(TRACE).unwrap(), span, flags)), expected);
        }
    }

    #[test]
    fn refuses_the_rest() {
        for text in [
            "",
            "00",
            "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01x",
            "0x-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-x",
            "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1",
            "00-0af7651916cd43dd8448eb211c80319-b7ad6b7169203331-01",
            " 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        ] {
            check(text, None);
        }
    }
}

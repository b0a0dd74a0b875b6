//! Formats as servers read them: more than the RFCs allow.

/// A check that a format has.
pub(super) type Check = fn(&str) -> bool;

/// Formats that requests may use in a wider sense: times without offset, identifiers in other spellings.
pub(super) const OF_REQUESTS: [(&str, Check); 6] = [
    ("date-time", date_time),
    ("time", time),
    ("uuid", uuid),
    ("duration", not_empty),
    ("hostname", not_empty),
    ("email", |text| text.contains('@')),
];

/// A decimal as text, where only the generator knows that it is one.
pub(crate) const DECIMAL: &str = "x-decimal";

/// An integer as text, likewise.
pub(crate) const INTEGER: &str = "x-integer";

/// Formats that no document has.
pub(super) const OWN: [(&str, Check); 2] = [(DECIMAL, decimal), (INTEGER, integer)];

fn decimal(text: &str) -> bool {
    let text = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    digits(whole) && digits(fraction) && whole.len() + fraction.len() <= 28
}

fn integer(text: &str) -> bool {
    text.parse::<i64>().is_ok()
}

fn not_empty(text: &str) -> bool {
    !text.is_empty()
}

fn date_time(text: &str) -> bool {
    let Some((date, rest)) = text.split_once(['T', 't', ' ', '_']) else { return digits(text) };
    let numbers: Vec<&str> = date.split('-').collect();
    let [year, month, day] = numbers.as_slice() else { return false };
    let within =
        |text: &str, last: u8| text.len() == 2 && text.parse().is_ok_and(|n: u8| (1..=last).contains(&n));
    digits(year) && within(month, 12) && within(day, 31) && time(rest)
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn time(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_digit() || b":.,+-Zz ".contains(&byte);
    let start = text.split(':').next().unwrap_or_default();
    start.parse().is_ok_and(|hour: u8| hour < 25) && text.contains(':') && text.bytes().all(allowed)
}

fn uuid(text: &str) -> bool {
    let text = text.trim_start_matches("urn:uuid:").trim_matches(['{', '}']);
    let hex = text.bytes().filter(|byte| *byte != b'-');
    text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-') && hex.count() == 32
}

//! Numbers as text, exactly.

/// A number's text as an integer, if it is one: `1.0`, `1e3`.
pub(in super::super) fn whole(text: &str) -> Option<i128> {
    let (value, rest) = split(text)?;
    (!rest).then_some(value)
}

/// The least integer that is not below.
pub(super) fn ceil(text: &str) -> Option<i128> {
    let (value, rest) = split(text)?;
    Some(value + i128::from(rest && !text.starts_with('-')))
}

/// The greatest integer that is not above.
pub(super) fn floor(text: &str) -> Option<i128> {
    let (value, rest) = split(text)?;
    Some(value - i128::from(rest && text.starts_with('-')))
}

/// The integer before the point, and whether anything but zeros stands behind it; `None` if it does not fit.
fn split(text: &str) -> Option<(i128, bool)> {
    let (negative, text) = text.strip_prefix('-').map_or((false, text), |text| (true, text));
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (before, after) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{before}{after}");
    if digits.bytes().all(|digit| digit == b'0') {
        return Some((0, false));
    }
    let exponent: i64 = exponent.parse().ok()?;
    let point = i64::try_from(before.len()).ok()?.checked_add(exponent)?;
    if !(-400..=400).contains(&point) {
        return None;
    }
    let (integer, fraction) = match usize::try_from(point) {
        Ok(point) if point <= digits.len() => {
            let (integer, fraction) = digits.split_at_checked(point)?;
            (integer.to_owned(), fraction)
        }
        Ok(point) => (format!("{digits:0<point$}"), ""),
        Err(_) => (String::new(), digits.as_str()),
    };
    let value: i128 = if integer.is_empty() { 0 } else { integer.parse().ok()? };
    Some((if negative { -value } else { value }, fraction.bytes().any(|digit| digit != b'0')))
}

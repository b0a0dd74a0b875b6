//! What a YAML scalar means: the core schema of YAML 1.2 (section 10.3), with JSON as the target.

use saphyr_parser::Tag;

use super::node::Value;

/// The value of a scalar. Quoted and block scalars are strings; so is what JSON cannot say (`.inf`, timestamps).
pub(super) fn resolve(text: &str, plain: bool, tag: Option<&Tag>) -> Value {
    match tag {
        Some(tag) if tag.is_yaml_core_schema() => match tag.suffix.as_str() {
            "null" | "bool" | "int" | "float" => core(text),
            _ => Value::String(text.into()),
        },
        // `! 12`: the non-specific tag makes a string.
        Some(tag) if tag.handle.is_empty() && tag.suffix == "!" => Value::String(text.into()),
        _ if plain => core(text),
        _ => Value::String(text.into()),
    }
}

fn core(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ => match number(text) {
            Some(number) => Value::Number(number),
            None => Value::String(text.into()),
        },
    }
}

/// A number as JSON writes it: no `+`, no leading zeros, a digit on both sides of the point.
fn number(text: &str) -> Option<String> {
    for (prefix, radix) in [("0x", 16), ("0o", 8)] {
        if let Some(digits) = text.strip_prefix(prefix) {
            let valid = !digits.is_empty() && digits.chars().all(|c| c.is_digit(radix));
            return valid.then(|| u128::from_str_radix(digits, radix).ok()).flatten().map(|n| n.to_string());
        }
    }
    let (sign, unsigned) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
        Some(at) => unsigned.split_at(at),
        None => (unsigned, ""),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let exponent_digits = exponent.get(1..).map(|e| e.strip_prefix(['+', '-']).unwrap_or(e));
    let valid = digits(whole)
        && fraction.is_none_or(digits)
        && !(whole.is_empty() && fraction.is_none_or(str::is_empty))
        && exponent_digits.is_none_or(|e| !e.is_empty() && digits(e));
    if !valid {
        return None;
    }
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        digits => digits,
    };
    Some(match fraction {
        None => format!("{sign}{whole}{exponent}"),
        Some("") => format!("{sign}{whole}.0{exponent}"),
        Some(fraction) => format!("{sign}{whole}.{fraction}{exponent}"),
    })
}

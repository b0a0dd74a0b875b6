//! Exact decimals.

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::value::RawValue;
use serde_with::{DeserializeAs, SerializeAs};

/// A decimal that is written as a JSON string, `"12345678901234567.89"`. Strings and numbers are read, both exactly.
#[derive(Debug)]
pub struct DecimalString;

/// A decimal that is written as a JSON number, `12345678901234567.89`, digit for digit. Strings and numbers are read.
#[derive(Debug)]
pub struct DecimalNumber;

impl SerializeAs<Decimal> for DecimalString {
    fn serialize_as<S: Serializer>(value: &Decimal, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }
}

impl<'de> DeserializeAs<'de, Decimal> for DecimalString {
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
        read(deserializer)
    }
}

impl SerializeAs<Decimal> for DecimalNumber {
    fn serialize_as<S: Serializer>(value: &Decimal, serializer: S) -> Result<S::Ok, S::Error> {
        RawValue::from_string(value.to_string()).map_err(serde::ser::Error::custom)?.serialize(serializer)
    }
}

impl<'de> DeserializeAs<'de, Decimal> for DecimalNumber {
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
        read(deserializer)
    }
}

/// Through the text of the number: a float in between would lose digits.
fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
    let raw = Box::<RawValue>::deserialize(deserializer)?;
    parse(raw.get()).ok_or_else(|| {
        let found: String = raw.get().chars().take(64).collect();
        de::Error::custom(format_args!("`{found}` is not a decimal of at most 28 digits"))
    })
}

fn parse(json: &str) -> Option<Decimal> {
    let text = match json.strip_prefix('"') {
        Some(rest) => rest.strip_suffix('"')?,
        None => json,
    };
    exact(text)
}

/// A plain or scientific number, if it fits digit for digit.
pub(crate) fn exact(text: &str) -> Option<Decimal> {
    // `from_str_exact` refuses what does not fit, where `from_str` would round; `from_scientific` rounds what stands
    // before the exponent.
    Decimal::from_str_exact(text).ok().or_else(|| {
        let (digits, _) = text.split_once(['e', 'E'])?;
        Decimal::from_str_exact(digits).ok()?;
        Decimal::from_scientific(text).ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_with::As;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Money {
        #[serde(with = "As::<DecimalString>")]
        text: Decimal,
        #[serde(with = "As::<Vec<Option<DecimalNumber>>>")]
        numbers: Vec<Option<Decimal>>,
    }

    fn check(json: &str, written: Result<&str, &str>) {
        let money = serde_json::from_str::<Money>(json).map_err(|error| error.to_string());
        match (money, written) {
            (Ok(money), Ok(written)) => assert_eq!(serde_json::to_string(&money).unwrap(), written),
            (Err(error), Err(part)) => assert!(error.contains(part), "{error}"),
            (money, written) => panic!("{json}: {money:?}, expected {written:?}"),
        }
    }

    #[test]
    fn keeps_every_digit() {
        check(
            r#"{"text":"12345678901234567.89","numbers":[12345678901234567.89,null,-0.10]}"#,
            Ok(r#"{"text":"12345678901234567.89","numbers":[12345678901234567.89,null,-0.10]}"#),
        );
        check(r#"{"text":1.50,"numbers":["2.50"]}"#, Ok(r#"{"text":"1.50","numbers":[2.50]}"#));
        check(r#"{"text":"1e3","numbers":[]}"#, Ok(r#"{"text":"1000","numbers":[]}"#));
    }

    #[test]
    fn refuses_to_round() {
        check(r#"{"text":"0.12345678901234567890123456789012","numbers":[]}"#, Err("at most 28 digits"));
        check(r#"{"text":"1.2345678901234567890123456789012e1","numbers":[]}"#, Err("at most 28 digits"));
        check(r#"{"text":"1.5e-28","numbers":[]}"#, Err("at most 28 digits"));
        check(r#"{"text":"1e-30","numbers":[]}"#, Err("at most 28 digits"));
        check(r#"{"text":"1e400","numbers":[]}"#, Err("at most 28 digits"));
        check(r#"{"text":"NaN","numbers":[]}"#, Err("`\"NaN\"` is not a decimal"));
        check(r#"{"text":true,"numbers":[]}"#, Err("`true` is not a decimal"));
    }
}

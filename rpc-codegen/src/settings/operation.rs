//! `[operations."…"]` → [`OperationSettings`].

use std::time::Duration;

use toml::de::DeValue;

use super::parse::{Reader, Value};
use super::{At, OperationSettings};
use crate::ir::{Breaker, Choice, Hedging, Idempotency};

/// The name that means all operations.
pub(crate) const ALL: &str = "*";

const KNOWN: &[&str] = &[
    "attempt_timeout",
    "breaker",
    "cache",
    "fallback",
    "hedging",
    "idempotency",
    "max_body",
    "retries",
    "retry_codes",
    "stale_if_error",
    "timeout",
];

/// What is true of single operations only.
const OWN: &[&str] = &["fallback", "idempotency"];

const DURATION: &str = "a time from 1 ms to a day, such as `\"500ms\"` or `\"2s\"`, or `\"off\"`";

impl Reader<'_, '_> {
    pub(super) fn operation(&mut self, what: &At<String>, value: &Value<'_>) -> OperationSettings {
        let mut operation = OperationSettings::default();
        for (key, value) in self.table(value) {
            let Some(name) = KNOWN.iter().find(|known| **known == key.value) else {
                self.unknown(&key, "operations.*.", KNOWN);
                continue;
            };
            operation.places.insert(name, self.source.place(value.span()));
            if what.value == ALL && OWN.contains(name) {
                self.bad::<()>(value, &format!("`{name}` under each operation that it is true of"));
                continue;
            }
            let policy = &mut operation.policy;
            match *name {
                "timeout" => policy.timeout = self.choice(value, DURATION, duration),
                "attempt_timeout" => policy.attempt_timeout = self.choice(value, DURATION, duration),
                "retries" => policy.retries = self.count(value, "a whole number from 0, such as `2`"),
                "max_body" => {
                    policy.max_body = self.choice(value, "a number of bytes from 1, or `\"off\"`", bytes);
                }
                "retry_codes" => policy.retry_codes = Some(self.codes(value)),
                "breaker" => policy.breaker = self.breaker(value),
                "hedging" => {
                    let wanted =
                        "a time such as `\"20ms\"`, a percentile from `\"p50\"` to `\"p99.9\"`, or `\"off\"`";
                    policy.hedging = self.choice(value, wanted, hedging);
                }
                "cache" => policy.cache = self.choice(value, DURATION, duration),
                "stale_if_error" => policy.stale_if_error = self.time(value),
                "fallback" => policy.fallback = self.json(value),
                _ => operation.idempotency = self.idempotency(value),
            }
        }
        operation
    }

    fn idempotency(&mut self, value: &Value<'_>) -> Option<Idempotency> {
        match self.string(value)?.value.as_str() {
            "safe" => Some(Idempotency::Safe),
            "idempotent" => Some(Idempotency::Idempotent),
            "keyed" => Some(Idempotency::Keyed),
            "unsafe" => Some(Idempotency::Unsafe),
            _ => self.bad(value, "`safe`, `idempotent`, `keyed` or `unsafe`"),
        }
    }

    /// What may be `"off"`.
    fn choice<T>(
        &mut self,
        value: &Value<'_>,
        wanted: &str,
        read: fn(&DeValue<'_>) -> Option<T>,
    ) -> Option<Choice<T>> {
        let found = match value.get_ref() {
            DeValue::String(text) if text == "off" => Some(Choice::Off),
            other => read(other).map(Choice::Set),
        };
        found.or_else(|| self.bad(value, wanted))
    }

    fn time(&mut self, value: &Value<'_>) -> Option<Duration> {
        let wanted = "a time from 1 ms to a day, such as `\"500ms\"` or `\"2s\"`";
        duration(value.get_ref()).or_else(|| self.bad(value, wanted))
    }

    /// JSON text, without the space around its parts.
    fn json(&mut self, value: &Value<'_>) -> Option<String> {
        let text = self.string(value)?.value;
        match serde_json::from_str::<serde_json::Value>(&text) {
            Ok(json) => Some(json.to_string()),
            Err(_) => self.bad(value, "the reply's data as JSON text, such as `'[]'` or `'{\"total\": 0}'`"),
        }
    }

    fn count(&mut self, value: &Value<'_>, wanted: &str) -> Option<u32> {
        integer(value.get_ref()).or_else(|| self.bad(value, wanted))
    }

    /// What is left out is as usual.
    fn breaker(&mut self, value: &Value<'_>) -> Option<Choice<Breaker>> {
        let Some(table) = value.get_ref().as_table() else {
            let wanted = "a table such as `{ threshold = 5, recovery = \"60s\" }`, or `\"off\"`";
            return self.choice(value, wanted, |_| None);
        };
        let mut breaker = Breaker::USUAL;
        for (key, value) in self.source.entries(table) {
            match key.value.as_str() {
                "threshold" => match integer(value.get_ref()) {
                    Some(threshold @ 1..) => breaker.threshold = threshold,
                    _ => {
                        return self
                            .bad(value, "how many failed calls in a row open it: a whole number from 1");
                    }
                },
                "recovery" => match duration(value.get_ref()) {
                    Some(recovery) => breaker.recovery = recovery,
                    None => {
                        return self
                            .bad(value, "how long it stays open: from 1 ms to a day, such as `\"60s\"`");
                    }
                },
                _ => self.unknown(&key, "operations.*.breaker.", &["recovery", "threshold"]),
            }
        }
        Some(Choice::Set(breaker))
    }
}

fn integer<T: std::str::FromStr>(value: &DeValue<'_>) -> Option<T> {
    match value {
        DeValue::Integer(number) if number.radix() == 10 => number.as_str().parse().ok(),
        _ => None,
    }
}

fn bytes(value: &DeValue<'_>) -> Option<u64> {
    integer(value).filter(|bytes| *bytes > 0)
}

/// A whole number and its unit.
fn duration(value: &DeValue<'_>) -> Option<Duration> {
    const DAY: Duration = Duration::from_secs(24 * 60 * 60);
    let text = value.as_str()?;
    let (number, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit())?);
    let millis = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => return None,
    };
    let duration = Duration::from_millis(number.parse::<u64>().ok()?.checked_mul(millis)?);
    (!duration.is_zero() && duration <= DAY).then_some(duration)
}

fn hedging(value: &DeValue<'_>) -> Option<Hedging> {
    let text = value.as_str()?;
    let Some(percentile) = text.strip_prefix('p') else { return duration(value).map(Hedging::After) };
    let digits = percentile.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let percentile = percentile.parse().ok().filter(|part| digits && (50.0..=99.9).contains(part));
    percentile.map(Hedging::Percentile)
}

//! The rules: lengths, ranges, patterns, counts.

use std::cmp::Ordering;
use std::collections::HashSet;

use super::{Check, CheckValue, Path, Violation};
use crate::codec::exact;
use crate::types::Decimal;

/// Rules for one value. One `static` per place in a generated crate.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::exhaustive_structs, reason = "generated code writes `..Rules::NONE`")]
pub struct Rules {
    /// Least number.
    pub minimum: Option<Bound>,
    /// Greatest number.
    pub maximum: Option<Bound>,
    /// The number is a multiple of this.
    pub multiple_of: Option<&'static str>,
    /// Fewest characters.
    pub min_length: Option<u64>,
    /// Most characters.
    pub max_length: Option<u64>,
    /// ECMAScript regular expression that the text contains; checked with feature `pattern`.
    pub pattern: Option<&'static str>,
    /// Fewest items.
    pub min_items: Option<u64>,
    /// Most items.
    pub max_items: Option<u64>,
    /// No two items are equal.
    pub unique_items: bool,
    /// Rules of the items of a list or the values of a map.
    pub items: Option<&'static Rules>,
}

/// A bound: the exact text of a number, and whether the bound itself is outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bound {
    value: &'static str,
    exclusive: bool,
}

impl Bound {
    /// The bound itself is allowed.
    pub const fn inclusive(value: &'static str) -> Self {
        Self { value, exclusive: false }
    }

    /// The bound itself is not allowed.
    pub const fn exclusive(value: &'static str) -> Self {
        Self { value, exclusive: true }
    }

    fn allows(self, ordering: Option<Ordering>, outside: Ordering) -> bool {
        match ordering {
            Some(Ordering::Equal) => !self.exclusive,
            Some(ordering) => ordering != outside,
            // A bound that is no number, or NaN: nothing to compare.
            None => true,
        }
    }
}

impl Rules {
    /// No rule.
    pub const NONE: Self = Self {
        minimum: None,
        maximum: None,
        multiple_of: None,
        min_length: None,
        max_length: None,
        pattern: None,
        min_items: None,
        max_items: None,
        unique_items: false,
        items: None,
    };

    /// Checks a value.
    ///
    /// # Errors
    /// The first rule that is broken.
    pub fn check(&self, at: &Path<'_>, value: &dyn Check) -> Result<(), Violation> {
        match value.check_value() {
            CheckValue::Nothing => Ok(()),
            CheckValue::Text(text) => self.text(at, text),
            CheckValue::Int(number) => self.number(at, &Number::Int(number)),
            CheckValue::Float(number) => self.number(at, &Number::Float(number)),
            CheckValue::Decimal(number) => self.number(at, &Number::Decimal(number)),
            CheckValue::List(items) => {
                self.count(at, items.len())?;
                if self.unique_items {
                    unique(at, &items)?;
                }
                let rules = self.items.unwrap_or(&Self::NONE);
                items.iter().enumerate().try_for_each(|(index, item)| rules.check(&at.item(index), *item))
            }
            CheckValue::Map(values) => {
                let rules = self.items.unwrap_or(&Self::NONE);
                values.iter().try_for_each(|(key, value)| rules.check(&at.field(key), *value))
            }
        }
    }

    /// Checks a list whose items have no rules of their own: their number, and that no two are equal.
    ///
    /// # Errors
    /// The first rule that is broken.
    pub fn check_list<T: PartialEq>(&self, at: &Path<'_>, items: Option<&[T]>) -> Result<(), Violation> {
        let Some(items) = items else { return Ok(()) };
        self.count(at, items.len())?;
        let twice = |(index, item): &(usize, &T)| items.iter().take(*index).any(|earlier| earlier == *item);
        match items.iter().enumerate().find(twice).filter(|_| self.unique_items) {
            Some((index, _)) => broken(at, format!("has the item at {index} twice, items must be unique")),
            None => Ok(()),
        }
    }

    fn text(&self, at: &Path<'_>, text: &str) -> Result<(), Violation> {
        let length = text.chars().count() as u64;
        if let Some(least) = self.min_length.filter(|least| length < *least) {
            return broken(at, format!("has {length} characters, at least {least} are required"));
        }
        if let Some(most) = self.max_length.filter(|most| length > *most) {
            return broken(at, format!("has {length} characters, at most {most} are allowed"));
        }
        match self.pattern {
            Some(pattern) if !matches(pattern, text) => {
                broken(at, format!("does not match the pattern `{pattern}`"))
            }
            _ => Ok(()),
        }
    }

    fn number(&self, at: &Path<'_>, number: &Number) -> Result<(), Violation> {
        if let Some(bound) = self.minimum
            && !bound.allows(number.compare(bound.value), Ordering::Less)
        {
            let relation = if bound.exclusive { "greater than" } else { "at least" };
            return broken(at, format!("is {number}, it must be {relation} {}", bound.value));
        }
        if let Some(bound) = self.maximum
            && !bound.allows(number.compare(bound.value), Ordering::Greater)
        {
            let relation = if bound.exclusive { "less than" } else { "at most" };
            return broken(at, format!("is {number}, it must be {relation} {}", bound.value));
        }
        match self.multiple_of {
            Some(step) if !number.is_multiple_of(step) => {
                broken(at, format!("is {number}, not a multiple of {step}"))
            }
            _ => Ok(()),
        }
    }

    fn count(&self, at: &Path<'_>, count: usize) -> Result<(), Violation> {
        let count = count as u64;
        if let Some(least) = self.min_items.filter(|least| count < *least) {
            return broken(at, format!("has {count} items, at least {least} are required"));
        }
        match self.max_items {
            Some(most) if count > most => {
                broken(at, format!("has {count} items, at most {most} are allowed"))
            }
            _ => Ok(()),
        }
    }
}

fn broken(at: &Path<'_>, what: String) -> Result<(), Violation> {
    Err(Violation { path: at.to_string(), what })
}

/// Items that are texts or numbers are compared; others have no equality here.
fn unique(at: &Path<'_>, items: &[&dyn Check]) -> Result<(), Violation> {
    let mut seen = HashSet::new();
    for (index, item) in items.iter().enumerate() {
        let key = match item.check_value() {
            CheckValue::Text(text) => text.to_owned(),
            CheckValue::Int(number) => number.to_string(),
            CheckValue::Decimal(number) => number.normalize().to_string(),
            _ => continue,
        };
        if !seen.insert(key) {
            return broken(at, format!("has the item at {index} twice, items must be unique"));
        }
    }
    Ok(())
}

enum Number {
    Int(i128),
    Float(f64),
    Decimal(Decimal),
}

impl Number {
    /// Compares exactly where both sides are exact.
    fn compare(&self, bound: &str) -> Option<Ordering> {
        match self {
            Self::Float(number) => number.partial_cmp(&bound.parse().ok()?),
            _ => match (self.exact(), exact(bound)) {
                (Some(number), Some(bound)) => Some(number.cmp(&bound)),
                _ => self.approximate().partial_cmp(&bound.parse().ok()?),
            },
        }
    }

    fn is_multiple_of(&self, step: &str) -> bool {
        match (self.exact(), exact(step)) {
            (Some(number), Some(step)) => step.is_zero() || (number % step).is_zero(),
            // Floats have no exact multiples: this rule is left to the server.
            _ => true,
        }
    }

    fn exact(&self) -> Option<Decimal> {
        match self {
            Self::Int(number) => Decimal::try_from_i128_with_scale(*number, 0).ok(),
            Self::Decimal(number) => Some(*number),
            Self::Float(_) => None,
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "only for numbers beyond 28 digits")]
    fn approximate(&self) -> f64 {
        match self {
            Self::Int(number) => *number as f64,
            Self::Float(number) => *number,
            Self::Decimal(number) => number.to_string().parse().unwrap_or(f64::NAN),
        }
    }
}

impl std::fmt::Display for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Int(number) => number.fmt(f),
            Self::Float(number) => number.fmt(f),
            Self::Decimal(number) => number.fmt(f),
        }
    }
}

/// Compiled once per pattern text; a pattern that does not compile (the generator warns about those) matches everything.
#[cfg(feature = "pattern")]
fn matches(pattern: &'static str, text: &str) -> bool {
    use std::collections::HashMap;
    use std::sync::{Arc, LazyLock, PoisonError, RwLock};

    type Compiled = Option<Arc<regress::Regex>>;
    // A cache of pure values, not state: patterns are literals of generated code, so it is bounded by the program's text.
    static CACHE: LazyLock<RwLock<HashMap<&'static str, Compiled>>> = LazyLock::new(RwLock::default);

    let cached = CACHE.read().unwrap_or_else(PoisonError::into_inner).get(pattern).cloned();
    let compiled = cached.unwrap_or_else(|| {
        let compiled = regress::Regex::with_flags(pattern, "u")
            .or_else(|_| regress::Regex::new(pattern))
            .ok()
            .map(Arc::new);
        CACHE.write().unwrap_or_else(PoisonError::into_inner).insert(pattern, compiled.clone());
        compiled
    });
    compiled.is_none_or(|regex| regex.find(text).is_some())
}

#[cfg(not(feature = "pattern"))]
fn matches(_: &'static str, _: &str) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(rules: Rules, value: &dyn Check, expected: Option<&str>) {
        let violation =
            rules.check(&Path::root("body").field("x"), value).err().map(|violation| violation.to_string());
        assert_eq!(violation.as_deref(), expected);
    }

    #[test]
    fn texts() {
        let rules = Rules { min_length: Some(2), max_length: Some(3), ..Rules::NONE };
        check(rules, &"礼物", None);
        check(rules, &"a", Some("`body.x` has 1 characters, at least 2 are required"));
        check(rules, &"abcd", Some("`body.x` has 4 characters, at most 3 are allowed"));
        check(rules, &None::<String>, None);
    }

    #[test]
    fn numbers() {
        let rules = Rules {
            minimum: Some(Bound::exclusive("0")),
            maximum: Some(Bound::inclusive("10.5")),
            ..Rules::NONE
        };
        check(rules, &1_i64, None);
        check(rules, &0_i64, Some("`body.x` is 0, it must be greater than 0"));
        check(rules, &10.5_f64, None);
        check(
            rules,
            &Decimal::from_str_exact("10.500001").unwrap(),
            Some("`body.x` is 10.500001, it must be at most 10.5"),
        );
        check(
            Rules { multiple_of: Some("0.05"), ..Rules::NONE },
            &Decimal::from_str_exact("0.15").unwrap(),
            None,
        );
        check(
            Rules { multiple_of: Some("3"), ..Rules::NONE },
            &10_i64,
            Some("`body.x` is 10, not a multiple of 3"),
        );
    }

    #[test]
    fn lists() {
        static ITEM: Rules = Rules { max_length: Some(1), ..Rules::NONE };
        let rules = Rules { max_items: Some(2), unique_items: true, items: Some(&ITEM), ..Rules::NONE };
        check(rules, &vec!["a".to_owned(), "b".to_owned()], None);
        check(
            rules,
            &vec!["a".to_owned(), "bb".to_owned()],
            Some("`body.x[1]` has 2 characters, at most 1 are allowed"),
        );
        check(rules, &vec![1_i64, 1], Some("`body.x` has the item at 1 twice, items must be unique"));
        check(rules, &vec![1_i64, 2, 3], Some("`body.x` has 3 items, at most 2 are allowed"));
    }

    #[cfg(feature = "pattern")]
    #[test]
    fn patterns_are_searched_as_ecmascript_does() {
        check(Rules { pattern: Some("^[0-9]{4}$"), ..Rules::NONE }, &"4242", None);
        check(Rules { pattern: Some("b+"), ..Rules::NONE }, &"abc", None);
        check(
            Rules { pattern: Some("^(?!x)\\p{L}+$"), ..Rules::NONE },
            &"x1",
            Some("`body.x` does not match the pattern `^(?!x)\\p{L}+$`"),
        );
        check(Rules { pattern: Some("("), ..Rules::NONE }, &"anything", None);
    }
}

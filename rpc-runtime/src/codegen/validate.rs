//! THROWAWAY stand-in for the lead's `Validate`, so that generated code compiles in this worktree.
#![allow(missing_docs, clippy::all, reason = "throwaway")]

use crate::types::Maybe;
use std::collections::BTreeMap;

#[derive(Debug)]
pub struct Violation(pub String);
#[derive(Debug)]
pub struct Path<'a>(Option<&'a Path<'a>>, String);
impl Path<'_> {
    pub fn root() -> Path<'static> {
        Path(None, String::new())
    }
    pub fn field(&self, name: &str) -> Path<'_> {
        Path(Some(self), name.to_owned())
    }
    fn text(&self) -> String {
        self.0.map_or(String::new(), |p| format!("{}.{}", p.text(), self.1))
    }
}
pub trait Validate {
    fn validate(&self, at: &Path<'_>) -> Result<(), Violation>;
}
impl<T: Validate> Validate for Option<T> {
    fn validate(&self, at: &Path<'_>) -> Result<(), Violation> {
        self.as_ref().map_or(Ok(()), |v| v.validate(at))
    }
}
impl<T: Validate> Validate for Maybe<T> {
    fn validate(&self, at: &Path<'_>) -> Result<(), Violation> {
        self.value().map_or(Ok(()), |v| v.validate(at))
    }
}
impl<T: Validate> Validate for Box<T> {
    fn validate(&self, at: &Path<'_>) -> Result<(), Violation> {
        (**self).validate(at)
    }
}
impl<T: Validate> Validate for Vec<T> {
    fn validate(&self, at: &Path<'_>) -> Result<(), Violation> {
        self.iter().try_for_each(|v| v.validate(at))
    }
}
impl<T: Validate> Validate for BTreeMap<String, T> {
    fn validate(&self, at: &Path<'_>) -> Result<(), Violation> {
        self.values().try_for_each(|v| v.validate(at))
    }
}
#[derive(Debug)]
pub struct Bound {
    pub value: &'static str,
    pub exclusive: bool,
}
impl Bound {
    pub const fn inclusive(value: &'static str) -> Self {
        Self { value, exclusive: false }
    }
    pub const fn exclusive(value: &'static str) -> Self {
        Self { value, exclusive: true }
    }
}
#[derive(Debug)]
pub struct Rules {
    pub minimum: Option<Bound>,
    pub maximum: Option<Bound>,
    pub multiple_of: Option<&'static str>,
    pub min_length: Option<u64>,
    pub max_length: Option<u64>,
    pub pattern: Option<&'static str>,
    pub min_items: Option<u64>,
    pub max_items: Option<u64>,
    pub unique_items: bool,
    pub items: Option<&'static Rules>,
}
impl Rules {
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
    pub fn check<T: Checked>(&self, at: &Path<'_>, value: &T) -> Result<(), Violation> {
        value.check(self, at)
    }
    pub fn check_list<T: PartialEq>(&self, at: &Path<'_>, items: Option<&[T]>) -> Result<(), Violation> {
        let n = items.map(|i| i.len() as u64);
        if n.zip(self.min_items).is_some_and(|(n, min)| n < min) {
            return Err(Violation(at.text()));
        }
        Ok(())
    }
}
pub trait Checked {
    fn check(&self, rules: &Rules, at: &Path<'_>) -> Result<(), Violation>;
}
impl Checked for String {
    fn check(&self, rules: &Rules, at: &Path<'_>) -> Result<(), Violation> {
        if rules.min_length.is_some_and(|m| (self.chars().count() as u64) < m) {
            Err(Violation(at.text()))
        } else {
            Ok(())
        }
    }
}
macro_rules! none { ($($t:ty),*) => { $(impl Checked for $t { fn check(&self, _: &Rules, _: &Path<'_>) -> Result<(), Violation> { Ok(()) } })* } }
none!(i32, i64, u32, u64, f32, f64, crate::types::Decimal);
impl<T: Checked> Checked for Option<T> {
    fn check(&self, r: &Rules, at: &Path<'_>) -> Result<(), Violation> {
        self.as_ref().map_or(Ok(()), |v| v.check(r, at))
    }
}
impl<T: Checked> Checked for Maybe<T> {
    fn check(&self, r: &Rules, at: &Path<'_>) -> Result<(), Violation> {
        self.value().map_or(Ok(()), |v| v.check(r, at))
    }
}
impl<T: Checked> Checked for Box<T> {
    fn check(&self, r: &Rules, at: &Path<'_>) -> Result<(), Violation> {
        (**self).check(r, at)
    }
}
impl<T: Checked> Checked for Vec<T> {
    fn check(&self, r: &Rules, at: &Path<'_>) -> Result<(), Violation> {
        match r.items {
            Some(r) => self.iter().try_for_each(|v| v.check(r, at)),
            None => Ok(()),
        }
    }
}
impl<T: Checked> Checked for BTreeMap<String, T> {
    fn check(&self, r: &Rules, at: &Path<'_>) -> Result<(), Violation> {
        match r.items {
            Some(r) => self.values().try_for_each(|v| v.check(r, at)),
            None => Ok(()),
        }
    }
}

//! Names of services.

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

/// The name of a service: parts of letters, digits, `-` and `_`, separated by dots. Cheap to clone.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ServiceName(Arc<str>);

impl ServiceName {
    /// Checks a name. The case is kept.
    pub fn new(name: &str) -> Result<Self, InvalidName> {
        const RULE: &str = r#"expected letters, digits, "-", "_" and ".""#;
        if name.is_empty() {
            return Err(InvalidName(format!("a service name is empty; {RULE}")));
        }
        if let Some(odd) = name.chars().find(|c| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')))
        {
            return Err(InvalidName(format!("a service name has {odd:?}; {RULE}")));
        }
        if name.len() > 253 || name.split('.').any(|part| part.is_empty() || part.len() > 63) {
            return Err(InvalidName(
                "a service name has an empty or overlong part between its dots".to_owned(),
            ));
        }
        Ok(ServiceName(name.into()))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    #[cfg(feature = "otlp")]
    pub(crate) fn shared(&self) -> Arc<str> {
        Arc::clone(&self.0)
    }
}

impl Borrow<str> for ServiceName {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for ServiceName {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for ServiceName {
    type Err = InvalidName;

    fn from_str(name: &str) -> Result<Self, InvalidName> {
        Self::new(name)
    }
}

impl fmt::Display for ServiceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for ServiceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.0, f)
    }
}

/// A text that is no service name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidName(String);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        #[track_caller]
        fn check(name: &str, good: bool) {
            assert_eq!(ServiceName::new(name).is_ok(), good, "{name:?}");
        }
        check("order-service", true);
        check("Order_Service.prod", true);
        check("0", true);
        check("", false);
        check("a b", false);
        check("a/b", false);
        check("a..b", false);
        check("a.", false);
        check("öl", false);
        check(&"a".repeat(64), false);
    }
}

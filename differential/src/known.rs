//! What is known to differ: rules over facts, each with its reason, in `known.toml`.

use std::collections::BTreeMap;

use anyhow::Context as _;
use serde::Deserialize;

use crate::compare::Difference;

/// The table.
#[derive(Debug, Deserialize)]
pub(crate) struct Known {
    #[serde(rename = "rule")]
    pub(crate) rules: Vec<Rule>,
}

/// A kind of difference in which we stand by our request.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rule {
    pub(crate) name: String,
    pub(crate) reason: String,
    /// All of these facts hold.
    when: BTreeMap<String, String>,
}

impl Known {
    /// # Errors
    /// When the text is no such table.
    pub(crate) fn parse(text: &str) -> anyhow::Result<Self> {
        toml::from_str(text).context("reading known.toml")
    }

    /// The first rule that explains a difference.
    pub(crate) fn rule(&self, difference: &Difference) -> Option<&Rule> {
        self.rules.iter().find(|rule| {
            rule.when.iter().all(|(key, value)| difference.facts.get(key.as_str()) == Some(value))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_rule_with_all_facts() {
        let known = Known::parse(
            "[[rule]]\nname = \"a\"\nreason = \"r\"\nwhen = { part = \"body\", theirs = \"present\" }\n\
             [[rule]]\nname = \"b\"\nreason = \"r\"\nwhen = { part = \"body\" }\n",
        )
        .unwrap();
        let rule = |difference: Difference| known.rule(&difference).map(|rule| rule.name.as_str());
        assert_eq!(rule(Difference::new("body", "", "")), Some("b"));
        assert_eq!(rule(Difference::new("path", "", "")), None);
        assert!(Known::parse("[[rule]]\nname = \"a\"\nwhen = {}\n").is_err());
    }

    #[test]
    fn the_checked_in_table_is_one() {
        let known = Known::parse(include_str!("../known.toml")).unwrap();
        assert!(known.rules.iter().all(|rule| !rule.reason.is_empty() && rule.when.contains_key("part")));
    }
}

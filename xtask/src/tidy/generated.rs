//! Rules for the files in `generated/`.

use super::{Finding, Tree};
use crate::marker;

/// Copied from the spec's folder as it is.
const COPIED: [&str; 1] = ["CHANGELOG.md"];

/// Text of progenitor's client template, which is under another licence than ours.
const TEMPLATE: [&str; 5] = [
    "progenitor_client",
    "ClientHooks",
    "OperationInfo",
    "encode_path(",
    "#[allow(unused_imports)]\nuse progenitor",
];

pub(super) fn header(tree: &Tree) -> Vec<Finding> {
    tree.generated()
        .filter(|(path, text)| {
            !COPIED.iter().any(|name| path.ends_with(name)) && !marker::is_ours(text.as_bytes())
        })
        .map(|(path, _)| Finding::file(path, "carries no header; generated/ belongs to `cargo xtask gen`"))
        .collect()
}

pub(super) fn forbidden_text(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.generated().filter(|(path, _)| path.ends_with(".rs")) {
        for (offset, attribute) in buffering_attributes(text) {
            let line = text.get(..offset).unwrap_or_default().lines().count().saturating_sub(1);
            findings.push(Finding::line(
                path,
                line,
                format!("`serde({attribute})` buffers and loses numbers"),
            ));
        }
        for words in TEMPLATE.iter().filter(|words| text.contains(**words)) {
            findings
                .push(Finding::file(path, format!("holds text of progenitor's client template: {words:?}")));
        }
    }
    findings
}

/// Uses of `untagged`, `tag` and `flatten` inside `serde(…)`, strings left out.
fn buffering_attributes(text: &str) -> Vec<(usize, &'static str)> {
    let mut found = Vec::new();
    for (start, _) in text.match_indices("serde(") {
        let inside = text.get(start + "serde(".len()..).unwrap_or_default();
        let mut depth = 1_usize;
        let mut in_string = false;
        let mut word = String::new();
        for c in inside.chars() {
            match c {
                '"' => in_string = !in_string,
                _ if in_string => continue,
                '(' => depth += 1,
                ')' => depth -= 1,
                c if c.is_alphanumeric() || c == '_' => {
                    word.push(c);
                    continue;
                }
                _ => {}
            }
            for banned in ["untagged", "tag", "flatten"] {
                if word == banned {
                    found.push((start + 1, banned));
                }
            }
            word.clear();
            if depth == 0 {
                break;
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_only_serde_attributes() {
        let words = |text: &str| buffering_attributes(text).into_iter().map(|(_, w)| w).collect::<Vec<_>>();
        assert_eq!(words("#[serde(untagged)]"), ["untagged"]);
        assert_eq!(words("#[serde(\n  tag = \"kind\",\n  content = \"c\")]"), ["tag"]);
        assert_eq!(words("#[serde(default, flatten)] #[serde(untagged)]"), ["flatten", "untagged"]);
        assert!(words("#[serde(rename = \"tag\", skip_serializing_if = \"flatten\")]").is_empty());
        assert!(words("let tag = flatten(untagged); #[serde(rename(serialize = \"x\"))] tag").is_empty());
    }
}

//! Rules for Rust files that people write.

use super::{Finding, Tree};

/// Longer files say why.
const MAX_LINES: usize = 600;

pub(super) fn size(tree: &Tree) -> Vec<Finding> {
    let long = tree.sources().filter(|(_, text)| text.lines().count() > MAX_LINES);
    long.filter(|(_, text)| !text.lines().take(15).any(|line| line.starts_with("//! Size:")))
        .map(|(path, text)| {
            let message = format!(
                "{} lines: split it, or say why not in a line `//! Size: …` near the top",
                text.lines().count()
            );
            Finding::file(path, message)
        })
        .collect()
}

pub(super) fn holes(tree: &Tree) -> Vec<Finding> {
    let holes = [concat!("todo", "!"), concat!("unimplemented", "!")];
    let mut findings = Vec::new();
    for (path, text) in tree.iter().filter(|(path, _)| path.ends_with(".rs") && !super::is_test_data(path)) {
        for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"))
        {
            for hole in holes.iter().filter(|hole| line.contains(**hole)) {
                findings.push(Finding::line(
                    path,
                    index,
                    format!("`{hole}` is a promise that nobody keeps; write the code"),
                ));
            }
        }
    }
    findings
}

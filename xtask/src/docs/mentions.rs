//! What documents name: subcommands of this tool, and files that README.md quotes.

use std::path::Path;

use anyhow::Context as _;
use clap::CommandFactory as _;

use super::{fences, texts};
use crate::cli;

const COMMAND: &str = "cargo xtask ";

/// Every mention of something that does not exist, as `file:line: what`.
pub(super) fn check(root: &Path) -> anyhow::Result<Vec<String>> {
    let tops = ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md"].map(|name| root.join(name));
    let mut all = texts(root, &tops)?;
    all.extend(texts(root, &[])?);
    let mut problems: Vec<String> =
        all.iter().flat_map(|(path, text)| unknown_commands(path, text)).collect();
    for (path, text) in all.iter().filter(|(path, _)| path == "README.md") {
        for quoted in quotations(text) {
            let (line, file) = (quoted.line, quoted.file);
            match std::fs::read_to_string(root.join(&file)).with_context(|| format!("reading {file}")) {
                Ok(source) if holds(&source, &quoted.text) => {}
                Ok(_) => problems
                    .push(format!("{path}:{line}: {file} no longer has this text; copy it from there")),
                Err(error) => problems.push(format!("{path}:{line}: {error:#}")),
            }
        }
    }
    Ok(problems)
}

/// Words after `cargo xtask` that are no subcommands.
fn unknown_commands(path: &str, text: &str) -> Vec<String> {
    let arguments = cli::Arguments::command();
    let known = |word: &str| arguments.get_subcommands().any(|command| command.get_name() == word);
    let mut problems = Vec::new();
    for (index, line) in text.lines().enumerate() {
        for rest in line.split(COMMAND).skip(1) {
            let word: String = rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '-').collect();
            if !word.is_empty() && !word.starts_with('-') && !known(&word) {
                problems.push(format!("{path}:{}: there is no `{COMMAND}{word}`", index + 1));
            }
        }
    }
    problems
}

/// A block that claims to stand in a file.
#[derive(Debug)]
struct Quotation {
    line: usize,
    file: String,
    text: String,
}

fn quotations(markdown: &str) -> Vec<Quotation> {
    let titled = fences::of(markdown).into_iter();
    titled
        .filter_map(|fence| Some(Quotation { line: fence.line, file: fence.title?, text: fence.text }))
        .collect()
}

/// Whether the lines stand in the file one after the other; indentation does not count.
fn holds(source: &str, quoted: &str) -> bool {
    let lines = |text: &str| text.trim().lines().map(|line| line.trim().to_owned()).collect::<Vec<_>>();
    let (source, quoted) = (lines(source), lines(quoted));
    !quoted.is_empty() && source.windows(quoted.len()).any(|window| window == quoted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subcommands_exist() {
        let text = "`cargo xtask gen`, cargo xtask --help,\ncargo xtask nonsense x; cargo xtask docs";
        assert_eq!(unknown_commands("a.md", text), ["a.md:2: there is no `cargo xtask nonsense`"]);
    }

    #[test]
    fn quotations_stand_in_their_file() {
        let source = "fn main() {\n    let a = 1;\n\n    let b = 2;\n}\n";
        assert!(holds(source, "let a = 1;\n\nlet b = 2;\n"));
        assert!(!holds(source, "let a = 1;\nlet b = 2;\n"));
        assert!(!holds(source, ""));
        let found = quotations("```sh\nls\n```\n\n```rust title=\"a.rs\"\nlet a = 1;\n```\n");
        assert_eq!((found[0].line, found[0].file.as_str(), found.len()), (5, "a.rs", 1));
    }

    #[test]
    fn this_repository_is_fine() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        assert_eq!(check(root).unwrap(), Vec::<String>::new());
    }
}

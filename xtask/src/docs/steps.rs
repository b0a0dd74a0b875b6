//! The blocks of a document as things to do; a block that is nothing of the kind is an error.

use super::fences::Fence;

/// One thing to do.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Step {
    /// The line with the fence, from 1.
    pub(super) line: usize,
    pub(super) kind: Kind,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Commands, and lines that they must print.
    Run { commands: String, expected: Vec<String> },
    /// A file, relative to the session's folder at this point.
    Write { path: String, text: String },
}

impl Step {
    /// How many command lines it has; a line that goes on after `\` is one.
    pub(super) fn commands(&self) -> usize {
        let Kind::Run { commands, .. } = &self.kind else { return 0 };
        let joined = commands.replace("\\\n", " ");
        joined.lines().filter(|line| !line.trim().is_empty() && !line.trim().starts_with('#')).count()
    }

    /// One line for somebody who waits.
    pub(super) fn shown(&self) -> String {
        match &self.kind {
            Kind::Run { commands, .. } => commands.lines().next().unwrap_or_default().to_owned(),
            Kind::Write { path, .. } => format!("writing {path}"),
        }
    }

    pub(super) fn mentions(&self, word: &str) -> bool {
        matches!(&self.kind, Kind::Run { commands, .. } if commands.contains(word))
    }
}

/// The steps, or every line where there is something else, with what it is.
pub(super) fn of(fences: &[Fence]) -> Result<Vec<Step>, Vec<(usize, String)>> {
    let (mut steps, mut problems): (Vec<Step>, _) = (Vec::new(), Vec::new());
    let mut after_commands = false;
    for fence in fences {
        let follows = std::mem::take(&mut after_commands);
        let kind = match (fence.language.as_str(), &fence.title) {
            (_, Some(path)) => match check_path(path) {
                Ok(()) => Kind::Write { path: path.clone(), text: fence.text.clone() },
                Err(what) => {
                    problems.push((fence.line, what));
                    continue;
                }
            },
            ("sh", None) => {
                after_commands = true;
                Kind::Run { commands: fence.text.clone(), expected: Vec::new() }
            }
            ("text", None) => {
                match steps.last_mut().map(|step| &mut step.kind) {
                    Some(Kind::Run { expected, .. }) if follows => {
                        expected.extend(fence.text.lines().map(str::to_owned));
                    }
                    _ => {
                        problems.push((fence.line, "output must stand right after its `sh` block".to_owned()))
                    }
                }
                continue;
            }
            (other, None) => {
                let what = format!(
                    "`{other}` block without a file name: write `sh` for commands, `text` for their output, or \
                     `{other} title=\"PATH\"` for a file"
                );
                problems.push((fence.line, what));
                continue;
            }
        };
        steps.push(Step { line: fence.line, kind });
    }
    if problems.is_empty() { Ok(steps) } else { Err(problems) }
}

fn check_path(path: &str) -> Result<(), String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._/-".contains(c);
    let inside =
        !path.is_empty() && !path.starts_with(['/', '-']) && !path.split('/').any(|part| part == "..");
    match inside && path.chars().all(plain) {
        true => Ok(()),
        false => Err(format!("{path:?} is no relative path of letters, digits and ._/-")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::docs::fences;

    /// Line and number of commands of each step.
    type Steps<'a> = &'a [(usize, usize)];
    /// Line and a part of the message.
    type Problems<'a> = &'a [(usize, &'a str)];

    fn check(markdown: &str, expected: Result<Steps<'_>, Problems<'_>>) {
        match (of(&fences::of(markdown)), expected) {
            (Ok(steps), Ok(expected)) => {
                let found: Vec<_> = steps.iter().map(|step| (step.line, step.commands())).collect();
                assert_eq!(found, expected);
            }
            (Err(problems), Err(expected)) => {
                assert_eq!(problems.len(), expected.len(), "{problems:?}");
                for ((line, what), (at, part)) in problems.iter().zip(expected) {
                    assert!(line == at && what.contains(part), "{problems:?}");
                }
            }
            (found, expected) => panic!("{found:?}, expected {expected:?}"),
        }
    }

    #[test]
    fn every_block_is_a_step_or_an_error() {
        check("no blocks", Ok(&[]));
        check(
            "```sh\na \\\n  b\n# no\n\nc\n```\n```text\nx\n```\n```toml title=\"a/b.toml\"\n```\n",
            Ok(&[(1, 2), (11, 0)]),
        );
        check("```rust\n```\n", Err(&[(1, "`rust` block without a file name")]));
        check("```\n```\n\n```bash\n```\n", Err(&[(1, "without a file name"), (4, "`bash` block")]));
        check("```text\n```\n", Err(&[(1, "right after its `sh` block")]));
        check("```sh\n```\n```text\n```\n```text\n```\n", Err(&[(5, "right after")]));
        check("```sh\n```\n```py title=\"a\"\n```\n```text\n```\n", Err(&[(5, "right after")]));
        for path in ["", "/etc/x", "../x", "a/../b", "a b", "$(x)", "-f"] {
            check(&format!("```toml title=\"{path}\"\n```\n"), Err(&[(1, "no relative path")]));
        }
        check("    indented\n", Err(&[(1, "without a file name")]));
    }
}

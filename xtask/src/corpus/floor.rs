//! The floor: what a run over a known set of documents reached before, and does not fall below again.
//!
//! It only moves by hand, in both directions: a run that is better fails, too, until the file says so.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context as _;
use serde::{Deserialize, Serialize};

use super::totals::Totals;

const HEADER: &str = "# What `cargo xtask corpus` reaches over the open half of its documents. No panic, no hang, no process out of memory, no\n\
    # operation that is neither in the client nor listed: those fail every run. A run that is worse than this file fails,\n\
    # and one that is better, until the file says so. `cargo xtask corpus --update-floor` writes it; reasons are for people.\n\n";

/// The file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Floor {
    /// Which documents: the digest of their names.
    names: String,
    documents: usize,
    /// Documents that become a crate, at least.
    generated: usize,
    /// Operations of the clients, at least.
    operations: usize,
    /// Operations listed as left out, at most.
    left_out: usize,
    /// Degraded schemas, at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    degraded_schemas: Option<usize>,
    /// Documents that are errors, since they are broken.
    #[serde(default)]
    broken: BTreeMap<String, Broken>,
}

/// A document that cannot be generated.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Broken {
    /// Of the first error.
    code: String,
    /// In which way the document itself is broken.
    reason: String,
}

impl Floor {
    /// The floor in a file; `None` when there is no file.
    pub(super) fn read(path: &Path) -> anyhow::Result<Option<Self>> {
        if !path.exists() {
            return Ok(None);
        }
        let text = std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
        toml::from_str(&text).map(Some).with_context(|| format!("reading {}", path.display()))
    }

    /// The floor that a run is; reasons are kept from the one before.
    pub(super) fn of(names: String, totals: &Totals, before: Option<&Self>) -> Self {
        let reason = |name: &String| before.and_then(|it| it.broken.get(name)).map(|it| it.reason.clone());
        let broken = totals.errors.iter().map(|(name, code)| {
            (name.clone(), Broken { code: code.clone(), reason: reason(name).unwrap_or_default() })
        });
        Self {
            names,
            documents: totals.documents,
            generated: totals.generated,
            operations: totals.operations,
            left_out: totals.left_out,
            degraded_schemas: totals.degraded.map(|degraded| degraded.schemas),
            broken: broken.collect(),
        }
    }

    /// The file's text.
    pub(super) fn text(&self) -> anyhow::Result<String> {
        Ok(format!("{HEADER}{}", toml::to_string(self)?))
    }

    /// Whether it speaks of these documents.
    pub(super) fn is_of(&self, names: &str) -> bool {
        self.names == names
    }

    /// Everything in which a run (as a floor of its own) is not as this says, each with the line to write.
    pub(super) fn differences(&self, run: &Self) -> Vec<String> {
        let mut found = Vec::new();
        let mut number = |key: &str, floor: usize, reached: usize, more_is_better: bool| {
            if floor != reached {
                found.push(match (reached > floor) == more_is_better {
                    true => format!("better than the floor; write `{key} = {reached}` (there: {floor})"),
                    false => format!("worse than the floor: {key} = {reached}, and must be {floor}"),
                });
            }
        };
        number("generated", self.generated, run.generated, true);
        number("operations", self.operations, run.operations, true);
        number("left_out", self.left_out, run.left_out, false);
        match (self.degraded_schemas, run.degraded_schemas) {
            (Some(floor), Some(reached)) => number("degraded_schemas", floor, reached, false),
            (None, Some(reached)) => {
                found.push(format!("not in the floor yet; write `degraded_schemas = {reached}`"))
            }
            (Some(_), None) => {
                found.push("degraded_schemas is in the floor, and nobody judged schemas".to_owned())
            }
            (None, None) => {}
        }
        for (name, Broken { code, .. }) in &run.broken {
            match self.broken.get(name) {
                None => found.push(format!("worse than the floor: {name} is an error ({code})")),
                Some(known) if known.code != *code => found.push(format!(
                    "{name} fails with {code}, not {}; write `code = \"{code}\"` if the reason still holds",
                    known.code
                )),
                Some(known) if known.reason.trim().is_empty() => {
                    found.push(format!(
                        "{name} is in the floor without a reason; say how the document is broken"
                    ));
                }
                Some(_) => {}
            }
        }
        for name in self.broken.keys().filter(|name| !run.broken.contains_key(*name)) {
            found.push(format!("better than the floor; remove [broken.{name:?}]: it is no error any more"));
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn floor() -> Floor {
        let broken = Broken { code: "R002".into(), reason: "no paths".into() };
        Floor {
            names: "n".into(),
            documents: 9,
            generated: 8,
            operations: 100,
            left_out: 5,
            degraded_schemas: Some(3),
            broken: [("b.c".to_owned(), broken)].into(),
        }
    }

    #[test]
    fn differences() {
        let check = |change: fn(&mut Floor), expected: &[&str]| {
            let mut run = floor();
            // A run knows no reasons.
            run.broken.values_mut().for_each(|broken| broken.reason.clear());
            change(&mut run);
            assert_eq!(floor().differences(&run), expected);
        };
        check(|_| {}, &[]);
        check(|run| run.generated = 7, &["worse than the floor: generated = 7, and must be 8"]);
        check(|run| run.generated = 9, &["better than the floor; write `generated = 9` (there: 8)"]);
        check(|run| run.left_out = 6, &["worse than the floor: left_out = 6, and must be 5"]);
        check(|run| run.left_out = 4, &["better than the floor; write `left_out = 4` (there: 5)"]);
        check(
            |run| (run.operations, run.degraded_schemas) = (101, Some(4)),
            &[
                "better than the floor; write `operations = 101` (there: 100)",
                "worse than the floor: degraded_schemas = 4, and must be 3",
            ],
        );
        check(
            |run| run.degraded_schemas = None,
            &["degraded_schemas is in the floor, and nobody judged schemas"],
        );
        check(
            |run| run.broken.clear(),
            &["better than the floor; remove [broken.\"b.c\"]: it is no error any more"],
        );
        check(
            |run| {
                run.broken.insert("new".into(), Broken { code: "R401".into(), ..Broken::default() });
                run.broken.insert("b.c".into(), Broken { code: "R401".into(), ..Broken::default() });
            },
            &[
                "b.c fails with R401, not R002; write `code = \"R401\"` if the reason still holds",
                "worse than the floor: new is an error (R401)",
            ],
        );
        let silent = Floor {
            broken: [("b.c".into(), Broken { code: "R002".into(), reason: " ".into() })].into(),
            ..floor()
        };
        assert_eq!(
            silent.differences(&floor()),
            ["b.c is in the floor without a reason; say how the document is broken"]
        );
        let older = Floor { degraded_schemas: None, ..floor() };
        assert_eq!(older.differences(&floor()), ["not in the floor yet; write `degraded_schemas = 3`"]);
    }

    #[test]
    fn files() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("floor.toml");
        assert_eq!(Floor::read(&path).unwrap(), None);
        std::fs::write(&path, floor().text().unwrap()).unwrap();
        assert_eq!(Floor::read(&path).unwrap(), Some(floor()));
        assert!(floor().is_of("n") && !floor().is_of("m"));
        std::fs::write(&path, "odd = 1").unwrap();
        assert!(Floor::read(&path).is_err());
    }

    #[test]
    fn a_run_keeps_reasons() {
        let errors = ["b.c", "new"].map(|name| (name.to_owned(), "R002".to_owned())).into();
        let run = Floor::of("n".into(), &Totals { errors, ..Totals::default() }, Some(&floor()));
        assert_eq!(run.broken["b.c"].reason, "no paths");
        assert_eq!(run.broken["new"], Broken { code: "R002".into(), reason: String::new() });
    }
}

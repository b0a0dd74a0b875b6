//! The turn of one document.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context as _;

use super::documents::Document;
use super::judge::{Outcome, Row};
use super::{LIMIT, MIB, SECONDS, degraded, judge, runner};

/// What every turn needs.
#[derive(Debug)]
pub(super) struct Turn<'a> {
    /// What generates one document: this program, optimised.
    pub(super) program: &'a Path,
    /// Where the crates go.
    pub(super) generated: PathBuf,
    /// What finds degraded schemas.
    pub(super) judge: Option<&'a Path>,
    /// Whether a second time must give the same bytes.
    pub(super) twice: bool,
}

impl Turn<'_> {
    /// Generates and judges.
    pub(super) fn take(&self, document: &Document) -> anyhow::Result<Row> {
        let folder = self.generated.join(&document.service);
        let outcome = self.generate(document, Some(&folder))?;
        let mut row = Row { name: document.name.clone(), outcome, unstable: false, degraded: None };
        let Outcome::Said(first) = &row.outcome else { return Ok(row) };
        if self.twice {
            let second = self.generate(document, None)?;
            row.unstable = !matches!(&second, Outcome::Said(second) if second.result == first.result);
        }
        if let Some(program) = self.judge.filter(|_| folder.exists()) {
            row.degraded = Some(degraded::judge(program, document, &folder, LIMIT)?);
        }
        Ok(row)
    }

    fn generate(&self, document: &Document, out: Option<&Path>) -> anyhow::Result<Outcome> {
        let mut command = Command::new(self.program);
        command.args(["corpus-one", "--service", &document.service]);
        command.args(["--mib", &MIB.to_string(), "--seconds", &SECONDS.to_string()]);
        if let Some(out) = out {
            command.arg("--out").arg(out);
        }
        let ended = runner::run(command.arg(&document.path), LIMIT)?;
        judge::outcome(&ended).with_context(|| document.name.clone())
    }
}

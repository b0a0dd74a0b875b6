//! The only module that prints. Results go to stdout, errors and progress to stderr.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "everything else returns values; printing is this module's job"
)]

mod diagnostic;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::IsTerminal as _;

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use indicatif::{ProgressBar, ProgressStyle};
use rpc_codegen::Severity;

use crate::files::ChangeKind;
use crate::report::{Report, Row, Status};

/// The whole of a `gen` run.
pub(crate) fn report(report: &Report, verbose: bool) {
    print!("{}", render(report, verbose));
}

/// The findings of one service that came to nothing.
pub(crate) fn row(row: &Row) {
    let mut text = String::new();
    render_row_messages(&mut text, row, false);
    print!("{text}");
}

/// Text as it is.
pub(crate) fn text(text: &str) {
    print!("{text}");
}

/// Whether somebody watches: a terminal, and not CI.
pub(crate) fn is_watched() -> bool {
    std::io::stderr().is_terminal() && std::env::var_os("CI").is_none()
}

/// A command could not do its work.
pub(crate) fn error(error: &anyhow::Error) {
    eprintln!("error: {error:#}");
}

/// One finding of [`crate::tidy`] per line, and a verdict.
pub(crate) fn findings(findings: &[crate::tidy::Finding], files: usize) {
    for finding in findings {
        println!("{finding}");
    }
    match findings.len() {
        0 => println!("tidy: {files} files, nothing to mend"),
        n => println!("tidy: {n} findings in {files} files"),
    }
}

/// A table of strings, for a terminal or as Markdown; all columns but the first two stand right.
pub(crate) fn table(header: &[&str], rows: &[Vec<String>], markdown: bool) {
    print!("{}", render_table(header, rows, markdown));
}

/// Something worth knowing on the way.
pub(crate) fn note(text: &str) {
    eprintln!("{text}");
}

fn render(report: &Report, verbose: bool) -> String {
    let mut text = String::new();
    for row in &report.rows {
        render_row_messages(&mut text, row, verbose);
    }
    for folder in &report.foreign {
        let _ = writeln!(
            text,
            "note: {folder} belongs to no spec and carries no header of this tool; left alone\n"
        );
    }
    if verbose {
        for diff in report.rows.iter().flat_map(|row| &row.changes).filter_map(|change| change.diff.as_ref())
        {
            let _ = writeln!(text, "{}", diff.trim_end());
        }
    }
    if report.rows.is_empty() {
        text.push_str("nothing to do: specs/ has no services\n");
        return text;
    }
    if report.check {
        render_differences(&mut text, report);
    }
    text + &render_summary(report)
}

/// How many findings of one rule are shown unless somebody wants them all: large documents repeat themselves.
const PER_RULE: usize = 10;

fn render_row_messages(text: &mut String, row: &Row, verbose: bool) {
    let mut hidden = 0;
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for found in &row.diagnostics {
        if found.severity == Severity::Note && !verbose {
            hidden += 1;
            continue;
        }
        let count = seen.entry(found.rule.code).or_default();
        *count += 1;
        if *count > PER_RULE && !verbose {
            continue;
        }
        text.push_str(&diagnostic::render(found, &row.sources));
        text.push('\n');
    }
    for (rule, count) in seen.into_iter().filter(|(_, count)| *count > PER_RULE && !verbose) {
        let more = count - PER_RULE;
        let _ = writeln!(text, "{}: {more} more of {rule} not shown, see them with -v\n", row.service);
    }
    if hidden > 0 {
        let _ = writeln!(text, "{}: {hidden} notes not shown, see them with -v\n", row.service);
    }
    if let Some(error) = &row.error {
        let _ = writeln!(text, "error: {}: {error}\n", row.service);
    }
    if row.status == Status::Failed {
        let _ = writeln!(text, "{}: nothing was written\n", row.service);
    }
}

/// What `--check` found, file by file, and the command that mends it.
fn render_differences(text: &mut String, report: &Report) {
    let changed = || report.rows.iter().filter(|row| !row.changes.is_empty());
    for change in changed().flat_map(|row| &row.changes) {
        let kind = match change.kind {
            ChangeKind::Missing => "missing",
            ChangeKind::Differs => "differs",
            ChangeKind::Stale => "stale  ",
        };
        let _ = writeln!(text, "{kind}  {}", change.path);
    }
    if changed().next().is_none() {
        return;
    }
    // Only a full run removes a crate whose spec is gone.
    let full = changed().any(|row| row.status == Status::Removed);
    let services: String = changed().filter(|_| !full).map(|row| format!(" {}", row.service)).collect();
    let command = report.command.clone().unwrap_or_else(|| format!("cargo xtask gen{services}"));
    let _ = writeln!(text, "mend with: {command}");
}

fn render_summary(report: &Report) -> String {
    let header = ["service", "status", "operations", "types", "files", "+/- lines", "ms"];
    let rows: Vec<_> = report.rows.iter().map(|row| summary_row(row, report.check)).collect();
    render_table(&header, &rows, false)
}

fn summary_row(row: &Row, check: bool) -> Vec<String> {
    let status = match (row.status, check) {
        (Status::Fresh, _) => "fresh",
        (Status::Updated, false) => "updated",
        (Status::Updated, true) => "outdated",
        (Status::New, false) => "new",
        (Status::New, true) => "missing",
        (Status::Removed, false) => "removed",
        (Status::Removed, true) => "orphaned",
        (Status::Failed, _) => "failed",
    };
    let lines =
        if row.changes.is_empty() { "-".into() } else { format!("+{} -{}", row.added(), row.removed()) };
    let count = |n: usize| {
        if row.status == Status::Failed || row.status == Status::Removed { "-".into() } else { n.to_string() }
    };
    vec![
        row.service.clone(),
        status.into(),
        count(row.operations),
        count(row.types),
        count(row.files),
        lines,
        row.elapsed.as_millis().to_string(),
    ]
}

fn render_table(header: &[&str], rows: &[Vec<String>], markdown: bool) -> String {
    let mut table = plain_table(header, rows, markdown);
    for column in table.column_iter_mut().skip(2) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    format!("{table}\n")
}

/// A table of texts: all columns stand left.
pub(crate) fn render_list(header: &[&str], rows: &[Vec<String>]) -> String {
    format!("{}\n", plain_table(header, rows, false))
}

fn plain_table(header: &[&str], rows: &[Vec<String>], markdown: bool) -> Table {
    let mut table = Table::new();
    table.load_style(if markdown { presets::ASCII_MARKDOWN } else { presets::UTF8_BORDERS_ONLY });
    table.set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(header.to_vec());
    for row in rows {
        table.add_row(row.clone());
    }
    table
}

/// A bar on a terminal; silent in CI and in pipes.
#[derive(Debug)]
pub(crate) struct Progress {
    bar: Option<ProgressBar>,
}

impl Progress {
    pub(crate) fn new() -> Self {
        let bar = is_watched().then(|| {
            let style = ProgressStyle::with_template("{bar:24} {pos}/{len} {msg}");
            ProgressBar::new(0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        });
        Self { bar }
    }

    pub(crate) fn step(&self, message: &str, done: usize, total: usize) {
        if let Some(bar) = &self.bar {
            bar.set_length(total as u64);
            bar.set_position(done as u64);
            bar.set_message(message.to_owned());
        }
    }

    pub(crate) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

#[cfg(test)]
mod tests;

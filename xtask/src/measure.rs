//! `cargo xtask measure`: what a generated crate costs, beside what progenitor makes of the same document.
//!
//! The cost is the CPU time (user + system) of `cargo check` when only the crate itself has to be compiled again, minus
//! what the same command takes with nothing to do; the median of [`RUNS`] each, without incremental compilation.
//! `--corpus DIR` measures documents of the world instead ([`corpus`]), `--document FILE` the parts of one ([`document`]).

mod corpus;
mod cpu;
mod document;
mod lower;
mod subject;

use std::path::Path;

use anyhow::Context as _;
use rpc_codegen::Options;

use crate::{Generate, cli, print, spec};
pub(crate) use cpu::median;
use subject::{Features, Subject};

const RUNS: usize = 5;

/// The command: measures, prints; `false` when nothing could be measured.
pub(crate) fn command(root: &Path, options: &cli::Measure, generate: Generate) -> anyhow::Result<bool> {
    if let Some(folder) = &options.corpus {
        return corpus::command(root, folder, options, generate);
    }
    if let Some(file) = &options.document {
        return document::command(root, file, options, generate);
    }
    let specs = root.join("specs");
    let known = spec::list(&specs)?;
    let services = match &options.service {
        Some(one) if !known.contains(one) => {
            return Err(
                cli::Usage(format!("no service {one:?} in specs/; there are: {}", known.join(", "))).into()
            );
        }
        Some(one) => vec![one.clone()],
        None => known,
    };
    let mut rows = Vec::new();
    let mut clean = true;
    for service in services {
        match measure(root, &service, generate) {
            Ok(measured) => rows.extend(measured),
            Err(error) => {
                print::error(&error.context(service));
                clean = false;
            }
        }
    }
    let header =
        ["service", "output", "check CPU s", "ours / this", "lines", "operations", "lines/operation"];
    print::table(&header, &rows, options.markdown);
    Ok(clean)
}

/// Ours and both styles of progenitor. A baseline that cannot be made is a line that says so, not an error.
fn measure(root: &Path, service: &str, generate: Generate) -> anyhow::Result<Vec<Vec<String>>> {
    let input = spec::read(&root.join("specs"), service)?;
    let operations = generate(&input, &Options::default()).map_err(|f| anyhow::anyhow!("{f}"))?.operations;
    let document = input.file(&input.document).context("the document is gone")?;
    let ours = Subject {
        folder: root.join("generated").join(service),
        own_workspace: false,
        features: Features::Usual,
    };

    print::note(&format!("{service}: compiling"));
    let ours = ours.measure(root)?;
    let mut rows = vec![row(service, "ours", &Ok(ours), ours.cpu, operations)];
    for style in ["builder", "positional"] {
        print::note(&format!("{service}: progenitor, {style} style"));
        let baseline =
            subject::baseline(root, service, document, style).and_then(|subject| subject.measure(root));
        if let Err(error) = &baseline {
            print::note(&format!("{service}: no baseline in {style} style: {error:#}"));
        }
        rows.push(row(service, &format!("progenitor {style}"), &baseline, ours.cpu, operations));
    }
    Ok(rows)
}

fn row(
    service: &str,
    what: &str,
    measured: &anyhow::Result<subject::Cost>,
    ours: f64,
    operations: usize,
) -> Vec<String> {
    let mut row = vec![service.to_owned(), what.to_owned()];
    match measured {
        Ok(cost) => {
            let ratio = if cost.cpu > 0.0 { format!("{:.2}", ours / cost.cpu) } else { "-".into() };
            let each = cost.lines.checked_div(operations).map_or_else(|| "-".into(), |n| n.to_string());
            row.extend([
                format!("{:.2}", cost.cpu),
                ratio,
                cost.lines.to_string(),
                operations.to_string(),
                each,
            ]);
        }
        Err(_) => row.extend(["-", "-", "-", "-", "-"].map(String::from)),
    }
    row
}

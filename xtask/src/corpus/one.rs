//! One document, in the process that was started for it.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context as _;
use rpc_codegen::{Diagnostic, Failure, FileSet, Options, Output, Severity};
use sha1::{Digest as _, Sha1};

use super::counting;
use super::facts::{Facts, Generated, Made, Refusal};
use crate::cli::CorpusOne;
use crate::new::Received;
use crate::{Generate, files, print, usage};

/// The hidden command: generates, writes the crate, prints [`Facts`]. A document with errors is a result like any other.
pub(crate) fn command(options: &CorpusOne, generate: Generate) -> anyhow::Result<bool> {
    usage::limit(options.mib << 20, options.seconds)?;
    let facts = facts(options, generate)?;
    print::text(&format!("{}\n", serde_json::to_string(&facts)?));
    Ok(true)
}

fn facts(options: &CorpusOne, generate: Generate) -> anyhow::Result<Facts> {
    let received = match Received::read(&options.document, &options.service) {
        Ok(received) => received,
        Err(error) => return Ok(unread(&error)),
    };
    // CPU time: others may be busy, too.
    let before = usage::own()?.cpu;
    let generated = generate(&received.input, &Options::default());
    let ms = ((usage::own()?.cpu - before) * 1e3).round() as u64;
    let (result, mut diagnostics) = match generated {
        Ok(output) => {
            let made = made(&output)?;
            if let Some(out) = &options.out {
                write(&output.files, out)?;
            }
            (Ok(made), output.diagnostics)
        }
        Err(Failure { diagnostics }) => (Err(()), diagnostics),
    };
    let peak = usage::own()?.peak;
    received.locate(&mut diagnostics);
    let result = result.map_or_else(|()| Generated::Error(refusal(&diagnostics)), Generated::Crate);
    let mut by_code: BTreeMap<String, usize> = BTreeMap::new();
    for found in &diagnostics {
        *by_code.entry(found.rule.code.to_owned()).or_default() += 1;
    }
    // Last, so that it has no part in the largest memory.
    let text = received.input.file(&received.input.document).context("the document is gone")?;
    let counted = counting::count(text, received.input.document.ends_with(".json"));
    Ok(Facts {
        result,
        ms,
        peak,
        diagnostics: by_code,
        counted: counted.map_err(|error| format!("{error:#}")),
    })
}

/// A document that refers to what may not be.
fn unread(error: &anyhow::Error) -> Facts {
    let message = format!("{error:#}");
    let refusal = Refusal { code: "-".into(), message: message.clone(), place: String::new() };
    let result = Generated::Error(refusal);
    Facts { result, ms: 0, peak: 0, diagnostics: BTreeMap::new(), counted: Err(message) }
}

fn made(output: &Output) -> anyhow::Result<Made> {
    files::validate_paths(&output.files)?;
    let mut sha = Sha1::new();
    let mut lines = 0;
    for (path, contents) in output.files.iter() {
        sha.update(format!("{path}\n{}\n", contents.len()));
        sha.update(contents);
        lines += contents.iter().filter(|byte| **byte == b'\n').count();
    }
    let digest = sha.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    let left_out = output.left_out.len();
    Ok(Made { operations: output.operations, left_out, types: output.types, lines, digest })
}

fn write(files: &FileSet, folder: &Path) -> anyhow::Result<()> {
    for (path, contents) in files.iter() {
        let path = folder.join(path);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).with_context(|| format!("making {}", parent.display()))?;
        }
        std::fs::write(&path, contents).with_context(|| format!("writing {}", path.display()))?;
    }
    Ok(())
}

fn refusal(diagnostics: &[Diagnostic]) -> Refusal {
    let first = diagnostics.iter().find(|found| found.severity == Severity::Error);
    first.map_or_else(
        || Refusal { code: "-".into(), message: "no error was given".into(), place: String::new() },
        |found| Refusal {
            code: found.rule.code.into(),
            message: found.message.clone(),
            place: format!("{} #{}", found.location, found.location.pointer),
        },
    )
}

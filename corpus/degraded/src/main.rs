//! `degraded DOCUMENT CRATE_DIR`: one line per degraded place, then nothing else.

use std::fs;
use std::io::{BufWriter, Write, stdout};
use std::path::Path;

use anyhow::{Context, Result, bail};

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [document, folder] = arguments.as_slice() else { bail!("usage: degraded DOCUMENT CRATE_DIR") };
    let text = fs::read_to_string(document).with_context(|| format!("cannot read {document}"))?;
    let source = Path::new(folder).join("src");
    let mut files = Vec::new();
    collect(&source, "", &mut files)?;
    let found = degraded::degraded(&text, files.iter().map(|(path, text)| (path.as_str(), text.as_str())))?;
    let mut out = BufWriter::new(stdout().lock());
    for finding in found {
        writeln!(out, "{finding}")?;
    }
    Ok(out.flush()?)
}

/// All Rust files below a folder, in order of their names.
fn collect(folder: &Path, prefix: &str, files: &mut Vec<(String, String)>) -> Result<()> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    paths.sort();
    for path in paths {
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
        let relative = format!("{prefix}{name}");
        if path.is_dir() {
            collect(&path, &format!("{relative}/"), files)?;
        } else if name.ends_with(".rs") {
            let text =
                fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
            files.push((relative, text));
        }
    }
    Ok(())
}

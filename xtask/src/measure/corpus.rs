//! `cargo xtask measure --corpus DIR`: our whole crates beside progenitor's, for documents of the world.
//!
//! Documents of [`OPERATIONS`] operations that stock progenitor accepts as they are, and whose output compiles. The lines
//! are ratios of CPU time, ours to progenitor's builder style, of `cargo check` and of `cargo build --release`; the last
//! column says how much client and operations add to a check of the crate's types alone.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde_json::Value;

use super::cpu;
use super::subject::{self, Build, Features, Subject};
use crate::cli::Single;
use crate::fsops::RealDisk;
use crate::report::Status;
use crate::{Generate, cli, print, single};

/// Sizes of documents that are worth a measurement.
const OPERATIONS: std::ops::RangeInclusive<usize> = 100..=300;
const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];
/// The least of them counts: the CPU time of a compiler is only ever lengthened. What takes long is hardly disturbed and
/// measured once ([`subject::costs`]).
const RUNS: usize = 3;

/// CPU seconds of a document's crates.
#[derive(Debug, Clone, Copy)]
struct Costs {
    /// Ours, theirs, our types alone.
    check: [f64; 3],
    /// Ours, theirs.
    release: [f64; 2],
}

impl Costs {
    /// Check, release, what operations add to types.
    fn ratios(&self) -> [f64; 3] {
        let [check, their_check, types] = self.check;
        let [release, their_release] = self.release;
        [check / their_check, release / their_release, (check - types) / types]
    }
}

/// The command: `false` when nothing could be measured.
pub(super) fn command(
    root: &Path,
    folder: &Path,
    options: &cli::Measure,
    generate: Generate,
) -> anyhow::Result<bool> {
    let mut rows = Vec::new();
    let mut all = Vec::new();
    let (mut seen, mut refused) = (0, 0);
    for document in documents(folder)? {
        let Some(operations) = operations(&document)?.filter(|count| OPERATIONS.contains(count)) else {
            continue;
        };
        if options.limit.is_some_and(|limit| all.len() >= limit) {
            break;
        }
        seen += 1;
        let name = document.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let work = root.join("target/measure/corpus").join(&name);
        std::fs::create_dir_all(&work)?;
        let theirs = subject::progenitor(root, &document, work.join("builder"), "builder")
            .and_then(|theirs| theirs.compile(root, Build::Check).map(|()| theirs));
        let theirs = match theirs {
            Ok(theirs) => theirs,
            Err(error) => {
                refused += 1;
                print::note(&format!("{name}: no baseline: {error:#}"));
                continue;
            }
        };
        print::note(&format!("{name}: measuring"));
        let costs = measure(root, &document, &work, &theirs, generate).context(name.clone())?;
        let row = row(&name, operations, &costs);
        print::note(&row.join(" | "));
        rows.push(row);
        all.push(costs.ratios());
    }
    if all.is_empty() {
        print::note("no document qualifies");
        return Ok(false);
    }
    rows.push(medians(&all));
    let header = [
        "document",
        "operations",
        "check s: ours, theirs",
        "ratio",
        "release s: ours, theirs",
        "ratio",
        "operations add",
    ];
    print::table(&header, &rows, options.markdown);
    print::note(&format!(
        "{seen} documents of {}-{} operations, {refused} of them without a baseline; targets: check ≤ 0.45, release ≤ 0.30, operations add ≤ 25 %",
        OPERATIONS.start(),
        OPERATIONS.end()
    ));
    Ok(true)
}

fn measure(
    root: &Path,
    document: &Path,
    work: &Path,
    theirs: &Subject,
    generate: Generate,
) -> anyhow::Result<Costs> {
    let ours = ours(root, document, work, generate)?;
    let types = types_alone(&ours, &work.join("types"))?;
    let check = least(subject::costs(root, &[&ours, theirs, &types], Build::Check, RUNS)?);
    let release = least(subject::costs(root, &[&ours, theirs], Build::Release, RUNS)?);
    Ok(Costs {
        check: check.try_into().map_err(|_| anyhow::anyhow!("three costs"))?,
        release: release.try_into().map_err(|_| anyhow::anyhow!("two costs"))?,
    })
}

fn least(costs: Vec<Vec<f64>>) -> Vec<f64> {
    costs.into_iter().map(|runs| runs.into_iter().fold(f64::INFINITY, f64::min)).collect()
}

/// The documents of a folder, sorted.
fn documents(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder)
        .map_err(|error| cli::Usage(format!("--corpus {}: {error}", folder.display())))?;
    let mut found = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// How many operations a document has, if it is one.
fn operations(document: &Path) -> anyhow::Result<Option<usize>> {
    let text = std::fs::read(document).with_context(|| format!("reading {}", document.display()))?;
    let document: Value = serde_json::from_slice(&text).unwrap_or_default();
    let paths = document.get("paths").and_then(Value::as_object);
    let of_path = |item: &Value| METHODS.iter().filter(|method| item.get(**method).is_some()).count();
    Ok(paths.map(|paths| paths.values().map(of_path).sum()))
}

/// Our crate, whole, in a folder of its own: files beside a document belong to it.
pub(super) fn ours(root: &Path, document: &Path, work: &Path, generate: Generate) -> anyhow::Result<Subject> {
    let folder = work.join("document");
    std::fs::create_dir_all(&folder)?;
    let spec = folder.join("openapi.json");
    std::fs::copy(document, &spec).with_context(|| format!("copying {}", document.display()))?;
    let request = Single {
        spec,
        out: work.join("ours"),
        name: "measured-service".into(),
        runtime: root.join("rpc-runtime"),
    };
    let report = single::report(&request, &RealDisk, generate, false, false)?;
    if report.rows.iter().any(|row| row.status == Status::Failed) {
        anyhow::bail!("not generated; see `cargo xtask gen --spec`");
    }
    Ok(Subject { folder: request.out, own_workspace: true, features: Features::Usual })
}

/// The crate's types and nothing that uses them.
fn types_alone(ours: &Subject, folder: &Path) -> anyhow::Result<Subject> {
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    copy(&ours.folder.join("src/types"), &folder.join("src/types"))?;
    let manifest = std::fs::read_to_string(ours.folder.join("Cargo.toml"))?;
    std::fs::write(
        folder.join("Cargo.toml"),
        manifest.replace("\"measured-service\"", "\"measured-types\""),
    )?;
    let lib = std::fs::read_to_string(ours.folder.join("src/lib.rs"))?;
    std::fs::write(folder.join("src/lib.rs"), types_only(&lib))?;
    Ok(Subject { folder: folder.to_owned(), own_workspace: true, features: Features::Usual })
}

/// `lib.rs` with no module but `types`.
fn types_only(lib: &str) -> String {
    let others = |line: &str| {
        (line.contains("mod ") && line.ends_with(';') && !line.ends_with("mod types;"))
            || line.starts_with("pub use client::")
            || line.starts_with("//!")
            || line == "#[rustfmt::skip]"
    };
    lib.lines().filter(|line| !others(line)).map(|line| format!("{line}\n")).collect()
}

fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from).with_context(|| format!("reading {}", from.display()))? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

fn row(name: &str, operations: usize, costs: &Costs) -> Vec<String> {
    let [check, release, adds] = costs.ratios();
    let [ours, theirs, _] = costs.check;
    let [our_release, their_release] = costs.release;
    vec![
        name.to_owned(),
        operations.to_string(),
        format!("{ours:.2}, {theirs:.2}"),
        format!("{check:.2}"),
        format!("{our_release:.2}, {their_release:.2}"),
        format!("{release:.2}"),
        format!("{:.0} %", adds * 100.0),
    ]
}

fn medians(all: &[[f64; 3]]) -> Vec<String> {
    let of = |column: fn([f64; 3]) -> f64| cpu::median(all.iter().copied().map(column).collect());
    let (check, release, adds) = (of(|[one, _, _]| one), of(|[_, one, _]| one), of(|[_, _, one]| one));
    vec![
        "median".to_owned(),
        String::new(),
        String::new(),
        format!("{check:.2}"),
        String::new(),
        format!("{release:.2}"),
        format!("{:.0} %", adds * 100.0),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_and_their_medians() {
        let costs = Costs { check: [3.0, 10.0, 2.5], release: [2.0, 10.0] };
        let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-9, "{a} {b}");
        let [check, release, adds] = costs.ratios();
        near(check, 0.3);
        near(release, 0.2);
        near(adds, 0.2);
        let row = medians(&[[0.1, 0.1, 0.1], [0.5, 0.2, 0.3], [0.4, 0.3, 0.2]]);
        assert_eq!([&row[3], &row[5], &row[6]], ["0.40", "0.20", "20 %"]);
        assert_eq!(least(vec![vec![2.0, 1.0], vec![3.0]]), [1.0, 3.0]);
    }

    #[test]
    fn only_types_stay() {
        let lib = "//! Client.\n\n#![forbid(unsafe_code)]\n\n#[rustfmt::skip]\nmod client;\npub mod errors;\npub mod operations;\npub mod types;\n\npub use client::{Call};\npub use rpc_runtime::Error;\n";
        assert_eq!(
            types_only(lib).split_whitespace().collect::<Vec<_>>().join(" "),
            "#![forbid(unsafe_code)] pub mod types; pub use rpc_runtime::Error;"
        );
    }

    #[test]
    fn operations_are_counted() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.json");
        std::fs::write(
            &file,
            r#"{"paths": {"/a": {"get": {}, "put": {}, "parameters": []}, "/b": {"head": {}}}}"#,
        )
        .unwrap();
        std::fs::write(folder.path().join("index.tsv"), "").unwrap();
        assert_eq!(documents(folder.path()).unwrap(), std::slice::from_ref(&file));
        assert_eq!(operations(&file).unwrap(), Some(3));
        std::fs::write(&file, "no JSON").unwrap();
        assert_eq!(operations(&file).unwrap(), None);
    }
}

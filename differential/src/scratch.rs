//! The workspace in which the crates of all documents are compiled: three for each document, and one program.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::caller::Code;
use crate::theirs::DEPENDENCIES;
use crate::{Subject, ours};

/// The folder, `target/differential/scratch/`.
#[derive(Debug)]
pub(crate) struct Scratch {
    pub(crate) folder: PathBuf,
    root: PathBuf,
}

/// Which lines of a caller belong to which operation.
pub(crate) type Lines = BTreeMap<usize, usize>;

impl Scratch {
    /// An empty workspace with this repository's dependencies and the suite's lock file.
    pub(crate) fn prepare(root: &Path) -> anyhow::Result<Self> {
        let folder = root.join("target/differential/scratch");
        if folder.exists() {
            fs::remove_dir_all(&folder).with_context(|| format!("removing {}", folder.display()))?;
        }
        fs::create_dir_all(&folder)?;
        let manifest = fs::read_to_string(root.join("Cargo.toml")).context("reading Cargo.toml")?;
        let scratch = Self { folder, root: root.to_owned() };
        scratch.write("Cargo.toml", &scratch.manifest(&manifest)?)?;
        fs::copy(root.join("differential/Cargo.lock"), scratch.folder.join("Cargo.lock"))
            .context("copying Cargo.lock")?;
        // There from the beginning: with it, every build has the same features of all dependencies, and nothing is
        // compiled twice.
        scratch.program(&[])?;
        Ok(scratch)
    }

    /// The root manifest with other members; paths from the root.
    fn manifest(&self, text: &str) -> anyhow::Result<String> {
        let mut manifest: toml::Table = text.parse().context("reading Cargo.toml")?;
        let workspace =
            manifest.get_mut("workspace").and_then(|it| it.as_table_mut()).context("no [workspace]")?;
        workspace.insert("members".into(), vec!["crates/*"].into());
        workspace.remove("exclude");
        let dependencies = workspace.get_mut("dependencies").and_then(|it| it.as_table_mut());
        for (_, dependency) in dependencies.into_iter().flatten() {
            if let Some(path) = dependency.get_mut("path") {
                *path = self.root.join(path.as_str().unwrap_or_default()).display().to_string().into();
            }
        }
        // What is compiled here runs once.
        let profile: toml::Table = "dev = { debug = false, opt-level = 0, incremental = false }".parse()?;
        manifest.insert("profile".into(), profile.into());
        Ok(manifest.to_string())
    }

    fn write(&self, path: &str, text: &str) -> anyhow::Result<()> {
        let path = self.folder.join(path);
        fs::create_dir_all(path.parent().context("no folder")?)?;
        fs::write(&path, text).with_context(|| format!("writing {}", path.display()))
    }

    /// Both crates of a document.
    pub(crate) fn crates(&self, number: usize, ours: &ours::Crate, theirs: &str) -> anyhow::Result<()> {
        for (path, contents) in ours.files.iter() {
            self.write(&format!("crates/ours-{number}/{path}"), std::str::from_utf8(contents)?)?;
        }
        let manifest = format!(
            "[package]\nname = \"theirs-{number}\"\nversion = \"0.0.0\"\nedition = \"2021\"\n\n[dependencies]\n{DEPENDENCIES}"
        );
        self.write(&format!("crates/theirs-{number}/Cargo.toml"), &manifest)?;
        self.write(&format!("crates/theirs-{number}/src/lib.rs"), theirs)
    }

    /// The caller of a document: one function for each case, so that an error of the compiler names it by its line.
    pub(crate) fn caller(&self, subject: &Subject) -> anyhow::Result<Lines> {
        let number = subject.number;
        let path = self.root.join("differential/probe");
        let mut manifest = format!(
            "[package]\nname = \"calls-{number}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n"
        );
        let _ = writeln!(manifest, "probe = {{ path = {:?} }}", path.display().to_string());
        for side in ["ours", "theirs"] {
            let _ = writeln!(
                manifest,
                "{side}_crate = {{ package = \"{side}-{number}\", path = \"../{side}-{number}\" }}"
            );
        }
        self.write(&format!("crates/calls-{number}/Cargo.toml"), &manifest)?;
        let mut code = format!("const DOCUMENT: usize = {number};\n");
        let mut lines = Lines::new();
        let mut calls = String::new();
        for (index, one) in subject.operations.iter().enumerate() {
            let Code::Cases(cases) = &one.code else { continue };
            for (case, statement) in cases {
                lines.insert(code.lines().count() + 1, index);
                let _ = writeln!(
                    code,
                    "async fn call_{index}_{case}(probe: &probe::Probe, ours: &ours_crate::Client, theirs: &theirs_crate::Client) {{ {statement} }}"
                );
                let _ = writeln!(calls, "    Box::pin(call_{index}_{case}(probe, &ours, &theirs)).await;");
            }
        }
        let prefix = &subject.prefix;
        let _ = writeln!(
            code,
            "pub async fn run(probe: &probe::Probe) -> Result<(), Box<dyn std::error::Error>> {{\n\
             \x20   let ours = ours_crate::Client::builder().url(probe.url()).retries(0).build()?;\n\
             \x20   let theirs = theirs_crate::Client::new_with_client(&format!(\"{{}}{{}}\", probe.url(), {prefix:?}), probe.reqwest()?);\n\
             {calls}    Ok(())\n}}"
        );
        self.write(&format!("crates/calls-{number}/src/lib.rs"), &code)?;
        Ok(lines)
    }

    /// The program that runs all callers.
    pub(crate) fn program(&self, numbers: &[usize]) -> anyhow::Result<()> {
        let path = self.root.join("differential/probe");
        let mut manifest = String::from(
            "[package]\nname = \"program\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n",
        );
        let _ = writeln!(manifest, "probe = {{ path = {:?} }}", path.display().to_string());
        let mut calls = String::new();
        for number in numbers {
            let _ = writeln!(manifest, "calls-{number} = {{ path = \"../calls-{number}\" }}");
            let _ = writeln!(calls, "    calls_{number}::run(&probe).await?;");
        }
        self.write("crates/program/Cargo.toml", &manifest)?;
        let code = format!(
            "fn main() -> Result<(), Box<dyn std::error::Error>> {{\n    std::panic::set_hook(Box::new(|_| {{}}));\n    \
             probe::block_on(async {{\n    let probe = probe::Probe::start().await?;\n{calls}    Ok(())\n}})\n}}\n"
        );
        self.write("crates/program/src/main.rs", &code)
    }
}

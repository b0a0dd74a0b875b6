//! The document, wherever it lies, and the files that it refers to, as they will stand in `specs/S/`.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use rpc_codegen::load::Sources;
use rpc_codegen::{Diagnostic, FileSet, Input};

use crate::cli::Usage;
use crate::spec::{DOCUMENTS, MAX_BYTES, MAX_FILES};

/// Files of a spec folder that are not part of a document.
const OURS: [&str; 3] = ["service.toml", "names.lock", "CHANGELOG.md"];

/// A document that was read.
#[derive(Debug)]
pub(crate) struct Received {
    /// Where it lies.
    path: PathBuf,
    /// The generator's input, under the names that the files will have.
    pub(crate) input: Input,
}

impl Received {
    /// Reads the document and, as long as references name more, the files beside and below it.
    pub(crate) fn read(path: &Path, service: &str) -> anyhow::Result<Self> {
        if !path.is_file() {
            return Err(Usage(format!("--spec {} is not a file", path.display())).into());
        }
        let bytes = std::fs::read(path).with_context(|| format!("reading {}", path.display()))?;
        let document = document_name(path, &bytes);
        let prefix = format!("specs/{service}/");
        let files = [(document.to_owned(), bytes)].into();
        let input = Input { service: service.into(), document: document.into(), files, prefix };
        let mut received = Self { path: path.into(), input };
        while received.read_referenced()? {}
        Ok(received)
    }

    /// One round; `false` when nothing new was found.
    fn read_referenced(&mut self) -> anyhow::Result<bool> {
        let sources = Sources::read(&self.input, None, &mut rpc_codegen::diagnostic::Diagnostics::default());
        let folder = match self.path.parent() {
            Some(folder) if folder != Path::new("") => folder,
            _ => Path::new("."),
        };
        let root = folder.canonicalize().with_context(|| format!("reading {}", folder.display()))?;
        let mut found = false;
        for path in sources.referenced() {
            // Hidden files are no part of a spec folder. What is not read is reported by the generator, with its place.
            let hidden = path.split('/').any(|part| part.starts_with('.'));
            if self.input.files.contains_key(path) || hidden {
                continue;
            }
            let Ok(target) = root.join(path).canonicalize() else { continue };
            if !target.starts_with(&root) || !target.is_file() {
                continue;
            }
            if OURS.contains(&path) || DOCUMENTS.contains(&path) {
                bail!(
                    "the document refers to a file {path}, which is a name of its own in specs/; rename that file"
                );
            }
            let contents = std::fs::read(&target).with_context(|| format!("reading {}", target.display()))?;
            self.input.files.insert(path.to_owned(), contents);
            let bytes: usize = self.input.files.values().map(Vec::len).sum();
            if self.input.files.len() > MAX_FILES || bytes as u64 > MAX_BYTES {
                bail!(
                    "the document and its files are more than {MAX_FILES} files or {} MiB",
                    MAX_BYTES >> 20
                );
            }
            found = true;
        }
        Ok(found)
    }

    /// Puts the places of findings where the files lie now.
    pub(crate) fn locate(&self, found: &mut [Diagnostic]) {
        for diagnostic in found {
            if let Some(path) = diagnostic.location.file.strip_prefix(self.input.prefix.as_str()) {
                diagnostic.location.file = self.shown(path).into();
            }
            let there = format!("{}{}", self.input.prefix, self.input.document);
            let here = self.shown(&self.input.document);
            diagnostic.message = diagnostic.message.replace(&there, &here);
            diagnostic.help = diagnostic.help.take().map(|help| help.replace(&there, &here));
        }
    }

    /// The files by the names that located findings have.
    pub(crate) fn sources(&self) -> std::collections::BTreeMap<String, Vec<u8>> {
        self.input.files.iter().map(|(path, bytes)| (self.shown(path), bytes.clone())).collect()
    }

    fn shown(&self, path: &str) -> String {
        if path == self.input.document {
            return self.path.display().to_string();
        }
        if OURS.contains(&path) {
            return format!("{}{path}", self.input.prefix);
        }
        self.path.with_file_name("").join(path).display().to_string()
    }

    /// What goes into `specs/S/`.
    pub(crate) fn files(&self, names_lock: &str) -> FileSet {
        let mut set = FileSet::default();
        for (path, bytes) in &self.input.files {
            set.insert(path.clone(), bytes.clone());
        }
        set.insert("names.lock", names_lock);
        set
    }
}

/// The extension decides; without one that says something, the text does.
fn document_name(path: &Path, bytes: &[u8]) -> &'static str {
    let extension = path.extension().and_then(|e| e.to_str()).map(str::to_ascii_lowercase);
    let json = match extension.as_deref() {
        Some("json") => true,
        Some("yaml" | "yml") => false,
        _ => bytes.iter().find(|byte| !byte.is_ascii_whitespace()).is_some_and(|byte| *byte == b'{'),
    };
    if json { "openapi.json" } else { "openapi.yaml" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = folder.path().join("in").join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        folder
    }

    fn check(files: &[(&str, &str)], document: &str, expected: Result<&[&str], &str>) {
        let folder = folder(files);
        std::fs::write(folder.path().join("secret.yaml"), "a: 1").unwrap();
        let read = Received::read(&folder.path().join("in").join(document), "s");
        match (read, expected) {
            (Ok(read), Ok(expected)) => {
                assert_eq!(read.input.files.keys().map(String::as_str).collect::<Vec<_>>(), expected);
            }
            (Err(error), Err(expected)) => assert!(error.to_string().contains(expected), "{error}"),
            (read, expected) => panic!("{read:?}, expected {expected:?}"),
        }
    }

    #[test]
    fn reads_what_references_reach_and_nothing_else() {
        let a = r#"{"$ref": "parts/a.yaml#/x"}"#;
        check(&[("api.json", "{}"), ("other.json", "{}")], "api.json", Ok(&["openapi.json"]));
        check(
            &[("api.json", a), ("parts/a.yaml", "x: {$ref: ../b.yaml}"), ("b.yaml", "y: 1"), ("c.yaml", "")],
            "api.json",
            Ok(&["b.yaml", "openapi.json", "parts/a.yaml"]),
        );
        check(&[("api.json", r#"{"$ref": "../secret.yaml"}"#)], "api.json", Ok(&["openapi.json"]));
        check(
            &[("api.json", r#"{"$ref": ".hidden.yaml"}"#), (".hidden.yaml", "")],
            "api.json",
            Ok(&["openapi.json"]),
        );
        check(&[("api.json", r#"{"$ref": "missing.yaml"}"#)], "api.json", Ok(&["openapi.json"]));
        // By its own name: the file that is meant stays there.
        check(&[("api.json", r#"{"$ref": "api.json#/x"}"#)], "api.json", Ok(&["api.json", "openapi.json"]));
        check(
            &[("a.json", r#"{"$ref": "service.toml"}"#), ("service.toml", "")],
            "a.json",
            Err("rename that file"),
        );
        check(
            &[("a.json", r#"{"$ref": "openapi.yaml"}"#), ("openapi.yaml", "")],
            "a.json",
            Err("rename that file"),
        );
        check(&[], "none.json", Err("is not a file"));
    }

    #[test]
    fn names_of_documents() {
        for (path, bytes, expected) in [
            ("a.json", "", "openapi.json"),
            ("a.YML", "", "openapi.yaml"),
            ("a.yaml", "{", "openapi.yaml"),
            ("a", " \n{", "openapi.json"),
            ("a.txt", "openapi: 3", "openapi.yaml"),
        ] {
            assert_eq!(document_name(Path::new(path), bytes.as_bytes()), expected, "{path}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn links_do_not_lead_out() {
        let folder = folder(&[("api.json", r#"{"$ref": "link.yaml"}"#)]);
        std::fs::write(folder.path().join("secret.yaml"), "a: 1").unwrap();
        std::os::unix::fs::symlink("../secret.yaml", folder.path().join("in/link.yaml")).unwrap();
        let read = Received::read(&folder.path().join("in/api.json"), "s").unwrap();
        assert_eq!(read.input.files.len(), 1);
    }
}

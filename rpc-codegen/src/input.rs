//! What the generator is given.

use std::collections::BTreeMap;

/// One service: its name and the files of its spec folder.
#[derive(Debug, Clone, Default)]
pub struct Input {
    /// The service's name, also its name in discovery and (unless `service.toml` says otherwise) the crate's: `order-service`.
    pub service: String,
    /// Path of the document in `files`, such as `openapi.json`.
    pub document: String,
    /// Every file of the spec's folder by relative path: the document, files it refers to, `service.toml`, `names.lock`, `CHANGELOG.md`.
    pub files: BTreeMap<String, Vec<u8>>,
    /// What stands before a file's path in messages and headers, such as `specs/order-service/`.
    pub prefix: String,
}

impl Input {
    /// A file of the folder, if it is there.
    pub fn file(&self, path: &str) -> Option<&[u8]> {
        self.files.get(path).map(Vec::as_slice)
    }
}

/// How the crate finds the runtime.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RuntimeDependency {
    /// A member of this workspace: dependencies and lints are inherited from it.
    Workspace,
    /// A stand-alone crate that depends on `rpc-runtime` at this path.
    Path(String),
}

/// What can be chosen for a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// How the crate finds the runtime.
    pub runtime: RuntimeDependency,
    /// The command that files name in their header, such as `cargo xtask gen`.
    pub command: String,
}

impl Default for Options {
    fn default() -> Self {
        Self { runtime: RuntimeDependency::Workspace, command: "cargo xtask gen".into() }
    }
}

//! The files of a spec's folder, parsed: the document and whatever it refers to.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diagnostic::{Diagnostics, rules};
use crate::input::Input;
use crate::settings::At;

use super::cursor::Cursor;
use super::document::SpecVersion;
use super::keys::{self, KeyIndex};
use super::node::{Entry, Fault, Node};
use super::places::Places;
use super::{json, origin, overlay, refs, yaml};

/// Every parsed file of a service by path. Immutable, so that cursors can share it.
#[derive(Debug)]
pub struct Sources {
    document: String,
    version: SpecVersion,
    files: BTreeMap<String, SourceFile>,
    /// Every file of the folder, read or not.
    paths: Vec<String>,
    /// Every file inside the folder that a reference names, there or not.
    referenced: BTreeSet<String>,
    /// The overlays that changed the document, as messages name them, by their number.
    overlays: Vec<Arc<str>>,
    /// See [`origin::distinguish`].
    repeated: Vec<(u32, u32)>,
}

/// One file of the folder.
#[derive(Debug)]
pub struct SourceFile {
    path: String,
    name: Arc<str>,
    root: Option<Node>,
    keys: KeyIndex,
    /// There if the file was converted.
    written: Option<Box<Written>>,
}

/// What a converted file said, and where its parts went.
#[derive(Debug)]
pub(super) struct Written {
    /// The text as it was written.
    pub(super) file: SourceFile,
    /// The parts of the text.
    pub(super) places: Places,
    /// The parts of what it was converted to.
    pub(super) converted: Places,
}

impl SourceFile {
    /// The path inside the folder.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The path as messages name it.
    pub fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// The parsed contents; `None` if they are not well-formed, which has been reported.
    pub fn root(&self) -> Option<&Node> {
        self.root.as_ref()
    }

    fn new(path: String, name: Arc<str>, root: Option<Node>) -> Self {
        let keys = root.as_ref().map(KeyIndex::of).unwrap_or_default();
        Self { path, name, root, keys, written: None }
    }

    pub(super) fn written(&self) -> Option<&Written> {
        self.written.as_deref()
    }

    /// The same file with other contents, whose nodes stand where those stand that they were made of.
    fn converted(self, root: Node) -> Self {
        let places = self.root.as_ref().map(Places::of).unwrap_or_default();
        let converted = Places::of(&root);
        let new = Self::new(self.path.clone(), self.name.clone(), Some(root));
        Self { written: Some(Box::new(Written { file: self, places, converted })), ..new }
    }

    /// The entry of a key of an object of this file, without a search through all of them.
    pub(super) fn entry<'a>(&self, object: &'a Node, key: &str) -> Option<&'a Entry> {
        self.keys.find(object.as_object()?, key)
    }
}

impl Sources {
    /// Parses the document, applies overlays to it (those that `service.toml` lists, else those beside it) and parses,
    /// transitively, the files of the folder that its references name. Files that nothing refers to are left alone: they may be
    /// anything.
    pub fn read(input: &Input, overlays: Option<&[At<String>]>, diagnostics: &mut Diagnostics) -> Self {
        let (mut applied, mut repeated) = (Vec::new(), Vec::new());
        let mut files = BTreeMap::new();
        let mut referenced = BTreeSet::new();
        let mut wanted = vec![input.document.clone()];
        while let Some(path) = wanted.pop() {
            let Some(bytes) = input.file(&path).filter(|_| !files.contains_key(&path)) else { continue };
            let name: Arc<str> = format!("{}{path}", input.prefix).into();
            let mut root = parse(&path, &name, bytes, diagnostics);
            if path == input.document {
                root = root.map(|root| {
                    let (mut root, names) = overlay::apply(input, overlays, root, diagnostics);
                    // Only a conversion finds values by their places.
                    if !names.is_empty() && root.get("swagger").is_some() {
                        repeated = origin::distinguish(&mut root);
                    }
                    applied = names;
                    root
                });
            }
            if let Some(root) = &root {
                let mut named = Vec::new();
                refs::referenced_files(root, &path, &mut named);
                wanted.extend(named.iter().cloned());
                referenced.extend(named);
            }
            files.insert(path.clone(), SourceFile::new(path, name, root));
        }
        let paths = input.files.keys().cloned().collect();
        Self {
            document: input.document.clone(),
            version: SpecVersion::V3_1,
            files,
            paths,
            referenced,
            overlays: applied,
            repeated,
        }
    }

    /// The document's root; `None` if the file is missing or not well-formed.
    pub fn document(&self) -> Option<Cursor<'_>> {
        self.root_of(&self.document)
    }

    /// The root of a file that was read.
    pub fn root_of(&self, path: &str) -> Option<Cursor<'_>> {
        let file = self.file(path)?;
        Some(Cursor::root(self, file, file.root()?))
    }

    /// The root of a file as it was written, before any conversion.
    pub(super) fn written_root_of(&self, path: &str) -> Option<Cursor<'_>> {
        let file = self.file(path)?;
        let file = file.written().map_or(file, |written| &written.file);
        Some(Cursor::root(self, file, file.root()?))
    }

    /// Gives files other contents; see [`SourceFile::converted`].
    pub(super) fn convert(&mut self, roots: BTreeMap<String, Node>) {
        for (path, root) in roots {
            if let Some(file) = self.files.remove(&path) {
                self.files.insert(path, file.converted(root));
            }
        }
    }

    /// A file that was read, by its path inside the folder.
    pub fn file(&self, path: &str) -> Option<&SourceFile> {
        self.files.get(path)
    }

    /// All files that were read, in path order.
    pub fn files(&self) -> impl Iterator<Item = &SourceFile> {
        self.files.values()
    }

    /// The paths of all files of the folder, read or not.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.paths.iter().map(String::as_str)
    }

    /// Every file inside the folder that the document, or a file that it refers to, names: there or not.
    pub fn referenced(&self) -> impl Iterator<Item = &str> {
        self.referenced.iter().map(String::as_str)
    }

    /// The overlays that were read, as messages name them, in the order in which they were applied.
    pub fn overlays(&self) -> &[Arc<str>] {
        &self.overlays
    }

    /// The overlay that a place says it is in, and the place there.
    pub(super) fn origin(&self, place: (u32, u32)) -> (Option<&Arc<str>>, (u32, u32)) {
        if self.overlays.is_empty() {
            return (None, place);
        }
        let (line, column) = origin::real(place, &self.repeated);
        let (number, line) = origin::split(line);
        (number.checked_sub(1).and_then(|index| self.overlays.get(index)), (line, column))
    }

    /// The document's version; it rules the files that it refers to as well.
    pub fn version(&self) -> SpecVersion {
        self.version
    }

    pub(super) fn set_version(&mut self, version: SpecVersion) {
        self.version = version;
    }
}

/// Parses one file and reports what is wrong with it.
pub(super) fn parse(
    path: &str,
    name: &Arc<str>,
    bytes: &[u8],
    diagnostics: &mut Diagnostics,
) -> Option<Node> {
    match decode(bytes).and_then(|text| parse_text(path, text)) {
        Ok(mut root) => {
            keys::unite(&mut root, name, &mut String::new(), diagnostics);
            Some(root)
        }
        Err(fault) => {
            diagnostics.push(fault.into_diagnostic(name));
            None
        }
    }
}

fn decode(bytes: &[u8]) -> Result<&str, Fault> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|error| {
        let valid = bytes.get(..error.valid_up_to()).and_then(|valid| std::str::from_utf8(valid).ok());
        let valid = valid.unwrap_or_default();
        let (line, column) = yaml::position(valid, valid.len());
        Fault { rule: rules::SYNTAX, line, column, message: "the file is not UTF-8".into() }
    })
}

/// The extension decides; without one, a text that starts like JSON is JSON. JSON under a YAML name is common, and
/// the JSON parser takes what YAML refuses (tabs); its errors count only when YAML has none of its own.
fn parse_text(path: &str, text: &str) -> Result<Node, Fault> {
    let looks_like_json = text.trim_start().starts_with(['{', '[']);
    let extension = path.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    match extension.as_deref() {
        Some("yaml" | "yml") if looks_like_json => json::parse(text).or_else(|_| yaml::parse(text)),
        Some("json") => json::parse(text),
        Some("yaml" | "yml") => yaml::parse(text),
        _ if looks_like_json => json::parse(text),
        _ => yaml::parse(text),
    }
}

//! A place in the parsed files that knows how it was reached.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

use crate::diagnostic::{Diagnostic, Rule, rules};
use crate::location::Location;

use super::node::{Entry, Node, push_step};
use super::refs;
use super::source::{SourceFile, Sources};

/// A view of one value: the file, the way to it and the value. Cheap to clone.
///
/// Two cursors are equal when they stand on the same value of the same [`Sources`], whatever way they came.
#[derive(Clone)]
pub struct Cursor<'a> {
    sources: &'a Sources,
    file: &'a SourceFile,
    node: &'a Node,
    /// `None` at the root.
    step: Option<Rc<Step<'a>>>,
}

/// The last step to a value, linked to those before it: pointers are only written when a message needs one.
struct Step<'a> {
    before: Option<Rc<Step<'a>>>,
    last: Last<'a>,
}

enum Last<'a> {
    Entry(&'a Entry),
    Index(usize),
}

/// The name of a value in all files: where a `$ref` ends. Ordered, so that it can be the key of a stable map.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId {
    /// Path inside the folder.
    pub file: String,
    /// JSON pointer inside the file.
    pub pointer: String,
}

impl<'a> Cursor<'a> {
    pub(super) fn root(sources: &'a Sources, file: &'a SourceFile, node: &'a Node) -> Self {
        Self { sources, file, node, step: None }
    }

    fn child(&self, node: &'a Node, last: Last<'a>) -> Self {
        let step = Step { before: self.step.clone(), last };
        Self { sources: self.sources, file: self.file, node, step: Some(Rc::new(step)) }
    }

    /// The value of a key, if this is an object that has it.
    pub fn key(&self, key: &str) -> Option<Self> {
        let entry = self.file.entry(self.node, key)?;
        Some(self.child(&entry.value, Last::Entry(entry)))
    }

    /// An item, if this is an array that is long enough.
    pub fn index(&self, index: usize) -> Option<Self> {
        let node = self.node.as_array()?.get(index)?;
        Some(self.child(node, Last::Index(index)))
    }

    /// The items of an array; none for anything else.
    pub fn items(&self) -> impl Iterator<Item = Self> + use<'a> {
        let this = self.clone();
        let nodes = self.node.as_array().unwrap_or_default().iter();
        nodes.enumerate().map(move |(index, node)| this.child(node, Last::Index(index)))
    }

    /// The entries of an object in document order; none for anything else.
    pub fn entries(&self) -> impl Iterator<Item = (&'a str, Self)> + use<'a> {
        let this = self.clone();
        let entries = self.node.as_object().unwrap_or_default().iter();
        entries.map(move |entry| (entry.key.as_str(), this.child(&entry.value, Last::Entry(entry))))
    }

    /// The text of a string.
    pub fn str(&self) -> Option<&'a str> {
        self.node.as_str()
    }

    /// The text of a string, or of a number where a string was meant (`version: 1.0`).
    pub fn text(&self) -> Option<&'a str> {
        self.str().or_else(|| self.number())
    }

    /// The exact text of a number.
    pub fn number(&self) -> Option<&'a str> {
        self.node.as_number()
    }

    /// A boolean.
    pub fn bool(&self) -> Option<bool> {
        self.node.as_bool()
    }

    /// The string under a key.
    pub fn str_at(&self, key: &str) -> Option<&'a str> {
        self.file.entry(self.node, key)?.value.as_str()
    }

    /// The boolean under a key; `false` when there is none, as everywhere in OpenAPI unless it says otherwise.
    pub fn flag(&self, key: &str) -> bool {
        self.file.entry(self.node, key).and_then(|entry| entry.value.as_bool()).unwrap_or(false)
    }

    /// The value itself.
    pub fn node(&self) -> &'a Node {
        self.node
    }

    /// The file it stands in.
    pub fn file(&self) -> &'a SourceFile {
        self.file
    }

    /// All files.
    pub fn sources(&self) -> &'a Sources {
        self.sources
    }

    /// The key under which this stands, if its parent is an object.
    pub fn name(&self) -> Option<&'a str> {
        match self.step.as_deref()?.last {
            Last::Entry(entry) => Some(&entry.key),
            Last::Index(_) => None,
        }
    }

    /// The JSON pointer (RFC 6901) from the file's root, in OpenAPI 3; [`Cursor::location`] has the one of the text.
    pub fn pointer(&self) -> String {
        let mut steps = Vec::new();
        let mut at = self.step.as_deref();
        while let Some(step) = at {
            steps.push(&step.last);
            at = step.before.as_deref();
        }
        let mut pointer = String::new();
        for last in steps.into_iter().rev() {
            match last {
                Last::Entry(entry) => push_step(&mut pointer, &entry.key),
                Last::Index(index) => push_step(&mut pointer, index),
            }
        }
        pointer
    }

    /// Where the value starts, with the pointer of the text as it was written.
    pub fn location(&self) -> Location {
        self.location_at((self.node.line, self.node.column))
    }

    /// Where the value's key stands; where the value starts if it has none.
    pub fn key_location(&self) -> Location {
        self.location_at(self.key_place())
    }

    /// Line and column of the value's key; those of the value if it has none.
    pub(super) fn key_place(&self) -> (u32, u32) {
        match self.step.as_deref().map(|step| &step.last) {
            Some(Last::Entry(entry)) => (entry.key_line, entry.key_column),
            _ => (self.node.line, self.node.column),
        }
    }

    fn location_at(&self, place: (u32, u32)) -> Location {
        let pointer = self.as_written().pointer();
        let (overlay, (line, column)) = self.sources.origin(place);
        Location { file: overlay.unwrap_or(self.file.name()).clone(), line, column, pointer }
    }

    /// The value of the text that this one comes from: itself, unless the file was converted.
    pub(super) fn as_written(&self) -> Self {
        let written = self.file.written().and_then(|written| {
            let path = written.places.path(self.node)?;
            Self::root(self.sources, &written.file, written.file.root()?).descend(&path)
        });
        written.unwrap_or_else(|| self.clone())
    }

    /// Whether this stands in a file that was converted to OpenAPI 3.
    pub(crate) fn is_converted(&self) -> bool {
        self.file.written().is_some()
    }

    /// The value that was made of this one of the text; `None` if a conversion left it out.
    pub(super) fn as_converted(&self) -> Option<Self> {
        let file = self.sources.file(self.file.path())?;
        match file.written().filter(|_| !std::ptr::eq(file, self.file)) {
            Some(written) => {
                Self::root(self.sources, file, file.root()?).descend(&written.converted.path(self.node)?)
            }
            None => Some(self.clone()),
        }
    }

    /// Down by the indices of items and entries.
    fn descend(&self, path: &[usize]) -> Option<Self> {
        path.iter().try_fold(self.clone(), |at, index| match at.node.as_object() {
            Some(entries) => entries.get(*index).map(|entry| at.child(&entry.value, Last::Entry(entry))),
            None => at.index(*index),
        })
    }

    /// A name of this value that can be the key of an ordered map.
    pub fn id(&self) -> NodeId {
        NodeId { file: self.file.path().to_owned(), pointer: self.pointer() }
    }

    /// Follows `$ref`s until a value has none; a value without one is its own target. Siblings of `$ref` are passed over.
    pub fn resolve(&self) -> Result<Self, Box<Diagnostic>> {
        refs::resolve(self)
    }

    /// The target of this value's own `$ref`, one hop; `None` if it has none.
    pub fn target(&self) -> Option<Result<Self, Box<Diagnostic>>> {
        refs::target(self)
    }

    /// Reads this string as a reference (`operationRef`, a discriminator's mapping), relative to its file.
    pub fn follow(&self) -> Result<Self, Box<Diagnostic>> {
        refs::follow(self)
    }

    /// A finding at this value.
    pub fn diagnostic(&self, rule: Rule, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(rule, self.location(), message)
    }

    /// "expected …, found …" at this value. `expected` comes with its article: `an object`.
    pub fn wrong_shape(&self, expected: &str) -> Diagnostic {
        let subject = self.as_written().name().map(|name| format!("`{name}`: ")).unwrap_or_default();
        let found = self.node.described();
        self.diagnostic(rules::WRONG_SHAPE, format!("{subject}expected {expected}, found {found}"))
    }
}

impl PartialEq for Cursor<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.node, other.node)
    }
}

impl Eq for Cursor<'_> {}

impl Hash for Cursor<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        std::ptr::hash(self.node, state);
    }
}

impl fmt::Debug for Cursor<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cursor({}#{})", self.file.path(), self.pointer())
    }
}

//! Where in the input something stands.

use std::fmt;
use std::sync::Arc;

use crate::visible::visible;

/// A place in an input file: what an editor needs to jump there, and the JSON pointer (RFC 6901) of the node.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location {
    /// The file as the caller named it.
    pub file: Arc<str>,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// JSON pointer inside the file; empty for the whole document.
    pub pointer: String,
}

impl Location {
    /// The start of a file.
    pub fn start_of(file: &str) -> Self {
        Self { file: file.into(), line: 1, column: 1, pointer: String::new() }
    }
}

impl fmt::Display for Location {
    /// `file:line:column`, the form that terminals and editors turn into a link.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", visible(&self.file), self.line, self.column)
    }
}

//! The error of a bad setting.

use std::error::Error as StdError;
use std::fmt;

/// A setting that cannot be used: which one, where in its value, what was found and what was expected.
/// Its source, where there is one, says more.
///
/// The text never holds user information of a URL, a query, or a header's value.
#[derive(Debug, thiserror::Error)]
#[error("{variable}: {}{message}", at(.place))]
pub struct ConfigError {
    variable: Box<str>,
    place: Option<Box<Place>>,
    message: Box<str>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl ConfigError {
    pub(crate) fn new(variable: impl Into<Box<str>>, message: impl Into<Box<str>>) -> Self {
        ConfigError { variable: variable.into(), place: None, message: message.into(), source: None }
    }

    pub(crate) fn at(mut self, place: Place) -> Self {
        self.place = Some(Box::new(place));
        self
    }

    pub(crate) fn caused_by(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    pub(crate) fn into_source(self) -> Option<Box<dyn StdError + Send + Sync>> {
        self.source
    }

    /// The variable, the file, or the builder's setting.
    pub fn variable(&self) -> &str {
        &self.variable
    }

    /// Where in the value, if the value has an inside.
    pub fn place(&self) -> Option<&Place> {
        self.place.as_deref()
    }

    /// What was found and what was expected.
    pub fn message(&self) -> &str {
        &self.message
    }
}

fn at(place: &Option<Box<Place>>) -> String {
    place.as_ref().map_or_else(String::new, |place| format!("at {place}: "))
}

/// A place inside a value or a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    path: String,
    line: usize,
    column: usize,
}

impl Place {
    pub(crate) fn new(path: impl Into<String>, line: usize, column: usize) -> Self {
        Place { path: path.into(), line, column }
    }

    /// The path into a JSON value, such as `"order-service"[1]`; empty if the text is no JSON there.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The line, from 1.
    pub fn line(&self) -> usize {
        self.line
    }

    /// The column in bytes, from 1.
    pub fn column(&self) -> usize {
        self.column
    }
}

/// The path; line and column where there is no path, or where one line does not hold it all.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Place { path, line, column } = self;
        match (path.is_empty(), line) {
            (true, _) => write!(f, "line {line}, column {column}"),
            (false, 0 | 1) => f.write_str(path),
            (false, _) => write!(f, "{path} (line {line}, column {column})"),
        }
    }
}

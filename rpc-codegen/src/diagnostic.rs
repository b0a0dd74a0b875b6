//! Messages about an input: collected, not first-fail; each with a stable code and a place.

use std::collections::HashSet;
use std::fmt;

use crate::location::Location;
use crate::visible::visible;

/// How much a diagnostic matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; nothing is wrong.
    Note,
    /// The input is sloppy, but its meaning is clear; generation goes on.
    Warning,
    /// Nothing is generated for this service.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// A rule that an input can break. The catalogue of all of them is [`rules`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rule {
    /// Stable code, `R` and three digits; `service.toml` names rules by it.
    pub code: &'static str,
    /// Severity unless `service.toml` says otherwise.
    pub severity: Severity,
    /// One line for a catalogue.
    pub summary: &'static str,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Diagnostic {
    /// The rule that was broken.
    pub rule: Rule,
    /// Severity in force.
    pub severity: Severity,
    /// Where.
    pub location: Location,
    /// What was found, a lower-case fragment without a full stop.
    pub message: String,
    /// What to write instead, if there is something to say.
    pub help: Option<String>,
}

impl Diagnostic {
    /// A finding with the rule's own severity.
    pub fn new(rule: Rule, location: Location, message: impl Into<String>) -> Self {
        Self { rule, severity: rule.severity, location, message: message.into(), help: None }
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for Diagnostic {
    /// Three lines at most: verdict, place, help. Characters that a terminal would obey are written as escapes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}[{}]: {}\n  --> {}",
            self.severity,
            self.rule.code,
            visible(&self.message),
            self.location
        )?;
        if !self.location.pointer.is_empty() {
            write!(f, " (#{})", visible(&self.location.pointer))?;
        }
        if let Some(help) = &self.help {
            write!(f, "\n  help: {}", visible(help))?;
        }
        Ok(())
    }
}

/// Collects findings while a stage goes on.
#[derive(Debug, Default)]
pub struct Diagnostics {
    found: Vec<Diagnostic>,
    /// What was found, whatever its severity is by now.
    known: HashSet<Diagnostic>,
}

impl Diagnostics {
    /// Adds a finding; one that is already there (same rule, place and message) is not repeated.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        if self.known.insert(diagnostic.clone()) {
            self.found.push(diagnostic);
        }
    }

    /// Whether anything found so far stops generation.
    pub fn has_errors(&self) -> bool {
        self.found.iter().any(|d| d.severity == Severity::Error)
    }

    /// All findings, in input order.
    pub fn into_vec(mut self) -> Vec<Diagnostic> {
        self.found.sort_by(|a, b| {
            (&a.location.file, a.location.line, a.location.column).cmp(&(
                &b.location.file,
                b.location.line,
                b.location.column,
            ))
        });
        self.found
    }

    /// The findings so far.
    pub fn as_slice(&self) -> &[Diagnostic] {
        &self.found
    }

    /// For settings that change severities.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Diagnostic> {
        self.found.iter_mut()
    }
}

macro_rules! rules {
    ($($name:ident = $code:literal $severity:ident $summary:literal;)*) => {
        /// Every rule, one constant each. Codes are never reused: 0xx input text, 1xx document, 2xx names, 3xx types, 4xx operations, 5xx settings.
        pub mod rules {
            use super::{Rule, Severity};
            $(#[doc = $summary] pub const $name: Rule = Rule { code: $code, severity: Severity::$severity, summary: $summary };)*
            /// The catalogue, in code order.
            pub const ALL: &[Rule] = &[$($name),*];
        }
    };
}

rules! {
    SYNTAX = "R001" Error "the file is not well-formed JSON or YAML";
    NOT_OPENAPI = "R002" Error "the document is not an OpenAPI document of a supported version";
    DUPLICATE_KEY = "R003" Error "a key stands twice in one object";
    TOO_DEEP = "R004" Error "values are nested too deeply";
    WRONG_SHAPE = "R101" Error "a value has another JSON type than OpenAPI demands";
    UNRESOLVED_REF = "R102" Error "a `$ref` points at nothing";
    REMOTE_REF = "R103" Error "a `$ref` points outside the spec's folder; nothing is fetched";
    REF_CYCLE = "R104" Error "a `$ref` leads back to itself";
    SLOPPY = "R105" Warning "the document bends OpenAPI, but its meaning is clear";
    BAD_OVERLAY = "R106" Error "an overlay is not what the Overlay Specification says, or does not fit the document";
    UNUSED_OVERLAY = "R107" Warning "an overlay, or an action of one, changes nothing";
    NAME_COLLISION = "R201" Warning "two things want the same Rust name";
    NAME_IN_LOCK_UNUSED = "R202" Note "names.lock holds a name that nothing uses any more";
    UNTYPED = "R301" Warning "a schema could only be represented as raw JSON";
    UNSUPPORTED_SCHEMA = "R302" Error "a schema uses a feature that is not supported yet";
    ALL_OF_CONFLICT = "R303" Warning "the members of an allOf contradict each other; the value stays raw JSON";
    UNION_AMBIGUOUS = "R304" Warning "the variants of a union cannot be told apart; the one that knows most of a value wins";
    BAD_DEFAULT = "R305" Warning "a default does not fit its schema and is ignored";
    BAD_PATTERN = "R306" Warning "a pattern is not a valid ECMAScript regular expression and is not checked";
    UNKNOWN_FORMAT = "R307" Note "a format that has no Rust type; the plain JSON type is used";
    DECIMAL_CANDIDATE = "R308" Note "a string that looks like a decimal number";
    IGNORED_KEYWORD = "R309" Warning "a schema keyword that is not supported is ignored; the rest of its schema holds";
    ENVELOPE_FIELD = "R310" Note "a field of the envelope that is not read";
    UNSUPPORTED_OPERATION = "R401" Warning "an operation that cannot be called as it is described is left out";
    DUPLICATE_OPERATION_ID = "R402" Warning "two operations have the same operationId";
    PATH_MISMATCH = "R403" Warning "the path template and its parameters do not match";
    DUPLICATE_PARAMETER = "R404" Warning "a parameter is declared twice";
    PARAMETER_RENAMED = "R405" Note "a parameter's name belongs to a call option and got a trailing underscore";
    NO_SUCCESS = "R406" Warning "an operation declares no successful reply";
    MEDIA_TYPE_CHOSEN = "R407" Note "several media types are offered; one of them is used";
    BAD_PATH = "R408" Warning "a path cannot be sent as it is written; its operations are left out";
    UNSERVED_CREDENTIAL = "R409" Warning "a security scheme that a client cannot serve; calls go without it";
    IGNORED_HEADER = "R410" Note "a header of replies that something else says is ignored";
    HEADER_AS_TEXT = "R411" Note "a header of replies is read as text, whatever its schema says";
    SETTINGS_SYNTAX = "R501" Error "service.toml or names.lock is not well-formed";
    UNKNOWN_SETTING = "R502" Error "a setting that does not exist";
    UNUSED_SETTING = "R503" Error "a setting that matches nothing in the document";
    BAD_SETTING = "R504" Error "a setting has a value that it cannot have";
    INTERNAL = "R900" Error "a mistake of this generator";
}

//! Validators, compiled when they are first asked for.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use jsonschema::{Draft, Registry, ValidationOptions, Validator};
use serde_json::{Value, json};

use super::{Bundle, Direction, ROOT, formats};

/// How many violations are told.
const TOLD: usize = 20;

/// What is wrong with a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Violation {
    /// Keys and indices from the value's root.
    pub(crate) path: Vec<String>,
    /// The keyword that the value breaks, such as `minimum`.
    pub(crate) keyword: String,
    /// For people.
    pub(crate) message: String,
}

/// `None`: the schema cannot be compiled.
type Compiled = Option<Arc<Validator>>;

/// The validators of one bundle.
pub(super) struct Checks {
    direction: Direction,
    registry: OnceLock<Option<Registry<'static>>>,
    /// By address: parts of a bundle do not move.
    schemas: Mutex<HashMap<usize, Compiled>>,
    texts: Mutex<HashMap<(&'static str, String), Compiled>>,
}

impl Checks {
    pub(super) fn new(direction: Direction) -> Self {
        Self { direction, registry: OnceLock::new(), schemas: Mutex::default(), texts: Mutex::default() }
    }

    pub(super) fn valid(&self, defs: &[Value], schema: &Value, value: &Value) -> bool {
        match schema {
            Value::Bool(known) => *known,
            _ => self.of(defs, schema).is_none_or(|validator| validator.is_valid(value)),
        }
    }

    pub(super) fn violations(&self, defs: &[Value], schema: &Value, value: &Value) -> Vec<Violation> {
        let Some(validator) = self.of(defs, schema) else { return Vec::new() };
        let errors = validator.iter_errors(value).take(TOLD);
        errors
            .map(|error| Violation {
                path: split(error.instance_path().as_str()),
                keyword: error.kind().keyword().to_owned(),
                message: shorten(error.to_string()),
            })
            .collect()
    }

    pub(super) fn matches(&self, pattern: &str, text: &str) -> bool {
        self.text("pattern", pattern, text)
    }

    pub(super) fn has_format(&self, format: &str, text: &str) -> bool {
        self.text("format", format, text)
    }

    fn text(&self, keyword: &'static str, argument: &str, text: &str) -> bool {
        let mut texts = self.texts.lock().unwrap_or_else(PoisonError::into_inner);
        let known = texts.entry((keyword, argument.to_owned()));
        let validator =
            known.or_insert_with(|| self.options().build(&json!({keyword: argument})).ok().map(Arc::new));
        validator.as_ref().is_none_or(|validator| validator.is_valid(&Value::from(text)))
    }

    fn of(&self, defs: &[Value], schema: &Value) -> Compiled {
        let address = std::ptr::from_ref(schema) as usize;
        if let Some(known) = self.schemas.lock().unwrap_or_else(PoisonError::into_inner).get(&address) {
            return known.clone();
        }
        // Not under the lock: a large schema takes its time, and others should not wait for it.
        let compiled = self.compile(defs, schema);
        let mut schemas = self.schemas.lock().unwrap_or_else(PoisonError::into_inner);
        schemas.entry(address).or_insert(compiled).clone()
    }

    fn compile(&self, defs: &[Value], schema: &Value) -> Compiled {
        let registry = self.registry.get_or_init(|| {
            let registry = Registry::new().draft(Draft::Draft202012).add(ROOT, Bundle::document(defs));
            registry.and_then(|registry| registry.prepare()).ok()
        });
        let options = self.options().with_registry(registry.as_ref()?);
        options.build(schema).ok().map(Arc::new)
    }

    fn options<'i>(&self) -> ValidationOptions<'i> {
        let options =
            jsonschema::options().with_draft(Draft::Draft202012).should_validate_formats(true).offline();
        let options =
            formats::OWN.iter().fold(options, |options, (name, check)| options.with_format(*name, *check));
        match self.direction {
            Direction::Reply => options,
            Direction::Request => formats::OF_REQUESTS
                .iter()
                .fold(options, |options, (name, check)| options.with_format(*name, *check)),
        }
    }
}

impl fmt::Debug for Checks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Checks").field("direction", &self.direction).finish_non_exhaustive()
    }
}

/// Whether a pattern means something to the validator.
pub(super) fn compiles(pattern: &str) -> bool {
    regex_syntax::parse(pattern).is_ok()
        || jsonschema::options().with_draft(Draft::Draft202012).build(&json!({"pattern": pattern})).is_ok()
}

/// The steps of a JSON pointer.
fn split(pointer: &str) -> Vec<String> {
    pointer.split('/').skip(1).map(|step| step.replace("~1", "/").replace("~0", "~")).collect()
}

fn shorten(mut message: String) -> String {
    const LONG: usize = 300;
    if message.len() > LONG {
        let end = (0..=LONG).rev().find(|at| message.is_char_boundary(*at)).unwrap_or(0);
        message.truncate(end);
        message.push('…');
    }
    message
}

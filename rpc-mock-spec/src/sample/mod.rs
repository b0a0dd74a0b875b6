//! Schema → value: deterministic, valid, examples first.
//!
//! A value must satisfy a list of schemas at once (a `$ref` with siblings, `allOf`, a chosen branch all add to the list). What cannot
//! be built by construction (`not`, `oneOf`, …) is built, checked by a validator, and varied.
//!
//! ```text
//! attempts (rich … lean) ── parts (the list) ── choice (anyOf, oneOf, if) ── build (type) ── object | array | string | number
//!        └── valid? else repair, else the next attempt
//! ```

mod array;
mod attempt;
mod build;
mod choice;
mod format;
mod number;
mod object;
mod parts;
mod pattern;
mod repair;
mod several;
mod string;
#[cfg(test)]
mod tests;

use serde_json::Value;

use crate::schema::{Bundle, SchemaId};
use attempt::{Attempt, Effort};
pub(crate) use several::several;

/// A value for a schema.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sample {
    /// The value.
    pub(crate) value: Value,
    /// Whether the validator accepts it. `false`: the schema contradicts itself, or no valid value was found.
    pub(crate) valid: bool,
    /// Examples of the document that its own schema refuses.
    pub(crate) rejected: Vec<Rejected>,
}

/// An example that is not used.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Rejected {
    /// The example.
    pub(crate) value: Value,
    /// What the validator says.
    pub(crate) reason: String,
}

/// A value of a schema; `examples` come first if they are valid. They belong to the place of the schema: it is made once.
pub(crate) fn sample(bundle: &Bundle, id: SchemaId, examples: &[Value]) -> Sample {
    bundle.sample(id, || make(bundle, id, examples))
}

fn make(bundle: &Bundle, id: SchemaId, examples: &[Value]) -> Sample {
    let schema = bundle.get(id);
    let mut rejected = Vec::new();
    for example in examples {
        if bundle.valid(schema, example) {
            return Sample { value: example.clone(), valid: true, rejected };
        }
        rejected.push(reject(bundle, schema, example));
    }
    let mut best = None;
    for effort in Effort::ALL {
        let attempt = Attempt::new(bundle, effort);
        let built = attempt.sample(id);
        rejected.extend(attempt.rejected());
        let Some(value) = built else { continue };
        if bundle.valid(schema, &value) {
            return Sample { value, valid: true, rejected };
        }
        if let Some(value) = repair::repair(bundle, schema, value.clone()) {
            return Sample { value, valid: true, rejected };
        }
        best = best.or(Some(value));
    }
    Sample { value: best.unwrap_or(Value::Null), valid: false, rejected }
}

/// Why an example is not used.
fn reject(bundle: &Bundle, schema: &Value, example: &Value) -> Rejected {
    let found = bundle.violations(schema, example).into_iter().next();
    let reason =
        found.map_or_else(String::new, |found| format!("/{}: {}", found.path.join("/"), found.message));
    Rejected { value: example.clone(), reason }
}

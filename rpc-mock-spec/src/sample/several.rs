//! Many values of one schema, for tests that want to see more than the nicest.

use serde_json::Value;

use super::attempt::{Attempt, Effort};
use crate::schema::{Bundle, SchemaId};

/// How many variants of a value are made at each effort.
const VARIANTS: usize = 4;
/// Every other effort: rich, lean, and without the document's own examples.
const STEP: usize = 2;

/// Valid values of a schema, each once: rich and lean ones, examples, each branch of a choice, values at the bounds.
pub(crate) fn several(bundle: &Bundle, id: SchemaId) -> Vec<Value> {
    let mut found: Vec<Value> = Vec::new();
    for effort in Effort::ALL.into_iter().step_by(STEP) {
        for variant in 0..VARIANTS {
            let Some(value) = Attempt::new(bundle, effort).variant(id, variant) else { break };
            if !found.contains(&value) && bundle.valid(bundle.get(id), &value) {
                found.push(value);
            }
        }
    }
    found
}

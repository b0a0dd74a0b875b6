//! Mends a value that is not valid: what the validator points at is taken out.

use serde_json::Value;

use crate::schema::Bundle;

/// How many parts are taken out at most.
const MAX_CUTS: usize = 24;

/// The value without the parts that are in the way; `None` if that does not make it valid.
pub(super) fn repair(bundle: &Bundle, schema: &Value, mut value: Value) -> Option<Value> {
    for _ in 0..MAX_CUTS {
        let found = bundle.violations(schema, &value);
        let count = found.len();
        if count == 0 {
            return Some(value);
        }
        let paths = found.into_iter().map(|found| found.path);
        let without = |path: &Vec<String>| {
            let mut steps = path.clone();
            // From the place itself outwards: something there is optional.
            while !steps.is_empty() {
                let mut cut = value.clone();
                if remove(&mut cut, &steps) && bundle.violations(schema, &cut).len() < count {
                    return Some(cut);
                }
                steps.pop();
            }
            None
        };
        value = paths.collect::<Vec<_>>().iter().find_map(without)?;
    }
    bundle.valid(schema, &value).then_some(value)
}

fn remove(value: &mut Value, steps: &[String]) -> bool {
    let Some((last, before)) = steps.split_last() else { return false };
    let mut at = value;
    for step in before {
        let next = match at {
            Value::Object(members) => members.get_mut(step),
            Value::Array(items) => step.parse::<usize>().ok().and_then(|index| items.get_mut(index)),
            _ => None,
        };
        let Some(next) = next else { return false };
        at = next;
    }
    match at {
        Value::Object(members) => members.shift_remove(last).is_some(),
        Value::Array(items) => match last.parse::<usize>() {
            Ok(index) if index < items.len() => {
                items.remove(index);
                true
            }
            _ => false,
        },
        _ => false,
    }
}

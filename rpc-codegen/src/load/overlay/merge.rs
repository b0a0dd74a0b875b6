//! How an update goes into a value.

use serde_json::Value as Json;

use crate::load::node::{Node, Value, push_step};

/// Two values that cannot become one.
#[derive(Debug)]
pub(super) struct Clash {
    /// JSON pointer inside of the update.
    pub(super) pointer: String,
    /// Place of the update's value.
    pub(super) place: (u32, u32),
    /// For people.
    pub(super) message: String,
}

/// What kind of values are treated alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Object,
    Array,
    Primitive,
}

impl Kind {
    pub(super) fn of(node: &Node) -> Self {
        match node.value {
            Value::Object(_) => Self::Object,
            Value::Array(_) => Self::Array,
            _ => Self::Primitive,
        }
    }
}

/// An update of a selected value: objects are merged, arrays get the items of an array or anything else as one more item,
/// primitive values are replaced. `whole`: an array is one more item as well.
pub(super) fn update(target: &mut Node, with: &Node, whole: bool) -> Result<(), Clash> {
    match &mut target.value {
        Value::Array(items) if whole || Kind::of(with) != Kind::Array => {
            items.push(with.clone());
            Ok(())
        }
        _ => merge(target, with, &mut String::new()),
    }
}

/// The same update of the same value as JSON. It has gone well, so the kinds fit.
pub(super) fn update_json(target: &mut Json, with: &Json, whole: bool) {
    match (target, with) {
        (Json::Array(items), Json::Array(new)) if !whole => items.extend(new.iter().cloned()),
        (Json::Array(items), _) => items.push(with.clone()),
        (Json::Object(members), Json::Object(new)) => {
            for (key, value) in new {
                match members.get_mut(key) {
                    Some(found) => update_json(found, value, false),
                    None => drop(members.insert(key.clone(), value.clone())),
                }
            }
        }
        (target, _) => target.clone_from(with),
    }
}

fn merge(target: &mut Node, with: &Node, pointer: &mut String) -> Result<(), Clash> {
    let clash = |target: &Node| Clash {
        pointer: pointer.clone(),
        place: (with.line, with.column),
        message: format!("{} cannot be merged into {}", with.described(), target.described()),
    };
    if Kind::of(target) != Kind::of(with) {
        return Err(clash(target));
    }
    match (&mut target.value, &with.value) {
        (Value::Object(entries), Value::Object(new)) => {
            // Looked up by key once: both may be large.
            let mut known: std::collections::HashMap<String, usize> =
                entries.iter().enumerate().map(|(index, entry)| (entry.key.clone(), index)).collect();
            for entry in new {
                let found = known.get(&entry.key).and_then(|index| entries.get_mut(*index));
                let Some(found) = found else {
                    known.insert(entry.key.clone(), entries.len());
                    entries.push(entry.clone());
                    continue;
                };
                let length = pointer.len();
                push_step(pointer, &entry.key);
                merge(&mut found.value, &entry.value, pointer)?;
                pointer.truncate(length);
            }
        }
        (Value::Array(items), Value::Array(new)) => items.extend(new.iter().cloned()),
        _ => target.clone_from(with),
    }
    Ok(())
}

//! Keys of objects: each only once, and found fast in objects that have thousands (`paths`, `components.schemas`).

use std::collections::HashMap;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Diagnostics, Severity, rules};
use crate::location::Location;

use super::node::{Entry, Node, Value, key_order, push_step};

/// Objects with fewer entries are searched from the start.
const WIDE: usize = 24;

/// For each wide object, by the address of its entries: their indices in the order of their keys.
#[derive(Debug, Default)]
pub(super) struct KeyIndex {
    orders: HashMap<usize, Vec<usize>>,
}

impl KeyIndex {
    /// The index of a tree that will not change any more.
    pub(super) fn of(root: &Node) -> Self {
        let mut index = Self::default();
        index.add(root);
        index
    }

    fn add(&mut self, node: &Node) {
        node.as_array().unwrap_or_default().iter().for_each(|item| self.add(item));
        let entries = node.as_object().unwrap_or_default();
        entries.iter().for_each(|entry| self.add(&entry.value));
        if entries.len() >= WIDE {
            self.orders.insert(entries.as_ptr().addr(), key_order(entries));
        }
    }

    /// The entry of a key. Right for any entries, fast for those of the indexed tree.
    pub(super) fn find<'a>(&self, entries: &'a [Entry], key: &str) -> Option<&'a Entry> {
        let order = (entries.len() >= WIDE).then(|| self.orders.get(&entries.as_ptr().addr())).flatten();
        let Some(order) = order else { return entries.iter().find(|entry| entry.key == key) };
        let key_at = |index: &usize| entries.get(*index).map(|entry| entry.key.as_str());
        let position = order.binary_search_by(|index| key_at(index).cmp(&Some(key))).ok()?;
        entries.get(*order.get(position)?)
    }
}

/// Makes keys unique: the last value wins, as in every JSON library. Equal values are harmless, others are an error.
pub(super) fn unite(node: &mut Node, file: &Arc<str>, pointer: &mut String, diagnostics: &mut Diagnostics) {
    let length = pointer.len();
    match &mut node.value {
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                push_step(pointer, index);
                unite(item, file, pointer, diagnostics);
                pointer.truncate(length);
            }
        }
        Value::Object(entries) => {
            for entry in entries.iter_mut() {
                push_step(pointer, &entry.key);
                unite(&mut entry.value, file, pointer, diagnostics);
                pointer.truncate(length);
            }
            let mut superseded = Vec::new();
            for pair in key_order(entries).windows(2) {
                let &[first, second] = pair else { continue };
                let (Some(a), Some(b)) = (entries.get(first), entries.get(second)) else { continue };
                if a.key == b.key {
                    push_step(pointer, &b.key);
                    diagnostics.push(twice(a, b, file, pointer));
                    pointer.truncate(length);
                    superseded.push(first);
                }
            }
            superseded.sort_unstable();
            let mut index = 0;
            entries.retain(|_| {
                index += 1;
                superseded.binary_search(&(index - 1)).is_err()
            });
        }
        _ => {}
    }
}

/// The finding about the second of two entries with one key.
fn twice(first: &Entry, second: &Entry, file: &Arc<str>, pointer: &str) -> Diagnostic {
    let (line, column) = (second.key_line, second.key_column);
    let location = Location { file: file.clone(), line, column, pointer: pointer.to_owned() };
    let (severity, which) = match first.value.same_value(&second.value) {
        true => (Severity::Warning, "the same value"),
        false => (rules::DUPLICATE_KEY.severity, "different values"),
    };
    let message = format!("the key `{}` stands twice, with {which}", second.key);
    let help = format!("the first one is in line {}", first.key_line);
    Diagnostic { severity, ..Diagnostic::new(rules::DUPLICATE_KEY, location, message).help(help) }
}

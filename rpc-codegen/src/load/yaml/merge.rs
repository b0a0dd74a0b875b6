//! Merge keys: `<<: *base`.

use std::collections::HashSet;

use super::{Entry, Fault, Item, Value, fault, rules};

/// Replaces `<<` by the entries that it names: own keys win, then earlier mappings.
pub(super) fn merge(items: Vec<Item>) -> Result<Vec<Entry>, Fault> {
    if !items.iter().any(|item| item.merge) {
        return Ok(items.into_iter().map(|item| item.entry).collect());
    }
    let mut taken: HashSet<String> =
        items.iter().filter(|item| !item.merge).map(|item| item.entry.key.clone()).collect();
    let mut merged = Vec::new();
    for Item { entry, merge } in items {
        if !merge {
            merged.push(entry);
            continue;
        }
        let sources = match entry.value.value {
            Value::Array(items) => items,
            _ => vec![entry.value],
        };
        for source in sources {
            let at = (source.line, source.column);
            let Value::Object(entries) = source.value else {
                let found = source.kind_name();
                let message = format!("`<<` takes a mapping or a list of mappings, found {found}");
                return Err(fault(rules::SYNTAX, at, message));
            };
            merged.extend(entries.into_iter().filter(|entry| taken.insert(entry.key.clone())));
        }
    }
    Ok(merged)
}

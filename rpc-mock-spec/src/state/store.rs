//! Items by collection and id.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use serde_json::{Map, Value};

/// How many items are kept; the oldest go first.
const MAX_ITEMS: usize = 10_000;

/// What is known of an id.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Held {
    /// Nothing.
    Unknown,
    /// It was created here.
    Item(Map<String, Value>),
    /// It was deleted.
    Gone,
}

type Key = (String, String);

#[derive(Debug, Default)]
struct Inner {
    /// `None`: deleted.
    items: HashMap<Key, Option<Map<String, Value>>>,
    order: VecDeque<Key>,
    created: u64,
}

/// The state of one mock; all instances share it.
#[derive(Debug, Default)]
pub(crate) struct Store(Mutex<Inner>);

impl Store {
    fn with<T>(&self, run: impl FnOnce(&mut Inner) -> T) -> T {
        run(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// A number that was not given before, from 1.
    pub(crate) fn number(&self) -> u64 {
        self.with(|inner| {
            inner.created = inner.created.saturating_add(1);
            inner.created
        })
    }

    pub(crate) fn get(&self, collection: &str, id: &str) -> Held {
        self.with(|inner| match inner.items.get(&(collection.to_owned(), id.to_owned())) {
            None => Held::Unknown,
            Some(None) => Held::Gone,
            Some(Some(item)) => Held::Item(item.clone()),
        })
    }

    pub(crate) fn put(&self, collection: &str, id: &str, item: Option<Map<String, Value>>) {
        self.with(|inner| {
            let key = (collection.to_owned(), id.to_owned());
            if inner.items.insert(key.clone(), item).is_none() {
                inner.order.push_back(key);
            }
            while inner.order.len() > MAX_ITEMS {
                if let Some(oldest) = inner.order.pop_front() {
                    inner.items.remove(&oldest);
                }
            }
        });
    }

    /// The items of a collection, oldest first.
    pub(crate) fn list(&self, collection: &str) -> Vec<Map<String, Value>> {
        self.with(|inner| {
            let own = inner.order.iter().filter(|(name, _)| name == collection);
            own.filter_map(|key| inner.items.get(key).cloned().flatten()).collect()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_items_go_first() {
        let store = Store::default();
        for number in 0..=MAX_ITEMS {
            store.put("c", &number.to_string(), Some(Map::new()));
        }
        assert_eq!(store.get("c", "0"), Held::Unknown);
        assert_eq!(store.get("c", "1"), Held::Item(Map::new()));
        assert_eq!(store.list("c").len(), MAX_ITEMS);
        store.put("c", "1", None);
        assert_eq!(store.get("c", "1"), Held::Gone);
        assert_eq!(store.list("c").len(), MAX_ITEMS - 1);
    }
}

//! Attribute sets, made once.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, PoisonError, RwLock};

use opentelemetry::KeyValue;

/// Names at most; with one more, all are forgotten. Endpoints come and go.
const NAMES: usize = 1_000;
/// Sets for a name, at most; what is beyond is made for each event.
const SETS: usize = 100;

type Attributes = Arc<[KeyValue]>;

type Sets<N, K> = HashMap<N, Vec<(K, Attributes)>>;

/// By name, and by a key that has few values.
#[derive(Debug)]
pub(super) struct Prepared<N, K> {
    sets: RwLock<Sets<N, K>>,
}

impl<N, K> Default for Prepared<N, K> {
    fn default() -> Self {
        Self { sets: RwLock::default() }
    }
}

impl<N: Eq + Hash, K: Copy + PartialEq> Prepared<N, K> {
    pub(super) fn get<Q>(&self, name: &Q, key: K, make: impl FnOnce() -> Vec<KeyValue>) -> Attributes
    where
        N: Borrow<Q>,
        Q: Eq + Hash + ToOwned<Owned = N> + ?Sized,
    {
        if let Some(found) = self.known(name, key) {
            return found;
        }
        let made: Attributes = make().into();
        let mut names = self.sets.write().unwrap_or_else(PoisonError::into_inner);
        if names.len() >= NAMES && !names.contains_key(name) {
            names.clear();
        }
        let sets = names.entry(name.to_owned()).or_default();
        if sets.len() < SETS && !sets.iter().any(|(known, _)| *known == key) {
            sets.push((key, Arc::clone(&made)));
        }
        made
    }

    fn known<Q: Eq + Hash + ?Sized>(&self, name: &Q, key: K) -> Option<Attributes>
    where
        N: Borrow<Q>,
    {
        let names = self.sets.read().unwrap_or_else(PoisonError::into_inner);
        let (_, attributes) = names.get(name)?.iter().find(|(known, _)| *known == key)?;
        Some(Arc::clone(attributes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(prepared: &Prepared<String, usize>, name: &str, key: usize) -> bool {
        let mut made = false;
        let attributes = prepared.get(name, key, || {
            made = true;
            vec![KeyValue::new("name", name.to_owned()), KeyValue::new("key", key as i64)]
        });
        assert_eq!(attributes[1], KeyValue::new("key", key as i64));
        made
    }

    #[test]
    fn a_set_is_made_once() {
        let prepared = Prepared::default();
        assert!(made(&prepared, "a", 1) && made(&prepared, "a", 2) && made(&prepared, "b", 1));
        assert!(!made(&prepared, "a", 1) && !made(&prepared, "a", 2) && !made(&prepared, "b", 1));
    }

    #[test]
    fn memory_is_bounded() {
        let prepared = Prepared::default();
        for key in 0..SETS + 10 {
            made(&prepared, "a", key);
        }
        assert!(!made(&prepared, "a", 0) && made(&prepared, "a", SETS));
        for name in 0..3 * NAMES {
            made(&prepared, &name.to_string(), 0);
        }
        assert!(prepared.sets.read().unwrap().len() <= NAMES);
    }
}

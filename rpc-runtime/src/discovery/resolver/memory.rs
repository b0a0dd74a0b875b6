//! What names led to before, for the parts of an answer that cannot be had now.

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use hickory_resolver::proto::rr::Name;

/// The addresses of the last good answer, by the name that was asked for and the name that has them: its own, or that of a
/// target of its SRV records. Never an answer by itself: it fills the gap that one failed question leaves among others that
/// were answered.
#[derive(Debug, Default)]
pub(super) struct Memory(Mutex<HashMap<Name, BTreeMap<Name, Vec<IpAddr>>>>);

impl Memory {
    fn names(&self) -> MutexGuard<'_, HashMap<Name, BTreeMap<Name, Vec<IpAddr>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where `target` was when `asked` was asked for the last time.
    pub(super) fn of(&self, asked: &Name, target: &Name) -> Vec<IpAddr> {
        self.names().get(asked).and_then(|targets| targets.get(target)).cloned().unwrap_or_default()
    }

    /// In place of all that was known of `asked`, so that what an answer no longer names is forgotten.
    pub(super) fn keep(&self, asked: Name, targets: BTreeMap<Name, Vec<IpAddr>>) {
        match targets.is_empty() {
            true => self.names().remove(&asked),
            false => self.names().insert(asked, targets),
        };
    }
}

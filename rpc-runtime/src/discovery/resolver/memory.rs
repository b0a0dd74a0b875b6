//! What names led to before, for the parts of an answer that cannot be had now.

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use hickory_resolver::proto::rr::Name;
use tokio::time::Instant;

use crate::clock::{Clock as _, SystemClock};
use crate::config::Defaults;

/// The addresses of the last good answer, by the name that was asked for and the name that has them: its own, or that of a
/// target of its SRV records. Never an answer by itself: it fills the gap that one failed question leaves among others that
/// were answered. What is older than `Defaults::resolve_stale_after` is forgotten.
#[derive(Debug, Default)]
pub(super) struct Memory(Mutex<Known>);

impl Memory {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where `target` was when `asked` was asked for the last time.
    pub(super) fn of(&self, asked: &Name, target: &Name) -> Vec<IpAddr> {
        self.known().of(asked, target, SystemClock.now()).to_vec()
    }

    /// In place of all that was known of `asked`, so that what an answer no longer names is forgotten.
    pub(super) fn keep(&self, asked: Name, targets: BTreeMap<Name, Vec<IpAddr>>) {
        self.known().keep(asked, targets, SystemClock.now());
    }
}

#[derive(Debug, Default)]
struct Known(HashMap<Name, Entry>);

#[derive(Debug)]
struct Entry {
    kept: Instant,
    targets: BTreeMap<Name, Vec<IpAddr>>,
}

impl Entry {
    fn is_fresh(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.kept) < Defaults::V1.resolve_stale_after
    }
}

impl Known {
    fn of(&self, asked: &Name, target: &Name, now: Instant) -> &[IpAddr] {
        let entry = self.0.get(asked).filter(|entry| entry.is_fresh(now));
        entry.and_then(|entry| entry.targets.get(target)).map_or(&[], Vec::as_slice)
    }

    fn keep(&mut self, asked: Name, targets: BTreeMap<Name, Vec<IpAddr>>, now: Instant) {
        self.0.retain(|name, entry| *name != asked && entry.is_fresh(now));
        if !targets.is_empty() {
            self.0.insert(asked, Entry { kept: now, targets });
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;
    use std::time::Duration;

    use super::*;

    #[test]
    fn what_nobody_asks_for_is_forgotten() {
        let name = |text: &str| Name::from_ascii(text).unwrap();
        let (orders, stock) = (name("orders."), name("stock."));
        let ips = vec![IpAddr::from(Ipv4Addr::LOCALHOST)];
        let targets = |name: &Name| BTreeMap::from([(name.clone(), ips.clone())]);
        let (began, mut known) = (SystemClock.now(), Known::default());
        let at = |seconds| began + Duration::from_secs(seconds);
        known.keep(orders.clone(), targets(&orders), at(0));
        known.keep(stock.clone(), targets(&stock), at(60));
        assert_eq!(known.of(&orders, &orders, at(89)), ips);
        assert!(known.of(&orders, &stock, at(89)).is_empty());
        // Too old: not used, and gone with the next one that is kept.
        assert!(known.of(&orders, &orders, at(90)).is_empty());
        assert_eq!(known.of(&stock, &stock, at(90)), ips);
        assert_eq!(known.0.len(), 2);
        known.keep(name("third."), targets(&stock), at(90));
        assert_eq!((known.0.len(), known.0.contains_key(&orders)), (2, false));
        // An answer without addresses takes away what was known.
        known.keep(stock.clone(), BTreeMap::new(), at(91));
        assert_eq!((known.0.len(), known.of(&stock, &stock, at(91)).len()), (1, 0));
    }
}

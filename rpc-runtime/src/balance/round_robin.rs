//! One after the other.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::{Balance, Pick};
use crate::discovery::Endpoint;
use crate::rng::Rng;

/// One endpoint after the other, the best candidates only. Weights do not count.
#[derive(Debug)]
pub struct RoundRobin(AtomicUsize);

impl RoundRobin {
    /// Starts anywhere: many short processes that all started at the first endpoint would overload it.
    pub fn new(rng: &dyn Rng) -> Self {
        // Far from the end of the range, where the count would jump.
        RoundRobin(AtomicUsize::new((rng.next_u64() >> 40) as usize))
    }
}

impl Balance for RoundRobin {
    fn pick(&self, pick: &Pick<'_>) -> Option<Endpoint> {
        // Only first attempts move on. If re-sends did, then with two endpoints, one of them down, every call would
        // start at the dead one.
        let turn = match pick.tried {
            [] => self.0.fetch_add(1, Ordering::Relaxed),
            _ => self.0.load(Ordering::Relaxed),
        };
        let candidates = pick.candidates();
        let index = turn.checked_rem(candidates.len())?;
        candidates.get(index).map(|endpoint| (*endpoint).clone())
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::Instant;

    use super::*;
    use crate::config::ServiceUrl;
    use crate::discovery::Snapshot;
    use crate::rng::SeededRng;

    /// `a`, `b`, …; a digit behind a name is its priority.
    fn endpoint(name: &str) -> Endpoint {
        let url = ServiceUrl::parse(&format!("http://{}", &name[..1])).unwrap();
        Endpoint::new(url, None).with_priority(name[1..].parse().unwrap_or(0))
    }

    fn endpoints(names: &str) -> Vec<Endpoint> {
        names.split_whitespace().map(endpoint).collect()
    }

    /// The picks of six calls in a row, each with the same tried and ejected endpoints.
    #[track_caller]
    fn check(all: &str, tried: &str, ejected: &str, picked: &str) {
        let (snapshot, tried, ejected) =
            (Snapshot::new(endpoints(all), 1), endpoints(tried), endpoints(ejected));
        let rng = SeededRng::new(0);
        let is_ejected = |endpoint: &Endpoint| ejected.contains(endpoint);
        let pick = Pick::new(&snapshot, Instant::now(), &rng).with_tried(&tried).with_ejected(&is_ejected);
        let balance = RoundRobin(AtomicUsize::new(0));
        let picks: Vec<String> = (0..6)
            .map(|_| balance.pick(&pick).map_or("-".into(), |endpoint| endpoint.host().to_owned()))
            .collect();
        assert_eq!(picks.join(" "), picked);
    }

    #[test]
    fn picks() {
        check("a b c", "", "", "a b c a b c");
        check("a", "", "", "a a a a a a");
        check("", "", "", "- - - - - -");
        // What is left shares evenly.
        check("a b c", "", "b", "a c a c a c");
        // Re-sends do not move on.
        check("a b c", "a", "", "b b b b b b");
        check("a b c", "a", "b", "c c c c c c");
        // Open when nothing else is there: tried before ejected, ejected before nothing.
        check("a b", "a b", "", "a a a a a a");
        check("a b", "a", "b", "a a a a a a");
        check("a b", "", "a b", "a b a b a b");
        check("a b", "a", "a b", "b b b b b b");
        // The next group only when the first is out.
        check("a b c1", "", "", "a b a b a b");
        check("a b c1", "", "a b", "c c c c c c");
        check("a c1", "a", "", "c c c c c c");
    }

    #[test]
    fn a_dead_endpoint_does_not_become_every_calls_first() {
        let (snapshot, rng) = (Snapshot::new(endpoints("a b"), 1), SeededRng::new(0));
        let balance = RoundRobin::new(&rng);
        let pick = Pick::new(&snapshot, Instant::now(), &rng);
        let firsts = (0..10).filter(|_| {
            let first = balance.pick(&pick).unwrap();
            if first.host() == "a" {
                let tried = [first];
                assert_eq!(balance.pick(&pick.with_tried(&tried)).unwrap().host(), "b");
                return true;
            }
            false
        });
        assert_eq!(firsts.count(), 5);
    }
}

//! One after the other.

use std::sync::atomic::{AtomicU64, Ordering};

use super::Choice;
use crate::rng::Rng;

/// Whose turn it is.
#[derive(Debug)]
pub(super) struct RoundRobin(AtomicU64);

impl RoundRobin {
    /// Starts anywhere: many short processes that all started at the first endpoint would overload it.
    pub(super) fn new(rng: &dyn Rng) -> Self {
        RoundRobin(AtomicU64::new(rng.next_u64() >> 24))
    }

    /// The index of the choice, if there is any candidate.
    ///
    /// Only first attempts move on. If re-sends did, then with two endpoints, one of them down, every call would start at the
    /// dead one.
    pub(super) fn pick(&self, choice: &Choice<'_>, first_attempt: bool) -> Option<usize> {
        let turn = match first_attempt {
            true => self.0.fetch_add(1, Ordering::Relaxed),
            false => self.0.load(Ordering::Relaxed),
        };
        match choice.shares {
            None => usize::try_from(turn.checked_rem(choice.candidates.len() as u64)?).ok(),
            // Multiples of the golden ratio, modulo one, fall evenly into any interval (Weyl): each endpoint gets its share,
            // and gets it spread out, without a table and without a lock.
            Some(shares) => {
                const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;
                Some(shares.at(turn.wrapping_mul(GOLDEN)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::Instant;

    use super::super::member::Member;
    use super::super::shares::Shares;
    use super::*;
    use crate::rng::SeededRng;

    fn picks(weights: &[u32], count: usize, first_attempt: bool) -> Vec<usize> {
        let members: Vec<Member> = weights.iter().map(|weight| Member::of_weight(*weight)).collect();
        let (shares, rng) = (Shares::of(&members), SeededRng::new(0));
        let choice = Choice { candidates: &members, shares: shares.as_ref(), now: Instant::now(), rng: &rng };
        let turns = RoundRobin(AtomicU64::new(0));
        (0..count).filter_map(|_| turns.pick(&choice, first_attempt)).collect()
    }

    #[test]
    fn takes_turns() {
        assert_eq!(picks(&[1, 1, 1], 7, true), [0, 1, 2, 0, 1, 2, 0]);
        assert_eq!(picks(&[7, 7], 3, true), [0, 1, 0]);
        assert_eq!(picks(&[5], 2, true), [0, 0]);
        assert!(picks(&[], 2, true).is_empty());
        assert_eq!(picks(&[1, 1], 3, false), [0, 0, 0], "re-sends do not move on");
    }

    #[test]
    fn weights_are_proportions_and_come_spread_out() {
        #[track_caller]
        fn check(weights: &[u32]) {
            const CALLS: usize = 10_000;
            let picks = picks(weights, CALLS, true);
            let total: u32 = weights.iter().sum();
            for (index, weight) in weights.iter().enumerate() {
                let share = f64::from(*weight) / f64::from(total);
                let got = picks.iter().filter(|pick| **pick == index).count();
                let off = (got as f64 - share * CALLS as f64).abs();
                assert!(off <= 0.01 * CALLS as f64 * share + 3.0, "{weights:?}: {index} got {got}");
            }
            // Never starved: between two turns of an endpoint lie at most three times as many calls as its share says.
            let heaviest = weights.iter().enumerate().max_by_key(|(_, weight)| **weight).unwrap();
            let gap = (3.0 * f64::from(total) / f64::from(*heaviest.1)).ceil() as usize;
            assert!(picks.windows(gap).all(|window| window.contains(&heaviest.0)), "{weights:?}");
        }
        check(&[1, 2, 3]);
        check(&[90, 10]);
        check(&[1, 65_535]);
        check(&[5, 1, 1, 1]);
    }

    #[test]
    fn weight_zero_is_no_part_unless_all_have_it() {
        assert!(picks(&[0, 1], 1_000, true).into_iter().all(|pick| pick == 1));
        assert_eq!(picks(&[0, 0], 3, true), [0, 1, 0]);
    }
}

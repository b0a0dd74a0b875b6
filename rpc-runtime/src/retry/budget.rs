//! The retry budget of a service: re-sends are a part of its calls, however many of them fail. (Finagle's `RetryBudget`;
//! "Site Reliability Engineering", chapter 22.)

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::clock::Clock;
use crate::config::Defaults;

/// Parts of the window: what leaves it leaves in steps of this many.
const SLOTS: usize = 10;

/// Counts calls and re-sends of the last seconds. A call deposits when it begins, not when it succeeds: while everything
/// fails, re-sends keep their part, and no more.
#[derive(Debug)]
pub(crate) struct Budget {
    /// Re-sends per call.
    ratio: f64,
    /// Re-sends that no call must pay for, in one window.
    reserve: f64,
    slot: Duration,
    window: Mutex<Window>,
}

#[derive(Debug)]
struct Window {
    slots: [Slot; SLOTS],
    /// The slot of now, and when it began.
    current: usize,
    began: Option<Instant>,
    sum: Slot,
}

#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    deposits: u64,
    withdrawals: u64,
}

impl Budget {
    pub(crate) fn new(ratio: f64, reserve_per_second: f64, window: Duration) -> Self {
        let empty = Window { slots: Default::default(), current: 0, began: None, sum: Slot::default() };
        Self {
            ratio,
            reserve: reserve_per_second * window.as_secs_f64(),
            slot: window / SLOTS as u32,
            window: Mutex::new(empty),
        }
    }

    /// For re-sends.
    pub(crate) fn of_retries(defaults: &Defaults) -> Self {
        Self::new(defaults.budget_ratio, defaults.budget_reserve, defaults.budget_window)
    }

    /// A call begins.
    pub(crate) fn deposit(&self, now: Instant) {
        let mut window = self.window.lock().unwrap_or_else(PoisonError::into_inner);
        window.advance(now, self.slot);
        window.add(|slot| slot.deposits += 1);
    }

    /// Takes one re-send, if there is one. It comes back unless it is [used](Withdrawal::used).
    pub(crate) fn withdraw<'b>(&'b self, clock: &'b dyn Clock) -> Option<Withdrawal<'b>> {
        let at = clock.now();
        let mut window = self.window.lock().unwrap_or_else(PoisonError::into_inner);
        window.advance(at, self.slot);
        let Slot { deposits, withdrawals } = window.sum;
        let allowed = self.reserve + self.ratio * deposits as f64;
        // The sum of many tenths is a little less than it should be.
        if (withdrawals + 1) as f64 > allowed + 1e-6 {
            return None;
        }
        window.add(|slot| slot.withdrawals += 1);
        Some(Withdrawal { budget: self, clock, at })
    }
}

/// A re-send that was taken from a budget. Dropped before it is used, as when the call is dropped while it waits for its
/// turn, it goes back.
#[derive(Debug)]
#[must_use = "dropped, it goes back"]
pub(crate) struct Withdrawal<'b> {
    budget: &'b Budget,
    clock: &'b dyn Clock,
    at: Instant,
}

impl Withdrawal<'_> {
    /// It is sent.
    pub(crate) fn used(self) {
        std::mem::forget(self);
    }
}

impl Drop for Withdrawal<'_> {
    fn drop(&mut self) {
        let mut window = self.budget.window.lock().unwrap_or_else(PoisonError::into_inner);
        window.advance(self.clock.now(), self.budget.slot);
        window.give_back(self.at, self.budget.slot);
    }
}

impl Window {
    fn advance(&mut self, now: Instant, length: Duration) {
        let began = *self.began.get_or_insert(now);
        let passed = now.saturating_duration_since(began);
        if passed < length {
            return;
        }
        let steps = passed.as_nanos() / length.as_nanos().max(1);
        for _ in 0..steps.min(SLOTS as u128) {
            self.current = (self.current + 1) % SLOTS;
            if let Some(old) = self.slots.get_mut(self.current) {
                let Slot { deposits, withdrawals } = std::mem::take(old);
                self.sum.deposits -= deposits;
                self.sum.withdrawals -= withdrawals;
            }
        }
        let steps = u32::try_from(steps).unwrap_or(u32::MAX);
        self.began = Some(began.checked_add(length.saturating_mul(steps)).unwrap_or(now));
    }

    fn add(&mut self, change: impl Fn(&mut Slot)) {
        if let Some(slot) = self.slots.get_mut(self.current) {
            change(slot);
        }
        change(&mut self.sum);
    }

    /// Of the slot that it was taken from, unless that has left the window.
    fn give_back(&mut self, at: Instant, length: Duration) {
        let Some(began) = self.began else { return };
        let before = began.saturating_duration_since(at).as_nanos().div_ceil(length.as_nanos().max(1));
        let Some(back) = usize::try_from(before).ok().filter(|back| *back < SLOTS) else { return };
        if let Some(slot) = self.slots.get_mut((self.current + SLOTS - back) % SLOTS) {
            slot.withdrawals -= 1;
            self.sum.withdrawals -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::ManualClock;

    fn budget() -> (Budget, ManualClock) {
        (Budget::new(0.2, 3.0, Duration::from_secs(10)), ManualClock::new())
    }

    fn withdrawn(budget: &Budget, clock: &ManualClock) -> usize {
        (0..10_000).map_while(|_| budget.withdraw(clock)).map(Withdrawal::used).count()
    }

    #[test]
    fn a_reserve_and_a_part_of_the_calls() {
        #[track_caller]
        fn check(calls: usize, expected: usize) {
            let (budget, clock) = budget();
            (0..calls).for_each(|_| budget.deposit(clock.now()));
            assert_eq!(withdrawn(&budget, &clock), expected, "{calls}");
            assert_eq!(withdrawn(&budget, &clock), 0);
        }
        check(0, 30);
        check(4, 30);
        check(5, 31);
        check(1_000, 230);
    }

    #[test]
    fn calls_and_re_sends_leave_the_window_after_ten_seconds() {
        let (budget, clock) = budget();
        (0..100).for_each(|_| budget.deposit(clock.now()));
        // (seconds later, what can be withdrawn)
        for (seconds, expected) in [(0.5, 50), (9.4, 0), (0.1, 30), (9_990.0, 30)] {
            clock.advance(Duration::from_secs_f64(seconds));
            assert_eq!(withdrawn(&budget, &clock), expected, "{:?}", clock.elapsed());
        }
    }

    #[test]
    fn steady_failure_is_amplified_by_the_ratio_and_the_reserve() {
        let (budget, clock) = budget();
        let mut resent = 0;
        for _ in 0..60_000 {
            budget.deposit(clock.now());
            resent += (0..2).map_while(|_| budget.withdraw(&clock)).map(Withdrawal::used).count();
            clock.advance(Duration::from_millis(10));
        }
        let amplification = resent as f64 / 60_000.0;
        assert!((0.225..=0.235).contains(&amplification), "{amplification}");
    }

    #[test]
    fn what_was_not_used_comes_back_to_where_it_was_taken() {
        // (seconds until it comes back; what can be withdrawn then, and once the slot that it was taken from is old)
        for (seconds, then, later) in
            [(0, 1, 30), (3, 1, 29), (9, 1, 29), (10, 30, 0), (11, 30, 0), (60, 30, 0)]
        {
            let (budget, clock) = budget();
            let kept = budget.withdraw(&clock).unwrap();
            assert_eq!(withdrawn(&budget, &clock), 29);
            clock.advance(Duration::from_secs(seconds));
            drop(kept);
            assert_eq!(withdrawn(&budget, &clock), then, "{seconds}");
            clock.advance(Duration::from_millis(9_999).saturating_sub(Duration::from_secs(seconds)));
            clock.advance(Duration::from_millis(1));
            assert_eq!(withdrawn(&budget, &clock), later, "{seconds}");
        }
    }
}

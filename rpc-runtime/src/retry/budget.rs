//! The retry budget of a service: re-sends are a part of its calls, however many of them fail. (Finagle's `RetryBudget`;
//! "Site Reliability Engineering", chapter 22.)

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

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

/// A re-send that was taken. It goes back unless it is [used](Self::used), also when the caller drops the call meanwhile.
#[derive(Debug)]
pub(crate) struct Taken<'b> {
    budget: &'b Budget,
    at: Instant,
    used: bool,
}

impl Taken<'_> {
    /// It was sent.
    pub(crate) fn used(mut self) {
        self.used = true;
    }
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        if !self.used {
            self.budget.give_back(self.at);
        }
    }
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
        self.with(now, |slot| slot.deposits += 1);
    }

    /// Takes one re-send, if there is one.
    pub(crate) fn take(&self, now: Instant) -> Option<Taken<'_>> {
        self.withdraw(now).then(|| Taken { budget: self, at: now, used: false })
    }

    /// Re-sends that are left.
    pub(crate) fn left(&self, now: Instant) -> u64 {
        let mut window = self.window.lock().unwrap_or_else(PoisonError::into_inner);
        window.advance(now, self.slot);
        let Slot { deposits, withdrawals } = window.sum;
        (self.allowed(deposits) as u64).saturating_sub(withdrawals)
    }

    /// The sum of many tenths is a little less than it should be.
    fn allowed(&self, deposits: u64) -> f64 {
        self.reserve + self.ratio * deposits as f64 + 1e-6
    }

    fn withdraw(&self, now: Instant) -> bool {
        let mut window = self.window.lock().unwrap_or_else(PoisonError::into_inner);
        window.advance(now, self.slot);
        let Slot { deposits, withdrawals } = window.sum;
        let left = (withdrawals + 1) as f64 <= self.allowed(deposits);
        if left {
            window.add(|slot| slot.withdrawals += 1);
        }
        left
    }

    fn give_back(&self, now: Instant) {
        self.with(now, |slot| slot.withdrawals = slot.withdrawals.saturating_sub(1));
    }

    fn with(&self, now: Instant, change: impl Fn(&mut Slot)) {
        let mut window = self.window.lock().unwrap_or_else(PoisonError::into_inner);
        window.advance(now, self.slot);
        window.add(change);
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
                self.sum.withdrawals = self.sum.withdrawals.saturating_sub(withdrawals);
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
}

#[cfg(test)]
mod tests {
    use super::*;

    fn budget() -> Budget {
        Budget::new(0.2, 3.0, Duration::from_secs(10))
    }

    fn withdrawn(budget: &Budget, now: Instant) -> usize {
        (0..10_000).take_while(|_| budget.withdraw(now)).count()
    }

    #[test]
    fn a_reserve_and_a_part_of_the_calls() {
        #[track_caller]
        fn check(calls: usize, expected: usize) {
            let (budget, now) = (budget(), Instant::now());
            (0..calls).for_each(|_| budget.deposit(now));
            assert_eq!(budget.left(now), expected as u64, "{calls}");
            assert_eq!(withdrawn(&budget, now), expected, "{calls}");
            assert_eq!((budget.left(now), withdrawn(&budget, now)), (0, 0));
        }
        check(0, 30);
        check(4, 30);
        check(5, 31);
        check(1_000, 230);
    }

    #[test]
    fn calls_and_re_sends_leave_the_window_after_ten_seconds() {
        let (budget, start) = (budget(), Instant::now());
        let at = |seconds: f64| start + Duration::from_secs_f64(seconds);
        (0..100).for_each(|_| budget.deposit(at(0.0)));
        assert_eq!(withdrawn(&budget, at(0.5)), 50);
        assert_eq!(withdrawn(&budget, at(9.9)), 0);
        assert_eq!(withdrawn(&budget, at(10.0)), 30);
        assert_eq!(withdrawn(&budget, at(10_000.0)), 30);
    }

    #[test]
    fn steady_failure_is_amplified_by_the_ratio_and_the_reserve() {
        let (budget, start) = (budget(), Instant::now());
        let mut resent = 0;
        for call in 0..60_000_u32 {
            let now = start + Duration::from_millis(10) * call;
            budget.deposit(now);
            resent += (0..2).filter(|_| budget.withdraw(now)).count();
        }
        let amplification = resent as f64 / 60_000.0;
        assert!((0.225..=0.235).contains(&amplification), "{amplification}");
    }

    #[test]
    fn what_was_not_used_comes_back() {
        let (budget, now) = (budget(), Instant::now());
        withdrawn(&budget, now);
        budget.give_back(now);
        drop(budget.take(now).unwrap());
        budget.take(now).unwrap().used();
        assert!(budget.take(now).is_none());
    }
}

//! The decision after an attempt.

use std::time::Duration;

use super::Backoff;
use crate::classify::Retry;
use crate::error::Exhausted;

/// Settings of one call.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RetryPolicy {
    /// Re-sends after the first attempt.
    pub(crate) retries: u32,
    pub(crate) backoff: Backoff,
    /// Base of the backoff after a 429, whose service is busy rather than broken.
    pub(crate) throttle_base: Duration,
    /// Longest `Retry-After` that is waited for.
    pub(crate) max_retry_after: Duration,
    /// A re-send must have at least this left after its wait.
    pub(crate) min_attempt: Duration,
}

/// What has happened so far in a call.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct RetryState {
    /// Re-sends so far.
    pub(crate) resent: u32,
    /// Exponent of the backoff; starts again after a wait that the service asked for.
    pub(crate) exponent: u32,
    /// The free immediate re-send after a connection failure has been used.
    pub(crate) moved: bool,
}

/// What to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decision {
    /// Give up, and why where it would have been tried again otherwise.
    Stop(Exhausted),
    /// Wait, then send again.
    Resend { after: Duration },
}

impl RetryPolicy {
    /// Decides. `unit` is uniform in [0, 1); `remaining` is the call's time left, if it has a limit; `withdraw` takes a re-send
    /// from the budget, and is asked last.
    pub(crate) fn decide(
        &self,
        state: &mut RetryState,
        retry: Retry,
        throttled: bool,
        remaining: Option<Duration>,
        unit: f64,
        withdraw: &mut dyn FnMut() -> bool,
    ) -> Decision {
        let mut free = false;
        let after = match retry {
            Retry::No => return Decision::Stop(Exhausted::No),
            Retry::Unsafe => return Decision::Stop(Exhausted::Unsafe),
            _ if state.resent >= self.retries => return Decision::Stop(Exhausted::Attempts),
            // Nothing reached the service, so nothing is amplified.
            Retry::Elsewhere if !state.moved => {
                (state.moved, free) = (true, true);
                Duration::ZERO
            }
            Retry::Elsewhere | Retry::Backoff => {
                let base = if throttled { self.throttle_base } else { self.backoff.base };
                let wait = Backoff { base, ..self.backoff }.wait(state.exponent, unit);
                state.exponent += 1;
                wait
            }
            Retry::After(asked) if asked > self.max_retry_after => {
                return Decision::Stop(Exhausted::RetryAfter);
            }
            Retry::After(asked) => {
                state.exponent = 0;
                asked
            }
        };
        if remaining.is_some_and(|remaining| remaining < after.saturating_add(self.min_attempt)) {
            return Decision::Stop(Exhausted::Deadline);
        }
        if !free && !withdraw() {
            return Decision::Stop(Exhausted::Budget);
        }
        state.resent += 1;
        Decision::Resend { after }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: RetryPolicy = RetryPolicy {
        retries: 2,
        backoff: Backoff { base: Duration::from_millis(50), cap: Duration::from_secs(1) },
        throttle_base: Duration::from_secs(1),
        max_retry_after: Duration::from_secs(30),
        min_attempt: Duration::from_millis(10),
    };

    fn check(steps: &[(Retry, bool, Option<u64>, Decision)]) {
        let mut state = RetryState::default();
        for (index, &(retry, throttled, remaining, expected)) in steps.iter().enumerate() {
            let remaining = remaining.map(Duration::from_millis);
            let decision = POLICY.decide(&mut state, retry, throttled, remaining, 1.0, &mut || true);
            assert_eq!(decision, expected, "step {index}");
        }
    }

    fn resend(millis: u64) -> Decision {
        Decision::Resend { after: Duration::from_millis(millis) }
    }

    const STOP: Decision = Decision::Stop(Exhausted::Attempts);

    #[test]
    fn backs_off_and_gives_up() {
        check(&[
            (Retry::Backoff, false, None, resend(50)),
            (Retry::Backoff, false, None, resend(100)),
            (Retry::Backoff, false, None, STOP),
        ]);
    }

    #[test]
    fn the_first_move_elsewhere_is_immediate_the_second_waits() {
        check(&[(Retry::Elsewhere, false, None, resend(0)), (Retry::Elsewhere, false, None, resend(50))]);
    }

    #[test]
    fn throttling_starts_at_a_second() {
        check(&[(Retry::Backoff, true, None, resend(1000))]);
    }

    #[test]
    fn no_wait_is_longer_than_the_cap() {
        let cap = Duration::from_millis(20);
        let policy = RetryPolicy { backoff: Backoff { cap, ..POLICY.backoff }, ..POLICY };
        for throttled in [false, true] {
            let state = &mut RetryState::default();
            let decision = policy.decide(state, Retry::Backoff, throttled, None, 1.0, &mut || true);
            assert_eq!(decision, resend(20), "{throttled}");
        }
    }

    #[test]
    fn retry_after_is_honoured_exactly_and_resets_the_exponent() {
        let asked = Retry::After(Duration::from_secs(3));
        check(&[
            (Retry::Backoff, false, None, resend(50)),
            (asked, false, Some(4000), resend(3000)),
            (Retry::Backoff, false, None, STOP),
        ]);
        let too_long = Decision::Stop(Exhausted::RetryAfter);
        check(&[(Retry::After(Duration::from_secs(31)), false, None, too_long)]);
    }

    #[test]
    fn no_resend_that_could_not_finish() {
        const LATE: Decision = Decision::Stop(Exhausted::Deadline);
        check(&[(Retry::Backoff, false, Some(59), LATE)]);
        check(&[(Retry::Backoff, false, Some(60), resend(50))]);
        check(&[(Retry::Elsewhere, false, Some(9), LATE)]);
    }

    #[test]
    fn the_final_stays_final() {
        check(&[
            (Retry::No, false, None, Decision::Stop(Exhausted::No)),
            (Retry::Unsafe, false, None, Decision::Stop(Exhausted::Unsafe)),
        ]);
    }

    #[test]
    fn only_the_first_move_elsewhere_is_free_and_only_what_is_sent_costs() {
        #[track_caller]
        fn check(before: &[Retry], retry: Retry, remaining: Option<u64>, cost: u32) {
            let mut state = RetryState::default();
            for retry in before {
                POLICY.decide(&mut state, *retry, false, None, 1.0, &mut || true);
            }
            let (mut asked, remaining) = (0, remaining.map(Duration::from_millis));
            let mut refuse = || {
                asked += 1;
                false
            };
            let decision = POLICY.decide(&mut state, retry, false, remaining, 1.0, &mut refuse);
            assert_eq!(decision == Decision::Stop(Exhausted::Budget), cost == 1, "{decision:?}");
            assert_eq!(asked, cost);
        }
        check(&[], Retry::Elsewhere, None, 0);
        check(&[Retry::Elsewhere], Retry::Elsewhere, None, 1);
        check(&[Retry::Backoff], Retry::Elsewhere, None, 0);
        check(&[], Retry::Backoff, None, 1);
        check(&[], Retry::After(Duration::from_secs(1)), None, 1);
        // What is not sent anyway costs nothing.
        check(&[], Retry::Backoff, Some(59), 0);
        check(&[], Retry::No, None, 0);
        check(&[], Retry::Unsafe, None, 0);
        check(&[Retry::Backoff, Retry::Backoff], Retry::Backoff, None, 0);
    }
}

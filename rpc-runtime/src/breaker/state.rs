//! The state machine. Pure: state and event in, verdict out.

use std::time::Duration;

use tokio::time::Instant;

use super::permit::Turn;
use super::{Breaker, CallOutcome, Refused};

/// Closed, with so many failures in a row; open until a moment; or open with a probe under way.
#[derive(Debug, Default)]
pub(super) struct State {
    position: Position,
    /// Counts the changes of position: what was let through before one says nothing after it.
    epoch: u64,
}

#[derive(Debug)]
enum Position {
    Closed { failures: u32 },
    Open { until: Instant },
    HalfOpen,
}

impl Default for Position {
    fn default() -> Self {
        Self::Closed { failures: 0 }
    }
}

/// Remembers what the state was when a call was let through.
#[derive(Debug)]
pub(super) struct Pass {
    epoch: u64,
}

impl State {
    /// Lets a call through, or not. The first one after the time is up is the probe.
    pub(super) fn admit(&mut self, now: Instant) -> Result<Pass, Refused> {
        match self.position {
            Position::Closed { .. } => {}
            Position::Open { until } if now < until => {
                return Err(Refused::Open(until.saturating_duration_since(now)));
            }
            Position::Open { .. } => self.turn(Position::HalfOpen),
            Position::HalfOpen => return Err(Refused::Probing),
        }
        Ok(Pass { epoch: self.epoch })
    }

    pub(super) fn is_open(&self) -> bool {
        !matches!(self.position, Position::Closed { .. })
    }

    /// A call that was let through has ended.
    pub(super) fn ended(
        &mut self,
        pass: Pass,
        outcome: CallOutcome,
        breaker: Breaker,
        now: Instant,
    ) -> Option<Turn> {
        if pass.epoch != self.epoch {
            return None;
        }
        // As long as thirty years is for ever.
        let far = Duration::from_secs(30 * 365 * 24 * 60 * 60);
        let open = || Position::Open { until: now + breaker.recovery.min(far) };
        match (&mut self.position, outcome) {
            (Position::Closed { failures }, CallOutcome::Answered) => *failures = 0,
            (Position::Closed { failures }, CallOutcome::Failed) => {
                *failures += 1;
                if *failures >= breaker.threshold {
                    self.turn(open());
                    return Some(Turn::Opened);
                }
            }
            (Position::HalfOpen, CallOutcome::Answered) => {
                self.turn(Position::default());
                return Some(Turn::Closed);
            }
            (Position::HalfOpen, CallOutcome::Failed) => {
                self.turn(open());
                return Some(Turn::Opened);
            }
            // The next call is the probe.
            (Position::HalfOpen, CallOutcome::Unknown) => self.turn(Position::Open { until: now }),
            (Position::Closed { .. }, CallOutcome::Unknown) | (Position::Open { .. }, _) => {}
        }
        None
    }

    fn turn(&mut self, position: Position) {
        self.position = position;
        self.epoch += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use CallOutcome::{Answered, Failed, Unknown};

    const BREAKER: Breaker = Breaker::new(3, Duration::from_secs(60));

    /// One step of a story.
    #[derive(Debug, Clone, Copy)]
    enum Step {
        /// A call is let through and ends at once.
        Call(CallOutcome, Option<Turn>),
        /// A call is let through and stays under way.
        Begin,
        /// The oldest call under way ends.
        End(CallOutcome, Option<Turn>),
        Refused(Refused),
        Seconds(u64),
    }
    use Step::{Begin, Call, End, Seconds};

    fn check(steps: &[Step]) {
        let (mut state, mut now) = (State::default(), Instant::now());
        let mut under_way = std::collections::VecDeque::new();
        for (index, step) in steps.iter().enumerate() {
            match *step {
                Call(outcome, turn) => {
                    let pass = state.admit(now).unwrap();
                    assert_eq!(state.ended(pass, outcome, BREAKER, now), turn, "step {index}");
                }
                Begin => under_way.push_back(state.admit(now).unwrap()),
                End(outcome, turn) => {
                    let pass = under_way.pop_front().unwrap();
                    assert_eq!(state.ended(pass, outcome, BREAKER, now), turn, "step {index}");
                }
                Step::Refused(why) => assert_eq!(state.admit(now).unwrap_err(), why, "step {index}"),
                Seconds(seconds) => now += Duration::from_secs(seconds),
            }
        }
    }

    const OPENED: Option<Turn> = Some(Turn::Opened);
    const CLOSED: Option<Turn> = Some(Turn::Closed);

    fn still(seconds: u64) -> Step {
        Step::Refused(Refused::Open(Duration::from_secs(seconds)))
    }

    #[test]
    fn failures_in_a_row_open_it_and_a_successful_probe_closes_it() {
        check(&[
            Call(Failed, None),
            Call(Failed, None),
            Call(Failed, OPENED),
            still(60),
            Seconds(59),
            still(1),
            Seconds(1),
            Call(Answered, CLOSED),
            Call(Failed, None),
            Call(Failed, None),
            Call(Failed, OPENED),
        ]);
    }

    #[test]
    fn a_success_starts_the_count_again_and_what_says_nothing_changes_nothing() {
        check(&[
            Call(Failed, None),
            Call(Failed, None),
            Call(Answered, None),
            Call(Failed, None),
            Call(Unknown, None),
            Call(Failed, None),
            Call(Unknown, None),
            Call(Failed, OPENED),
        ]);
    }

    #[test]
    fn exactly_one_probe_and_a_failed_one_opens_it_again() {
        check(&[
            Call(Failed, None),
            Call(Failed, None),
            Call(Failed, OPENED),
            Seconds(60),
            Begin,
            Step::Refused(Refused::Probing),
            Step::Refused(Refused::Probing),
            End(Failed, OPENED),
            still(60),
        ]);
    }

    #[test]
    fn a_probe_that_was_given_up_leaves_its_place_to_the_next_call() {
        check(&[
            Call(Failed, None),
            Call(Failed, None),
            Call(Failed, OPENED),
            Seconds(60),
            Begin,
            End(Unknown, None),
            Call(Answered, CLOSED),
        ]);
    }

    #[test]
    fn what_began_before_it_opened_does_not_count_after() {
        check(&[
            Begin,
            Begin,
            Call(Failed, None),
            Call(Failed, None),
            Call(Failed, OPENED),
            End(Answered, None),
            still(60),
            Seconds(60),
            Begin,
            End(Failed, None),
            End(Answered, CLOSED),
        ]);
    }

    #[test]
    fn a_recovery_beyond_all_clocks_keeps_it_open() {
        let (mut state, now) = (State::default(), Instant::now());
        let pass = state.admit(now).unwrap();
        let turn = state.ended(pass, Failed, Breaker::new(1, Duration::MAX), now);
        assert_eq!(turn, OPENED);
        assert!(state.admit(now + Duration::from_secs(3600)).is_err());
    }

    #[test]
    fn a_threshold_of_nothing_is_one() {
        assert_eq!(Breaker::new(0, Duration::ZERO).threshold, 1);
        assert_eq!(Breaker::default(), Breaker::new(5, Duration::from_secs(60)));
    }
}

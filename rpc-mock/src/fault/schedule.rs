//! When a fault strikes, counted in calls: pure, without clock or chance.

/// See [`Fault`](super::Fault) for the meaning of the parts together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Schedule {
    pub(crate) times: Option<u32>,
    pub(crate) after: u32,
    pub(crate) every: Option<u32>,
    /// Good calls, bad calls.
    pub(crate) flapping: Option<(u32, u32)>,
}

/// What a fault has seen.
#[derive(Debug, Default)]
pub(crate) struct Counter {
    matched: u64,
    struck: u64,
}

impl Schedule {
    /// What keeps it from ever striking.
    pub(crate) fn never(&self) -> Option<&'static str> {
        match self {
            Self { times: Some(0), .. } => Some("`times:0` never strikes: write 1 or more"),
            Self { every: Some(0), .. } => Some("`every:0` never strikes: write 1 or more"),
            Self { flapping: Some((_, 0)), .. } => {
                Some("`flapping` with no bad calls never strikes: write GOOD/BAD with a BAD of 1 or more")
            }
            _ => None,
        }
    }

    /// Counts one more matching call and says whether the fault strikes it.
    pub(crate) fn decide(&self, counter: &mut Counter) -> bool {
        let call = counter.matched;
        counter.matched += 1;
        let strikes = self.chooses(call) && self.times.is_none_or(|times| counter.struck < times.into());
        counter.struck += u64::from(strikes);
        strikes
    }

    /// Whether the `call`-th matching call, from 0, is one to strike.
    fn chooses(&self, call: u64) -> bool {
        let Some(call) = call.checked_sub(self.after.into()) else { return false };
        let each = self.every.is_none_or(|n| (call + 1).is_multiple_of(n.into()));
        let bad = self.flapping.is_none_or(|(good, bad)| {
            let (good, bad) = (u64::from(good), u64::from(bad));
            bad > 0 && call % (good + bad) >= good
        });
        each && bad
    }
}

#[cfg(test)]
mod tests {
    use super::super::Fault;
    use super::*;

    /// One letter per call: `x` is struck.
    fn check(fault: Fault, expected: &str) {
        let mut counter = Counter::default();
        let strikes = |_| if fault.schedule.decide(&mut counter) { 'x' } else { '.' };
        assert_eq!((0..expected.len()).map(strikes).collect::<String>(), expected, "{fault}");
    }

    #[test]
    fn what_never_strikes_is_known() {
        let fault = Fault::close;
        for (fault, never) in [
            (fault(), false),
            (fault().times(0), true),
            (fault().every(0), true),
            (fault().flapping(1, 0), true),
            (fault().flapping(0, 0), true),
            (fault().times(1).every(1).flapping(0, 1), false),
            (fault().every(2).flapping(3, 1), false),
        ] {
            let mut counter = Counter::default();
            assert_eq!(fault.schedule.never().is_some(), never, "{fault}");
            assert_eq!((0..100).any(|_| fault.schedule.decide(&mut counter)), !never, "{fault}");
        }
    }

    #[test]
    fn strikes_as_counted() {
        let fault = Fault::close;
        check(fault(), "xxxxxx");
        check(fault().times(2), "xx......");
        check(fault().times(0), "....");
        check(fault().after(3), "...xxxx");
        check(fault().after(2).times(1), "..x....");
        check(fault().every(1), "xxxx");
        check(fault().every(0), "....");
        check(fault().every(3), "..x..x..x");
        check(fault().every(2).times(2), ".x.x....");
        check(fault().every(2).after(1), "..x.x.x");
        check(fault().flapping(2, 1), "..x..x..x");
        check(fault().flapping(1, 3), ".xxx.xxx.");
        check(fault().flapping(0, 1), "xxxx");
        check(fault().flapping(1, 0), "....");
        check(fault().flapping(0, 0), "....");
        check(fault().flapping(2, 2).after(1), "...xx..xx");
        check(fault().flapping(2, 2).times(3), "..xx..x...");
        check(fault().flapping(2, 2).every(2), "...x...x");
        check(fault().flapping(u32::MAX, u32::MAX).every(u32::MAX), "....");
    }
}

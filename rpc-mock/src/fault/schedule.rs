//! When a fault strikes, counted in calls: pure, without clock or chance.

/// See [`Fault`](super::Fault) for the meaning of the parts together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Schedule {
    pub(crate) times: Option<u32>,
    pub(crate) after: u32,
    /// At least 1.
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
    fn strikes_as_counted() {
        let fault = Fault::close;
        check(fault(), "xxxxxx");
        check(fault().times(2), "xx......");
        check(fault().times(0), "....");
        check(fault().after(3), "...xxxx");
        check(fault().after(2).times(1), "..x....");
        check(fault().every(1), "xxxx");
        check(fault().every(0), "xxxx");
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

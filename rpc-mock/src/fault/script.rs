//! Which faults strike a call: pure.

use std::time::Duration;

use super::schedule::Counter;
use super::{Fault, Kind};

/// The faults of a mock, oldest first, each with what it has seen.
#[derive(Debug, Default)]
pub(crate) struct Script(Vec<(Fault, Counter)>);

/// What happens to one call.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Verdict {
    /// First this.
    pub(crate) delay: Option<Duration>,
    /// Then this instead of, or around, the reply.
    pub(crate) kind: Option<Kind>,
}

impl Script {
    pub(crate) fn add(&mut self, fault: Fault) {
        self.0.push((fault, Counter::default()));
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// Delays add up; the newest of the others wins; all that match count the call.
    pub(crate) fn decide(&mut self, operation: Option<&str>, instance: usize) -> Verdict {
        let mut verdict = Verdict::default();
        for (fault, counter) in &mut self.0 {
            if !fault.matches(operation, instance) || !fault.schedule.decide(counter) {
                continue;
            }
            if let Kind::Delay(delay) = fault.kind {
                verdict.delay = Some(verdict.delay.unwrap_or_default().saturating_add(delay));
            } else {
                verdict.kind = Some(fault.kind.clone());
            }
        }
        verdict
    }
}

impl Fault {
    fn matches(&self, operation: Option<&str>, instance: usize) -> bool {
        self.instance.is_none_or(|at| at == instance)
            && self.operation.as_deref().is_none_or(|on| Some(on) == operation)
    }
}

impl Verdict {
    /// For the record: `delay:250ms+status:503`.
    pub(crate) fn text(&self) -> Option<String> {
        let parts: Vec<String> =
            self.delay.map(Kind::Delay).iter().chain(&self.kind).map(ToString::to_string).collect();
        (!parts.is_empty()).then(|| parts.join("+"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each call is (operation, instance), each verdict its text.
    fn check(faults: &[&str], calls: &[(Option<&str>, usize, &str)]) {
        let mut script = Script::default();
        faults.iter().for_each(|fault| script.add(fault.parse().unwrap()));
        for (number, (operation, instance, expected)) in calls.iter().enumerate() {
            let verdict = script.decide(*operation, *instance).text().unwrap_or_default();
            assert_eq!(verdict, *expected, "{faults:?}, call {number}");
        }
    }

    #[test]
    fn a_fault_strikes_where_it_is_meant() {
        let (get, list) = (Some("get"), Some("list"));
        check(&["=close"], &[(get, 0, "close"), (list, 3, "close"), (None, 0, "close")]);
        check(&["get=close"], &[(get, 0, "close"), (get, 1, "close"), (list, 0, ""), (None, 0, "")]);
        check(&["@1=close"], &[(get, 0, ""), (get, 1, "close"), (None, 1, "close")]);
        check(&["get@1=close"], &[(get, 0, ""), (get, 1, "close"), (list, 1, "")]);
    }

    #[test]
    fn only_matching_calls_are_counted() {
        let (get, list) = (Some("get"), Some("list"));
        check(&["get=close,times:1"], &[(list, 0, ""), (get, 0, "close"), (get, 0, "")]);
        check(&["@1=close,after:1"], &[(get, 1, ""), (get, 0, ""), (get, 1, "close")]);
    }

    #[test]
    fn delays_add_up_and_the_newest_other_fault_wins() {
        let get = Some("get");
        check(&["=hang", "=status:503,times:1"], &[(get, 0, "status:503"), (get, 0, "hang")]);
        check(&["=delay:1s", "=close", "get=delay:250ms"], &[(get, 0, "delay:1.25s+close")]);
        // A fault that another one hides counts the call all the same.
        check(&["=hang,times:1", "=close,times:1"], &[(get, 0, "close"), (get, 0, "")]);
    }

    #[test]
    fn a_cleared_script_does_nothing() {
        let mut script = Script::default();
        script.add(Fault::hang());
        script.clear();
        assert_eq!(script.decide(None, 0), Verdict::default());
    }
}

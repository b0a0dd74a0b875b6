//! One scripted server: what it does at which time.

use std::time::Duration;

/// What a server does with a request.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Answer {
    /// Answers after about this time: a fifth more or less.
    Ok(Duration),
    /// HTTP 503 after this time.
    Unavailable(Duration),
    /// Refuses the connection.
    Refused,
    /// Takes the connection and never says anything.
    Silent,
}

/// A server, by its times.
#[derive(Clone, Debug)]
pub struct Server {
    /// Its host name.
    pub name: String,
    /// When it joins the set, and when it leaves.
    pub present: (Duration, Option<Duration>),
    /// Its priority and weight, as SRV records have them.
    pub record: (u16, u16),
    /// This part of its good answers is HTTP 503 instead, at random.
    pub(crate) errors: f64,
    /// This part of its good answers takes so many times as long, at random.
    pub(crate) slow: (f64, f64),
    phases: Vec<(Duration, Answer)>,
    /// It stands still, for how long, every how often, first at.
    pause: Option<(Duration, Duration, Duration)>,
}

impl Server {
    /// A server that is always there and answers after about `latency`.
    pub fn new(name: impl Into<String>, latency: Duration) -> Self {
        Server {
            name: name.into(),
            present: (Duration::ZERO, None),
            record: (0, 1),
            errors: 0.0,
            slow: (0.0, 1.0),
            phases: vec![(Duration::ZERO, Answer::Ok(latency))],
            pause: None,
        }
    }

    /// From this time on it does that; times ascend.
    #[must_use]
    pub fn from(mut self, time: Duration, answer: Answer) -> Self {
        self.phases.push((time, answer));
        self
    }

    /// It joins the set at this time.
    #[must_use]
    pub fn joins(mut self, time: Duration) -> Self {
        self.present.0 = time;
        self
    }

    /// It leaves the set at this time, and refuses connections soon after that: servers that stop are drained first.
    #[must_use]
    pub fn leaves(mut self, time: Duration) -> Self {
        self.present.1 = Some(time);
        self.from(time + crate::names::TTL + crate::names::SLACK, Answer::Refused)
    }

    /// It has this priority and weight, as SRV records give them.
    #[must_use]
    pub fn with_record(mut self, priority: u16, weight: u16) -> Self {
        self.record = (priority, weight);
        self
    }

    /// This part of its good answers is HTTP 503 instead, at random.
    #[must_use]
    pub fn errs(mut self, part: f64) -> Self {
        self.errors = part;
        self
    }

    /// This part of its good answers takes so many times as long, at random.
    #[must_use]
    pub fn dawdles(mut self, part: f64, times: f64) -> Self {
        self.slow = (part, times);
        self
    }

    /// It stands still for `length` every `every`, as a garbage collector does: nothing is answered before the end of it.
    #[must_use]
    pub fn pauses(mut self, length: Duration, every: Duration, first: Duration) -> Self {
        self.pause = Some((length, every, first));
        self
    }

    /// Whether it is in the set at this time.
    pub(crate) fn is_present(&self, time: Duration) -> bool {
        self.present.0 <= time && self.present.1.is_none_or(|end| time < end)
    }

    /// What it does with a request that comes at this time, and how long it stands still before.
    pub(crate) fn answer(&self, time: Duration) -> (Duration, Answer) {
        let phase = self.phases.iter().rev().find(|(from, _)| *from <= time);
        let answer = phase.map_or(Answer::Refused, |(_, answer)| *answer);
        (self.still(time), answer)
    }

    fn still(&self, time: Duration) -> Duration {
        let Some((length, every, first)) = self.pause else { return Duration::ZERO };
        let Some(since) = time.checked_sub(first) else { return Duration::ZERO };
        let into = Duration::from_nanos((since.as_nanos() % every.as_nanos().max(1)) as u64);
        length.saturating_sub(into)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn phases_and_pauses() {
        let ok = Answer::Ok(Duration::from_millis(10));
        let server = Server::new("a", Duration::from_millis(10))
            .from(seconds(5), Answer::Refused)
            .from(seconds(6), ok)
            .pauses(seconds(1), seconds(10), seconds(20))
            .leaves(seconds(40));
        #[track_caller]
        fn check(server: &Server, at: u64, still: u64, answer: Answer) {
            assert_eq!(
                server.answer(Duration::from_millis(at)),
                (Duration::from_millis(still), answer),
                "{at}"
            );
        }
        check(&server, 0, 0, ok);
        check(&server, 5_000, 0, Answer::Refused);
        check(&server, 6_000, 0, ok);
        check(&server, 20_000, 1_000, ok);
        check(&server, 20_400, 600, ok);
        check(&server, 21_000, 0, ok);
        check(&server, 30_999, 1, ok);
        check(&server, 40_000, 1_000, ok);
        check(&server, 46_500, 0, Answer::Refused);
        assert!(server.is_present(seconds(39)) && !server.is_present(seconds(40)));
    }
}

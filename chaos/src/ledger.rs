//! What an interceptor was told, call by call.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rpc_runtime::Error;
use rpc_runtime::clock::Clock;
use rpc_runtime::intercept::{
    AttemptEnded, CallEnded, Hook, Interceptor, Outcome, OutgoingAttempt, OutgoingCall,
};
use rpc_runtime::rng::Rng;

use crate::calls::{How, below, chance, id_of};

/// What an interceptor was told of one call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Entry {
    /// `before_call` and `after_call`.
    pub(crate) call: (u32, u32),
    /// `before_attempt` and `after_attempt`.
    pub(crate) attempts: (u32, u32),
    /// Of the calls that ended, those that were dropped.
    pub(crate) dropped: u32,
    /// Attempts, as `after_call` says.
    pub(crate) told: u32,
}

/// An interceptor that writes down what it is told. Clones write into the same book.
#[derive(Clone, Debug)]
pub(crate) struct Ledger {
    entries: Arc<Mutex<Vec<Entry>>>,
    /// Where it waits now and then, or refuses.
    trouble: Option<Trouble>,
}

/// An interceptor's own faults.
#[derive(Clone, Debug)]
pub(crate) struct Trouble {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) rng: Arc<dyn Rng>,
}

impl Ledger {
    pub(crate) fn new(calls: usize, trouble: Option<Trouble>) -> Self {
        Self { entries: Arc::new(Mutex::new(vec![Entry::default(); calls])), trouble }
    }

    pub(crate) fn entries(&self) -> MutexGuard<'_, Vec<Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, call: &OutgoingCall, change: impl FnOnce(&mut Entry)) {
        let mut entries = self.entries();
        if let Some(entry) = id_of(&call.target()).and_then(|id| entries.get_mut(id)) {
            change(entry);
        }
    }

    fn hook(&self) -> Hook<'_> {
        let Some(Trouble { clock, rng }) = &self.trouble else { return Hook::done() };
        match rng.unit() {
            unit if unit < 0.01 => Hook::refuse(Error::refused("not today")),
            unit if unit < 0.2 => Hook::later(async move {
                clock.sleep(Duration::from_micros(below(&**rng, 20_000))).await;
                match chance(&**rng, 0.05) {
                    true => Err(Error::refused("after some thought, no")),
                    false => Ok(()),
                }
            }),
            _ => Hook::done(),
        }
    }
}

impl Interceptor for Ledger {
    fn before_call<'a>(&'a self, call: &'a mut OutgoingCall) -> Hook<'a> {
        self.note(call, |entry| entry.call.0 += 1);
        self.hook()
    }

    fn before_attempt<'a>(&'a self, attempt: &'a mut OutgoingAttempt<'_>) -> Hook<'a> {
        self.note(attempt.call(), |entry| entry.attempts.0 += 1);
        self.hook()
    }

    fn after_attempt(&self, ended: &AttemptEnded<'_>) {
        self.note(ended.call, |entry| entry.attempts.1 += 1);
    }

    fn after_call(&self, ended: &CallEnded<'_>) {
        self.note(ended.call, |entry| {
            entry.call.1 += 1;
            entry.told = ended.attempts;
            entry.dropped += u32::from(matches!(ended.outcome, Outcome::Dropped));
        });
    }
}

/// What is wrong with the books of two interceptors, the second of which is asked after the first, about one call.
pub(crate) fn odd(outer: Entry, inner: Entry, how: How) -> Option<&'static str> {
    let Entry { call: (begun, ended), attempts, told, .. } = outer;
    if begun != 1 && !(how != How::Ended && begun == 0) {
        return Some("an interceptor is not told of a call's begin, or more than once");
    }
    if ended != begun || inner.call.0 != inner.call.1 || inner.call.0 > begun {
        return Some("an interceptor is not told once of a call's end");
    }
    if attempts.0 != attempts.1 || inner.attempts.0 != inner.attempts.1 || inner.attempts.0 > attempts.0 {
        return Some("an interceptor is not told once of an attempt's end");
    }
    if outer.dropped != u32::from(how == How::Dropped && begun == 1) {
        return Some("an interceptor is told wrongly whether the call was dropped");
    }
    (attempts.0 != told).then_some("an interceptor sees another number of attempts than there were")
}

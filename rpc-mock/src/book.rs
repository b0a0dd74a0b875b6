//! Calls and faults of a running mock, under one lock: the order in which calls are recorded is the order in which
//! faults count them.

use std::sync::{Mutex, MutexGuard, PoisonError};

use http::StatusCode;

use crate::fault::{Fault, Script, Verdict};
use crate::record::Recorded;

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct Book(Mutex<Pages>);

#[derive(Debug, Default)]
struct Pages {
    script: Script,
    calls: Vec<Recorded>,
    /// How many calls were cleared, so that tickets stay valid.
    cleared: usize,
}

/// The place of a call in the book.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ticket(usize);

impl Book {
    pub(crate) fn new(faults: Vec<Fault>) -> Self {
        let book = Self::default();
        faults.into_iter().for_each(|fault| book.fault(fault));
        book
    }

    fn open(&self) -> MutexGuard<'_, Pages> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn fault(&self, fault: Fault) {
        self.open().script.add(fault);
    }

    pub(crate) fn clear_faults(&self) {
        self.open().script.clear();
    }

    /// Enters a call and decides what happens to it.
    pub(crate) fn arrive(&self, mut call: Recorded) -> (Ticket, Verdict) {
        let mut pages = self.open();
        let verdict = pages.script.decide(call.operation.as_deref(), call.instance);
        call.fault = verdict.text();
        let ticket = Ticket(pages.cleared + pages.calls.len());
        pages.calls.push(call);
        (ticket, verdict)
    }

    pub(crate) fn replied(&self, ticket: Ticket, status: StatusCode) {
        let mut pages = self.open();
        let place = ticket.0.checked_sub(pages.cleared);
        if let Some(call) = place.and_then(|place| pages.calls.get_mut(place)) {
            call.status = Some(status);
        }
    }

    pub(crate) fn calls(&self) -> Vec<Recorded> {
        self.open().calls.clone()
    }

    pub(crate) fn calls_to(&self, operation: &str) -> Vec<Recorded> {
        let pages = self.open();
        pages.calls.iter().filter(|call| call.operation.as_deref() == Some(operation)).cloned().collect()
    }

    pub(crate) fn clear_calls(&self) {
        let mut pages = self.open();
        pages.cleared += pages.calls.len();
        pages.calls.clear();
    }
}

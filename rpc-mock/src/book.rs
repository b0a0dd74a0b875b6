//! Calls and faults of a running mock, under one lock: the order in which calls are recorded is the order in which
//! faults count them.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::fault::{Fault, Script, Verdict};
use crate::record::Recorded;

/// See the module.
#[derive(Debug)]
pub(crate) struct Book {
    pages: Mutex<Pages>,
    /// How many calls are kept.
    limit: usize,
}

#[derive(Debug, Default)]
struct Pages {
    script: Script,
    calls: VecDeque<Recorded>,
    /// The ticket of the first call that is kept.
    first: u64,
}

/// The place of a call in the book.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ticket(u64);

impl Book {
    pub(crate) fn new(faults: Vec<Fault>, limit: usize) -> Self {
        let book = Self { pages: Mutex::default(), limit };
        faults.into_iter().for_each(|fault| book.fault(fault));
        book
    }

    fn open(&self) -> MutexGuard<'_, Pages> {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn fault(&self, fault: Fault) {
        self.open().script.add(fault);
    }

    pub(crate) fn clear_faults(&self) {
        self.open().script.clear();
    }

    /// Enters a call and decides what happens to it.
    pub(crate) fn arrive(&self, call: &mut Recorded) -> (Ticket, Verdict) {
        let mut pages = self.open();
        let verdict = pages.script.decide(call.operation.as_deref(), call.instance);
        call.fault = verdict.text();
        let ticket = Ticket(pages.first + pages.calls.len() as u64);
        pages.calls.push_back(call.clone());
        while pages.calls.len() > self.limit {
            pages.calls.pop_front();
            pages.first += 1;
        }
        (ticket, verdict)
    }

    /// Replaces what is known of a call, if it is still kept.
    pub(crate) fn update(&self, ticket: Ticket, call: &Recorded) {
        let mut pages = self.open();
        let place = ticket.0.checked_sub(pages.first).and_then(|place| usize::try_from(place).ok());
        if let Some(kept) = place.and_then(|place| pages.calls.get_mut(place)) {
            kept.clone_from(call);
        }
    }

    pub(crate) fn calls(&self) -> Vec<Recorded> {
        self.open().calls.iter().cloned().collect()
    }

    pub(crate) fn calls_to(&self, operation: &str) -> Vec<Recorded> {
        let pages = self.open();
        pages.calls.iter().filter(|call| call.operation.as_deref() == Some(operation)).cloned().collect()
    }

    pub(crate) fn take_calls(&self) -> Vec<Recorded> {
        let mut pages = self.open();
        pages.first += pages.calls.len() as u64;
        std::mem::take(&mut pages.calls).into()
    }
}

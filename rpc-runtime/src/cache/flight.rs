//! Equal calls at the same moment are one call.
//!
//! Who boards a flight has a seat; who has the flight's only baton makes the call. When its holder lands, everybody gets in and finds
//! the result; when it is dropped before, the next one in the queue has the baton. The last seat takes the flight with it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};

use super::Entry;
use crate::error::Error;

/// What came of a flight.
pub(crate) type Landed = Result<Arc<Entry>, Error>;

/// Calls with other ideas of what is fresh must not share a kept reply.
type Key = (String, Duration);

/// The flights of a mesh.
#[derive(Debug, Default)]
pub(crate) struct Flights(Mutex<HashMap<Key, Boarded>>);

#[derive(Debug)]
struct Boarded {
    flight: Arc<Flight>,
    seats: usize,
}

#[derive(Debug)]
struct Flight {
    baton: Semaphore,
    /// What the store had, once somebody has asked it.
    kept: OnceLock<Option<Arc<Entry>>>,
    landed: OnceLock<Landed>,
}

impl Flight {
    fn new() -> Self {
        Self { baton: Semaphore::new(1), kept: OnceLock::new(), landed: OnceLock::new() }
    }
}

impl Flights {
    /// A seat on the flight of a key.
    pub(crate) fn board(self: &Arc<Self>, key: &str, ttl: Duration) -> Seat {
        let key = (key.to_owned(), ttl);
        let mut flights = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let boarded = flights
            .entry(key.clone())
            .or_insert_with(|| Boarded { flight: Arc::new(Flight::new()), seats: 0 });
        boarded.seats += 1;
        let flight = Arc::clone(&boarded.flight);
        Seat { flights: Arc::clone(self), key, flight }
    }

    /// Flights under way.
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}

/// A call's part in a flight.
#[derive(Debug)]
pub(crate) struct Seat {
    flights: Arc<Flights>,
    key: Key,
    flight: Arc<Flight>,
}

/// Whose turn it is.
#[derive(Debug)]
pub(crate) enum Turn<'s> {
    /// This call's.
    Lead(Lead<'s>),
    /// Nobody's any more.
    Landed(&'s Landed),
}

impl Seat {
    /// Waits until there is a result, or until this call is the one to make it.
    pub(crate) async fn turn(&self) -> Turn<'_> {
        // The semaphore is never closed.
        let baton = self.flight.baton.acquire().await.ok();
        match self.flight.landed.get() {
            Some(landed) => Turn::Landed(landed),
            None => Turn::Lead(Lead { flight: &self.flight, _baton: baton }),
        }
    }

    /// What the store had.
    pub(crate) fn kept(&self) -> Option<Arc<Entry>> {
        self.flight.kept.get().cloned().flatten()
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut flights = self.flights.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(boarded) = flights.get_mut(&self.key) else { return };
        if !Arc::ptr_eq(&boarded.flight, &self.flight) {
            return;
        }
        boarded.seats -= 1;
        // Who comes after the first has left a flight that has landed is too late for it.
        if boarded.seats == 0 || self.flight.landed.get().is_some() {
            flights.remove(&self.key);
        }
    }
}

/// The baton: this call is the one that is made. Dropped before it lands, the next one's is.
#[derive(Debug)]
pub(crate) struct Lead<'s> {
    flight: &'s Flight,
    _baton: Option<SemaphorePermit<'s>>,
}

impl Lead<'_> {
    /// What the store has, asked once for each flight: by this call, or by one before it.
    pub(crate) async fn kept(&self, ask: impl Future<Output = Option<Arc<Entry>>>) -> Option<Arc<Entry>> {
        match self.flight.kept.get() {
            Some(kept) => kept.clone(),
            None => {
                let kept = ask.await;
                self.flight.kept.get_or_init(|| kept).clone()
            }
        }
    }

    /// This is what everybody gets.
    pub(crate) fn land(self, landed: Landed) {
        if self.flight.landed.set(landed).is_ok() {
            self.flight.baton.add_permits(Semaphore::MAX_PERMITS / 2);
        }
    }
}

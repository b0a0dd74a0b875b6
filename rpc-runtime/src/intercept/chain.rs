//! Interceptors in their order, and how many of them have been entered.

use std::sync::Arc;

use super::{AttemptEnded, CallEnded, Interceptor};
use crate::call::{OutgoingAttempt, OutgoingCall};
use crate::error::Error;

/// The interceptors of one client. Clones are the same chain.
#[derive(Debug, Clone, Default)]
pub(crate) struct Chain(Arc<[Arc<dyn Interceptor>]>);

/// How many interceptors an attempt, or a call, has entered: those are owed an end.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Entered(usize);

impl Entered {
    /// Nobody is owed anything.
    pub(crate) fn is_none(self) -> bool {
        self.0 == 0
    }
}

impl Chain {
    pub(crate) fn new(interceptors: impl IntoIterator<Item = Arc<dyn Interceptor>>) -> Self {
        Self(interceptors.into_iter().collect())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) async fn before_call(
        &self,
        call: &mut OutgoingCall,
        entered: &mut Entered,
    ) -> Result<(), Error> {
        for interceptor in &*self.0 {
            entered.0 += 1;
            interceptor.before_call(call).await?;
        }
        Ok(())
    }

    pub(crate) async fn before_attempt(
        &self,
        attempt: &mut OutgoingAttempt<'_>,
        entered: &mut Entered,
    ) -> Result<(), Error> {
        for interceptor in &*self.0 {
            entered.0 += 1;
            interceptor.before_attempt(attempt).await?;
        }
        Ok(())
    }

    pub(crate) fn after_attempt(&self, entered: Entered, ended: &AttemptEnded<'_>) {
        self.entered(entered).for_each(|interceptor| interceptor.after_attempt(ended));
    }

    pub(crate) fn after_call(&self, entered: Entered, ended: &CallEnded<'_>) {
        self.entered(entered).for_each(|interceptor| interceptor.after_call(ended));
    }

    fn entered(&self, Entered(count): Entered) -> impl Iterator<Item = &Arc<dyn Interceptor>> {
        self.0.iter().take(count).rev()
    }
}

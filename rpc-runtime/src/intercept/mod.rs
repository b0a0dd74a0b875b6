//! Hooks around calls and attempts, for what a service of yours needs and this crate does not have.

mod chain;
mod ended;
mod hook;

use std::fmt;

pub(crate) use chain::{Chain, Entered};
pub use ended::{AttemptEnded, CallEnded, Outcome};
pub use hook::Hook;

pub use crate::call::{OutgoingAttempt, OutgoingCall};

/// Sees every call and every attempt of the clients that it is given to (`MeshBuilder::interceptor`, or `interceptor` on a
/// client's builder): the mesh's first, then the client's, in the order in which they were given; at the end the other way
/// round. The client's credentials are put on after all of them, so that an `Authorization` which one of them sets counts.
///
/// Of each call and each attempt whose `before_…` was entered, the matching `after_…` comes exactly once: also when time ran
/// out, when a later interceptor refused, and when the caller dropped the call. `before_…` may wait ([`Hook::later`]); the
/// call's time goes on meanwhile. `after_…` must neither block nor panic.
///
/// ```
/// use rpc_runtime::intercept::{AttemptEnded, Hook, Interceptor, OutgoingCall};
/// use rpc_runtime::{HeaderName, HeaderValue};
///
/// /// Says for which tenant every call is made.
/// #[derive(Debug)]
/// struct Tenant(HeaderValue);
///
/// impl Interceptor for Tenant {
///     fn before_call<'a>(&'a self, call: &'a mut OutgoingCall) -> Hook<'a> {
///         call.headers_mut().insert(HeaderName::from_static("x-tenant"), self.0.clone());
///         Hook::done()
///     }
/// }
///
/// let tenant = Tenant(HeaderValue::from_static("acme"));
/// let mesh = rpc_runtime::Mesh::builder().interceptor(tenant).build()?;
/// # Ok::<_, rpc_runtime::Error>(())
/// ```
pub trait Interceptor: fmt::Debug + Send + Sync + 'static {
    /// Before a call: once, whatever number of attempts it takes. What is added here goes with every attempt.
    fn before_call<'a>(&'a self, _call: &'a mut OutgoingCall) -> Hook<'a> {
        Hook::done()
    }

    /// Before an attempt: its endpoint is chosen, nothing is sent.
    fn before_attempt<'a>(&'a self, _attempt: &'a mut OutgoingAttempt<'_>) -> Hook<'a> {
        Hook::done()
    }

    /// After an attempt, however it ended.
    fn after_attempt(&self, _attempt: &AttemptEnded<'_>) {}

    /// After a call, however it ended.
    fn after_call(&self, _call: &CallEnded<'_>) {}
}

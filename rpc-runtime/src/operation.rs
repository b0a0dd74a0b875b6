//! What a generated crate says about an operation: data only.

use http::Method;

use crate::codegen::{DecodeError, Reply};
use crate::envelope::Envelope;
use crate::policy::CallPolicy;

/// Whether a request may be sent twice (RFC 9110 §9.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Idempotency {
    /// Reads only.
    Safe,
    /// Twice is the same as once.
    Idempotent,
    /// Twice is once for requests with the same idempotency key; a call that is given none makes one.
    Keyed,
    /// Twice is twice, unless an idempotency key goes with it.
    Unsafe,
}

impl Idempotency {
    /// What the method promises.
    pub fn of(method: &Method) -> Self {
        if method.is_safe() {
            Self::Safe
        } else if method.is_idempotent() {
            Self::Idempotent
        } else {
            Self::Unsafe
        }
    }

    /// Whether a request that may have been processed may be sent again. `keyed`: it carries an idempotency key.
    pub(crate) fn is_repeatable(self, keyed: bool) -> bool {
        keyed || matches!(self, Self::Safe | Self::Idempotent)
    }
}

/// What the runtime has to know about an operation. One `static` per operation.
#[derive(Debug)]
#[non_exhaustive]
pub struct Descriptor {
    /// The method's name, for errors, logs and spans.
    pub name: &'static str,
    /// HTTP method, unless `extension` names another.
    pub method: Method,
    /// A method without a constant of its own, such as `PURGE` (RFC 9110 §16.1).
    pub extension: Option<&'static str>,
    /// Path template: `/api/v1/orders/{order_id}`.
    pub template: &'static str,
    /// Whether it may be sent twice.
    pub idempotency: Idempotency,
    /// The envelope around a success, if there is one.
    pub envelope: Option<&'static Envelope>,
    /// `Accept` header; empty for none.
    pub accept: &'static str,
    /// Alternatives, each a set of credential names that go together; empty: none needed.
    pub security: &'static [&'static [&'static str]],
    /// The document declares `Idempotency-Key` as a plain string, so the key is sent without quotes.
    pub plain_idempotency_key: bool,
    /// What the operation's settings say.
    pub policy: CallPolicy,
    /// Business codes that are worth another attempt.
    pub retry_codes: &'static [&'static str],
    /// What the call gives when the service does not answer properly: JSON of the value, without an envelope.
    pub fallback: Option<&'static str>,
}

impl Descriptor {
    /// An operation that answers plain JSON and needs no credential; idempotency follows the method.
    pub const fn new(name: &'static str, method: Method, template: &'static str) -> Self {
        let idempotency = match method {
            Method::GET | Method::HEAD | Method::OPTIONS | Method::TRACE | Method::QUERY => Idempotency::Safe,
            Method::PUT | Method::DELETE => Idempotency::Idempotent,
            _ => Idempotency::Unsafe,
        };
        Self {
            name,
            method,
            extension: None,
            template,
            idempotency,
            envelope: None,
            accept: "application/json",
            security: &[],
            plain_idempotency_key: false,
            policy: CallPolicy::UNSET,
            retry_codes: &[],
            fallback: None,
        }
    }

    /// With a method that has no constant.
    #[must_use]
    pub const fn extension_method(mut self, name: &'static str) -> Self {
        self.extension = Some(name);
        self.idempotency = Idempotency::Unsafe;
        self
    }

    /// With this idempotency instead of the method's.
    #[must_use]
    pub const fn idempotency(mut self, idempotency: Idempotency) -> Self {
        self.idempotency = idempotency;
        self
    }

    /// With an envelope around a success.
    #[must_use]
    pub const fn envelope(mut self, envelope: &'static Envelope) -> Self {
        self.envelope = Some(envelope);
        self
    }

    /// With another `Accept` header.
    #[must_use]
    pub const fn accept(mut self, accept: &'static str) -> Self {
        self.accept = accept;
        self
    }

    /// With credentials.
    #[must_use]
    pub const fn security(mut self, security: &'static [&'static [&'static str]]) -> Self {
        self.security = security;
        self
    }

    /// With an unquoted idempotency key.
    #[must_use]
    pub const fn plain_idempotency_key(mut self) -> Self {
        self.plain_idempotency_key = true;
        self
    }

    /// With settings of its own.
    #[must_use]
    pub const fn policy(mut self, policy: CallPolicy) -> Self {
        self.policy = policy;
        self
    }

    /// With business codes that are worth another attempt, as text; `"4001"` is the integer, too.
    #[must_use]
    pub const fn retry_codes(mut self, codes: &'static [&'static str]) -> Self {
        self.retry_codes = codes;
        self
    }

    /// With a value, as JSON and without an envelope, for when the service does not answer properly.
    #[must_use]
    pub const fn fallback(mut self, json: &'static str) -> Self {
        self.fallback = Some(json);
        self
    }
}

/// An operation of a service: a marker type that generated crates implement this for.
pub trait Operation: 'static {
    /// What a call gives.
    type Output: Send + 'static;

    /// Its description.
    const DESCRIPTOR: &'static Descriptor;

    /// Turns a reply with a status of success (2xx) into the output.
    ///
    /// # Errors
    /// When the envelope says failure, or the reply does not fit the document.
    fn decode(reply: &Reply<'_>) -> Result<Self::Output, DecodeError>;
}

//! What can go wrong, and how far a request got.

/// What went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A setting is wrong. Usual cause: an environment variable; the message names it.
    Config,
    /// The service has no known address. Usual cause: a typo in its name, or DNS.
    Discovery,
    /// No connection, or it broke before a whole reply had arrived.
    Connection,
    /// Time ran out.
    Timeout(TimeoutScope),
    /// The service answered with a failure: an HTTP status, or a business code of the envelope.
    Response,
    /// The service's success could not be understood. Usual cause: the document no longer fits the service.
    Decode,
    /// This side refused: too much in flight, a breaker, a budget.
    Overload,
    /// The request breaks a rule of the document and was not sent; the message names the place.
    InvalidRequest,
    /// No access token could be had, and the call was not sent. The message says why; usual causes: the token endpoint is down, or
    /// does not know the client.
    Credential,
}

/// Which limit ran out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TimeoutScope {
    /// One attempt was too slow.
    Attempt,
    /// The call as a whole, retries and waits included, was too slow.
    Call,
    /// The request that this task serves has no time left: its deadline came from whoever asked.
    Inherited,
}

/// Whether a request may have reached the service.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sent {
    /// Certainly not: repeating it is always safe.
    #[default]
    Never,
    /// Perhaps: the connection broke, or the reply never came.
    Maybe,
    /// Yes: the service answered.
    Yes,
}

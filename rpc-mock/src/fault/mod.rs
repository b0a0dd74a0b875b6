//! What goes wrong, where and when.

mod schedule;
mod script;
mod text;

use std::time::Duration;

use http::{HeaderValue, StatusCode};

pub(crate) use self::schedule::Schedule;
pub(crate) use self::script::{Script, Verdict};
pub use self::text::ParseFaultError;
use crate::envelope::{Code, IntoStatus};

/// One scripted fault: what happens, to which calls, and to how many of them.
///
/// Without [`on`](Self::on), [`at`](Self::at) and a schedule it strikes every call, also those that no operation matches.
///
/// **When.** A fault counts the calls that match its place. Of these, [`after`](Self::after) lets the first pass;
/// [`every`](Self::every) and [`flapping`](Self::flapping) choose among the rest, and with both a call must be chosen
/// twice; [`times`](Self::times) is how often the fault strikes at most.
///
/// **Several at once.** Delays add up and come first; of the other faults that strike a call, the newest wins. All
/// of them count the call.
///
/// **As text**, for command lines; [`Display`](std::fmt::Display) and [`FromStr`](std::str::FromStr) are inverse:
///
/// ```text
/// [OPERATION][@INSTANCE]=KIND[:VALUE][,message:TEXT][,times:N][,after:N][,every:N][,flapping:GOOD/BAD]
///
/// status:CODE            delay:TIME      close   reset   lose   truncate   hang
/// code:NUMBER|TEXT       retry-after:STATUS/TIME
/// drip:BYTES/TIME        body:STATUS/TYPE/SUBTYPE/TEXT
/// ```
///
/// No operation, or `*`, means all; times are `250ms`, `2s`, `1.5s`; a backslash takes the meaning from the next
/// character, so a text with a comma is written `a\, b`; a code in quotes, `code:"404"`, is a text.
///
/// ```
/// use rpc_mock::Fault;
///
/// let fault: Fault = "get_order=status:503,times:2".parse()?;
/// assert_eq!(fault, Fault::status(503).on("get_order").times(2));
/// assert_eq!(Fault::close().at(1).to_string(), "@1=close");
/// # Ok::<(), rpc_mock::ParseFaultError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    kind: Kind,
    operation: Option<String>,
    instance: Option<usize>,
    schedule: Schedule,
}

/// What happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    Status { status: StatusCode, message: Option<String> },
    Code { code: Code, message: Option<String> },
    RetryAfter { status: StatusCode, wait: Duration, message: Option<String> },
    Delay(Duration),
    Drip { chunk: usize, interval: Duration },
    Body { status: StatusCode, content_type: String, text: String },
    Close,
    Lose,
    Reset,
    Truncate,
    Hang,
}

impl Fault {
    fn new(kind: Kind) -> Self {
        Self { kind, operation: None, instance: None, schedule: Schedule::default() }
    }

    /// This HTTP status and an envelope with the same code, as [`Service::failures`](crate::Service::failures) writes
    /// it; the handler does not run.
    pub fn status(status: impl IntoStatus) -> Self {
        Self::new(Kind::Status { status: status.into_status(), message: None })
    }

    /// HTTP 200 and an envelope with this business code, as [`Service::failures`](crate::Service::failures) writes it;
    /// the handler does not run.
    pub fn code(code: impl Into<Code>) -> Self {
        Self::new(Kind::Code { code: code.into(), message: None })
    }

    /// Like [`status`](Self::status), with `Retry-After` in whole seconds, rounded up.
    pub fn retry_after(status: impl IntoStatus, wait: Duration) -> Self {
        Self::new(Kind::RetryAfter { status: status.into_status(), wait, message: None })
    }

    /// Waits in tokio's time before anything else happens; then the call goes on.
    pub fn delay(delay: Duration) -> Self {
        Self::new(Kind::Delay(delay))
    }

    /// The real reply, its body in pieces of `chunk` bytes (at least 1) with `interval` before each.
    pub fn drip(chunk: usize, interval: Duration) -> Self {
        Self::new(Kind::Drip { chunk: chunk.max(1), interval })
    }

    /// This text instead of a reply of the service, as from a proxy; the handler does not run. A content type that
    /// is not of the form `type/subtype` is sent as `application/octet-stream`.
    pub fn body(status: impl IntoStatus, content_type: impl Into<String>, text: impl Into<String>) -> Self {
        let mut content_type = content_type.into();
        if !is_content_type(&content_type) {
            content_type = "application/octet-stream".to_owned();
        }
        Self::new(Kind::Body { status: status.into_status(), content_type, text: text.into() })
    }

    /// Ends the connection instead of a reply; the handler does not run. Calls that share an HTTP/2 connection end too.
    pub fn close() -> Self {
        Self::new(Kind::Close)
    }

    /// Like [`close`](Self::close), but as a crash looks: a TCP reset.
    pub fn reset() -> Self {
        Self::new(Kind::Reset)
    }

    /// Runs the handler, then ends the connection without a byte of its reply: what was asked for has happened, and the
    /// client cannot know.
    pub fn lose() -> Self {
        Self::new(Kind::Lose)
    }

    /// Runs the handler, sends the head and the first half of the body, then ends the connection. A reply without a
    /// body is not sent at all.
    pub fn truncate() -> Self {
        Self::new(Kind::Truncate)
    }

    /// Never answers; the handler does not run.
    pub fn hang() -> Self {
        Self::new(Kind::Hang)
    }

    /// The message of the envelope, for [`status`](Self::status), [`code`](Self::code) and
    /// [`retry_after`](Self::retry_after); other faults have none and stay as they are.
    #[must_use]
    pub fn message(mut self, text: impl Into<String>) -> Self {
        if let Some(message) = self.kind.message_mut() {
            *message = Some(text.into());
        }
        self
    }

    /// Only for calls to this operation; `*` and the empty name stand for all calls.
    #[must_use]
    pub fn on(mut self, operation: impl Into<String>) -> Self {
        self.operation = Some(operation.into()).filter(|name| !name.is_empty() && name != "*");
        self
    }

    /// Only for calls that arrive at this instance, from 0.
    #[must_use]
    pub fn at(mut self, instance: usize) -> Self {
        self.instance = Some(instance);
        self
    }

    /// At most this often. A mock refuses a fault with 0.
    #[must_use]
    pub fn times(mut self, n: u32) -> Self {
        self.schedule.times = Some(n);
        self
    }

    /// The first `n` matching calls pass.
    #[must_use]
    pub fn after(mut self, n: u32) -> Self {
        self.schedule.after = n;
        self
    }

    /// Each `n`-th call: the second, fourth, … for 2. A mock refuses a fault with 0.
    #[must_use]
    pub fn every(mut self, n: u32) -> Self {
        self.schedule.every = Some(n);
        self
    }

    /// `good` calls pass, `bad` calls are struck, again and again. A mock refuses a fault with 0 bad calls.
    #[must_use]
    pub fn flapping(mut self, good: u32, bad: u32) -> Self {
        self.schedule.flapping = Some((good, bad));
        self
    }

    /// The operation that it is meant for, if it is not for all.
    pub fn operation(&self) -> Option<&str> {
        self.operation.as_deref()
    }

    /// The instance that it is meant for, if it is not for all.
    pub fn instance(&self) -> Option<usize> {
        self.instance
    }

    /// Why it can never strike: its schedule has no call, or it is for an operation or an instance that is not there.
    pub(crate) fn never(&self, operations: &[String], instances: usize) -> Option<String> {
        if let Some(why) = self.schedule.never() {
            return Some(format!("fault `{self}`: {why}"));
        }
        if let Some(name) = self.operation.as_ref().filter(|name| !operations.contains(name)) {
            let names = operations.join(", ");
            return Some(format!("fault `{self}`: there is no operation `{name}`, only: {names}"));
        }
        let last = instances.saturating_sub(1);
        let beyond = self.instance.is_some_and(|index| index > last);
        beyond.then(|| format!("fault `{self}`: instances have the numbers 0 to {last}"))
    }
}

impl Kind {
    fn message(&self) -> Option<&str> {
        match self {
            Self::Status { message, .. } | Self::Code { message, .. } | Self::RetryAfter { message, .. } => {
                message.as_deref()
            }
            _ => None,
        }
    }

    fn message_mut(&mut self) -> Option<&mut Option<String>> {
        match self {
            Self::Status { message, .. } | Self::Code { message, .. } | Self::RetryAfter { message, .. } => {
                Some(message)
            }
            _ => None,
        }
    }
}

/// `type/subtype…`, and fit for a header.
fn is_content_type(text: &str) -> bool {
    let parts = text.split_once('/').is_some_and(|(kind, rest)| !kind.is_empty() && !rest.is_empty());
    parts && HeaderValue::from_str(text).is_ok()
}

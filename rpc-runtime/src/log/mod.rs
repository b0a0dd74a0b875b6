//! What keeps the request log readable and clean: the same line is not said for ever, and secrets are not said at all.

mod flood;
mod headers;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use http::HeaderName;
use tokio::time::Instant;
use tracing::Level;
use tracing::level_filters::LevelFilter;

use crate::config::ResolvedConfig;
use crate::discovery::ServiceName;
use flood::{Flood, Summary};
pub(crate) use flood::{Line, What};
pub(crate) use headers::Shown;

/// An event at a level that is known when it happens.
macro_rules! at_level {
    ($level:expr, $($event:tt)*) => {
        match $level {
            tracing::Level::ERROR => tracing::error!($($event)*),
            tracing::Level::WARN => tracing::warn!($($event)*),
            _ => tracing::info!($($event)*),
        }
    };
}
pub(crate) use at_level;

/// What a client does with its lines.
#[derive(Debug)]
pub(crate) struct Log {
    service: ServiceName,
    /// `None`: everything is said.
    flood: Option<Mutex<Flood>>,
    /// Lines were kept back. Spares most calls the lock.
    keeps: AtomicBool,
    headers: bool,
    redact: Vec<HeaderName>,
}

impl Log {
    pub(crate) fn new(service: ServiceName, config: &ResolvedConfig) -> Self {
        let flood = config.log_limit.map(|limit| Mutex::new(Flood::new(limit, config.log_window)));
        let (headers, redact) = (config.log_headers, config.log_redact.clone());
        Self { service, flood, keeps: AtomicBool::new(false), headers, redact }
    }

    fn flood(&self) -> Option<MutexGuard<'_, Flood>> {
        self.flood.as_ref().map(|flood| flood.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether a line is to be said; it is counted if not.
    pub(crate) fn admits(&self, line: Line, now: Instant) -> bool {
        if line.level > LevelFilter::current() {
            return false;
        }
        self.settle(now);
        let Some(mut flood) = self.flood() else { return true };
        let says = flood.admits(line, now);
        if !says {
            self.keeps.store(true, Ordering::Relaxed);
        }
        says
    }

    /// Says how many lines were kept back, where their window is over.
    pub(crate) fn settle(&self, now: Instant) {
        if !self.keeps.load(Ordering::Relaxed) {
            return;
        }
        let Some(mut flood) = self.flood() else { return };
        let ended = flood.ended(Some(now));
        // Under the lock, or it would overwrite what another call has just kept back.
        self.keeps.store(flood.keeps(), Ordering::Relaxed);
        drop(flood);
        ended.iter().for_each(|summary| self.tell(summary));
    }

    fn tell(&self, summary: &Summary) {
        let Summary { line, kept, window } = summary;
        let Line { level, what, operation, failure } = line;
        at_level!(
            *level,
            target: "rpc_runtime::call",
            service = %self.service,
            operation,
            %failure,
            suppressed = kept,
            "suppressed {kept} lines like \"{what}\" in {window:?}"
        );
    }

    /// Headers, where they are to be shown.
    pub(crate) fn headers<'h>(&'h self, headers: &'h http::HeaderMap) -> Option<Shown<'h>> {
        let shown = self.headers && Level::TRACE <= LevelFilter::current();
        shown.then_some(Shown { headers, redact: &self.redact })
    }
}

/// The client is gone; what it kept back is not.
impl Drop for Log {
    fn drop(&mut self) {
        let ended = self.flood().map(|mut flood| flood.ended(None)).unwrap_or_default();
        ended.iter().for_each(|summary| self.tell(summary));
    }
}

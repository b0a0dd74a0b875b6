//! What `after_…` hooks are told.

use std::time::Duration;

use crate::call::{OutgoingCall, Success};
use crate::discovery::Endpoint;
use crate::error::Error;
use crate::response::Source;
use crate::{HeaderMap, StatusCode};

/// How something ended.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Outcome<'e> {
    /// With a success that was understood.
    Success,
    /// With an error: the call's own at its end, this attempt's at an attempt's.
    Failure(&'e Error),
    /// The caller dropped the call, or another request of the call was faster.
    Dropped,
}

/// An attempt that ended.
#[derive(Debug)]
#[non_exhaustive]
pub struct AttemptEnded<'e> {
    /// The call that it belongs to.
    pub call: &'e OutgoingCall,
    /// Where it went.
    pub endpoint: &'e Endpoint,
    /// Its number in the call, from 1.
    pub number: u32,
    /// How long it took.
    pub elapsed: Duration,
    /// How it ended.
    pub outcome: Outcome<'e>,
    pub(crate) success: Option<&'e Success>,
}

/// A call that ended.
#[derive(Debug)]
#[non_exhaustive]
pub struct CallEnded<'e> {
    /// The call.
    pub call: &'e OutgoingCall,
    /// Attempts that were made; 0 when nothing was sent.
    pub attempts: u32,
    /// How long it took, retries and waits included.
    pub elapsed: Duration,
    /// How it ended.
    pub outcome: Outcome<'e>,
    pub(crate) success: Option<&'e Success>,
}

macro_rules! reply {
    ($ended:ident) => {
        impl<'e> $ended<'e> {
            /// HTTP status of the reply, if there was one.
            pub fn status(&self) -> Option<StatusCode> {
                match self.outcome {
                    Outcome::Failure(error) => error.status(),
                    _ => self.success.map(|success| success.status),
                }
            }

            /// Headers of the reply, if there was one.
            pub fn headers(&self) -> Option<&'e HeaderMap> {
                match self.outcome {
                    Outcome::Failure(error) => error.headers(),
                    _ => self.success.map(|success| &success.headers),
                }
            }
        }
    };
}

impl CallEnded<'_> {
    /// Where the value comes from, if there is one.
    pub fn source(&self) -> Option<Source> {
        self.success.map(|success| success.source)
    }
}

reply!(AttemptEnded);
reply!(CallEnded);

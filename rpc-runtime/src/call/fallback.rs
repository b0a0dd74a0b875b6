//! What is the answer when a call has failed, and nothing was kept: the call's own fallback, the client's, the operation's.

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use super::open::Open;
use super::{Success, judge, log};
use crate::codegen::{Decode, Descriptor, Fault, Reply};
use crate::envelope::Head;
use crate::error::{Error, Result};
use crate::response::Source;

/// The first fallback that gives a value, or the error. The call's own sees every error; those of the client and of the
/// operation stand in for a service that does not answer properly.
pub(super) fn instead(
    open: &Open<'_>,
    descriptor: &Descriptor,
    error: Error,
    decoder: &mut dyn Decode,
) -> Result<Success> {
    let error = open.told(error);
    let found =
        decoder.fall_back(&error) || judge::is_outage(&error) && standing(open, descriptor, &error, decoder);
    if !found {
        return Err(error);
    }
    log::instead(&open.handle, &error, Source::Fallback);
    Ok(Success {
        status: StatusCode::OK,
        headers: HeaderMap::new(),
        head: Head::default(),
        body: Bytes::new(),
        source: Source::Fallback,
    })
}

/// Whether the client or the operation has a value that fits.
fn standing(open: &Open<'_>, descriptor: &Descriptor, error: &Error, decoder: &mut dyn Decode) -> bool {
    let of_client = || open.handle.fallback().and_then(|fallback| fallback.of(descriptor.name, error));
    fits(of_client().map(Bytes::from), "client", error, decoder)
        || fits(
            descriptor.fallback.map(|json| Bytes::from_static(json.as_bytes())),
            "operation",
            error,
            decoder,
        )
}

/// Decodes a value as if it were a reply's data.
fn fits(json: Option<Bytes>, whose: &str, error: &Error, decoder: &mut dyn Decode) -> bool {
    let Some(json) = json else { return false };
    let headers = HeaderMap::new();
    let why = match decoder.decode(&Reply::new(StatusCode::OK, &headers, &json, None)) {
        Ok(()) => return true,
        Err(error) => match error.fault {
            Fault::Foreign(why) | Fault::Misfit(why) => why,
            Fault::Business(_) => "an envelope".to_owned(),
        },
    };
    log::bad_fallback(error, whose, &why);
    false
}

//! What kept a reply from starting, and whether the service may have seen the request.

use super::TransportError;
use crate::error::Sent;

/// What kept the reply from starting. URLs are taken out: their queries may hold secrets.
pub(super) fn before_reply(error: reqwest::Error) -> TransportError {
    let error = error.without_url();
    if error.is_connect() {
        let timed_out = error.is_timeout();
        let what = if timed_out { "no connection in time" } else { "no connection" };
        let mut failure = TransportError::new(what, Sent::Never).with_source(error);
        failure.timed_out = timed_out;
        return failure;
    }
    if let Some((what, left_out)) = unprocessed(&error) {
        let mut failure = TransportError::new(what, Sent::Never).with_source(error);
        failure.unprocessed = left_out;
        return failure;
    }
    if error.is_builder() {
        return TransportError::unsendable("the request cannot be sent").with_source(error);
    }
    TransportError::new("connection broke before the reply", Sent::Maybe).with_source(error)
}

/// Whether the other side said that it did not process the request, and how; and whether that is no fault of it.
fn unprocessed(error: &reqwest::Error) -> Option<(&'static str, bool)> {
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        if let Some(h2) = cause.downcast_ref::<h2::Error>() {
            return h2_unprocessed(h2).map(|what| (what, true));
        }
        let io = cause.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        if let Some(rustls::Error::AlertReceived(alert)) = io.and_then(|inner| inner.downcast_ref()) {
            return certificate_refused(*alert).map(|what| (what, false));
        }
        source = cause.source();
    }
    None
}

/// HTTP/2 says so of a stream that is reset with REFUSED_STREAM, and of those beyond the last one that a GOAWAY names,
/// whatever its code (RFC 9113 §6.8 and §8.7). `h2` gives the error of a received GOAWAY to the latter, and to streams that it does
/// not open on a connection which has one; the others end with their reply, a reset, or the connection's end.
fn h2_unprocessed(error: &h2::Error) -> Option<&'static str> {
    let refused = error.is_reset() && error.reason() == Some(h2::Reason::REFUSED_STREAM);
    match error.is_remote() {
        true if refused => Some("the service refused the stream unprocessed"),
        true if error.is_go_away() => Some("the service is going away and left the stream unprocessed"),
        _ => None,
    }
}

/// In TLS 1.3 the client's certificate is judged after the client may write, but before the service reads a request.
fn certificate_refused(alert: rustls::AlertDescription) -> Option<&'static str> {
    use rustls::AlertDescription as Alert;
    match alert {
        Alert::CertificateRequired => Some("the service wants a client certificate, and there is none"),
        Alert::BadCertificate
        | Alert::UnsupportedCertificate
        | Alert::CertificateRevoked
        | Alert::CertificateExpired
        | Alert::CertificateUnknown
        | Alert::UnknownCA => Some("the service refuses the client certificate"),
        _ => None,
    }
}

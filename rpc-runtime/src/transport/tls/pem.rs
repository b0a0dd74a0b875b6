//! Certificates and keys in PEM text. The reader's own errors quote lines of the text, so they are put into other words.

use rustls::pki_types::pem::{Error, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::TlsError;

/// All certificates, at least one.
pub(super) fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    match found {
        Ok(found) if found.is_empty() => {
            Err(TlsError::new("there is no certificate in it; expected -----BEGIN CERTIFICATE-----"))
        }
        Ok(found) => Ok(found),
        Err(error) => Err(broken(&error)),
    }
}

/// The first private key.
pub(super) fn private_key(pem: &[u8]) -> Result<PrivateKeyDer<'static>, TlsError> {
    let found = PrivateKeyDer::from_pem_slice(pem).map_err(|error| match error {
        Error::NoItemsFound => TlsError::new(
            "there is no private key in it; expected -----BEGIN PRIVATE KEY-----, unencrypted (also RSA or EC)",
        ),
        error => broken(&error),
    });
    found.map_err(TlsError::about_key)
}

fn broken(error: &Error) -> TlsError {
    TlsError::new(match error {
        Error::MissingSectionEnd { .. } => "it is no whole PEM text: a section has no -----END line",
        Error::IllegalSectionStart { .. } => {
            "it is no PEM text: a -----BEGIN line does not end in dashes; line breaks must be real ones"
        }
        Error::Base64Decode(_) => "it is no PEM text: a section is not base64",
        _ => "it is no PEM text",
    })
}

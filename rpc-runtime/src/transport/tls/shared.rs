//! One TLS configuration for all clients of a transport: building it costs milliseconds, sharing it microseconds.

use std::sync::Arc;

use rustls::client::danger::ServerCertVerifier;
use rustls::client::{Resumption, WebPkiServerVerifier};
use rustls::crypto::{CryptoProvider, ring};
use rustls::sign::SingleCertAndKey;
use rustls::{ClientConfig, ConfigBuilder, Error, OtherError, RootCertStore, WantsVerifier};
use rustls_platform_verifier::Verifier;

use super::Tls;

/// TLS 1.2 and 1.3 as the options say; `ring` underneath, which builds in seconds everywhere.
///
/// # Errors
/// When the machine's certificate store cannot be used.
pub(in crate::transport) fn shared(tls: &Tls) -> Result<ClientConfig, Error> {
    // Not dangerous: both are verifiers of rustls' own house, and both check names.
    let builder = builder()?.dangerous().with_custom_certificate_verifier(verifier(tls)?);
    let mut config = match &tls.client {
        Some(client) => {
            builder.with_client_cert_resolver(Arc::new(SingleCertAndKey::from(Arc::clone(client))))
        }
        None => builder.with_no_client_auth(),
    };
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

/// A configuration that trusts nobody, for endpoints that speak plain HTTP: `reqwest` wants one all the same.
pub(in crate::transport) fn unused() -> Result<ClientConfig, Error> {
    let mut config = builder()?.with_root_certificates(RootCertStore::empty()).with_no_client_auth();
    // No session, so no room for sessions.
    config.resumption = Resumption::disabled();
    Ok(config)
}

pub(super) fn provider() -> CryptoProvider {
    ring::default_provider()
}

fn builder() -> Result<ConfigBuilder<ClientConfig, WantsVerifier>, Error> {
    ClientConfig::builder_with_provider(Arc::new(provider())).with_safe_default_protocol_versions()
}

fn verifier(tls: &Tls) -> Result<Arc<dyn ServerCertVerifier>, Error> {
    let provider = Arc::new(provider());
    if !tls.only_given_roots {
        return Ok(match tls.roots.as_slice() {
            [] => Arc::new(Verifier::new(provider)?),
            roots => Arc::new(Verifier::new_with_extra_roots(roots.iter().cloned(), provider)?),
        });
    }
    let mut roots = RootCertStore::empty();
    for root in &tls.roots {
        roots.add(root.clone())?;
    }
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider).build();
    Ok(verifier.map_err(|error| Error::Other(OtherError(Arc::new(error))))?)
}

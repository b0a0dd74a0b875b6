//! One TLS configuration for all clients of a transport: building it costs milliseconds, sharing it microseconds.

use std::sync::Arc;

use rustls::client::WantsClientCert;
use rustls::crypto::ring;
use rustls::{ClientConfig, ConfigBuilder, RootCertStore, WantsVerifier};
use rustls_platform_verifier::BuilderVerifierExt as _;

/// TLS 1.2 and 1.3, trusting what the machine trusts; `ring` underneath, which builds in seconds everywhere.
///
/// # Errors
/// When the machine's certificate store cannot be used.
pub(super) fn shared() -> Result<ClientConfig, rustls::Error> {
    Ok(finish(builder()?.with_platform_verifier()?))
}

/// A configuration that trusts nobody, for endpoints that speak plain HTTP: `reqwest` wants one all the same.
pub(super) fn unused() -> Result<ClientConfig, rustls::Error> {
    Ok(finish(builder()?.with_root_certificates(RootCertStore::empty())))
}

fn builder() -> Result<ConfigBuilder<ClientConfig, WantsVerifier>, rustls::Error> {
    ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
}

fn finish(builder: ConfigBuilder<ClientConfig, WantsClientCert>) -> ClientConfig {
    let mut config = builder.with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    config
}

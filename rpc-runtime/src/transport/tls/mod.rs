//! Whom a client trusts, and who it says it is.

mod error;
mod pem;
mod shared;

use std::fmt;
use std::sync::Arc;

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::sign::CertifiedKey;

pub use self::error::TlsError;
pub(super) use self::shared::{shared, unused};

/// TLS options: roots beside those of the machine, and a certificate of the client's own (mutual TLS).
///
/// Certificates are read once, here; a new file on disk means a new [`Mesh`](crate::Mesh). TLS 1.2 and 1.3, names always checked.
///
/// ```no_run
/// use rpc_runtime::{Mesh, Tls};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let tls = Tls::new()
///     .add_root_pem(&std::fs::read("/etc/orders/ca.pem")?)?
///     .only_given_roots()
///     .client_auth_pem(&std::fs::read("/etc/orders/tls.crt")?, &std::fs::read("/etc/orders/tls.key")?)?;
/// let mesh = Mesh::builder().tls(tls).build()?;
/// # Ok(()) }
/// ```
#[derive(Clone, Default)]
pub struct Tls {
    roots: Vec<CertificateDer<'static>>,
    only_given_roots: bool,
    client: Option<Arc<CertifiedKey>>,
}

impl Tls {
    /// Trusts what the machine trusts, and shows no certificate.
    pub fn new() -> Self {
        Self::default()
    }

    /// Trusts the certificates of a PEM text as well; several texts add up.
    ///
    /// # Errors
    /// When the text holds no certificate, or one that cannot be a root.
    pub fn add_root_pem(mut self, pem: &[u8]) -> Result<Self, TlsError> {
        let roots = pem::certificates(pem)?;
        let mut store = RootCertStore::empty();
        for (index, root) in roots.iter().enumerate() {
            store.add(root.clone()).map_err(|error| {
                let what = format!("certificate {} cannot be trusted as a root", index + 1);
                TlsError::new(what).caused_by(error)
            })?;
        }
        self.roots.extend(roots);
        Ok(self)
    }

    /// Trusts the added roots only, not those of the machine. Without an added root nobody would be trusted, and the
    /// mesh is not made.
    #[must_use]
    pub fn only_given_roots(mut self) -> Self {
        self.only_given_roots = true;
        self
    }

    /// Shows this certificate (its own first, then those up to a root) to services that ask for one.
    ///
    /// # Errors
    /// When there is no certificate or no private key in the texts, when the key cannot be used, or when it is not the
    /// certificate's. Texts of keys never get into the message.
    pub fn client_auth_pem(mut self, cert_chain: &[u8], key: &[u8]) -> Result<Self, TlsError> {
        let chain = pem::certificates(cert_chain)?;
        let key = pem::private_key(key)?;
        let certified = CertifiedKey::from_der(chain, key, &shared::provider()).map_err(|error| {
            let what = match &error {
                rustls::Error::InvalidCertificate(_) => {
                    return TlsError::new("the first certificate cannot be read").caused_by(error);
                }
                rustls::Error::InconsistentKeys(_) => "the private key is not that of the first certificate",
                _ => "the private key cannot be used; RSA, ECDSA (P-256, P-384) and Ed25519 keys can",
            };
            TlsError::new(what).about_key().caused_by(error)
        })?;
        self.client = Some(Arc::new(certified));
        Ok(self)
    }

    /// What can be known to fail before the first connection.
    pub(crate) fn check(&self) -> Result<(), TlsError> {
        if self.only_given_roots && self.roots.is_empty() {
            return Err(TlsError::new(
                "only_given_roots without a root trusts nobody; add_root_pem adds one",
            ));
        }
        Ok(())
    }
}

/// Numbers only: no certificate's names, no key.
impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls")
            .field("roots", &self.roots.len())
            .field("only_given_roots", &self.only_given_roots)
            .field("client_auth", &self.client.is_some())
            .finish()
    }
}

#[cfg(test)]
mod tests;

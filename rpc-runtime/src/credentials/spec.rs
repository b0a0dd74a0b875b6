//! Credentials as a document declares them.

/// A credential as the document declares it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct CredentialSpec {
    /// Name in the document.
    pub name: &'static str,
    /// Where it goes.
    pub place: CredentialPlace,
}

impl CredentialSpec {
    /// A declaration.
    pub const fn new(name: &'static str, place: CredentialPlace) -> Self {
        Self { name, place }
    }
}

/// Where a credential goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum CredentialPlace {
    /// The `Authorization` header.
    Authorization,
    /// A header of this name.
    Header(&'static str),
    /// A query parameter of this name.
    Query(&'static str),
    /// A cookie of this name.
    Cookie(&'static str),
}

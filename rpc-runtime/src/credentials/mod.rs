//! Credentials: API keys, basic, bearer, and OAuth2 tokens that are fetched. They are sent only where the operation asks for them.

mod apply;
mod oauth2;
mod spec;

use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use http::{HeaderName, HeaderValue, header};

pub(crate) use apply::{Carries, Credentials, Wanted};
pub use oauth2::ClientCredentials;
pub(crate) use oauth2::Source;
pub use spec::{CredentialPlace, CredentialSpec};

/// A secret text that neither `Debug` nor logs show.
#[derive(Clone)]
pub struct Secret(String);

impl From<String> for Secret {
    fn from(secret: String) -> Self {
        Self(secret)
    }
}

impl From<&str> for Secret {
    fn from(secret: &str) -> Self {
        Self(secret.to_owned())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// A credential as the caller gives it.
#[derive(Debug, Clone)]
pub struct Credential(Kind);

#[derive(Debug, Clone)]
enum Kind {
    ApiKey(Secret),
    Basic { user: String, password: Secret },
    Bearer(Secret),
    OAuth2(Arc<Source>),
}

impl Credential {
    /// An API key.
    pub fn api_key(key: impl Into<Secret>) -> Self {
        Self(Kind::ApiKey(key.into()))
    }

    /// HTTP basic (RFC 7617); the user name is without `:`.
    pub fn basic(user: impl Into<String>, password: impl Into<Secret>) -> Self {
        Self(Kind::Basic { user: user.into(), password: password.into() })
    }

    /// HTTP bearer (RFC 6750): the token alone.
    pub fn bearer(token: impl Into<Secret>) -> Self {
        Self(Kind::Bearer(token.into()))
    }

    /// A bearer token that is fetched when it is needed, and again before it expires. Clones share it: make one, and clone it
    /// into every client that may use it.
    pub fn oauth2(client: ClientCredentials) -> Self {
        Self(Kind::OAuth2(Arc::new(Source::new(client))))
    }

    /// What is wrong with it, whatever it is used for.
    pub(crate) fn check(&self) -> Result<(), String> {
        match &self.0 {
            Kind::OAuth2(source) => source.check(),
            _ => Ok(()),
        }
    }

    /// Where its token comes from, if it has to be fetched.
    pub(crate) fn source(&self) -> Option<&Arc<Source>> {
        match &self.0 {
            Kind::OAuth2(source) => Some(source),
            _ => None,
        }
    }

    /// What is sent, without a token that has to be fetched.
    fn text(&self) -> Result<String, String> {
        Ok(match &self.0 {
            Kind::ApiKey(Secret(key)) => key.clone(),
            Kind::Bearer(Secret(token)) => format!("Bearer {token}"),
            Kind::Basic { user, .. } if user.contains(':') => {
                return Err("basic: a user name has no `:`".to_owned());
            }
            Kind::Basic { user, password: Secret(password) } => {
                let pair = format!("{user}:{password}");
                format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(pair))
            }
            Kind::OAuth2(_) => return Err("oauth2: the token has to be fetched first".to_owned()),
        })
    }

    /// The `Authorization` header.
    pub(crate) fn authorization(&self) -> Result<HeaderValue, String> {
        sensitive(&self.text()?).ok_or_else(|| "credential: not a valid header value".to_owned())
    }
}

/// As [`Credential::oauth2`].
impl From<ClientCredentials> for Credential {
    fn from(client: ClientCredentials) -> Self {
        Self::oauth2(client)
    }
}

/// A bearer token, which is what schemes of OAuth2 and OpenID Connect take.
impl From<Secret> for Credential {
    fn from(token: Secret) -> Self {
        Self::bearer(token)
    }
}

/// A bearer token, which is what schemes of OAuth2 and OpenID Connect take.
impl From<&str> for Credential {
    fn from(token: &str) -> Self {
        Self::bearer(token)
    }
}

/// A bearer token, which is what schemes of OAuth2 and OpenID Connect take.
impl From<String> for Credential {
    fn from(token: String) -> Self {
        Self::bearer(token)
    }
}

fn sensitive(text: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(text).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// Headers whose values are secrets, whoever sets them.
pub(crate) fn is_sensitive(name: &HeaderName) -> bool {
    let known = [header::AUTHORIZATION, header::PROXY_AUTHORIZATION, header::COOKIE].contains(name);
    known || ["x-api-key", "api-key", "x-auth-token"].contains(&name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_not_shown() {
        let shown = format!("{:?}", Credential::basic("u", "hunter2"));
        assert!(!shown.contains("hunter2"), "{shown}");
    }
}

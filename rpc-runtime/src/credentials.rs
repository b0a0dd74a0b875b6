//! Static credentials: API keys, basic, bearer. They are sent only where the operation asks for them.

use std::fmt;

use base64::Engine as _;
use http::{HeaderMap, HeaderName, HeaderValue, header};

use crate::call::OutgoingCall;
use crate::error::Error;
use crate::intercept::{Hook, Interceptor};
use crate::request::QueryString;

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
        })
    }

    /// The `Authorization` header.
    pub(crate) fn authorization(&self) -> Result<HeaderValue, String> {
        sensitive(&self.text()?).ok_or_else(|| "credential: not a valid header value".to_owned())
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

/// What a call asks for, and what it has of its own.
#[derive(Debug)]
pub(crate) struct Wanted {
    /// A call without a description takes whatever the client has, and may go without.
    pub(crate) any: bool,
    /// Alternatives, each a set of names that go together.
    pub(crate) security: &'static [&'static [&'static str]],
    pub(crate) declared: &'static [CredentialSpec],
    /// The call has an `Authorization` of its own.
    pub(crate) authorization: bool,
    /// Those of the call, before those of the client.
    pub(crate) given: Vec<(&'static str, Credential)>,
}

/// The credentials of a client, put on each call that asks for them: the last of the client's interceptors, so that a header
/// which somebody sets by hand counts.
#[derive(Debug)]
pub(crate) struct Credentials(pub(crate) Vec<(&'static str, Credential)>);

impl Interceptor for Credentials {
    fn before_call<'a>(&'a self, call: &'a mut OutgoingCall) -> Hook<'a> {
        let OutgoingCall { wanted, headers, query, cookies, .. } = call;
        let Wanted { any, security, declared, authorization, given } = &*wanted;
        // A credential of this call goes before an `Authorization` that the client sends with every call.
        let of_call = |spec: &&CredentialSpec| given.iter().any(|(name, _)| *name == spec.name);
        let authorizes = |spec: &CredentialSpec| spec.place == CredentialPlace::Authorization;
        if declared.iter().filter(of_call).any(authorizes) && !authorization {
            headers.remove(header::AUTHORIZATION);
        }
        let names: Vec<[&str; 1]> =
            if *any { declared.iter().map(|spec| [spec.name]).collect() } else { Vec::new() };
        let each: Vec<&[&str]> = names.iter().map(<[_; 1]>::as_slice).chain([&[][..]]).collect();
        let security = if *any { &each } else { *security };
        let layers = [given.as_slice(), &self.0];
        apply(security, declared, &layers, headers, query, cookies).map_err(Error::invalid_request).into()
    }
}

/// Puts the first alternative that is complete on the request.
///
/// # Errors
/// When the operation needs credentials and no alternative is complete: a call that can only be answered 401 is not sent.
fn apply(
    security: &[&[&str]],
    declared: &[CredentialSpec],
    given: &[&[(&'static str, Credential)]],
    headers: &mut HeaderMap,
    query: &mut QueryString,
    cookies: &mut Vec<String>,
) -> Result<(), String> {
    if security.is_empty() {
        return Ok(());
    }
    // What the caller put there by hand stays, whatever the operation asks for.
    let authorized = headers.contains_key(header::AUTHORIZATION);
    let find = |name: &str| {
        given
            .iter()
            .find_map(|layer| layer.iter().rev().find(|(given, _)| *given == name))
            .map(|(_, found)| found)
    };
    let place = |name: &str| declared.iter().find(|spec| spec.name == name).map(|spec| spec.place);
    // A header that the caller set by hand is the credential, too.
    let by_hand = |name: &str| match place(name) {
        Some(CredentialPlace::Header(header)) => headers.contains_key(header),
        Some(CredentialPlace::Authorization) => authorized,
        _ => false,
    };
    let complete =
        |alternative: &&&[&str]| alternative.iter().all(|name| find(name).is_some() || by_hand(name));
    let uses_header = |name: &&str| place(name) == Some(CredentialPlace::Authorization);
    let fitting = |alternative: &&&[&str]| authorized && alternative.iter().any(uses_header);
    let chosen = security.iter().find(|alternative| fitting(alternative) && complete(alternative));
    let Some(alternative) = chosen.or_else(|| security.iter().find(complete)) else {
        if authorized {
            return Ok(());
        }
        let wanted: Vec<String> = security.iter().map(|alternative| alternative.join(" + ")).collect();
        return Err(format!(
            "needs a credential: {}; set it on the client's builder or on the call",
            wanted.join(", or ")
        ));
    };
    for name in *alternative {
        let Some(spec) = declared.iter().find(|spec| spec.name == *name) else { continue };
        let Some(credential) = find(name).filter(|_| !(authorized && uses_header(name))) else { continue };
        put(spec, credential, headers, query, cookies)?;
    }
    Ok(())
}

fn put(
    spec: &CredentialSpec,
    credential: &Credential,
    headers: &mut HeaderMap,
    query: &mut QueryString,
    cookies: &mut Vec<String>,
) -> Result<(), String> {
    let text = credential.text()?;
    let sensitive = |text: &str| {
        sensitive(text).ok_or_else(|| format!("credential `{}` is not a valid header value", spec.name))
    };
    match spec.place {
        CredentialPlace::Authorization => {
            headers.insert(header::AUTHORIZATION, sensitive(&text)?);
        }
        CredentialPlace::Header(name) => {
            let name = HeaderName::from_bytes(name.as_bytes())
                .map_err(|_| format!("`{name}` is not a header name"))?;
            headers.insert(name, sensitive(&text)?);
        }
        CredentialPlace::Query(name) => query.append(name, &text),
        CredentialPlace::Cookie(name) => cookies.push(crate::request::cookie(name, &text)),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const DECLARED: &[CredentialSpec] = &[
        CredentialSpec::new("key", CredentialPlace::Header("X-API-Key")),
        CredentialSpec::new("basic", CredentialPlace::Authorization),
        CredentialSpec::new("query", CredentialPlace::Query("token")),
    ];

    fn check(security: &[&[&str]], given: &[(&'static str, Credential)], expected: Result<&str, &str>) {
        let (mut headers, mut query, mut cookies) = (HeaderMap::new(), QueryString::default(), Vec::new());
        let result = apply(security, DECLARED, &[given], &mut headers, &mut query, &mut cookies);
        let mut seen: Vec<String> =
            headers.iter().map(|(name, value)| format!("{name}={}", value.to_str().unwrap())).collect();
        seen.push(query.as_str().to_owned());
        match (result, expected) {
            (Ok(()), Ok(expected)) => assert_eq!(seen.join("&").trim_end_matches('&'), expected),
            (Err(error), Err(part)) => assert!(error.contains(part), "{error}"),
            (result, expected) => panic!("{result:?}, expected {expected:?}"),
        }
    }

    #[test]
    fn the_first_complete_alternative_is_sent() {
        let key = ("key", Credential::api_key("k"));
        let query = ("query", Credential::api_key("a b"));
        let basic = ("basic", Credential::basic("u", "p"));
        check(&[&["basic"], &["key", "query"]], &[key.clone(), query.clone()], Ok("x-api-key=k&token=a%20b"));
        check(&[&["basic"]], &[basic], Ok("authorization=Basic dTpw"));
        check(&[], std::slice::from_ref(&key), Ok(""));
        check(&[&[]], &[], Ok(""));
        check(&[&["basic"], &["key", "query"]], &[key], Err("needs a credential: basic, or key + query"));
    }

    #[test]
    fn an_authorization_by_hand_replaces_only_what_it_stands_for() {
        let check = |security: &[&[&str]], expected: &str| {
            let (mut query, mut cookies) = (QueryString::default(), Vec::new());
            let mut headers =
                HeaderMap::from_iter([(header::AUTHORIZATION, HeaderValue::from_static("own"))]);
            let given = [("basic", Credential::basic("u", "p")), ("key", Credential::api_key("k"))];
            apply(security, DECLARED, &[&given], &mut headers, &mut query, &mut cookies).unwrap();
            let key = headers.get("x-api-key").map_or("", |key| key.to_str().unwrap());
            assert_eq!(
                (headers.get(header::AUTHORIZATION).unwrap(), key),
                (&"own".parse().unwrap(), expected)
            );
        };
        check(&[&["key"]], "k");
        check(&[&["basic", "key"]], "k");
        check(&[&["key"], &["basic"]], "");
        check(&[&["query"]], "");
        check(&[], "");
    }

    #[test]
    fn secrets_are_not_shown() {
        let shown = format!("{:?}", Credential::basic("u", "hunter2"));
        assert!(!shown.contains("hunter2"), "{shown}");
    }
}

//! Which credentials a call takes, and how they get onto it.

use std::sync::Arc;

use http::{HeaderMap, HeaderName, header};
use tokio::time::Instant;

use super::oauth2::{Source, Token};
use super::{Credential, CredentialPlace, CredentialSpec, sensitive};
use crate::call::OutgoingCall;
use crate::client::Mesh;
use crate::error::{Error, Result};
use crate::intercept::{AttemptEnded, Hook, Interceptor, Outcome};
use crate::request::QueryString;

/// Which of the client's credentials a call carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Carries {
    /// Those that its operation declares.
    Declared,
    /// Whatever is complete, or none: nothing says what a call without a description needs.
    Any,
    /// None but those that the call has of its own.
    Own,
}

/// What a call asks for, and what it has of its own.
#[derive(Debug)]
pub(crate) struct Wanted {
    pub(crate) carries: Carries,
    /// Alternatives, each a set of names that go together.
    pub(crate) security: &'static [&'static [&'static str]],
    pub(crate) declared: &'static [CredentialSpec],
    /// The call has an `Authorization` of its own.
    pub(crate) authorization: bool,
    /// Those of the call, before those of the client.
    pub(crate) given: Vec<(&'static str, Credential)>,
    /// When the call ends, if it does: tokens are fetched before.
    pub(crate) deadline: Option<Instant>,
    /// The fetched tokens that it carries, and where they came from.
    pub(crate) tokens: Vec<(Arc<Source>, Arc<Token>)>,
}

/// The credentials of a client, put on each call that asks for them: the last of the client's interceptors, so that a header
/// which somebody sets by hand counts.
#[derive(Debug)]
pub(crate) struct Credentials {
    pub(crate) mesh: Mesh,
    /// By the names that the document has for them.
    pub(crate) given: Vec<(&'static str, Credential)>,
    /// The `Authorization` of every call, where it is a token to be fetched.
    pub(crate) every_call: Option<Credential>,
}

/// A credential, and where it goes.
type Chosen<'c> = (CredentialSpec, &'c Credential);

impl Interceptor for Credentials {
    fn before_call<'a>(&'a self, call: &'a mut OutgoingCall) -> Hook<'a> {
        match self.put(call) {
            Ok(None) => Hook::done(),
            Ok(Some(source)) => Hook::later(self.fetch_and_put(call, source)),
            Err(error) => Hook::refuse(error),
        }
    }

    /// A token that the service does not take is not used again.
    fn after_attempt(&self, attempt: &AttemptEnded<'_>) {
        let Outcome::Failure(error) = attempt.outcome else { return };
        if error.is_unauthorized() {
            let now = self.mesh.clock().now();
            attempt.call.wanted.tokens.iter().for_each(|(source, token)| source.forget(token, now));
        }
    }
}

impl Credentials {
    /// Puts all that the call takes on it, or nothing and gives the source of a token that has to be fetched first.
    fn put(&self, call: &mut OutgoingCall) -> Result<Option<Arc<Source>>> {
        let OutgoingCall { wanted, headers, query, cookies, .. } = call;
        let Wanted { carries, security, declared, authorization, given, tokens, deadline, .. } = wanted;
        // A credential of this call goes before an `Authorization` that the client sends with every call.
        let of_call = |spec: &&CredentialSpec| given.iter().any(|(name, _)| *name == spec.name);
        let authorizes = |spec: &CredentialSpec| spec.place == CredentialPlace::Authorization;
        let has_own = declared.iter().filter(of_call).any(authorizes);
        if has_own && !*authorization {
            Arc::make_mut(headers).remove(header::AUTHORIZATION);
        }
        let any = *carries == Carries::Any;
        let names: Vec<[&str; 1]> = declared.iter().filter(|_| any).map(|spec| [spec.name]).collect();
        let none = any.then_some(&[][..]);
        let each: Vec<&[&str]> = names.iter().map(<[_; 1]>::as_slice).chain(none).collect();
        let security = if any { &each } else { *security };
        let layers = [given.as_slice(), &self.given];
        let wants = !has_own && *carries != Carries::Own && !headers.contains_key(header::AUTHORIZATION);
        let every_call = self.every_call.as_ref().filter(|_| wants);
        let mut chosen = choose(security, declared, &layers, headers, every_call.is_some())
            .map_err(Error::invalid_request)?;
        let spec = CredentialSpec::new("oauth2", CredentialPlace::Authorization);
        chosen.extend(every_call.map(|credential| (spec, credential)));
        for source in chosen.iter().filter_map(|(_, credential)| credential.source()) {
            if carried(tokens, source).is_none() {
                match source.known(self.mesh.clock().now(), *deadline) {
                    Some(token) => tokens.push((Arc::clone(source), token?)),
                    None => return Ok(Some(Arc::clone(source))),
                }
            }
        }
        for (spec, credential) in chosen {
            let text = match credential.source().and_then(|source| carried(tokens, source)) {
                Some(token) => token.text.0.clone(),
                None => credential.text().map_err(Error::invalid_request)?,
            };
            put(&spec, &text, Arc::make_mut(headers), query, cookies).map_err(Error::invalid_request)?;
        }
        Ok(None)
    }

    async fn fetch_and_put(&self, call: &mut OutgoingCall, source: Arc<Source>) -> Result<()> {
        let mut missing = Some(source);
        while let Some(source) = missing {
            let token = source.token(&self.mesh, call.wanted.deadline).await?;
            call.wanted.tokens.push((source, token));
            missing = self.put(call)?;
        }
        Ok(())
    }
}

/// The token of this source that the call has already.
fn carried<'t>(tokens: &'t [(Arc<Source>, Arc<Token>)], source: &Arc<Source>) -> Option<&'t Token> {
    tokens.iter().find(|(known, _)| Arc::ptr_eq(known, source)).map(|(_, token)| &**token)
}

/// The first alternative that is complete. `authorized`: there will be an `Authorization` header whatever the operation asks for.
///
/// # Errors
/// When the operation needs credentials and no alternative is complete: a call that can only be answered 401 is not sent.
fn choose<'c>(
    security: &[&[&str]],
    declared: &[CredentialSpec],
    given: &[&'c [(&'static str, Credential)]],
    headers: &HeaderMap,
    authorized: bool,
) -> Result<Vec<Chosen<'c>>, String> {
    if security.is_empty() {
        return Ok(Vec::new());
    }
    // What the caller put there by hand stays, whatever the operation asks for.
    let authorized = authorized || headers.contains_key(header::AUTHORIZATION);
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
            return Ok(Vec::new());
        }
        let wanted: Vec<String> = security.iter().map(|alternative| alternative.join(" + ")).collect();
        return Err(format!(
            "needs a credential: {}; set it on the client's builder or on the call",
            wanted.join(", or ")
        ));
    };
    let of = |name: &&str| {
        let spec = declared.iter().find(|spec| spec.name == *name)?;
        Some((*spec, find(name).filter(|_| !(authorized && uses_header(name)))?))
    };
    Ok(alternative.iter().filter_map(of).collect())
}

fn put(
    spec: &CredentialSpec,
    text: &str,
    headers: &mut HeaderMap,
    query: &mut QueryString,
    cookies: &mut Vec<String>,
) -> Result<(), String> {
    let sensitive = |text: &str| {
        sensitive(text).ok_or_else(|| format!("credential `{}` is not a valid header value", spec.name))
    };
    match spec.place {
        CredentialPlace::Authorization => {
            headers.insert(header::AUTHORIZATION, sensitive(text)?);
        }
        CredentialPlace::Header(name) => {
            let name = HeaderName::from_bytes(name.as_bytes())
                .map_err(|_| format!("`{name}` is not a header name"))?;
            headers.insert(name, sensitive(text)?);
        }
        CredentialPlace::Query(name) => query.append(name, text),
        CredentialPlace::Cookie(name) => cookies.push(crate::request::cookie(name, text)),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    const DECLARED: &[CredentialSpec] = &[
        CredentialSpec::new("key", CredentialPlace::Header("X-API-Key")),
        CredentialSpec::new("basic", CredentialPlace::Authorization),
        CredentialSpec::new("query", CredentialPlace::Query("token")),
    ];

    fn apply(
        security: &[&[&str]],
        given: &[(&'static str, Credential)],
        headers: &mut HeaderMap,
        query: &mut QueryString,
    ) -> Result<(), String> {
        for (spec, credential) in choose(security, DECLARED, &[given], headers, false)? {
            put(&spec, &credential.text()?, headers, query, &mut Vec::new())?;
        }
        Ok(())
    }

    fn check(security: &[&[&str]], given: &[(&'static str, Credential)], expected: Result<&str, &str>) {
        let (mut headers, mut query) = (HeaderMap::new(), QueryString::default());
        let result = apply(security, given, &mut headers, &mut query);
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
            let mut query = QueryString::default();
            let mut headers =
                HeaderMap::from_iter([(header::AUTHORIZATION, HeaderValue::from_static("own"))]);
            let given = [("basic", Credential::basic("u", "p")), ("key", Credential::api_key("k"))];
            apply(security, &given, &mut headers, &mut query).unwrap();
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
}

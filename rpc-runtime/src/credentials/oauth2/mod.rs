//! OAuth2 client credentials (RFC 6749 §4.4): a service gets a token for itself.

mod mask;
mod reply;
mod source;
mod url;

use base64::Engine as _;
use http::{HeaderMap, HeaderValue, Method, header};

use super::{Secret, sensitive};
use crate::request::{QueryString, percent_encode};
use crate::transport::TransportRequest;
use mask::Mask;
pub(crate) use reply::Token;
pub(crate) use source::Source;
use url::TokenUrl;

/// How a service gets tokens for itself: OAuth2 client credentials (RFC 6749 §4.4).
///
/// Give it to a client's builder for every call (`oauth2_auth`), or to the setter of a scheme that the document declares. The token is
/// fetched by the first call that needs it, within that call's time, kept in memory, and fetched anew a little before it expires;
/// calls that come meanwhile share one request. A service that answers 401 makes the next call fetch another one. When no token can
/// be had, calls fail with [`ErrorKind::Credential`](crate::ErrorKind::Credential) and are not sent; for the next second nobody asks
/// again, but a call that has more than twice the time in which no reply came. The numbers are in [`Defaults`](crate::config::Defaults), `token_…`.
///
/// The secret goes to the token URL and nowhere else, the token to the client's service and nowhere else; redirects are not
/// followed.
///
/// ```
/// use rpc_runtime::{Client, ClientCredentials, Credential, Mesh};
///
/// let mesh = Mesh::builder().build()?;
/// let reporting = ClientCredentials::new("https://login.example.com/oauth2/token", "reporting", "the secret")
///     .scope("orders:read stock:read")
///     .audience("https://api.example.com");
/// // Clones share the token.
/// let reporting = Credential::oauth2(reporting);
/// let orders = Client::builder("order-service").mesh(&mesh).url("http://orders:8000").oauth2_auth(reporting.clone()).build()?;
/// let stock = Client::builder("stock-service").mesh(&mesh).url("http://stock:8000").oauth2_auth(reporting).build()?;
/// # Ok::<_, rpc_runtime::Error>(())
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct ClientCredentials {
    /// A mistake is told when the credential is given to a client or a call.
    url: Result<TokenUrl, String>,
    id: String,
    secret: Secret,
    scope: Option<String>,
    parameters: Vec<(String, Secret)>,
    /// Id and secret go into the body.
    post: bool,
}

impl ClientCredentials {
    /// The `http` or `https` URL of the token endpoint, and what the client is known by there.
    pub fn new(token_url: &str, client_id: impl Into<String>, client_secret: impl Into<Secret>) -> Self {
        Self {
            url: TokenUrl::parse(token_url),
            id: client_id.into(),
            secret: client_secret.into(),
            scope: None,
            parameters: Vec::new(),
            post: false,
        }
    }

    /// The scopes to ask for, with spaces between them.
    pub fn scope(mut self, scopes: impl Into<String>) -> Self {
        self.scope = Some(scopes.into());
        self
    }

    /// Whom the token is for: the parameter `audience`, which some servers ask for.
    pub fn audience(self, audience: impl Into<Secret>) -> Self {
        self.parameter("audience", audience)
    }

    /// One more parameter of the token request.
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<Secret>) -> Self {
        self.parameters.push((name.into(), value.into()));
        self
    }

    /// Sends id and secret in the body of the token request (`client_secret_post`), for servers that do not take them as HTTP
    /// basic (`client_secret_basic`), the usual way.
    pub fn client_secret_post(mut self) -> Self {
        self.post = true;
        self
    }

    /// The token request.
    fn request(&self) -> Result<TransportRequest<'_>, String> {
        let url = self.url.as_ref().map_err(String::clone)?;
        let mut body = QueryString::default();
        body.append("grant_type", "client_credentials");
        if let Some(scope) = &self.scope {
            body.append("scope", scope);
        }
        for (name, Secret(value)) in &self.parameters {
            if ["grant_type", "scope", "client_id", "client_secret"].contains(&name.as_str()) {
                return Err(format!("oauth2: the parameter `{name}` has a place of its own"));
            }
            body.append(name, value);
        }
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
        let form = HeaderValue::from_static("application/x-www-form-urlencoded");
        headers.insert(header::CONTENT_TYPE, form);
        if self.post {
            body.append("client_id", &self.id);
            body.append("client_secret", &self.secret.0);
        } else {
            headers.extend(
                sensitive(&format!("Basic {}", self.basic())).map(|value| (header::AUTHORIZATION, value)),
            );
        }
        Ok(TransportRequest {
            endpoint: &url.endpoint,
            method: &Method::POST,
            target: &url.target,
            headers,
            body: body.as_str().to_owned().into(),
            alone: true,
        })
    }

    /// Id and secret for HTTP basic.
    fn basic(&self) -> String {
        let pair = format!("{}:{}", encoded(&self.id), encoded(&self.secret.0));
        base64::engine::general_purpose::STANDARD.encode(pair)
    }

    /// Hides what must not be shown, should somebody have sent it back.
    fn mask(&self) -> Mask {
        // Where there is no secret, the pair is none either.
        let pair = (!self.secret.0.is_empty()).then(|| self.basic());
        let parameters = self.parameters.iter().map(|(_, value)| value.0.as_str());
        Mask::new(parameters.chain([self.secret.0.as_str()]).chain(pair.as_deref()))
    }
}

/// Id and secret are encoded before HTTP basic puts a colon between them (RFC 6749 §2.3.1).
fn encoded(text: &str) -> String {
    let mut out = String::new();
    percent_encode(&mut out, text, |byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(client: ClientCredentials, authorization: &str, body: &str) {
        let request = client.request().unwrap();
        let found = request.headers.get(header::AUTHORIZATION).map_or("", |value| value.to_str().unwrap());
        assert_eq!((found, std::str::from_utf8(&request.body).unwrap()), (authorization, body));
        assert!(request.headers.get(header::AUTHORIZATION).is_none_or(HeaderValue::is_sensitive));
    }

    #[test]
    fn token_requests() {
        let plain = || ClientCredentials::new("https://idp/token", "id", "se:c ret");
        // `id:se%3Ac%20ret`
        let basic = "Basic aWQ6c2UlM0FjJTIwcmV0";
        check(plain(), basic, "grant_type=client_credentials");
        let scoped = plain().scope("a").scope("a b").audience("x&y").parameter("resource", "r");
        check(scoped, basic, "grant_type=client_credentials&scope=a%20b&audience=x%26y&resource=r");
        let post = "grant_type=client_credentials&client_id=id&client_secret=se%3Ac%20ret";
        check(plain().client_secret_post(), "", post);
        for name in ["grant_type", "client_secret"] {
            let error = plain().parameter(name, "x").request().unwrap_err();
            assert!(error.contains(name), "{error}");
        }
        assert!(ClientCredentials::new("idp/token", "id", "s").request().is_err());
    }

    #[test]
    fn nothing_that_was_sent_is_shown() {
        let client =
            ClientCredentials::new("https://idp/token", "id", "se:c \"ret").parameter("resource", "r/1");
        let sent = client.request().unwrap().headers[header::AUTHORIZATION].to_str().unwrap().to_owned();
        let mask = client.mask();
        for shown in ["se:c \"ret", "se%3Ac%20%22ret", "se%3ac+%22ret", "r/1", "r%2F1", &sent[6..]] {
            assert_eq!(mask.hide(&format!("not {shown}, id")), "not ***, id");
        }
        let none = ClientCredentials::new("https://idp/token", "id", "").mask();
        assert_eq!(none.hide("as it is"), "as it is");
    }
}

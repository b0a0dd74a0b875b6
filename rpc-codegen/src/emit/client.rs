//! The client's file: what the runtime has to know about the service, and setters of its credentials.

use proc_macro2::TokenStream;
use quote::quote;

use super::tokens::doc_lines;
use super::{names, text};
use crate::diagnostic::Diagnostic;
use crate::ir::{Credential, CredentialKind, Envelope, Place, Service};

/// The parts of `client.rs`.
#[derive(Debug)]
pub(crate) struct Client {
    /// Statics.
    pub(crate) statics: TokenStream,
    /// The runtime's macro, as text: a formatter of token streams knows nothing about what is inside.
    pub(crate) define: String,
    /// Setters of credentials.
    pub(crate) credentials: TokenStream,
}

/// `client.rs`.
///
/// # Errors
/// A name that is none.
pub(crate) fn client(service: &Service) -> Result<Client, Diagnostic> {
    let name = &service.name;
    let (mut imports, mut envelope) = (Vec::new(), TokenStream::new());
    let mut descriptor = quote! { ServiceDescriptor::new(#name) };
    if !service.credentials.is_empty() {
        imports.extend([quote! { Credential }, quote! { CredentialPlace }, quote! { CredentialSpec }]);
        let specs = service.credentials.iter().map(spec);
        descriptor.extend(quote! { .credentials(&[#(#specs),*]) });
    }
    if let Some(shape) = &service.envelope {
        imports.push(quote! { Envelope });
        let shape = envelope_value(shape);
        envelope.extend(quote! {
            #[doc = " The envelope around replies."]
            pub(crate) static ENVELOPE: Envelope = #shape;
        });
        descriptor.extend(quote! { .envelope(&ENVELOPE) });
    }
    if !service.credentials.is_empty() {
        imports.push(quote! { Operation });
        // A setter of OAuth2 takes a whole credential.
        if service.credentials.iter().any(|credential| credential.kind != CredentialKind::OAuth2) {
            imports.push(quote! { Secret });
        }
    }
    imports.push(quote! { ServiceDescriptor });
    let imports = match imports.as_slice() {
        [one] => quote! { #one },
        many => quote! { { #(#many),* } },
    };
    let statics = quote! {
        use rpc_runtime::codegen::#imports;
        #envelope
        #[doc = " What the runtime has to know about the service."]
        static SERVICE: ServiceDescriptor = #descriptor;
    };
    Ok(Client { statics, define: define(service), credentials: credentials(service)? })
}

fn define(service: &Service) -> String {
    let mut lines = vec![format!("Client of {}.", text::inline(&service.name))];
    if let Some(description) = service.description.as_deref() {
        lines.push(String::new());
        lines.extend(text::block(description));
    }
    let docs: String =
        lines.iter().map(|line| format!("    /// {line}").trim_end().to_owned() + "\n").collect();
    format!("rpc_runtime::__define_client! {{\n{docs}    SERVICE\n}}\n")
}

fn envelope_value(envelope: &Envelope) -> TokenStream {
    let Envelope { code, message, data, timestamp, success } = envelope;
    let timestamp = timestamp.as_deref().unwrap_or("timestamp");
    let standard = (code.as_str(), message.as_str(), data.as_str(), timestamp)
        == ("code", "message", "data", "timestamp");
    let mut value = if standard {
        quote! { Envelope::STANDARD }
    } else {
        quote! { Envelope::named(#code, #message, #data, #timestamp) }
    };
    if !success.is_empty() {
        value.extend(quote! { .success(&[#(#success),*]) });
    }
    value
}

fn spec(credential: &Credential) -> TokenStream {
    let name = &credential.name;
    let place = match &credential.kind {
        CredentialKind::Basic | CredentialKind::Bearer | CredentialKind::OAuth2 => quote! { Authorization },
        CredentialKind::ApiKey(Place::Query, name) => quote! { Query(#name) },
        CredentialKind::ApiKey(Place::Cookie, name) => quote! { Cookie(#name) },
        CredentialKind::ApiKey(Place::Header | Place::Path, name) => quote! { Header(#name) },
    };
    quote! { CredentialSpec::new(#name, CredentialPlace::#place) }
}

fn credentials(service: &Service) -> Result<TokenStream, Diagnostic> {
    if service.credentials.is_empty() {
        return Ok(TokenStream::new());
    }
    let (mut builder, mut call) = (TokenStream::new(), TokenStream::new());
    for credential in &service.credentials {
        let (name, setter) = (&credential.name, names::ident(&names::credential(&credential.setter))?);
        let (what, arguments, value) = match credential.kind {
            CredentialKind::ApiKey(..) => {
                ("The API key", quote! { key: impl Into<Secret> }, quote! { Credential::api_key(key) })
            }
            CredentialKind::Bearer => (
                "The bearer token",
                quote! { token: impl Into<Secret> },
                quote! { Credential::bearer(token) },
            ),
            CredentialKind::OAuth2 => (
                "The bearer token, or the [`ClientCredentials`](rpc_runtime::ClientCredentials) that fetch it,",
                quote! { token: impl Into<Credential> },
                quote! { token.into() },
            ),
            CredentialKind::Basic => (
                "User and password",
                quote! { user: impl Into<String>, password: impl Into<Secret> },
                quote! { Credential::basic(user, password) },
            ),
        };
        let about = credential.doc.as_deref().map(text::block).unwrap_or_default();
        let docs = |scope: &str| {
            let mut lines = vec![format!("{what} of {scope}: {} in the document.", text::code(name))];
            if !about.is_empty() {
                lines.push(String::new());
                lines.extend(about.iter().cloned());
            }
            doc_lines(lines)
        };
        let (on_builder, on_call) = (docs("all calls that need it"), docs("this call"));
        builder.extend(quote! {
            #on_builder
            pub fn #setter(mut self, #arguments) -> Self {
                self.inner.credential(#name, #value);
                self
            }
        });
        call.extend(quote! {
            #on_call
            pub fn #setter(mut self, #arguments) -> Self {
                self.request.set_credential(#name, #value);
                self
            }
        });
    }
    Ok(quote! {
        #[doc = " Credentials."]
        impl ClientBuilder { #builder }
        #[doc = " Credentials."]
        impl<Op: Operation> Call<Op> { #call }
    })
}

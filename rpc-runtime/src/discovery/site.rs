//! One URL of a service, and the names to ask for.

use std::io;
use std::net::SocketAddr;

use super::either::{Asked, Either, Kind};
use super::endpoint::Endpoint;
use super::resolve::{Answer, Resolve};
use crate::config::ServiceUrl;

/// A URL; or one of SRV records, and a second one of addresses for when that leads nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Site {
    first: ServiceUrl,
    second: Option<ServiceUrl>,
}

impl From<ServiceUrl> for Site {
    fn from(url: ServiceUrl) -> Self {
        Site { first: url, second: None }
    }
}

impl Site {
    /// The SRV records of `first`, else the addresses of `second`.
    pub(super) fn either(first: ServiceUrl, second: ServiceUrl) -> Self {
        Site { first, second: Some(second) }
    }

    /// The URL of this kind; where there is one only, that.
    pub(super) fn url(&self, kind: Kind) -> &ServiceUrl {
        self.second.as_ref().filter(|_| kind == Kind::Addresses).unwrap_or(&self.first)
    }

    /// The endpoint, where no name has to be looked up.
    pub(super) fn fixed(&self) -> Option<Endpoint> {
        let addr = self.first.ip().map(|ip| SocketAddr::new(ip, self.first.port()));
        (!self.first.needs_lookup()).then(|| Endpoint::new(self.first.clone(), addr))
    }

    /// Looks the name up, or one of the two: see [`Either`] for `first` and `in_use`.
    pub(super) async fn ask(&self, resolve: &dyn Resolve, first: Kind, in_use: Option<Kind>) -> Asked {
        let Some(second) = &self.second else {
            return Asked { using: first, first, answer: self.ask_for(resolve, first).await };
        };
        let (srv, host, port) = (self.first.lookup_name(), second.lookup_name(), second.port());
        let question = Either { srv, host, port, first, in_use };
        match resolve.resolve_either(&question) {
            Some(resolving) => resolving.await,
            None => {
                question.ask(self.ask_for(resolve, Kind::Srv), self.ask_for(resolve, Kind::Addresses)).await
            }
        }
    }

    async fn ask_for(&self, resolve: &dyn Resolve, kind: Kind) -> io::Result<Answer> {
        let url = self.url(kind);
        let answer = match url.is_srv() {
            true => resolve.resolve_srv(&url.lookup_name()),
            false => resolve.resolve(&url.lookup_name(), url.port()),
        };
        match answer.await? {
            Answer::Found { targets, .. } if targets.is_empty() => {
                Err(io::Error::new(io::ErrorKind::NotFound, "the name has no address"))
            }
            answer => Ok(answer),
        }
    }
}

//! One URL of a service, and the names to ask for.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use super::endpoint::Endpoint;
use super::resolve::{Answer, Resolve};
use crate::config::ServiceUrl;

/// A URL, or a second one for when the first leads nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Site {
    first: ServiceUrl,
    second: Option<ServiceUrl>,
}

/// What was asked for at last, and what came of it.
pub(super) struct Asked {
    /// 0 is the first URL, 1 the second.
    pub(super) using: usize,
    pub(super) answer: io::Result<Answer>,
}

impl From<ServiceUrl> for Site {
    fn from(url: ServiceUrl) -> Self {
        Site { first: url, second: None }
    }
}

impl Site {
    /// `first`, else `second`.
    pub(super) fn either(first: ServiceUrl, second: ServiceUrl) -> Self {
        Site { first, second: Some(second) }
    }

    /// The URL of this number.
    pub(super) fn url(&self, using: usize) -> &ServiceUrl {
        self.second.as_ref().filter(|_| using > 0).unwrap_or(&self.first)
    }

    /// The endpoint, where no name has to be looked up.
    pub(super) fn fixed(&self) -> Option<Endpoint> {
        let addr = self.first.ip().map(|ip| SocketAddr::new(ip, self.first.port()));
        (!self.first.needs_lookup()).then(|| Endpoint::new(self.first.clone(), addr))
    }

    /// Asks for the name that answered before, then for the other. While there is a set in use (`in_use`), a failure
    /// ends it: the other name must not replace what is only not known to be right any more. Nothing is there only if
    /// both say so.
    pub(super) async fn ask(&self, resolve: &dyn Resolve, using: usize, in_use: bool) -> Asked {
        let first = self.ask_for(resolve, using).await;
        let least = match &first {
            Ok(Answer::Empty { ttl }) => *ttl,
            Err(_) if !in_use => None,
            _ => return Asked { using, answer: first },
        };
        if self.second.is_none() {
            return Asked { using, answer: first };
        }
        let other = 1 - using.min(1);
        let answer = match (first, self.ask_for(resolve, other).await) {
            (Err(failed), Ok(Answer::Empty { .. })) => return Asked { using, answer: Err(failed) },
            (_, Ok(Answer::Empty { ttl })) => Ok(Answer::Empty { ttl: shorter(least, ttl) }),
            (_, answer) => answer,
        };
        Asked { using: other, answer }
    }

    async fn ask_for(&self, resolve: &dyn Resolve, using: usize) -> io::Result<Answer> {
        let url = self.url(using);
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

fn shorter(one: Option<Duration>, two: Option<Duration>) -> Option<Duration> {
    one.into_iter().chain(two).min()
}

#[cfg(feature = "dns")]
#[cfg(test)]
mod tests {
    use super::*;
    use crate::discovery::{Resolving, Target};

    /// What SRV and what addresses say: `+` found, `-` nothing, `!` an error.
    #[derive(Debug)]
    struct Says(char, char);

    impl Says {
        fn answer(says: char) -> Resolving {
            Box::pin(async move {
                match says {
                    '+' => Ok(Answer::found([Target::new("10.0.0.1:81".parse().unwrap())], None)),
                    '-' => Ok(Answer::Empty { ttl: Some(Duration::from_secs(7)) }),
                    _ => Err(io::Error::other("scripted")),
                }
            })
        }
    }

    impl Resolve for Says {
        fn resolve(&self, _: &str, _: u16) -> Resolving {
            Says::answer(self.1)
        }

        fn resolve_srv(&self, _: &str) -> Resolving {
            Says::answer(self.0)
        }
    }

    #[tokio::test]
    async fn one_name_or_the_other() {
        let url = |text| ServiceUrl::parse(text).unwrap();
        let site = Site::either(url("http+srv://_http._tcp.a"), url("http://a"));
        let check = async |srv, addrs, using, in_use, expected: &str| {
            let asked = site.ask(&Says(srv, addrs), using, in_use).await;
            let kind = match asked.answer {
                Ok(Answer::Found { .. }) => "found",
                Ok(Answer::Empty { ttl }) => {
                    assert_eq!(ttl, Some(Duration::from_secs(7)));
                    "empty"
                }
                Err(_) => "failed",
            };
            assert_eq!(format!("{kind} by {}", asked.using), expected, "{srv} {addrs} {using} {in_use}");
        };
        check('+', '+', 0, false, "found by 0").await;
        check('+', '+', 1, false, "found by 1").await;
        check('-', '+', 0, true, "found by 1").await;
        check('!', '+', 0, false, "found by 1").await;
        check('!', '+', 0, true, "failed by 0").await;
        check('+', '!', 1, true, "failed by 1").await;
        check('+', '-', 1, true, "found by 0").await;
        check('-', '-', 0, true, "empty by 1").await;
        check('-', '!', 0, true, "failed by 1").await;
        check('!', '-', 0, false, "failed by 0").await;
        check('!', '!', 0, false, "failed by 1").await;
    }
}

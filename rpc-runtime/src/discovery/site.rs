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
    /// Which to ask for first the next time.
    pub(super) first: usize,
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

    /// Asks for the name of number `first`, then for the other. `in_use` is the name whose answer is in use and not in doubt:
    /// when that one fails, or is gone for the first time, the other must not replace it. Nothing is there only if both say so.
    pub(super) async fn ask(&self, resolve: &dyn Resolve, first: usize, in_use: Option<usize>) -> Asked {
        let one = self.ask_for(resolve, first).await;
        let is_found = matches!(one, Ok(Answer::Found { .. }));
        if is_found || self.second.is_none() || in_use == Some(first) {
            return Asked { using: first, first, answer: one };
        }
        let other = 1 - first.min(1);
        match (one, self.ask_for(resolve, other).await) {
            (Err(failed), Ok(Answer::Empty { .. })) => Asked { using: first, first, answer: Err(failed) },
            (Ok(Answer::Empty { ttl }), Ok(Answer::Empty { ttl: too })) => {
                Asked { using: other, first: other, answer: Ok(Answer::Empty { ttl: shorter(ttl, too) }) }
            }
            // A failure says nothing of the name: it is asked for first again.
            (Err(_), answer) => Asked { using: other, first, answer },
            (_, answer) => Asked { using: other, first: other, answer },
        }
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
        let check = async |srv, addrs, first, in_use, expected: &str| {
            let asked = site.ask(&Says(srv, addrs), first, in_use).await;
            let kind = match asked.answer {
                Ok(Answer::Found { .. }) => "found",
                Ok(Answer::Empty { ttl }) => {
                    assert_eq!(ttl, Some(Duration::from_secs(7)));
                    "empty"
                }
                Err(_) => "failed",
            };
            let found = format!("{kind} by {}, then {}", asked.using, asked.first);
            assert_eq!(found, expected, "{srv} {addrs} {first} {in_use:?}");
        };
        check('+', '+', 0, None, "found by 0, then 0").await;
        check('+', '+', 1, None, "found by 1, then 1").await;
        check('-', '+', 0, None, "found by 1, then 1").await;
        // A failure proves nothing: the name is asked for again.
        check('!', '+', 0, None, "found by 1, then 0").await;
        check('!', '+', 0, Some(1), "found by 1, then 0").await;
        check('+', '+', 0, Some(1), "found by 0, then 0").await;
        // What is in use is replaced neither for a failure nor for a first "nothing".
        check('-', '+', 0, Some(0), "empty by 0, then 0").await;
        check('!', '+', 0, Some(0), "failed by 0, then 0").await;
        check('+', '!', 1, Some(1), "failed by 1, then 1").await;
        check('+', '-', 1, Some(1), "empty by 1, then 1").await;
        check('+', '-', 1, None, "found by 0, then 0").await;
        check('-', '-', 0, None, "empty by 1, then 1").await;
        check('-', '!', 0, None, "failed by 1, then 1").await;
        check('!', '-', 0, None, "failed by 0, then 0").await;
        check('!', '!', 0, None, "failed by 1, then 0").await;
    }
}

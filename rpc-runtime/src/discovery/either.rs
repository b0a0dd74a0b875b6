//! One of two: SRV records, or addresses.

use std::io;
use std::pin::Pin;

use super::resolve::Answer;

/// What a name can be asked for, where either will do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// SRV records.
    #[default]
    Srv,
    /// Addresses.
    Addresses,
}

/// A question that is answered by SRV records as well as by addresses.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Either {
    /// The name of the SRV records: `_http._tcp.` and the host.
    pub srv: String,
    /// The name of the addresses.
    pub host: String,
    /// Their port.
    pub port: u16,
    /// What is asked for first.
    pub first: Kind,
    /// What is in use and not in doubt: when that cannot be had, or is gone for the first time, the other must not replace it.
    pub in_use: Option<Kind>,
}

/// What came of it.
#[derive(Debug)]
#[non_exhaustive]
pub struct Asked {
    /// What the answer is about.
    pub using: Kind,
    /// What is to be asked for first the next time.
    pub first: Kind,
    /// The answer, or why there is none.
    pub answer: io::Result<Answer>,
}

/// A pending lookup of either kind.
pub type ResolvingEither = Pin<Box<dyn Future<Output = Asked> + Send>>;

impl Either {
    /// Nothing could be asked.
    pub fn failed(&self, error: io::Error) -> Asked {
        Asked { using: self.first, first: self.first, answer: Err(error) }
    }

    /// Asks for one kind, then for the other. Nothing is there only if both say so. A future that is not needed is not polled.
    pub(super) async fn ask(
        &self,
        srv: impl Future<Output = io::Result<Answer>>,
        addresses: impl Future<Output = io::Result<Answer>>,
    ) -> Asked {
        match self.first {
            Kind::Srv => self.in_turn(srv, addresses, Kind::Addresses).await,
            Kind::Addresses => self.in_turn(addresses, srv, Kind::Srv).await,
        }
    }

    async fn in_turn(
        &self,
        one: impl Future<Output = io::Result<Answer>>,
        two: impl Future<Output = io::Result<Answer>>,
        other: Kind,
    ) -> Asked {
        let (first, one) = (self.first, one.await);
        if matches!(one, Ok(Answer::Found { .. })) || self.in_use == Some(first) {
            return Asked { using: first, first, answer: one };
        }
        match (one, two.await) {
            (Err(failed), Ok(Answer::Empty { .. })) => self.failed(failed),
            (Ok(Answer::Empty { ttl }), Ok(Answer::Empty { ttl: too })) => {
                Asked { using: other, first: other, answer: Ok(Answer::Empty { ttl: shorter(ttl, too) }) }
            }
            // A failure says nothing of the name: it is asked for first again.
            (Err(_), answer) => Asked { using: other, first, answer },
            (_, answer) => Asked { using: other, first: other, answer },
        }
    }
}

/// The shorter of two times, if there is any.
pub(super) fn shorter<T: Ord>(one: Option<T>, two: Option<T>) -> Option<T> {
    one.into_iter().chain(two).min()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::discovery::Target;

    /// `+` found, `-` nothing, `!` an error.
    fn says(what: char) -> io::Result<Answer> {
        match what {
            '+' => Ok(Answer::found([Target::new("10.0.0.1:81".parse().unwrap())], None)),
            '-' => Ok(Answer::Empty { ttl: Some(Duration::from_secs(7)) }),
            _ => Err(io::Error::other("scripted")),
        }
    }

    #[tokio::test]
    async fn one_kind_or_the_other() {
        use Kind::{Addresses, Srv};
        let check = async |srv, addresses, first, in_use, expected: &str| {
            let (name, host) = ("_http._tcp.a".to_owned(), "a".to_owned());
            let question = Either { srv: name, host, port: 80, first, in_use };
            let asked = question.ask(async { says(srv) }, async { says(addresses) }).await;
            let kind = match asked.answer {
                Ok(Answer::Found { .. }) => "found",
                Ok(Answer::Empty { ttl }) => {
                    assert_eq!(ttl, Some(Duration::from_secs(7)));
                    "empty"
                }
                Err(_) => "failed",
            };
            let found = format!("{kind} by {:?}, then {:?}", asked.using, asked.first);
            assert_eq!(found, expected, "{srv} {addresses} {first:?} {in_use:?}");
        };
        check('+', '+', Srv, None, "found by Srv, then Srv").await;
        check('+', '+', Addresses, None, "found by Addresses, then Addresses").await;
        check('-', '+', Srv, None, "found by Addresses, then Addresses").await;
        // A failure proves nothing: the name is asked for again.
        check('!', '+', Srv, None, "found by Addresses, then Srv").await;
        check('!', '+', Srv, Some(Addresses), "found by Addresses, then Srv").await;
        check('+', '+', Srv, Some(Addresses), "found by Srv, then Srv").await;
        // What is in use is replaced neither for a failure nor for a first "nothing".
        check('-', '+', Srv, Some(Srv), "empty by Srv, then Srv").await;
        check('!', '+', Srv, Some(Srv), "failed by Srv, then Srv").await;
        check('+', '!', Addresses, Some(Addresses), "failed by Addresses, then Addresses").await;
        check('+', '-', Addresses, Some(Addresses), "empty by Addresses, then Addresses").await;
        check('+', '-', Addresses, None, "found by Srv, then Srv").await;
        check('-', '-', Srv, None, "empty by Addresses, then Addresses").await;
        check('-', '!', Srv, None, "failed by Addresses, then Addresses").await;
        check('!', '-', Srv, None, "failed by Srv, then Srv").await;
        check('!', '!', Srv, None, "failed by Addresses, then Srv").await;
    }
}

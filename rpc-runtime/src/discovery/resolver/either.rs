//! SRV records or addresses, one name of the search list after the other.

use std::io;

use hickory_resolver::proto::rr::Name;

use super::addresses::found;
use super::{Answer, Lookup};
use crate::discovery::either::{Asked, Either, Kind, shorter};

impl Lookup {
    /// What the first name that has either leads to: a later name may be another service, whatever records it has.
    pub(super) async fn either(&self, question: &Either) -> Asked {
        self.tried(question).await.unwrap_or_else(|error| question.failed(error))
    }

    async fn tried(&self, question: &Either) -> io::Result<Asked> {
        let Either { srv, host, port, first, .. } = question;
        let known = self.known_here(host)?;
        if !known.is_empty() {
            let answer = Ok(found(known, *port, None));
            return Ok(Asked { using: Kind::Addresses, first: Kind::Addresses, answer });
        }
        let mut nothing = Asked { using: *first, first: *first, answer: Ok(Answer::Empty { ttl: None }) };
        let labels = srv.strip_suffix(host.as_str()).unwrap_or_default();
        let labels = Name::from_ascii(labels.trim_end_matches('.')).map_err(io::Error::other)?;
        for host in &self.names(host)? {
            let srv = async {
                match labels.clone().append_domain(host) {
                    Ok(srv) => self.services_of(&srv).await,
                    // A name that is too long is not there.
                    Err(_) => Ok(Answer::Empty { ttl: None }),
                }
            };
            let asked = question.ask(srv, self.addresses_of(host, *port)).await;
            match (&nothing.answer, asked.answer) {
                (Ok(Answer::Empty { ttl }), Ok(Answer::Empty { ttl: too })) => {
                    nothing = Asked { answer: Ok(Answer::Empty { ttl: shorter(*ttl, too) }), ..asked };
                }
                (_, answer) => return Ok(Asked { answer, ..asked }),
            }
        }
        Ok(nothing)
    }
}

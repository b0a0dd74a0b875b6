//! One token for all calls that need it: kept, refreshed, forgotten; one request at a time.

use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::ClientCredentials;
use super::reply::{Failure, Token, read};
use crate::call::{Exchanged, exchange, within};
use crate::client::Mesh;
use crate::config::Defaults;
use crate::error::Result;
use crate::metrics::Event;

/// Where a token comes from, and the token.
#[derive(Debug)]
pub(crate) struct Source {
    client: ClientCredentials,
    known: Mutex<Known>,
    /// Whoever holds it asks for a token. Who is dropped meanwhile lets the next one in.
    turn: tokio::sync::Mutex<()>,
}

#[derive(Debug, Default)]
struct Known {
    token: Option<Arc<Token>>,
    /// The last request's failure, and until when it counts.
    failed: Option<(Instant, Failure)>,
}

impl Known {
    fn valid(&self, now: Instant) -> Option<&Arc<Token>> {
        self.token.as_ref().filter(|token| now < token.expires)
    }

    /// What can be said without asking: a token, or that there is none to be had at the moment.
    fn answer(&self, now: Instant, deadline: Option<Instant>) -> Option<Result<Arc<Token>, Failure>> {
        let valid = self.valid(now);
        if let Some(fresh) = valid.filter(|token| now < token.refresh) {
            return Some(Ok(Arc::clone(fresh)));
        }
        let (_, failure) = self.failed.as_ref().filter(|(until, _)| now < *until)?;
        if let Some(old) = valid {
            return Some(Ok(Arc::clone(old)));
        }
        // A call in a hurry does not speak for one that has much more time. Twice as much each time: these are few.
        let longer = failure.waited.is_some_and(|waited| self.limit(now, deadline) > 2 * waited);
        (!longer).then(|| Err(failure.clone()))
    }

    /// How long a token request may take, a little less than its call: what ends with the call is never known to have failed,
    /// and each call would ask anew. While the old token is still good, a call neither waits long for a new one nor risks its
    /// own time.
    fn limit(&self, now: Instant, deadline: Option<Instant>) -> Duration {
        const LITTLE: Duration = Duration::from_millis(5);
        let defaults = Defaults::V1;
        let left = deadline.map(|deadline| deadline.saturating_duration_since(now));
        match (self.valid(now), left) {
            (None, None) => defaults.token_timeout,
            (None, Some(left)) => defaults.token_timeout.min(left - LITTLE.min(left / 10)),
            (Some(_), None) => defaults.token_patience,
            (Some(_), Some(left)) => defaults.token_patience.min(left / 2),
        }
    }
}

impl Source {
    pub(crate) fn new(client: ClientCredentials) -> Self {
        Self { client, known: Mutex::default(), turn: tokio::sync::Mutex::default() }
    }

    /// What is wrong with what was given.
    pub(crate) fn check(&self) -> Result<(), String> {
        self.client.request().map(drop)
    }

    fn state(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The token, or why there is none, if nobody has to be asked for that.
    pub(crate) fn known(&self, now: Instant, deadline: Option<Instant>) -> Option<Result<Arc<Token>>> {
        self.state().answer(now, deadline).map(|known| known.map_err(Failure::into_error))
    }

    /// The token: the known one, or a new one that is there before `deadline`.
    pub(crate) async fn token(&self, mesh: &Mesh, deadline: Option<Instant>) -> Result<Arc<Token>> {
        let old = self.state().valid(mesh.clock().now()).map(Arc::clone);
        let _turn = match (self.turn.try_lock(), old) {
            (Ok(turn), _) => turn,
            // Somebody fetches the next one, and this one is good meanwhile.
            (Err(_), Some(old)) => return Ok(old),
            (Err(_), None) => self.turn.lock().await,
        };
        let asked = mesh.clock().now();
        if let Some(known) = self.known(asked, deadline) {
            return known;
        }
        let limit = self.state().limit(asked, deadline);
        let fetched = self.fetch(mesh, asked, limit).await;
        let now = mesh.clock().now();
        let mut state = self.state();
        match fetched {
            Ok(token) => {
                let token = Arc::new(token);
                *state = Known { token: Some(Arc::clone(&token)), failed: None };
                Ok(token)
            }
            Err(failure) => {
                state.failed = Some((now + Defaults::V1.token_backoff, failure.clone()));
                state.valid(now).map(Arc::clone).ok_or_else(|| failure.into_error())
            }
        }
    }

    async fn fetch(&self, mesh: &Mesh, asked: Instant, limit: Duration) -> Result<Token, Failure> {
        let request = self.client.request().map_err(Failure::lasting)?;
        let max_body = Some(Defaults::V1.token_max_body);
        let mut answered = None;
        let exchange = pin!(exchange(mesh.transport(), request, max_body, &mut answered));
        let exchanged = within(&**mesh.clock(), asked.checked_add(limit), exchange).await;
        let exchanged = exchanged.unwrap_or(Exchanged::TimedOut(limit));
        let token = read(exchanged, asked, mesh.clock().now(), &Defaults::V1, &self.client.mask());
        let url = self.client.url.as_ref().map(ToString::to_string).unwrap_or_default();
        match &token {
            Ok(token) => {
                let expires_s = token.expires.saturating_duration_since(asked).as_secs();
                tracing::debug!(target: "rpc_runtime::oauth2", %url, expires_s, "token fetched");
            }
            Err(Failure { what: error, .. }) => {
                tracing::warn!(target: "rpc_runtime::oauth2", %url, %error, "no token");
            }
        }
        mesh.recording().tell(|| Event::TokenFetched { success: token.is_ok() });
        token.map_err(|failure| Failure { what: format!("{url}: {}", failure.what), ..failure })
    }

    /// The service refuses this token. One that has just come stays: another one would be refused, too, and no service's mistake
    /// may become a token request for each call.
    pub(crate) fn forget(&self, refused: &Arc<Token>, now: Instant) {
        let mut state = self.state();
        let is_it = state.token.as_ref().is_some_and(|token| Arc::ptr_eq(token, refused));
        if is_it && now >= refused.arrived + Defaults::V1.token_backoff {
            state.token = None;
        }
    }
}

//! What every generated crate has and none writes itself: `Client`, `ClientBuilder`, `Call`.

/// Writes the options of a call: the same on every call of every crate.
#[doc(hidden)]
#[macro_export]
macro_rules! __call_options {
    () => {
        /// Time for the whole call, retries and waits included.
        pub fn timeout(mut self, limit: ::std::time::Duration) -> Self {
            self.request.set_timeout(Some(limit));
            self
        }

        /// No limit for the whole call, whatever the client says.
        pub fn no_timeout(mut self) -> Self {
            self.request.set_timeout(None);
            self
        }

        /// Time for one attempt.
        pub fn attempt_timeout(mut self, limit: ::std::time::Duration) -> Self {
            self.request.set_attempt_timeout(Some(limit));
            self
        }

        /// No limit for one attempt but the call's own.
        pub fn no_attempt_timeout(mut self) -> Self {
            self.request.set_attempt_timeout(None);
            self
        }

        /// Sends this bearer token, in place of the client's credential.
        pub fn bearer_auth(mut self, token: impl Into<$crate::Secret>) -> Self {
            self.request.set_authorization(&$crate::Credential::bearer(token));
            self
        }

        /// Sends this user and password (HTTP basic), in place of the client's credential.
        pub fn basic_auth(mut self, user: impl Into<String>, password: impl Into<$crate::Secret>) -> Self {
            self.request.set_authorization(&$crate::Credential::basic(user, password));
            self
        }

        /// How often the request may be sent again after the first attempt.
        pub fn retries(mut self, retries: u32) -> Self {
            self.request.set_retries(retries);
            self
        }

        /// Largest body to accept, in bytes.
        pub fn max_body(mut self, bytes: u64) -> Self {
            self.request.set_max_body(bytes);
            self
        }

        /// Refuses the call while the last ones to the service have all failed.
        pub fn breaker(mut self, breaker: $crate::Breaker) -> Self {
            self.request.set_breaker(Some(breaker));
            self
        }

        /// Makes the call whatever a breaker says.
        pub fn no_breaker(mut self) -> Self {
            self.request.set_breaker(None);
            self
        }

        /// Sends the request to a second endpoint while the first one is slow, if the call may be repeated.
        pub fn hedging(mut self, hedging: $crate::Hedging) -> Self {
            self.request.set_hedging(Some(hedging));
            self
        }

        /// Sends one request at a time.
        pub fn no_hedging(mut self) -> Self {
            self.request.set_hedging(None);
            self
        }

        /// Adds a header. One that cannot be sent fails the call before it is sent.
        pub fn header(mut self, name: &str, value: &str) -> Self {
            self.request.add_header(name, value);
            self
        }

        /// The trace id of this call, in place of the scope's.
        pub fn trace_id(mut self, id: &str) -> Self {
            self.request.set_trace_id(id);
            self
        }

        /// Makes the call safe to repeat: the service treats all requests with one key as one (`Idempotency-Key`).
        /// Operations that are known to take a key make one of their own; give one that is kept if the same work
        /// may be asked for again later, after a restart for instance.
        pub fn idempotency_key(mut self, key: impl Into<String>) -> Self {
            self.request.set_idempotency_key(key.into());
            self
        }

        $crate::__cache_call_options!();
    };
}

/// Writes the settings of a client: the same on every builder of every crate.
#[doc(hidden)]
#[macro_export]
macro_rules! __client_options {
    () => {
        /// Shares this mesh.
        pub fn mesh(mut self, mesh: &$crate::Mesh) -> Self {
            self.inner.mesh(mesh);
            self
        }

        /// Uses this address in place of discovery. Several calls give several instances, used in turn.
        pub fn url(mut self, url: &str) -> Self {
            self.inner.url(url);
            self
        }

        /// Time for a whole call, retries and waits included.
        pub fn timeout(mut self, limit: ::std::time::Duration) -> Self {
            self.inner.timeout(Some(limit));
            self
        }

        /// No limit for a whole call.
        pub fn no_timeout(mut self) -> Self {
            self.inner.timeout(None);
            self
        }

        /// Time for one attempt.
        pub fn attempt_timeout(mut self, limit: ::std::time::Duration) -> Self {
            self.inner.attempt_timeout(Some(limit));
            self
        }

        /// No limit for one attempt but the call's own.
        pub fn no_attempt_timeout(mut self) -> Self {
            self.inner.attempt_timeout(None);
            self
        }

        /// How often a request may be sent again after the first attempt.
        pub fn retries(mut self, retries: u32) -> Self {
            self.inner.retries(retries);
            self
        }

        /// Base of the exponential backoff between attempts.
        pub fn retry_delay(mut self, base: ::std::time::Duration) -> Self {
            self.inner.retry_delay(base);
            self
        }

        /// Largest body to accept, in bytes.
        pub fn max_body(mut self, bytes: u64) -> Self {
            self.inner.max_body(bytes);
            self
        }

        /// Refuses calls while the last ones to the service have all failed.
        pub fn breaker(mut self, breaker: $crate::Breaker) -> Self {
            self.inner.breaker(Some(breaker));
            self
        }

        /// No breaker, whatever the mesh says.
        pub fn no_breaker(mut self) -> Self {
            self.inner.breaker(None);
            self
        }

        /// Sends requests that may be repeated to a second endpoint while the first one is slow.
        pub fn hedging(mut self, hedging: $crate::Hedging) -> Self {
            self.inner.hedging(Some(hedging));
            self
        }

        /// Sends one request at a time, whatever the mesh says.
        pub fn no_hedging(mut self) -> Self {
            self.inner.hedging(None);
            self
        }

        $crate::__cache_client_options!();

        /// A value for calls that get no proper answer (no connection, no endpoint, no time, refused by this side, 429, 500 and
        /// above but 501): JSON, without an envelope, by the operation's name; `None` leaves the error. It goes before the value
        /// that an operation has of its own, and comes after a stale reply and a call's own fallback.
        pub fn fallback(
            mut self,
            make: impl Fn(&str, &$crate::Error) -> Option<String> + Send + Sync + 'static,
        ) -> Self {
            self.inner.fallback(make);
            self
        }

        /// Sees every call of this client, after those of the mesh. Several calls give several, in this order.
        pub fn interceptor(mut self, interceptor: impl $crate::intercept::Interceptor) -> Self {
            self.inner.interceptor(interceptor);
            self
        }

        /// Sends this bearer token with every call, whatever the operation asks for.
        pub fn bearer_auth(mut self, token: impl Into<$crate::Secret>) -> Self {
            self.inner.authorization(&$crate::Credential::bearer(token));
            self
        }

        /// Sends this user and password (HTTP basic) with every call, whatever the operation asks for.
        pub fn basic_auth(mut self, user: impl Into<String>, password: impl Into<$crate::Secret>) -> Self {
            self.inner.authorization(&$crate::Credential::basic(user, password));
            self
        }

        /// Sends an access token with every call, whatever the operation asks for: [`ClientCredentials`]($crate::ClientCredentials),
        /// or a [`Credential::oauth2`]($crate::Credential::oauth2) that several clients share.
        pub fn oauth2_auth(mut self, client: impl Into<$crate::Credential>) -> Self {
            self.inner.authorization(&client.into());
            self
        }

        /// A header of every call. One that cannot be sent fails `build`.
        pub fn default_header(mut self, name: &str, value: &str) -> Self {
            self.inner.default_header(name, value);
            self
        }
    };
}

/// Writes `Client`, `ClientBuilder` and `Call` of a generated crate.
#[doc(hidden)]
#[macro_export]
macro_rules! __define_client {
    ($(#[$doc:meta])* $service:path) => {
        $(#[$doc])*
        ///
        /// Cheap to clone and to make from a [`Mesh`](rpc_runtime::Mesh): make one wherever you need it.
        #[derive(Debug, Clone)]
        pub struct Client {
            handle: $crate::codegen::Handle,
        }

        impl Client {
            /// A client with a mesh of its own, configured by the environment (`RPC_CLIENT_…`).
            ///
            /// Makes new connections and resolves names anew: once per process. Where clients are made often, share a
            /// [`Mesh`](rpc_runtime::Mesh) and use [`with_mesh`](Self::with_mesh).
            ///
            /// # Errors
            /// A variable that cannot be used; the message names it.
            pub fn from_env() -> $crate::Result<Self> {
                Self::with_mesh(&$crate::Mesh::from_env()?)
            }

            /// A client that shares discovery, health and connections with others of the same mesh.
            ///
            /// # Errors
            /// A service that is in no map, where DNS is switched off.
            pub fn with_mesh(mesh: &$crate::Mesh) -> $crate::Result<Self> {
                Self::builder().mesh(mesh).build()
            }

            /// A client for one address, such as `http://order-service:8000`.
            ///
            /// # Errors
            /// When it is not an `http://` or `https://` URL.
            pub fn new(url: &str) -> $crate::Result<Self> {
                Self::builder().url(url).build()
            }

            /// A client with settings of its own. Without [`mesh`](ClientBuilder::mesh) and [`url`](ClientBuilder::url) it is
            /// configured by the environment.
            pub fn builder() -> ClientBuilder {
                ClientBuilder { inner: $crate::codegen::HandleBuilder::new(&$service) }
            }

            /// A call that the document does not describe, by method and path, through the same runtime.
            pub fn raw(&self, method: $crate::Method, path: &str) -> $crate::RawCall {
                $crate::RawCall::new(&self.handle, method, path)
            }

            #[doc(hidden)]
            pub fn call<Op: $crate::codegen::Operation>(&self) -> Call<Op> {
                Call {
                    request: $crate::codegen::Request::new(&self.handle, Op::DESCRIPTOR),
                    fallback: None,
                }
            }
        }

        /// Settings of a [`Client`]; what is not set comes from the mesh.
        #[derive(Debug, Clone)]
        #[must_use]
        pub struct ClientBuilder {
            pub(crate) inner: $crate::codegen::HandleBuilder,
        }

        impl ClientBuilder {
            $crate::__client_options!();

            /// The client.
            ///
            /// # Errors
            /// A setting that cannot be used; the message names it.
            pub fn build(self) -> $crate::Result<Client> {
                Ok(Client { handle: self.inner.build()? })
            }
        }

        /// A call that is ready to go: `.await` gives the value, [`send`](Self::send)`.await` the value with status,
        /// headers and timing. It owns what it needs and can be sent to another task.
        #[must_use = "a call does nothing unless awaited"]
        pub struct Call<Op: $crate::codegen::Operation> {
            pub(crate) request: $crate::codegen::Request,
            fallback: Option<$crate::codegen::Fallback<Op::Output>>,
        }

        impl<Op: $crate::codegen::Operation> Call<Op> {
            $crate::__call_options!();

            /// A value in place of an error, whatever the error is; `None` leaves it. Comes after a stale reply, where one is
            /// kept, and goes before the fallbacks of the client and of the operation.
            pub fn fallback(
                mut self,
                make: impl FnOnce(&$crate::Error) -> Option<Op::Output> + Send + 'static,
            ) -> Self {
                self.fallback = Some(Box::new(make));
                self
            }

            /// Sends the request and gives the value with what came around it.
            pub fn send(self) -> $crate::ResponseFuture<Op::Output> {
                $crate::ResponseFuture::with_fallback(self.request, Op::decode, self.fallback)
            }
        }

        impl<Op: $crate::codegen::Operation> ::std::future::IntoFuture for Call<Op> {
            type Output = $crate::Result<Op::Output>;
            type IntoFuture = $crate::ValueFuture<Op::Output>;

            fn into_future(self) -> Self::IntoFuture {
                self.send().into_value()
            }
        }

        impl<Op: $crate::codegen::Operation> ::std::fmt::Debug for Call<Op> {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.debug_tuple("Call").field(&Op::DESCRIPTOR.name).finish()
            }
        }
    };
}

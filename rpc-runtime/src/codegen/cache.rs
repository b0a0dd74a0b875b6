//! The options of calls and clients that the feature `cache` brings. They are chosen here and not inside of the macros that use
//! them: a `#[cfg]` in those would ask for a feature of the user's crate.

/// Options of a call.
#[doc(hidden)]
#[cfg(feature = "cache")]
#[macro_export]
macro_rules! __cache_call_options {
    () => {
        /// Keeps the reply and takes a kept one that is younger than this, without asking the service. Only for safe operations
        /// without a body: any other call fails before it is sent. See `rpc_runtime::cache`.
        pub fn cache(mut self, ttl: ::std::time::Duration) -> Self {
            self.request.set_cache(Some(ttl));
            self
        }

        /// Asks the service, and keeps nothing.
        pub fn no_cache(mut self) -> Self {
            self.request.set_cache(None);
            self
        }

        /// Takes a kept reply, up to this long after its time, when the service does not answer properly.
        pub fn stale_if_error(mut self, max_age: ::std::time::Duration) -> Self {
            self.request.set_stale_if_error(max_age);
            self
        }
    };
}

/// Settings of a client.
#[doc(hidden)]
#[cfg(feature = "cache")]
#[macro_export]
macro_rules! __cache_client_options {
    () => {
        /// Keeps the replies of safe operations without a body, and takes kept ones that are younger than this without asking the
        /// service. See `rpc_runtime::cache`.
        pub fn cache(mut self, ttl: ::std::time::Duration) -> Self {
            self.inner.cache(Some(ttl));
            self
        }

        /// Keeps nothing, whatever the mesh says.
        pub fn no_cache(mut self) -> Self {
            self.inner.cache(None);
            self
        }

        /// Takes a kept reply, up to this long after its time, when the service does not answer properly.
        pub fn stale_if_error(mut self, max_age: ::std::time::Duration) -> Self {
            self.inner.stale_if_error(max_age);
            self
        }
    };
}

/// Nothing without the feature.
#[doc(hidden)]
#[cfg(not(feature = "cache"))]
#[macro_export]
macro_rules! __cache_call_options {
    () => {};
}

/// Nothing without the feature.
#[doc(hidden)]
#[cfg(not(feature = "cache"))]
#[macro_export]
macro_rules! __cache_client_options {
    () => {};
}

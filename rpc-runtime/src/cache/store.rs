//! Where replies are kept.

use std::fmt::Debug;
use std::time::Duration;

use bytes::Bytes;

use crate::transport::BoxFuture;

/// What a store says when it cannot do its work; it goes to the log, and the call goes on without.
pub type StoreError = Box<dyn std::error::Error + Send + Sync>;

/// A place for replies: bytes in, bytes out. The usual one is [`MemoryStore`](super::MemoryStore); one that processes share is given to
/// `MeshBuilder::cache_store`.
///
/// Its errors fail no call, and it is not waited for longer than 100 ms. What it gives back is checked: what somebody else
/// wrote there, or what was cut off, counts as missing.
///
/// ```
/// use std::collections::HashMap;
/// use std::sync::Mutex;
/// use std::time::Duration;
///
/// use rpc_runtime::cache::{CacheStore, StoreError};
/// use rpc_runtime::transport::BoxFuture;
///
/// /// A server that all instances ask; here, a map.
/// #[derive(Debug, Default)]
/// struct Shared(Mutex<HashMap<String, Vec<u8>>>);
///
/// impl CacheStore for Shared {
///     fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<bytes::Bytes>, StoreError>> {
///         Box::pin(async move {
///             let entries = self.0.lock().map_err(|_| "the store is broken")?;
///             Ok(entries.get(key).cloned().map(Into::into))
///         })
///     }
///
///     fn put<'a>(&'a self, key: &'a str, entry: bytes::Bytes, _keep_for: Duration) -> BoxFuture<'a, Result<(), StoreError>> {
///         Box::pin(async move {
///             self.0.lock().map_err(|_| "the store is broken")?.insert(key.to_owned(), entry.into());
///             Ok(())
///         })
///     }
/// }
///
/// let mesh = rpc_runtime::Mesh::builder().cache_store(Shared::default()).build()?;
/// # Ok::<_, rpc_runtime::Error>(())
/// ```
pub trait CacheStore: Debug + Send + Sync + 'static {
    /// The entry of a key, if it is there.
    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<Bytes>, StoreError>>;

    /// Keeps an entry, in place of the one that is there. It is of no use after `keep_for`.
    fn put<'a>(
        &'a self,
        key: &'a str,
        entry: Bytes,
        keep_for: Duration,
    ) -> BoxFuture<'a, Result<(), StoreError>>;

    /// Whether other processes read it, so that `private` replies do not belong there. Yes, unless it says otherwise.
    fn is_shared(&self) -> bool {
        true
    }
}

//! A running service.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use crate::book::Book;
use crate::call::Observer;
use crate::fault::Fault;
use crate::instance::Running;
use crate::record::Recorded;
use crate::table::Table;

/// A running [`Service`](crate::Service). Its servers end when it is dropped.
#[derive(Debug)]
pub struct Mock {
    name: String,
    operations: Vec<String>,
    shared: Arc<Shared>,
    instances: Vec<Running>,
}

/// What all instances have in common.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) table: Table,
    pub(crate) book: Book,
    /// The number of the next connection.
    pub(crate) connections: AtomicU64,
    pub(crate) observer: Option<Observer>,
}

impl Mock {
    pub(crate) async fn start(
        name: String,
        operations: Vec<String>,
        shared: Shared,
        addresses: &[SocketAddr],
    ) -> io::Result<Self> {
        let shared = Arc::new(shared);
        let mut instances = Vec::with_capacity(addresses.len());
        for (index, address) in addresses.iter().enumerate() {
            let started = Running::start(index, *address, Arc::clone(&shared)).await;
            instances.push(started.map_err(|error| {
                io::Error::new(error.kind(), format!("service `{name}` cannot listen on {address}: {error}"))
            })?);
        }
        Ok(Self { name, operations, shared, instances })
    }

    /// Name of the service.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where the first instance is: `http://127.0.0.1:PORT`, without a slash at the end.
    pub fn url(&self) -> String {
        self.urls().swap_remove(0)
    }

    /// Where the instances are, in order.
    pub fn urls(&self) -> Vec<String> {
        self.instances.iter().map(|instance| format!("http://{}", instance.address())).collect()
    }

    /// Names of the operations, in the order in which they were given.
    pub fn operations(&self) -> &[String] {
        &self.operations
    }

    /// Adds a fault; see [`Fault`] for several at once.
    ///
    /// # Errors
    /// `InvalidInput` if the fault would never strike: it is for an operation or an instance that does not exist, or its
    /// schedule has no call (`times:0`).
    pub fn fault(&self, fault: Fault) -> io::Result<()> {
        match fault.never(&self.operations, self.instances.len()) {
            Some(problem) => {
                let text = format!("service `{}`: {problem}", self.name);
                Err(io::Error::new(io::ErrorKind::InvalidInput, text))
            }
            None => {
                self.shared.book.fault(fault);
                Ok(())
            }
        }
    }

    /// Removes all faults. Those that a call is in the middle of go on.
    pub fn clear_faults(&self) {
        self.shared.book.clear_faults();
    }

    /// The calls so far, of all instances, in order of arrival; the last ones if [`Service::record`](crate::Service::record)
    /// limits them.
    pub fn calls(&self) -> Vec<Recorded> {
        self.shared.book.calls()
    }

    /// The calls to one operation, in order of arrival.
    pub fn calls_to(&self, operation: &str) -> Vec<Recorded> {
        self.shared.book.calls_to(operation)
    }

    /// The calls so far, which are forgotten; faults go on counting. A call under way stays as it is in the result.
    #[must_use = "`clear_calls` forgets them without a copy"]
    pub fn take_calls(&self) -> Vec<Recorded> {
        self.shared.book.take_calls()
    }

    /// Forgets the calls so far; faults go on counting.
    pub fn clear_calls(&self) {
        drop(self.take_calls());
    }

    /// Stops an instance: its connections have ended when this returns, and new ones are refused. Its port stays
    /// reserved for [`restart`](Self::restart). Nothing happens if it is stopped already or does not exist.
    pub async fn stop(&self, instance: usize) {
        if let Some(instance) = self.instances.get(instance) {
            instance.stop().await;
        }
    }

    /// Starts a stopped instance again, on the same port. Nothing happens if it runs.
    ///
    /// # Errors
    /// `InvalidInput` if there is no such instance; otherwise what the system says.
    pub async fn restart(&self, instance: usize) -> io::Result<()> {
        match self.instances.get(instance) {
            Some(instance) => instance.restart().await,
            None => {
                let text = format!(
                    "service `{}` has {} instances, none with number {instance}",
                    self.name,
                    self.instances.len()
                );
                Err(io::Error::new(io::ErrorKind::InvalidInput, text))
            }
        }
    }
}

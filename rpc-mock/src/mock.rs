//! A running service.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use axum::Router;

use crate::book::Book;
use crate::fault::Fault;
use crate::instance::Running;
use crate::record::Recorded;
use crate::table::{Operation, Table};

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
}

impl Mock {
    pub(crate) async fn start(
        name: String,
        operations: Vec<Operation>,
        fallback: Router,
        faults: Vec<Fault>,
        addresses: &[SocketAddr],
    ) -> io::Result<Self> {
        let names = operations.iter().map(|operation| operation.name.clone()).collect();
        let table = Table::new(operations, fallback);
        let shared = Arc::new(Shared { table, book: Book::new(faults), connections: AtomicU64::new(0) });
        let mut instances = Vec::with_capacity(addresses.len());
        for (index, address) in addresses.iter().enumerate() {
            instances.push(Running::start(index, *address, Arc::clone(&shared)).await?);
        }
        Ok(Self { name, operations: names, shared, instances })
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

    /// Adds a fault; see [`Fault`] for several at once. One for an operation or instance that does not exist never strikes.
    pub fn fault(&self, fault: Fault) {
        self.shared.book.fault(fault);
    }

    /// Removes all faults. Those that a call is in the middle of go on.
    pub fn clear_faults(&self) {
        self.shared.book.clear_faults();
    }

    /// The calls so far, of all instances, in order of arrival.
    pub fn calls(&self) -> Vec<Recorded> {
        self.shared.book.calls()
    }

    /// The calls to one operation, in order of arrival.
    pub fn calls_to(&self, operation: &str) -> Vec<Recorded> {
        self.shared.book.calls_to(operation)
    }

    /// Forgets the calls so far; faults go on counting.
    pub fn clear_calls(&self) {
        self.shared.book.clear_calls();
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

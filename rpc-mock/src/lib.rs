//! HTTP servers for tests and demos: typed handlers, recorded calls, scripted faults; many instances in one process.
//!
//! A [`Service`] lists operations and their handlers, which are ordinary axum handlers. [`Service::start`] makes a
//! [`Mock`]: every instance listens on its own port of `127.0.0.1`, speaks HTTP/1.1 and HTTP/2 (prior knowledge), and
//! records each call as [`Recorded`]. A [`Fault`] says what goes wrong, where and when; it counts calls and uses
//! neither clock nor chance to decide, so that a test sees the same faults every time.
//!
//! ```
//! use axum::{Json, extract::Path};
//! use rpc_mock::{Envelope, Fault, Service};
//! use serde_json::{Value, json};
//!
//! async fn get_order(Path(id): Path<u64>) -> Envelope<Value> {
//!     Envelope::ok(json!({"id": id}))
//! }
//!
//! async fn create_order(Json(order): Json<Value>) -> Result<Envelope<Value>, Envelope<()>> {
//!     match order.get("sku") {
//!         Some(sku) => Ok(Envelope::ok(json!({"id": 1, "sku": sku}))),
//!         None => Err(Envelope::fail(422, "an order needs a sku").status(422)),
//!     }
//! }
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let orders = Service::new("orders")
//!     .get("get_order", "/api/v1/orders/{order_id}", get_order)
//!     .post("create_order", "/api/v1/orders", create_order)
//!     .instances(2)
//!     .start()
//!     .await?;
//! orders.fault(Fault::status(503).on("get_order").times(1))?;
//!
//! let url = format!("{}/api/v1/orders/7", orders.url());
//! # rustls::crypto::ring::default_provider().install_default().unwrap();
//! let client = reqwest::Client::new();
//! assert_eq!(client.get(&url).send().await?.status(), 503);
//! assert_eq!(client.get(&url).send().await?.status(), 200);
//!
//! let calls = orders.calls_to("get_order");
//! assert_eq!(calls.len(), 2);
//! assert_eq!(calls[0].fault.as_deref(), Some("status:503"));
//! # Ok(())
//! # }
//! # tokio::runtime::Runtime::new().unwrap().block_on(run()).unwrap();
//! ```

mod answer;
mod book;
mod call;
mod clock;
mod envelope;
mod failure;
mod fault;
mod instance;
mod mock;
mod record;
mod service;
mod shape;
mod table;
mod template;

pub use axum;

pub use envelope::{Code, Envelope, IntoStatus};
pub use fault::{Fault, ParseFaultError};
pub use mock::Mock;
pub use record::Recorded;
pub use service::Service;
pub use table::{Instance, PathParameters};

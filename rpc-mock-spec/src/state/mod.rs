//! What was created stays: `POST /orders` and `/orders/{order_id}` belong together.

mod collection;
mod store;

pub(crate) use collection::{Collections, Role};
pub(crate) use store::{Held, Store};

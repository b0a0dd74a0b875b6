//! order-service: orders in memory, shared by its instances. Order 123 of user123 is there from the start.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use order_service::types::{Order, OrderCreate, OrderPagination, OrderPatch, OrderStatus};
use rpc_mock::axum::Json;
use rpc_mock::axum::extract::{Path, Query};
use rpc_mock::axum::http::StatusCode;
use rpc_mock::{Envelope, Service};
use rpc_runtime::types::jiff::civil::date;
use rpc_runtime::types::{DateTime, Decimal};

type Reply<T> = Result<Envelope<T>, Envelope<()>>;

#[derive(Debug, Clone, Default)]
struct Orders(Arc<Mutex<BTreeMap<i64, Order>>>);

pub(super) fn service() -> Service {
    let orders = Orders::default();
    orders.add(123, OrderCreate::new("user123", Decimal::new(10_010, 2)));
    orders.add(124, OrderCreate::new("user456", Decimal::new(999, 2)));
    Service::new("order-service")
        .get("list_orders", "/api/v1/orders", {
            let orders = orders.clone();
            move |Query(query): Query<Vec<(String, String)>>| async move { orders.page(&query) }
        })
        .post("create_order", "/api/v1/orders", {
            let orders = orders.clone();
            move |Json(body): Json<OrderCreate>| async move {
                Envelope::ok(orders.create(body)).status(StatusCode::CREATED)
            }
        })
        .get("get_order", "/api/v1/orders/{order_id}", {
            let orders = orders.clone();
            move |Path(id): Path<i64>| async move { orders.get(id) }
        })
        .put("replace_order", "/api/v1/orders/{order_id}", {
            let orders = orders.clone();
            move |Path(id): Path<i64>, Json(body): Json<Order>| async move { orders.replace(id, body) }
        })
        .patch("patch_order", "/api/v1/orders/{order_id}", {
            let orders = orders.clone();
            move |Path(id): Path<i64>, Json(patch): Json<OrderPatch>| async move { orders.change(id, patch) }
        })
        .delete("delete_order", "/api/v1/orders/{order_id}", {
            let orders = orders.clone();
            move |Path(id): Path<i64>| async move { orders.remove(id) }
        })
        .get("list_user_orders", "/api/v1/users/{user_id}/orders", {
            let orders = orders.clone();
            move |Path(user): Path<String>| async move { Envelope::ok(orders.of(&user)) }
        })
}

impl Orders {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<i64, Order>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, id: i64, body: OrderCreate) -> Order {
        let created_at = DateTime::naive(date(2026, 1, 16).at(8, 30, 0, 0)).assume_utc();
        let mut order = Order::new(id, body.user_id, body.amount, body.items.unwrap_or_default(), created_at);
        order.note = body.note;
        order.tags = body.tags.unwrap_or_default();
        self.lock().insert(id, order.clone());
        order
    }

    fn create(&self, body: OrderCreate) -> Order {
        let next = self.lock().keys().next_back().map_or(1, |last| last + 1).max(1001);
        self.add(next, body)
    }

    fn get(&self, id: i64) -> Reply<Order> {
        self.lock().get(&id).cloned().map(Envelope::ok).ok_or_else(|| unknown(id))
    }

    fn replace(&self, id: i64, mut order: Order) -> Reply<Order> {
        let mut orders = self.lock();
        let known = orders.get_mut(&id).ok_or_else(|| unknown(id))?;
        order.id = id;
        known.clone_from(&order);
        Ok(Envelope::ok(order))
    }

    fn change(&self, id: i64, patch: OrderPatch) -> Reply<Order> {
        let mut orders = self.lock();
        let order = orders.get_mut(&id).ok_or_else(|| unknown(id))?;
        if let Some(status) = patch.status {
            order.status = status;
        }
        if !patch.note.is_absent() {
            order.note = patch.note;
        }
        Ok(Envelope::ok(order.clone()))
    }

    fn remove(&self, id: i64) -> Reply<()> {
        self.lock().remove(&id).map(|_| Envelope::ok(())).ok_or_else(|| unknown(id))
    }

    fn of(&self, user: &str) -> Vec<Order> {
        self.lock().values().filter(|order| order.user_id == user).cloned().collect()
    }

    fn page(&self, query: &[(String, String)]) -> Envelope<OrderPagination> {
        let value =
            |name: &str| query.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str());
        let number = |name: &str, usual: i64| value(name).and_then(|text| text.parse().ok()).unwrap_or(usual);
        let (page, size) = (number("page", 1), number("size", 20));
        let wanted =
            |order: &&Order| value("status").is_none_or(|status| OrderStatus::from(status) == order.status);
        let all: Vec<Order> = self.lock().values().filter(wanted).cloned().collect();
        let skip = usize::try_from((page - 1).saturating_mul(size)).unwrap_or(usize::MAX);
        let take = usize::try_from(size).unwrap_or_default();
        let total = i64::try_from(all.len()).unwrap_or(i64::MAX);
        Envelope::ok(OrderPagination::new(total, all.into_iter().skip(skip).take(take).collect(), page, size))
    }
}

fn unknown(id: i64) -> Envelope<()> {
    Envelope::fail(404, format!("order {id} does not exist"))
        .status(StatusCode::NOT_FOUND)
        .error_code("ORDER_NOT_FOUND")
}

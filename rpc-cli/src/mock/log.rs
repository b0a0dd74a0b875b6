//! Lines about requests.

use rpc_mock::Recorded;

/// `order-service@0 GET /api/v1/orders/7 → 503 (status:503) 1 ms`
pub(super) fn line(service: &str, call: &Recorded) -> String {
    let status = call.status.map_or_else(|| "no reply".to_owned(), |status| status.as_u16().to_string());
    let fault = call.fault.as_deref().map(|fault| format!(" ({fault})")).unwrap_or_default();
    let (method, path, took) = (&call.method, &call.path, call.elapsed.as_millis());
    format!("{service}@{} {method} {path} → {status}{fault} {took} ms", call.instance)
}

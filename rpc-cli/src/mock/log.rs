//! Lines about requests.

use rpc_mock::Recorded;

/// Whether a call has its end: a status, or a fault that gives none.
pub(super) fn is_over(call: &Recorded) -> bool {
    call.status.is_some() || call.fault.is_some()
}

/// `order-service@0 GET /api/v1/orders/7 → 503 (fault status:503)`
pub(super) fn line(service: &str, call: &Recorded) -> String {
    let status = call.status.map_or_else(|| "no reply".to_owned(), |status| status.as_u16().to_string());
    let fault = call.fault.as_deref().map(|fault| format!(" (fault {fault})")).unwrap_or_default();
    format!("{service}@{} {} {} → {status}{fault}", call.instance, call.method, call.path)
}

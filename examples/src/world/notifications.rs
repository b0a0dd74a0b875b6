//! notification-service: takes what is to be sent; the recording shows what came.

use notification_service::types::{SendNotificationBody, Sent};
use rpc_mock::axum::Json;
use rpc_mock::{Envelope, Service};

pub(super) fn service() -> Service {
    Service::new("notification-service").post(
        "send_notification",
        "/api/v1/notifications/send",
        |Json(body): Json<SendNotificationBody>| async move {
            match body {
                SendNotificationBody::OrderCreated(event) => {
                    Ok(Envelope::ok(Sent::new(format!("order-{}", event.order_id))))
                }
                SendNotificationBody::UserJoined(event) => {
                    Ok(Envelope::ok(Sent::new(format!("user-{}", event.user_id))))
                }
                _ => Err(Envelope::<()>::fail(422, "unknown kind of notification")),
            }
        },
    )
}

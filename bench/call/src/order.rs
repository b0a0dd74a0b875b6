//! The reply that all calls get.

/// An order of about a kilobyte. Its id is the port that answered, so that the caller sees which endpoint that was.
const BODY: &str = r#"{"code":200,"message":"","data":{"id":@PORT,"user_id":"3f0c1a52-user","amount":"349.60","status":"paid",
"items":[{"sku":"KEYBOARD-84-ISO","quantity":1,"unit_price":"129.90"},{"sku":"MOUSE-7-LEFT","quantity":2,"unit_price":"49.90"},
{"sku":"CABLE-USB-C-2M","quantity":3,"unit_price":"9.90"},{"sku":"HUB-4-PORT","quantity":1,"unit_price":"39.90"},
{"sku":"MAT-XL","quantity":2,"unit_price":"25.15"}],"note":"leave it with the neighbours on the second floor",
"created_at":"2026-11-22T09:30:00.123456+00:00","due_date":"2026-12-01","external_id":"5f3b2c1e-8a4d-4e6f-9b7a-1c2d3e4f5a6b",
"payment":{"kind":"card","last4":"4242","exp_month":4,"exp_year":2029},"tags":["gift","express","second-order"],
"metadata":{"channel":"web","campaign":"autumn-2026","warehouse":"north-3","carrier":"blue-van"}},
"timestamp":"2026-11-22T09:30:00.456789+00:00"}"#;

/// A whole reply, with the headers that uvicorn sends.
pub(crate) fn reply(port: u16) -> Vec<u8> {
    let body = BODY.replace('\n', "").replace("@PORT", &port.to_string());
    format!(
        "HTTP/1.1 200 OK\r\ndate: Sun, 22 Nov 2026 09:30:00 GMT\r\nserver: uvicorn\r\ncontent-length: {}\r\ncontent-type: application/json\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

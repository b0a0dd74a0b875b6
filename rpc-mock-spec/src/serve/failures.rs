//! Failures that no handler makes (scripted ones, unknown paths and methods) in the service's own envelope.

use std::sync::{Arc, OnceLock};

use http::StatusCode;
use rpc_codegen::ir;
use rpc_mock::axum::Json;
use rpc_mock::axum::response::{IntoResponse, Response};
use rpc_mock::{Code, Envelope};
use serde_json::{Map, Value, json};

use crate::model::Model;
use crate::reply;
use crate::request::Request;

/// The form of such failures. A service without an envelope has no business codes: a fault with one keeps rpc-mock's
/// standard envelope, everything else is `{"code":404,"message":"…"}`.
pub(super) fn render(model: Arc<Model>) -> impl Fn(StatusCode, &Code, &str) -> Response {
    // Samples cost time, and most mocks never fail like this.
    let success = OnceLock::new();
    move |status, code, message| match &model.envelope {
        Some(envelope) => {
            let success = success.get_or_init(|| success_of(&model, envelope));
            Json(enveloped(envelope, success, code, message)).into_response()
        }
        None if status.is_success() => Envelope::fail(code.clone(), message).into_response(),
        None => Json(json!({"code": code, "message": message})).into_response(),
    }
}

/// A success in the envelope, which shows the types of its fields; empty if the document has none.
fn success_of(model: &Model, envelope: &ir::Envelope) -> Map<String, Value> {
    let request = Request::default();
    let mut samples = model.operations.iter().filter_map(|operation| {
        match reply::json(model, &reply::success(operation, &request)?)? {
            Value::Object(members) => Some(members),
            _ => None,
        }
    });
    let is_enveloped = |members: &Map<String, Value>| {
        members.contains_key(&envelope.code) && members.contains_key(&envelope.data)
    };
    samples.find(is_enveloped).unwrap_or_default()
}

fn enveloped(envelope: &ir::Envelope, success: &Map<String, Value>, code: &Code, message: &str) -> Value {
    let code = match (success.get(&envelope.code), code) {
        (Some(Value::String(_)), Code::Number(number)) => number.to_string().into(),
        (Some(Value::Number(_)), Code::Text(text)) => {
            text.parse::<i64>().map_or_else(|_| Value::from(text.as_str()), Value::from)
        }
        _ => json!(code),
    };
    let mut out = Map::new();
    out.insert(envelope.code.clone(), code);
    out.insert(envelope.message.clone(), message.into());
    out.insert(envelope.data.clone(), Value::Null);
    if let Some((name, time)) = envelope.timestamp.as_ref().and_then(|name| success.get_key_value(name)) {
        out.insert(name.clone(), time.clone());
    }
    Value::Object(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    const SETTINGS: &str =
        "[envelope]\ncode = \"status\"\nmessage = \"msg\"\ndata = \"result\"\ntimestamp = \"at\"\n";

    async fn check(settings: &str, schema: &Value, status: u16, code: Code, expected: Value) {
        let document = json!({"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {"/x": {"get": {
            "operationId": "x", "responses": {"200": {"description": "", "content": {"application/json": {"schema": schema}}}}}}}});
        let render = render(testing::with_settings(&document, settings).model);
        let reply = render(StatusCode::from_u16(status).unwrap(), &code, "m");
        let body = rpc_mock::axum::body::to_bytes(reply.into_body(), usize::MAX).await.unwrap();
        let mut found: Value = serde_json::from_slice(&body).unwrap();
        if settings.is_empty() {
            found.as_object_mut().unwrap().remove("timestamp");
        }
        assert_eq!(found, expected, "{schema}");
    }

    #[tokio::test]
    async fn failures_have_the_services_envelope() {
        let schema = |code: Value| {
            json!({"type": "object", "required": ["status", "msg", "result", "at"], "properties": {
                "status": code, "msg": {"type": "string"}, "result": {"type": "object"}, "at": {"const": "noon"}}})
        };
        let expected = |code: Value| json!({"status": code, "msg": "m", "result": null, "at": "noon"});
        let number = schema(json!({"type": "integer"}));
        let text = schema(json!({"type": "string"}));
        check(SETTINGS, &number, 200, 5001.into(), expected(json!(5001))).await;
        check(SETTINGS, &number, 200, "5001".into(), expected(json!(5001))).await;
        check(SETTINGS, &number, 200, "NO".into(), expected(json!("NO"))).await;
        check(SETTINGS, &text, 503, 503_u16.into(), expected(json!("503"))).await;
        check(SETTINGS, &text, 200, "NO".into(), expected(json!("NO"))).await;
    }

    #[tokio::test]
    async fn a_service_without_an_envelope_has_plain_failures() {
        let schema = json!({"type": "object", "properties": {"id": {"type": "integer"}}});
        check("", &schema, 404, 404_u16.into(), json!({"code": 404, "message": "m"})).await;
        check("", &schema, 200, 5001.into(), json!({"code": 5001, "message": "m", "data": null})).await;
    }
}

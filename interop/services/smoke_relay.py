"""Smoke checks of relay-service."""

import httpx

from .smoke_orders import data, failure


def check_relay(http: httpx.Client) -> None:
    url = str(http.base_url.join("/openapi.json"))
    reply = http.get("/api/v1/relay", params={"url": url}, headers={"x-trace-id": "smoke-relay"})
    relayed = data(reply)
    assert relayed["status"] == 200 and relayed["trace_id"] == "smoke-relay"
    assert relayed["logged"] == ["INFO [smoke-relay] calling on", "INFO [smoke-relay] answered 200"]
    assert '"title":"relay-service"' in relayed["body"].replace(" ", "")
    failure(http.get("/api/v1/relay", params={"url": "nowhere"}), 422, 422, "VALIDATION_ERROR")

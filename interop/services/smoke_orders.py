"""Smoke checks of order-service and user-service."""

import time
from typing import Any

import httpx


def data(reply: httpx.Response, status: int = 200) -> Any:
    """The `data` of a successful envelope."""
    assert reply.status_code == status, (reply.status_code, reply.text)
    body = reply.json()
    assert body["code"] == 200, body
    assert "timestamp" in body and reply.headers["x-trace-id"]
    return body["data"]


def failure(reply: httpx.Response, status: int, code: int, error_code: str) -> Any:
    """The `details` of a failure."""
    body = reply.json()
    got = (reply.status_code, body["code"], body["error_code"], body["data"])
    assert got == (status, code, error_code, None), (reply.status_code, body)
    return body["details"]


def check_orders(http: httpx.Client) -> None:
    orders = "/api/v1/orders"
    page = data(http.get(orders, params={"tag": ["vip", "gift"], "status": "paid"}))
    assert (page["total"], page["page"], page["size"]) == (1, 1, 20)
    assert page["items"][0]["amount"] == "99.90"
    late = data(http.get(orders, params={"created_after": "2025-01-15T10:00:00+01:00"}))
    assert [order["id"] for order in late["items"]] == [124, 125]
    assert data(http.get(orders, params={"page": 2, "size": 2}))["items"][0]["id"] == 125
    details = failure(http.get(orders, params={"size": 101}), 422, 422, "VALIDATION_ERROR")
    assert details["errors"][0]["loc"] == ["query", "size"]

    new = {"user_id": "user123", "amount": 100, "payment": {"kind": "wallet", "wallet_id": "w"}}
    keyed = {"Idempotency-Key": "k-1"}
    first = data(http.post(orders, json=new, headers=keyed), 201)
    assert first["id"] == 126 and first["amount"] == "100" and first["payment"]["fee"] == "0.00"
    assert data(http.post(orders, json=new, headers=keyed), 201) == first
    reused = http.post(orders, json={**new, "amount": "1.5"}, headers=keyed)
    failure(reused, 409, 409, "IDEMPOTENCY_KEY_REUSED")
    taken = {**new, "external_id": "018f4e2a-7c31-7b52-9d3e-2f6a1c0b4d5e"}
    assert failure(http.post(orders, json=taken), 409, 409, "EXTERNAL_ID_TAKEN")

    order = data(http.get(f"{orders}/123", headers={"X-Trace-ID": "trace-1"}))
    assert order["note"] == "礼物 🎁" and order["payment"]["kind"] == "card"
    order["amount"] = "12345678901234567.89"
    assert data(http.put(f"{orders}/123", json=order)) == order
    failure(http.put(f"{orders}/124", json=order), 409, 409, "ID_MISMATCH")
    assert failure(http.get(f"{orders}/9"), 404, 404, "ORDER_NOT_FOUND") == {"order_id": 9}

    patched = data(http.patch(f"{orders}/123", json={"note": None}))
    assert patched == {**order, "note": None}
    assert data(http.patch(f"{orders}/123", json={})) == patched
    failure(http.patch(f"{orders}/123", json={"amount": None}), 422, 422, "VALIDATION_ERROR")
    failure(http.patch(f"{orders}/125", json={"note": "x"}), 409, 409, "ORDER_CANCELLED")

    gone = http.delete(f"{orders}/126")
    assert (gone.status_code, gone.content) == (204, b"")
    failure(http.delete(f"{orders}/126"), 404, 404, "ORDER_NOT_FOUND")
    assert len(data(http.get("/api/v1/users/user123/orders"))) == 2
    assert data(http.get("/api/v1/users/nobody/orders")) == []


def check_faults(http: httpx.Client) -> None:
    faults = "/api/v1/faults"
    for method in ("GET", "POST"):
        calls = [http.request(method, f"{faults}/flaky", params={"key": method}) for _ in "123"]
        assert [reply.status_code for reply in calls] == [503, 503, 200]
        assert data(http.get(f"{faults}/count", params={"key": method}))["seen"] == 3
    begin = time.monotonic()
    assert data(http.get(f"{faults}/slow", params={"seconds": 0.2}))["seen"] == 1
    assert time.monotonic() - begin >= 0.2
    for status in (200, 502):
        page = http.get(f"{faults}/html", params={"status": status})
        assert page.status_code == status and page.headers["content-type"].startswith("text/html")
    failure(http.post(f"{faults}/business"), 201, 4001, "OUT_OF_STOCK")
    params = {"key": "t", "retry_after": "2"}
    throttled = http.post(f"{faults}/throttle", params=params)
    failure(throttled, 429, 429, "THROTTLED")
    assert throttled.headers["retry-after"] == "2"
    assert data(http.post(f"{faults}/throttle", params=params))["seen"] == 2
    echo = http.get(f"{faults}/echo-headers", headers={"X-Trace-ID": "trace-2", "X-A": "b"})
    assert data(echo)["x-a"] == "b" and echo.headers["x-trace-id"] == "trace-2"
    seen = data(http.get(f"{faults}/requests", params={"trace_id": "trace-1"}))
    assert [(r["method"], r["path"]) for r in seen] == [("GET", "/api/v1/orders/123")]


def check_users(http: httpx.Client) -> None:
    users = "/api/v1/users"
    assert data(http.get(users, params={"size": 1}))["total"] == 4
    found = http.get(
        f"{users}/search",
        params={"q": "J", "sort": "-name", "role": ["member", "admin"]},
        headers={"X-Tenant": "acme", "Cookie": "session=s-1"},
    )
    result = data(found)
    assert [user["name"] for user in result["items"]] == ["John Space", "Jane Doe"]
    assert (result["tenant"], result["session"]) == ("acme", "s-1")

    user = data(http.get(f"{users}/user123"))
    assert user["birthday"] == "1990-02-28" and user["address"]["city"] == "北京"
    assert user["preferences"]["quiet_hours"]["start"] == "22:30:00"
    assert data(http.get(f"{users}/用户 789"))["id"] == "用户 789"
    assert failure(http.get(f"{users}/nobody"), 200, 404, "USER_NOT_FOUND")

    bad = http.post(users, json={"name": ""})
    failure(bad, 422, 422, "VALIDATION_ERROR")
    john = data(http.post(users, json={"name": "John", "password": "correct horse"}))
    assert john["id"] == "new-1" and "password" not in john
    jane = data(http.put(f"{users}/new-1", json={"name": "Jane", "phone": "+1 555 0100"}))
    assert jane == {**john, "name": "Jane", "phone": "+1 555 0100"}
    patch = {"status": "disabled", "phone": None}
    assert data(http.patch(f"{users}/new-1", json=patch)) == {**john, "name": "Jane", **patch}
    failure(http.patch(f"{users}/new-1", json={"name": None}), 200, 4003, "FIELD_REQUIRED")

    prefs = data(http.get(f"{users}/new-1/preferences"))
    prefs["theme"] = "dark"
    assert data(http.put(f"{users}/new-1/preferences", json=prefs)) == prefs
    assert data(http.delete(f"{users}/new-1")) is None
    failure(http.delete(f"{users}/new-1"), 200, 404, "USER_NOT_FOUND")

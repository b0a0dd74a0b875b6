"""Smoke checks of auth-service and wallet-service."""

import httpx

from .smoke_orders import data, failure


def check_auth(http: httpx.Client) -> None:
    check = {"user_id": "user123", "resource": "orders", "action": "write"}
    verify = "/api/v1/permissions/verify"
    allowed = data(http.post(verify, json=check))
    assert allowed == {"allowed": True, "reason": None, "scopes": ["orders:read", "orders:write"]}
    assert data(http.post(verify, json={**check, "action": "burn"}))["allowed"] is False
    failure(http.post(verify, json={**check, "user_id": "x"}), 200, 403, "FORBIDDEN")
    invalid = http.post(verify, json={})
    assert invalid.status_code == 422 and invalid.json()["detail"][0]["loc"] == ["body", "user_id"]

    login = {"username": "user123", "password": "secret"}
    token = http.post("/api/v1/token", data=login).json()
    assert token == {
        "access_token": "token-user123-1",
        "token_type": "bearer",
        "expires_in": 3600,
    }
    denied = http.post("/api/v1/token", data={**login, "password": "?"})
    failure(denied, 401, 401, "INVALID_GRANT")

    bearer = {"Authorization": f"Bearer {token['access_token']}"}
    assert data(http.get("/api/v1/me", headers=bearer))["subject"] == "user123"
    anonymous = http.get("/api/v1/me")
    failure(anonymous, 401, 401, "UNAUTHORIZED")
    assert anonymous.headers["www-authenticate"] == "Bearer"
    assert data(http.get("/api/v1/admin", auth=("user456", "p@ss:word")))["scheme"] == "basic"
    failure(http.get("/api/v1/admin", auth=("user456", "no")), 401, 401, "BAD_CREDENTIALS")

    grant = {"grant_type": "client_credentials", "scope": "reports:read"}
    form = {**grant, "client_id": "reporting", "client_secret": "client-secret"}
    for reply in (
        http.post("/api/v1/token", data=form),
        http.post("/api/v1/token", data=grant, auth=("reporting", "client-secret")),
    ):
        machine = {"Authorization": f"Bearer {reply.json()['access_token']}"}
        assert data(http.get("/api/v1/reports", headers=machine))["scheme"] == "oauth2"
    failure(http.get("/api/v1/reports", headers=bearer), 403, 403, "INSUFFICIENT_SCOPE")


def check_wallet(http: httpx.Client) -> None:
    wallet = "/api/v1/users/user123/wallet"
    failure(http.get(wallet), 401, 401, "BAD_API_KEY")
    http.headers["X-API-Key"] = "wallet-key-1"
    assert data(http.get(wallet)) == {
        "user_id": "user123",
        "balance": "12345678901234567.89",
        "currency": "CNY",
        "limits": {"daily": 5000, "single": None},
    }
    failure(http.get("/api/v1/users/nobody/wallet"), 404, 404, "WALLET_NOT_FOUND")
    assert data(http.get(f"{wallet}/limits")) == {"daily": 5000, "single": None}

    send = {"to_user_id": "user456", "amount": "0.89", "hold": "P1DT2H"}
    done = data(http.post(f"{wallet}/transfer", json=send))
    assert done["wallet"]["balance"] == "12345678901234567.00"
    assert done["entry"]["held_for"] == "P1DT2H" and done["entry"]["kind"] == 3
    poor = http.post("/api/v1/users/user456/wallet/transfer", json={**send, "amount": 1})
    assert failure(poor, 409, 409, "INSUFFICIENT_FUNDS") == {"balance": "0.99", "requested": "1"}
    abroad = http.post(f"{wallet}/transfer", json={**send, "to_user_id": "user789"})
    failure(abroad, 200, 4102, "CURRENCY_MISMATCH")

    entries = data(http.get(f"{wallet}/history", params={"kind": 1}))["items"]
    assert len(entries) == 1 and entries[0]["sequence"] == 2**53 + 1
    assert entries[0]["held_for"] == "P1DT2H3.5S"
    assert entries[0]["period"] == ["2025-01-01", "2025-01-01"]
    assert entries[0]["source"] == ["main", 4, True]
    assert data(http.get(f"{wallet}/history", params={"since": "2025-02-01"}))["total"] == 1

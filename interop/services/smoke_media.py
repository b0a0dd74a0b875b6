"""Smoke checks of notification-service and media-service."""

import json

import httpx

from .smoke_orders import data, failure


def check_notifications(http: httpx.Client) -> None:
    base = "/api/v1/notifications"
    messages = [
        {"type": "order_created", "order_id": 123, "user_id": "user123"},
        {"type": "user_joined", "user_id": "user456"},
    ]
    ids = [data(http.post(f"{base}/send", json=m), 202)["id"] for m in messages]
    assert ids == ["ntf-1", "ntf-2"]
    assert data(http.get(f"{base}/sent")) == messages
    unknown = http.post(f"{base}/send", json={"type": "other", "user_id": "u"})
    failure(unknown, 422, 422, "VALIDATION_ERROR")

    part = http.get(f"{base}/stream", params={"count": 3, "drop_after": 2})
    assert part.headers["content-type"].startswith("text/event-stream")
    assert part.text.count("event: notification") == 2
    rest = http.get(f"{base}/stream", headers={"Last-Event-ID": "2"})
    assert rest.text.endswith("id: 3\nevent: notification\ndata: first line 3\ndata: 第二行\n\n")
    assert http.get(f"{base}/stream", headers={"Last-Event-ID": "3"}).status_code == 204
    events = http.get(f"{base}/events", headers={"Last-Event-ID": "1"}).text
    assert events.count("event: created") == 2 and "id: 3" in events
    payload = 'data: {"number":2,"title":"event 2"}'
    assert payload in events and payload in http.get(f"{base}/feed").text
    lines = http.get(f"{base}/export", params={"count": 2})
    assert lines.headers["content-type"] == "application/jsonl"
    assert [json.loads(line)["number"] for line in lines.text.splitlines()] == [1, 2]

    tree = data(http.get(f"{base}/templates"))
    assert tree["children"][0]["children"][1]["subject"] == "您的订单已发货"
    assert data(http.post(f"{base}/templates/check", json=tree)) == {"nodes": 4, "depth": 3}


def check_media(http: httpx.Client) -> None:
    files = "/api/v1/files"
    sent = {
        "file": ("图 1.png", b"\x89PNG\x00\xff", "image/png"),
        "thumbnail": ("small.png", b"tiny", "image/png"),
    }
    form = {"title": "Chart", "tags": ["a", "b"], "visibility": "public"}
    info = data(http.post(files, files=sent, data=form), 201)
    assert info["filename"] == "图 1.png" and info["tags"] == ["a", "b"] and info["size"] == 6
    batch = [("files", ("a.txt", b"A")), ("files", ("b.txt", b"B"))]
    infos = data(http.post(f"{files}/batch", files=batch, data={"folder": "x/y"}), 201)
    assert [i["path"] for i in infos] == ["x/y/a.txt", "x/y/b.txt"]

    query = data(
        http.get(
            files,
            params={"id": [1, 4]},
            headers=[
                ("X-Client", "smoke"),
                ("X-Level", "1"),
                ("X-Level", "2"),
                ("Cookie", "session-id=s-2"),
            ],
        )
    )
    assert (query["client"], query["levels"], query["session"]) == ("smoke", [1, 2], "s-2")
    assert [i["id"] for i in query["files"]] == [1, 4]
    missing = http.get(files, params={"id": 1})
    assert missing.status_code == 422 and missing.json()["detail"][0]["loc"][0] == "header"

    body = bytes(range(256))
    octets = {"Content-Type": "application/octet-stream"}
    put = data(http.put(f"{files}/deep/er/raw.bin", content=body, headers=octets))
    down = http.get(f"{files}/deep/er/raw.bin")
    assert down.content == body and down.headers["etag"] == f'"{put["sha256"]}"'
    assert "docs/readme.txt\n" in http.get("/api/v1/manifest").text
    assert data(http.delete(f"{files}/deep/er/raw.bin")) is None
    failure(http.get(f"{files}/deep/er/raw.bin"), 404, 404, "FILE_NOT_FOUND")

    video = {"width": 2, "height": 1, "seconds": 0.5}
    for media in (video, {"width": 2, "height": 1}, {"url": "x"}, 7, "text"):
        assert data(http.post("/api/v1/media", json=media)) == media
    empty: dict[str, object] = {"name": "empty", "entries": {}, "parent": None}
    entries = {"a": {"size": 1, "folder": empty}, "b": {"size": 2, "folder": None}}
    folder = {"name": "root", "entries": entries, "parent": {**empty, "name": "up"}}
    assert data(http.post("/api/v1/folders", json=folder)) == folder

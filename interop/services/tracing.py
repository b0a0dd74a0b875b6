"""Trace ids in, trace ids out, and a memory of the requests that arrived."""

from collections import deque
from contextvars import ContextVar
from uuid import uuid4

from pydantic import BaseModel
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class SeenRequest(BaseModel):
    """A request as it arrived; repeated headers are joined with a comma."""

    service: str
    method: str
    path: str
    query: str
    headers: dict[str, str]


SEEN: deque[SeenRequest] = deque(maxlen=2000)
"""The latest requests of all services in this process, oldest first."""

TRACE_ID: ContextVar[str] = ContextVar("TRACE_ID")
"""The id of the request that is being handled."""


class TraceMiddleware:
    """Answers `x-trace-id` with the id of the request, or with a new one."""

    def __init__(self, app: ASGIApp, service: str) -> None:
        self.app = app
        self.service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        trace_id = headers.get("x-trace-id") or uuid4().hex
        TRACE_ID.set(trace_id)
        SEEN.append(
            SeenRequest(
                service=self.service,
                method=scope["method"],
                path=scope.get("raw_path", scope["path"].encode()).decode("ascii", "replace"),
                query=scope["query_string"].decode("ascii", "replace"),
                headers=joined(headers),
            )
        )

        async def send_with_trace(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["x-trace-id"] = trace_id
            await send(message)

        await self.app(scope, receive, send_with_trace)


def joined(headers: Headers) -> dict[str, str]:
    """Lower-case header names, each with all its values."""
    return {name: ", ".join(headers.getlist(name)) for name in headers}

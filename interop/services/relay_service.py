"""relay-service: calls on, with `x-trace-id` and nothing else."""

import logging
from collections import deque
from typing import Annotated

import httpx
from fastapi import APIRouter, FastAPI, Query
from pydantic import BaseModel, Field, HttpUrl

from .common import BaseResponse, create_service
from .tracing import TRACE_ID


class Relayed(BaseModel):
    """What the relay wrote into its log, and what it was answered."""

    logged: list[str] = Field(description="lines of this request")
    status: int
    trace_id: str | None = Field(description="`x-trace-id` of the answer")
    body: str


class Lines(logging.Handler):
    """Keeps the latest lines, each with the trace id of its request from the context."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: deque[tuple[str, str]] = deque(maxlen=2000)

    def emit(self, record: logging.LogRecord) -> None:
        trace_id = TRACE_ID.get()
        self.kept.append((trace_id, f"{record.levelname} [{trace_id}] {record.getMessage()}"))

    def of(self, trace_id: str) -> list[str]:
        return [line for found, line in self.kept if found == trace_id]


LINES = Lines()
LOG = logging.getLogger("relay")
LOG.setLevel(logging.INFO)
LOG.propagate = False
LOG.addHandler(LINES)

Url = Annotated[HttpUrl, Query(description="what to call")]

router = APIRouter(prefix="/api/v1", tags=["relay"])


@router.get("/relay")
async def relay(url: Url) -> BaseResponse[Relayed]:
    """Calls a URL."""
    trace_id = TRACE_ID.get()
    LOG.info("calling on")
    async with httpx.AsyncClient(trust_env=False, timeout=30) as http:
        reply = await http.get(str(url), headers={"x-trace-id": trace_id})
    LOG.info("answered %s", reply.status_code)
    return BaseResponse(
        data=Relayed(
            logged=LINES.of(trace_id),
            status=reply.status_code,
            trace_id=reply.headers.get("x-trace-id"),
            body=reply.text,
        )
    )


def create_app() -> FastAPI:
    app = create_service("relay-service", "1.0.0")
    app.include_router(router)
    return app

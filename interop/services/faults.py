"""Endpoints of order-service that misbehave on demand, to exercise a client."""

import asyncio
from collections import Counter
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel

from .common import BaseResponse, ServiceError, failures
from .tracing import SEEN, SeenRequest, joined

PAGE = "<!DOCTYPE html><html><head><title>{0}</title></head><body><h1>{0}</h1></body></html>"


class Fault(BaseModel):
    """How often the server has seen the key."""

    key: str
    seen: int


class FaultState:
    def __init__(self) -> None:
        self.seen: Counter[str] = Counter()

    def hit(self, key: str) -> Fault:
        self.seen[key] += 1
        return Fault(key=key, seen=self.seen[key])


def _state(request: Request) -> FaultState:
    state: FaultState = request.app.state.faults
    return state


State = Annotated[FaultState, Depends(_state)]
Fail = Annotated[int, Query(ge=0, le=1000, description="how many of the first requests fail")]

router = APIRouter(prefix="/api/v1/faults", tags=["faults"])


def _flaky(state: FaultState, key: str, fail: int) -> BaseResponse[Fault]:
    fault = state.hit(key)
    if fault.seen <= fail:
        raise ServiceError(503, "FLAKY", "try again", details=fault.model_dump())
    return BaseResponse(data=fault)


@router.get("/flaky", responses=failures(503))
async def get_flaky(state: State, key: str, fail: Fail = 2) -> BaseResponse[Fault]:
    """503 for the first requests with this key, then 200."""
    return _flaky(state, key, fail)


@router.post("/flaky", responses=failures(503))
async def post_flaky(state: State, key: str, fail: Fail = 2) -> BaseResponse[Fault]:
    """The same for a method that is neither safe nor idempotent."""
    return _flaky(state, key, fail)


@router.get("/count")
async def get_count(state: State, key: str) -> BaseResponse[Fault]:
    """How often the fault endpoints saw this key; asking does not count."""
    return BaseResponse(data=Fault(key=key, seen=state.seen[key]))


@router.get("/slow")
async def get_slow(
    state: State, seconds: Annotated[float, Query(ge=0, le=60)] = 1.0, key: str = "slow"
) -> BaseResponse[Fault]:
    """Counts the key, then waits before it answers."""
    fault = state.hit(key)
    await asyncio.sleep(seconds)
    return BaseResponse(data=fault)


@router.get("/html", response_model=BaseResponse[Fault])
async def get_html(state: State, status: Literal["200", "502"] = "502") -> Response:
    """A proxy's HTML page in place of the declared JSON."""
    state.hit("html")
    title = "Welcome" if status == "200" else "502 Bad Gateway"
    return HTMLResponse(PAGE.format(title), status_code=int(status))


@router.post("/business", status_code=201)
async def post_business(state: State, key: str = "business") -> BaseResponse[Fault]:
    """A failure that only the envelope tells: HTTP 201 with code 4001."""
    details = state.hit(key).model_dump()
    raise ServiceError(4001, "OUT_OF_STOCK", "out of stock", http_status=201, details=details)


@router.post("/throttle", responses=failures(429))
async def post_throttle(
    state: State, key: str, fail: Fail = 1, retry_after: str | None = None
) -> BaseResponse[Fault]:
    """429 for the first requests; `retry_after` becomes the Retry-After header as it stands."""
    fault = state.hit(key)
    if fault.seen <= fail:
        headers = None if retry_after is None else {"Retry-After": retry_after}
        raise ServiceError(
            429, "THROTTLED", "slow down", details=fault.model_dump(), headers=headers
        )
    return BaseResponse(data=fault)


@router.get("/echo-headers")
async def get_echo_headers(request: Request) -> BaseResponse[dict[str, str]]:
    """The headers of this very request, names in lower case."""
    return BaseResponse(data=joined(request.headers))


@router.get("/requests")
async def list_seen_requests(trace_id: str) -> BaseResponse[list[SeenRequest]]:
    """What arrived under this trace id at any service of the process, oldest first."""
    return BaseResponse(data=[r for r in SEEN if r.headers.get("x-trace-id") == trace_id])

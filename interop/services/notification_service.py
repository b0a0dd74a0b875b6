"""notification-service: messages out, and streams of what was sent."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, FastAPI, Header, Query, Request, Response
from fastapi.responses import StreamingResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel

from .common import BaseResponse, create_service

Count = Annotated[int, Query(ge=0, le=1000)]


class OrderCreated(BaseModel):
    type: Literal["order_created"]
    order_id: int
    user_id: str


class UserJoined(BaseModel):
    type: Literal["user_joined"]
    user_id: str


class Sent(BaseModel):
    id: str
    queued: bool = True


class Event(BaseModel):
    """One delivered notification."""

    number: int
    title: str


class TemplateNode(BaseModel):
    """A message template, and those that refine it."""

    name: str
    subject: str | None = None
    children: list["TemplateNode"] = []


class TemplateStats(BaseModel):
    nodes: int
    depth: int


class EventStream(StreamingResponse):
    media_type = "text/event-stream"


class Outbox:
    def __init__(self) -> None:
        self.sent: list[OrderCreated | UserJoined] = []


def _outbox(request: Request) -> Outbox:
    outbox: Outbox = request.app.state.outbox
    return outbox


Box = Annotated[Outbox, Depends(_outbox)]
router = APIRouter(prefix="/api/v1/notifications")


@router.post("/send", status_code=202)
async def send_notification(outbox: Box, body: OrderCreated | UserJoined) -> BaseResponse[Sent]:
    outbox.sent.append(body)
    return BaseResponse(data=Sent(id=f"ntf-{len(outbox.sent)}"))


@router.get("/sent")
async def list_sent(outbox: Box) -> BaseResponse[list[OrderCreated | UserJoined]]:
    """Everything sent so far, oldest first."""
    return BaseResponse(data=outbox.sent)


@router.get("/stream", response_class=EventStream)
async def stream_notifications(
    request: Request, count: Count = 3, drop_after: Annotated[int, Query(ge=0)] = 0
) -> Response:
    """Raw server-sent events, numbered from 1.

    The connection ends after `drop_after` events (0: never early). A client that comes back
    with `Last-Event-ID` gets the rest, then 204: nothing more will come.
    """
    last_id = request.headers.get("last-event-id", "")
    first = int(last_id) + 1 if last_id.isdecimal() else 1
    if first > count:
        return Response(status_code=204)
    last = min(count, first + drop_after - 1) if drop_after else count
    return EventStream(_raw_events(first, last), headers={"cache-control": "no-store"})


async def _raw_events(first: int, last: int) -> AsyncIterator[str]:
    yield ": hello\nretry: 50\n\n"
    for number in range(first, last + 1):
        yield f"id: {number}\nevent: notification\ndata: first line {number}\ndata: 第二行\n\n"
        await asyncio.sleep(0.01)


@router.get("/events", response_class=EventSourceResponse)
async def stream_events(
    count: Count = 3, last_event_id: Annotated[int, Header()] = 0
) -> AsyncIterable[ServerSentEvent]:
    """Server-sent events that carry an `Event` as JSON."""
    for number in range(last_event_id + 1, count + 1):
        event = Event(number=number, title=f"event {number}")
        yield ServerSentEvent(data=event, id=str(number), event="created")
        await asyncio.sleep(0.01)


@router.get("/feed", response_class=EventSourceResponse)
async def stream_feed(count: Count = 3) -> AsyncIterable[Event]:
    """The same events with a declared item type and no event ids."""
    for number in range(1, count + 1):
        yield Event(number=number, title=f"event {number}")
        await asyncio.sleep(0.01)


@router.get("/export")
async def export_events(count: Count = 3) -> AsyncIterable[Event]:
    """All events as JSON lines."""
    for number in range(1, count + 1):
        yield Event(number=number, title=f"event {number}")


@router.get("/templates")
async def get_templates() -> BaseResponse[TemplateNode]:
    """The tree of templates."""
    shipped = TemplateNode(name="shipped", subject="您的订单已发货")
    order = TemplateNode(name="order", children=[TemplateNode(name="created"), shipped])
    return BaseResponse(data=TemplateNode(name="base", subject="Hello", children=[order]))


@router.post("/templates/check")
async def check_templates(body: TemplateNode) -> BaseResponse[TemplateStats]:
    """The size of a tree of templates."""
    return BaseResponse(data=_stats(body))


def _stats(node: TemplateNode) -> TemplateStats:
    below = [_stats(child) for child in node.children]
    return TemplateStats(
        nodes=1 + sum(stats.nodes for stats in below),
        depth=1 + max((stats.depth for stats in below), default=0),
    )


def create_app() -> FastAPI:
    app = create_service("notification-service", "1.2.0")
    app.state.outbox = Outbox()
    app.include_router(router)
    return app

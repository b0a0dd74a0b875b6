"""order-service: orders with exact amounts; a missing order is HTTP 404."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, FastAPI, Header, Query, Request

from . import faults
from .common import BaseResponse, Pagination, ServiceError, create_service, failures, now
from .order_models import (
    CardPayment,
    Order,
    OrderCreate,
    OrderLine,
    OrderPatch,
    OrderStatus,
    TransferPayment,
)


class OrderStore:
    """Orders in memory, and the create requests that came with an idempotency key."""

    def __init__(self) -> None:
        self.orders = {order.id: order for order in _seed()}
        self.keyed: dict[str, tuple[OrderCreate, Order]] = {}

    def get(self, order_id: int) -> Order:
        order = self.orders.get(order_id)
        if order is None:
            raise ServiceError(
                404,
                "ORDER_NOT_FOUND",
                f"order {order_id} not found",
                details={"order_id": order_id},
            )
        return order

    def create(self, body: OrderCreate, key: str | None) -> Order:
        if key is not None and key in self.keyed:
            first_body, order = self.keyed[key]
            if first_body != body:
                raise ServiceError(
                    409, "IDEMPOTENCY_KEY_REUSED", "the key belongs to another request"
                )
            return order
        self._check_external_id(body.external_id)
        order_id = max(self.orders, default=0) + 1
        order = Order(id=order_id, created_at=now(), **dict(body))
        self.orders[order_id] = order
        if key is not None:
            self.keyed[key] = (body, order)
        return order

    def _check_external_id(self, external_id: UUID | None) -> None:
        for order in self.orders.values():
            if external_id is not None and order.external_id == external_id:
                raise ServiceError(
                    409,
                    "EXTERNAL_ID_TAKEN",
                    f"external id {external_id} belongs to order {order.id}",
                    details={"order_id": order.id},
                )


def _store(request: Request) -> OrderStore:
    store: OrderStore = request.app.state.store
    return store


Store = Annotated[OrderStore, Depends(_store)]
Page = Annotated[int, Query(ge=1, le=100_000, description="page number, from 1")]
Size = Annotated[int, Query(ge=1, le=100, description="page size")]
Key = Annotated[str | None, Header(alias="Idempotency-Key", max_length=255)]

router = APIRouter(prefix="/api/v1", tags=["orders"], responses=failures(422))


@router.get("/orders")
async def list_orders(
    store: Store,
    page: Page = 1,
    size: Size = 20,
    status: OrderStatus | None = None,
    created_after: datetime | None = None,
    tag: Annotated[list[str], Query(description="orders that carry all of these tags")] = [],
) -> BaseResponse[Pagination[Order]]:
    """Orders by id, filtered."""
    rows = [
        order
        for order in store.orders.values()
        if (status is None or order.status is status)
        and (created_after is None or order.created_at > aware(created_after))
        and set(tag) <= set(order.tags)
    ]
    return BaseResponse(data=Pagination.of(rows, page, size))


@router.post("/orders", status_code=201, responses=failures(409))
async def create_order(
    store: Store, body: OrderCreate, idempotency_key: Key = None
) -> BaseResponse[Order]:
    """Places an order; the same idempotency key gives the same order."""
    return BaseResponse(message="created", data=store.create(body, idempotency_key))


@router.get("/orders/{order_id}", responses=failures(404))
async def get_order(store: Store, order_id: int) -> BaseResponse[Order]:
    return BaseResponse(data=store.get(order_id))


@router.put("/orders/{order_id}", responses=failures(404, 409))
async def replace_order(store: Store, order_id: int, body: Order) -> BaseResponse[Order]:
    """Writes back an order that was read before."""
    store.get(order_id)
    if body.id != order_id:
        raise ServiceError(
            409, "ID_MISMATCH", "the body is another order", details={"order_id": body.id}
        )
    store.orders[order_id] = body
    return BaseResponse(data=body)


@router.patch("/orders/{order_id}", responses=failures(404, 409))
async def patch_order(store: Store, order_id: int, body: OrderPatch) -> BaseResponse[Order]:
    """Changes the fields that the body names; a cancelled order stays as it is."""
    order = store.get(order_id)
    if order.status is OrderStatus.CANCELLED:
        raise ServiceError(409, "ORDER_CANCELLED", f"order {order_id} is cancelled")
    changes = {name: getattr(body, name) for name in body.model_fields_set}
    store.orders[order_id] = order.model_copy(update=changes)
    return BaseResponse(data=store.orders[order_id])


@router.delete("/orders/{order_id}", status_code=204, responses=failures(404))
async def delete_order(store: Store, order_id: int) -> None:
    del store.orders[store.get(order_id).id]


@router.get("/users/{user_id}/orders")
async def list_user_orders(store: Store, user_id: str) -> BaseResponse[list[Order]]:
    """All orders of a user; an unknown user has none."""
    return BaseResponse(data=[o for o in store.orders.values() if o.user_id == user_id])


def aware(moment: datetime) -> datetime:
    """Times without an offset are UTC."""
    return moment if moment.tzinfo else moment.replace(tzinfo=now().tzinfo)


def _seed() -> list[Order]:
    start = datetime.fromisoformat("2025-01-15T08:30:00+00:00")
    line = OrderLine(sku="TEA-001", quantity=2, unit_price=Decimal("49.95"))
    return [
        Order(
            id=123, user_id="user123", amount=Decimal("99.90"), status=OrderStatus.PAID,
            items=[line], note="礼物 🎁", created_at=start, due_date=date(2025, 2, 1),
            external_id=UUID("018f4e2a-7c31-7b52-9d3e-2f6a1c0b4d5e"),
            payment=CardPayment(kind="card", last4="4242", exp_month=12, exp_year=2030),
            tags=["gift", "vip"], metadata={"source": "web"},
        ),
        Order(
            id=124, user_id="user123", amount=Decimal("12345678901234567.89"), items=[],
            created_at=start.replace(day=16, microsecond=123456), tags=["vip"],
            payment=TransferPayment(kind="transfer", iban="DE89370400440532013000"),
        ),
        Order(
            id=125, user_id="user456", amount=Decimal("0.10"), status=OrderStatus.CANCELLED,
            items=[line], created_at=start.replace(day=17),
        ),
    ]  # fmt: skip


def create_app() -> FastAPI:
    app = create_service("order-service", "1.2.0")
    app.state.store = OrderStore()
    app.state.faults = faults.FaultState()
    app.include_router(router)
    app.include_router(faults.router)
    return app

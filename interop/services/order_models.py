"""The types of order-service."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

Money = Annotated[Decimal, Field(gt=0, max_digits=20, decimal_places=2)]


class OrderStatus(StrEnum):
    PENDING = "pending"
    PAID = "paid"
    SHIPPED = "shipped"
    CANCELLED = "cancelled"


class CardPayment(BaseModel):
    kind: Literal["card"]
    last4: str = Field(pattern=r"^[0-9]{4}$", description="last four digits of the card")
    exp_month: int = Field(ge=1, le=12)
    exp_year: int = Field(ge=2000, le=2099)


class TransferPayment(BaseModel):
    kind: Literal["transfer"]
    iban: str = Field(min_length=15, max_length=34)
    reference: str | None = None


class WalletPayment(BaseModel):
    kind: Literal["wallet"] = "wallet"
    wallet_id: str
    fee: Decimal = Decimal("0.00")


Payment = Annotated[CardPayment | TransferPayment | WalletPayment, Field(discriminator="kind")]


class OrderLine(BaseModel):
    sku: str = Field(min_length=1, max_length=40, pattern=r"^[A-Z0-9-]+$")
    quantity: int = Field(default=1, ge=1, le=1000)
    unit_price: Decimal


class Order(BaseModel):
    """An order as the service keeps it."""

    id: int
    user_id: str
    amount: Decimal = Field(description="total amount, exact")
    status: OrderStatus = OrderStatus.PENDING
    items: list[OrderLine]
    note: str | None = None
    created_at: datetime
    due_date: date | None = None
    external_id: UUID | None = None
    payment: Payment | None = None
    tags: list[str] = []
    metadata: dict[str, str] = {}


class OrderCreate(BaseModel):
    """What a caller sends to place an order."""

    user_id: str = Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_.-]+$")
    amount: Money
    items: list[OrderLine] = Field(default=[], max_length=50)
    note: str | None = Field(default=None, max_length=500)
    due_date: date | None = None
    external_id: UUID | None = None
    payment: Payment | None = None
    tags: list[str] = Field(default=[], max_length=10)
    metadata: dict[str, str] = {}


class OrderPatch(BaseModel):
    """Only the fields that are present change; null clears the nullable ones."""

    status: OrderStatus = OrderStatus.PENDING
    # Optional but not nullable, and without a default in the document.
    amount: Money = Field(default=None)  # type: ignore[assignment]
    note: str | None = Field(default=None, max_length=500)
    due_date: date | None = None
    payment: Payment | None = None
    tags: list[str] = []
    metadata: dict[str, str] = {}

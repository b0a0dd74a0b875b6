"""wallet-service: exact money behind an API key."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import IntEnum
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, FastAPI, Query, Request, Security
from fastapi.security import APIKeyHeader
from pydantic import BaseModel, Field

from .common import BaseResponse, Pagination, ServiceError, create_service, failures, now

API_KEYS = {"wallet-key-1", "wallet-key-2"}
FIRST_SEQUENCE = 9_007_199_254_740_993
"""2**53 + 1: the first integer that a double cannot hold."""

Currency = Literal["CNY", "USD"]
Money = Annotated[Decimal, Field(gt=0, max_digits=20, decimal_places=2)]


class Wallet(BaseModel):
    user_id: str
    balance: Decimal
    currency: Currency = "CNY"
    limits: dict[str, int | None] = {}


class EntryKind(IntEnum):
    """1 deposit, 2 transfer in, 3 transfer out."""

    DEPOSIT = 1
    TRANSFER_IN = 2
    TRANSFER_OUT = 3


class WalletEntry(BaseModel):
    """One line of a wallet's history."""

    sequence: int = Field(description="grows by one per entry, beyond 2**53")
    kind: EntryKind
    amount: Decimal
    rate: float = 1.0
    held_for: timedelta = Field(description="how long the amount was on hold")
    period: tuple[date, date] = Field(description="first and last day of the statement")
    source: tuple[str, int, bool] | None = Field(default=None, description="(branch, desk, manual)")
    created_at: datetime


class Transfer(BaseModel):
    """Money for another user of the same currency."""

    to_user_id: str = Field(min_length=1)
    amount: Money
    memo: str | None = Field(default=None, max_length=140)
    hold: timedelta = timedelta(0)


class TransferResult(BaseModel):
    wallet: Wallet
    entry: WalletEntry


class Bank:
    """Wallets and their histories in memory."""

    def __init__(self) -> None:
        limits = {"daily": 5000, "single": None}
        balance = Decimal("12345678901234567.89")
        self.wallets = {
            "user123": Wallet(user_id="user123", balance=balance, limits=limits),
            "user456": Wallet(user_id="user456", balance=Decimal("0.10")),
            "user789": Wallet(user_id="user789", balance=Decimal("7"), currency="USD"),
        }
        self.history: dict[str, list[WalletEntry]] = {name: [] for name in self.wallets}
        self.sequence = FIRST_SEQUENCE
        opened = datetime(2025, 1, 1, tzinfo=UTC)
        for name, wallet in self.wallets.items():
            entry = self.record(name, EntryKind.DEPOSIT, wallet.balance, opened)
            entry.held_for = timedelta(days=1, hours=2, seconds=3, microseconds=500_000)
            entry.source = ("main", 4, True)

    def get(self, user_id: str) -> Wallet:
        wallet = self.wallets.get(user_id)
        if wallet is None:
            raise ServiceError(404, "WALLET_NOT_FOUND", f"user {user_id} has no wallet")
        return wallet

    def record(self, user_id: str, kind: EntryKind, amount: Decimal, when: datetime) -> WalletEntry:
        entry = WalletEntry(
            sequence=self.sequence,
            kind=kind,
            amount=amount,
            held_for=timedelta(0),
            period=(when.date().replace(day=1), when.date()),
            created_at=when,
        )
        self.sequence += 1
        self.history[user_id].append(entry)
        return entry

    def transfer(self, user_id: str, body: Transfer) -> TransferResult:
        source, target = self.get(user_id), self.get(body.to_user_id)
        if source.currency != target.currency:
            raise ServiceError(
                4102, "CURRENCY_MISMATCH", "the wallets differ in currency", http_status=200
            )
        if source.balance < body.amount:
            details = {"balance": str(source.balance), "requested": str(body.amount)}
            raise ServiceError(409, "INSUFFICIENT_FUNDS", "not enough money", details=details)
        source.balance -= body.amount
        target.balance += body.amount
        when = now()
        self.record(target.user_id, EntryKind.TRANSFER_IN, body.amount, when)
        entry = self.record(user_id, EntryKind.TRANSFER_OUT, body.amount, when)
        entry.held_for = body.hold
        return TransferResult(wallet=source, entry=entry)


api_key = APIKeyHeader(name="X-API-Key", auto_error=False)


def _check_key(key: Annotated[str | None, Security(api_key)]) -> None:
    if key not in API_KEYS:
        raise ServiceError(401, "BAD_API_KEY", "unknown or missing API key")


def _bank(request: Request) -> Bank:
    bank: Bank = request.app.state.bank
    return bank


Store = Annotated[Bank, Depends(_bank)]
router = APIRouter(
    prefix="/api/v1/users/{user_id}/wallet",
    dependencies=[Depends(_check_key)],
    responses=failures(401, 404),
)


@router.get("")
async def get_user_wallet(bank: Store, user_id: str) -> BaseResponse[Wallet]:
    return BaseResponse(data=bank.get(user_id))


@router.post("/transfer", responses=failures(409))
async def transfer_money(bank: Store, user_id: str, body: Transfer) -> BaseResponse[TransferResult]:
    """Moves money to another wallet; wallets of different currencies give code 4102."""
    return BaseResponse(data=bank.transfer(user_id, body))


@router.get("/history")
async def list_wallet_history(
    bank: Store,
    user_id: str,
    page: Annotated[int, Query(ge=1)] = 1,
    size: Annotated[int, Query(ge=1, le=100)] = 20,
    kind: EntryKind | None = None,
    since: date | None = None,
) -> BaseResponse[Pagination[WalletEntry]]:
    """The entries of a wallet, oldest first."""
    bank.get(user_id)
    rows = [
        entry
        for entry in bank.history[user_id]
        if (kind is None or entry.kind is kind)
        and (since is None or entry.created_at.date() >= since)
    ]
    return BaseResponse(data=Pagination.of(rows, page, size))


@router.get("/limits")
async def get_wallet_limits(bank: Store, user_id: str) -> BaseResponse[dict[str, int | None]]:
    """Limits by name; null means unlimited."""
    return BaseResponse(data=bank.get(user_id).limits)


def create_app() -> FastAPI:
    app = create_service("wallet-service", "1.2.0")
    app.state.bank = Bank()
    app.include_router(router)
    return app

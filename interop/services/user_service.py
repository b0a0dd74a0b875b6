"""user-service: a missing user is HTTP 200 with code 404 in the envelope."""

from datetime import UTC, date, datetime, time
from ipaddress import IPv4Address
from typing import Annotated

from fastapi import APIRouter, Cookie, Depends, FastAPI, Header, Query, Request
from pydantic import HttpUrl

from .common import BaseResponse, Pagination, ServiceError, create_service, now
from .user_models import (
    Address,
    Preferences,
    QuietHours,
    Role,
    User,
    UserCreate,
    UserPatch,
    UserSearch,
    UserSort,
    UserUpdate,
)

NOT_NULL = ("name", "role", "status", "preferences")


class UserStore:
    """Users in memory."""

    def __init__(self) -> None:
        self.users = {user.id: user for user in _seed()}
        self.created = 0

    def get(self, user_id: str) -> User:
        user = self.users.get(user_id)
        if user is None:
            raise ServiceError(
                404,
                "USER_NOT_FOUND",
                f"user {user_id} not found",
                http_status=200,
                details={"user_id": user_id},
            )
        return user

    def create(self, body: UserCreate) -> User:
        self.created += 1
        fields = dict(body)
        del fields["password"]
        user = User(id=f"new-{self.created}", created_at=now(), **fields)
        self.users[user.id] = user
        return user


def _store(request: Request) -> UserStore:
    store: UserStore = request.app.state.store
    return store


Store = Annotated[UserStore, Depends(_store)]
Page = Annotated[int, Query(ge=1, le=100_000)]
Size = Annotated[int, Query(ge=1, le=100)]

router = APIRouter(prefix="/api/v1/users", tags=["users"])


@router.get("")
async def list_users(
    store: Store, page: Page = 1, size: Size = 20
) -> BaseResponse[Pagination[User]]:
    return BaseResponse(data=Pagination.of(list(store.users.values()), page, size))


@router.post("")
async def create_user(store: Store, body: UserCreate) -> BaseResponse[User]:
    return BaseResponse(message="created", data=store.create(body))


@router.get("/search")
async def search_users(
    store: Store,
    q: Annotated[str, Query(min_length=1, max_length=100, description="part of the name")],
    page: Page = 1,
    size: Size = 20,
    sort: UserSort = UserSort.NAME,
    role: Annotated[list[Role] | None, Query(description="any of these roles")] = None,
    session: Annotated[str | None, Cookie()] = None,
    x_tenant: Annotated[str, Header(description="the caller's tenant")] = "default",
) -> BaseResponse[UserSearch]:
    """Users by name, case-insensitive."""
    rows = [
        user
        for user in store.users.values()
        if q.lower() in user.name.lower() and (not role or user.role in role)
    ]
    field = sort.value.removeprefix("-")
    rows.sort(key=lambda user: str(getattr(user, field)), reverse=sort.value.startswith("-"))
    found = UserSearch.of(rows, page, size, tenant=x_tenant, session=session)
    return BaseResponse[UserSearch](data=found)


@router.get("/{user_id}")
async def get_user(store: Store, user_id: str) -> BaseResponse[User]:
    return BaseResponse(data=store.get(user_id))


@router.put("/{user_id}")
async def replace_user(store: Store, user_id: str, body: UserUpdate) -> BaseResponse[User]:
    """Replaces everything but the id and what the service itself records."""
    store.users[user_id] = store.get(user_id).model_copy(update=dict(body))
    return BaseResponse(data=store.users[user_id])


@router.patch("/{user_id}")
async def patch_user(store: Store, user_id: str, body: UserPatch) -> BaseResponse[User]:
    """Changes the fields that the body names; null clears a field that may be empty."""
    user = store.get(user_id)
    changes = {name: getattr(body, name) for name in body.model_fields_set}
    for name in NOT_NULL:
        if name in changes and changes[name] is None:
            raise ServiceError(
                4003,
                "FIELD_REQUIRED",
                f"{name} cannot be null",
                http_status=200,
                details={"field": name},
            )
    store.users[user_id] = user.model_copy(update=changes)
    return BaseResponse(data=store.users[user_id])


@router.delete("/{user_id}")
async def delete_user(store: Store, user_id: str) -> BaseResponse[None]:
    del store.users[store.get(user_id).id]
    return BaseResponse(message="deleted")


@router.get("/{user_id}/preferences")
async def get_preferences(store: Store, user_id: str) -> BaseResponse[Preferences]:
    return BaseResponse(data=store.get(user_id).preferences)


@router.put("/{user_id}/preferences")
async def replace_preferences(
    store: Store, user_id: str, body: Preferences
) -> BaseResponse[Preferences]:
    """Writes back preferences that were read before."""
    store.users[user_id] = store.get(user_id).model_copy(update={"preferences": body})
    return BaseResponse(data=body)


def _seed() -> list[User]:
    start = datetime(2024, 6, 1, 9, 0, tzinfo=UTC)
    return [
        User(id="123", name="小明", role=Role.GUEST, created_at=start),
        User(
            id="user123", name="Li Wei", email="li.wei@example.com", phone="+86 10 5555 0100",
            birthday=date(1990, 2, 28), role=Role.ADMIN, created_at=start.replace(day=2),
            address=Address(street="1 长安街", city="北京", postcode="100000"),
            avatar_url=HttpUrl("https://example.com/avatars/user123.png?size=64"),
            preferences=Preferences(
                theme="dark", quiet_hours=QuietHours(start=time(22, 30), end=time(7))
            ),
            last_seen_at=datetime(2025, 1, 15, 8, 30, 0, 250000, tzinfo=UTC),
            last_seen_ip=IPv4Address("192.0.2.7"),
        ),
        User(
            id="user456", name="Jane Doe", email="jane@example.com",
            created_at=start.replace(day=3),
            address=Address(street="5 High St", city="Leeds", country="GB"),
        ),
        User(
            id="用户 789", name="John Space", status="disabled",
            created_at=start.replace(day=4),
        ),
    ]  # fmt: skip


def create_app() -> FastAPI:
    app = create_service("user-service", "1.2.0")
    app.state.store = UserStore()
    app.include_router(router)
    return app

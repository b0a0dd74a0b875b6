"""The types of user-service."""

from datetime import date, datetime, time
from enum import StrEnum
from ipaddress import IPv4Address
from typing import Literal

from pydantic import BaseModel, ConfigDict, EmailStr, Field, HttpUrl, SecretStr

from .common import Pagination


class Role(StrEnum):
    ADMIN = "admin"
    MEMBER = "member"
    GUEST = "guest"


class UserSort(StrEnum):
    NAME = "name"
    NAME_DESC = "-name"
    CREATED_AT = "created_at"
    CREATED_AT_DESC = "-created_at"


class Address(BaseModel):
    street: str
    city: str
    postcode: str | None = None
    country: str = Field(default="CN", min_length=2, max_length=2, description="ISO 3166 alpha-2")


class QuietHours(BaseModel):
    """No notifications between these local times."""

    start: time
    end: time


class Preferences(BaseModel):
    """All optional when written, all present when read."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=True)

    theme: Literal["light", "dark"] = "light"
    language: str = "zh-CN"
    newsletter: bool = False
    volume: float = Field(default=0.5, ge=0, le=1)
    quiet_hours: QuietHours | None = None


class User(BaseModel):
    id: str
    name: str
    email: str | None = None
    phone: str | None = None
    birthday: date | None = None
    address: Address | None = None
    avatar_url: HttpUrl | None = None
    role: Role = Role.MEMBER
    status: Literal["active", "disabled"] = "active"
    preferences: Preferences = Preferences()
    created_at: datetime
    last_seen_at: datetime | None = Field(default=None, description="null before the first login")
    last_seen_ip: IPv4Address | None = None


class UserUpdate(BaseModel):
    """What a user may be replaced with; absent fields fall back to their defaults."""

    name: str = Field(min_length=1, max_length=64)
    email: EmailStr | None = None
    phone: str | None = Field(default=None, pattern=r"^\+?[0-9 -]{5,20}$")
    birthday: date | None = None
    address: Address | None = None
    avatar_url: HttpUrl | None = None
    role: Role = Role.MEMBER
    status: Literal["active", "disabled"] = "active"
    preferences: Preferences = Preferences()


class UserCreate(UserUpdate):
    password: SecretStr | None = Field(default=None, min_length=8)


class UserPatch(BaseModel):
    """Only the fields that are present change; null clears a field."""

    name: str | None = Field(default=None, min_length=1, max_length=64)
    email: EmailStr | None = None
    phone: str | None = None
    birthday: date | None = None
    address: Address | None = None
    avatar_url: HttpUrl | None = None
    role: Role | None = None
    status: Literal["active", "disabled"] | None = None
    preferences: Preferences | None = None


class UserSearch(Pagination[User]):
    """A page of users, and on whose behalf they were found."""

    tenant: str
    session: str | None = None

"""FastAPI services that emit the OpenAPI documents and answer the generated clients."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from fastapi import FastAPI

from . import (
    auth_service,
    media_service,
    notification_service,
    order_service,
    relay_service,
    user_service,
    wallet_service,
)

SERVICES: Mapping[str, Callable[[], FastAPI]] = MappingProxyType(
    {
        "order-service": order_service.create_app,
        "user-service": user_service.create_app,
        "auth-service": auth_service.create_app,
        "notification-service": notification_service.create_app,
        "wallet-service": wallet_service.create_app,
        "media-service": media_service.create_app,
        "relay-service": relay_service.create_app,
    }
)
"""Service name to application factory; every call starts from the seeded state."""

"""What all services share: the reply envelope, failures, paging and trace ids."""

from collections.abc import Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Generic, Self, TypeVar

from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from .tracing import TraceMiddleware

T = TypeVar("T")


def now() -> datetime:
    return datetime.now(UTC)


class BaseResponse(BaseModel, Generic[T]):
    """The envelope of every reply."""

    code: int = Field(default=200, description="response code, 200 means success")
    message: str = Field(default="", description="response message")
    data: T | None = Field(default=None, description="response data")
    timestamp: datetime = Field(default_factory=now)


class ErrorResponse(BaseModel):
    """The envelope of a failure."""

    code: int = Field(description="response code, never 200")
    message: str
    data: None = None
    timestamp: datetime = Field(default_factory=now)
    error_code: str = Field(description="stable name of the failure, e.g. ORDER_NOT_FOUND")
    details: dict[str, Any] | None = None


class Pagination(BaseModel, Generic[T]):
    """One page of a longer list; pages count from 1."""

    total: int
    items: list[T]
    page: int
    size: int

    @classmethod
    def of(cls, rows: Sequence[T], page: int, size: int, **extra: Any) -> Self:
        start = (page - 1) * size
        items = list(rows[start : start + size])
        return cls(total=len(rows), items=items, page=page, size=size, **extra)


class ServiceError(Exception):
    """A failure to answer with an `ErrorResponse`; the HTTP status defaults to the code."""

    def __init__(
        self,
        code: int,
        error_code: str,
        message: str,
        *,
        http_status: int | None = None,
        details: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.http_status = code if http_status is None else http_status
        self.headers = headers
        self.body = ErrorResponse(
            code=code, message=message, error_code=error_code, details=details
        )

    def response(self) -> JSONResponse:
        content = self.body.model_dump(mode="json")
        return JSONResponse(content, status_code=self.http_status, headers=self.headers)


def failures(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses=` entries that declare an `ErrorResponse` for each status."""
    return {s: {"model": ErrorResponse, "description": HTTPStatus(s).phrase} for s in statuses}


def create_service(title: str, version: str, *, envelope_validation: bool = True) -> FastAPI:
    """An application with tracing and the failure handlers.

    Without `envelope_validation`, invalid requests get FastAPI's own `{"detail": […]}`.
    """
    app = FastAPI(title=title, version=version)
    app.add_middleware(TraceMiddleware, service=title)
    app.add_exception_handler(ServiceError, _service_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _internal_error)
    if envelope_validation:
        app.add_exception_handler(RequestValidationError, _validation_error)
    return app


async def _service_error(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ServiceError)
    return error.response()


async def _http_error(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    name = HTTPStatus(error.status_code).name
    headers = dict(error.headers) if error.headers else None
    return ServiceError(error.status_code, name, error.detail, headers=headers).response()


async def _validation_error(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    details = {"errors": jsonable_encoder(error.errors())}
    return ServiceError(422, "VALIDATION_ERROR", "invalid request", details=details).response()


async def _internal_error(_: Request, error: Exception) -> JSONResponse:
    return ServiceError(500, "INTERNAL_ERROR", type(error).__name__).response()

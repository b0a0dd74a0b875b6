"""auth-service: permissions, tokens and endpoints behind three kinds of credentials."""

import base64
import binascii
import time
from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, FastAPI, Form, Request, Security
from fastapi.openapi.models import OAuthFlowClientCredentials, OAuthFlows
from fastapi.security import (
    HTTPAuthorizationCredentials,
    HTTPBasic,
    HTTPBasicCredentials,
    HTTPBearer,
    OAuth2,
    SecurityScopes,
)
from pydantic import BaseModel
from starlette.requests import HTTPConnection

from .common import BaseResponse, ServiceError, create_service, failures

USERS = {"user123": "secret", "user456": "p@ss:word"}
CLIENTS = {"reporting": "client-secret", "short-lived": "client-secret"}
LIFETIMES = {"short-lived": 1}
GRANTS = {
    "user123": {"orders": ["read", "write"], "users": ["read"]},
    "user456": {"orders": ["read"]},
}


class PermissionCheck(BaseModel):
    user_id: str
    resource: str
    action: str


class PermissionDecision(BaseModel):
    allowed: bool
    reason: str | None = None
    scopes: list[str] = []


class Token(BaseModel):
    access_token: str
    token_type: str = "bearer"
    expires_in: int = 3600


class Principal(BaseModel):
    subject: str
    scheme: Literal["basic", "bearer", "oauth2"]
    scopes: list[str] = []


@dataclass(frozen=True)
class Issued:
    principal: Principal
    expires_at: float


class TokenStore:
    """The tokens that were issued: `token-<subject>-<number>`."""

    def __init__(self) -> None:
        self.issued: dict[str, Issued] = {}

    def issue(self, subject: str, scopes: list[str]) -> Token:
        token = f"token-{subject}-{len(self.issued) + 1}"
        lifetime = LIFETIMES.get(subject, 3600)
        principal = Principal(subject=subject, scheme="bearer", scopes=scopes)
        self.issued[token] = Issued(principal, time.monotonic() + lifetime)
        return Token(access_token=token, expires_in=lifetime)

    def check(self, token: str) -> Principal:
        issued = self.issued.get(token)
        if issued is None or issued.expires_at <= time.monotonic():
            raise unauthorized("INVALID_TOKEN", "unknown or expired token", "Bearer")
        return issued.principal


def unauthorized(error_code: str, message: str, scheme: str) -> ServiceError:
    return ServiceError(401, error_code, message, headers={"WWW-Authenticate": scheme})


def _store(request: Request) -> TokenStore:
    store: TokenStore = request.app.state.store
    return store


class ClientCredentials(OAuth2):
    """OAuth 2.0 client credentials, as a dependency that gives the token."""

    def __init__(self, token_url: str, scopes: dict[str, str]) -> None:
        flow = OAuthFlowClientCredentials(tokenUrl=token_url, scopes=scopes)
        super().__init__(flows=OAuthFlows(clientCredentials=flow))

    async def __call__(self, request: HTTPConnection) -> str:
        header = await super().__call__(request)
        return (header or "").removeprefix("Bearer ")


Store = Annotated[TokenStore, Depends(_store)]
oauth2 = ClientCredentials("/api/v1/token", {"reports:read": "read reports"})

permissions = APIRouter(prefix="/api/v1/permissions", tags=["permissions"])
tokens = APIRouter(prefix="/api/v1", tags=["tokens"])


@permissions.post("/verify")
async def verify_permission(body: PermissionCheck) -> BaseResponse[PermissionDecision]:
    """An unknown user is HTTP 200 with code 403."""
    granted = GRANTS.get(body.user_id)
    if granted is None:
        raise ServiceError(403, "FORBIDDEN", f"unknown user {body.user_id}", http_status=200)
    actions = granted.get(body.resource, [])
    if body.action not in actions:
        reason = f"{body.action} on {body.resource} is not granted"
        return BaseResponse(data=PermissionDecision(allowed=False, reason=reason))
    scopes = [f"{body.resource}:{action}" for action in actions]
    return BaseResponse(data=PermissionDecision(allowed=True, scopes=scopes))


@tokens.post("/token", responses=failures(401))
async def issue_token(
    request: Request,
    store: Store,
    grant_type: Annotated[Literal["password", "client_credentials"], Form()] = "password",
    username: Annotated[str | None, Form()] = None,
    password: Annotated[str | None, Form()] = None,
    scope: Annotated[str, Form()] = "",
    client_id: Annotated[str | None, Form()] = None,
    client_secret: Annotated[str | None, Form()] = None,
) -> Token:
    """Client credentials may come in the form or as HTTP basic. The reply has no envelope."""
    if grant_type == "password":
        subject, secret, known = username, password, USERS
    else:
        header = _basic(request.headers.get("authorization", ""))
        (subject, secret), known = header or (client_id, client_secret), CLIENTS
    if subject is None or secret is None or known.get(subject) != secret:
        raise unauthorized("INVALID_GRANT", "wrong name or secret", "Basic")
    return store.issue(subject, scope.split())


def _basic(header: str) -> tuple[str, str] | None:
    if not header.lower().startswith("basic "):
        return None
    try:
        name, colon, secret = base64.b64decode(header[6:]).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return (name, secret) if colon else None


@tokens.get("/me", responses=failures(401))
async def get_me(
    store: Store, bearer: Annotated[HTTPAuthorizationCredentials, Depends(HTTPBearer())]
) -> BaseResponse[Principal]:
    return BaseResponse(data=store.check(bearer.credentials))


@tokens.get("/admin", responses=failures(401))
async def get_admin(
    basic: Annotated[HTTPBasicCredentials, Depends(HTTPBasic(realm="admin"))],
) -> BaseResponse[Principal]:
    if USERS.get(basic.username) != basic.password:
        raise unauthorized("BAD_CREDENTIALS", "wrong name or password", 'Basic realm="admin"')
    return BaseResponse(data=Principal(subject=basic.username, scheme="basic"))


@tokens.get("/reports", responses=failures(401, 403))
async def list_reports(
    store: Store,
    needed: SecurityScopes,
    token: Annotated[str, Security(oauth2, scopes=["reports:read"])],
) -> BaseResponse[Principal]:
    """Needs a token from the client credentials flow with the scope reports:read."""
    principal = store.check(token).model_copy(update={"scheme": "oauth2"})
    if "reports:read" not in principal.scopes:
        raise ServiceError(403, "INSUFFICIENT_SCOPE", "the token lacks reports:read")
    return BaseResponse(data=principal)


def create_app() -> FastAPI:
    app = create_service("auth-service", "1.2.0", envelope_validation=False)
    app.state.store = TokenStore()
    app.include_router(permissions)
    app.include_router(tokens)
    return app

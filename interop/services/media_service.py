"""media-service: uploads, downloads, unions without a discriminator, trees."""

import hashlib
from typing import Annotated

from fastapi import (
    APIRouter,
    Body,
    Cookie,
    Depends,
    FastAPI,
    File,
    Form,
    Header,
    Query,
    Request,
    Response,
    UploadFile,
)
from fastapi.responses import PlainTextResponse

from .common import BaseResponse, ServiceError, create_service, failures
from .media_models import FileInfo, FileQuery, Folder, Media, Visibility

OCTETS = "application/octet-stream"
BINARY = {OCTETS: {"schema": {"type": "string", "format": "binary"}}}
ETAG = {"ETag": {"description": "hash of the content", "schema": {"type": "string"}}}


class FileStore:
    """Files in memory, by path."""

    def __init__(self) -> None:
        self.contents: dict[str, bytes] = {}
        self.infos: dict[str, FileInfo] = {}
        self.put("docs/readme.txt", b"hello, file\n", "readme.txt", "text/plain")

    def put(
        self, path: str, content: bytes, filename: str | None, content_type: str | None
    ) -> FileInfo:
        old = self.infos.get(path)
        info = FileInfo(
            id=old.id if old else len(self.infos) + 1,
            path=path,
            filename=filename,
            content_type=content_type,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
        )
        self.contents[path] = content
        self.infos[path] = info
        return info

    def get(self, path: str) -> FileInfo:
        info = self.infos.get(path)
        if info is None:
            raise ServiceError(404, "FILE_NOT_FOUND", f"no file {path}", details={"path": path})
        return info


def _store(request: Request) -> FileStore:
    store: FileStore = request.app.state.store
    return store


Store = Annotated[FileStore, Depends(_store)]
router = APIRouter(prefix="/api/v1", tags=["media"])


@router.post("/files", status_code=201)
async def upload_file(
    store: Store,
    file: UploadFile,
    title: Annotated[str, Form(max_length=100)],
    tags: Annotated[list[str], Form()] = [],
    visibility: Annotated[Visibility, Form()] = Visibility.PRIVATE,
    thumbnail: Annotated[UploadFile | None, File(description="kept beside the file")] = None,
) -> BaseResponse[FileInfo]:
    """One file with its form fields; it is kept as `uploads/<file name>`."""
    path = f"uploads/{file.filename}"
    info = store.put(path, await file.read(), file.filename, file.content_type)
    info.title, info.tags, info.visibility = title, tags, visibility
    if thumbnail is not None:
        small = await thumbnail.read()
        store.put(f"{path}.thumbnail", small, thumbnail.filename, thumbnail.content_type)
    return BaseResponse(data=info)


@router.post("/files/batch", status_code=201)
async def upload_files(
    store: Store, files: list[UploadFile], folder: Annotated[str, Form()] = "batch"
) -> BaseResponse[list[FileInfo]]:
    """Several files under one form field."""
    infos = [
        store.put(f"{folder}/{f.filename}", await f.read(), f.filename, f.content_type)
        for f in files
    ]
    return BaseResponse(data=infos)


@router.get("/files")
async def query_files(
    store: Store,
    x_client: Annotated[str, Header(description="name of the calling program")],
    ids: Annotated[list[int], Query(alias="id", min_length=1)],
    x_level: Annotated[list[int], Header()] = [],
    session: Annotated[str | None, Cookie(alias="session-id")] = None,
) -> BaseResponse[FileQuery]:
    """Files by id; the reply repeats the parameters."""
    files = [info for info in store.infos.values() if info.id in ids]
    return BaseResponse(
        data=FileQuery(ids=ids, client=x_client, levels=x_level, session=session, files=files)
    )


@router.get("/manifest", response_class=PlainTextResponse)
async def get_manifest(store: Store) -> str:
    """One line per file: hash and path."""
    return "".join(f"{info.sha256}  {info.path}\n" for info in store.infos.values())


@router.get(
    "/files/{file_path:path}",
    response_class=Response,
    responses={200: {"content": BINARY, "headers": ETAG}, **failures(404)},
)
async def download_file(store: Store, file_path: str) -> Response:
    """The content of a file; the path may have several segments."""
    etag = f'"{store.get(file_path).sha256}"'
    return Response(store.contents[file_path], media_type=OCTETS, headers={"ETag": etag})


@router.put("/files/{file_path:path}")
async def write_file(
    store: Store, file_path: str, body: Annotated[bytes, Body(media_type=OCTETS)]
) -> BaseResponse[FileInfo]:
    """The request body becomes the content of the file."""
    return BaseResponse(data=store.put(file_path, body, None, OCTETS))


@router.delete("/files/{file_path:path}", responses=failures(404))
async def delete_file(store: Store, file_path: str) -> BaseResponse[None]:
    store.get(file_path)
    del store.infos[file_path], store.contents[file_path]
    return BaseResponse()


@router.post("/media")
async def echo_media(body: Media) -> BaseResponse[Media]:
    """Gives back what it got, as the service understood it."""
    return BaseResponse[Media](data=body)


@router.post("/folders")
async def echo_folder(body: Folder) -> BaseResponse[Folder]:
    """Gives back the tree that it got."""
    return BaseResponse(data=body)


def create_app() -> FastAPI:
    app = create_service("media-service", "1.2.0", envelope_validation=False)
    app.state.store = FileStore()
    app.include_router(router)
    return app

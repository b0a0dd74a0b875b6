"""The types of media-service."""

from enum import StrEnum

from pydantic import BaseModel


class Visibility(StrEnum):
    PRIVATE = "private"
    PUBLIC = "public"


class FileInfo(BaseModel):
    id: int
    path: str
    filename: str | None
    content_type: str | None
    size: int
    sha256: str
    title: str = ""
    tags: list[str] = []
    visibility: Visibility = Visibility.PRIVATE


class FileQuery(BaseModel):
    """What a request asked for, as the service understood it."""

    ids: list[int]
    client: str
    levels: list[int]
    session: str | None
    files: list[FileInfo]


class Image(BaseModel):
    width: int
    height: int


class Video(BaseModel):
    width: int
    height: int
    seconds: float


class Link(BaseModel):
    url: str


Media = Video | Image | Link | int | str


class Folder(BaseModel):
    """A folder, what it holds, and the folders below it."""

    name: str
    entries: dict[str, "Entry"] = {}
    parent: "Folder | None" = None


class Entry(BaseModel):
    size: int = 0
    folder: Folder | None = None

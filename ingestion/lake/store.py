"""Where objects lie: what a store can do, and one in a folder."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from .errors import LakeError


@dataclass(frozen=True)
class Entry:
    """An object in the lake: its name below the lake's root, its size, when it was written; in S3 its ETag too."""

    name: str
    bytes: int
    written: datetime
    etag: str = ""

    @property
    def version(self) -> str:
        """What changes when the object is replaced. S3 tells the time in a listing more exactly than elsewhere."""
        if self.etag:
            return f"{self.etag} {self.written:%Y-%m-%dT%H:%M:%SZ}"
        return f"{self.written.isoformat()} {self.bytes}"


class Store(Protocol):
    """Where objects lie: a bucket or a folder. Names use slashes and start at the lake's root."""

    url: str

    def prepare(self) -> None:
        """Make the bucket or folder where it is missing."""

    def put(self, path: Path, name: str) -> None:
        """Store a file."""

    def put_bytes(self, data: bytes, name: str) -> None:
        """Store a small object in one step."""

    def get(self, name: str, path: Path) -> None:
        """Fetch an object into a file."""

    def get_bytes(self, name: str) -> bytes | None:
        """A small object, None where there is none."""

    def list(self, prefix: str) -> Iterator[Entry]:
        """Objects whose name starts with `prefix`, by name."""

    def entry(self, name: str) -> Entry | None:
        """What is known of one object; None where there is none."""

    def delete(self, name: str) -> None:
        """Remove an object; nothing happens where there is none."""


class FolderStore:
    """A lake in a folder. A file appears under its name only when it is whole."""

    def __init__(self, root: Path):
        self._root, self.url = root, root.as_uri()

    def _at(self, name: str) -> Path:
        path = (self._root / name).resolve()
        if not path.is_relative_to(self._root.resolve()):
            raise LakeError(f"{name!r} leads out of the lake.")
        return path

    def prepare(self) -> None:
        self._root.mkdir(parents=True, exist_ok=True)

    def _place(self, name: str, write: Callable[[Path], object]) -> None:
        target = self._at(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f".{target.name}.{os.getpid()}.part")
        try:
            write(part)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)

    def put(self, path: Path, name: str) -> None:
        self._place(name, lambda part: shutil.copyfile(path, part))

    def put_bytes(self, data: bytes, name: str) -> None:
        self._place(name, lambda part: part.write_bytes(data))

    def get(self, name: str, path: Path) -> None:
        shutil.copyfile(self._at(name), path)

    def get_bytes(self, name: str) -> bytes | None:
        path = self._at(name)
        return path.read_bytes() if path.is_file() else None

    def list(self, prefix: str) -> Iterator[Entry]:
        top = self._at(prefix.rpartition("/")[0])
        for path in sorted(top.rglob("*")) if top.is_dir() else []:
            name = path.relative_to(self._root.resolve()).as_posix()
            if path.is_file() and name.startswith(prefix) and not path.name.endswith(".part"):
                yield _entry(name, path)

    def entry(self, name: str) -> Entry | None:
        path = self._at(name)
        return _entry(name, path) if path.is_file() else None

    def delete(self, name: str) -> None:
        self._at(name).unlink(missing_ok=True)


def _entry(name: str, path: Path) -> Entry:
    status = path.stat()
    return Entry(name, status.st_size, datetime.fromtimestamp(status.st_mtime, UTC))

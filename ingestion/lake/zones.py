"""The lake's zones and the sets that lie in them, over any store."""

import hashlib
import json
import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings

from .bucket import BucketStore, download, guarded
from .errors import LakeError
from .store import Entry, FolderStore, Store

MANIFEST = "manifest.json"
_AT_ONCE = 4  # files of a set that are under way together


class Zone(StrEnum):
    """The zones of the lake."""

    RAW = "raw"
    CURATED = "curated"
    QUARANTINE = "quarantine"
    GOLDEN = "golden"


class Lake:
    """The lake at `LAKE_URL`. Everything that goes wrong is a LakeError that names the place."""

    def __init__(self, store: Store):
        self._store, self.url = store, store.url

    def prepare(self) -> None:
        """Make the lake where it is missing; the zones come with the first object."""
        guarded(f"Cannot make the lake at {self.url}", self._store.prepare)

    def location(self, name: str) -> str:
        """The URL of an object."""
        return f"{self.url}/{name}"

    def name(self, location: str) -> str:
        """The name of the object at this URL, below the lake's root."""
        return location.removeprefix(f"{self.url}/")

    def publish(self, prefix: str, files: Mapping[str, Path], about: Mapping[str, Any]) -> dict[str, Any]:
        """Write `files` (name → path) below `prefix` as one set, the manifest last; gives the manifest.

        The manifest is `about` with each file's name, bytes and SHA-256. What an earlier, broken write of the
        set left is removed.
        """
        return self.complete(prefix, self.send(prefix, files), about)

    def send(self, prefix: str, files: Mapping[str, Path]) -> list[dict[str, Any]]:
        """Write the files of a set, which is none until it is made complete; gives each file's name, bytes, SHA-256."""
        return guarded(f"Cannot write {self.location(prefix)}", lambda: self._send(prefix, files))

    def complete(self, prefix: str, sent: list[dict[str, Any]], about: Mapping[str, Any]) -> dict[str, Any]:
        """Make a set of the files that were `sent`; gives its manifest."""
        manifest, name = {**about, "files": sent}, f"{prefix}/{MANIFEST}"
        data = json.dumps(manifest, indent=1).encode()
        guarded(f"Cannot write {self.location(prefix)}", lambda: self._store.put_bytes(data, name))
        return manifest

    def _send(self, prefix: str, files: Mapping[str, Path]) -> list[dict[str, Any]]:
        self._store.delete(f"{prefix}/{MANIFEST}")
        kept = {f"{prefix}/{name}" for name in files}
        for entry in list(self._store.list(f"{prefix}/")):
            if entry.name not in kept:
                self._store.delete(entry.name)
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            return list(pool.map(lambda name: self._put(prefix, name, files[name]), files))

    def _put(self, prefix: str, name: str, path: Path) -> dict[str, Any]:
        self._store.put(path, f"{prefix}/{name}")
        return {"name": name, "bytes": path.stat().st_size, "sha256": checksum(path)}

    def manifest(self, prefix: str) -> dict[str, Any] | None:
        """The manifest of the set at `prefix`; None where no whole set is there."""
        data = guarded(f"Cannot read {self.location(prefix)}", lambda: self._store.get_bytes(f"{prefix}/{MANIFEST}"))
        return None if data is None else json.loads(data)

    def put_bytes(self, data: bytes, name: str) -> None:
        """Store a small object, such as a pointer to the latest set, in one step."""
        guarded(f"Cannot write {self.location(name)}", lambda: self._store.put_bytes(data, name))

    def get_bytes(self, name: str) -> bytes | None:
        """A small object; None where there is none."""
        return guarded(f"Cannot read {self.location(name)}", lambda: self._store.get_bytes(name))

    def get(self, name: str, path: Path) -> None:
        """Fetch an object into a file."""
        guarded(f"Cannot read {self.location(name)}", lambda: self._store.get(name, path))

    def fetch_set(self, prefix: str, folder: Path) -> None:
        """Fetch the files of a whole set into `folder`. Raises LakeError where no whole set is there."""
        manifest = self.manifest(prefix)
        if manifest is None:
            raise LakeError(f"{self.location(prefix)} is not there, or not whole. Load its file again.")
        folder.mkdir(parents=True, exist_ok=True)
        names = [file["name"] for file in manifest["files"]]
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            list(pool.map(lambda name: self.get(f"{prefix}/{name}", folder / name), names))

    def list(self, prefix: str) -> list[Entry]:
        """The objects whose name starts with `prefix`."""
        return guarded(f"Cannot list {self.location(prefix)}", lambda: list(self._store.list(prefix)))

    def entry(self, name: str) -> Entry:
        """What is known of one object. Raises LakeError where there is none."""
        found = guarded(f"Cannot read {self.location(name)}", lambda: self._store.entry(name))
        if found is None:
            raise LakeError(f"{self.location(name)} is not there.")
        return found

    def delete(self, prefix: str) -> None:
        """Remove a set: the manifest first, so that no reader meets half of it."""
        self._store.delete(f"{prefix}/{MANIFEST}")
        for entry in self.list(f"{prefix}/"):
            self._store.delete(entry.name)


def open_lake(url: str = "") -> Lake:
    """The lake at `url`, else at the settings' `LAKE_URL`: s3://bucket/prefix or file:///folder."""
    url = url or settings.LAKE_URL
    parts = urlsplit(url)
    if parts.scheme == "s3" and parts.netloc:
        return Lake(BucketStore(parts.netloc, parts.path.strip("/")))
    if parts.scheme == "file" and parts.path:
        return Lake(FolderStore(Path(unquote(parts.path))))
    raise LakeError(f"LAKE_URL is {url!r}; it must be s3://bucket/prefix or file:///folder.")


def fetch(location: str, folder: Path) -> Path:
    """The file at `location` (a path, file:// or s3:// URL) on this machine: itself, or a copy in `folder`.

    Raises LakeError where it is missing or cannot be read.
    """
    parts = urlsplit(location)
    if parts.scheme == "s3":
        target = folder / Path(parts.path).name
        key = parts.path.lstrip("/")
        if not key or key.endswith("/"):
            raise LakeError(f"{location} names no object; give s3://bucket/key.")
        guarded(f"Cannot read {location}", lambda: download(parts.netloc, key, target))
        return target
    path = Path(unquote(parts.path)) if parts.scheme == "file" else Path(location)
    if not path.exists():
        raise LakeError(f"There is no file {location}. Put it there, or name the file that is meant.")
    if not path.is_file() or not os.access(path, os.R_OK):
        raise LakeError(f"{location} is no file that can be read. Name a file, and give the Spark worker access to it.")
    return path


def checksum(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

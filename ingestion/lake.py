"""The lake: the one door to S3, or to a folder in its place. Zones hold sets, each whole or not there at all.

    raw/<feed>/<date>/<run>/<file>              as landed, never changed
    curated/<feed>/run=<run>/part-*.parquet     cleaned and validated
    quarantine/<feed>/run=<run>/part-*.parquet  rows set aside, each with its reason
    golden/<snapshot>/…                         published

What belongs together is written as a set: the data first, `manifest.json` last. A set without a manifest does not
exist for a reader, so a crash between the two shows nothing; the next write of the same set replaces it.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol, TypeVar
from urllib.parse import unquote, urlsplit

import boto3
from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as NoConnection
from django.conf import settings

T = TypeVar("T")
MANIFEST = "manifest.json"
_BLOCK = 1 << 20
_TRANSFER = TransferConfig(multipart_threshold=16 << 20, multipart_chunksize=16 << 20, max_concurrency=4)


class Zone(StrEnum):
    """The zones of the lake."""

    RAW = "raw"
    CURATED = "curated"
    QUARANTINE = "quarantine"
    GOLDEN = "golden"


class LakeError(Exception):
    """The lake, or a file in it, cannot be had; the text says which and why, for the person who asked."""


class LakeAway(LakeError):
    """The lake does not answer at the moment; later it may."""


@dataclass(frozen=True)
class Entry:
    """An object in the lake: its name below the lake's root, its size, when it was written."""

    name: str
    bytes: int
    written: datetime


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
                status = path.stat()
                yield Entry(name, status.st_size, datetime.fromtimestamp(status.st_mtime, UTC))

    def delete(self, name: str) -> None:
        self._at(name).unlink(missing_ok=True)


class BucketStore:
    """A lake in a bucket. S3 shows an object only when it is whole; what is large goes in parts."""

    def __init__(self, bucket: str, prefix: str):
        self._bucket, self._prefix = bucket, f"{prefix}/" if prefix else ""
        self.url = f"s3://{bucket}/{prefix}".rstrip("/")

    def prepare(self) -> None:
        try:
            _s3().head_bucket(Bucket=self._bucket)
        except ClientError as problem:
            if problem.response["Error"]["Code"] not in ("404", "NoSuchBucket"):
                raise
            _s3().create_bucket(Bucket=self._bucket)

    def put(self, path: Path, name: str) -> None:
        _s3().upload_file(str(path), self._bucket, self._prefix + name, Config=_TRANSFER)

    def put_bytes(self, data: bytes, name: str) -> None:
        _s3().put_object(Bucket=self._bucket, Key=self._prefix + name, Body=data)

    def get(self, name: str, path: Path) -> None:
        _s3().download_file(self._bucket, self._prefix + name, str(path), Config=_TRANSFER)

    def get_bytes(self, name: str) -> bytes | None:
        try:
            data: bytes = _s3().get_object(Bucket=self._bucket, Key=self._prefix + name)["Body"].read()
        except ClientError as problem:
            if problem.response["Error"]["Code"] in ("404", "NoSuchKey"):
                return None
            raise
        return data

    def list(self, prefix: str) -> Iterator[Entry]:
        pages = _s3().get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=self._prefix + prefix)
        for page in pages:
            for found in page.get("Contents", []):
                yield Entry(found["Key"].removeprefix(self._prefix), found["Size"], found["LastModified"])

    def delete(self, name: str) -> None:
        _s3().delete_object(Bucket=self._bucket, Key=self._prefix + name)


class Lake:
    """The lake at `LAKE_URL`. Everything that goes wrong is a LakeError that names the place."""

    def __init__(self, store: Store):
        self._store, self.url = store, store.url

    def prepare(self) -> None:
        """Make the lake where it is missing; the zones come with the first object."""
        _guarded(f"Cannot make the lake at {self.url}", self._store.prepare)

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
        return _guarded(f"Cannot write {self.location(prefix)}", lambda: self._publish(prefix, files, about))

    def _publish(self, prefix: str, files: Mapping[str, Path], about: Mapping[str, Any]) -> dict[str, Any]:
        self._store.delete(f"{prefix}/{MANIFEST}")
        kept = {f"{prefix}/{name}" for name in files}
        for entry in list(self._store.list(f"{prefix}/")):
            if entry.name not in kept:
                self._store.delete(entry.name)
        described = []
        for name, path in files.items():
            self._store.put(path, f"{prefix}/{name}")
            described.append({"name": name, "bytes": path.stat().st_size, "sha256": checksum(path)})
        manifest = {**about, "files": described}
        self._store.put_bytes(json.dumps(manifest, indent=1).encode(), f"{prefix}/{MANIFEST}")
        return manifest

    def manifest(self, prefix: str) -> dict[str, Any] | None:
        """The manifest of the set at `prefix`; None where no whole set is there."""
        data = _guarded(f"Cannot read {self.location(prefix)}", lambda: self._store.get_bytes(f"{prefix}/{MANIFEST}"))
        return None if data is None else json.loads(data)

    def put_bytes(self, data: bytes, name: str) -> None:
        """Store a small object, such as a pointer to the latest set, in one step."""
        _guarded(f"Cannot write {self.location(name)}", lambda: self._store.put_bytes(data, name))

    def get_bytes(self, name: str) -> bytes | None:
        """A small object; None where there is none."""
        return _guarded(f"Cannot read {self.location(name)}", lambda: self._store.get_bytes(name))

    def get(self, name: str, path: Path) -> None:
        """Fetch an object into a file."""
        _guarded(f"Cannot read {self.location(name)}", lambda: self._store.get(name, path))

    def fetch_set(self, prefix: str, folder: Path) -> None:
        """Fetch the files of a whole set into `folder`. Raises LakeError where no whole set is there."""
        manifest = self.manifest(prefix)
        if manifest is None:
            raise LakeError(f"{self.location(prefix)} is not there, or not whole.")
        folder.mkdir(parents=True, exist_ok=True)
        for file in manifest["files"]:
            self.get(f"{prefix}/{file['name']}", folder / file["name"])

    def list(self, prefix: str) -> list[Entry]:
        """The objects whose name starts with `prefix`."""
        return _guarded(f"Cannot list {self.location(prefix)}", lambda: list(self._store.list(prefix)))

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
        _guarded(
            f"Cannot read {location}", lambda: _s3().download_file(parts.netloc, key, str(target), Config=_TRANSFER)
        )
        return target
    path = Path(unquote(parts.path)) if parts.scheme == "file" else Path(location)
    if not path.exists():
        raise LakeError(f"There is no file {location}.")
    if not path.is_file() or not os.access(path, os.R_OK):
        raise LakeError(f"{location} is no file that can be read.")
    return path


def checksum(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@lru_cache(maxsize=1)
def _client(endpoint: str, key: str, secret: str) -> Any:
    """One client for each set of credentials; without any in the settings, AWS's own chain finds the role's."""
    return boto3.client(
        "s3",
        endpoint_url=endpoint or None,
        aws_access_key_id=key or None,
        aws_secret_access_key=secret or None,
        region_name=os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or "us-east-1",
        config=Config(
            retries={"max_attempts": 5, "mode": "standard"},
            connect_timeout=5,
            s3={"addressing_style": "path"} if endpoint else {},
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    )


def _s3() -> Any:
    return _client(settings.AWS_ENDPOINT_URL, settings.AWS_ACCESS_KEY_ID, settings.AWS_SECRET_ACCESS_KEY)


def _guarded(what: str, act: Callable[[], T]) -> T:
    try:
        return act()
    except ClientError as problem:
        error = problem.response["Error"]
        if problem.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0) >= 500:
            raise LakeAway(f"{what}: {error.get('Message') or error['Code']}.") from problem
        reason = {"404": "it is not there", "NoSuchKey": "it is not there", "403": "access is denied"}.get(
            error["Code"]
        )
        raise LakeError(f"{what}: {reason or error.get('Message') or error['Code']}.") from problem
    except (NoConnection, HTTPClientError, Boto3Error) as problem:
        raise LakeAway(f"{what}: {problem}.") from problem
    except (BotoCoreError, OSError) as problem:
        raise LakeError(f"{what}: {problem}.") from problem

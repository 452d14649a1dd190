"""A lake in a bucket: the one door to S3."""

import os
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import boto3
from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError, NoCredentialsError
from botocore.exceptions import ConnectionError as NoConnection
from django.conf import settings

from .errors import LakeAway, LakeError
from .store import Entry

T = TypeVar("T")
_TRANSFER = TransferConfig(multipart_threshold=16 << 20, multipart_chunksize=16 << 20, max_concurrency=4)


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
                name = found["Key"].removeprefix(self._prefix)
                yield Entry(name, found["Size"], found["LastModified"], _etag(found))

    def entry(self, name: str) -> Entry | None:
        try:
            found = _s3().head_object(Bucket=self._bucket, Key=self._prefix + name)
        except ClientError as problem:
            if problem.response["Error"]["Code"] in ("404", "NoSuchKey"):
                return None
            raise
        return Entry(name, found["ContentLength"], found["LastModified"], _etag(found))

    def delete(self, name: str) -> None:
        _s3().delete_object(Bucket=self._bucket, Key=self._prefix + name)


def _etag(found: Any) -> str:
    return str(found["ETag"]).strip('"')[:40]


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


def download(bucket: str, key: str, path: Path) -> None:
    """Fetch an object of any bucket into a file."""
    _s3().download_file(bucket, key, str(path), Config=_TRANSFER)


def guarded(what: str, act: Callable[[], T]) -> T:
    """What `act` gives; whatever goes wrong with S3 or the disk is a LakeError that begins with `what`."""
    try:
        return act()
    except ClientError as problem:
        error = problem.response["Error"]
        if problem.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0) >= 500:
            raise LakeAway(f"{what}: {_sentence(error.get('Message') or error['Code'])} {_AWAY}") from problem
        told = _REFUSED.get(error["Code"]) or f"{_sentence(error.get('Message') or error['Code'])} {_OTHER}"
        raise LakeError(f"{what}: {told}") from problem
    except (NoConnection, HTTPClientError, Boto3Error) as problem:
        raise LakeAway(f"{what}: {_sentence(problem)} {_AWAY}") from problem
    except NoCredentialsError as problem:
        raise LakeError(f"{what}: {_NO_KEYS}") from problem
    except (BotoCoreError, OSError) as problem:
        raise LakeError(f"{what}: {_sentence(problem)} {_OTHER}") from problem


def _sentence(problem: object) -> str:
    return f"{str(problem).rstrip('.')}."


_AWAY = "Look whether the lake answers, and try again."
_OTHER = "Let an operator see to it, and try again."
_MISSING = "it is not there. Put it there, or correct the name."
_DENIED = "access is denied. Let an operator check the keys (AWS_ACCESS_KEY_ID) and what they may do in the bucket."
_NO_KEYS = "there are no keys. Let an operator set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
# S3's codes of an error, https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html; a bare 404 or 403 where
# the answer has no body. → what is wrong, and what to do.
_REFUSED = {
    "404": _MISSING,
    "NoSuchKey": _MISSING,
    "NoSuchBucket": "there is no such bucket. Correct the address, or let an operator run init_lake, which makes it.",
    "403": _DENIED,
    "AccessDenied": _DENIED,
    "InvalidAccessKeyId": "the access key is not known. Let an operator correct AWS_ACCESS_KEY_ID.",
    "SignatureDoesNotMatch": "the secret is not that of the access key. Let an operator correct AWS_SECRET_ACCESS_KEY.",
    "ExpiredToken": "the keys have run out. Let an operator renew them.",
}

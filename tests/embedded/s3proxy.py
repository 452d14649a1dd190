"""S3Proxy, as Maven Central has it: an S3 server of another make than the embedded one. A minute and 60 MB once."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from party_hub.embedded.ports import LOOPBACK
from tests.embedded import maven

COORDINATES = "org.gaul:s3proxy:4.1.0"
KEY, SECRET = "hub", "not-a-secret"


@contextmanager
def s3(home: Path, data: Path) -> Iterator[str]:
    """S3 with its objects in `data`, which takes requests signed with KEY and SECRET alone; gives its URL.

    `home` keeps what was downloaded. Raises maven.CannotBeHad.
    """
    java = maven.java_command(home, f"{maven.jars(home, COORDINATES)}/*")
    objects, settings, port = data / "objects", data / "s3proxy.conf", maven.free_port()
    objects.mkdir()
    settings.write_text(
        f"""s3proxy.endpoint=http://{LOOPBACK}:{port}
s3proxy.authorization=aws-v4
s3proxy.identity={KEY}
s3proxy.credential={SECRET}
jclouds.provider=filesystem-nio2
jclouds.filesystem.basedir={objects}
"""
    )
    command = [*java, "-DLOG_LEVEL=warn", "org.gaul.s3proxy.Main", "--properties", str(settings)]
    with maven.serving(command, port, data / "s3proxy.log") as address:
        yield f"http://{address}"

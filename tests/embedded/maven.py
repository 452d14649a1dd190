"""Servers that come as jars from Maven Central: their class path, and their process while a test lasts.

Spark resolves the jars (its `--packages`), so nothing but what the hub needs anyway has to be there.
"""

import os
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import pyspark

from party_hub.embedded import java
from party_hub.embedded.ports import LOOPBACK

SPARK = Path(pyspark.__file__).parent
_PATIENCE = 300


class CannotBeHad(Exception):
    """Maven Central does not answer; the text says what it was asked for."""


def jars(home: Path, coordinates: str) -> Path:
    """The folder with `group:artifact:version` and all it needs, downloaded into `home` where it is not there yet.

    What Spark has itself (Scala) is left out. Raises CannotBeHad.
    """
    found = home / "ivy" / "jars"
    group, artifact, version = coordinates.split(":")
    if not found.is_dir():
        submit = [str(SPARK / "bin" / "spark-submit"), "--conf", f"spark.jars.ivy={home}/ivy"]
        # There is nothing to run: what it is called for is what it resolves before.
        nothing = ["--packages", coordinates, "--class", "java.lang.Void", "spark-internal"]
        env = {**os.environ, "SPARK_HOME": str(SPARK), "JAVA_HOME": java.find(home)}
        try:
            subprocess.run([*submit, *nothing], env=env, capture_output=True, timeout=_PATIENCE, check=False)
        except subprocess.TimeoutExpired as problem:
            raise CannotBeHad(f"{coordinates} did not come from Maven Central in {_PATIENCE} s") from problem
    if not (found / f"{group}_{artifact}-{version}.jar").is_file():
        raise CannotBeHad(f"Maven Central did not give {coordinates}")
    return found


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with closing(socket.create_server((LOOPBACK, 0))) as server:
        return int(server.getsockname()[1])


def java_command(home: Path, class_path: str) -> list[str]:
    """What a main class and its arguments are added to."""
    return [str(Path(java.find(home)) / "bin" / "java"), "-Xmx512m", "-cp", class_path]


@contextmanager
def serving(command: Sequence[str], port: int, log: Path) -> Iterator[str]:
    """The server's address, while the block lasts and once it answers."""
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out)
    try:
        _wait_for(port, process, log)
        yield f"{LOOPBACK}:{port}"
    finally:
        process.kill()
        process.wait()


def _wait_for(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with socket.create_connection((LOOPBACK, port), timeout=1):
                return
        except OSError:
            time.sleep(0.3)
    raise RuntimeError(f"{log.stem} did not start. {log.read_text(errors='replace')[-2_000:]}")

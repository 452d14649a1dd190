"""Apache Kafka itself, as Maven Central has it, in place of the broker from a wheel. It takes a minute and 40 MB once.

Spark resolves the jars (its `--packages`), so nothing but what the hub needs anyway has to be there.
"""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pyspark

from party_hub.embedded import java
from party_hub.embedded.ports import LOOPBACK

COORDINATES = "org.apache.kafka:kafka_2.13:4.1.0"
SPARK = Path(pyspark.__file__).parent
_PATIENCE = 180


class CannotBeHad(Exception):
    """Maven Central does not answer; the text says what it was asked for."""


def jars(home: Path) -> str:
    """The class path of Kafka, downloaded where it is not there yet. Raises CannotBeHad."""
    found = home / "ivy" / "jars"
    if not found.is_dir():
        command = [
            str(SPARK / "bin" / "spark-submit"),
            "--packages",
            COORDINATES,
            "--conf",
            f"spark.jars.ivy={home}/ivy",
        ]
        # There is nothing to run: what it is called for is what it resolves before.
        env = {**os.environ, "SPARK_HOME": str(SPARK), "JAVA_HOME": java.find(home)}
        nothing = ["--class", "java.lang.Void", "spark-internal"]
        try:
            subprocess.run([*command, *nothing], env=env, capture_output=True, timeout=_PATIENCE, check=False)
        except subprocess.TimeoutExpired as problem:
            raise CannotBeHad(f"{COORDINATES} did not come from Maven Central in {_PATIENCE} s") from problem
    if not list(found.glob("*kafka_2.13*")):
        raise CannotBeHad(f"Maven Central did not give {COORDINATES}")
    # Spark leaves out what it has itself.
    return os.pathsep.join([f"{found}/*", *map(str, (SPARK / "jars").glob("scala-library*.jar"))])


@contextmanager
def broker(home: Path, data: Path) -> Iterator[str]:
    """One broker in KRaft mode, with its topics in `data`, while the block lasts; gives its address.

    `home` keeps what was downloaded. Raises CannotBeHad.
    """
    path, program = jars(home), Path(java.find(home)) / "bin" / "java"
    port, controller = _free(), _free()
    settings = data / "server.properties"
    settings.write_text(
        f"""process.roles=broker,controller
node.id=1
controller.quorum.voters=1@{LOOPBACK}:{controller}
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://{LOOPBACK}:{port},CONTROLLER://{LOOPBACK}:{controller}
advertised.listeners=PLAINTEXT://{LOOPBACK}:{port}
log.dirs={data}/log
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
group.initial.rebalance.delay.ms=0
"""
    )
    run = [str(program), "-Xmx512m", "-cp", path]
    identity = ["-t", "MkU3OEVBNTcwNTJENDM2Qg", "-c", str(settings)]
    subprocess.run([*run, "kafka.tools.StorageTool", "format", *identity], check=True, capture_output=True)
    with (data / "kafka.log").open("wb") as log:
        process = subprocess.Popen([*run, "kafka.Kafka", str(settings)], stdout=log, stderr=log)
    try:
        _wait_for(port, process, data / "kafka.log")
        yield f"{LOOPBACK}:{port}"
    finally:
        process.kill()
        process.wait()


def _free() -> int:
    with closing(socket.create_server((LOOPBACK, 0))) as server:
        return int(server.getsockname()[1])


def _wait_for(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with socket.create_connection((LOOPBACK, port), timeout=1):
                return
        except OSError:
            time.sleep(0.3)
    raise RuntimeError(f"Kafka did not start. {log.read_text(errors='replace')[-2_000:]}")

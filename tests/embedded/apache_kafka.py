"""Apache Kafka itself, as Maven Central has it, in place of the broker from a wheel. A minute and 40 MB once."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from party_hub.embedded.ports import LOOPBACK
from tests.embedded import maven

COORDINATES = "org.apache.kafka:kafka_2.13:4.1.0"


@contextmanager
def broker(home: Path, data: Path) -> Iterator[str]:
    """One broker in KRaft mode, with its topics in `data`, while the block lasts; gives its address.

    `home` keeps what was downloaded. Raises maven.CannotBeHad.
    """
    scala = map(str, (maven.SPARK / "jars").glob("scala-library*.jar"))
    java = maven.java_command(home, os.pathsep.join([f"{maven.jars(home, COORDINATES)}/*", *scala]))
    port, controller = maven.free_port(), maven.free_port()
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
    identity = ["-t", "MkU3OEVBNTcwNTJENDM2Qg", "-c", str(settings)]
    subprocess.run([*java, "kafka.tools.StorageTool", "format", *identity], check=True, capture_output=True)
    with maven.serving([*java, "kafka.Kafka", str(settings)], port, data / "kafka.log") as address:
        yield address

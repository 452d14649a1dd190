"""The stack starts once, survives the death of any server, and goes away without a trace."""

import contextlib
import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import boto3
import psutil
import psycopg2
import pytest
import redis
from confluent_kafka.admin import AdminClient

from party_hub.embedded import processes, stack
from party_hub.embedded.errors import StackError
from party_hub.embedded.ports import LOOPBACK


def pids(home: Path) -> dict[str, int]:
    return {name: process.pid for name in stack.SERVERS if (process := processes.find(home, name))}


def family(home: Path) -> list[psutil.Process]:
    servers = [psutil.Process(pid) for pid in pids(home).values()]
    return [*servers, *(child for server in servers for child in server.children(recursive=True))]


@contextlib.contextmanager
def sql(endpoints: dict[str, str]) -> Iterator["psycopg2.extensions.cursor"]:
    with contextlib.closing(psycopg2.connect(endpoints["database_url"])) as connection, connection.cursor() as cursor:
        yield cursor
        connection.commit()


def s3(endpoints: dict[str, str]):  # type: ignore[no-untyped-def]
    return boto3.client(
        "s3",
        endpoint_url=endpoints["aws_endpoint_url"],
        aws_access_key_id=endpoints["aws_access_key_id"],
        aws_secret_access_key=endpoints["aws_secret_access_key"],
        region_name="us-east-1",
    )


def test_every_server_answers_at_its_endpoint(home: Path) -> None:
    endpoints = stack.start(home)

    with sql(endpoints) as cursor:
        cursor.execute("CREATE EXTENSION pg_trgm; CREATE EXTENSION btree_gist")
        cursor.execute("SELECT current_user, current_setting('is_superuser'), current_setting('synchronous_commit')")
        assert cursor.fetchone() == ("party_hub", "off", "on")
    with contextlib.closing(redis.from_url(endpoints["redis_url"])) as client:
        assert client.ping()
    brokers = AdminClient({"bootstrap.servers": endpoints["kafka_bootstrap_servers"]}).list_topics(timeout=10).brokers
    assert [f"{broker.host}:{broker.port}" for broker in brokers.values()] == [endpoints["kafka_bootstrap_servers"]]
    assert [bucket["Name"] for bucket in s3(endpoints).list_buckets()["Buckets"]] == ["party-hub"]
    assert endpoints["lake_url"] == "s3://party-hub"


def test_starting_twice_changes_nothing(home: Path) -> None:
    first, before = stack.start(home), pids(home)

    assert stack.start(home) == first
    assert pids(home) == before


def test_two_starts_at_one_time_make_one_stack(home: Path) -> None:
    script = f"from pathlib import Path; from party_hub.embedded import stack; print(stack.start(Path({str(home)!r})))"
    starts = [subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) for _ in range(2)]
    answers = [start.communicate(timeout=120)[0] for start in starts]

    assert [start.returncode for start in starts] == [0, 0]
    assert answers[0] == answers[1]
    assert len(pids(home)) == 4


def test_a_stack_outlives_the_process_that_started_it(home: Path) -> None:
    script = f"from pathlib import Path; from party_hub.embedded import stack; stack.start(Path({str(home)!r}))"
    subprocess.run([sys.executable, "-c", script], check=True, timeout=120)

    assert stack.running(home) == dict.fromkeys(stack.SERVERS, True)
    with sql(stack.endpoints(home)) as cursor:
        cursor.execute("SELECT 1")


def test_kill_9_of_every_server_loses_neither_rows_nor_objects_nor_queues(home: Path) -> None:
    endpoints = stack.start(home)
    with sql(endpoints) as cursor:
        cursor.execute("CREATE TABLE kept (word text); INSERT INTO kept VALUES ('still here')")
    s3(endpoints).put_object(Bucket="party-hub", Key="raw/kept", Body=b"still here")
    with contextlib.closing(redis.from_url(endpoints["redis_url"])) as client:
        client.lpush("queue", "still here")
        client.waitaof(1, 0, 5000)

    for pid in pids(home).values():
        psutil.Process(pid).kill()
    again = stack.start(home)

    assert again == endpoints
    with sql(again) as cursor:
        cursor.execute("SELECT word FROM kept")
        assert cursor.fetchall() == [("still here",)]
    assert s3(again).get_object(Bucket="party-hub", Key="raw/kept")["Body"].read() == b"still here"
    with contextlib.closing(redis.from_url(again["redis_url"], decode_responses=True)) as client:
        assert client.lrange("queue", 0, -1) == ["still here"]


@pytest.mark.parametrize("victim", stack.SERVERS)
def test_the_death_of_one_server_leaves_the_others_alone(home: Path, victim: str) -> None:
    stack.start(home)
    before = pids(home)
    psutil.Process(before[victim]).kill()

    stack.start(home)

    after = pids(home)
    assert after.pop(victim) != before.pop(victim)
    assert after == before


def test_stop_leaves_no_process_no_pid_file_and_no_socket(home: Path) -> None:
    stack.start(home)
    everybody = family(home)
    assert len(everybody) > 4
    ports = json.loads((home / "stack.json").read_text())["ports"].values()

    assert stack.stop(home) == list(stack.SERVERS)

    assert [process for process in everybody if process.is_running()] == []
    assert list((home / "run").iterdir()) == []
    left = [file.name for port in ports for file in Path("/tmp").glob(f"seaweedfs-*-{port}.sock")]
    assert left == []
    assert stack.stop(home) == []


def test_nothing_listens_beyond_loopback(home: Path) -> None:
    stack.start(home)

    listening = [
        connection.laddr.ip
        for process in family(home)
        for connection in process.net_connections(kind="inet")
        if connection.status == psutil.CONN_LISTEN
    ]
    assert len(listening) >= 4
    assert set(listening) == {LOOPBACK}


def test_passwords_are_for_the_owners_eyes_only(home: Path) -> None:
    endpoints = stack.start(home)

    assert (home / "stack.json").stat().st_mode & 0o777 == 0o600
    assert (home / "valkey" / "valkey.conf").stat().st_mode & 0o777 == 0o600
    secrets = json.loads((home / "stack.json").read_text())["passwords"].values()
    seen = [" ".join(process.cmdline()) for process in family(home)]
    assert not [line for line in seen for secret in secrets if secret in line]
    with pytest.raises(psycopg2.OperationalError, match="password"):
        psycopg2.connect(endpoints["database_url"].replace(":" + next(iter(secrets)), ":wrong"))


def test_ports_stay_unless_somebody_took_them(home: Path) -> None:
    endpoints = stack.start(home)
    stack.stop(home)
    port = int(endpoints["kafka_bootstrap_servers"].rsplit(":", 1)[1])
    with socket.create_server((LOOPBACK, port)):
        again = stack.start(home)

    assert again["kafka_bootstrap_servers"] != endpoints["kafka_bootstrap_servers"]
    assert again["database_url"] == endpoints["database_url"]


def test_only_what_the_environment_does_not_name_is_started(home: Path) -> None:
    servers = stack.needed({"DATABASE_URL": "postgresql://elsewhere/db", "LAKE_URL": "file:///lake", "REDIS_URL": ""})
    assert servers == ("valkey", "broker")

    endpoints = stack.start(home, servers)

    assert set(pids(home)) == {"valkey", "broker"}
    assert "database_url" not in endpoints


def test_postgresql_whose_pid_file_got_lost_is_found_again(home: Path) -> None:
    stack.start(home)
    before = pids(home)["postgres"]
    processes.pid_file(home, "postgres").unlink()

    stack.start(home)

    assert pids(home)["postgres"] == before


def test_a_stale_postmaster_pid_of_another_program_does_not_stop_the_start(home: Path) -> None:
    stack.start(home)
    psutil.Process(pids(home)["postgres"]).kill()
    stale = home / "postgres" / "postmaster.pid"
    lines = stale.read_text().split("\n")
    stale.write_text("\n".join([str(psutil.Process().pid), *lines[1:]]))

    stack.start(home)

    assert stack.running(home)["postgres"]


def test_lost_passwords_are_a_clear_error(home: Path) -> None:
    stack.start(home)
    stack.stop(home)
    (home / "stack.json").unlink()

    with pytest.raises(StackError, match=r"stack\.json is gone, and with it the passwords"):
        stack.start(home)


def test_a_damaged_stack_file_is_a_clear_error(home: Path) -> None:
    home.mkdir(parents=True)
    (home / "stack.json").write_text("{")

    with pytest.raises(StackError, match=r"stack\.json is damaged"):
        stack.start(home)

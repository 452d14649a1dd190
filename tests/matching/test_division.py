"""Components found on Spark give the parties that components found in one process give."""

from collections import defaultdict
from collections.abc import Iterator
from random import Random
from uuid import UUID

import pytest
from django.conf import settings as hub
from django.db import connection, transaction

from matching import division, runners
from matching.engine.spark import SparkRunner
from party_hub.actions.closure import Divide, gather
from party_hub.actions.decide import decide
from party_hub.actions.resolve_parties import resolve_parties
from party_hub.domain.judgement import Judgement
from party_hub.models import Link, Membership
from tests.party_hub.actions.conftest import World
from tests.party_hub.laws.life import Life

pytestmark = [pytest.mark.spark, pytest.mark.django_db]
SOURCES = ("crm", "dnb", "markit")


def on_spark() -> Iterator[list[str]]:
    """The chunks of the records that there are."""
    return division.divide_on_spark(SparkRunner(hub.SPARK_MASTER, hub.SPARK_DRIVER_MEMORY, hub.JAVA_HOME))


def outcome(divide: Divide | None) -> tuple[set[frozenset[UUID]], set[tuple[UUID, UUID, str]]]:
    """Which records make up a party and which links are held, once all are resolved; nothing of it stays."""
    with transaction.atomic():
        resolve_parties(records=None, actor="system:test", divide=divide)
        parties = defaultdict(set)
        for record, party in Membership.objects.filter(span__upper_inf=True).values_list("record_id", "party_id"):
            parties[party].add(record)
        held = set(Link.objects.exclude(held="").values_list("left_id", "right_id", "held"))
        transaction.set_rollback(True)
    return set(map(frozenset, parties.values())), held


@pytest.fixture
def tangle(db: None) -> World:
    """Records with LEIs and tax ids that contradict each other, linked at random, and decisions against the links."""
    random, world = Random(7), World()
    names = [f"{SOURCES[number % 3]}:{number}" for number in range(90)]
    for number, name in enumerate(names):
        tax = {"scheme": "tax_id", "value": str(random.choice([10, 37, 64]) * 1_000_003 + number // 6), "country": "GB"}
        world.register(name, identifiers=[tax] if random.random() < 0.5 else [])
    for start in range(0, 90, 6):
        family = names[start : start + 9]
        for _ in range(9):
            world.link(*random.sample(family, 2), score=round(random.uniform(0.9, 0.9999), 4))
    for judgement in (Judgement.MATCH, Judgement.NO_MATCH):
        for _ in range(8):
            left, right = random.sample(names, 2)
            with transaction.atomic():
                decide(left=world.id(left), right=world.id(right), judgement=judgement, actor="user:ada")
    return world


@pytest.mark.usefixtures("tangle")
def test_the_parties_and_the_held_links_are_the_same_whatever_the_decisions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(division, "CHUNK_RECORDS", 10)
    on_driver = outcome(None)
    assert on_driver[1]
    assert outcome(on_spark) == on_driver


def test_after_a_random_life_no_chunk_reaches_beyond_itself_and_nothing_changes(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(division, "CHUNK_RECORDS", 10)
    Life(11).live(120)
    chunks = list(on_spark())
    assert len(chunks) > 1
    assert all(len(gather(chunk)) == len(chunk) for chunk in chunks)
    assert resolve_parties(records=None, actor="system:test", divide=lambda: chunks).clusters_changed == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM party_hub_sourcerecord")
        assert sum(map(len, chunks)) == cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("where", "held", "way"),
    [("spark", 100, "spark"), ("driver", 0, "driver"), ("auto", 0, "spark"), ("auto", 9, "driver")],
)
def test_the_setting_says_where_and_auto_asks_the_number_of_links(
    db: None, monkeypatch: pytest.MonkeyPatch, where: str, held: int, way: str
) -> None:
    world = World()
    for name in ("crm:1", "dnb:1"):
        world.register(name)
    world.link("crm:1", "dnb:1")
    monkeypatch.setattr(hub, "MATCH_COMPONENTS", where)
    monkeypatch.setattr(runners, "HELD_BY_DRIVER", held)
    monkeypatch.setattr(runners, "divide_on_spark", lambda _: "spark")
    monkeypatch.setattr(runners, "in_whole_components", lambda _: "driver")
    assert runners.whole_components() == way

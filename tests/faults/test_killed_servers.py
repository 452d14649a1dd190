"""kill -9 of every server and worker at every stage of a run: once it is back, the run completes, and counts agree."""

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingestion.models import Stage
from tests.faults.operation import Operation, operation
from tests.ingestion.conftest import BAD_LEI, CUSTOMER, customers

pytestmark = pytest.mark.spark
ROWS, BAD = 500, 3
COMPANY = dict.fromkeys(CUSTOMER, "") | {"CUSTOMER_TYPE": "C", "LAST_CHANGED": CUSTOMER["LAST_CHANGED"]}
# A worker killed at each other stage: see test_killed_loads.py. The queue and who watches are asked twice in a run.
WHEN = {
    **dict.fromkeys(("postgres", "s3", "broker"), tuple(Stage)),
    **dict.fromkeys(("valkey", "spark-worker"), (Stage.MAP, Stage.REGISTER)),
    "worker": (Stage.MAP,),
}


@pytest.fixture(scope="module")
def hub() -> Iterator[Operation]:
    """A hub in operation, apart from that of the other tests."""
    home = Path(__file__).resolve().parent.parent.parent / ".hub" / "test-faults"
    shutil.rmtree(home, ignore_errors=True)
    with operation(home) as running:
        yield running
    shutil.rmtree(home, ignore_errors=True)


def _name(mine: str, at: int) -> str:
    """Names that nothing else is like, so that matching, which follows each load, is soon done."""
    return hashlib.sha256(f"{mine}{at}".encode()).hexdigest()[:20]


@pytest.mark.parametrize(("victim", "stage"), [(victim, stage) for victim in WHEN for stage in WHEN[victim]])
def test_a_run_outlives_the_death_of_a_server(hub: Operation, tmp_path: Path, victim: str, stage: str) -> None:
    mine = f"{victim}-{stage}"
    rows = [COMPANY | {"CUSTOMER_ID": f"{mine}-{at}", "COMPANY_NAME": _name(mine, at)} for at in range(ROWS)]
    rows += [COMPANY | {"CUSTOMER_ID": f"{mine}-bad-{at}", "LEI": BAD_LEI} for at in range(BAD)]
    run = hub.request("crm", customers(tmp_path, *rows))
    hub.reach(run, stage)
    hub.kill(victim)
    hub.repair()
    hub.complete(run)
    counts = "landed, accepted, created, quarantined, state, error"
    assert hub.ask(f"SELECT {counts} FROM ingestion_feedrun WHERE id = %s", run) == [
        (ROWS + BAD, ROWS, ROWS, BAD, "succeeded", "")
    ]
    records = "SELECT count(*), count(DISTINCT key), max(version) FROM party_hub_sourcerecord WHERE key LIKE %s"
    assert hub.ask(records, f"{mine}-%") == [(ROWS, ROWS, 1)]
    assert hub.ask("SELECT count(*) FROM ingestion_rejectedrow WHERE run_id = %s", run) == [(BAD,)]
    orphans = (
        "SELECT count(*) FROM party_hub_sourcerecord r WHERE key LIKE %s AND NOT EXISTS "
        "(SELECT FROM party_hub_unresolvedrecord u WHERE u.record_id = r.id) AND NOT EXISTS "
        "(SELECT FROM party_hub_membership m WHERE m.record_id = r.id)"
    )
    assert hub.ask(orphans, f"{mine}-%") == [(0,)]

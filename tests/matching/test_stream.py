"""`resolve_stream`: micro-batches end as single records would, and one bad record stops no other."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from matching.models import CandidatePair
from party_hub.models import Membership, SourceRecord, UnresolvedRecord

pytestmark = pytest.mark.django_db


def event(key: str, name: str, source: str = "crm", **more: Any) -> dict[str, Any]:
    given, family = name.split()
    attributes = {"names": [{"given": given, "family": family}], "date_of_birth": "1977-05-14"} | more
    return {"source": source, "key": key, "op": "upsert", "party_type": "individual", "attributes": attributes}


def stream(path: Path, events: list[dict[str, Any]], *options: str) -> dict[str, Any]:
    path.write_text("\n".join(map(json.dumps, events)))
    out = io.StringIO()
    call_command("resolve_stream", str(path), "--json", *options, stdout=out)
    report: dict[str, Any] = json.loads(out.getvalue())
    return report


EVENTS = [
    event("1", "Marguerite Delacroix", phones=["+33145550123"]),
    event("2", "Margeurite Delacroix", source="markit", phones=["+33145550123"]),
    event("3", "Torvald Ekstrom", phones=["+46855501234"]),
    event("1", "Marguerite Delacroix", phones=["+33145550124", "+33145550123"]),
]


@pytest.mark.parametrize("batch", ["1", "3", "100"])
def test_the_size_of_the_batch_changes_nothing(tmp_path: Path, batch: str) -> None:
    report = stream(tmp_path / "events.jsonl", EVENTS, "--batch", batch)
    assert (report["records"], report["rejected"], report["batch"]) == (4, 0, int(batch))
    assert set(report["matching"]) == {"p50_ms", "p95_ms", "p99_ms"}
    parties = Membership.objects.filter(span__upper_inf=True).values_list("party_id", flat=True)
    pairs = CandidatePair.objects.count() + (SourceRecord.objects.count() - len(set(parties)))
    assert SourceRecord.objects.count() == 3
    assert pairs >= 1
    assert not UnresolvedRecord.objects.exists()


def test_a_bad_record_is_told_and_its_neighbours_go_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = event("9", "Nobody Known", source="nowhere")
    report = stream(tmp_path / "events.jsonl", [EVENTS[0], bad, EVENTS[2]])
    assert report["rejected"] == 1
    assert "nowhere 9 rejected" in capsys.readouterr().err
    assert set(SourceRecord.objects.values_list("key", flat=True)) == {"1", "3"}


def test_fields_that_cannot_be_read_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = stream(tmp_path / "events.jsonl", [event("1", "Torvald Ekstrom", phones=["ask at the desk"])])
    assert report["rejected"] == 0
    assert "crm 1 taken without phones, which cannot be read" in capsys.readouterr().err


def test_a_batch_of_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="at least 1"):
        stream(tmp_path / "events.jsonl", EVENTS, "--batch", "0")

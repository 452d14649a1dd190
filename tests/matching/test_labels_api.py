"""Labels over REST: one's own, given and listed."""

import pytest

from matching.models import CandidatePair, Label
from tests.factories import SourceRecordFactory, a_company, a_suggestion
from tests.party_hub.api.conftest import client_of

pytestmark = pytest.mark.django_db
LABELS = "/api/v1/labels/"


@pytest.fixture
def pair(db: None) -> CandidatePair:
    return a_suggestion(SourceRecordFactory(), SourceRecordFactory(source_id="dnb"))


def body(pair: CandidatePair, verdict: str = "match") -> dict[str, str]:
    return {"left": str(pair.left_id), "right": str(pair.right_id), "verdict": verdict}


def test_an_answer_is_kept_and_listed_to_whoever_gave_it(pair: CandidatePair) -> None:
    ada = client_of("ada")
    answer = ada.post(LABELS, body(pair), format="json")
    assert answer.status_code == 201
    assert (answer.json()["verdict"], answer.json()["left"]) == ("match", str(pair.left_id))
    assert len(answer.json()["model_version"]) == 16
    assert ada.get(LABELS).json() == {"next": None, "results": [answer.json()]}
    assert client_of("cleo").get(LABELS).json()["results"] == []
    assert Label.objects.get().author == "user:ada"


def test_another_answer_takes_its_place(pair: CandidatePair) -> None:
    ada = client_of("ada")
    for verdict in ("match", "no_match"):
        ada.post(LABELS, body(pair, verdict), format="json")
    assert [one["verdict"] for one in ada.get(LABELS).json()["results"]] == ["no_match"]


@pytest.mark.parametrize(("name", "status"), [("ada", 201), ("cleo", 201), ("ben", 403), ("dan", 403), ("sam", 403)])
def test_only_stewards_label(name: str, status: int, pair: CandidatePair) -> None:
    assert client_of(name).post(LABELS, body(pair), format="json").status_code == status


def test_what_cannot_be_answered_is_refused_with_the_reason(pair: CandidatePair) -> None:
    ada = client_of("ada")
    assert ada.post(LABELS, body(pair, "perhaps"), format="json").json()["status"] == 400
    unknown = ada.post(LABELS, body(pair) | {"left": "00000000-0000-0000-0000-000000000001"}, format="json")
    assert (unknown.status_code, unknown["Content-Type"]) == (404, "application/problem+json")
    firm = SourceRecordFactory(party_type="organisation", attributes=a_company())
    never = ada.post(LABELS, body(pair) | {"right": str(firm.pk)}, format="json")
    assert never.status_code == 409
    assert "never the same" in never.json()["detail"]

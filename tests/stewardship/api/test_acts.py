"""Merging, splitting and pinning over REST: previews, versions, conflicts."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from rest_framework.test import APIClient

from party_hub.actions.decide import decide
from party_hub.domain.identity import record_id
from party_hub.domain.judgement import Judgement
from party_hub.models import AuditEntry, OutboxEvent, Pin
from stewardship.models import ApprovalLevel
from tests.factories import a_company, a_person
from tests.party_hub.api.conftest import client_of, path, take_in

pytestmark = pytest.mark.django_db
MERGE = "/api/v1/parties/merge/"


@pytest.fixture
def ada(db: None) -> APIClient:
    """A steward, by token."""
    return client_of("ada")


@pytest.fixture
def two() -> tuple[UUID, UUID]:
    return take_in("1", a_person("Ann Smith")), take_in("2", a_person("Anne Smith"))


def tags(client: APIClient, *parties: UUID) -> dict[str, str]:
    return {"If-Match": ", ".join(client.get(path(party))["ETag"] for party in parties)}


def body(*parties: UUID) -> dict[str, object]:
    return {"parties": [str(party) for party in parties], "reason": "same person"}


def test_a_merge_says_what_it_did(ada: APIClient, two: tuple[UUID, UUID]) -> None:
    answer = ada.post(MERGE, body(*two), headers=tags(ada, *two))
    assert answer.status_code == 200
    ((retired, survivor),) = answer.json()["merged"].items()
    assert {retired, survivor} == set(map(str, two))
    assert AuditEntry.objects.filter(act=answer.json()["act"], actor="user:ada", reason="same person").exists()


def test_a_preview_of_a_merge_shows_the_outcome_and_changes_nothing(ada: APIClient, two: tuple[UUID, UUID]) -> None:
    told = OutboxEvent.objects.count()
    answer = ada.post(f"{MERGE}?preview=true", body(*two))
    assert answer.status_code == 200
    said = answer.json()
    (golden,) = said["golden"]
    assert {golden["party"], *said["retired"]} == set(map(str, two))
    assert {change["attribute"] for change in golden["changes"]} == {"names", "emails"}
    assert said["events"] == ["party.merged", "party.redirected"]
    assert OutboxEvent.objects.count() == told
    for party in two:
        assert ada.get(path(party)).status_code == 200


def test_an_act_without_if_match_is_428(ada: APIClient, two: tuple[UUID, UUID]) -> None:
    assert ada.post(MERGE, body(*two)).status_code == 428
    assert ada.post(path(two[0], "pins/"), {"attribute": "gender", "value": "f", "reason": "x"}).status_code == 428


def test_an_act_on_an_older_version_is_412_and_does_nothing(ada: APIClient, two: tuple[UUID, UUID]) -> None:
    seen = tags(ada, *two)
    take_in("1", a_person("Ann Smith-Jones"))
    answer = ada.post(MERGE, body(*two), headers=seen)
    assert answer.status_code == 412
    assert "has changed" in answer.json()["detail"]
    assert ada.get(path(two[1])).status_code == 200


@pytest.mark.parametrize("tag", ['"1"', "nonsense", ""])
def test_an_if_match_that_does_not_fit_the_parties_is_412(ada: APIClient, two: tuple[UUID, UUID], tag: str) -> None:
    assert ada.post(MERGE, body(*two), headers={"If-Match": tag}).status_code == 412


def test_a_merge_across_a_decision_is_409_and_names_it(ada: APIClient, two: tuple[UUID, UUID]) -> None:
    left, right = record_id("crm", "1"), record_id("crm", "2")
    decide(left=left, right=right, judgement=Judgement.NO_MATCH, actor="user:cleo", reason="twins")
    answer = ada.post(MERGE, body(*two), headers={"If-Match": "*"})
    assert answer.status_code == 409
    assert "twins" in answer.json()["problems"][0]


def test_a_person_and_a_company_do_not_merge(ada: APIClient, two: tuple[UUID, UUID]) -> None:
    company = take_in("3", a_company(), kind="organisation")
    answer = ada.post(MERGE, body(two[0], company), headers={"If-Match": "*"})
    assert answer.status_code == 409


def test_an_act_on_a_retired_id_is_410_with_its_survivor(ada: APIClient, two: tuple[UUID, UUID]) -> None:
    ((retired, survivor),) = ada.post(MERGE, body(*two), headers={"If-Match": "*"}).json()["merged"].items()
    pin = {"attribute": "gender", "value": "female", "reason": "passport seen"}
    answer = ada.post(path(retired, "pins/"), pin, headers={"If-Match": "*"})
    assert answer.status_code == 410
    assert answer.json()["survivor_id"] == survivor


def test_an_act_on_an_unknown_id_is_404(ada: APIClient) -> None:
    pin = {"attribute": "gender", "value": "female", "reason": "passport seen"}
    assert ada.post(path(uuid4(), "pins/"), pin, headers={"If-Match": "*"}).status_code == 404


def test_a_split_gives_the_records_a_party_of_their_own(ada: APIClient, two: tuple[UUID, UUID]) -> None:
    ((_, survivor),) = ada.post(MERGE, body(*two), headers={"If-Match": "*"}).json()["merged"].items()
    leaving = {"records": [str(record_id("crm", "2"))], "reason": "twins"}
    preview = ada.post(path(survivor, "split/") + "?preview=true", leaving).json()
    assert len(preview["golden"]) == 2
    answer = ada.post(path(survivor, "split/"), leaving, headers=tags(ada, UUID(survivor)))
    assert answer.status_code == 200
    assert answer.json()["split"] == [survivor]
    for party in two:
        assert ada.get(path(party)).status_code == 200


def test_a_split_that_leaves_nothing_behind_is_409(ada: APIClient, two: tuple[UUID, UUID]) -> None:
    leaving = {"records": [str(record_id("crm", "1"))], "reason": "twins"}
    assert ada.post(path(two[0], "split/"), leaving, headers={"If-Match": "*"}).status_code == 409


def test_a_pin_overrides_the_golden_value_until_it_is_taken_back(ada: APIClient, two: tuple[UUID, UUID]) -> None:
    pin = {"attribute": "gender", "value": "female", "reason": "passport seen"}
    preview = ada.post(path(two[0], "pins/") + "?preview=true", pin).json()
    assert preview["golden"][0]["changes"] == [
        {"attribute": "gender", "label": "Gender", "before": None, "after": "female"}
    ]
    assert not Pin.objects.exists()
    made = ada.post(path(two[0], "pins/"), pin, headers=tags(ada, two[0]))
    assert made.status_code == 201
    assert made.json()["author"] == "user:ada"
    assert ada.get(path(two[0])).json()["values"]["gender"] == "female"
    assert [item["attribute"] for item in ada.get(path(two[0], "pins/")).json()["results"]] == ["gender"]
    assert ada.delete(path(two[0], "pins/gender/"), headers=tags(ada, two[0])).status_code == 204
    assert "gender" not in ada.get(path(two[0])).json()["values"]
    assert ada.delete(path(two[0], "pins/gender/"), headers={"If-Match": "*"}).status_code == 404


@pytest.mark.parametrize(
    ("change", "field"),
    [({"reason": ""}, "reason"), ({"attribute": "colour"}, "attribute"), ({"reason": None}, "reason")],
)
def test_a_bad_body_is_400_and_names_its_field(
    ada: APIClient, two: tuple[UUID, UUID], change: dict[str, object], field: str
) -> None:
    pin = {"attribute": "gender", "value": "female", "reason": "passport seen", **change}
    answer = ada.post(path(two[0], "pins/"), pin, headers={"If-Match": "*"})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == field


def test_a_value_that_the_attribute_cannot_take_is_409(ada: APIClient, two: tuple[UUID, UUID]) -> None:
    pin = {"attribute": "date_of_birth", "value": "31 February", "reason": "passport seen"}
    assert ada.post(path(two[0], "pins/"), pin, headers={"If-Match": "*"}).status_code == 409


def test_a_record_moves_to_another_party(ada: APIClient, two: tuple[UUID, UUID]) -> None:
    ((_, survivor),) = ada.post(MERGE, body(*two), headers={"If-Match": "*"}).json()["merged"].items()
    third = take_in("3", a_person("Anna Smith"))
    moving = {"records": [str(record_id("crm", "2"))], "to": str(third), "reason": "hers"}
    preview = ada.post(path(survivor, "move/") + "?preview=true", moving).json()
    assert [golden["party"] for golden in preview["golden"]] == [survivor, str(third)]
    answer = ada.post(path(survivor, "move/"), moving, headers=tags(ada, UUID(survivor), third))
    assert answer.status_code == 200
    assert ada.get("/api/v1/xref/crm/2/").json()["party"] == str(third)


@pytest.fixture
def waiting(ada: APIClient, two: tuple[UUID, UUID]) -> dict[str, Any]:
    """Ada's merge needs four eyes."""
    ApprovalLevel.objects.create(act="merge", measure="always")
    answer = ada.post(MERGE, body(*two), headers=tags(ada, *two))
    assert answer.status_code == 202
    said: dict[str, Any] = answer.json()
    assert answer["Location"].endswith(f"/api/v1/approvals/{said['approval']}/")
    return said


def test_a_weighty_merge_is_202_and_waits(ada: APIClient, waiting: dict[str, Any], two: tuple[UUID, UUID]) -> None:
    assert waiting["risks"] == [{"measure": "always", "value": 1, "at_least": 1}]
    assert [item["approval"] for item in ada.get("/api/v1/approvals/").json()["results"]] == [waiting["approval"]]
    for party in two:
        assert ada.get(path(party)).status_code == 200


def test_a_lead_approves_over_rest_and_the_merge_is_done(waiting: dict[str, Any], two: tuple[UUID, UUID]) -> None:
    cleo, address = client_of("cleo"), f"/api/v1/approvals/{waiting['approval']}/"
    assert cleo.post(f"{address}approve/", {}).status_code == 428
    answer = cleo.post(f"{address}approve/", {"note": "seen"}, headers=tags(cleo, *two))
    assert answer.status_code == 200
    assert cleo.get(address).json()["state"] == "approved"
    assert cleo.get(address).json()["act"] == answer.json()["act"]
    assert cleo.get("/api/v1/approvals/?state=approved").json()["results"]


def test_the_proposer_approves_neither_by_role_nor_by_name(ada: APIClient, two: tuple[UUID, UUID]) -> None:
    ApprovalLevel.objects.create(act="merge", measure="always")
    cleo = client_of("cleo")
    said = cleo.post(MERGE, body(*two), headers={"If-Match": "*"}).json()
    address = f"/api/v1/approvals/{said['approval']}/"
    assert ada.post(f"{address}approve/", {}, headers={"If-Match": "*"}).status_code == 403
    assert cleo.post(f"{address}approve/", {}, headers={"If-Match": "*"}).status_code == 409
    assert cleo.post(f"{address}withdraw/").json()["state"] == "withdrawn"


def test_a_rejection_over_rest_says_why(waiting: dict[str, Any]) -> None:
    cleo, address = client_of("cleo"), f"/api/v1/approvals/{waiting['approval']}/reject/"
    assert cleo.post(address, {}).status_code == 409
    assert cleo.post(address, {"note": "twins"}).json()["note"] == "twins"


@pytest.mark.parametrize("query", ["state=perhaps", "cursor=x"])
def test_a_bad_question_about_approvals_is_400(ada: APIClient, query: str) -> None:
    assert ada.get(f"/api/v1/approvals/?{query}").status_code == 400


def test_a_party_is_retired_and_restored(ada: APIClient, two: tuple[UUID, UUID]) -> None:
    why = {"reason": "a test entry"}
    assert ada.post(path(two[0], "retire/") + "?preview=true", why).json()["golden"] == []
    assert ada.post(path(two[0], "retire/"), why).status_code == 428
    assert ada.post(path(two[0], "retire/"), why, headers=tags(ada, two[0])).status_code == 200
    assert ada.get(path(two[0])).json()["status"] == "withdrawn"
    assert ada.post(path(two[0], "restore/"), why).status_code == 200
    assert ada.get(path(two[0])).json()["status"] == "active"
    assert ada.post(path(two[0], "restore/"), why).status_code == 404


def test_a_source_can_be_kept_from_being_heard_and_heard_again(ada: APIClient, two: tuple[UUID, UUID]) -> None:
    forbid = {"attribute": "emails", "forbid": {"source": "crm"}, "reason": "the assistant's"}
    preview = ada.post(path(two[0], "pins/") + "?preview=true", forbid).json()
    assert "emails" not in preview["golden"][0]["values"]
    made = ada.post(path(two[0], "pins/"), forbid, headers=tags(ada, two[0]))
    assert made.status_code == 201
    assert (made.json()["source"], made.json()["value"]) == ("crm", None)
    told = {entry["attribute"]: entry for entry in ada.get(path(two[0], "lineage/")).json()["results"]}["emails"]
    assert (told["golden"], told["values"][0]["forbidden"]) == (None, made.json()["id"])
    number = made.json()["id"]
    assert ada.delete(path(two[0], f"pins/{number}/"), headers=tags(ada, two[0])).status_code == 204
    assert ada.get(path(two[0], "pins/")).json()["results"] == []


@pytest.mark.parametrize(
    "said", [{}, {"value": "x", "forbid": {"source": "crm"}}, {"forbid": {}}, {"forbid": {"source": "crm", "value": 3}}]
)
def test_a_pin_that_is_neither_a_value_nor_a_statement_is_refused(
    said: dict[str, Any], ada: APIClient, two: tuple[UUID, UUID]
) -> None:
    pin = {"attribute": "emails", "reason": "x", **said}
    assert ada.post(path(two[0], "pins/"), pin, headers={"If-Match": "*"}).status_code in (400, 409, 422)

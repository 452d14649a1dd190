"""A lead tunes the matcher: sees what would change, puts a model in force, and takes it back."""

import re

import pytest
from django.test import Client

from matching.actions.manage_models import activate_model, ensure_model
from matching.actions.preview_model import compare_parties, preview_model
from matching.models import MatchModel
from matching.queries import active_model
from party_hub.actions.errors import NotFound
from party_hub.domain.attributes import Kind
from party_hub.models import AuditEntry
from stewardship.queries.match_models import model_page
from tests.factories import SourceRecordFactory, a_suggestion
from tests.stewardship.conftest import SignedIn

pytestmark = pytest.mark.django_db

STRICT = {
    "individual_automatic": "99.9", "individual_review": "60", "individual_same_source": "2",
    "organisation_automatic": "99.9", "organisation_review": "60", "organisation_same_source": "",
    "individual_margin": "0.5", "organisation_margin": "0.5",
    "reason": "Fewer wrong joins.",
}  # fmt: skip


@pytest.fixture
def shipped(db: None) -> str:
    return ensure_model(actor="system:test")


def tuned(client: Client, version: str, **more: str) -> MatchModel:
    answer = client.post(f"/matching/{version}/tune/", STRICT | more)
    assert answer.status_code == 302
    return MatchModel.objects.get(version=answer["Location"].split("/")[2])


def test_other_thresholds_are_kept_and_not_yet_in_force(shipped: str, signed_in: SignedIn) -> None:
    kept = tuned(signed_in("cleo"), shipped)
    assert (kept.active, kept.created_by, kept.trained["why"]) == (False, "cleo", "Fewer wrong joins.")
    assert kept.thresholds["individual"]["automatic"] == pytest.approx(6.9068, abs=1e-3)
    assert kept.thresholds["individual"]["same_source"] == 2.0
    assert active_model().version == shipped


def test_a_review_band_above_the_automatic_one_is_refused_with_the_kind(shipped: str, signed_in: SignedIn) -> None:
    answer = signed_in("cleo").post(f"/matching/{shipped}/tune/", STRICT | {"individual_review": "99.95"})
    assert answer.status_code == 400
    assert "individual: the review band must begin below" in answer.content.decode()


def test_a_model_comes_into_force_and_the_former_back(shipped: str, signed_in: SignedIn) -> None:
    client = signed_in("cleo")
    kept = tuned(client, shipped)
    client.post(f"/matching/{kept.version}/activate/", {"reason": "Agreed on Monday."})
    assert active_model().version == kept.version
    assert active_model().kinds[Kind.INDIVIDUAL].thresholds.same_source == 2.0
    assert "Put it back in force" in client.get(f"/matching/{shipped}/").content.decode()
    client.post(f"/matching/{shipped}/activate/", {"reason": "Too strict."})
    assert active_model().version == shipped
    told = AuditEntry.objects.filter(verb="activate").order_by("pk").values_list("actor", "reason")
    assert list(told)[-2:] == [("cleo", "Agreed on Monday."), ("cleo", "Too strict.")]


def test_pairs_of_one_source_are_counted_by_what_they_need_on_top(shipped: str, signed_in: SignedIn) -> None:
    for other in ("crm", "dnb"):
        a_suggestion(SourceRecordFactory(), SourceRecordFactory(source_id=other), probability=0.999)
    kept = tuned(signed_in("cleo"), shipped, individual_automatic="99")
    across, within = [one for one in model_page(kept.version).bands if one.kind == "individual"]
    assert (across.within, across.automatic, across.review) == (False, 1, 0)
    assert (within.within, within.automatic, within.review) == (True, 1, 0)
    stricter = tuned(signed_in("cleo"), shipped, individual_automatic="99", individual_same_source="9")
    assert [one.automatic for one in model_page(stricter.version).bands if one.kind == "individual"] == [1, 0]


def test_a_margin_is_kept_with_the_thresholds(shipped: str, signed_in: SignedIn) -> None:
    kept = tuned(signed_in("cleo"), shipped, individual_margin="2.5", organisation_margin="0")
    assert kept.thresholds["individual"]["margin"] == 2.5
    assert kept.thresholds["organisation"]["margin"] == 0.0


def test_nothing_comes_into_force_without_a_reason(shipped: str, signed_in: SignedIn) -> None:
    client = signed_in("cleo")
    kept = tuned(client, shipped)
    assert client.post(f"/matching/{kept.version}/activate/", {"reason": ""}).status_code == 400
    assert active_model().version == shipped


@pytest.mark.parametrize("name", ["ada", "ben", "sam"])
def test_who_may_not_tune_changes_nothing(name: str, shipped: str, signed_in: SignedIn) -> None:
    client = signed_in(name)
    for act in ("tune", "activate", "preview"):
        assert client.post(f"/matching/{shipped}/{act}/", STRICT).status_code == 403


def test_the_page_shows_bands_and_impact_to_every_reader(shipped: str, signed_in: SignedIn) -> None:
    preview_model(version=shipped)
    page = signed_in("ben").get(f"/matching/{shipped}/").content.decode()
    assert len(re.findall('data-testid="model-bands"', page)) == 2 * len(Kind)
    assert "parties would come apart" in page
    assert 'data-testid="model-tune"' not in page
    assert shipped in signed_in("ben").get("/matching/").content.decode()


def test_an_unknown_model_is_not_found(shipped: str, signed_in: SignedIn) -> None:
    assert signed_in("cleo").get("/matching/none/").status_code == 404
    with pytest.raises(NotFound):
        activate_model(version="none", actor="cleo")


def test_impact_counts_groups_that_merge_and_parties_that_come_apart() -> None:
    now = {"r1": "A", "r2": "A", "r3": "B", "r4": "C", "r5": "D"}
    impact = compare_parties(now, [["r1"], ["r2", "r3"], ["r4", "r5"], ["new"]])
    assert (impact.parties, impact.parties_after, impact.merged, impact.split) == (4, 4, 2, 1)
    assert impact.merges == [["A", "B"], ["C", "D"]]
    assert impact.splits == ["A"]

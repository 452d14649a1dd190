"""Whether stewards agree, what a lead settles, and whether the model keeps its word."""

from uuid import UUID

import pytest

from matching.actions.label_pairs import label_pair
from matching.actions.manage_models import ensure_model
from matching.models import CandidatePair, Label
from party_hub.actions.decide import decide
from party_hub.domain.judgement import Judgement
from tests.factories import SourceRecordFactory, a_person, a_suggestion
from tests.stewardship.conftest import SignedIn

pytestmark = pytest.mark.django_db
Y, N = Judgement.MATCH, Judgement.NO_MATCH
EMPTY = {"left": str(UUID(int=1)), "right": str(UUID(int=2))}


def pair_read_by(ada: Judgement, eva: Judgement, probability: float = 0.7) -> CandidatePair:
    """A pair that two stewards have read."""
    one = SourceRecordFactory(attributes=a_person("Ann Smith"))
    pair = a_suggestion(one, SourceRecordFactory(source_id="dnb", attributes=a_person("Anne Smith")), probability)
    for author, verdict in (("user:ada", ada), ("user:eva", eva)):
        label_pair(left=pair.left_id, right=pair.right_id, verdict=verdict, actor=author)
    return pair


def of(pair: CandidatePair) -> dict[str, str]:
    return {"left": str(pair.left_id), "right": str(pair.right_id)}


def test_kappa_is_told_overall_and_to_leads_by_pair_of_stewards(signed_in: SignedIn) -> None:
    for ada, eva in [(Y, Y)] * 4 + [(N, N)] * 3 + [(Y, N)] * 2 + [(N, Y)]:
        pair_read_by(ada, eva)
    page = signed_in("cleo").get("/matching/agreement/").content.decode()
    assert "7 of 10 pairs got the same answer twice" in page  # p_o = .7, p_e = .6*.5 + .4*.5 = .5
    assert "<strong>0.40</strong>" in page
    assert "ada and eva" in page
    assert page.count('data-testid="disagreement"') == 3
    seen = signed_in("ada").get("/matching/agreement/").content.decode()
    assert "<strong>0.40</strong>" in seen
    assert "ada and eva" not in seen
    assert "disagreement" not in seen


def test_without_second_readings_the_page_says_what_to_do(signed_in: SignedIn) -> None:
    assert "No pair has been read twice yet" in signed_in("ben").get("/matching/agreement/").content.decode()
    pair_read_by(Y, Y)
    assert "nothing can be said about chance" in signed_in("ben").get("/matching/agreement/").content.decode()


def test_a_lead_settles_what_two_stewards_see_differently(signed_in: SignedIn) -> None:
    pair, client = pair_read_by(Y, N), signed_in("cleo")
    page = client.get("/matching/agreement/pair/", of(pair)).content.decode()
    assert "Which answer is right?" in page
    assert "eva said" in page
    assert 'data-testid="value-a"' in page
    settled = client.post("/matching/agreement/settle/", of(pair) | {"verdict": "match"}, follow=True)
    assert "Settled." in settled.content.decode()
    assert Label.objects.get(reading="settled").author == "user:cleo"
    assert [one.settled is not None for one in settled.context["settled"]] == [True]
    assert settled.context["open"] == []


def test_what_is_not_in_dispute_cannot_be_settled(signed_in: SignedIn) -> None:
    pair, client = pair_read_by(Y, Y), signed_in("cleo")
    assert client.get("/matching/agreement/pair/", of(pair)).status_code == 404
    assert client.get("/matching/agreement/pair/", {"left": "x"}).status_code == 404
    answer = client.post("/matching/agreement/settle/", of(pair) | {"verdict": "match"}, follow=True)
    assert "nothing to settle" in answer.content.decode()
    wrong = client.post("/matching/agreement/settle/", EMPTY | {"verdict": "perhaps"}, follow=True)
    assert "Choose match" in wrong.content.decode()
    assert not Label.objects.filter(reading="settled").exists()


@pytest.mark.parametrize(("name", "opens", "settles"), [("cleo", 200, 302), ("dan", 200, 302), ("ada", 403, 403)])
def test_leads_and_administrators_settle(name: str, opens: int, settles: int, signed_in: SignedIn) -> None:
    pair, client = pair_read_by(Y, N), signed_in(name)
    assert client.get("/matching/agreement/pair/", of(pair)).status_code == opens
    assert client.post("/matching/agreement/settle/", of(pair) | {"verdict": "unsure"}).status_code == settles


def test_the_model_page_holds_its_scores_against_labels_and_decisions(signed_in: SignedIn) -> None:
    version = ensure_model(actor="system:test")
    for verdict in (Y, Y, N):
        pair_read_by(verdict, verdict, probability=0.6)
    decided = a_suggestion(SourceRecordFactory(), SourceRecordFactory(source_id="dnb"), 0.95)
    decide(left=decided.left_id, right=decided.right_id, judgement=Y, actor="user:ada")
    page = signed_in("ben").get(f"/matching/{version}/")
    found = page.context["reliability"]
    assert found.answers == 4
    assert {band.start: (band.pairs, band.same) for band in found.bands if band.pairs} == {0.5: (3, 2), 0.9: (1, 1)}
    assert [(name, band.pairs, band.same) for name, band in found.by_fate] == [("Automatic", 0, 0), ("Review", 4, 3)]
    text = page.content.decode()
    assert text.count("<circle") == 2
    assert text.count('data-testid="score-band"') == 10
    assert "67 %" in text


def test_a_model_that_nobody_has_answered_says_so(signed_in: SignedIn) -> None:
    version = ensure_model(actor="system:test")
    assert "Nobody has answered a pair" in signed_in("ben").get(f"/matching/{version}/").content.decode()

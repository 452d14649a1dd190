"""Parties that stewards take out of the world, bring back, and enter by hand."""

import pytest

from matching.actions.resolve_records import resolve_records
from party_hub.models import Decision, Party, SourceRecord
from tests.factories import SourceRecordFactory, a_party, a_person
from tests.stewardship.conftest import SignedIn

pytestmark = pytest.mark.django_db
ANN = {
    "party_type": "individual",
    "full_name": "Ann Smith",
    "date_of_birth": "1984-03-12",
    "street": "14 Mill Lane",
    "city": "Leeds",
    "postcode": "LS1 4DY",
    "country": "GB",
    "email": "ann.smith@example.org",
    "reason": "Her branch called.",
}


def known() -> Party:
    """Ann, as a source knows her and the matcher finds her."""
    record = SourceRecordFactory(attributes=a_person("Ann Smith"))
    resolve_records(records=[record.pk], actor="system:match")
    return Party.objects.get(memberships__record=record)


def test_a_party_is_retired_after_a_look_and_brought_back(signed_in: SignedIn) -> None:
    party, client = a_party(), signed_in("ada")
    assert 'data-testid="impact"' in client.get(f"/parties/{party.pk}/retire/").content.decode()
    client.post(f"/parties/{party.pk}/retire/", {"reason": "A test entry."})
    party.refresh_from_db()
    assert party.status == "withdrawn"
    page = client.get(f"/parties/{party.pk}/").content.decode()
    assert "A test entry." in page
    assert "Bring it back" in page
    client.post(f"/parties/{party.pk}/restore/")
    party.refresh_from_db()
    assert party.status == "active"


def test_a_party_that_is_gone_is_not_retired_again(signed_in: SignedIn) -> None:
    party, client = a_party(), signed_in("ada")
    client.post(f"/parties/{party.pk}/retire/", {"reason": "A test entry."})
    assert client.get(f"/parties/{party.pk}/retire/")["Location"] == f"/parties/{party.pk}/"


def test_a_new_party_is_looked_for_first(signed_in: SignedIn) -> None:
    party, client = known(), signed_in("ada")
    page = client.post("/parties/new/", ANN).content.decode()
    assert 'data-testid="candidates"' in page
    assert str(party.pk) in page
    assert Party.objects.count() == 1


def test_whom_nobody_resembles_is_created_with_a_record_of_its_own(signed_in: SignedIn) -> None:
    client = signed_in("ada")
    assert "Nobody like it is here" in client.post("/parties/new/", ANN).content.decode()
    where = client.post("/parties/new/", ANN | {"create": "1"})["Location"]
    party = Party.objects.get()
    assert where == f"/parties/{party.pk}/"
    record = SourceRecord.objects.get()
    assert (record.source_id, record.raw_location) == ("steward", "by hand: user:ada")


def test_who_is_none_of_the_candidates_stays_apart_from_them(signed_in: SignedIn) -> None:
    party, client = known(), signed_in("ada")
    client.post("/parties/new/", ANN | {"create": "1", "different": str(party.pk)})
    assert Party.objects.filter(status="active").count() == 2
    assert Decision.objects.get().judgement == "no_match"


def test_nobody_is_created_past_a_candidate_that_was_not_looked_at(signed_in: SignedIn) -> None:
    known()
    page = signed_in("ada").post("/parties/new/", ANN | {"create": "1"}).content.decode()
    assert "you have not looked at it" in page
    assert Party.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"full_name": ""}, "Give the name"),
        ({"reason": ""}, "Say why"),
        ({"date_of_birth": "12.3.84"}, "YYYY-MM-DD"),
        ({"scheme": "lei"}, "or neither"),
        ({"country": "ZZ"}, "is no country"),
        ({"phone": "ask at the desk"}, "Nothing can be made of this"),
        ({"scheme": "tax_id", "identifier": "000000000"}, "Nothing can be made of this"),
    ],
)
def test_a_new_party_that_lacks_something_says_so(change: dict[str, str], words: str, signed_in: SignedIn) -> None:
    assert words in signed_in("ada").post("/parties/new/", ANN | change).content.decode()


def test_a_viewer_creates_and_retires_nobody(signed_in: SignedIn) -> None:
    party, client = a_party(), signed_in("ben")
    assert client.get("/parties/new/").status_code == 403
    assert client.post(f"/parties/{party.pk}/retire/", {"reason": "x"}).status_code == 403
    assert client.post(f"/parties/{party.pk}/restore/").status_code == 403


def test_a_version_of_somebody_else_says_nothing_about_this_party(signed_in: SignedIn) -> None:
    party, other = a_party(), a_party()
    sent = {"reason": "A test entry.", "seen": f"{other.pk}:1"}
    assert signed_in("ada").post(f"/parties/{party.pk}/retire/", sent).status_code == 302

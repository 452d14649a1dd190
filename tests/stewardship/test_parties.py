"""Parties on their pages: found, shown with proof, pinned, split, merged."""

import uuid

import pytest

from party_hub.actions.merge_parties import merge_parties
from party_hub.models import GoldenRecord, Party, Pin
from tests.factories import SourceRecordFactory, a_party, a_person, party_holding, party_of
from tests.stewardship.conftest import SignedIn

pytestmark = pytest.mark.django_db


def test_a_party_is_found_by_a_misspelt_name(signed_in: SignedIn) -> None:
    a_party("Katarzyna Wiśniewska")
    a_party("John Brown")
    page = signed_in("ada").get("/parties/?q=Katarzyna Wisniewski").content.decode()
    assert "Katarzyna Wiśniewska" in page
    assert "John Brown" not in page


def test_htmx_gets_the_rows_alone(signed_in: SignedIn) -> None:
    a_party("John Brown")
    page = signed_in("ada").get("/parties/?q=brown", headers={"HX-Request": "true"}).content.decode()
    assert "John Brown" in page
    assert "<html" not in page


def test_parties_are_found_by_the_source_that_knows_them(signed_in: SignedIn) -> None:
    a_party("Ann Smith", source="dnb")
    a_party("John Brown")
    page = signed_in("ada").get("/parties/?source=dnb").content.decode()
    assert '<option value="dnb"' in page
    assert "Ann Smith" in page
    assert "John Brown" not in page


def test_a_search_without_result_says_what_to_do_next(signed_in: SignedIn) -> None:
    assert "another spelling" in signed_in("ada").get("/parties/?q=nobody").content.decode()


def test_a_profile_shows_each_value_with_winner_and_losers(signed_in: SignedIn) -> None:
    old = SourceRecordFactory(attributes=a_person("Ann Smith", date_of_birth="1984-03-12"))
    new = SourceRecordFactory(source_id="markit", attributes=a_person("Ann Smith", date_of_birth="1984-12-03"))
    page = signed_in("ada").get(f"/parties/{party_of(old, new).pk}/").content.decode()
    assert "1984-03-12" in page
    assert "1984-12-03" in page
    assert page.count('data-testid="lineage-row"') == 5
    for testid in ("history-row", "quality-score", "pin-form"):
        assert f'data-testid="{testid}"' in page


def test_a_pin_becomes_the_golden_value_and_can_be_removed(signed_in: SignedIn) -> None:
    party, client = a_party(), signed_in("ada")
    pin = {"attribute": "country", "value": "IE", "reason": "She moved; letter of 3 March."}
    assert client.post(f"/parties/{party.pk}/", pin).status_code == 302
    assert GoldenRecord.objects.get(pk=party.pk).values["country"] == "IE"
    client.post(f"/parties/{party.pk}/", {"unpin": str(Pin.objects.get().pk)})
    assert GoldenRecord.objects.get(pk=party.pk).values["country"] == "GB"
    assert Pin.objects.get().retracted_by == "user:ada"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [("reason", "", "Say why"), ("value", "", "Give the right value"), ("value", "31.12.1980", "YYYY-MM-DD")],
)
def test_a_pin_that_lacks_something_says_so(field: str, value: str, words: str, signed_in: SignedIn) -> None:
    pin = {"attribute": "date_of_birth", "value": "1980-12-31", "reason": "Passport."} | {field: value}
    assert words in signed_in("ada").post(f"/parties/{a_party().pk}/", pin).content.decode()
    assert not Pin.objects.exists()


def test_a_pin_on_a_party_that_has_changed_meanwhile_is_refused(signed_in: SignedIn) -> None:
    party = a_party()
    pin = {"attribute": "country", "value": "IE", "reason": "She moved.", "version": party.version - 1}
    assert "has changed since you looked" in signed_in("ada").post(f"/parties/{party.pk}/", pin).content.decode()


def test_a_retired_id_leads_to_its_survivor(signed_in: SignedIn) -> None:
    one, other = a_party("Ann Smith"), a_party("Anne Smith")
    act = merge_parties(parties=[one.pk, other.pk], actor="user:ada", reason="Same person.")
    retired, survivor = next(iter(act.resolution.merged.items()))
    assert signed_in("ben").get(f"/parties/{retired}/")["Location"] == f"/parties/{survivor}/"


def test_an_unknown_id_is_not_found(signed_in: SignedIn) -> None:
    answer = signed_in("ben").get(f"/parties/{uuid.uuid4()}/")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()


def test_a_split_is_previewed_and_then_done(signed_in: SignedIn) -> None:
    ann, anne = (SourceRecordFactory(attributes=a_person(name)) for name in ("Ann Smith", "Anne Smith"))
    party, client = party_of(ann, anne), signed_in("ada")
    preview = client.get(f"/parties/{party.pk}/split/?records={anne.pk}").content.decode()
    assert 'data-testid="impact"' in preview
    assert Party.objects.count() == 1
    client.post(f"/parties/{party.pk}/split/", {"records": [str(anne.pk)], "reason": "Sisters."})
    assert party_holding(ann) != party_holding(anne)


@pytest.mark.parametrize("everything", [True, False])
def test_a_split_takes_some_records_and_leaves_some(everything: bool, signed_in: SignedIn) -> None:
    records = SourceRecordFactory.create_batch(2)
    party = party_of(*records)
    chosen = [str(record.pk) for record in records] if everything else []
    page = signed_in("ada").post(f"/parties/{party.pk}/split/", {"records": chosen, "reason": "Sisters."})
    assert "notice--bad" in page.content.decode()
    assert Party.objects.count() == 1


def test_two_parties_are_merged_after_a_look_at_the_outcome(signed_in: SignedIn) -> None:
    one, other, client = a_party("Ann Smith"), a_party("Anne Smith"), signed_in("ada")
    preview = client.get(f"/parties/merge/?a={one.pk}&b={other.pk}").content.decode()
    assert "id is retired" in preview
    sent = {"a": one.pk, "b": other.pk, "version_a": one.version, "version_b": other.version, "reason": "Same person."}
    client.post("/parties/merge/", sent)
    assert Party.objects.filter(status="active").count() == 1


def test_a_merge_needs_a_reason(signed_in: SignedIn) -> None:
    one, other = a_party("Ann Smith"), a_party("Anne Smith")
    signed_in("ada").post("/parties/merge/", {"a": one.pk, "b": other.pk, "reason": ""})
    assert Party.objects.filter(status="active").count() == 2


def test_a_merge_with_itself_or_nobody_goes_back_to_the_search(signed_in: SignedIn) -> None:
    party = a_party()
    for query in ("", f"?a={party.pk}&b={party.pk}", "?a=x&b=y"):
        assert signed_in("ada").get(f"/parties/merge/{query}")["Location"] == "/parties/"

"""A party's profile: who says what, what happened, how it looked then, and what stewards change in place."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from party_hub.actions.merge_parties import merge_parties
from party_hub.actions.pin_value import pin_value
from party_hub.actions.split_party import split_party
from party_hub.models import GoldenRecord, Party, Pin
from stewardship.models import ReviewTask
from stewardship.queries.timeline import timeline
from tests.factories import SourceRecordFactory, a_company, a_party, a_person, party_of
from tests.stewardship.conftest import SignedIn

pytestmark = pytest.mark.django_db


@pytest.fixture
def party() -> Party:
    """Ann, whom two sources know with two birthdays."""
    one = SourceRecordFactory(attributes=a_person("Ann Smith", date_of_birth="1984-03-12"))
    other = SourceRecordFactory(source_id="markit", attributes=a_person("Ann Smith", date_of_birth="1984-12-03"))
    return party_of(one, other)


def test_the_grid_says_who_says_what_and_marks_what_became_golden(party: Party, signed_in: SignedIn) -> None:
    page = signed_in("ada").get(f"/parties/{party.pk}/").content.decode()
    grid = page.partition('data-testid="sources-grid"')[2].partition("</section>")[0]
    assert grid.count("1984-03-12") == grid.count("1984-12-03") == 1
    assert "golden:" in grid


def test_a_losing_value_is_pinned_where_it_stands(party: Party, signed_in: SignedIn) -> None:
    client = signed_in("ada")
    lineage = client.get(f"/parties/{party.pk}/").context["party"].raw_lineage["date_of_birth"]
    losing = lineage["values"][1]["value"]
    page = client.get(f"/parties/{party.pk}/?attribute=date_of_birth&choice=1").content.decode()
    assert page.count('data-testid="pin-form"') == 1
    pin = {"attribute": "date_of_birth", "choice": "1", "reason": "Passport."}
    assert client.post(f"/parties/{party.pk}/", pin).status_code == 302
    assert GoldenRecord.objects.get(pk=party.pk).values["date_of_birth"] == losing


def test_an_address_is_pinned_whole(party: Party, signed_in: SignedIn) -> None:
    pin = {"attribute": "addresses", "choice": "0", "reason": "Seen there."}
    signed_in("ada").post(f"/parties/{party.pk}/", pin)
    assert Pin.objects.get().value["postcode"] == "LS1 4DY"


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"choice": "9"}, "no longer say that"),
        ({"value": "1980-01-01", "expires_at": "2020-01-01"}, "This day has passed"),
    ],
)
def test_a_pin_that_cannot_be_says_why(more: dict[str, str], words: str, party: Party, signed_in: SignedIn) -> None:
    pin = {"attribute": "date_of_birth", "reason": "Passport.", **more}
    assert words in signed_in("ada").post(f"/parties/{party.pk}/", pin).content.decode()
    assert not Pin.objects.exists()


def test_a_stale_pin_shows_what_has_changed_and_keeps_what_was_typed(party: Party, signed_in: SignedIn) -> None:
    seen = Party.objects.get(pk=party.pk).version
    pin_value(party=party.pk, attribute="gender", value="female", actor="user:cleo", reason="Passport.")
    pin = {"attribute": "country", "value": "IE", "reason": "She moved.", "version": seen}
    answer = signed_in("ada").post(f"/parties/{party.pk}/", pin)
    assert answer.status_code == 412
    page = answer.content.decode()
    assert "cleo" in page.partition('data-testid="shift"')[2].partition("</section>")[0]
    assert 'value="She moved."' in page


def test_the_time_line_tells_an_act_once_with_who_why_before_and_after(party: Party) -> None:
    pin_value(party=party.pk, attribute="country", value="IE", actor="user:ada", reason="She moved.")
    newest = timeline(party.pk, party.party_type, personal=True)[0]
    assert (newest.title, newest.actor, newest.reason) == ("Value pinned", "user:ada", "She moved.")
    assert newest.undoable
    (change,) = newest.changes
    assert (change.before[0].note, change.after[0].note) == ("GB", "IE")
    assert [entry.title for entry in timeline(party.pk, party.party_type, personal=True)].count("Value pinned") == 1


def test_a_pinned_value_is_marked_once(party: Party, signed_in: SignedIn) -> None:
    pin_value(party=party.pk, attribute="country", value="IE", actor="user:ada", reason="She moved.")
    page = signed_in("ada").get(f"/parties/{party.pk}/").content.decode()
    row = page[page.index('id="attribute-country"') :].partition("<details")[2].partition("</summary>")[0]
    head = page[page.index('id="attribute-country"') :].partition("</th>")[0]
    assert row.count("#pin") == 1
    assert "#pin" not in head


def test_the_profile_counts_the_questions_about_the_party(question: ReviewTask, signed_in: SignedIn) -> None:
    page = signed_in("ada").get(f"/parties/{question.party_a_id}/").content.decode()
    assert "1 open question about this party" in page


def test_the_time_line_is_told_in_the_readers_language(party: Party, signed_in: SignedIn) -> None:
    pin_value(party=party.pk, attribute="country", value="IE", actor="user:ada", reason="Umgezogen.")
    client = signed_in("ada")
    with translation.override("en"):  # and back to it afterwards
        client.post("/preferences/", {"language": "de"})
        page = client.get(f"/parties/{party.pk}/").content.decode()
    told = page.partition('id="history"')[2].partition("</section>")[0]
    for words in ("Wert festgelegt", "Land festgelegt", "kam hinzu"):
        assert words in told
    assert " joined" not in told
    assert " pinned" not in told


def test_a_merge_is_told_with_the_records_that_joined(party: Party) -> None:
    other = a_party("Anne Smith")
    act = merge_parties(parties=[party.pk, other.pk], actor="user:ada", reason="Same person.")
    survivor = next(iter(act.resolution.merged.values()))
    newest = timeline(survivor, party.party_type, personal=True)[0]
    assert (newest.title, newest.act, newest.undoable) == ("Merged", act.id, True)
    assert any("joined" in note for note in newest.notes)


def test_personal_values_are_masked_in_the_time_line(party: Party, signed_in: SignedIn) -> None:
    page = signed_in("ben").get(f"/parties/{party.pk}/").content.decode()
    assert "1984-03-12" not in page
    assert "1984-12-03" not in page


def test_the_profile_as_it_was_known_then(party: Party, signed_in: SignedIn) -> None:
    then = timezone.now()
    pin_value(party=party.pk, attribute="country", value="IE", actor="user:ada", reason="She moved.")
    client = signed_in("ada")
    answer = client.get(f"/parties/{party.pk}/", {"known_at": then.isoformat()})
    page = answer.content.decode()
    assert answer.context["party"].values["country"] == "GB"
    assert "Nothing can be changed in the past" in page
    assert "Value pinned" not in page
    assert 'data-testid="pin-form"' not in page
    assert client.get(f"/parties/{party.pk}/").context["party"].values["country"] == "IE"


def test_a_party_that_was_not_known_then_says_so(party: Party, signed_in: SignedIn) -> None:
    long_ago = (timezone.now() - timedelta(days=900)).date().isoformat()
    answer = signed_in("ada").get(f"/parties/{party.pk}/", {"known_at": long_ago}, follow=True)
    assert "did not know this party on" in answer.content.decode()


@pytest.mark.parametrize("nonsense", ["yesterday", "2999-01-01", "2026-13-99", "2026-13-99T00:00"])
def test_a_time_that_is_none_shows_the_party_as_it_is(nonsense: str, party: Party, signed_in: SignedIn) -> None:
    assert signed_in("ada").get(f"/parties/{party.pk}/?known_at={nonsense}").status_code == 200


def test_an_id_that_leads_to_several_parties_lets_one_choose(signed_in: SignedIn) -> None:
    records = [SourceRecordFactory(attributes=a_person("Ann Smith")) for _ in range(5)]
    larger, smaller = party_of(*records[:3]), party_of(*records[3:])
    merge_parties(parties=[larger.pk, smaller.pk], actor="user:ada", reason="Same person.")
    split_party(party=larger.pk, records=[records[3].pk], actor="user:ada", reason="Not her.")
    answer = signed_in("ada").get(f"/parties/{smaller.pk}/")
    assert answer.status_code == 300
    assert "several parties" in answer.content.decode()


def test_the_page_asks_whether_the_party_has_changed(party: Party, signed_in: SignedIn) -> None:
    client, version = signed_in("ada"), Party.objects.get(pk=party.pk).version
    asked = f"/parties/changed/?seen={party.pk}:{version}"
    assert f"seen={party.pk}:{version}" in client.get(f"/parties/{party.pk}/").content.decode()
    assert client.get(asked).status_code == 204
    pin_value(party=party.pk, attribute="country", value="IE", actor="user:cleo", reason="She moved.")
    answer = client.get(asked)
    assert answer.status_code == 286
    assert "has changed since" in answer.content.decode()


@pytest.mark.parametrize("nonsense", ["", "x:1", "00000000-0000-0000-0000-000000000000:x"])
def test_a_question_that_cannot_be_read_finds_nothing_changed(nonsense: str, signed_in: SignedIn) -> None:
    assert signed_in("ada").get(f"/parties/changed/?seen={nonsense}").status_code == 204


def test_a_source_is_silenced_where_its_value_stands_and_heard_again(party: Party, signed_in: SignedIn) -> None:
    client, address = signed_in("ada"), f"/parties/{party.pk}/"
    assert "statement=source:markit#attribute-date_of_birth" in client.get(address).content.decode()
    page = client.get(f"{address}?attribute=date_of_birth&choice=0&statement=").content.decode()
    form = page.partition('data-testid="forbid-form"')[2].partition("</form>")[0]
    assert 'value="source:markit"' in form
    assert "source:crm" not in form
    said = {"attribute": "date_of_birth", "choice": "0", "statement": "source:markit", "reason": "Misread."}
    assert client.post(address, said | {"only_this": "on"}).status_code == 302
    assert GoldenRecord.objects.get(pk=party.pk).values["date_of_birth"] == "1984-03-12"
    pin = Pin.objects.get()
    assert (pin.source_id, pin.value) == ("markit", "1984-12-03")
    page = client.get(address).content.decode()
    assert "markit is not heard, forbidden by user:ada: Misread." in page
    assert "Not heard" in page
    client.post(address, {"unpin": str(pin.pk)})
    assert GoldenRecord.objects.get(pk=party.pk).values["date_of_birth"] == "1984-12-03"


def test_silencing_needs_a_reason_and_somebody_who_says_it(party: Party, signed_in: SignedIn) -> None:
    client, address = signed_in("ada"), f"/parties/{party.pk}/"
    said = {"attribute": "date_of_birth", "statement": "source:markit", "reason": ""}
    assert "Say why it is wrong" in client.post(address, said).content.decode()
    assert client.post(address, said | {"reason": "x", "statement": "source:gleif"}).status_code == 200
    assert not Pin.objects.exists()


def test_codes_of_public_lists_are_read_as_words(signed_in: SignedIn) -> None:
    firm = party_of(
        SourceRecordFactory(
            party_type="organisation", attributes=a_company("Nordwind", legal_form="2HBR", industry_code="sic:6022")
        )
    )
    page = signed_in("ben").get(f"/parties/{firm.pk}/").content.decode()
    for said in ("Gesellschaft mit beschränkter Haftung (GmbH)", "2HBR", "State commercial banks", "SIC 6022"):
        assert said in page


def test_whom_a_person_works_for_is_hidden_from_a_viewer(signed_in: SignedIn) -> None:
    employer = {"type": "employer", "scheme": "duns", "value": "400000009"}
    ann = party_of(SourceRecordFactory(attributes=a_person("Ann Smith", relations=[employer])))
    assert "400000009" in signed_in("ada").get(f"/parties/{ann.pk}/").content.decode()
    assert "400000009" not in signed_in("ben").get(f"/parties/{ann.pk}/").content.decode()

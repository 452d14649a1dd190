"""What a person chooses holds on every page: language, time zone, density; and the translation is whole."""

import ast
import re
from collections.abc import Iterator
from gettext import GNUTranslations
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from stewardship.models import ReviewTask
from tests.stewardship.conftest import SignedIn

GERMAN = Path(settings.LOCALE_PATHS[0]) / "de" / "LC_MESSAGES" / "django.po"
PLACE = re.compile(r"%\(\w+\)[.\d]*[sdf]")


def entries() -> Iterator[dict[str, str]]:
    """The entries of the translation: msgid, msgstr, msgid_plural, msgstr[0] …"""
    for block in GERMAN.read_text().split("\n\n"):
        fields = dict(re.findall(r'^(msg\S+) (".*")$', block, re.MULTILINE))
        entry = {name: ast.literal_eval(text) for name, text in fields.items()}
        if entry.get("msgid"):
            yield entry


def test_every_text_has_its_german_with_the_same_places() -> None:
    for entry in entries():
        for name, text in entry.items():
            if name.startswith("msgstr"):
                english = entry["msgid_plural" if name == "msgstr[1]" else "msgid"]
                assert text, english
                assert set(PLACE.findall(text)) == set(PLACE.findall(english)), english


def test_what_is_read_is_what_was_translated() -> None:
    with GERMAN.with_suffix(".mo").open("rb") as file:
        compiled = GNUTranslations(file)
    for entry in entries():
        if "msgid_plural" not in entry:
            assert compiled.gettext(entry["msgid"]) == entry["msgstr"]


def test_a_page_follows_the_language(question: ReviewTask, signed_in: SignedIn) -> None:
    client = signed_in("ada")
    client.post("/preferences/", {"language": "de", "next": "/tasks/"})
    queue = client.get("/tasks/").content.decode()
    assert '<html lang="de"' in queue
    assert "Mögliche Übereinstimmung" in queue
    page = client.get(f"/tasks/{question.pk}/").content.decode()
    for words in ("Was geschehen wird", "behält seine Id", "Geburtsdatum", "Warum das Modell fragt"):
        assert words in page
    assert 'x="' in page
    assert not re.search(r' (?:x|y|width|value)="\d+,\d', page)


@pytest.mark.django_db
def test_a_browser_that_prefers_german_is_answered_in_german(client: Client) -> None:
    assert "Benutzername" in client.get("/sign-in/", headers={"Accept-Language": "de"}).content.decode()


def test_times_are_told_in_the_readers_zone(question: ReviewTask, signed_in: SignedIn) -> None:
    client = signed_in("ada")
    client.post("/preferences/", {"timezone": "Asia/Tokyo"})
    assert "JST" in client.get("/tasks/").content.decode()
    assert timezone.get_current_timezone_name() == "UTC"


def test_only_what_is_offered_is_kept(question: ReviewTask, signed_in: SignedIn) -> None:
    client = signed_in("ada")
    client.post("/preferences/", {"density": "compact", "timezone": "Moon/Crater", "language": "tlh"})
    assert set(client.cookies) & {"hub_density", "hub_timezone", "hub_language"} == {"hub_density"}
    assert 'data-density="compact"' in client.get("/tasks/").content.decode()


def test_a_newcomers_first_question_explains_itself_once(question: ReviewTask, signed_in: SignedIn) -> None:
    client = signed_in("ada")
    assert "Your first question" in client.get(f"/tasks/{question.pk}/").content.decode()
    assert "Your first question" not in signed_in("ben").get(f"/tasks/{question.pk}/").content.decode()
    client.post(f"/tasks/{question.pk}/decide/", {"judgement": "no_match"})
    assert "Your first question" not in client.get(f"/tasks/{question.pk}/").content.decode()


def test_a_report_on_paper_has_every_value_and_masks_for_viewers(question: ReviewTask, signed_in: SignedIn) -> None:
    address = f"/parties/{question.party_a_id}/report/"
    page = signed_in("ada").get(address).content.decode()
    assert "1984-03-12" in page
    assert page.count('data-testid="report-row"') >= 5
    assert "1984-03-12" not in signed_in("ben").get(address).content.decode()


def test_a_report_of_a_merged_party_leads_to_the_survivor(question: ReviewTask, signed_in: SignedIn) -> None:
    client = signed_in("ada")
    client.post(f"/tasks/{question.pk}/decide/", {"judgement": "match"})
    answers = {client.get(f"/parties/{pk}/report/").status_code for pk in (question.party_a_id, question.party_b_id)}
    assert answers == {200, 302}

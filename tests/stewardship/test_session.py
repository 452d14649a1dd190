"""Sign-in, preferences, errors, and what the browser is allowed to load."""

import pytest
from django.test import Client

from tests.people import PASSWORD, person
from tests.stewardship.conftest import SignedIn

pytestmark = pytest.mark.django_db


def test_ada_signs_in_and_out(client: Client) -> None:
    person("ada")
    answer = client.post("/sign-in/?next=/tasks/", {"username": "ada", "password": PASSWORD, "next": "/tasks/"})
    assert answer["Location"] == "/tasks/"
    assert client.post("/sign-out/")["Location"] == "/sign-in/"
    assert client.get("/").status_code == 302


def test_a_wrong_password_says_so_and_no_more(client: Client) -> None:
    person("ada")
    page = client.post("/sign-in/", {"username": "ada", "password": "wrong"}).content.decode()
    assert "User name or password is wrong" in page


def test_sign_in_leads_nowhere_else(client: Client) -> None:
    person("ada")
    sent = {"username": "ada", "password": PASSWORD, "next": "https://elsewhere.example/"}
    assert client.post("/sign-in/", sent)["Location"] == "/"


def test_colours_are_remembered(signed_in: SignedIn) -> None:
    client = signed_in("ben")
    assert client.post("/preferences/", {"theme": "dark", "next": "/rules/"})["Location"] == "/rules/"
    assert 'data-theme="dark"' in client.get("/rules/").content.decode()


def test_shortcuts_can_be_switched_off(signed_in: SignedIn) -> None:
    client = signed_in("ben")
    client.post("/preferences/", {"shortcuts": "off", "next": "/"})
    assert 'data-shortcuts="off"' in client.get("/").content.decode()


@pytest.mark.parametrize("sent", [{"theme": "<script>"}, {"next": "https://elsewhere.example/"}])
def test_a_preference_that_is_none_is_ignored(sent: dict[str, str], signed_in: SignedIn) -> None:
    answer = signed_in("ben").post("/preferences/", sent)
    assert answer["Location"] == "/"
    assert "hub_theme" not in answer.cookies


def test_nothing_inline_and_nothing_from_elsewhere(signed_in: SignedIn) -> None:
    answer = signed_in("ada").get("/")
    page = answer.content.decode()
    policy = answer["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert " style=" not in page
    assert "<style" not in page
    assert "<script>" not in page
    assert "://" not in page.replace("http://www.w3.org/2000/svg", "")


def test_an_error_page_says_what_to_do(signed_in: SignedIn) -> None:
    client = signed_in("ben")
    missing = client.get("/nowhere/")
    assert (missing.status_code, "Look for the party" in missing.content.decode()) == (404, True)
    refused = client.post("/feeds/", {"feed": "crm"})
    assert (refused.status_code, "Ask a lead steward" in refused.content.decode()) == (403, True)


def test_a_form_that_is_too_old_says_so() -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/sign-in/", {"username": "ada", "password": "x"})
    assert answer.status_code == 403
    assert "reload it" in answer.content.decode()

"""The admin: who gets in, what is kept there, what is told of a change, and what nobody edits."""

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse
from django_celery_beat.models import PeriodicTask
from rest_framework.test import APIClient

from party_hub.events.contract import event_problems
from party_hub.events.envelope import envelope
from party_hub.models import ApiToken, AuditEntry, Country, OutboxEvent, SourceSystem, SurvivorshipRule
from tests import people

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


@pytest.fixture
def dan() -> Client:
    return signed_in(people.dan())


def form_of(page: Any) -> dict[str, Any]:
    """What the browser would send back unchanged."""
    form = page.context["adminform"].form
    return {name: "" if form[name].value() is None else form[name].value() for name in form.fields}


def told() -> list[dict[str, Any]]:
    events = [envelope(event) for event in OutboxEvent.objects.filter(topic="party.reference").order_by("id")]
    for event in events:
        assert event_problems(event) == []
    return events


@pytest.mark.parametrize("name", ["ada", "ben", "cleo", "sam"])
def test_only_administrators_get_in(name: str) -> None:
    client = signed_in(getattr(people, name)())
    assert client.get(reverse("admin:index")).status_code == 302
    assert client.get(reverse("admin:party_hub_sourcesystem_changelist")).status_code == 302


def test_every_page_of_the_admin_opens_for_an_administrator(dan: Client) -> None:
    assert dan.get(reverse("admin:index")).status_code == 200
    for model in admin.site._registry:
        if model._meta.app_label in (
            "party_hub",
            "ingestion",
            "matching",
            "stewardship",
            "auth",
            "django_celery_beat",
            "axes",
        ):
            name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
            assert dan.get(reverse(f"{name}_changelist")).status_code == 200, model
            if admin.site._registry[model].has_add_permission(dan.get(reverse("admin:index")).wsgi_request):
                assert dan.get(reverse(f"{name}_add")).status_code == 200, model
            first = model._default_manager.first()
            if first is not None:
                assert dan.get(reverse(f"{name}_change", args=[first.pk])).status_code == 200, model


@pytest.mark.parametrize(
    "page", ["party_hub_auditentry", "party_hub_outboxevent", "ingestion_feedrun", "ingestion_rejectedrow",
             "matching_matchmodel", "matching_matchrun", "stewardship_reviewtask", "auth_group"],
)  # fmt: skip
def test_what_is_derived_or_written_down_can_only_be_read(dan: Client, page: str) -> None:
    assert dan.get(reverse(f"admin:{page}_changelist")).status_code == 200
    assert dan.get(reverse(f"admin:{page}_add")).status_code == 403


def test_parties_and_golden_records_are_not_in_the_admin() -> None:
    edited = {model._meta.model_name for model in admin.site._registry}
    assert not edited & {"party", "goldenrecord", "membership", "sourcerecord", "decision", "link", "redirect", "pin"}


def test_a_changed_trust_is_kept_in_history_audited_told_and_applied(dan: Client, monkeypatch: Any) -> None:
    handed: list[tuple[str, dict[str, Any]]] = []
    monkeypatch.setattr(
        "party_hub.actions.change_reference.hand_over", lambda step, **kwargs: handed.append((str(step), kwargs))
    )
    address = reverse("admin:party_hub_sourcesystem_change", args=["dnb"])
    answer = dan.post(address, {**form_of(dan.get(address)), "trust": 20})
    assert answer.status_code == 302
    source = SourceSystem.objects.get(code="dnb")
    assert source.trust == 20
    assert source.history.first().history_user == people.dan()
    (event,) = told()
    assert event["type"] == "reference.changed"
    assert event["subject"] == "sources/dnb"
    assert event["data"]["changedAttributes"] == ["trust"]
    assert event["data"]["values"]["trust"] == 20
    assert event["data"]["decision"]["actor"] == "user:dan"
    assert AuditEntry.objects.filter(verb="reference_updated", subject_id="dnb", actor="user:dan").exists()
    assert handed == [("party_hub.rebuild", {"actor": "user:dan"})]


def test_saving_without_a_change_tells_nothing(dan: Client) -> None:
    address = reverse("admin:party_hub_sourcesystem_change", args=["dnb"])
    assert dan.post(address, form_of(dan.get(address))).status_code == 302
    assert told() == []


def test_a_new_rule_and_a_deleted_country_are_told_too(dan: Client) -> None:
    rule = {"attribute": "names", "party_type": "individual", "strategy": "longest", "doubt": 0}
    assert dan.post(reverse("admin:party_hub_survivorshiprule_add"), rule).status_code == 302
    country = Country.objects.get(code="AQ")
    assert dan.post(reverse("admin:party_hub_country_delete", args=[country.pk]), {"post": "yes"}).status_code == 302
    created, deleted = told()
    assert created["data"]["change"] == "created"
    assert created["data"]["key"] == str(SurvivorshipRule.objects.get(**rule).pk)
    assert deleted["data"] | {"decision": None, "changedAttributes": None} == {
        "set": "countries", "key": "AQ", "change": "deleted", "values": None, "decision": None,
        "changedAttributes": None,
    }  # fmt: skip


def test_a_change_that_the_database_refuses_is_told_to_nobody(dan: Client) -> None:
    address = reverse("admin:party_hub_sourcesystem_change", args=["dnb"])
    answer = dan.post(address, {**form_of(dan.get(address)), "trust": 200})
    assert answer.status_code == 200
    assert told() == []


def test_a_row_can_be_looked_at_as_it_was(dan: Client) -> None:
    address = reverse("admin:party_hub_sourcesystem_change", args=["dnb"])
    dan.post(address, {**form_of(dan.get(address)), "trust": 20})
    history = dan.get(reverse("admin:party_hub_sourcesystem_history", args=["dnb"]))
    assert history.status_code == 200
    assert b"dan" in history.content


def test_a_role_is_given_on_the_user_and_opens_the_admin(dan: Client) -> None:
    ada = people.ada()
    address = reverse("admin:auth_user_change", args=[ada.pk])
    page = dan.get(address)
    assert {"is_superuser", "user_permissions", "is_staff"} & set(page.context["adminform"].form.fields) == set()
    body = {"username": "ada", "first_name": "Ada", "last_name": "", "email": "", "is_active": "on"}
    body["groups"] = str(Group.objects.get(name="administrator").pk)
    assert dan.post(address, body).status_code == 302
    ada.refresh_from_db()
    assert ada.is_staff
    assert signed_in(ada).get(reverse("admin:index")).status_code == 200


def test_a_new_user_gets_a_password_that_is_no_secret_in_the_page(dan: Client) -> None:
    body = {"username": "eve", "usable_password": "true", "password1": people.PASSWORD, "password2": people.PASSWORD}
    assert dan.post(reverse("admin:auth_user_add"), body).status_code == 302
    eve = User.objects.get(username="eve")
    assert eve.check_password(people.PASSWORD)
    assert not eve.is_staff
    assert people.PASSWORD.encode() not in dan.get(reverse("admin:auth_user_change", args=[eve.pk])).content


def test_a_token_is_issued_shown_once_and_revoked(dan: Client) -> None:
    sam = people.sam()
    add = reverse("admin:party_hub_apitoken_add")
    body = {
        "user": sam.pk,
        "name": "risk engine",
        "scopes": ["read"],
        "expires_at_0": "2099-01-01",
        "expires_at_1": "00:00",
    }
    shown = dan.post(add, body, follow=True)
    token = ApiToken.objects.get()
    secret = next(
        word for word in shown.content.decode().replace("<", " ").split() if word.startswith("phub_") and len(word) > 20
    )
    client = APIClient(headers={"Authorization": f"Bearer {secret}"})
    assert client.get("/api/v1/reference/sources/").status_code == 200
    page = dan.get(reverse("admin:party_hub_apitoken_changelist"))
    assert secret.encode() not in page.content
    assert token.hint.encode() in page.content
    dan.post(reverse("admin:party_hub_apitoken_changelist"), {"action": "revoke", "_selected_action": [token.pk]})
    assert client.get("/api/v1/reference/sources/").status_code == 401


def test_a_schedule_can_be_switched_on(dan: Client) -> None:
    task = PeriodicTask.objects.filter(task="ingestion.load_feed").first()
    assert task
    body = {"action": "enable_tasks", "_selected_action": [task.pk]}
    dan.post(reverse("admin:django_celery_beat_periodictask_changelist"), body)
    task.refresh_from_db()
    assert task.enabled


def test_the_policy_is_wider_under_the_admin_alone(dan: Client) -> None:
    assert "unsafe-eval" in dan.get(reverse("admin:index"))["Content-Security-Policy"]
    for address in ("/api/docs/", reverse("sign_in")):
        policy = Client().get(address)["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "default-src 'self'" in policy

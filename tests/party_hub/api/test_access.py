"""Who may call what: tokens, sessions, roles, scopes, and what a viewer gets to see."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from rest_framework.test import APIClient

from party_hub.actions.tokens import issue_token, revoke_token
from party_hub.domain.roles import Scope
from party_hub.models import ApiToken, AuditEntry
from tests import people
from tests.factories import a_company, a_person

from .conftest import EVERYTHING, client_of, path, take_in

pytestmark = pytest.mark.django_db
TAX_ID = {"scheme": "tax_id", "value": "123456782", "country": "GB", "valid": None}
DUNS = {"scheme": "duns", "value": "123456789", "country": "", "valid": True}


@pytest.fixture
def ann() -> UUID:
    return take_in("1", a_person("Ann Smith", identifiers=[TAX_ID, DUNS]))


def test_without_a_token_it_is_401_and_says_what_is_wanted(ann: UUID) -> None:
    answer = APIClient().get(path(ann))
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("header", ["Bearer", "Bearer phub_nonsense", "Bearer a b", "Bearer \u00e9"])
def test_a_bad_token_is_401(ann: UUID, header: str) -> None:
    assert APIClient(headers={"Authorization": header}).get(path(ann)).status_code == 401


def test_an_expired_a_revoked_and_a_dismissed_persons_token_are_401(ann: UUID) -> None:
    user = people.ben()
    for spoil in ("expire", "revoke", "dismiss"):
        token, secret = issue_token(user=user, name=spoil, scopes=[Scope.READ], actor="system:test")
        client = APIClient(headers={"Authorization": f"Bearer {secret}"})
        assert client.get(path(ann)).status_code == 200
        if spoil == "expire":
            ApiToken.objects.filter(pk=token.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
        elif spoil == "revoke":
            revoke_token(token=token, actor="user:dan")
        else:
            user.is_active = False
            user.save()
        assert client.get(path(ann)).status_code == 401


def test_only_the_hash_of_a_token_is_kept_and_its_use_is_noted(ann: UUID) -> None:
    token, secret = issue_token(user=people.ben(), name="test", scopes=[Scope.READ], actor="user:dan")
    assert secret not in str(ApiToken.objects.values().get(pk=token.pk))
    APIClient(headers={"Authorization": f"Bearer {secret}"}).get(path(ann))
    token.refresh_from_db()
    assert token.last_used_at is not None
    assert AuditEntry.objects.filter(verb="issue_token", actor="user:dan").exists()


def test_a_browser_session_works_too(ann: UUID) -> None:
    client = APIClient()
    client.force_login(people.ada(), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(path(ann)).status_code == 200


def test_a_session_that_writes_needs_the_csrf_token(ann: UUID) -> None:
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(people.ada(), backend="django.contrib.auth.backends.ModelBackend")
    answer = client.post(path(ann, "pins/"), {"attribute": "gender", "value": "f", "reason": "seen"}, format="json")
    assert answer.status_code == 403
    assert answer["Content-Type"] == "application/problem+json"


READS = ["", "sources/", "lineage/", "lineage/graph/", "history/", "relationships/", "hierarchy/", "events/", "pins/"]
MATRIX = {"ben": (200, 403), "ada": (200, 428), "cleo": (200, 428), "dan": (200, 403), "sam": (200, 428)}


@pytest.mark.parametrize("name", MATRIX)
def test_each_role_reads_and_writes_what_it_may(ann: UUID, name: str) -> None:
    reads, writes = MATRIX[name]
    client = client_of(name)
    for rest in READS:
        assert client.get(path(ann, rest)).status_code == reads, rest
    pin = {"attribute": "gender", "value": "female", "reason": "passport seen"}
    assert client.post(path(ann, "pins/"), pin).status_code == writes
    assert client.delete(path(ann, "pins/gender/")).status_code == writes
    assert client.post(path(ann, "split/"), {"records": [str(uuid4())], "reason": "x"}).status_code == writes
    merge = {"parties": [str(ann), str(uuid4())], "reason": "x"}
    assert client.post("/api/v1/parties/merge/", merge).status_code == writes
    assert client.post("/api/v1/ids/resolve/", {"ids": [str(ann)]}).status_code == reads
    assert client.get("/api/v1/changes/").status_code == reads
    assert client.get("/api/v1/reference/countries/").status_code == reads


def test_somebody_without_a_role_may_do_nothing(ann: UUID) -> None:
    user = people.ben()
    user.groups.clear()
    _, secret = issue_token(user=user, name="test", scopes=EVERYTHING, actor="system:test")
    assert APIClient(headers={"Authorization": f"Bearer {secret}"}).get(path(ann)).status_code == 403


def test_a_token_is_good_for_its_scopes_alone(ann: UUID) -> None:
    reader = client_of("ada", [Scope.READ])
    assert reader.get(path(ann)).status_code == 200
    assert reader.delete(path(ann, "pins/gender/")).status_code == 403
    assert client_of("ada", [Scope.WRITE]).get(path(ann)).status_code == 403


@pytest.mark.parametrize(("name", "scopes"), [("ben", EVERYTHING), ("ada", [Scope.READ])])
def test_personal_values_are_left_out_for_who_may_not_see_them(ann: UUID, name: str, scopes: list[Scope]) -> None:
    client = client_of(name, scopes)
    said = client.get(path(ann)).json()
    assert "date_of_birth" not in said["values"]
    assert said["values"]["identifiers"] == [DUNS]
    assert set(said["masked"]) == {"date_of_birth", "identifiers"}
    for rest in ("sources/", "lineage/", "lineage/graph/", "history/", "events/"):
        text = client.get(path(ann, rest)).content.decode()
        assert "1984-03-12" not in text, rest
        assert "123456782" not in text, rest
    assert "1984-03-12" not in client.get("/api/v1/changes/").content.decode()


EMPLOYER = {"type": "employer", "scheme": "duns", "value": "400000009"}
PARENT = {"type": "direct_parent", "scheme": "duns", "value": "400000009"}


def test_whom_somebody_works_for_is_personal_but_who_owns_a_company_is_not() -> None:
    ann = take_in("7", a_person("Ann Smith", relations=[EMPLOYER]))
    firm = take_in("8", a_company(relations=[PARENT]), kind="organisation")
    for name, seen in (("ada", 1), ("ben", 0)):
        client = client_of(name)
        assert len(client.get(path(ann, "relationships/")).json()["results"]) == seen
        assert len(client.get(path(firm, "relationships/")).json()["results"]) == 1
        for rest in ("", "sources/", "lineage/", "lineage/graph/", "history/"):
            assert ("400000009" in client.get(path(ann, rest)).content.decode()) is bool(seen), rest


def test_the_command_issues_a_token_that_works(ann: UUID, capsys: pytest.CaptureFixture[str]) -> None:
    people.ben()
    call_command("create_token", "ben", "--scope", "read")
    secret = capsys.readouterr().out.strip()
    assert APIClient(headers={"Authorization": f"Bearer {secret}"}).get(path(ann)).status_code == 200
    with pytest.raises(CommandError, match="no active user"):
        call_command("create_token", "nobody")

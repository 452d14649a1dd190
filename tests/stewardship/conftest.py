"""What the tests of the steward's pages share: somebody signed in, and a question to answer."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client

from party_hub.models import Party
from stewardship.actions.refresh_tasks import refresh_tasks
from stewardship.models import ActKind, Approval, ReviewTask
from tests.factories import SourceRecordFactory, a_party, a_person, a_suggestion, party_of
from tests.people import person
from tests.stewardship.approving import four_eyes_for, propose_merge

SignedIn = Callable[[str], Client]


@pytest.fixture
def signed_in(db: None) -> SignedIn:
    """`signed_in("ada")` is Ada's browser."""

    def client_of(name: str) -> Client:
        client = Client()
        client.force_login(person(name), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return client_of


@pytest.fixture
def ada(db: None) -> User:
    """The steward."""
    return person("ada")


@pytest.fixture
def question(db: None) -> ReviewTask:
    """One open task: is Ann Smith, of one record, the Anne Smith of two?"""
    ann = SourceRecordFactory(attributes=a_person("Ann Smith"))
    anne = SourceRecordFactory(attributes=a_person("Anne Smith", emails=["anne@example.org"]))
    also_anne = SourceRecordFactory(source_id="dnb", attributes=a_person("Anne Smith"))
    party_of(ann)
    party_of(anne, also_anne)
    a_suggestion(ann, anne)
    refresh_tasks()
    return ReviewTask.objects.get()


@pytest.fixture
def two(db: None) -> tuple[Party, Party]:
    return a_party("Ann Smith"), a_party("Anne Smith")


@pytest.fixture
def proposed(two: tuple[Party, Party]) -> Approval:
    """Ada proposes a merge."""
    four_eyes_for(ActKind.MERGE)
    return propose_merge(*two)

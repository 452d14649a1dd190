"""What the browser tests share."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from stewardship.actions.refresh_tasks import refresh_tasks
from stewardship.models import ReviewTask
from tests.browser import Hub
from tests.factories import SourceRecordFactory, a_company, a_person, a_suggestion, party_of


@pytest.fixture
def questions(transactional_db: None) -> list[ReviewTask]:
    """Three open tasks, the first to come first: two of people, one of companies."""
    for probability, names in ((0.5, ("Ann Smith", "Anne Smith")), (0.7, ("Jon Müller", "John Mueller"))):
        one, other, third = (
            SourceRecordFactory(source_id=source, attributes=a_person(name))
            for source, name in zip(("crm", "dnb", "markit"), (*names, names[1]), strict=True)
        )
        party_of(one)
        party_of(other, third)
        a_suggestion(one, other, probability)
    companies = [
        SourceRecordFactory(source_id=source, party_type="organisation", attributes=a_company(name))
        for source, name in (("dnb", "Northwind Traders Ltd"), ("markit", "NORTHWIND TRADING LIMITED"))
    ]
    for company in companies:
        party_of(company)
    a_suggestion(*companies, probability=0.9)
    refresh_tasks()
    return list(ReviewTask.objects.order_by("-priority", "pk"))


@pytest.fixture
def hub(page: Page, live_server: LiveServer) -> Iterator[Hub]:
    """The hub in a real browser. What the browser complains about fails the test, content policy included."""
    seen = Hub(page, live_server)
    yield seen
    assert seen.complaints == []


@pytest.fixture
def ada(hub: Hub) -> Hub:
    """The steward at her desk."""
    hub.sign_in("ada")
    return hub

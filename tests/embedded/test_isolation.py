"""Two test runs at one time must not see each other."""

import os

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection


@pytest.mark.django_db
def test_a_run_has_its_own_database_cache_topics_and_lake() -> None:
    run = os.environ["HUB_TEST_RUN"]

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        assert cursor.fetchone() == (f"test_party_hub_{run}",)
    assert f"test-{run}." == settings.KAFKA_TOPIC_PREFIX
    assert settings.LAKE_URL.endswith(f"/test-{run}")
    assert not settings.REDIS_URL.endswith("/0")
    cache.set("greeting", "hello")
    assert cache.get("greeting") == "hello"

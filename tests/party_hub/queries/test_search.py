"""Finding parties by name, identifier, kind, source, change and quality."""

from datetime import timedelta
from hashlib import sha256
from secrets import token_hex
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from party_hub.domain.names import search_form
from party_hub.models import GoldenRecord, Party
from party_hub.queries import BadCursor, PartySearch, search_parties, suggest_parties
from tests.factories import SourceRecordFactory, a_company, a_party, a_person, party_of

pytestmark = pytest.mark.django_db


def names(search: PartySearch, **options: object) -> list[str]:
    return [party.name for party in search_parties(search, **options).items]  # type: ignore[arg-type]


def test_a_name_is_found_as_people_misspell_it() -> None:
    a_party("Katherine Okonkwo")
    a_party("Peter Lindqvist")
    assert names(PartySearch(q="Katerine Okonkow")) == ["Katherine Okonkwo"]


def test_a_name_in_another_script_is_found_in_latin_letters() -> None:
    party = a_party("Σοφία Παπαδοπούλου")
    GoldenRecord.objects.filter(party=party).update(search_names=search_form("Σοφία Παπαδοπούλου"))
    assert names(PartySearch(q="Sofia Papadopoulou")) == ["Σοφία Παπαδοπούλου"]


def test_the_likeliest_name_comes_first() -> None:
    a_party("Ann Smithson")
    a_party("Ann Smith")
    assert names(PartySearch(q="ann smith"))[0] == "Ann Smith"


def test_pages_of_a_name_search_give_each_party_once() -> None:
    for number in range(7):
        a_party(f"Ann Smith {number}")
    seen: list[str] = []
    cursor = None
    while True:
        page = search_parties(PartySearch(q="ann smith"), limit=3, after=cursor)
        seen.extend(party.name for party in page.items)
        cursor = page.next
        if cursor is None:
            break
    assert sorted(seen) == [f"Ann Smith {number}" for number in range(7)]


def test_an_identifier_is_found_however_it_is_punctuated() -> None:
    lei = "529900T8BM49AURSDO55"
    record = SourceRecordFactory(
        party_type="legal_entity",
        attributes=a_company("Acme AG", identifiers=[{"scheme": "lei", "value": lei, "country": "", "valid": True}]),
    )
    party_of(record)
    a_party("Ann Smith")
    assert names(PartySearch(identifier=("lei", "5299 00T8-BM49AURSDO55"))) == ["Acme AG"]
    assert names(PartySearch(q="5299-00t8-bm49-aursdo-55")) == ["Acme AG"]


def test_a_party_is_found_by_its_own_id() -> None:
    party = a_party("Ann Smith")
    assert [found.id for found in suggest_parties(str(party.id))] == [party.id]


def test_filters_must_all_hold() -> None:
    a_party("Ann Smith")
    party_of(SourceRecordFactory(source_id="dnb", party_type="organisation", attributes=a_company("Smith Ltd")))
    assert names(PartySearch(q="smith", party_type="organisation")) == ["Smith Ltd"]
    assert names(PartySearch(source="dnb")) == ["Smith Ltd"]
    assert names(PartySearch(country="gb", source="crm")) == ["Ann Smith"]
    assert names(PartySearch(country="FR")) == []


def test_a_retired_party_is_not_found() -> None:
    party = a_party("Ann Smith")
    Party.objects.filter(id=party.id).update(status="retired", retired_at=timezone.now())
    assert names(PartySearch(q="ann smith")) == []


def test_changes_since_a_time_come_oldest_first_and_page_without_gaps() -> None:
    start = timezone.now() - timedelta(hours=1)
    for minute in (3, 1, 2, 5, 4):
        party = a_party(f"Party {minute}")
        GoldenRecord.objects.filter(party=party).update(updated_at=start + timedelta(minutes=minute // 2))
    search = PartySearch(changed_since=start + timedelta(minutes=1))
    first = search_parties(search, limit=2)
    second = search_parties(search, limit=2, after=first.next)
    found = [party.name for party in [*first.items, *second.items]]
    assert second.next is None
    assert set(found[:2]) == {"Party 2", "Party 3"}
    assert set(found[2:]) == {"Party 4", "Party 5"}


def test_quality_below_a_bound_gives_the_worst_first() -> None:
    for quality in (40, 10, 90):
        GoldenRecord.objects.filter(party=a_party(f"Quality {quality}")).update(quality=quality)
    assert names(PartySearch(quality_lt=50)) == ["Quality 10", "Quality 40"]


def test_a_cursor_of_another_list_is_refused() -> None:
    for _ in range(2):
        a_party("Ann Smith")
    cursor = search_parties(PartySearch(), limit=1).next
    with pytest.raises(BadCursor):
        search_parties(PartySearch(quality_lt=100), after=cursor)
    with pytest.raises(BadCursor):
        search_parties(PartySearch(), after="rubbish")


def word(number: int) -> str:
    """Seven letters that depend on the number, like no other's."""
    return "".join(chr(97 + byte % 26) for byte in sha256(str(number).encode()).digest()[:7])


@pytest.fixture
def many_parties() -> None:
    """Ten thousand golden records as wide as real ones, so that PostgreSQL has a reason to use an index."""
    parties = [Party(id=uuid4(), party_type="individual") for _ in range(10_000)]
    Party.objects.bulk_create(parties)
    GoldenRecord.objects.bulk_create(
        GoldenRecord(
            party=party, values={"bulk": token_hex(700)}, lineage={}, name=f"Name {number}",
            search_names=f"{word(number)} {word(-number)}",
            country="GB", quality=number % 100, source_count=1, record_count=1, version=1,
            updated_at=timezone.now() - timedelta(seconds=number),
        )
        for number, party in enumerate(parties)
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE party_hub_goldenrecord")
        cursor.execute("ANALYZE party_hub_party")


@pytest.mark.parametrize(
    ("search", "index"),
    [
        (PartySearch(q=f"{word(77)} {word(-77)}"), "golden_names_trigram"),
        (PartySearch(), "golden_by_change"),
        (PartySearch(quality_lt=5), "golden_by_quality"),
    ],
)
@pytest.mark.usefixtures("many_parties")
def test_each_search_uses_its_index(search: PartySearch, index: str) -> None:
    with CaptureQueriesContext(connection) as captured:
        search_parties(search, limit=20)
    statement = next(query for query in reversed(captured.captured_queries) if "goldenrecord" in query["sql"])
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL pg_trgm.word_similarity_threshold = 0.45")
        cursor.execute(f"EXPLAIN {statement['sql']}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert index in plan, plan


def test_a_search_costs_few_queries(django_assert_max_num_queries: object) -> None:
    for number in range(5):
        party_of(SourceRecordFactory(attributes=a_person(f"Ann Smith {number}")))
    with django_assert_max_num_queries(1):  # type: ignore[operator]
        search_parties(PartySearch(source="crm", country="GB"))
    with django_assert_max_num_queries(4):  # type: ignore[operator]
        search_parties(PartySearch(q="ann smith"))

"""What records say that only one party can have, for clustering."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection
from uuid import UUID

from django.db import connection

from party_hub.domain.contradiction import Marks
from party_hub.domain.groups import Partition, T
from party_hub.models.copy import as_array

_SAID = """
SELECT r.id, concat_ws(' ', i->>'scheme', i->>'country'), i->>'value'
FROM party_hub_sourcerecord r CROSS JOIN LATERAL jsonb_array_elements(r.attributes->'identifiers') i
JOIN party_hub_identifierscheme s ON s.code = i->>'scheme' AND s.one_per_party
WHERE r.id = ANY(%s::uuid[]) AND i->>'value' <> ''
"""


def marks_for(pairs: Collection[tuple[T, T]], id_of: Callable[[T], UUID]) -> dict[T, Marks]:
    """The identifiers of the records that are linked with each other only by way of others: elsewhere each pair was
    compared and found not to contradict. Pairs may name records as they like; `id_of` gives the id."""
    named = {id_of(record): record for record in _roundabout(pairs)}
    with connection.cursor() as cursor:
        cursor.execute(_SAID, [as_array(named)])
        said: dict[T, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for record, scheme, value in cursor.fetchall():
            said[named[record]][scheme].add(value)
    return {
        record: {scheme: frozenset(values) for scheme, values in schemes.items()} for record, schemes in said.items()
    }


def _roundabout(pairs: Collection[tuple[T, T]]) -> list[T]:
    """The records of components in which not everyone is linked with everyone."""
    partition: Partition[T] = Partition(end for pair in pairs for end in pair)
    for left, right in pairs:
        partition.join(left, right)
    count = Counter(id(partition.group[left]) for left, _ in pairs)
    return [
        record
        for record, group in partition.group.items()
        if count[id(group)] < len(group.members) * (len(group.members) - 1) // 2
    ]

"""Whether two parties name different identifiers of which a party has only one."""

from uuid import UUID

from django.db import connection

# True where both name one of a scheme and country and none agrees; NULL where they share no scheme. Of a row `p`.
CONTRADICTED = """
SELECT bool_and(x.value <> y.value)
FROM party_hub_partyidentifier x
JOIN party_hub_identifierscheme s ON s.code = x.scheme_id AND s.one_per_party
JOIN party_hub_partyidentifier y ON y.scheme_id = x.scheme_id AND y.country = x.country AND y.party_id = p.party_b
WHERE x.party_id = p.party_a
"""


def contradict_each_other(a: UUID, b: UUID) -> bool:
    """True where identifiers speak against that both are one. One query."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT ({CONTRADICTED}) FROM (SELECT %s::uuid AS party_a, %s::uuid AS party_b) p", [a, b])
        (found,) = cursor.fetchone()
    return bool(found)

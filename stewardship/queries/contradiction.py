"""Whether two parties name different identifiers of which a party has only one."""

from collections.abc import Mapping
from typing import Any

from party_hub.domain.identifiers import SCHEMES

# True where both name one of a scheme and country and none agrees; NULL where they share no scheme. Of a row `p`.
CONTRADICTED = """
SELECT bool_and(x.value <> y.value)
FROM party_hub_partyidentifier x
JOIN party_hub_identifierscheme s ON s.code = x.scheme_id AND s.one_per_party
JOIN party_hub_partyidentifier y ON y.scheme_id = x.scheme_id AND y.country = x.country AND y.party_id = p.party_b
WHERE x.party_id = p.party_a
"""


def contradict_each_other(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """The same of two parties' golden values: what `CONTRADICTED` says, without a query."""
    differing = [
        a["value"] != b["value"]
        for a in one.get("identifiers") or ()
        for b in other.get("identifiers") or ()
        if (a["scheme"], a.get("country") or "") == (b["scheme"], b.get("country") or "")
        and (scheme := SCHEMES.get(a["scheme"])) is not None
        and scheme.one_per_party
    ]
    return bool(differing) and all(differing)

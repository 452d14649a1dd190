"""A feed's adapter as it is in force: what its file declares, and what the hub's reference data adds."""

from dataclasses import replace

from party_hub.models import SourceSystem

from .feeds import adapter_of
from .mapping.adapter import Adapter, Kind, Rule, Severity
from .mapping.saved import SAVED, SavedMapping
from .models import Feed, FeedMapping, QualityRule


def adapter_in_force(feed: Feed) -> Adapter:
    """The adapter that the feed's rows go through today, its rules as severe as they were set. Raises UnknownFeed."""
    adapter = _declared(feed)
    severities = dict(QualityRule.objects.filter(feed=feed).values_list("code", "severity"))
    rules = (*adapter.rules, _from_a_known_source()) if adapter.format.kind is Kind.JSON_LINES else adapter.rules
    in_force = (replace(rule, severity=Severity(severities.get(rule.code, rule.severity))) for rule in rules)
    return replace(adapter, rules=tuple(in_force))


def _declared(feed: Feed) -> Adapter:
    """What the feed's file in `ingestion/feeds` declares, or the mapping that was made for it on a page."""
    if feed.adapter != SAVED:
        return adapter_of(feed.adapter)
    spec = FeedMapping.objects.values_list("spec", flat=True).get(feed=feed)
    return SavedMapping.from_json(spec).adapter(name=feed.pk, title=feed.title, source=feed.source_id)


def _from_a_known_source() -> Rule:
    """For rows that name their source themselves."""
    known = list(SourceSystem.objects.values_list("code", flat=True))
    return Rule(
        "expect_column_values_to_be_in_set",
        "source",
        f"The source is none of {', '.join(known)}.",
        Severity.QUARANTINE,
        {"value_set": known},
    )

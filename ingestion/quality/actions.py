"""The acts of quality: make a feed's rules known, and keep what a run found. Knows nothing of Great Expectations."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import uuid4

from django.db import transaction
from simple_history.utils import bulk_create_with_history

from ingestion.mapping.adapter import Adapter, Severity
from ingestion.models import Feed, FeedRun, QualityResult, QualityRule, RunState
from party_hub.actions.audit import audit

from . import drift
from .dimensions import LATE_ARRIVAL, VOLUME_DRIFT, Dimension, dimension_of

_COMPARED = 10  # earlier loads
_DRIFTS = {
    VOLUME_DRIFT: (Dimension.VOLUME, "The file has less than half or more than twice as many rows as usual."),
    LATE_ARRIVAL: (Dimension.TIMELINESS, "The file came after more than twice the usual interval."),
}


@transaction.atomic
def make_rules_known(*, feed: Feed, adapter: Adapter) -> None:
    """Write down the rules of `adapter` that are not known yet, with the severity that it proposes."""
    known = set(QualityRule.objects.filter(feed=feed).values_list("code", flat=True))
    proposed = [
        QualityRule(feed=feed, code=rule.code, says=rule.says, dimension=dimension_of(rule), severity=rule.severity)
        for rule in adapter.rules
    ]
    proposed += [
        QualityRule(feed=feed, code=code, says=says, dimension=dimension, severity=Severity.WARN)
        for code, (dimension, says) in _DRIFTS.items()
    ]
    fresh = {rule.code: rule for rule in proposed if rule.code not in known}
    if fresh:
        bulk_create_with_history(list(fresh.values()), QualityRule)


@transaction.atomic
def set_severity(*, rule: QualityRule, actor: str) -> None:
    """Decide what breaking the rule costs from the next run on."""
    rule.save(update_fields=["severity"])
    audit(
        act=uuid4(),
        actor=actor,
        verb="set_severity",
        subject_type="feed",
        subject_id=rule.feed_id,
        rule=rule.code,
        severity=rule.severity,
    )


def drift_verdicts(run: FeedRun, landed: int) -> list[dict[str, Any]]:
    """What is unusual about `run`, as verdicts like those on its rows. Two queries."""
    runs = FeedRun.objects.filter(feed=run.feed_id, state=RunState.SUCCEEDED, pk__lt=run.pk, same_as=None)
    before = [drift.Load(*found) for found in runs.order_by("-pk").values_list("requested_at", "landed")[:_COMPARED]]
    severities = dict(QualityRule.objects.filter(feed=run.feed_id, code__in=_DRIFTS).values_list("code", "severity"))
    found = {VOLUME_DRIFT: drift.volume(landed, before), LATE_ARRIVAL: drift.arrival(run.requested_at, before)}
    return [
        {
            "code": code,
            "column": "",
            "says": told.says,
            "dimension": _DRIFTS[code][0],
            "severity": severities.get(code, Severity.WARN),
            "passed": told.passed,
            "rows": 1,
            "failing": int(not told.passed),
        }
        for code, told in found.items()
    ]


@transaction.atomic
def keep_results(*, run: FeedRun, verdicts: Iterable[Mapping[str, Any]]) -> None:
    """Keep the verdicts on a run (`Verdict.as_json`); what an earlier attempt of the run found gives way."""
    run.results.all().delete()
    QualityResult.objects.bulk_create(QualityResult(run=run, **verdict) for verdict in verdicts)

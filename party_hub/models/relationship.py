"""How parties stand to each other, by what their golden records say, and in which span of system time."""

from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from party_hub.domain.attributes import Kind
from party_hub.domain.relations import Standing

from .party import Party
from .source_record import SourceRecord

KINDS = [(kind.value, kind.value.capitalize()) for kind in Kind]
STANDINGS = [(standing.value, standing.value.capitalize()) for standing in Standing]
LIVE = Q(span__upper_inf=True)


class RelationshipType(models.Model):
    """A way in which one party stands to another: reference data. `name` is what the other party is to the one that the
    record speaks of ("direct parent"), `inverse_name` what that one is to the other ("subsidiary").
    """

    code = models.CharField(primary_key=True, max_length=40)
    name = models.CharField(max_length=80)
    inverse_name = models.CharField(max_length=80)
    symmetric = models.BooleanField(default=False, help_text="Both stand to each other in the same way (spouses).")
    hierarchical = models.BooleanField(default=False, help_text="The other party stands above: part of the tree.")
    position = models.PositiveSmallIntegerField(
        default=100, help_text="Of several parties above, the one by the type with the smallest number is the branch."
    )
    one_at_a_time = models.BooleanField(
        default=False, help_text="A party has one such relationship; where sources differ, survivorship decides."
    )
    party_kind = models.CharField(max_length=20, choices=KINDS, blank=True, help_text="What may have one; empty: all.")
    other_kind = models.CharField(max_length=20, choices=KINDS, blank=True, help_text="What the other may be.")
    history = HistoricalRecords()

    class Meta:
        ordering = ["position", "code"]
        constraints = [
            models.CheckConstraint(
                name="relationship_type_code_is_plain", condition=Q(code__regex=r"^[a-z][a-z0-9_]{0,39}$")
            ),
            models.CheckConstraint(
                name="relationship_type_known_kinds",
                condition=Q(party_kind__in=["", *Kind], other_kind__in=["", *Kind]),
            ),
            models.CheckConstraint(
                name="relationship_type_symmetric_or_above", condition=Q(symmetric=False) | Q(hierarchical=False)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Relationship(models.Model):
    """A relation of `party`, as long as its golden record says so and the identifier leads to `other`.

    `actions.relate_parties` alone writes them; what changes is closed and opened anew, so `span` tells what was known
    when. `place` ranks the party's relations of one type as survivorship does, ended ones last: the first leads.
    `branch` marks the one by which the party hangs in the tree. `holders` is how many parties have the identifier: of
    several, the one with most records is taken. `record` is the record that says it; none where a pin does.
    """

    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="relationships", db_index=False)
    type = models.ForeignKey(RelationshipType, on_delete=models.PROTECT, related_name="+", db_index=False)
    scheme = models.CharField(max_length=40, blank=True)
    value = models.CharField(max_length=100, blank=True)
    exception = models.CharField(max_length=60, blank=True)
    reference = models.CharField(max_length=200, blank=True)
    other = models.ForeignKey(Party, on_delete=models.CASCADE, null=True, related_name="related", db_index=False)
    standing = models.CharField(max_length=10, choices=STANDINGS)
    holders = models.PositiveSmallIntegerField(default=0)
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    share = models.DecimalField(max_digits=9, decimal_places=6, null=True, help_text="Per cent.")
    ended = models.BooleanField(default=False)
    place = models.PositiveSmallIntegerField()
    branch = models.BooleanField(default=False)
    record = models.ForeignKey(SourceRecord, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    span = DateTimeRangeField()

    class Meta:
        indexes = [
            models.Index(name="relationship_of_party", fields=["party"]),
            models.Index(name="relationship_to_other", fields=["other"], condition=Q(other__isnull=False)),
            models.Index(
                name="relationship_running_out", fields=["until"], condition=LIVE & Q(ended=False, until__isnull=False)
            ),
            models.Index(name="relationship_by_name", fields=["scheme", "value"], condition=LIVE & ~Q(scheme="")),
        ]
        constraints = [
            models.UniqueConstraint(
                name="relationship_once", fields=["party", "type", "scheme", "value", "exception"], condition=LIVE
            ),
            models.UniqueConstraint(
                name="relationship_one_in_a_place", fields=["party", "type", "place"], condition=LIVE
            ),
            models.UniqueConstraint(name="relationship_one_branch", fields=["party"], condition=LIVE & Q(branch=True)),
            models.CheckConstraint(
                name="relationship_connected_to_somebody",
                condition=Q(standing__in=["connected", "unfit"], other__isnull=False)
                | Q(standing__in=["unknown", "itself", "exception"], other__isnull=True),
            ),
            models.CheckConstraint(
                name="relationship_names_or_excepts",
                condition=(Q(standing="exception", scheme="", value="") & ~Q(exception=""))
                | (~Q(standing="exception") & ~Q(scheme="") & ~Q(value="") & Q(exception="")),
            ),
            models.CheckConstraint(
                name="relationship_between_two", condition=Q(other__isnull=True) | ~Q(party=models.F("other"))
            ),
            models.CheckConstraint(
                name="relationship_branch_leads",
                condition=Q(branch=False) | Q(standing="connected", ended=False),
            ),
            models.CheckConstraint(
                name="relationship_share_to_100",
                condition=Q(share__isnull=True) | Q(share__gte=0, share__lte=100),
            ),
            models.CheckConstraint(
                name="relationship_until_after_since",
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(until__gte=models.F("since")),
            ),
            models.CheckConstraint(name="relationship_span_not_empty", condition=Q(span__isempty=False)),
        ]

    def __str__(self) -> str:
        return f"{self.party_id} {self.type_id} {self.value or self.exception}"

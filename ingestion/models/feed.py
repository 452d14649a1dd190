"""Feeds: where files come from, and who reads them how."""

from fnmatch import fnmatchcase

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from simple_history.models import HistoricalRecords

from ingestion.feeds import adapters
from ingestion.mapping.saved import SAVED
from party_hub.models import SourceSystem


class LoadType(models.TextChoices):
    """What a file of a feed stands for."""

    FULL = "full", "Full: every record of the source; one that is not in the file is withdrawn"
    DELTA = "delta", "Delta: what has changed; a record that is not in the file stays as it is"


class Feed(models.Model):
    """A stream of files (or events) of one source system, read by one adapter of `ingestion/feeds`."""

    name = models.SlugField(primary_key=True, max_length=40)
    title = models.CharField(max_length=120)
    source = models.ForeignKey(SourceSystem, on_delete=models.PROTECT, related_name="feeds")
    adapter = models.CharField(
        max_length=40,
        help_text="The file in ingestion/feeds that says what its columns mean; “saved”: made on a page.",
    )
    location = models.CharField(
        max_length=400,
        blank=True,
        help_text="Where its file lies for a scheduled load: a path, file:// or s3:// URL. One that ends in a slash is "
        "watched: each file that arrives there is loaded. Empty: by hand only.",
    )
    expected_every_hours = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        help_text="How often a file is expected. When none has been loaded for longer, the feed counts as late.",
    )
    load_type = models.CharField(
        max_length=5, choices=LoadType.choices, default=LoadType.DELTA, help_text="What its files are, as a rule."
    )
    full_names = models.CharField(
        max_length=100,
        blank=True,
        help_text="Files with names like this are full ones, whatever is the rule: *full*, crm_????-??-01.csv.",
    )
    delta_names = models.CharField(
        max_length=100, blank=True, help_text="Files with names like this are deltas, whatever is the rule."
    )
    most_missing_percent = models.PositiveSmallIntegerField(
        default=10,
        help_text="How much of the source a full file may leave out. When more is missing, the run stops and asks.",
    )
    owner = models.CharField(max_length=120, blank=True, help_text="Whom to ask about its files.")
    active = models.BooleanField(default=True, help_text="An inactive feed is not loaded.")
    history = HistoricalRecords()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(name="feed_known_load_type", condition=Q(load_type__in=LoadType.values)),
            models.CheckConstraint(
                name="feed_missing_is_a_percentage", condition=Q(most_missing_percent__range=(0, 100))
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def load_type_of(self, location: str) -> LoadType:
        """What the file at `location` is, by its name and else by the feed's rule."""
        name = location.rpartition("/")[2].casefold()
        for pattern, load_type in ((self.full_names, LoadType.FULL), (self.delta_names, LoadType.DELTA)):
            if pattern and fnmatchcase(name, pattern.casefold()):
                return load_type
        return LoadType(self.load_type)

    def clean(self) -> None:
        """The adapter must exist."""
        if self.adapter == SAVED and FeedMapping.objects.filter(feed=self.pk).exists():
            return
        if self.adapter not in adapters():
            raise ValidationError(
                {"adapter": f"There is no adapter {self.adapter!r}. There are {', '.join(adapters())}."}
            )


class FeedMapping(models.Model):
    """What the columns of a feed's plain CSV become, as somebody said on a page (`ingestion.mapping.saved`)."""

    feed = models.OneToOneField(Feed, on_delete=models.CASCADE, primary_key=True, related_name="mapping")
    spec = models.JSONField(help_text="Delimiter, encoding, party type, and what each column becomes.")
    history = HistoricalRecords()

    def __str__(self) -> str:
        return f"mapping of {self.feed_id}"


class MappingDraft(models.Model):
    """A mapping in the making: the file that was sent, its first rows, and what is said of its columns so far.

    It goes when its feed is saved, or after a day: sample rows may be personal.
    """

    created_by = models.CharField(max_length=150)
    created_at = models.DateTimeField(db_default=Now())
    feed = models.ForeignKey(
        Feed, on_delete=models.CASCADE, null=True, blank=True, help_text="Whose mapping is changed."
    )
    file = models.CharField(max_length=200)
    location = models.CharField(max_length=400)
    columns = models.JSONField()
    rows = models.JSONField()
    spec = models.JSONField()
    guesses = models.JSONField(help_text="What spoke for each column's guess.")

    def __str__(self) -> str:
        return self.file

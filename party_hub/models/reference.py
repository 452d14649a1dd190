"""Reference data: what administrators keep in the admin, each row with its history."""

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from party_hub.domain.attributes import ATTRIBUTES, PartyType
from party_hub.domain.rules import Strategy

PARTY_TYPES = [(party_type.value, party_type.value.replace("_", " ").capitalize()) for party_type in PartyType]
ATTRIBUTE_NAMES = [(attribute.name, attribute.label) for attribute in ATTRIBUTES]
STRATEGIES = [(strategy.value, strategy.label) for strategy in Strategy]


class SourceSystem(models.Model):
    """A system that records come from. The higher its `trust` (0–100), the sooner its values survive."""

    code = models.SlugField(primary_key=True, max_length=40)
    name = models.CharField(max_length=120)
    trust = models.PositiveSmallIntegerField(default=50)
    duplicate_free = models.BooleanField(
        default=False,
        help_text="The source holds each party once, so two of its records are never matched automatically.",
    )
    owner = models.CharField(max_length=120, blank=True, help_text="Whom to ask about its data.")
    history = HistoricalRecords()

    class Meta:
        ordering = ["code"]
        constraints = [models.CheckConstraint(name="source_system_trust_0_to_100", condition=Q(trust__lte=100))]

    def __str__(self) -> str:
        return self.name


class Country(models.Model):
    """A country by its ISO 3166-1 alpha-2 code."""

    code = models.CharField(primary_key=True, max_length=2)
    name = models.CharField(max_length=120)
    history = HistoricalRecords()

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "countries"
        constraints = [
            models.CheckConstraint(name="country_code_is_two_capitals", condition=Q(code__regex=r"^[A-Z]{2}$"))
        ]

    def __str__(self) -> str:
        return self.name


class LegalForm(models.Model):
    """A legal form by its Entity Legal Form code (ISO 20275). `jurisdiction` is the part of the country that has it."""

    code = models.CharField(primary_key=True, max_length=4)
    name = models.CharField(max_length=200)
    abbreviation = models.CharField(max_length=60, blank=True)
    country = models.ForeignKey(Country, on_delete=models.PROTECT, null=True, blank=True)
    jurisdiction = models.CharField(max_length=120, blank=True)
    active = models.BooleanField(default=True, help_text="Whether the code may still be given out.")
    history = HistoricalRecords()

    class Meta:
        ordering = ["name"]
        constraints = [models.CheckConstraint(name="legal_form_code_is_elf", condition=Q(code__regex=r"^[A-Z0-9]{4}$"))]

    def __str__(self) -> str:
        return self.name


class IdentifierScheme(models.Model):
    """A kind of identifier: LEI, tax id, DUNS, passport …"""

    code = models.SlugField(primary_key=True, max_length=40)
    name = models.CharField(max_length=120)
    one_per_party = models.BooleanField(
        default=False, help_text="A party has one such identifier for life, so two that differ speak against a match."
    )
    personal = models.BooleanField(default=False, help_text="Shown in full only to who may see personal data.")
    history = HistoricalRecords()

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class SurvivorshipRule(models.Model):
    """How the winner of one attribute is chosen, for one party type or for all (`party_type` empty).

    `domain.rules.Rule` says what each part does. Its versions, with their dates, are its history.
    """

    attribute = models.CharField(max_length=60, choices=ATTRIBUTE_NAMES)
    party_type = models.CharField(max_length=20, choices=PARTY_TYPES, blank=True)
    strategy = models.CharField(max_length=30, choices=STRATEGIES)
    then = ArrayField(
        models.CharField(max_length=30, choices=STRATEGIES),
        default=list,
        blank=True,
        help_text="Strategies that settle ties, in order.",
    )
    excluded_sources = ArrayField(
        models.SlugField(max_length=40),
        default=list,
        blank=True,
        help_text="Codes of sources that are never heard on this attribute.",
    )
    verified_only = models.BooleanField(default=False, help_text="Hear only values that passed their check.")
    first_only = models.BooleanField(default=False, help_text="Keep the best value alone, where several are possible.")
    half_life = models.PositiveIntegerField(
        null=True, blank=True, help_text="Days in which what a source said loses half of its trust; empty: never."
    )
    doubt = models.PositiveSmallIntegerField(
        default=0, help_text="Per cent of trust that a value loses which fails its check."
    )
    follows = models.CharField(
        max_length=60,
        choices=ATTRIBUTE_NAMES,
        blank=True,
        help_text="Prefer the record that won this attribute, so that values which belong together come together.",
    )
    history = HistoricalRecords()

    class Meta:
        ordering = ["attribute", "party_type"]
        constraints = [
            models.UniqueConstraint(name="survivorship_rule_one_per_attribute", fields=["attribute", "party_type"]),
            models.CheckConstraint(
                name="survivorship_rule_known_strategy", condition=Q(strategy__in=[value for value, _ in STRATEGIES])
            ),
            models.CheckConstraint(
                name="survivorship_rule_known_ties",
                condition=Q(then__contained_by=[value for value, _ in STRATEGIES]),
            ),
            models.CheckConstraint(name="survivorship_rule_doubt_to_100", condition=Q(doubt__lte=100)),
            models.CheckConstraint(
                name="survivorship_rule_half_life_from_1", condition=Q(half_life__isnull=True) | Q(half_life__gte=1)
            ),
            models.CheckConstraint(name="survivorship_rule_follows_another", condition=~Q(follows=F("attribute"))),
        ]

    def __str__(self) -> str:
        return f"{self.attribute}: {self.strategy}"

    def clean(self) -> None:
        """Refuses sources that do not exist and a leader that follows somebody itself."""
        known = set(SourceSystem.objects.filter(code__in=self.excluded_sources).values_list("code", flat=True))
        if unknown := sorted(set(self.excluded_sources) - known):
            raise ValidationError({"excluded_sources": f"There is no source system {', '.join(unknown)}."})
        if self.follows and SurvivorshipRule.objects.filter(attribute=self.follows).exclude(follows="").exists():
            raise ValidationError({"follows": "That attribute follows another one itself. Follow the one it follows."})
        if self.follows and SurvivorshipRule.objects.filter(follows=self.attribute).exclude(pk=self.pk).exists():
            raise ValidationError({"follows": "Another attribute follows this one, so it cannot follow one itself."})


class AttributeTrust(models.Model):
    """How far a source is trusted in one attribute, where that differs from its trust as a whole."""

    source = models.ForeignKey(SourceSystem, on_delete=models.CASCADE, related_name="attribute_trust")
    attribute = models.CharField(max_length=60, choices=ATTRIBUTE_NAMES)
    trust = models.PositiveSmallIntegerField()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "trust in an attribute"
        verbose_name_plural = "trust by attribute"
        ordering = ["source", "attribute"]
        constraints = [
            models.UniqueConstraint(name="attribute_trust_one_per_source", fields=["source", "attribute"]),
            models.CheckConstraint(name="attribute_trust_0_to_100", condition=Q(trust__lte=100)),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.attribute}: {self.trust}"

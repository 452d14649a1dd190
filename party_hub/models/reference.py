"""Reference data: what administrators keep in the admin, each row with its history."""

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from party_hub.domain.attributes import ATTRIBUTES, PartyType
from party_hub.domain.survivorship import Strategy

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
    """A legal form by its Entity Legal Form code (ISO 20275)."""

    code = models.CharField(primary_key=True, max_length=4)
    name = models.CharField(max_length=200)
    abbreviation = models.CharField(max_length=60, blank=True)
    country = models.ForeignKey(Country, on_delete=models.PROTECT, null=True, blank=True)
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
    """How the winner of one attribute is chosen, for one party type or for all (`party_type` empty)."""

    attribute = models.CharField(max_length=60, choices=ATTRIBUTE_NAMES)
    party_type = models.CharField(max_length=20, choices=PARTY_TYPES, blank=True)
    strategy = models.CharField(max_length=30, choices=STRATEGIES)
    history = HistoricalRecords()

    class Meta:
        ordering = ["attribute", "party_type"]
        constraints = [
            models.UniqueConstraint(name="survivorship_rule_one_per_attribute", fields=["attribute", "party_type"]),
            models.CheckConstraint(
                name="survivorship_rule_known_strategy", condition=Q(strategy__in=[value for value, _ in STRATEGIES])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attribute}: {self.strategy}"

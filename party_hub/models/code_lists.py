"""Public code lists beside countries and legal forms: currencies, languages, industries."""

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Concat
from simple_history.models import HistoricalRecords


class Currency(models.Model):
    """A currency by its ISO 4217 code; `number` is the list's three-digit one."""

    code = models.CharField(primary_key=True, max_length=3)
    name = models.CharField(max_length=120)
    number = models.CharField(max_length=3, blank=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["code"]
        verbose_name_plural = "currencies"
        constraints = [
            models.CheckConstraint(name="currency_code_is_three_capitals", condition=Q(code__regex=r"^[A-Z]{3}$"))
        ]

    def __str__(self) -> str:
        return self.name


class Language(models.Model):
    """A language by its ISO 639-3 code; `short` is its two-letter code of ISO 639-1, where it has one."""

    code = models.CharField(primary_key=True, max_length=3)
    name = models.CharField(max_length=120)
    short = models.CharField(max_length=2, blank=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(name="language_code_is_three_letters", condition=Q(code__regex=r"^[a-z]{3}$")),
            models.UniqueConstraint(name="language_short_once", fields=["short"], condition=~Q(short="")),
        ]

    def __str__(self) -> str:
        return self.name


class IndustryScheme(models.TextChoices):
    """The classifications of economic activities that the hub knows."""

    SIC = "sic", "SIC 1987"
    NACE = "nace", "NACE Rev. 2"
    NACE21 = "nace21", "NACE Rev. 2.1"
    NAICS = "naics", "NAICS 2022"


class Industry(models.Model):
    """A section, division, group or class of a classification of economic activities.

    `code` is what the attribute `industry_code` holds: the scheme, a colon, and the number as the scheme writes it
    ("sic:6022", "nace:64.19").
    """

    code = models.CharField(primary_key=True, max_length=20)
    scheme = models.CharField(max_length=10, choices=IndustryScheme.choices)
    title = models.CharField(max_length=200)
    history = HistoricalRecords()

    class Meta:
        ordering = ["code"]
        verbose_name_plural = "industries"
        constraints = [
            models.CheckConstraint(name="industry_known_scheme", condition=Q(scheme__in=IndustryScheme.values)),
            models.CheckConstraint(
                name="industry_code_names_its_scheme",
                condition=Q(code__startswith=Concat("scheme", Value(":"))),
            ),
        ]

    def __str__(self) -> str:
        return self.title

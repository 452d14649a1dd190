"""Words that come from rooms without Django, named here so that the translators' tools find them."""

from django.utils.translation import gettext_noop as _

WORDS = (
    # attributes
    _("Names"), _("Date of birth"), _("Gender"), _("Nationality"), _("Addresses"), _("Identifiers"), _("Phones"),
    _("E-mails"), _("Websites"), _("Country"), _("Legal form"), _("Date of incorporation"), _("Industry"), _("Sector"),
    _("Employees"), _("Ticker"), _("Global ultimate DUNS"), _("Status"),
    # identifier schemes
    _("Legal Entity Identifier"), _("D-U-N-S number"), _("Tax id"), _("National id"), _("Passport"),
    _("Registration number"), _("Markit entity id"), _("Markit RED code"),
    # party types
    _("Individual"), _("Organisation"), _("Legal entity"),
)  # fmt: skip

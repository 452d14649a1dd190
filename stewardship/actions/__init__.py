"""The only writers of stewardship: keyword-only, one transaction each. Parties change through `party_hub.actions`."""

"""The only writers of stewardship. Keyword-only, one transaction each; what concerns parties goes through `party_hub.actions`."""

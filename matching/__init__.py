"""Finds which records are the same party, and says why."""

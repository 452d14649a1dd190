"""Feeds in: land, clean, validate, curate, register."""

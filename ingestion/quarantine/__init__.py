"""Rows that were set aside: read, correct, replay, dismiss. None is ever removed."""

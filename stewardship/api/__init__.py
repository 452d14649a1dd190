"""The queue for other front ends."""

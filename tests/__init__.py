"""Tests of the hub, in the order of its packages."""

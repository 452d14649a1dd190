"""Tests of the image and of compose, as far as they go without a Docker daemon."""

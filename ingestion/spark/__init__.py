"""Feeds in Spark: session, transformations (DataFrame to DataFrame), and the job that strings them together.

Knows no Django.
"""

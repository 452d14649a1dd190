"""From a source's columns to canonical attributes: what an adapter may declare, and the kernel that carries it out.

Plain Python over Arrow batches, without Django and without Spark, so that a bulk load in Spark executors and the
listener's single
event go through the same lines of code and come to the same attributes.
"""

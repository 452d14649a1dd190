"""From a source's columns to canonical attributes: what an adapter may declare, and the kernel that carries it out.

Plain Python over Arrow batches, without Django and without Spark. Single values become canonical in
`party_hub.domain.canonical`, which events and calls go through too.
"""

"""The kernel: parties, golden records, their history, events and API."""

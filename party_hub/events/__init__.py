"""What the hub tells others: the catalog of events, the outbox they wait in, and the one door to Kafka."""

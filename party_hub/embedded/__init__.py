"""The local stack: PostgreSQL, Valkey, a Kafka-protocol broker and S3 from wheels, on loopback, without Docker.

Plain Python: settings read the endpoints from `stack.json`, so nothing in here may need settings.
"""

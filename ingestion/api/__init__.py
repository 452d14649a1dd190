"""REST of ingestion: what arrives by itself."""

"""Data quality: the rules of an adapter, checked by Great Expectations on the Spark DataFrame of a run."""

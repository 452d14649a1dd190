"""REST: parse, one call into queries or actions, render."""

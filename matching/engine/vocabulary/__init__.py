"""Word lists of the comparison forms."""

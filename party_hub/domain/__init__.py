"""The rules of the hub in plain Python: no input or output, no Django."""

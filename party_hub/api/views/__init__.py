"""One module a resource; each view parses, makes one call, renders."""

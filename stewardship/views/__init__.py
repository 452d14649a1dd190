"""Pages: parse, one call, render. One module a page."""

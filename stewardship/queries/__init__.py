"""Reads for the steward's pages, one module a page. Each page has a query budget, tested."""

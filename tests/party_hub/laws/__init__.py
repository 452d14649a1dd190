"""The laws of ARCHITECTURE, held against long random lives of a small hub."""

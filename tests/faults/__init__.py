"""What breaks in operation, broken on purpose: processes killed in the middle of their work."""

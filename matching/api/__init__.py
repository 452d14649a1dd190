"""REST of matching: search before create, and source records one by one."""

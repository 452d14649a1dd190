#!/usr/bin/env python
"""The hub's command line: `python manage.py help` lists what it does."""

import os
import sys


def main() -> None:
    """Run one management command with the hub's settings."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "party_hub.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()

"""`manage.py init_lake`: make the lake where it is missing."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ingestion.lake import LakeError, Zone, open_lake


class Command(BaseCommand):
    """Makes the bucket or the folder of `LAKE_URL`; does nothing where it is there."""

    help = "Make the bucket or folder of the lake (LAKE_URL) where it is missing."
    requires_system_checks = ()

    def handle(self, **options: Any) -> None:
        """Make it and say where it is."""
        try:
            lake = open_lake()
            lake.prepare()
        except LakeError as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(f"The lake is at {lake.url} ({', '.join(Zone)}).")

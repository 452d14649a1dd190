"""`manage.py load_feed`: load one file of a feed, here and now or by the Spark worker."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from ingestion.actions import CannotLoad, create_run, request_load
from ingestion.feeds import UnknownFeed
from ingestion.models import FeedRun, LoadType, Stage
from ingestion.queries import progress


class Command(BaseCommand):
    """One run of a feed, by the Spark worker; with --wait by this process, and matching is left to `match`."""

    help = "Load one file of a feed: land, map, validate, curate, register. Without --wait the Spark worker does it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which feed, which file, and how."""
        parser.add_argument("feed", metavar="FEED", help="crm, dnb, markit, gleif, events, or one made of a CSV")
        parser.add_argument(
            "location",
            metavar="LOCATION",
            nargs="?",
            default="",
            help="a path, file:// or s3:// URL; else the feed's own",
        )
        parser.add_argument(
            "--wait", action="store_true", help="load in this process and report; `match` then resolves the records"
        )
        kind = parser.add_mutually_exclusive_group()
        kind.add_argument(
            "--full",
            dest="load_type",
            action="store_const",
            const=LoadType.FULL,
            default="",
            help="the file holds the whole source: records that are not in it are withdrawn",
        )
        kind.add_argument(
            "--delta",
            dest="load_type",
            action="store_const",
            const=LoadType.DELTA,
            help="the file holds what has changed; what is not in it stays (else as the feed and the file's name say)",
        )
        parser.add_argument(
            "--confirm-withdrawals", action="store_true", help="withdraw whatever a full file leaves out, however much"
        )
        parser.add_argument("--json", action="store_true", help="print the counts as JSON")

    def handle(self, *, feed: str, location: str, wait: bool, **options: Any) -> None:
        """Load or ask for it."""
        how = {"load_type": options["load_type"], "confirmed": options["confirm_withdrawals"]}
        try:
            if wait:
                self._load(create_run(feed=feed, location=location, actor="command", **how), options["json"])
                return
            run = request_load(feed=feed, location=location, actor="command", **how)
        except (CannotLoad, UnknownFeed) as problem:
            raise CommandError(str(problem)) from problem
        report = {"run": run.pk, "state": run.state}
        self.stdout.write(
            json.dumps(report) if options["json"] else f"Run {run.pk} of {feed} waits for the Spark worker."
        )

    def _load(self, run: FeedRun, as_json: bool) -> None:
        from ingestion import loading  # brings Spark along, which only --wait needs
        from ingestion.run_lock import Busy

        try:
            with tqdm(
                total=100,
                unit="%",
                bar_format="{desc} {bar} {percentage:3.0f}%",
                disable=as_json or not sys.stderr.isatty(),
            ) as bar:
                loading.load(run, watch=lambda run: _show(bar, run))
        except loading.LoadFailed as problem:
            raise CommandError(f"Run {run.pk} of {run.feed_id} failed: {problem}") from problem
        except Busy as problem:
            run.delete()
            raise CommandError(str(problem)) from problem
        if as_json:
            self.stdout.write(json.dumps({"run": run.pk, **run.counts(), "same_as": run.same_as_id}))
            return
        if run.same_as_id:
            self.stdout.write(
                f"{run.feed_id}: unchanged. This very file was loaded by run {run.same_as_id}; nothing was done."
            )
            return
        self.stdout.write(_told(run))


def _show(bar: Any, run: FeedRun) -> None:
    bar.set_description(Stage(run.stage).label if run.stage else run.state, refresh=False)
    bar.update((progress(run).percent or 0) - bar.n)


def _told(run: FeedRun) -> str:
    seconds = ", ".join(f"{stage} {spent:.1f}" for stage, spent in run.seconds.items())
    counted = ((name, getattr(run, name)) for name in ("created", "updated", "unchanged", "late", "withdrawn"))
    changes = ", ".join(f"{count:,} {name}" for name, count in counted if count) or "none"
    lines = [
        f"{run.feed_id} run {run.pk}: {run.landed:,} rows landed, {run.accepted:,} accepted ({changes}), "
        f"{run.quarantined:,} quarantined." + (f" {run.missing:,} were not in it any more." if run.missing else ""),
        f"Seconds: {seconds}.",
    ]
    lines += [f"  line {row.line}, {row.field or 'row'}: {row.reason}" for row in run.rejects.order_by("line")[:5]]
    if run.quarantined > 5:
        lines.append(f"  … and {run.quarantined - 5:,} more, see /feeds/{run.pk}/.")
    return "\n".join(lines)

"""`manage.py demo`: the whole hub on this machine, with sample data (what `make demo` runs)."""

import signal
import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from party_hub.embedded import hub
from party_hub.embedded.errors import StackError
from party_hub.management import local
from party_hub.management.stages import Stages, table
from stewardship.management import main_job
from stewardship.management.demo_users import DemoUser, ensure_users


class Command(BaseCommand):
    """Starts everything, does the main job once, says what happened, and stays until Ctrl-C."""

    help = "Start the stack and the processes, load sample feeds, match, publish; stay until Ctrl-C (--detach: return)."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How many records, and whether to stay."""
        count = settings.HUB_RECORDS
        parser.add_argument("--records", type=int, default=count, metavar="N", help="sample records (HUB_RECORDS)")
        parser.add_argument("--detach", action="store_true", help="return when ready; `manage.py down` stops it")

    def handle(self, *, records: int, detach: bool, **options: Any) -> None:
        """Up, main job, table, stay."""
        stages = Stages(sys.stdout)
        local.start_servers(stages)
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, _interrupt)
        try:
            users = self._work(stages, records)
            self._tell(stages, users)
            if not detach:
                self._stay()
        except (KeyboardInterrupt, CommandError) as end:
            self.stdout.write("")
            local.stop_all(Stages(sys.stdout))
            if isinstance(end, CommandError):
                raise
            self.stdout.write("Stopped. The data is kept: `make demo` goes on with it.")

    def _work(self, stages: Stages, records: int) -> list[DemoUser]:
        topics = local.prepare(stages)
        with stages.stage("Make users") as stage:
            users = ensure_users()
            stage.told = ", ".join(user.name for user in users)
        folder = main_job.write_sample(stages, records)
        local.start_processes(stages)
        if main_job.is_done(folder):
            if topics:
                main_job.refill_topics()
        else:
            main_job.run(stages, folder)
        return users

    def _tell(self, stages: Stages, users: list[DemoUser]) -> None:
        rows = [(stage.name, f"{stage.seconds:.1f}", stage.told) for stage in stages.done]
        rows.append(("All", f"{stages.seconds:.1f}", ""))
        people = [(user.name, user.role, user.password or "(changed)") for user in users]
        write = self.stdout.write
        write("\n" + table(rows, ("stage", "seconds", "what happened"), numbers=(1,)))
        write("\n" + table(main_job.totals(), ("the hub holds", "")))
        write("\n" + table(people, ("user", "role", "one-time password")))
        write(f"\nOpen {local.address()} and sign in. `make down` stops everything; nothing is lost.\n")

    def _stay(self) -> None:
        """Until Ctrl-C. A process that dies meanwhile is started again."""
        self.stdout.write("Ctrl-C stops it.")
        while True:
            time.sleep(2)
            try:
                started = hub.start(settings.HUB_HOME, settings.HUB_PORT, hub.environment(settings.STACK))
            except StackError as error:
                raise CommandError(str(error)) from None
            for name in started:
                self.stderr.write(
                    f"{name} had ended and was started again; see {settings.HUB_HOME / 'logs' / name}.log"
                )


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt

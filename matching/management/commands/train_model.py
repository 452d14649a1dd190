"""`manage.py train_model`: a model learned with dedupe from labelled records."""

import csv
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from matching.actions.manage_models import activate_model, store_model
from matching.canonical import canonical_table
from matching.engine.columns import Records, RecordsError, read_records
from matching.engine.model import save
from matching.engine.train import train
from party_hub.domain.identity import record_id


class Command(BaseCommand):
    """Learns from a file of canonical columns, or from the hub's own records joined to a truth file."""

    help = "Learn a match model: dedupe asks, the truth answers, and the lesson becomes a versioned artefact."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where records and truth come from, and where the model goes."""
        source = parser.add_mutually_exclusive_group(required=True)
        source.add_argument(
            "--records", metavar="FILE", help="CSV or Parquet with canonical columns and a truth column"
        )
        source.add_argument(
            "--truth-file", type=Path, metavar="CSV", help="source,key,party of records that are in the hub"
        )
        parser.add_argument(
            "--truth", default="cluster_id", metavar="COLUMN", help="truth column of --records (cluster_id)"
        )
        parser.add_argument(
            "--labels", type=int, default=400, metavar="N", help="questions that dedupe may ask a kind (400)"
        )
        parser.add_argument("--seed", type=int, default=1, metavar="S")
        parser.add_argument("--out", type=Path, metavar="FILE", help="write the artefact here (.json or .json.gz)")
        parser.add_argument("--activate", action="store_true", help="store the model in the hub and put it in force")

    def handle(
        self,
        *,
        records: str | None,
        truth_file: Path | None,
        truth: str,
        labels: int,
        seed: int,
        out: Path | None,
        activate: bool,
        **options: Any,
    ) -> None:
        """Learn, write, and say what was learned."""
        if out is None and not activate:
            raise CommandError("Say where the model goes: --out FILE, --activate, or both.")
        try:
            known = _from_hub(truth_file) if truth_file else read_records(str(records), truth)
        except (RecordsError, OSError, KeyError) as problem:
            raise CommandError(f"Cannot use the records: {problem}") from problem
        model = train(known, labels, seed, note=_command(records, truth_file, truth, labels, seed))
        if out is not None:
            save(model, out)
        if activate:
            store_model(model=model, actor="system:train")
            activate_model(version=model.version, actor="system:train", reason="train_model --activate")
        self.stdout.write(f"Model {model.version}, learned from {len(known):,} records.")


def _command(records: str | None, truth_file: Path | None, truth: str, labels: int, seed: int) -> str:
    """How to make this model again; files by their names, wherever they lie."""
    source = f"--truth-file {truth_file.name}" if truth_file else f"--records {Path(str(records)).name} --truth {truth}"
    return f"manage.py train_model {source} --labels {labels} --seed {seed}"


def _from_hub(truth_file: Path) -> Records:
    """The hub's live records that the truth file knows, with their party."""
    with truth_file.open(newline="", encoding="utf-8") as stream:
        party = {str(record_id(row["source"], row["key"])): row["party"] for row in csv.DictReader(stream)}
    table = canonical_table()
    known = [row for row, one in enumerate(table.column("record_id").to_pylist()) if one in party]
    table = table.take(known)
    return Records(table, [party[one] for one in table.column("record_id").to_pylist()])

"""How good the matcher is on labelled files: `python -m tests.benchmarks.accuracy FILE… [--labels 0 200]`.

Each file has canonical columns and the true cluster of each record; each is measured in a process of its own, as
`manage.py evaluate_matching` does it.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from party_hub.management.stages import table
from tests.benchmarks.plots import draw

PROJECT = Path(__file__).resolve().parent.parent.parent
HEADINGS = ("file", "records", "labels", "F1", "precision", "recall", "automatic: precision", "recall", "pairs/s", "s")


def measure(file: Path, truth: str, labels: int) -> dict[str, Any]:
    """What `evaluate_matching` reports of one file."""
    command = [sys.executable, "manage.py", "evaluate_matching", str(file.resolve()), "--truth", truth]
    done = subprocess.run(
        [*command, "--labels", str(labels), "--json"], cwd=PROJECT, check=True, stdout=subprocess.PIPE, text=True
    )
    report: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return report


def row_of(report: dict[str, Any]) -> tuple[str, ...]:
    """A report as one row of the table."""
    pairwise, auto = report["pairwise"], report["auto_band"]
    scoring = report["seconds"].get("score", 0.0)
    return (
        report["file"],
        f"{report['rows']:,}",
        str(report["labels"]),
        f"{pairwise['f1']:.4f}",
        f"{pairwise['precision']:.4f}",
        f"{pairwise['recall']:.4f}",
        f"{auto['precision']:.4f}",
        f"{auto['recall']:.4f}",
        f"{report['pairs'] / scoring:,.0f}" if scoring else "",
        f"{report['elapsed_seconds']:.1f}",
    )


def main() -> None:
    """Measure every file with every number of labels, and print one table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.accuracy", description=__doc__)
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE", help="CSV (also .gz) or Parquet")
    parser.add_argument("--truth", default="cluster_id", metavar="COLUMN", help="column with the answer (cluster_id)")
    parser.add_argument("--labels", type=int, nargs="+", default=[0], metavar="N", help="answers to learn from (0)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the reports there too")
    parser.add_argument(
        "--plots", type=Path, metavar="DIR", help="draw accuracy, precision and recall, and scaling there"
    )
    options = parser.parse_args()
    reports = [measure(file, options.truth, labels) for file in options.files for labels in options.labels]
    print(table([row_of(report) for report in reports], HEADINGS, numbers=tuple(range(1, len(HEADINGS)))))
    if options.json:
        options.json.write_text(json.dumps(reports, indent=1))
    if options.plots:
        for path in draw(reports, options.plots):
            print(f"drawn: {path}")


if __name__ == "__main__":
    main()

"""How good the matcher is on labelled files: `python -m tests.benchmarks.accuracy FILE… [--labels 0 200]`.

Each file has canonical columns and the true cluster of each record; each is measured in a process of its own, as
`manage.py evaluate_matching` does it. With `--splink PYTHON` Splink follows on each file, in its own environment
(`peer_splink.py`), so that both are timed in one run on one machine.
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
BESIDE = ("file", "records", "F1", "Splink's", "s", "Splink's", "times as fast", "MB", "Splink's")
HEADINGS = ("file", "records", "labels", "F1", "precision", "recall", "automatic: precision", "recall", "pairs/s", "s")


def measure(file: Path, truth: str, labels: int) -> dict[str, Any]:
    """What `evaluate_matching` reports of one file."""
    command = [sys.executable, "manage.py", "evaluate_matching", str(file.resolve()), "--truth", truth]
    done = subprocess.run(
        [*command, "--labels", str(labels), "--json"], cwd=PROJECT, check=True, stdout=subprocess.PIPE, text=True
    )
    report: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return report


def measure_splink(python: Path, file: Path, truth: str) -> dict[str, Any]:
    """The same of Splink, as far as it has it."""
    command = [str(python.absolute()), "-W", "ignore", str(PROJECT / "tests" / "benchmarks" / "peer_splink.py")]
    done = subprocess.run(
        [*command, str(file.resolve()), "--truth", truth], check=True, stdout=subprocess.PIPE, text=True
    )
    report: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return report


def beside(report: dict[str, Any], peer: dict[str, Any]) -> tuple[str, ...]:
    """The hub and Splink on one file as one row."""
    ours, theirs = report["elapsed_seconds"], peer["elapsed_seconds"]
    return (
        report["file"],
        f"{report['rows']:,}",
        f"{report['pairwise']['f1']:.4f}",
        f"{peer['pairwise']['f1']:.4f}",
        f"{ours:.1f}",
        f"{theirs:.1f}",
        f"{theirs / ours:.1f}",
        f"{report['peak_rss_mb']:,}",
        f"{peer['peak_rss_mb']:,}",
    )


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
    parser.add_argument(
        "--splink", type=Path, metavar="PYTHON", help="the Python that has Splink, to measure it beside"
    )
    options = parser.parse_args()
    reports = [measure(file, options.truth, labels) for file in options.files for labels in options.labels]
    print(table([row_of(report) for report in reports], HEADINGS, numbers=tuple(range(1, len(HEADINGS)))))
    peers: list[dict[str, Any]] = []
    if options.splink:
        unlabelled = {report["file"]: report for report in reports if report["labels"] == options.labels[0]}
        peers = [measure_splink(options.splink, file, options.truth) for file in options.files]
        rows = [beside(unlabelled[peer["file"]], peer) for peer in peers]
        print("\n" + table(rows, BESIDE, numbers=tuple(range(1, len(BESIDE)))))
    if options.json:
        options.json.write_text(json.dumps({"hub": reports, "splink": peers} if peers else reports, indent=1))
    if options.plots:
        for path in draw(reports, options.plots, peers):
            print(f"drawn: {path}")


if __name__ == "__main__":
    main()

"""The accuracy and speed of the matcher as pictures: what `python -m tests.benchmarks.accuracy --plots DIR` draws."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

Report = dict[str, Any]


def draw(reports: Sequence[Report], folder: Path, peers: Sequence[Report] = ()) -> list[Path]:
    """Writes one SVG a subject into `folder` and gives their paths; `peers` are Splink's reports of the same files."""
    folder.mkdir(parents=True, exist_ok=True)
    subjects = {"accuracy": _accuracy, "precision-recall": _curves, "scaling": _scaling}
    return [_saved(folder / f"{name}.svg", subject, reports, peers) for name, subject in subjects.items()]


def _saved(path: Path, subject: Any, reports: Sequence[Report], peers: Sequence[Report]) -> Path:
    figure = Figure(figsize=(7, 3.6), layout="constrained")
    axes = figure.subplots()
    subject(axes, reports, peers)
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, metadata={"Date": None})
    return path


def _name(report: Report) -> str:
    return str(report["file"]).split(".")[0]


def _accuracy(axes: Axes, reports: Sequence[Report], peers: Sequence[Report]) -> None:
    """F1 of each file, a bar for each number of labels, and for Splink where it was measured."""
    names = list(dict.fromkeys(map(_name, reports)))
    series = {
        f"{labels} labels": [report for report in reports if report["labels"] == labels]
        for labels in sorted({report["labels"] for report in reports})
    } | ({"Splink": list(peers)} if peers else {})
    height = 0.8 / len(series)
    for place, (label, those) in enumerate(series.items()):
        chosen = {_name(report): report["pairwise"]["f1"] for report in those}
        rows = [row + place * height for row, name in enumerate(names) if name in chosen]
        bars = axes.barh(rows, [chosen[name] for name in names if name in chosen], height, label=label)
        axes.bar_label(bars, fmt="%.4f", padding=3, fontsize=8)
    axes.set_yticks([row + 0.4 - height / 2 for row in range(len(names))], names)
    axes.invert_yaxis()
    axes.set_xlim(0.8, 1.03)
    axes.set_xlabel("pairwise F1 of the clusters, at the default threshold")
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=len(series), frameon=False)


def _curves(axes: Axes, reports: Sequence[Report], peers: Sequence[Report]) -> None:
    """Precision against recall over all thresholds, without labels."""
    for report in reports:
        if report["labels"] == 0:
            points = report["curve"]
            recall, precision = ([point[side] for point in points] for side in ("recall", "precision"))
            axes.plot(recall, precision, marker=".", markersize=3, label=_name(report))
    axes.set_xlabel("recall of all true pairs")
    axes.set_ylabel("precision")
    axes.set_ylim(0.4, 1.02)
    axes.legend(loc="lower left", frameon=False)


def _scaling(axes: Axes, reports: Sequence[Report], peers: Sequence[Report]) -> None:
    """Seconds of the whole match against the number of records, pairs scored a second, and Splink's seconds."""
    plain = [report for report in reports if report["labels"] == 0]
    for report in plain:
        scoring = report["seconds"].get("score", 0.0)
        said = f" {_name(report)}\n {report['pairs'] / scoring / 1e6:.1f} M pairs/s" if scoring else _name(report)
        axes.annotate(said, (report["rows"], report["elapsed_seconds"]), fontsize=7, va="top")
    for label, those in {"hub": plain, "Splink": peers}.items():
        seconds: dict[int, list[float]] = defaultdict(list)
        for report in those:
            seconds[report["rows"]].append(report["elapsed_seconds"])
        sizes = sorted(seconds)
        if sizes:
            axes.loglog(sizes, [min(seconds[size]) for size in sizes], marker="o", linewidth=1, label=label)
    axes.set_xlabel("records")
    axes.set_ylabel("seconds, all stages")
    axes.margins(0.15)
    if peers:
        axes.legend(loc="upper left", frameon=False)

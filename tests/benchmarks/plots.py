"""The accuracy and speed of the matcher as pictures: what `python -m tests.benchmarks.accuracy --plots DIR` draws."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

Report = dict[str, Any]


def draw(reports: Sequence[Report], folder: Path) -> list[Path]:
    """Writes one SVG a subject into `folder` and gives their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    return [
        _saved(folder / f"{name}.svg", subject, reports)
        for name, subject in {"accuracy": _accuracy, "precision-recall": _curves, "scaling": _scaling}.items()
    ]


def _saved(path: Path, subject: Any, reports: Sequence[Report]) -> Path:
    figure = Figure(figsize=(7, 3.6), layout="constrained")
    axes = figure.subplots()
    subject(axes, reports)
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, metadata={"Date": None})
    return path


def _name(report: Report) -> str:
    return str(report["file"]).split(".")[0]


def _accuracy(axes: Axes, reports: Sequence[Report]) -> None:
    """F1 of each file, a bar for each number of labels."""
    names = list(dict.fromkeys(map(_name, reports)))
    amounts = sorted({report["labels"] for report in reports})
    height = 0.8 / len(amounts)
    for place, labels in enumerate(amounts):
        chosen = {_name(report): report["pairwise"]["f1"] for report in reports if report["labels"] == labels}
        rows = [row + place * height for row, name in enumerate(names) if name in chosen]
        bars = axes.barh(rows, [chosen[name] for name in names if name in chosen], height, label=f"{labels} labels")
        axes.bar_label(bars, fmt="%.4f", padding=3, fontsize=8)
    axes.set_yticks([row + 0.4 - height / 2 for row in range(len(names))], names)
    axes.invert_yaxis()
    axes.set_xlim(0.8, 1.03)
    axes.set_xlabel("pairwise F1 of the clusters, at the default threshold")
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=len(amounts), frameon=False)


def _curves(axes: Axes, reports: Sequence[Report]) -> None:
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


def _scaling(axes: Axes, reports: Sequence[Report]) -> None:
    """Seconds of the whole match against the number of records, and pairs scored a second."""
    seconds: dict[int, list[float]] = defaultdict(list)
    for report in reports:
        if report["labels"] == 0:
            seconds[report["rows"]].append(report["elapsed_seconds"])
            scoring = report["seconds"].get("score", 0.0)
            said = f" {_name(report)}\n {report['pairs'] / scoring / 1e6:.1f} M pairs/s" if scoring else _name(report)
            axes.annotate(said, (report["rows"], report["elapsed_seconds"]), fontsize=7, va="top")
    sizes = sorted(seconds)
    axes.loglog(sizes, [min(seconds[size]) for size in sizes], marker="o", linewidth=1)
    axes.set_xlabel("records")
    axes.set_ylabel("seconds, all stages")
    axes.margins(0.15)

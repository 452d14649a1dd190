"""Writes the sample: five files, streamed, so that a million records take no more memory than ten thousand."""

import csv
import json
import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from xml.sax.saxutils import escape

from .chance import Skewed
from .parties import Population
from .party import LAST_DAY, Company, Person
from .sources import CRM_COLUMNS, DNB_COLUMNS, Sources

EVENTS_SHARE = 0.05  # events a record
_WINDOW = 50_000  # rows that wait to be shuffled
_PER_PERSON = Skewed([1, 2, 3, 4], weights=[62, 27, 8, 3])
_PER_COMPANY = Skewed([1, 2, 3, 4, 5], weights=[40, 33, 18, 7, 2])
_SOURCE = Skewed(["crm", "dnb", "markit"], weights=[34, 40, 26])


@dataclass(frozen=True)
class Written:
    """What was written: records by source, events, parties."""

    crm: int
    dnb: int
    markit: int
    events: int
    parties: int


class _Shuffled:
    """Passes rows on in another order than they came, holding no more than a window of them."""

    def __init__(self, write: Callable[[Any], object], chance: random.Random):
        self._write, self._chance, self._rows, self.count = write, chance, list[Any](), 0

    def __call__(self, row: Any) -> None:
        self.count += 1
        if len(self._rows) < _WINDOW:
            self._rows.append(row)
            return
        at = int(self._chance.random() * _WINDOW)
        self._write(self._rows[at])
        self._rows[at] = row

    def finish(self) -> None:
        self._chance.shuffle(self._rows)
        for row in self._rows:
            self._write(row)


def write_sample(*, records: int, seed: int, out: Path, progress: Callable[[int], None] = lambda done: None) -> Written:
    """Write crm.csv, dnb.csv, markit.xml, events.jsonl, truth.csv to `out`; `records` counts those of the first three.

    `progress` is told now and then how many records are done.
    """
    out.mkdir(parents=True, exist_ok=True)
    # Three streams of chance, so that how the files are shuffled does not change what is in them.
    people, order, happening = (random.Random(f"{seed}/{stream}") for stream in ("parties", "order", "events"))  # noqa: S311
    with ExitStack() as stack:
        files = {
            name: stack.enter_context((out / name).open("w", encoding="utf-8", newline=""))
            for name in ("crm.csv", "dnb.csv", "markit.xml", "events.jsonl", "truth.csv")
        }
        truth = csv.writer(files["truth.csv"])
        truth.writerow(("source", "key", "party"))
        crm, dnb = csv.DictWriter(files["crm.csv"], CRM_COLUMNS), csv.DictWriter(files["dnb.csv"], DNB_COLUMNS)
        crm.writeheader()
        dnb.writeheader()
        files["markit.xml"].write('<?xml version="1.0" encoding="UTF-8"?>\n<referenceEntities>\n')
        writers = {
            "crm": _Shuffled(crm.writerow, order),
            "dnb": _Shuffled(dnb.writerow, order),
            "markit": _Shuffled(lambda row: files["markit.xml"].write(_element("entity", row, 1)), order),
        }
        events = _Events(Sources(happening), happening)
        parties = done = 0
        for party, rows in _told(records, people):
            parties += 1
            done += len(rows)
            for source, key, row in rows:
                writers[source](row)
                truth.writerow((source, key, f"P{party.number}"))
            told = events.about(party, len(rows))
            files["events.jsonl"].writelines(json.dumps(event, ensure_ascii=False) + "\n" for event in told)
            truth.writerows((event["source"], event["key"], f"P{party.number}") for event in told[:1])
            if parties % 500 == 0:
                progress(done)
        for writer in writers.values():
            writer.finish()
        files["markit.xml"].write("</referenceEntities>\n")
        progress(done)
    return Written(writers["crm"].count, writers["dnb"].count, writers["markit"].count, events.count, parties)


def _told(
    records: int, chance: random.Random
) -> Iterator[tuple[Person | Company, list[tuple[str, str, dict[str, Any]]]]]:
    """Parties with the rows that the sources hold of them, until there are `records` rows."""
    population, sources = Population(chance), Sources(chance)
    left = records
    while left > 0:
        party: Person | Company = population.person() if chance.random() < 0.52 else population.company()
        if isinstance(party, Person):
            rows = [("crm", *sources.crm_person(party)) for _ in range(min(left, _PER_PERSON.pick(chance)))]
        else:
            rows = _company_rows(party, min(left, _PER_COMPANY.pick(chance)), sources, chance)
        left -= len(rows)
        yield party, rows


def _company_rows(
    company: Company, count: int, sources: Sources, chance: random.Random
) -> list[tuple[str, str, dict[str, Any]]]:
    rows: list[tuple[str, str, dict[str, Any]]] = []
    held: set[str] = set()
    for _ in range(count):
        source = _SOURCE.pick(chance)
        if source in held and chance.random() < 0.75:  # most sources hold most companies once
            source = _SOURCE.pick(chance)
        first = source not in held
        held.add(source)
        if source == "crm":
            rows.append(("crm", *sources.crm_company(company)))
        elif source == "dnb":
            rows.append(("dnb", *sources.dnb(company, first)))
        else:
            rows.append(("markit", *sources.markit(company, first)))
    return rows


class _Events:
    """The onboarding system's events about parties as they appear: new applications, changed ones, withdrawn ones."""

    def __init__(self, sources: Sources, chance: random.Random):
        self._sources, self._chance = sources, chance
        self._clock = datetime.combine(LAST_DAY, time(6), UTC)
        self.count = 0

    def about(self, party: Person | Company, records: int) -> list[dict[str, Any]]:
        """The events of one party, all under one key; most parties have none."""
        if self._chance.random() >= EVENTS_SHARE * records / 1.25:
            return []
        key, kind = self._sources.application(), self._chance.random()
        ops = ["upsert", "upsert"] if kind < 0.17 else ["upsert", "withdraw"] if kind < 0.25 else ["upsert"]
        return [self._event(key, op, party) for op in ops]

    def _event(self, key: str, op: str, party: Person | Company) -> dict[str, Any]:
        self.count += 1
        self._clock += timedelta(seconds=self._chance.randrange(1, 9))
        event: dict[str, Any] = {
            "id": str(UUID(int=self._chance.getrandbits(128), version=4)),
            "source": "events",
            "key": key,
            "op": op,
            "effective_at": self._clock.isoformat().replace("+00:00", "Z"),
        }
        if op == "upsert":
            event["party_type"] = "individual" if isinstance(party, Person) else "organisation"
            event["attributes"] = self._sources.onboarding(party)
        return event


def _element(name: str, value: Any, depth: int) -> str:
    """An XML element, indented; what is empty is left out."""
    pad = "  " * depth
    if isinstance(value, dict):
        inner = "".join(_element(child, part, depth + 1) for child, part in value.items())
        return f"{pad}<{name}>\n{inner}{pad}</{name}>\n" if inner else ""
    return f"{pad}<{name}>{escape(value)}</{name}>\n" if value else ""

"""The match model: one JSON artefact that holds everything a score depends on.

Weights are natural log-odds. The score of a pair is the prior plus one contribution a term: the weight of the term's
level, plus, at levels where rarity counts, a slope times the rarity of the value agreed on.
"""

import gzip
import hashlib
import json
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from matching.engine.compare import Term
from matching.engine.frequencies import Frequencies, Table, pack, unpack
from matching.engine.hashes import NONE, distinct
from matching.engine.prepared import Hashes, hash_texts
from matching.engine.rules import RULES, Rule
from matching.engine.sample import EMPTY, Sample
from matching.engine.terms import TERMS
from party_hub.domain.attributes import Kind

FORMAT = 1
_PROBE = int(hash_texts(np.array(["party"], dtype=object))[0])
Weights = npt.NDArray[np.float64]
MARGIN = 0.5


class ModelError(ValueError):
    """The artefact cannot be used; the message says why."""


@dataclass(frozen=True)
class Thresholds:
    """Log-odds from which a pair is joined by itself (`automatic`), shown to a steward (`review`), or held likelier
    than not (`match`). Two records of one source need `same_source` more to be joined by themselves. A record that
    could join either of two groups that contradict each other joins neither unless one is better by `margin`."""

    automatic: float
    review: float
    match: float = 0.0
    same_source: float = 0.0
    margin: float = MARGIN

    def to_json(self) -> dict[str, float]:
        more = {"same_source": self.same_source} if self.same_source else {}
        more |= {"margin": self.margin} if self.margin != MARGIN else {}
        return {"automatic": self.automatic, "review": self.review, "match": self.match, **more}


@dataclass(frozen=True)
class KindModel:
    """What the model knows of one kind. `weights` and `slopes` are padded: row = term, column = level.

    `overfull` lists the keys that are refined whatever the records; any other is when more records
    share it than its rule's cap allows. `outgrown` are those found so; they follow from the records and are no part of
    the artefact.
    """

    kind: Kind
    prior: float
    weights: Weights
    slopes: Weights
    thresholds: Thresholds
    frequencies: Frequencies
    rules: tuple[Rule, ...]
    overfull: Hashes = field(default_factory=lambda: NONE)
    sample: Sample = EMPTY
    outgrown: Hashes = field(default_factory=lambda: NONE)

    def refining(self, outgrown: Hashes) -> "KindModel":
        """This model where these keys too are over-full among the records at hand."""
        return replace(self, outgrown=distinct(np.concatenate([self.outgrown, outgrown]))) if len(outgrown) else self

    @property
    def terms(self) -> tuple[Term, ...]:
        """The terms in the order in which contributions are added up."""
        return TERMS[self.kind]


@dataclass(frozen=True)
class Model:
    """A version of the matcher: one `KindModel` a kind, and how it came about."""

    kinds: dict[Kind, KindModel]
    trained: dict[str, Any]

    @property
    def largest_block(self) -> int:
        """No key that is not over-full has more records."""
        return max(rule.cap for kind in self.kinds.values() for rule in kind.rules)

    @cached_property
    def version(self) -> str:
        """Names the content: the same model has the same version wherever it is read."""
        return _name(self._body())

    def with_kind(self, changed: KindModel, **trained: Any) -> "Model":
        """This model with one kind replaced, and a note of how."""
        return Model({**self.kinds, changed.kind: changed}, {**self.trained, **trained})

    def with_thresholds(self, kind: Kind, thresholds: Thresholds) -> "Model":
        """This model with other thresholds for one kind."""
        return self.with_kind(replace(self.kinds[kind], thresholds=thresholds))

    def _body(self) -> dict[str, Any]:
        kinds = {kind.value: _kind_to_json(self.kinds[kind]) for kind in sorted(self.kinds)}
        return {"format": FORMAT, "hash_probe": _PROBE, "kinds": kinds}

    def to_json(self) -> dict[str, Any]:
        """The artefact."""
        return {"version": self.version, "trained": self.trained, **self._body()}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Model":
        """Read an artefact. Raises ModelError where it is damaged or of another format."""
        if data.get("format") != FORMAT:
            raise ModelError(f"model format {data.get('format')!r} is not {FORMAT}")
        if data.get("hash_probe") != _PROBE:
            raise ModelError("the model was made with another hash function; train it again")
        try:
            model = cls(
                {Kind(kind): _kind_from_json(Kind(kind), body) for kind, body in data["kinds"].items()}, data["trained"]
            )
        except (KeyError, IndexError, TypeError) as error:
            raise ModelError(f"the model is incomplete: {error}") from error
        version = _name({part: data[part] for part in ("format", "hash_probe", "kinds")})
        if version != data.get("version"):
            raise ModelError(f"the model's content gives version {version}, not {data.get('version')}: it was altered")
        model.__dict__["version"] = version  # it need not be worked out again from all the tables
        return model


def save(model: Model, path: Path) -> None:
    """Write the artefact; gzipped where the name ends in .gz. The same model gives the same bytes."""
    body = json.dumps(model.to_json(), indent=1, ensure_ascii=False, sort_keys=True).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(body, 9, mtime=0) if path.suffix == ".gz" else body)


def load(path: Path) -> Model:
    """Read an artefact from a file. Raises ModelError."""
    try:
        raw = path.read_bytes()
        data = json.loads(gzip.decompress(raw) if path.suffix == ".gz" else raw)
    except (OSError, EOFError, ValueError) as error:
        raise ModelError(f"cannot read model {path}: {error}") from error
    return Model.from_json(data)


def _name(body: dict[str, Any]) -> str:
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":")).encode()
    return hashlib.sha256(canonical).hexdigest()[:16]


def _kind_to_json(kind: KindModel) -> dict[str, Any]:
    terms = {
        term.name: {
            "levels": list(term.levels),
            "weights": [float(weight) for weight in kind.weights[row, : len(term.levels)]],
            "slopes": [float(slope) for slope in kind.slopes[row, : len(term.levels)]],
        }
        for row, term in enumerate(kind.terms)
    }
    return {
        "prior": float(kind.prior),
        "order": [term.name for term in kind.terms],
        "terms": terms,
        "thresholds": kind.thresholds.to_json(),
        "rules": [rule.to_json() for rule in kind.rules],
        "overfull": pack(kind.overfull),
        "sample": kind.sample.to_json(),
        "frequencies": {name: table.to_json() for name, table in sorted(kind.frequencies.tables.items())},
    }


def _kind_from_json(kind: Kind, data: dict[str, Any]) -> KindModel:
    terms = TERMS[kind]
    if data["order"] != [term.name for term in terms]:
        raise ModelError(f"the model compares {kind} on other attributes than this program")
    weights, slopes = empty_weights(kind), empty_weights(kind)
    for row, term in enumerate(terms):
        stored = data["terms"][term.name]
        if tuple(stored["levels"]) != term.levels:
            raise ModelError(f"the model knows other levels of {term.name} than this program")
        weights[row, : len(term.levels)] = stored["weights"]
        slopes[row, : len(term.levels)] = stored["slopes"]
    return KindModel(
        kind,
        float(data["prior"]),
        weights,
        slopes,
        Thresholds(**data["thresholds"]),
        Frequencies({name: Table.from_json(table) for name, table in data["frequencies"].items()}),
        tuple(Rule(name, tuple(parts), int(cap)) for name, parts, cap in data["rules"]),
        unpack(data["overfull"], np.uint64),
        Sample.from_json(data["sample"]),
    )


def empty_weights(kind: Kind) -> Weights:
    """A zero for each level of each term of a kind."""
    return np.zeros((len(TERMS[kind]), max(len(term.levels) for term in TERMS[kind])))


def untaught(kind: Kind) -> KindModel:
    """A model of a kind that has learned nothing: all rules, no weights."""
    empty = empty_weights(kind)
    return KindModel(
        kind, 0.0, empty, empty.copy(), Thresholds(automatic=3.0, review=-2.0, match=1.0), Frequencies({}), RULES[kind]
    )

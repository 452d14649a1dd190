"""A random life of a hub: sources load, change and withdraw records, stewards do whatever they may do."""

from collections.abc import Callable
from random import Random
from typing import Any
from uuid import UUID

from party_hub.actions.decide import decide_parties
from party_hub.actions.errors import Conflict, NotFound
from party_hub.actions.forbid_value import Statement, forbid_value
from party_hub.actions.merge_parties import merge_parties
from party_hub.actions.move_records import move_records
from party_hub.actions.pin_value import pin_value
from party_hub.actions.pins import end_pin
from party_hub.actions.renew_pin import renew_pin
from party_hub.actions.retire_party import restore_party, retire_party
from party_hub.actions.split_party import split_party
from party_hub.actions.undo import undo_act
from party_hub.domain.judgement import Judgement
from party_hub.models import AuditEntry, Link, Membership
from party_hub.queries import pins
from tests.party_hub.actions.conftest import World

ADA = "user:ada"
SOURCES = ("crm", "dnb", "markit", "gleif")
FAMILIES, SIZE = 12, 6
NAMES = [f"{SOURCES[place % 4]}:{family}-{place}" for family in range(FAMILIES) for place in range(SIZE)]
PINNABLE = ("sector", "legal_form", "phones")
WEIGHTS = {
    "load": 8, "change": 8, "late": 2, "same": 1, "withdraw": 2, "merge": 6, "split": 6, "move": 3, "judge": 3,
    "pin": 5, "forbid": 5, "end": 4, "renew": 1, "retire": 1, "restore": 2, "undo": 8,
}  # fmt: skip


class Life:
    """Acts drawn from `seed`. Records of a family may be linked; how, is settled from the beginning."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.world = World()
        self.loaded: list[str] = []
        self.day = 0
        self.done: dict[str, int] = {}

    def live(self, acts: int) -> None:
        """Does so many acts; what the hub refuses is tried again with other records, up to a point."""
        while sum(self.done.values()) < acts:
            name = self.random.choices(list(WEIGHTS), list(WEIGHTS.values()))[0] if self.loaded else "load"
            act: Callable[[], None] = getattr(self, f"_{name}")
            try:
                act()
            except (Conflict, NotFound, Membership.DoesNotExist):
                continue
            self.done[name] = self.done.get(name, 0) + 1

    def _any(self) -> str:
        return self.random.choice(self.loaded)

    def _party(self) -> UUID:
        return self.world.party(self._any())

    def _says(self) -> dict[str, Any]:
        phones = self.random.sample(["+44 1", "+44 2", "+44 3", "+44 4"], self.random.randint(1, 3))
        said: dict[str, Any] = {"sector": self.random.choice(["Trade", "TRADE", "Mining", "Banking"]), "phones": phones}
        return said | {"legal_form": self.random.choice(["Ltd", "PLC", "SE"]), "employees": self.random.randint(1, 9)}

    def _register(self, name: str, at: int) -> None:
        self.world.register(
            name, f"{2000 + at // 336}-{at // 28 % 12 + 1:02}-{at % 28 + 1:02}T00:00:00Z", **self._says()
        )
        self.world.resolve([name])

    def _load(self) -> None:
        if len(self.loaded) == len(NAMES):
            raise NotFound("all are loaded")
        name = NAMES[len(self.loaded)]
        self.day += 1
        self.world.register(name, f"2000-01-01T00:00:{self.day % 60:02}Z", **self._says())
        mine = self.world.id(name)
        for other in self.loaded:
            if _family(other) == _family(name) and (score := Random(f"{other} {name}").random()) > 0.5:
                left, right = sorted((mine, self.world.id(other)))
                Link.objects.create(left_id=left, right_id=right, score=score, model_version="m1")
        self.loaded.append(name)
        self.world.resolve([name])

    def _change(self) -> None:
        self.day += 1
        self._register(self._any(), self.day)

    def _late(self) -> None:
        self._register(self._any(), self.random.randint(0, self.day))

    def _same(self) -> None:
        self.world.resolve([self._any()])

    def _withdraw(self) -> None:
        name = self._any()
        self.world.withdraw(name)
        self.world.resolve([name])

    def _merge(self) -> None:
        parties = list({self._party(), self._party()})
        if len(parties) < 2 or Membership.objects.filter(party__in=parties, span__upper_inf=True).count() > 20:
            raise Conflict("one party, or too many records")
        merge_parties(parties=parties, actor=ADA, reason="same")

    def _split(self) -> None:
        name = self._any()
        split_party(party=self.world.party(name), records=[self.world.id(name)], actor=ADA, reason="two")

    def _move(self) -> None:
        name, to = self._any(), self._party()
        move_records(party=self.world.party(name), records=[self.world.id(name)], to=to, actor=ADA, reason="theirs")

    def _judge(self) -> None:
        a, b = self._party(), self._party()
        if a == b:
            raise Conflict("one party")
        judgement = self.random.choice([Judgement.NO_MATCH, Judgement.UNSURE])
        decide_parties(a=a, b=b, judgement=judgement, actor=ADA, reason="looked it up")

    def _pin(self) -> None:
        attribute = self.random.choice(PINNABLE)
        value = self.random.choice(["+44 9", "+44 1"] if attribute == "phones" else ["Trade", "Fishing", "Ltd"])
        pin_value(party=self._party(), attribute=attribute, value=value, actor=ADA, reason="register")

    def _forbid(self) -> None:
        name, attribute = self._any(), self.random.choice(PINNABLE)
        value = self.random.choice([None, "+44 1" if attribute == "phones" else "Trade"])
        source = Statement(source=name.split(":")[0], value=value)
        statement = self.random.choice([source, Statement(record=self.world.id(name), value=value)])
        party = self.world.party(name)
        forbid_value(party=party, attribute=attribute, statement=statement, actor=ADA, reason="wrong")

    def _end(self) -> None:
        party = self._party()
        standing = pins(party)
        if not standing:
            raise NotFound("no pin")
        end_pin(party=party, pin=self.random.choice(standing).pk, actor=ADA)

    def _renew(self) -> None:
        party = self._party()
        standing = pins(party)
        if not standing:
            raise NotFound("no pin")
        renew_pin(party=party, pin=self.random.choice(standing), actor=ADA, reason="still so")

    def _retire(self) -> None:
        retire_party(party=self._party(), actor=ADA, reason="a test entry")

    def _restore(self) -> None:
        last = Membership.objects.filter(record=self.world.id(self._any())).order_by("-span").first()
        if last is None:
            raise NotFound("never in a party")
        restore_party(party=last.party_id, actor=ADA)

    def _undo(self) -> None:
        acts = list(AuditEntry.objects.filter(actor=ADA).order_by("-pk").values_list("act", flat=True)[:40])
        if not acts:
            raise NotFound("nothing to undo")
        undo_act(act=self.random.choice(acts), actor=ADA)


def _family(name: str) -> str:
    return name.split(":")[1].split("-")[0]

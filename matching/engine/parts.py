"""The parts of a record that keys are made of, as hashes: sounds of names, days of birth, rare words, places."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from matching.engine.frequencies import Frequencies
from matching.engine.hashes import mix
from matching.engine.prepared import Column, Hashes, Prepared, hash_texts
from matching.engine.text import sound
from matching.engine.vocabulary.words import FREE_MAIL, ROLE_MAILBOXES


class Parts:
    """Hashes of the named parts of each record, 0 where a record has none; each is worked out once."""

    def __init__(self, prepared: Prepared, frequencies: Frequencies) -> None:
        self.prepared, self.frequencies = prepared, frequencies
        self._known: dict[str, Hashes] = {}

    def __getitem__(self, name: str) -> Hashes:
        if name not in self._known:
            made = _PARTS[name](self) if name in _PARTS else self.whole(name)
            self._known[name] = made
        return self._known[name]

    def whole(self, name: str) -> Hashes:
        """The field's value itself."""
        column = self.prepared.columns.get(name)
        return np.zeros(len(self.prepared), np.uint64) if column is None else _hashed(column, column.hashes)

    def made(self, name: str, label: str, make: Callable[[str], str]) -> Hashes:
        """A text made of each distinct value of a field; empty counts as missing."""
        column = self.prepared.columns.get(name)
        if column is None:
            return np.zeros(len(self.prepared), np.uint64)
        return _hashed(column, column.derive(label, lambda values: _hash_made(values, make)))

    def words(self) -> npt.NDArray[np.uint64]:
        """Four words of each organisation's name: the first two, and the two rarest (ties by hash)."""
        column = self.prepared["name"]
        return column.derive("words", lambda values: _chosen_words(values, self.frequencies), owner=self.frequencies)


def _hashed(column: Column, per_value: Hashes) -> Hashes:
    return np.asarray(column.take(per_value, 0), dtype=np.uint64)


def _hash_made(values: npt.NDArray[np.object_], make: Callable[[str], str]) -> Hashes:
    texts = np.array([make(value) for value in values], dtype=object)
    hashes = hash_texts(texts).copy()
    hashes[texts == ""] = 0
    return hashes


def _chosen_words(values: npt.NDArray[np.object_], frequencies: Frequencies) -> npt.NDArray[np.uint64]:
    split = [value.split() for value in values]
    distinct = sorted({word for text in split for word in text})
    number = {word: index for index, word in enumerate(distinct)}
    rarity = frequencies.of_words(hash_texts(np.array(distinct, dtype=object)))
    sounds = hash_texts(np.array([sound(word) for word in distinct], dtype=object))
    chosen = np.zeros((len(split), 4), np.uint64)
    for row, text in enumerate(split):
        first = [number[word] for word in text]
        rarest = sorted(dict.fromkeys(first), key=lambda index: (-rarity[index], int(sounds[index])))
        for column, index in enumerate(first[:2]):
            chosen[row, column] = sounds[index]
        for column, index in enumerate(rarest[:2]):
            chosen[row, 2 + column] = sounds[index]
    return chosen


def _word(index: int) -> Callable[[Parts], Hashes]:
    return lambda parts: _hashed(parts.prepared["name"], parts.words()[:, index])


def _names(parts: Parts) -> Hashes:
    """Given and family name in either order."""
    given, family = parts["given_sound"], parts["family_sound"]
    both = np.where((given > 0) & (family > 0), mix(np.minimum(given, family), np.maximum(given, family)), np.uint64(0))
    return both


def _mailbox(address: str) -> str:
    local = address.partition("@")[0]
    return "" if local in ROLE_MAILBOXES or len(local) < 6 else local


def _domain(parts: Parts) -> Hashes:
    """The site that an organisation's e-mail or web address names."""
    mail = parts.made(
        "email", "domain", lambda text: "" if text.partition("@")[2] in FREE_MAIL else text.partition("@")[2]
    )
    site = parts.whole("website")
    return np.where(site > 0, site, mail)


def _sorted_day(day: str) -> str:
    return day[:4] + "".join(sorted((day[4:6], day[6:8])))


_PARTS: dict[str, Callable[[Parts], Hashes]] = {
    "given_sound": lambda parts: parts.made("given", "sound", lambda text: sound(text.split()[0])),
    "given_initial": lambda parts: parts.made("given", "initial", lambda text: text[0]),
    "family_sound": lambda parts: parts.made("family", "sound", lambda text: sound(text.split()[-1])),
    "street_sound": lambda parts: parts.made("street", "sounds", lambda text: " ".join(map(sound, text.split()[:2]))),
    "names": _names,
    "birth_date": lambda parts: parts.made("date_of_birth", "sorted", _sorted_day),
    "birth_day": lambda parts: parts.made("date_of_birth", "day", lambda text: "".join(sorted((text[4:6], text[6:8])))),
    "birth_year": lambda parts: parts.made("date_of_birth", "year", lambda text: text[:4]),
    "mailbox": lambda parts: parts.made("email", "mailbox", _mailbox),
    "domain": _domain,
    "name_sounds": lambda parts: parts.made("name", "sounds", lambda text: " ".join(sorted(map(sound, text.split())))),
    "letters": lambda parts: parts.made("name", "letters", lambda text: text.replace(" ", "")[:7]),
    "acronym": lambda parts: parts.made("name", "acronym", lambda text: "".join(word[0] for word in text.split())),
    "word_1": _word(0),
    "word_2": _word(1),
    "rare_1": _word(2),
    "rare_2": _word(3),
}

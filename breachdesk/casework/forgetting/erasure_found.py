"""What an erasure would take: what goes in any case, what others wrote that names the person, and what stands in the way.

Whoever decides sees of each text as much as they may read, and nothing more: of what they do not, only that it is there.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from breachdesk.casework.act import case_roles
from breachdesk.casework.desk import Desk
from breachdesk.casework.files import words_of_file
from breachdesk.casework.forgetting.holds import held_because
from breachdesk.casework.masking import NO_MASK, Mask, mask_for
from breachdesk.clock import local_day
from breachdesk.identity import Actor
from breachdesk.store import concerns, erasing, reading, roles
from breachdesk.store.cases import read_case
from breachdesk.store.erasing import ERASED
from breachdesk.store.session import Session
from breachdesk.store.visibility import FRIEND, compartments_of, parties_of, visible_to

# What somebody writes about themselves alone: it goes with them, unasked.
THEIR_OWN = ("adjustments",)
SHORTEST, AROUND = 3, 70


@dataclass(frozen=True, slots=True)
class Found:
    """A text or file that may go. `where` and `says` are as much as the reader may know; `must`: it goes in any case."""

    subject: int
    seq: int
    name: str
    where: str
    says: str
    stored: str = ""
    must: bool = False

    @property
    def key(self) -> str:
        """What stands in a form for it: it tells nothing."""
        return sha256(f"{self.subject} {self.seq} {self.name} {self.stored}".encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class WhatGoes:
    """What erasing a person would take. `naming`: texts and files in which they are named; `written`: what they wrote or added themselves,
    for a side or in an office; `unread`: files that others added to cases that they are part of or named in, and in which the desk could
    not look, or not everywhere. `in_the_way`: why it cannot be done now."""

    name: str
    naming: tuple[Found, ...]
    written: tuple[Found, ...]
    unread: tuple[Found, ...]
    in_the_way: tuple[str, ...]

    @property
    def listed(self) -> tuple[Found, ...]:
        """Everything that may go, be it ticked or in any case."""
        return (*self.naming, *self.written, *self.unread)


def words_for(row: Any, roster: Iterable[Any], also: str = "", *, parts: bool = False) -> tuple[str, ...]:
    """The words by which somebody is looked for, in small letters: name, addresses, telephone, and those that were given.

    PARTS of a name may be somebody else's: what is found by one alone is for people to look at.
    """
    names = [row.name, row.email, *(one for one in row.name.split() if parts and len(one) >= SHORTEST)]
    names += [one for line in roster for one in (line.telephone, line.email) if one]
    names += [one for one in re.split(r"[,;\n]", also) if len(one.strip()) >= SHORTEST]
    return tuple(dict.fromkeys(" ".join(one.casefold().split()) for one in names))


def sought(words: Iterable[str]) -> re.Pattern[str]:
    """What finds one of these words, as a word of its own, in text in small letters."""
    return re.compile("|".join(rf"(?<!\w){re.escape(word)}(?!\w)" for word in sorted(words, key=len, reverse=True)))


def what_goes(session: Session, desk: Desk, actor: Actor, row: Any, also: str, asked: Collection[tuple[int, str]] = ()) -> WhatGoes:
    """What erasing the account ROW would take, as ACTOR may know it. ASKED: the desk's words by which it was asked for."""
    return _Search(session, desk, actor, row, also).result(frozenset(asked))


class Readings:
    """How one reader may call each case and what they read there; it lives for one call."""

    def __init__(self, session: Session, actor: Actor) -> None:
        self.session, self.actor, self.references = session, actor, erasing.references(session)
        coordinated = [scheme_id for scheme_id, role in actor.roles if role == "coordinator"]
        self.concerns = {one.seq for one in concerns.concerns_of(session, coordinated, actor.account_id)}
        self._known: dict[int, tuple[str, tuple[str, ...], Mask]] = {}

    def of(self, subject: int) -> tuple[str, tuple[str, ...], Mask]:
        """What the reader may call a case ("": nothing), which of its compartments they read, and what they are not told of it."""
        if subject not in self._known:
            self._known[subject] = self._asked(subject)
        return self._known[subject]

    def reads(self, one: Any) -> bool:
        """Whether the reader may read some words. Notes are their writer's alone."""
        return (one.audience in self.of(one.subject)[1] and one.audience != FRIEND) or (not one.subject and one.seq in self.concerns)

    def _asked(self, subject: int) -> tuple[str, tuple[str, ...], Mask]:
        if not subject:
            return "The desk's own record", ("shared",), NO_MASK
        reference = self.references.get(subject, "")
        read = read_case(self.session, reference=reference, to_change=False)
        if read is None or reading.case_row(self.session, visible_to(self.actor), reference) is None:
            return "", (), NO_MASK
        held = case_roles(self.actor, read)
        own = parties_of(self.actor, read.parties)
        return reference, compartments_of(held, own, [one.id for one in read.parties]), mask_for(self.session, self.actor, read, held)


class _Search:
    """Looks for one person in everything; it lives for one call."""

    def __init__(self, session: Session, desk: Desk, actor: Actor, row: Any, also: str) -> None:
        self.session, self.desk, self.actor, self.row = session, desk, actor, row
        roster = roles.role_rows(session, account_id=row.id)
        self.pattern, self.surely = sought(words_for(row, roster, also, parts=True)), sought(words_for(row, roster, also))
        self.wrote = erasing.entries_by(session, row.id)
        self.readings = Readings(session, actor)

    def result(self, asked: frozenset[tuple[int, str]]) -> WhatGoes:
        masked = erasing.cases_with_a_name_kept_back(self.session)
        naming, written = [], []
        for one in erasing.words_of(self.session):
            mine = (one.subject, one.seq) in self.wrote
            must = (mine and (one.name in THEIR_OWN or one.audience == FRIEND)) or (not one.subject and (one.seq, one.name) in asked)
            if self.pattern.search(one.value.casefold()) or must:
                # A name that the desk does not know any more could not be kept back from those who must not read it.
                naming.append(self._found(one, must=must or (one.subject in masked and bool(self.surely.search(one.value.casefold())))))
            elif mine:
                written.append(self._found(one))
        unread = self._looked_into_files(naming, written)
        involved = {one.subject for one in naming} | {subject for subject, _ in self.wrote} | erasing.serves_in(self.session, self.row.id)
        return WhatGoes(self.row.name, tuple(naming), tuple(written), tuple(one for one in unread if one.subject in involved),
                        tuple(self._in_the_way(involved - {0})))

    def _looked_into_files(self, naming: list[Found], written: list[Found]) -> list[Found]:
        """Put each file where it belongs; those in which there may be more than was read, and that others added."""
        unread = []
        for one in erasing.files_there(self.session):
            read = words_of_file(self.desk, one)
            if self.pattern.search(read.words.casefold()):
                naming.append(self._file(one, read.words))
            elif one.account_id == self.row.id:
                written.append(self._file(one))
            elif not read.all_of_it:
                unread.append(self._file(one))
        return unread

    def _found(self, one: Any, *, must: bool = False) -> Found:
        reference, _, mask = self.readings.of(one.subject)
        reads = self.readings.reads(one)
        where = f"{reference}, entry {one.seq}, “{one.name.replace('_', ' ')}”" if reads else _elsewhere(reference)
        return Found(one.subject, one.seq, one.name, where, mask.text(self._excerpt(one.value)) if reads else "", must=must)

    def _file(self, one: Any, words: str = "") -> Found:
        reference, _, mask = self.readings.of(one.subject)
        reads = self.readings.reads(one)
        where = f"{reference}, entry {one.seq}, a file ({one.kind})" if reads else _elsewhere(reference, "A file")
        return Found(one.subject, one.seq, "", where, mask.text(self._excerpt(words)) if reads and words else "", one.stored)

    def _excerpt(self, value: str) -> str:
        hit = self.pattern.search(value.casefold())
        start = max(hit.start() - AROUND, 0) if hit else 0
        end = start + 2 * AROUND
        return f"{'…' if start else ''}{value[start:end].strip()}{'…' if end < len(value) else ''}"

    def _in_the_way(self, involved: Collection[int]) -> Iterator[str]:
        if self.row.email.endswith(f"@{ERASED}"):
            yield f"{self.row.name} is what is left of an account that was erased before."
        if self.row.id == self.actor.account_id:
            yield "Nobody erases themselves. Ask another coordinator, or the operator."
        for one in erasing.open_cases(self.session):
            if one.id in involved:
                yield f"{self._called(one.id)} is open, and they take part in it or are named in it. Wait until it has closed."
        for subject in sorted(involved):
            yield from (f"{self._called(subject)} is held: {why}" for why in held_because(self.session, subject))
        yield from self._offices()

    def _called(self, subject: int) -> str:
        return self.readings.of(subject)[0] or "A case that you do not see"

    def _offices(self) -> Iterator[str]:
        """The offices that nobody else holds: without them cases would stand still."""
        today = local_day(self.desk.now(self.session))
        held = [one for one in roles.role_rows(self.session)
                if one.active and one.from_on <= today and (one.to_on is None or one.to_on >= today)]
        others = {(one.scheme_id, one.role) for one in held if one.account_id != self.row.id}
        for one in held:
            if one.account_id == self.row.id and (one.scheme_id, one.role) not in others:
                yield f"Nobody else is {one.role.replace('_', ' ')} in {one.scheme_title}. Give the role to somebody first."


def _elsewhere(reference: str, what: str = "Words") -> str:
    return f"{what} in a part of {reference} that you do not read" if reference else f"{what} in a case that you do not see"

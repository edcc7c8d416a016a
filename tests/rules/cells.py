"""The cells of tests/authz.yaml that need no page: in which role everybody meets each case, whether it exists for them, whose words they
read, and what they are permitted. Quick enough to ask again for every mutant.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from conftest import Cast
from rules.world import World, rooms_named
from sqlalchemy import ColumnElement, select

from breachdesk.casework.act import case_roles
from breachdesk.identity import NOBODY, THE_CLOCK, THE_OPERATOR, Actor
from breachdesk.permissions import Permission, may
from breachdesk.store.cases import CASES, CaseRead, read_case
from breachdesk.store.session import Session
from breachdesk.store.visibility import compartments_of, parties_of, party_of_room, summarised_for, visible_to

NO_SIDE = {"critical_friend", "panel_member", "steering_group", "coordinator", "stand_in"}


@dataclass(frozen=True, slots=True)
class Cells:
    """The world as it was read once: everybody who can be signed in, and every case."""

    world: World
    actors: dict[str, Actor]
    cases: dict[str, CaseRead]

    def wrong(self) -> Iterator[str]:
        """Every cell that is not as the matrix says; those first that ask no database."""
        yield from self._wrong_for_a_role_by_itself()
        for name, actor in {**self.actors, "nobody": NOBODY}.items():
            yield from (f"{name} {permission.name}" for permission in Permission
                        if may(actor, permission) != self.world.matrix.may(name, permission.name))
            yield from self._wrong_roles(name, actor)
        with self.world.desk.database.read() as session:
            yield from self._wrong_for_the_desk_itself(session)
            for name, actor in self.actors.items():
                yield from self._wrong_lists(session, name, actor)

    def _wrong_roles(self, name: str, actor: Actor) -> Iterator[str]:
        for case, read in self.cases.items():
            roles, expected = case_roles(actor, read), self.world.matrix.roles(name, case)
            if roles != expected:
                yield f"{name} meets {case} as {sorted(roles)}, not {sorted(expected)}"
            words, allowed = self._words(actor, read, expected), self.world.matrix.compartments(name, case) | {"public"}
            if words != allowed:
                yield f"{name} reads {sorted(words)} in {case}, not {sorted(allowed)}"

    def _wrong_lists(self, session: Session, name: str, actor: Actor) -> Iterator[str]:
        matrix = self.world.matrix
        seen, summarised = self._among(session, visible_to(actor)), self._among(session, summarised_for(actor))
        for case in self.cases:
            if (case in seen) != bool(matrix.roles(name, case)):
                yield f"{case} is {'' if case in seen else 'not '}there for {name}"
            if (case in summarised) != matrix.reads_summary(name, case):
                yield f"{name} reads {'a' if case in summarised else 'no'} summary of {case}"

    def _wrong_for_the_desk_itself(self, session: Session) -> Iterator[str]:
        """The clock takes its steps everywhere; the operator at the command line sees that a case is there, and has no role in it."""
        for actor, roles in ((THE_CLOCK, {"clock"}), (THE_OPERATOR, set())):
            if self._among(session, visible_to(actor)) != set(self.cases):
                yield f"{actor.name} does not see every case"
            yield from (f"{actor.name} meets {case} as another" for case, read in self.cases.items() if case_roles(actor, read) != roles)

    def _wrong_for_a_role_by_itself(self) -> Iterator[str]:
        """What each role reads of which nobody's side is part."""
        every = {7: "the complainant's room", 8: "the respondent's room"}
        for role, allowed in self.world.matrix.reads.items():
            words = {every.get(party_of_room(one), one) for one in compartments_of(frozenset({role}), frozenset(), list(every))}
            if role in NO_SIDE and words != set(allowed):
                yield f"{role} reads {sorted(words)}, not {sorted(allowed)}"

    def _among(self, session: Session, condition: ColumnElement[bool]) -> set[str]:
        found = set(session.connection.execute(select(CASES.c.reference).where(condition)).scalars())
        return {case for case, reference in self.world.references.items() if reference in found}

    def _words(self, actor: Actor, read: CaseRead, roles: frozenset[str]) -> set[str]:
        """The compartments in the matrix's words: each party's room by its side."""
        rooms = rooms_named((0, party.id, party.side) for party in read.parties)
        found = compartments_of(roles, parties_of(actor, read.parties) if roles else frozenset(), [party.id for party in read.parties])
        return {rooms.get(one, one) for one in found}


def cells_of(world: World) -> Cells:
    cast = Cast(world.desk)
    actors = {name: getattr(cast, name) for name, one in world.matrix.people.items() if one.known}
    with world.desk.database.read() as session:
        read = {case: read_case(session, reference=reference, to_change=False) for case, reference in world.references.items()}
    return Cells(world, actors, {case: one for case, one in read.items() if one})

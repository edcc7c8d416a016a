"""The desk that the matrix is about: its people, a case in each stage, and a canary in everything that somebody wrote.

A canary is a word like `canary-friend-12`; where it may sing stands in the database itself: beside each text, its compartment.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from typing import Any

from conftest import COMPLAINT, HASHED, SCHEME, Cast, StoppedClock
from rules.matrix import Matrix, Person
from sqlalchemy import Table, insert, select, update

from breachdesk.bootstrap import BY_OPERATOR
from breachdesk.casework.act import Step, act, case_roles
from breachdesk.casework.concerns import note_concern
from breachdesk.casework.declaring import declare_none_before
from breachdesk.casework.desk import Desk
from breachdesk.casework.drafts import begin_draft, save_answers
from breachdesk.casework.files import Incoming
from breachdesk.casework.open_case import lodging_form, open_case
from breachdesk.casework.people.absences import note_absence
from breachdesk.casework.people.accounts import NewAccount, add_account_within, add_organisation
from breachdesk.casework.people.members import begin_membership
from breachdesk.casework.people.organisations import note_funding
from breachdesk.casework.people.terms import VERSION
from breachdesk.casework.rehearsals.example_answers import ExampleAnswers
from breachdesk.casework.rooms import say_in_room
from breachdesk.identity import THE_OPERATOR
from breachdesk.permissions import NAMED_OR_REVIEWING, role_used
from breachdesk.store.cases import APPOINTMENTS, CASES, PARTIES, read_case
from breachdesk.store.holdings import INTERESTS
from breachdesk.store.people import ACCOUNTS, MEMBERSHIPS, ROLES
from breachdesk.store.roles import account_row
from breachdesk.store.session import Session
from breachdesk.store.tables import table_of
from breachdesk.store.tables_desk import OperatedRow, SchemeRow
from breachdesk.store.visibility import room_of
from breachdesk.workflow.answers import applies

Everything = dict[str, list[tuple[object, ...]]]
SCHEMES, OPERATED = table_of(SchemeRow), table_of(OperatedRow)
CANARY = re.compile(r"canary-[a-z]+-\d+")
ELSEWHERE: dict[str, Any] = {"complainant": "greenway-youth-trust", "respondents": ["harcastle-borough-council"]}
# The organisation that complains unnamed, and its member; its name stands in everything that is typed in its cases.
UNNAMED: dict[str, Any] = {**ELSEWHERE, "complainant": "quiet-kestrel"}
NAMED = re.compile(r"\b(?:quiet[\s_-]+kestrel|wren)\b", re.IGNORECASE)
# Who takes the steps of “ruth” where another organisation complains.
ACTS_FOR = {"greenway-youth-trust": "stella", "quiet-kestrel": "wren"}
# Not a step of the procedure: something is said in a room, with a file.
SAY = "say"
OTHERS: Mapping[str, Mapping[str, Any]] = {
    "elsewhere": ELSEWHERE, "next door": ELSEWHERE, "handed over": {"joined_by": ["tansy-advice"]},
    "unnamed": {**UNNAMED, "identity": "shielded"}, "fronted": {**UNNAMED, "identity": "represented", "represented_by": "hillfoot-network"}}
KEPT_BACK = [case for case, other in OTHERS.items() if "identity" in other]
_DIRECT = (("ruth", "record_direct_contact", {"contacted_on": "2026-03-02", "how": "letter"}),)
_FRIEND = (*_DIRECT, ("omar", "respond", {}), ("ruth", "refer_to_critical_friend", {}), ("olive", "admit", {}),
           ("olive", "appoint_critical_friend", {"critical_friend": "finn@desk.example", "mode": "mediator"}),
           ("finn", "step_down", {}),
           ("olive", "replace_critical_friend", {"critical_friend": "maya@desk.example", "mode": "mediator"}),
           ("maya", "send_update", {}), ("ruth", "report_retaliation", {}),
           ("ruth", SAY, {"room": "the complainant's room"}), ("omar", SAY, {"room": "the respondent's room"}),
           ("maya", SAY, {"room": "the complainant's room"}), ("maya", SAY, {"room": "friend"}), ("olive", SAY, {"room": "shared"}))
_PANEL = (*_FRIEND, ("maya", "end_critical_friend_stage", {"result": "no_agreement"}), ("ruth", "refer_to_panel", {}),
          ("olive", "convene", {"members": ["petra@desk.example", "piers@desk.example", "paul@desk.example"],
                                "chair": "piers@desk.example", "deputy": ""}),
          ("paul", "declare_panel_interest", {}),
          ("olive", "convene_anew", {"members": ["petra@desk.example", "piers@desk.example", "pia@desk.example"],
                                     "chair": "piers@desk.example", "deputy": ""}),
          ("olive", "open_panel", {}), ("petra", SAY, {"room": "panel"}), ("petra", "send_draft", {}),
          ("ruth", "comment", {}), ("omar", "comment", {}))
_CLOSED = (*_PANEL, ("piers", "propose", {}), ("ruth", "accept", {}), ("omar", "accept", {}), ("sid", "record_review", {}),
           ("ruth", "say_how_it_was", {}))
ROADS: Mapping[str, tuple[tuple[str, str, Mapping[str, Any]], ...]] = {
    "received": (("olive", "name_representative", {"party": "respondent", "represented_by": "mossley-advice"}),),
    "told": (*_DIRECT, ("ruth", "name_representative", {"represented_by": "hillfoot-network"}),
             ("omar", "name_representative", {"represented_by": "mossley-advice"})),
    "handed over": (("ruth", "name_representative", {"represented_by": "hillfoot-network"}), *_DIRECT,
                    ("ruth", "name_representative", {"represented_by": "larkmoor-advice"}),
                    ("olive", "name_successor", {"party": "respondent", "successor": "harcastle-borough-council"}),
                    ("wendy", "name_representative", {"represented_by": "mossley-advice"}), ("wendy", "withdraw", {})),
    "friend": _FRIEND,
    "panel": (*_PANEL, ("olive", "pass_to_stand_in", {"stand_in": "stan@desk.example"})),
    "closed": _CLOSED,
    "elsewhere": _CLOSED,
    "next door": _CLOSED,
    "unnamed": _CLOSED,
    "fronted": (*_DIRECT, ("omar", "respond", {})),
}


@dataclass
class World:
    """The desk, the reference of each case, and for each canary where it was planted: (“case”, which, compartment) and the like."""

    desk: Desk
    matrix: Matrix
    references: dict[str, str] = field(default_factory=dict)
    planted: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    rooms: dict[tuple[str, str], str] = field(default_factory=dict)
    files: dict[tuple[str, str], int] = field(default_factory=dict)
    draft: str = ""
    numbers: Any = field(default_factory=lambda: count(1))

    def canary(self, where: str) -> str:
        return f"canary-{where.replace(' ', '')}-{next(self.numbers)}"

    def words(self, case: str) -> str:
        """Something that somebody types in a case: a canary, and the name of whoever complains where it is kept back."""
        return f"{self.canary(case)} of Quiet Kestrel" if case in KEPT_BACK else self.canary(case)

    def may_sing(self, canary: str, name: str) -> bool:
        """Whether somebody may meet this canary."""
        kind, where, compartment = self.planted[canary]
        if kind == "case":
            return compartment in self.matrix.compartments(name, where)
        return name == where or (kind == "concern" and "coordinator" in self.matrix.people[name].roles and self.matrix.people[name].known)

    def names(self, text: str, name: str, *cases: str) -> list[str]:
        """What stands in TEXT of a name that is kept back, for somebody who is told it in none of these CASES; without any, in no case."""
        known = any(self.matrix.knows_who_complains(name, case) for case in cases or KEPT_BACK)
        return [] if known else NAMED.findall(text)

    def leaks(self, text: str, name: str, asked: str = "") -> list[str]:
        """What stands in TEXT that this person may not read: canaries, and references of cases that do not exist for them.

        The reference that they ASKED for themselves may be said again. Who complains unnamed may not be named in what is said of the case.
        """
        case = next((one for one, reference in self.references.items() if reference == asked), "")
        named = self.names(text, name, case) if case in KEPT_BACK else []
        sung = [one for one in sorted(set(CANARY.findall(text))) if not self.may_sing(one, name)]
        return named + sung + [f"{reference} ({case})" for case, reference in self.references.items()
                       if reference in text and reference != asked and not self.matrix.roles(name, case)
                       and not self.matrix.passes_on(name, case)]


def build(desk: Desk, matrix: Matrix, clock: StoppedClock) -> World:
    """Fill a desk with the people and the cases of the matrix; then a day goes by."""
    world = World(desk, matrix)
    _add_people(desk, matrix)
    cast = Cast(desk)
    for case in matrix.cases:
        other = OTHERS.get(case, {})
        sides = {"ruth": ACTS_FOR.get(other.get("complainant", ""), "ruth"), "omar": "hana" if "respondents" in other else "omar"}
        world.references[case] = _lodge(world, getattr(cast, sides["ruth"]), case, other)
        for who, action, answers in ROADS[case]:
            swapped = sides.get(who, who)
            (_say if action == SAY else _take)(world, getattr(cast, swapped), case, action, answers)
    _plant_beside_cases(world, cast)
    _write_what_no_step_writes(world, cast)
    _end_what_is_over(desk, matrix)
    clock.move(days=1)
    _declare_none(world, cast)
    world.planted |= {one: ("case", *where) for one, where in _details(world).items()}
    return world


def _add_people(desk: Desk, matrix: Matrix) -> None:
    def work(session: Session) -> None:
        for name in ("Hillfoot Network", "Tansy Advice", "Mossley Advice", "Larkmoor Advice", "Quiet Kestrel"):
            add_organisation(session, desk, BY_OPERATOR, name, "voluntary")
        _add_scheme_next_door(session)
        known = set(session.connection.exec_driver_sql("SELECT email FROM accounts").scalars())
        for one in matrix.people.values():
            if one.name != "nobody" and f"{one.name}@desk.example" not in known:
                add_account_within(session, desk, BY_OPERATOR, _account(one), HASHED)
        session.connection.exec_driver_sql("UPDATE accounts SET password_hash = ?, terms_version = ?", (HASHED, VERSION))
        for one in matrix.people.values():
            _let_administer(session, desk, one)
    desk.database.transact(work)


def _let_administer(session: Session, desk: Desk, one: Person) -> None:
    for place in one.administers:
        row = account_row(session, email=f"{one.name}@desk.example")
        begin_membership(session, desk, THE_OPERATOR, row.id, {"organisation": place, "kind": "administrator", "from_on": "2026-01-01"})


def _add_scheme_next_door(session: Session) -> None:
    """Another scheme under the same Compact, whose steering group meets summaries only."""
    for table, changed in ((SCHEMES, {"slug": "next-door", "title": "Next door", "reference_prefix": "ND", "reviews": "summaries"}),
                           (OPERATED, {"scheme_id": 2})):
        row = {**session.first(select(table))._asdict(), **changed}
        session.execute(insert(table).values({name: value for name, value in row.items() if name != "id"}))


def _account(one: Person) -> NewAccount:
    places = one.organisations + one.once_of + one.until_then_of
    return NewAccount(f"{one.name}@desk.example", one.name.capitalize(), places, one.roles + one.next_door + one.once_held,
                      "next-door" if one.next_door else SCHEME, one.sector)


def _lodge(world: World, actor: Any, case: str, other: Mapping[str, Any]) -> str:
    with world.desk.database.read() as session:
        form = lodging_form(session, world.desk, actor, SCHEME)
    answers: dict[str, Any] = {**COMPLAINT, **other, "worries": "", "adjustments": "", "effect": "", "contact": ""}
    for ask in form.asks:
        measured = ask.name in ("required", "happened")     # They hold a number and a unit.
        if ask.type in ("line", "text") and not measured and (ask.name in answers or ask.required) and applies(ask, answers):
            answers[ask.name] = world.words(case)
    return open_case(world.desk, actor, SCHEME, answers).reference


def _take(world: World, actor: Any, case: str, name: str, given: Mapping[str, Any]) -> None:
    """Take a step with a canary in everything that is answered in words."""
    with world.desk.database.read() as session:
        read = read_case(session, reference=world.references[case], to_change=False)
        assert read
        action = world.desk.procedure(session, read.head.procedure_digest).actions[name]
        role = role_used(case_roles(actor, read), action)
        answers = ExampleAnswers(session, world.desk, read, action).answers(
            role, {one: value for one, value in given.items() if one != "party"})
        answers = {one: value for one, value in answers.items() if value != ""}
    words = {ask.name for ask in action.asks if ask.type in ("line", "text")}
    party = next((party.id for party in read.parties if party.side == given.get("party") and not party.left), 0)
    declare_none_before(world.desk, actor, world.references[case], action)
    act(world.desk, actor, world.references[case],
        Step(name, {one: world.words(case) if one in words else value for one, value in answers.items()}, party=party))


def _say(world: World, actor: Any, case: str, _: str, given: Mapping[str, Any]) -> None:
    """Say something in a room, with a file but for notes, and a canary in the words and in the file's name."""
    room = given["room"]
    with world.desk.database.read() as session:
        read = read_case(session, reference=world.references[case], to_change=False)
    assert read
    slugs = {f"the {party.side}'s room": f"party-{party.id}" for party in read.parties} | {"friend": "notes"}
    world.rooms[case, room] = slugs.get(room, room)
    declare_none_before(world.desk, actor, world.references[case])
    file = None if room == "friend" else Incoming(f"{world.words(case)}.txt", b"Words in a file.")
    said = say_in_room(world.desk, actor, world.references[case], world.rooms[case, room], world.words(case), file=file)
    if file:
        world.files[case, room] = said.seq


def _declare_none(world: World, cast: Cast) -> None:
    """Everybody who is named in a case or reviews it says that they have no interest in it: before, they read nothing of it."""
    for name in world.matrix.people:
        for case in world.matrix.cases:
            if world.matrix.roles(name, case) & set(NAMED_OR_REVIEWING):
                declare_none_before(world.desk, getattr(cast, name), world.references[case])


def _plant_beside_cases(world: World, cast: Cast) -> None:
    """A complaint that is being written, and a concern: theirs who wrote them."""
    draft, concern = world.canary("draft"), world.canary("concern")
    world.draft = begin_draft(world.desk, cast.ruth, SCHEME)
    save_answers(world.desk, cast.ruth, world.draft, ("title",), {"title": draft})
    note_concern(world.desk, cast.rita, SCHEME, {"what": concern})
    world.desk.database.transact(lambda session: _plant_beside_people(session, world.desk, cast))
    world.planted |= {draft: ("draft", "ruth", ""), concern: ("concern", "rita", "")}


def _plant_beside_people(session: Session, desk: Desk, cast: Cast) -> None:
    """What the addresses about people and organisations name: a funding, and an absence that is yet to come."""
    note_funding(session, desk, THE_OPERATOR, "greenway-youth-trust",
                 {"other": "amberdale-council", "which": "funder", "from_on": "2025-04-01"})
    note_absence(session, desk, THE_OPERATOR, cast.maya.account_id, {
        "role": f"{SCHEME}/critical_friend", "cover": str(cast.cara.account_id), "from_on": "2027-01-04", "to_on": "2027-01-08"})


def _write_what_no_step_writes(world: World, cast: Cast) -> None:
    """An interest of the steering group's; an appointment from before somebody joined a side; a case of the scheme next door."""
    def work(session: Session) -> None:
        number = {case: session.value(select(CASES.c.id).where(CASES.c.reference == one)) for case, one in world.references.items()}
        for case in ("panel", "closed"):
            session.execute(insert(INTERESTS).values(case_id=number[case], account_id=cast.sana.account_id, seq=1))
        for case, who, role in (("received", cast.paula, "stand_in"), ("friend", cast.alma, "critical_friend"),
                                ("closed", cast.kit, "critical_friend"), ("closed", cast.kit, "panel_member")):
            session.execute(insert(APPOINTMENTS).values(case_id=number[case], account_id=who.account_id, role=role, chair=False,
                                                        from_at=world.desk.now(session)))
        session.execute(update(CASES).where(CASES.c.id == number["next door"]).values(scheme_id=2))
    world.desk.database.transact(work)


def _end_what_is_over(desk: Desk, matrix: Matrix) -> None:
    """Memberships and roles that people no longer have ended on the day before the complaints came, or on that day."""
    received = date(2026, 3, 2)

    def end(session: Session, table: Table, who: Any, day: date) -> None:
        session.execute(update(table).where(table.c.account_id.in_(who)).values(from_on=date(2025, 1, 1), to_on=day))

    def work(session: Session) -> None:
        for one in matrix.people.values():
            who = select(ACCOUNTS.c.id).where(ACCOUNTS.c.email == f"{one.name}@desk.example")
            for table, day, over in ((MEMBERSHIPS, received - timedelta(days=1), one.once_of), (MEMBERSHIPS, received, one.until_then_of),
                                     (ROLES, received - timedelta(days=1), one.once_held)):
                if over:
                    end(session, table, who, day)
            if one.deactivated:
                session.execute(update(ACCOUNTS).where(ACCOUNTS.c.id.in_(who)).values(active=False))
    desk.database.transact(work)


def _details(world: World) -> dict[str, tuple[str, str]]:
    """Each canary in a case → (which case, the compartment that it was written into, a party's room by its side)."""
    cases = {reference: case for case, reference in world.references.items()}
    with world.desk.database.read() as session:
        rooms = rooms_named(session.all(select(PARTIES.c.case_id, PARTIES.c.id, PARTIES.c.side).order_by(PARTIES.c.id)))
        rows = session.connection.exec_driver_sql(
            "SELECT c.reference, d.audience, d.value FROM details d JOIN cases c ON c.id = d.subject").all()
    return {one: (cases[reference], rooms.get(audience, audience)) for reference, audience, value in rows for one in CANARY.findall(value)}


def next_day() -> StoppedClock:
    """The clock of a copy of the desk: it stands where that of the first one came to."""
    clock = StoppedClock()
    clock.move(days=1)
    return clock


def rooms_named(parties: Iterable[tuple[int, int, str]]) -> dict[str, str]:
    """The compartments of parties' rooms, from (case, party, side), in the matrix's words: the first of its side, or the other."""
    found: dict[str, str] = {}
    seen: set[tuple[int, str]] = set()
    for case_id, party_id, side in parties:
        found[room_of(party_id)] = f"the {'other ' if (case_id, side) in seen else ''}{side}'s room"
        seen.add((case_id, side))
    return found


def everything_in(desk: Desk) -> Everything:
    """Every row of every table but the sign-ins', which note when they were last used."""
    with desk.database.read() as session:
        tables = session.connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table' AND name != 'sessions'").scalars()
        return {name: [tuple(row) for row in session.connection.exec_driver_sql(f"SELECT * FROM {name}")] for name in list(tables)}

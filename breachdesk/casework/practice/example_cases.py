"""Three years of invented cases on a practice desk, made by driving the real engine with a moved clock: no row is written behind it."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from breachdesk.casework.act import Step, act
from breachdesk.casework.declaring import NONE, declare
from breachdesk.casework.desk import Desk
from breachdesk.casework.files import Incoming
from breachdesk.casework.open_case import open_case
from breachdesk.casework.practice.desk_clock import advance
from breachdesk.casework.practice.example_stories import (
    HISTORY,
    LETTER,
    MATTERS,
    ON_PAPER,
    ROADS,
    SAID_AFTER,
    STANDING,
    UNNAMED,
    Matter,
    RoadStep,
)
from breachdesk.casework.rooms import say_in_room
from breachdesk.clock import LOCAL, local_day
from breachdesk.identity import Actor
from breachdesk.permissions import NAMED_OR_REVIEWING
from breachdesk.store import people
from breachdesk.store.cases import read_case
from breachdesk.timekeeping.calendars import Calendar
from breachdesk.timekeeping.elapsed import latest_working_day

YEARS = 3
CASES_BEFORE = 34
SCHEME = "derby-and-derbyshire"


@dataclass(frozen=True, slots=True)
class Story:
    """One case to be played: what about, from which day, along which steps, and whether people talk in its rooms, too.

    `declares`: whoever is named in it says at once that they have no interest.
    """

    matter: Matter
    lodged_on: date
    steps: tuple[RoadStep, ...]
    talks: bool = False
    declares: bool = True


@dataclass(slots=True)
class Played:
    """A story on its way."""

    story: Story
    reference: str = ""
    cast: dict[str, Actor] = field(default_factory=dict)
    declared: set[int] = field(default_factory=set)


def first_day(today: date) -> date:
    """The day on which a practice desk of today begins."""
    return today - timedelta(days=365 * YEARS + 30)


def play(desk: Desk, today: date, progress: Callable[[int, int], None] = lambda done, all_of_it: None) -> int:
    """Fill a practice desk that stands at its first day with cases up to TODAY; how many there are.

    PROGRESS is told how many of how many steps are done.
    """
    stage = _Stage(desk)
    waiting = [(moment, place, number, played) for place, played in enumerate(Played(story) for story in stage.stories(today))
               for number, moment in enumerate(stage.moments(played.story))]
    heapq.heapify(waiting)
    total = len(waiting)
    while waiting:
        moment, _, number, played = heapq.heappop(waiting)
        advance(desk, moment)
        stage.step(played, number)
        progress(total - len(waiting), total)
    return len({played.reference for played in stage.played})


class _Stage:
    """The desk, its calendar and its people, for the length of a play."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.played: list[Played] = []
        with desk.database.read() as session:
            self.scheme = desk.scheme(session, SCHEME)
            self.calendar: Calendar = desk.calendar(session, self.scheme.calendar_id)
            day = local_day(desk.now(session))
            self.places = {slug: organisation_id for organisation_id, slug, _, _ in people.organisations(session)}
            self.pools = {role: list(people.candidates(session, self.scheme.id, role, day).values())
                          for role in ("coordinator", "critical_friend", "panel_member", "steering_group", "stand_in")}

    def stories(self, today: date) -> Iterator[Story]:
        begin, days, last = first_day(today), 365 * YEARS - 110, latest_working_day(today, self.calendar)
        for number in range(CASES_BEFORE):
            lodged = latest_working_day(begin + timedelta(days=10 + days * number // CASES_BEFORE), self.calendar)
            yield Story(MATTERS[number * 5 % len(MATTERS)], lodged, ROADS[HISTORY[number % len(HISTORY)]])
        for number, (road, steps) in enumerate(STANDING.values()):
            behind = ROADS[road][steps - 1][0]
            yield Story(MATTERS[number % len(MATTERS)], self.calendar.shifted(last, -(behind + 2)), ROADS[road][:steps], talks=True)
        # Nobody has looked at this one, and this one has had its second notice.
        yield Story(MATTERS[2], self.calendar.shifted(last, -8), ())
        yield Story(MATTERS[4], self.calendar.shifted(last, -20), ROADS["settled by the panel"][:2])
        # Its critical friend has just been named, and has not said yet whether they have an interest.
        yield Story(UNNAMED, self.calendar.shifted(last, -19), ROADS["settled by the panel"][:7], declares=False)
        yield Story(ON_PAPER, self.calendar.shifted(last, -6), ROADS["on paper"])

    def moments(self, story: Story) -> Iterator[datetime]:
        """When the complaint is made, and each step taken: during the day, in order."""
        yield _at(story.lodged_on, 0)
        for number, (after, *_) in enumerate(story.steps, 1):
            yield _at(self.calendar.working_day_after(story.lodged_on, after), number)

    def step(self, played: Played, number: int) -> None:
        if number == 0:
            self.played.append(played)
            played.cast = self._cast(played.story.matter)
            played.reference = self._lodge(played)
            return
        _, who, action, answers = played.story.steps[number - 1]
        actor = played.cast[who]
        if who in NAMED_OR_REVIEWING:
            self._declare(played, actor.account_id)
        done = act(self.desk, actor, played.reference, Step(action, {name: self._answer(played, value) for name, value in answers.items()}))
        if played.story.declares and done.decision:
            for one in done.decision.does.appointed:
                self._declare(played, one.account_id)
        if played.story.talks:
            self._talk(played, action)

    def _declare(self, played: Played, account_id: int) -> None:
        """Let somebody say that they have no interest in the case, once."""
        if account_id in played.declared:
            return
        played.declared.add(account_id)
        with self.desk.database.read() as session:
            actor = people.actor_by_id(session, account_id, local_day(self.desk.now(session)))
        if actor:
            declare(self.desk, actor, played.reference, NONE)

    def _talk(self, played: Played, action: str) -> None:
        """What people say in the rooms of a case after a step, and the letter that they add when the other side is told."""
        with self.desk.database.read() as session:
            read = read_case(session, reference=played.reference, to_change=False)
        rooms = {party.side: f"party-{party.id}" for party in read.parties} if read else {}
        for who, room, words in SAID_AFTER.get(action, ()):
            say_in_room(self.desk, played.cast[who], played.reference, rooms.get(room, room), words)
        if action == "record_direct_contact":
            letter = Incoming(LETTER[0], LETTER[1].encode())
            say_in_room(self.desk, played.cast["complainant"], played.reference, "shared", "The letter.", file=letter, belongs_to=1)

    def _lodge(self, played: Played) -> str:
        matter, day = played.story.matter, played.story.lodged_on
        person = played.cast["coordinator" if matter.on_paper else "complainant"]
        answers: dict[str, object] = {
            "complainant": matter.complainant, "contact": f"{person.name}, 01632 960250", "respondents": [matter.respondent],
            "event_on": day - timedelta(days=9), "commitments": list(matter.commitments), "title": matter.title,
            "what_happened": matter.what_happened, "tried": "no", "outcome_sought": matter.sought, "notice_read": True,
            "required": matter.required, "happened": matter.happened}
        if matter.identity:
            answers["identity"] = matter.identity
        if matter.on_paper:
            answers |= {"contact": "Mrs Dale, 4 Mill Lane, Harcastle", "received_on": day, "channel": "post", "read_back": "Mrs Dale"}
        return open_case(self.desk, person, SCHEME, answers).reference

    def _cast(self, matter: Matter) -> dict[str, Actor]:
        """Who plays whom: nobody who belongs to a party helps or sits on a panel."""
        parties = {self.places[matter.complainant], self.places[matter.respondent]}
        cast = {"respondent": self._member(matter.respondent)}
        if not matter.on_paper:
            cast["complainant"] = self._member(matter.complainant)
        for role, pool in self.pools.items():
            free = [one for one in pool if not parties & one.organisations]
            cast[role] = self._actor(free[0].email)
        return cast

    def _member(self, slug: str) -> Actor:
        with self.desk.database.read() as session:
            found = people.recipients(session, self.scheme.id, local_day(self.desk.now(session)), organisation_ids=[self.places[slug]])
        busy = {one.email for pool in self.pools.values() for one in pool}
        return self._actor(next(email for _, _, email in found if email not in busy))

    def _actor(self, email: str) -> Actor:
        with self.desk.database.read() as session:
            found = people.actor_by_email(session, email, local_day(self.desk.now(session)))
        if found is None:
            raise LookupError(f"nobody has the address {email}")
        return found

    def _answer(self, played: Played, value: object) -> object:
        """The words in a story that stand for somebody or some day."""
        parties = {self.places[played.story.matter.complainant], self.places[played.story.matter.respondent]}
        members = [one for one in self.pools["panel_member"] if not parties & one.organisations]
        statutory, voluntary = ([one for one in members if one.sector == sector] for sector in ("statutory", "voluntary"))
        if value == "today":
            with self.desk.database.read() as session:
                return local_day(self.desk.now(session))
        if value == "the respondent":
            with self.desk.database.read() as session:
                read = read_case(session, reference=played.reference, to_change=False)
            return next(str(party.id) for party in read.parties if party.side == "respondent") if read else ""
        return {"friend": played.cast["critical_friend"].email, "stand-in": played.cast["stand_in"].email, "chair": members[0].email,
                "panel": [members[0].email, *(one.email for one in (*statutory[:2], *voluntary[:2]) if one is not members[0])][:3],
                }.get(value, value) if isinstance(value, str) else value


def _at(day: date, number: int) -> datetime:
    return datetime(day.year, day.month, day.day, 9 + number % 8, 10 + number, tzinfo=LOCAL)

"""Can a case get stuck? Checks of a whole procedure, each fault told with the shortest story that leads to it. Pure.

They walk through every status with every pause, role that has been given, and organisation that may not act. That takes longer than reading
the file, so it is done when somebody checks a file or brings it into a desk, not each time that a desk is opened.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from breachdesk.timekeeping.calendars import Calendar
from breachdesk.workflow.attempt import Attempt
from breachdesk.workflow.clock_alone import ClockAlone, Course
from breachdesk.workflow.competing import competing
from breachdesk.workflow.definition import CLOCK, PARTY_SIDES, Procedure
from breachdesk.workflow.exploring import SCHEME_ROLES, Map, Place, Step, title, told
from breachdesk.workflow.facts import CaseFacts, Party
from breachdesk.workflow.guards import MOVES_WHEN
from breachdesk.workflow.in_vain import over_in_vain
from breachdesk.workflow.message_checks import message_faults

# (part of the file, entry in it, what is wrong)
Finding = tuple[str, str, str]
# Roles that stand for one organisation, whose people are out when it is a party: a panel and a steering group are several.
_SEVERAL = frozenset({"panel_member", "steering_group", "representative", CLOCK, *PARTY_SIDES})


@dataclass(frozen=True, slots=True)
class Checked:
    """What the checks found: everything that is wrong, how many places they looked at, and how a case goes when only the clock acts."""

    findings: tuple[Finding, ...]
    places: int
    alone: Course


def check_model(procedure: Procedure, letters: Collection[str]) -> Checked:
    """Check the whole procedure. LETTERS are the names of the letters that there are."""
    whole = Map(procedure)
    clock = ClockAlone(procedure)
    stuck = [*_dead_ends(whole), *_without_time(whole)]
    findings = [*_never(whole), *stuck, *([] if stuck else _never_ends(procedure, clock)), *_forgotten_pauses(whole),
                *competing(whole), *over_in_vain(whole), *message_faults(procedure, letters), *_roles(procedure),
                *_waits_for_ever(procedure)]
    places = len(whole.steps)
    left_to_the_clock = {place.status for place in whole.places() if not _goes_on(whole, place)}
    for role in _may_be_out(procedure):
        fewer = Map(procedure, without=role)
        places += len(fewer.steps)
        findings += _nobody_left(fewer, role, left_to_the_clock)
    return Checked(tuple(findings), places, clock.from_the_beginning())


def _never(whole: Map) -> Iterator[Finding]:
    """What no case ever meets: a status, a step, an outcome."""
    procedure = whole.procedure
    reached = {place.status for place in whole.steps}
    for status in procedure.statuses.values():
        if status.name not in reached:
            yield "statuses", status.name, "no case ever comes here: no action leads here from where a case can be"
    for action in procedure.actions.values():
        if action.name not in whole.taken and reached.intersection(action.sources):
            yield "actions", action.name, f"it can never be taken: {_why_never(procedure, action.name)}"
    outcomes = {action.outcome for action in procedure.actions.values() if action.name in whole.taken}
    yield from (("outcomes", name, "no case ever ends like this: no action has this outcome")
                for name in procedure.outcomes if name not in outcomes)


def _why_never(procedure: Procedure, name: str) -> str:
    action = procedure.actions[name]
    if action.by_clock_only:
        return "no limit that runs there names it under “then”"
    if action.resumes:
        return f"a case is never paused as “{'”, “'.join(action.resumes)}” there"
    return f"nobody has been named as {' or '.join(procedure.roles.get(role, role) for role in action.by if role != CLOCK)} by then"


def _dead_ends(whole: Map) -> Iterator[Finding]:
    """Statuses that a case never leaves again, and those from which it never comes to an end."""
    ending = _those_that_reach(whole, set(whole.places(ended=True)))
    said: set[str] = set()
    for place in whole.places():
        if place in ending or place.status in said:
            continue
        said.add(place.status)
        leaves = any(step.target.status != place.status for step in whole.steps[place])
        stuck = "from here no end can be reached any more" if leaves else "no action leads out of here, and it is not an end"
        yield "statuses", place.status, _story(whole, place, stuck)


def _those_that_reach(whole: Map, goals: set[Place]) -> set[Place]:
    before: dict[Place, list[Place]] = {}
    for place, steps in whole.steps.items():
        for step in steps:
            before.setdefault(step.target, []).append(place)
    found, waiting = set(goals), list(goals)
    while waiting:
        new = [one for one in before.get(waiting.pop(), ()) if one not in found]
        found.update(new)
        waiting += new
    return found


def _without_time(whole: Map) -> Iterator[Finding]:
    """Waiting statuses that the clock never leaves, or where nobody who is waited for is reminded."""
    procedure = whole.procedure
    for place in whole.waiting():
        status = procedure.statuses[place.status]
        if not any(step.limit and step.target.status != place.status for step in whole.steps[place]):
            yield "statuses", status.name, _story(
                whole, place, "nothing happens by itself when nobody acts here: give a limit with “then”")
        reminded = {role for rule in whole.running(place) for role in _reminded_by(procedure, rule.name)}
        if status.waits_for and not reminded.intersection(status.waits_for):
            waited = " or ".join(procedure.roles.get(role, role) for role in status.waits_for)
            yield "statuses", status.name, _story(whole, place, f"it waits for {waited}, whom no limit reminds: give one with “remind”")


def _reminded_by(procedure: Procedure, limit: str) -> Iterator[str]:
    rule = procedure.limits[limit]
    for rung in rule.rungs:
        for name in rung.tells:
            for role in procedure.notices[name].to:
                yield from (PARTY_SIDES if rule.each in ("party", "remedy") else (rule.each,)) if role == "subject" else (role,)


def _forgotten_pauses(whole: Map) -> Iterator[Finding]:
    """Pauses in which nothing runs, so that nobody is ever reminded to end them."""
    said: set[str] = set()
    for place in whole.places():
        for name in sorted(place.paused - said):
            if place.paused == {name} and not any(rule.rungs or rule.then for rule in whole.running(place)):
                said.add(name)
                opened = next(one.name for one in whole.procedure.actions.values() if one.stops and one.stops.name == name)
                yield "actions", opened, _story(
                    whole, place, f"while the case is paused as “{name}” nothing runs, and nobody is reminded to end the pause: "
                    "give a limit with “started by”")


def _may_be_out(procedure: Procedure) -> Iterator[str]:
    """Roles that one organisation's people hold: it may be a party of the case, and then they may not act."""
    acting = {role for action in procedure.actions.values() for role in action.by}
    return (role for role in procedure.roles if role in acting and role not in _SEVERAL)


def _nobody_left(fewer: Map, role: str, anyway: set[str]) -> Iterator[Finding]:
    """Statuses and pauses that nobody but the clock can end when the people of one role may not act, and otherwise somebody can."""
    who = fewer.procedure.roles[role]
    said = set(anyway)
    for place in fewer.places():
        if place.status in said:
            continue
        if not _goes_on(fewer, place):
            said.add(place.status)
            yield "statuses", place.status, _story(
                fewer, place, f"nobody may act here if the organisation of {who} is a party: let somebody else take a step that goes on")
        elif place.paused and not any(len(step.target.paused) < len(place.paused) for step in fewer.steps[place]):
            said.add(place.status)
            pause = "”, “".join(sorted(place.paused))
            yield "statuses", place.status, _story(
                fewer, place, f"nobody may end the pause “{pause}” here if the organisation of {who} is a party")


def _goes_on(among: Map, place: Place) -> bool:
    """Whether somebody, and not only the clock, can take the case on from here."""
    return any(step.by and step.target.status != place.status and not _gives_up(among, place, step) for step in among.steps[place])


def _gives_up(among: Map, place: Place, step: Step) -> bool:
    """Whether the step only ends the case, by a party for whom the status does not wait."""
    statuses = among.procedure.statuses
    waited_for = step.by.difference(PARTY_SIDES) or step.by.intersection(statuses[place.status].waits_for)
    return statuses[step.target.status].final and not waited_for


def _waits_for_ever(procedure: Procedure) -> Iterator[Finding]:
    """Steps that wait for everybody's turn and do not count it: the case would stay where it is even when all have taken the step."""
    day = date(2000, 1, 3)
    calendar = Calendar("any", "Any", day, day, day, {})
    for action in procedure.actions.values():
        parties = tuple(Party(number, number, side, side, "", frozenset({action.name})) for number, side in enumerate(PARTY_SIDES, 1))
        facts = CaseFacts("", action.sources[0] if action.sources else "", day, 0, parties, calendar)
        if action.moves_when and not MOVES_WHEN[action.moves_when](Attempt(facts, {}, 0, day)):
            yield "actions", action.name, f"it moves the case when “{action.moves_when}”, which does not count this step: it never would"


def _never_ends(procedure: Procedure, clock: ClockAlone) -> Iterator[Finding]:
    """Statuses from which the clock alone never comes to an end; one that only leads to such a status is not named again."""
    said: set[str] = set()
    for status in procedure.statuses.values():
        course = clock.from_status(status.name)
        if course.ends or status.final or said.intersection(one for _, _, one in course.steps):
            continue
        said.update([status.name, *(one for _, _, one in course.steps)])
        yield "statuses", status.name, f"when nobody but the clock acts from here on, a case may never end: {_for_ever(procedure, course)}"


def _for_ever(procedure: Procedure, course: Course) -> str:
    names = [name for _, name, _ in course.steps]
    once = next((place for place, name in enumerate(names) if name in names[:place]), len(names))
    steps = [f"on day {day} “{title(procedure, procedure.actions[name])}”" for day, name, _ in course.steps[:once]]
    nothing = f"{'and then ' if steps else ''}the clock may find nothing that it can do"
    return ", ".join([*steps, "and so on" if once < len(names) else nothing])


def _roles(procedure: Procedure) -> Iterator[Finding]:
    """Roles that nobody can hold: neither a party's nor a scheme's, and given by no action."""
    given = {one.effects.appoints.role for one in procedure.actions.values() if one.effects.appoints}
    for role in procedure.roles:
        if role not in (*PARTY_SIDES, "representative", CLOCK, *SCHEME_ROLES, *given):
            yield "roles", role, "nobody can hold it: no action gives it (appoints: …), and it is no role of a scheme or a party"


def _story(whole: Map, place: Place, what: str) -> str:
    return f"{what}. For example: {told(whole.procedure, whole.way(place))}."

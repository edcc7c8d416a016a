"""Rehearsals as stories that a committee can read: who does what on which day, and where the case is then. Nothing is played here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from breachdesk.casework.procedures.setting_up import shipped_procedures, shipped_rehearsals
from breachdesk.errors import NotFound
from breachdesk.timekeeping.said import said_date
from breachdesk.workflow.definition import PARTY_SIDES, Procedure
from breachdesk.workflow.rehearsing import Day, Rehearsal, Scene, load_rehearsal
from breachdesk.workflow.wording import say


@dataclass(frozen=True, slots=True)
class SceneShown:
    """One step of a story in words. `clock` is what the clock does on the way there; `who` is empty where only time passes."""

    day: str
    clock: tuple[str, ...]
    who: str
    does: str
    refused: bool
    then: str


@dataclass(frozen=True, slots=True)
class StoryShown:
    """A rehearsal in words."""

    name: str
    title: str
    shows: str
    procedure: str
    scenes: tuple[SceneShown, ...]
    end: str


def stories() -> tuple[StoryShown, ...]:
    """Every story that comes with the product, by its file's name."""
    return tuple(_stories().values())


def story_named(name: str) -> StoryShown:
    """One story. Raises NotFound."""
    found = _stories().get(name)
    if found is None:
        raise NotFound("There is no such story.")
    return found


@lru_cache(maxsize=1)
def _stories() -> Mapping[str, StoryShown]:
    procedures = shipped_procedures()
    found = {file.stem: load_rehearsal(file.read_text("utf-8"), file.name, procedures) for file in shipped_rehearsals()}
    return {name: _shown(name, one, procedures[one.procedure]) for name, one in found.items()}


def _shown(name: str, rehearsal: Rehearsal, procedure: Procedure) -> StoryShown:
    words = {side: rehearsal.people[side].named for side in PARTY_SIDES}
    scenes = tuple(_scene(scene, rehearsal, procedure, words, first=place == 0) for place, scene in enumerate(rehearsal.story))
    end = rehearsal.end.outcome or rehearsal.end.status
    said = procedure.outcomes.get(end) or procedure.statuses[end].title if end else ""
    return StoryShown(name, rehearsal.title, rehearsal.shows, f"{procedure.title}, version {procedure.version}", scenes, said)


def _scene(scene: Scene, rehearsal: Rehearsal, procedure: Procedure, words: Mapping[str, str], *, first: bool) -> SceneShown:
    action = procedure.actions.get(scene.does)
    status = procedure.statuses.get(scene.expect.status)
    return SceneShown(
        _day(scene.when, rehearsal) if scene.when or first else "The same day",
        tuple(say(procedure.actions[one].title, words) for one in scene.clock_does),
        _who(scene.who, rehearsal, procedure), say(action.title, words) if action else "", bool(scene.expect.refused),
        status.title if status else "")


def _day(day: Day | None, rehearsal: Rehearsal) -> str:
    if day is None:
        return said_date(rehearsal.begins)
    if day.on:
        return said_date(day.on)
    return str(day).capitalize() if day.later or day.n else "The first day"


def _who(part: str, rehearsal: Rehearsal, procedure: Procedure) -> str:
    """A part as people call it: the organisation or person who plays it, otherwise the role."""
    person = rehearsal.people.get(part)
    role = procedure.roles.get(person.holds if person and person.holds else part, part)
    return person.named if person and person.named else f"{role[:1].upper()}{role[1:]}"

"""Steps that whoever coordinates enters for a side, because it wrote, telephoned or came: what the desk asks about that, first of all.

No procedure's file asks it. A side that nobody with an account belongs to has all its steps entered so, also those that the file gives
to the sides alone: nobody loses a right for want of a computer.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date

from breachdesk.timekeeping.said import said_day
from breachdesk.workflow.definition import PARTY_SIDES, Action, Ask
from breachdesk.workflow.facts import Party

SCRIBES = ("coordinator", "stand_in")
ASKED, SAID_BY, CHANNEL, CAME_ON = "behalf", "behalf_said_by", "behalf_channel", "behalf_came_on"
READ_BACK, READ_BACK_TO, READ_BACK_ON = "behalf_read_back", "behalf_read_back_to", "behalf_read_back_on"
CHANNELS = {"post": "By letter", "phone": "By telephone", "in_person": "In person", "email": "By email", "other": "In another way"}
_TOLD = "side"
_ABOUT_IT = (
    Ask(SAID_BY, "Who said it?", "line", hint="Their name, and what they are in the organisation.", seen_by="coordinator"),
    Ask(CHANNEL, "How did it reach the desk?", "choice", choices=CHANNELS),
    Ask(CAME_ON, "When did it reach the desk?", "date", not_after="today",
        hint="The day it arrived, not the day you enter it. A limit that ended after that day was met in time."),
    Ask(READ_BACK, "Did you read back to them what you enter here?", "yes or no", required=False),
    Ask(READ_BACK_TO, "To whom?", "line", required=False, when=(READ_BACK, "yes"), seen_by="coordinator"),
    Ask(READ_BACK_ON, "When?", "date", required=False, when=(READ_BACK, "yes"), not_after="today"))
_WHO = Ask(ASKED, "Whose step is this?", "choice", required=False, hint="If you choose nothing, it is recorded as your own.",
           choices={_TOLD: "One of the sides told me, and I enter it for them", "own": "My own"})


def behalf_asks(action: Action, role: str) -> tuple[Ask, ...]:
    """What is asked of whoever coordinates about a step that a side could take itself; nothing of everybody else.

    A step that one party takes at a time is always somebody's; for others, that it is theirs is asked first.
    """
    if role not in SCRIBES or action.opens or not is_a_sides(action):
        return ()
    if action.each or role not in action.by:
        return _ABOUT_IT
    return (_WHO, *(replace(ask, when=ask.when or (ASKED, _TOLD)) for ask in _ABOUT_IT))


def is_a_sides(action: Action) -> bool:
    return not set(PARTY_SIDES).isdisjoint(action.by)


def came_on(answers: Mapping[str, object]) -> date | None:
    """The day on which a step that is entered for somebody reached the desk."""
    given = answers.get(CAME_ON)
    return given if isinstance(given, date) else None


def recorded_for(action: Action, roles: Collection[str], parties: Collection[Party]) -> str:
    """The role in which somebody enters a step that the file gives to the sides alone; "" when they do not.

    They do for a side that nobody with an account belongs to.
    """
    scribe = next((role for role in SCRIBES if role in roles), "")
    return scribe if scribe and is_a_sides(action) and any(one.on_paper and one.side in action.by for one in parties) else ""


def how_it_came(answers: Mapping[str, object], entered: date) -> str:
    """“By letter, received on Monday 2 March 2026, entered on Wednesday 4 March 2026”; "" for what was not entered for somebody."""
    day, channel = answers.get(CAME_ON), answers.get(CHANNEL)
    if not isinstance(day, str) or not isinstance(channel, str):
        return ""
    return f"{CHANNELS.get(channel, channel)}, received on {said_day(date.fromisoformat(day))}, entered on {said_day(entered)}"

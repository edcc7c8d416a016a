"""Where a message's text comes from: the procedure that the case is under, one that it was under before, or the desk's own messages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from breachdesk.casework.desk import Desk
from breachdesk.store import audit_log
from breachdesk.store.session import Session
from breachdesk.store.visibility import PANEL, SHARED, party_of_room
from breachdesk.timekeeping.said import said_day
from breachdesk.workflow.definition import Notice, Procedure
from breachdesk.workflow.facts import CaseFacts
from breachdesk.workflow.wording import say

GLASS_BROKEN = "glass-broken"
NEW_DAYS, NEW_CALENDAR = NEW_DAY_MESSAGES = "new-days", "new-calendar"
# What stands beside a message for which nobody has an account.
NOBODY_TO_TELL = "nobody to tell"
SHARED_MESSAGE, ROOM_MESSAGE, PANEL_MESSAGE = "message-to-all", "message-in-a-room", "message-of-the-panel"
# Messages about what was said in a room: they go to those who read there, and never hold the words.
OF_ROOMS = (SHARED_MESSAGE, ROOM_MESSAGE, PANEL_MESSAGE)
# Who speaks to whom when in rooms that the coordinator does not read is not the coordinator's to see.
NOT_THE_COORDINATORS = (ROOM_MESSAGE, PANEL_MESSAGE)
_THERE = "Read it on the case's page, under “Rooms”. What was said is not in this message."
NAME_MAY_BE_SHOWN, NAME_TO_DECIDE, NAME_SHOWN, NAME_STAYS_BACK = "name-may-be-shown", "name-to-decide", "name-shown", "name-stays-back"
# What no procedure's file can say, because it is about a change of the file or the calendar, or beside the procedure.
_OWN = {
    NAME_MAY_BE_SHOWN: Notice(
        NAME_MAY_BE_SHOWN, ("subject",), "Your name may be shown ({reference})",
        "The coordinator has asked that the name of {complainant} be shown to everybody in the case. Somebody else decides about that, "
        "from {decide_from} on. Until then you can say what you think of it: write to the coordinator. Why it was asked for stands on the "
        "page “Who may see the name” of the case."),
    NAME_TO_DECIDE: Notice(
        NAME_TO_DECIDE, ("coordinator", "steering_group"), "Shall a name be shown? ({reference})",
        "It was asked that the name of the organisation that complains be shown to everybody in the case. Whoever did not ask for it "
        "decides, from {decide_from} on, on the page “Who may see the name” of the case."),
    NAME_SHOWN: Notice(
        NAME_SHOWN, ("complainant", "respondent"), "The organisation that complains is named now ({reference})",
        "From now on everybody in the case sees the name of {complainant}."),
    NAME_STAYS_BACK: Notice(
        NAME_STAYS_BACK, ("subject",), "Your name is not shown ({reference})",
        "It was asked that the name of {complainant} be shown. That was refused: it stays as it was."),
    GLASS_BROKEN: Notice(GLASS_BROKEN, ("complainant", "respondent"), "Your case's papers were opened in an emergency ({reference})",
                         "Somebody who is not part of the case of {complainant} and {respondent} has opened its shared papers for one "
                         "hour. Who it was, and why, is on the case page. If you do not understand why, ask the coordinator."),
    SHARED_MESSAGE: Notice(SHARED_MESSAGE, (), "A new message in your case ({reference})",
                           f"There is a new message in the shared room of the case {{reference}}. {_THERE}"),
    ROOM_MESSAGE: Notice(ROOM_MESSAGE, (), "A new message in your case ({reference})",
                         f"There is a new message in the room that only one organisation and the critical friend read. {_THERE}"),
    PANEL_MESSAGE: Notice(PANEL_MESSAGE, (), "A new message in your case ({reference})",
                          f"There is a new message in the panel's own room. {_THERE}"),
    NEW_DAYS: Notice(NEW_DAYS, ("complainant", "respondent"), "New days in your case ({reference})",
                         "The case of {complainant} and {respondent} now goes by another version of the procedure. {new_days} "
                         "Every other day stays."),
    NEW_CALENDAR: Notice(NEW_CALENDAR, ("complainant", "respondent"), "New days in your case ({reference})",
                         "The calendar of working days was changed, so the case of {complainant} and {respondent} has new days. "
                         "{new_days} No day has become an earlier one, and every other day stays.")}


def message_notice(compartment: str) -> str:
    """The message that tells of something said in a compartment; "" for notes, of which nobody is told."""
    if party_of_room(compartment):
        return ROOM_MESSAGE
    return {SHARED: SHARED_MESSAGE, PANEL: PANEL_MESSAGE}.get(compartment, "")


def notice_named(session: Session, desk: Desk, case_id: int, digest: str, name: str) -> Notice | None:
    """The message of that name, for a case that is under the version DIGEST now. One that waited while the case was moved is found too."""
    found = _OWN.get(name) or desk.procedure(session, digest).notices.get(name)
    earlier = iter(() if found else audit_log.earlier_procedures(session, case_id))
    while found is None and (one := next(earlier, None)):
        found = desk.procedure(session, one).notices.get(name)
    return found


def new_days(procedure: Procedure, facts: CaseFacts, days: Mapping[str, date], words: Mapping[str, str]) -> str:
    """“The panel's statement: by Monday 30 March 2026.” for each limit that has a new day. DAYS are named as “limit/subject”."""
    said = []
    for key, day in days.items():
        limit, _, subject = key.partition("/")
        if rule := procedure.limits.get(limit):
            party = facts.whose(rule.each, int(subject))
            whose = f" ({party.name})" if party else ""
            said.append(f"{say(rule.title, words)}{whose}: by {said_day(day)}.")
    return " ".join(said)

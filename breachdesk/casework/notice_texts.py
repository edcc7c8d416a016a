"""Where a message's text comes from: the procedure that the case is under, one that it was under before, or the desk's own messages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from breachdesk.casework.desk import Desk
from breachdesk.store import audit_log
from breachdesk.store.session import Session
from breachdesk.workflow.definition import Notice, Procedure
from breachdesk.workflow.facts import CaseFacts
from breachdesk.workflow.wording import say

NEW_DAYS = "new-days"
# What no procedure's file can say, because it is about a change of the file.
_OWN = {NEW_DAYS: Notice(NEW_DAYS, ("complainant", "respondent"), "New days in your case ({reference})",
                         "The case of {complainant} and {respondent} now goes by another version of the procedure. {new_days} "
                         "Every other day stays.")}


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
            said.append(f"{say(rule.title, words)}{whose}: by {day:%A} {day.day} {day:%B %Y}.")
    return " ".join(said)

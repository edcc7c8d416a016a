"""The desk's own log in words: who signed in, what was set up, when a practice desk's clock was moved. It holds no words about cases.

Concerns are left out, and entries numbered as if they were not there: between whose sign-in and sign-out an entry stands would tell who
noted a concern, which only its author and the coordinator may know. They read it under “Concerns”.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from breachdesk.audit.chain import read_body
from breachdesk.casework import people_in_log
from breachdesk.clock import local_day
from breachdesk.identity import THE_CLOCK, THE_OPERATOR
from breachdesk.store import log_reading, people
from breachdesk.store.session import Session
from breachdesk.timekeeping.said import said_date, said_day
from breachdesk.workflow.wording import counted

PAGE = 50
_Facts = Mapping[str, Any]
_Names = Mapping[int, str]


_LEFT_OUT = ("concern:noted", "concern:led_to_case")


@dataclass(frozen=True, slots=True)
class LogLine:
    """An entry of the desk's own log, with its number among those that are shown."""

    number: int
    at: datetime
    event: str
    actor: str
    says: str


def desk_log(session: Session, before: int | None = None) -> tuple[list[LogLine], int | None]:
    """The newest entries below a number, and the number below which the next page begins (None at the end)."""
    found = log_reading.desk_entries(session, before, PAGE + 1, but=_LEFT_OUT)
    entries: list[tuple[int, str, Any]] = [(number, event, read_body(body)) for number, event, body in found[:PAGE]]
    named = {one for _, _, content in entries
             for one in (content["actor"], content["facts"].get("account", 0), content["facts"].get("cover", 0),
                         content["facts"].get("proposed_by", 0), content["facts"].get("asked_by", 0))}
    organisations = {one[0]: one[2] for one in people.organisations(session)}
    names = {**people.names_of(session, sorted(named)), THE_CLOCK.account_id: THE_CLOCK.name, THE_OPERATOR.account_id: THE_OPERATOR.name}
    lines = [LogLine(number, datetime.fromisoformat(content["at"]), event, names.get(content["actor"], "Somebody"),
                     _said(event, content["facts"], names, organisations)) for number, event, content in entries]
    return lines, lines[-1].number if lines and len(found) > PAGE else None


def _said(event: str, facts: _Facts, names: _Names, organisations: _Names) -> str:
    says = _SAYS.get(event)
    return says(facts, names, organisations) if says else event


def _clock_moved(facts: _Facts, names: _Names, organisations: _Names) -> str:
    begin, end = (said_day(local_day(datetime.fromisoformat(facts[side]))) for side in ("from", "to"))
    return f"The clock of this practice desk was moved from {begin} to {end}."


def _account_added(facts: _Facts, names: _Names, organisations: _Names) -> str:
    roles = ", ".join(role.replace("_", " ") for role in facts["roles"])
    places = ", ".join(organisations.get(one, "an organisation") for one in facts["organisations"])
    hats = "; ".join(part for part in (f"at {places}" if places else "", f"as {roles}" if roles else "") if part)
    return f"An account was made for {names.get(facts['account'], 'somebody')}{', ' + hats if hats else ''}."


def _published(facts: _Facts, names: _Names, organisations: _Names) -> str:
    alone = f"by one person alone, in the single-officer mode of “{facts['single_officer']}”" if facts["single_officer"] else ""
    how = alone or f"as proposed by {names.get(facts['proposed_by'], 'somebody')}"
    return f"Version {facts['version']} of the procedure “{facts['procedure']}” was published, {how} (file {facts['digest'][:12]}…)."


def _lost(facts: _Facts) -> str:
    if facts["known"] > facts["entries"]:
        return f", and {facts['known']:,} had been signed for: those between were lost"
    return "" if facts["known"] else ", and nobody could say how many came after them"


_SETTLED = {"controller": "the data controller", "calendar": "the calendar", "words": "what the sectors are called",
            "reviews": "what the steering group reviews", "retention": "how long words and files are kept"}
# One sentence for each event of the desk itself; `events.EVENTS` says what each carries.
_SAYS: Mapping[str, Callable[[_Facts, _Names, _Names], str]] = {
    **people_in_log.SAYS,
    "desk:created": lambda facts, names, _: "This practice desk was made." if facts["practice"] else "This desk was made.",
    "desk:clock_moved": _clock_moved,
    "reads:noted": lambda facts, names, _: (
        f"Pages about cases that were read: {sum(one['times'] for one in facts['reads'])}, by "
        f"{counted(len({one['account'] for one in facts['reads']}), 'person', 'people')}."),
    "desk:backed_up": lambda facts, *_: (
        f"A backup of this desk was made{', enciphered' if facts['enciphered'] else ', not enciphered'}"
        f"{', with its keys' if facts['with_keys'] else ''}."),
    "desk:restored": lambda facts, *_: (
        f"A backup of {said_day(local_day(datetime.fromisoformat(facts['made_at'])))} was restored. The log had {facts['entries']:,} "
        f"sealed entries in it{_lost(facts)}. Since then it goes on under another name, signed by another key: {facts['key']}."),
    "messages:released": lambda facts, *_: (
        f"{facts['waiting']:,} messages that were held back since a backup was restored "
        f"{'are not to be sent' if facts['dropped'] else 'were let go'}."),
    "figures:kept": lambda facts, *_: f"The figures as they stood in {facts['month']} were kept (digest {facts['digest'][:12]}…).",
    "log:key_made": lambda facts, names, _: f"The key that signs this log was made: {facts['key']}.",
    "log:key_changed": lambda facts, names, _: f"The key that signs this log was changed. The new one: {facts['key']}.",
    "log:key_lost": lambda facts, names, _: f"The key that signed this log was lost, and a new one was made: {facts['key']}.",
    "log:exported": lambda facts, names, _: (
        f"The log was handed out as a file ({facts['format']}){', only of ' + facts['only'] if facts['only'] else ''}."),
    "log:reader_added": lambda facts, names, _: (
        f"Somebody of the {facts['sector']} sector is sent what was signed of this log from now on, and keeps it."),
    "log:reader_removed": lambda facts, names, _: (
        f"Somebody of the {facts['sector']} sector is no longer sent what was signed of this log."),
    "compact:adopted": lambda facts, names, _: f"The Compact “{facts['compact']}” was taken in (file {facts['file_digest'][:12]}…).",
    "compact:changed": lambda facts, names, _: (
        f"What the desk holds about the Compact “{facts['compact']}” was renewed (file {facts['file_digest'][:12]}…)."),
    "edition:imported": lambda facts, names, _: (
        f"The wording of edition {facts['edition']} of “{facts['compact']}” was imported: {facts['status']}, dated "
        f"{said_date(date.fromisoformat(facts['dated_on']))} (file {facts['file_digest'][:12]}…)."),
    "procedure:added": lambda facts, names, _: (
        f"The procedure “{facts['procedure']}”, version {facts['version']}, was taken in (file {facts['digest'][:12]}…)."),
    "procedure:proposed": lambda facts, names, _: (
        f"Version {facts['version']} of the procedure “{facts['procedure']}” was proposed for publication (file {facts['digest'][:12]}…)."),
    "procedure:published": _published,
    "scheme:procedure_used": lambda facts, names, _: (
        f"The scheme “{facts['scheme']}” lets new cases begin under version {facts['version']} of the procedure “{facts['procedure']}” "
        f"from {said_date(date.fromisoformat(facts['from']))}."),
    "scheme:single_officer": lambda facts, names, _: (
        f"In the scheme “{facts['scheme']}” one person may {'now' if facts['allowed'] else 'no longer'} do what otherwise takes two."),
    "move:began": lambda facts, names, _: (
        f"Move {facts['move']} of open cases to another version began (plan {facts['plan_digest'][:12]}…)."),
    "move:ended": lambda facts, names, _: (
        f"Move {facts['move']} of open cases ended: {facts['moved']} went over, {facts['refused']} could not."),
    "move:reverted": lambda facts, names, _: (
        f"Move {facts['move']} of open cases was taken back: {facts['reverted']} went back, {facts['left']} had been touched since."),
    "calendar:added": lambda facts, names, _: (
        f"The working days of “{facts['calendar']}” were taken in, from {facts['first'][:4]} to {facts['last'][:4]}."),
    "calendar:changed": lambda facts, names, _: (
        f"The calendar {facts['calendar']} was changed: {len(facts['added'])} days more, {len(facts['removed'])} fewer. "
        f"{facts['moved']} deadlines in {facts['cases']} cases got a later day; {facts['kept']} would have become earlier and were kept."),
    "scheme:created": lambda facts, names, _: f"The scheme “{facts['scheme']}” was set up (file {facts['file_digest'][:12]}…).",
    "scheme:settled": lambda facts, names, _: (
        f"In the scheme “{facts['scheme']}” this was settled anew: {_SETTLED[facts['what']]}{': ' + facts['to'] if facts['to'] else ''}."),
    "mail:tried": lambda facts, names, _: (
        f"{names.get(facts['account'], 'Somebody')} had a test message sent to their own address; "
        f"{'it was handed over' if facts['taken'] else 'it could not be sent'}."),
    "scheme:operates": lambda facts, names, _: (
        f"The scheme “{facts['scheme']}” works by edition {facts['edition']} from "
        f"{said_date(date.fromisoformat(facts['from']))}."),
    "organisation:added": lambda facts, names, organisations: (
        f"{organisations.get(facts['organisation'], 'An organisation')} was added ({facts['sector']} sector)."),
    "account:added": _account_added,
    "account:password_changed": lambda facts, names, _: f"{names.get(facts['account'], 'Somebody')} chose a new password.",
    "account:second_factor_set_up": lambda facts, names, _: (
        f"{names.get(facts['account'], 'Somebody')} set up a second step of signing in."),
    "account:second_factor_removed": lambda facts, names, _: (
        f"The second step of signing in was removed for {names.get(facts['account'], 'somebody')}."),
    "account:passkey_added": lambda facts, names, _: f"{names.get(facts['account'], 'Somebody')} added a passkey to sign in with.",
    "account:passkey_removed": lambda facts, names, _: f"{names.get(facts['account'], 'Somebody')} removed a passkey.",
    "account:address_changed": lambda facts, names, _: f"{names.get(facts['account'], 'Somebody')} has a new address for mail.",
    "session:began": lambda facts, names, _: f"{names.get(facts['account'], 'Somebody')} signed in.",
    "session:ended": lambda facts, names, _: f"{names.get(facts['account'], 'Somebody')} signed out.",
}

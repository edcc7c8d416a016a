"""What is known of an organisation over time: what it is, its names, who came before and after it, who funds whom.

Each change is one entry of the desk's own log, with days and ids and no words. `organisations_shown` reads it all.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from breachdesk.audit.chain import Doer
from breachdesk.casework.desk import Desk
from breachdesk.casework.people.accounts import SECTORS, add_organisation
from breachdesk.clock import local_day
from breachdesk.errors import Invalid, NotFound, Refused
from breachdesk.identity import THE_OPERATOR, Actor
from breachdesk.permissions import Permission, office_in, require
from breachdesk.store import organisations as rows
from breachdesk.store import people
from breachdesk.store.audit_log import record_for_desk
from breachdesk.store.session import Session
from breachdesk.timekeeping.said import said_date
from breachdesk.workflow.answers import Offered, read_answers
from breachdesk.workflow.definition import Ask
from breachdesk.workflow.facts import Answers

CHANGE = (
    Ask("sector", "Which sector is it in?", "choice", choices={one: one.capitalize() for one in SECTORS}),
    Ask("kind", "What is it?", "line", required=False, hint="For example: district council, charity."),
    Ask("area", "Where does it work?", "line", required=False),
    Ask("signatory_from", "When did it sign the Compact?", "date", required=False, hint="Leave it empty if it has not signed."),
    Ask("signatory_to", "On which day did that end?", "date", required=False, not_before="signatory_from"))
NEW = (Ask("name", "What is it called?", "line"), *CHANGE[:3])
RENAME = (
    Ask("name", "What is it called now?", "line"),
    Ask("from_on", "From which day?", "date", not_after="today", hint="The name until then stays with what happened before that day."))
OTHER = "other"
SUCCESSION = (
    Ask(OTHER, "Which other organisation?", "organisation"),
    Ask("which", "Which came first?", "choice",
        choices={"predecessor": "The other one came before it", "successor": "The other one came after it"}),
    Ask("from_on", "On which day did one take the other's place?", "date"))
FUNDING = (
    Ask(OTHER, "Which other organisation?", "organisation"),
    Ask("which", "Who pays?", "choice", choices={"funded": "It funds the other one", "funder": "The other one funds it"}),
    Ask("from_on", "From which day?", "date"),
    Ask("to_on", "Until which day?", "date", required=False, not_before="from_on", hint="Leave it empty if it goes on."))
FUNDING_END = (Ask("to_on", "What was the last day?", "date"),)


def enter_organisation(session: Session, desk: Desk, actor: Actor, raw: Mapping[str, object]) -> str:
    """Add an organisation; its short name. Raises NotPermitted, Invalid, or Refused when there is one of that name."""
    require(actor, Permission.CHANGE_ORGANISATIONS)
    answers = read_answers(NEW, raw, Offered(), local_day(desk.now(session)))
    return add_organisation(session, desk, Doer(actor.account_id, office_in(actor, None)), str(answers["name"]), str(answers["sector"]),
                            kind=str(answers.get("kind", "")), area=str(answers.get("area", "")))


def change_organisation(session: Session, desk: Desk, actor: Actor, slug: str, raw: Mapping[str, object]) -> None:
    """Change what an organisation is. Raises NotPermitted, NotFound or Invalid."""
    row, doer, answers = _asked(session, desk, actor, slug, CHANGE, raw)
    wanted = {"sector": answers["sector"], "kind": answers.get("kind", ""), "area": answers.get("area", ""),
              "signatory_from": answers.get("signatory_from"), "signatory_to": answers.get("signatory_to")}
    if wanted["signatory_to"] and not wanted["signatory_from"]:
        raise Invalid({"signatory_from": "Enter when it signed, if you know when that ended"})
    if changed := {name: value for name, value in wanted.items() if getattr(row, name) != value}:
        rows.change_organisation(session, row.id, **changed)
        _record(session, desk, doer, "organisation:changed", organisation=row.id, changed=sorted(changed))


def rename_organisation(session: Session, desk: Desk, actor: Actor, slug: str, raw: Mapping[str, object]) -> None:
    """Give an organisation another name from a day on; its short name stays. Raises NotPermitted, NotFound or Invalid."""
    row, doer, answers = _asked(session, desk, actor, slug, RENAME, raw)
    name, from_on = str(answers["name"]).strip(), _day(answers, "from_on")
    if not name.isprintable() or name == row.name:
        raise Invalid({"name": "Enter a name that it has not got already, in letters that can be printed"})
    before = rows.former_names(session, row.id)
    if before and from_on <= before[-1].until_on + timedelta(days=1):
        raise Invalid({"from_on": f"It is called {row.name} only since {said_date(before[-1].until_on + timedelta(days=1))}. Choose a "
                                  "later day"})
    rows.insert_former_name(session, row.id, row.name, from_on - timedelta(days=1))
    rows.change_organisation(session, row.id, name=name)
    _record(session, desk, doer, "organisation:renamed", organisation=row.id, **{"from": from_on.isoformat()})


def take_name_back(session: Session, desk: Desk, actor: Actor, slug: str) -> None:
    """The latest name was a mistake: the one before counts again. Raises NotPermitted, NotFound, or Refused when there is none."""
    row, doer = _asked_of(session, actor, slug)
    if not (before := rows.former_names(session, row.id)):
        raise Refused(f"{row.name} has had no other name on this desk.")
    rows.drop_former_name(session, row.id, before[-1].until_on)
    rows.change_organisation(session, row.id, name=before[-1].name)
    since = before[-1].until_on + timedelta(days=1)
    _record(session, desk, doer, "organisation:name_taken_back", organisation=row.id, **{"from": since.isoformat()})


def link_organisations(session: Session, desk: Desk, actor: Actor, slug: str, raw: Mapping[str, object]) -> None:
    """Say that one organisation came after another. Raises NotPermitted, NotFound or Invalid."""
    row, doer, answers = _asked(session, desk, actor, slug, SUCCESSION, raw)
    other = rows.organisation_row(session, str(answers[OTHER]))
    earlier, later = (other, row) if answers["which"] == "predecessor" else (row, other)
    known = rows.all_successions(session)
    if (earlier.id, later.id) in known:
        raise Invalid({OTHER: f"{later.name} is known to have come after {earlier.name} already"})
    if _comes_after(known, earlier.id, later.id):
        raise Invalid({"which": f"{earlier.name} is known to have come after {later.name}, so it cannot have come before it as well"})
    rows.insert_succession(session, earlier.id, later.id, _day(answers, "from_on"))
    _record(session, desk, doer, "organisation:succeeded", organisation=earlier.id, successor=later.id,
            **{"from": _day(answers, "from_on").isoformat()})


def _comes_after(known: list[tuple[int, int]], one: int, other: int) -> bool:
    """Whether ONE came, at some remove, after OTHER."""
    reached, found = {other}, {other}
    while found:
        found = {later for earlier, later in known if earlier in found} - reached
        reached |= found
    return one in reached


def unlink_organisations(session: Session, desk: Desk, actor: Actor, slug: str, link_id: int) -> None:
    """That one came after the other was a mistake. Raises NotPermitted or NotFound."""
    row, doer = _asked_of(session, actor, slug)
    links = [(one, True) for one in rows.predecessors(session, row.id)] + [(one, False) for one in rows.successors(session, row.id)]
    for one, before in links:
        if one.id == link_id:
            earlier, later = (one.other_id, row.id) if before else (row.id, one.other_id)
            rows.drop_succession(session, link_id)
            _record(session, desk, doer, "organisation:succession_taken_back", organisation=earlier, successor=later)
            return
    raise NotFound("There is no such link of this organisation.")


def note_funding(session: Session, desk: Desk, actor: Actor, slug: str, raw: Mapping[str, object]) -> int:
    """Say that one organisation funds another; the link's number. Raises NotPermitted, NotFound or Invalid."""
    row, doer, answers = _asked(session, desk, actor, slug, FUNDING, raw)
    other = rows.organisation_row(session, str(answers[OTHER]))
    funder, funded = (row, other) if answers["which"] == "funded" else (other, row)
    from_on, to_on = _day(answers, "from_on"), answers.get("to_on")
    last = to_on if isinstance(to_on, date) else date.max
    for one in rows.funding_of(session, row.id):
        if (one.funder_id, one.funded_id) == (funder.id, funded.id) and one.from_on <= last and from_on <= (one.to_on or date.max):
            raise Invalid({"from_on": f"It is known already that {funder.name} funds {funded.name} from {said_date(one.from_on)}"
                                      + (f" to {said_date(one.to_on)}" if one.to_on else "") + ". End that first, or choose other days"})
    number = rows.insert_funding(session, funder.id, funded.id, from_on, None if last == date.max else last)
    _record(session, desk, doer, "funding:noted", funder=funder.id, funded=funded.id,
            **{"from": from_on.isoformat(), "to": None if last == date.max else last.isoformat()})
    return number


def end_funding(session: Session, desk: Desk, actor: Actor, slug: str, number: int, raw: Mapping[str, object]) -> None:
    """Say until when one organisation funded another. Raises NotPermitted, NotFound or Invalid."""
    row, doer, answers = _asked(session, desk, actor, slug, FUNDING_END, raw)
    link, to_on = _funding(session, row.id, number), _day(answers, "to_on")
    if to_on < link.from_on:
        raise Invalid({"to_on": f"The last day cannot be before the first, {said_date(link.from_on)}"})
    rows.end_funding(session, number, to_on)
    _record(session, desk, doer, "funding:ended", funder=link.funder_id, funded=link.funded_id, to=to_on.isoformat())


def take_funding_back(session: Session, desk: Desk, actor: Actor, slug: str, number: int) -> None:
    """That one funds the other was a mistake: it never did. Raises NotPermitted or NotFound."""
    row, doer = _asked_of(session, actor, slug)
    link = _funding(session, row.id, number)
    rows.drop_funding(session, number)
    _record(session, desk, doer, "funding:taken_back", funder=link.funder_id, funded=link.funded_id)


def _funding(session: Session, organisation_id: int, number: int) -> Any:
    found = next((one for one in rows.funding_of(session, organisation_id) if one.id == number), None)
    if found is None:
        raise NotFound("There is no such funding of this organisation.")
    return found


def others(session: Session, slug: str) -> Offered:
    """The organisations that a form about one can name: all the others."""
    return Offered(organisations={known: name for _, known, name, _ in people.organisations(session) if known != slug})


def _asked_of(session: Session, actor: Actor, slug: str) -> tuple[Any, Doer]:
    """The organisation, and who changes it in which office."""
    if actor != THE_OPERATOR:
        require(actor, Permission.CHANGE_ORGANISATIONS)
    if (row := rows.organisation_row(session, slug)) is None:
        raise NotFound(f"There is no organisation “{slug[:60]}”. The list of organisations says which there are.")
    return row, Doer(actor.account_id, office_in(actor, None))


def _asked(session: Session, desk: Desk, actor: Actor, slug: str, asks: tuple[Ask, ...],
           raw: Mapping[str, object]) -> tuple[Any, Doer, Answers]:
    row, doer = _asked_of(session, actor, slug)
    return row, doer, read_answers(asks, raw, others(session, slug), local_day(desk.now(session)))


def _day(answers: Answers, name: str) -> date:
    found = answers[name]
    if not isinstance(found, date):
        raise TypeError(f"{name} is a date")
    return found


def _record(session: Session, desk: Desk, doer: Doer, event: str, **facts: object) -> None:
    record_for_desk(session, event, desk.now(session), doer, facts)

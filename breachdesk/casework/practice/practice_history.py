"""What a practice desk knows of its invented organisations and people over time: names, predecessors, funders, the roster, somebody away.

Entered when its three years of cases have been played, as a coordinator would have done it meanwhile.
"""

from __future__ import annotations

from datetime import date, timedelta

from breachdesk.audit.chain import Doer
from breachdesk.casework.desk import Desk
from breachdesk.casework.people.absences import note_absence
from breachdesk.casework.people.accounts import add_organisation
from breachdesk.casework.people.members import change_roster
from breachdesk.casework.people.organisations import change_organisation, link_organisations, note_funding, rename_organisation
from breachdesk.casework.schemes_shown import all_shown
from breachdesk.clock import local_day
from breachdesk.errors import NotPermitted
from breachdesk.identity import THE_OPERATOR
from breachdesk.store import roles
from breachdesk.store.session import Session

# (who came before, who came after, how many years ago): a health body that was made anew twice.
_BEFORE = (("Fernhollow Care Trust", "Dale Commissioning Group", 13), ("Dale Commissioning Group", "Fernhollow Health Partnership", 4))
# (who pays, who is paid, for how many years): the council pays the organisation that supports Riverside Carers.
_FUNDING = (("amberdale-council", "larkmoor-voluntary-action", 6), ("amberdale-council", "hillfoot-community-network", 2),
            ("fernhollow-health-partnership", "greenway-youth-trust", 3), ("larkmoor-voluntary-action", "riverside-carers", 5))
_SIGNED = ("amberdale-council", "fernhollow-health-partnership", "harcastle-borough-council", "coldwater-constabulary",
           "riverside-carers", "larkmoor-voluntary-action", "hillfoot-community-network")
# How long each critical friend's term goes on, in the roster's order, and what they say of themselves.
_TERMS = ((60, "Tuesdays and Thursdays."), (700, "Any weekday but Friday."), (400, "Mornings."), (540, ""))
_RENAMED = ("harcastle-borough-council", "Harcastle Borough and Villages Council")


def put_history(desk: Desk, doer: Doer) -> None:
    """Enter it, in one transaction. Raises NotPermitted on a real desk."""
    if not desk.practice:
        raise NotPermitted("Invented organisations belong on a practice desk. This is a real one.")
    desk.database.transact(lambda session: _put(session, desk, doer))


def _put(session: Session, desk: Desk, doer: Doer) -> None:
    today = local_day(desk.now(session))
    slugs = {"Fernhollow Health Partnership": "fernhollow-health-partnership"}
    for name in ("Fernhollow Care Trust", "Dale Commissioning Group"):
        slugs[name] = add_organisation(session, desk, doer, name, "statutory", kind="health body, no longer there")
    for before, after, years in _BEFORE:
        link_organisations(session, desk, THE_OPERATOR, slugs[before], {
            "other": slugs[after], "which": "successor", "from_on": date(today.year - years, 4, 1)})
    for funder, funded, years in _FUNDING:
        note_funding(session, desk, THE_OPERATOR, funder, {"other": funded, "which": "funded", "from_on": date(today.year - years, 4, 1)})
    for slug in _SIGNED:
        sector = "voluntary" if slug in ("riverside-carers", "larkmoor-voluntary-action", "hillfoot-community-network") else "statutory"
        change_organisation(session, desk, THE_OPERATOR, slug, {"sector": sector, "signatory_from": date(2016, 12, 8)})
    rename_organisation(session, desk, THE_OPERATOR, _RENAMED[0], {"name": _RENAMED[1], "from_on": today - timedelta(days=120)})
    _put_roster(session, desk, today)


def _put_roster(session: Session, desk: Desk, today: date) -> None:
    """The critical friends of the scheme's file, with their terms; the first one is away for some days."""
    scheme = all_shown(session, desk)[0].scheme
    held = {row.address: row for row in roles.role_rows(session, roles=["critical_friend"])}
    friends = [(held[contact.email], contact) for contact in scheme.critical_friends]
    for (row, contact), (days, available) in zip(friends, _TERMS, strict=False):
        change_roster(session, desk, THE_OPERATOR, row.id, {
            "sector": contact.sector, "area": contact.area, "to_on": today + timedelta(days=days), "published": "yes",
            "training": "Two days of mediation skills.", "availability": available, "post": contact.post,
            "telephone": contact.telephone, "email": contact.email})
    away, cover = friends[0][0], friends[1][0]
    note_absence(session, desk, THE_OPERATOR, away.account_id, {
        "role": f"{scheme.slug}/critical_friend", "cover": str(cover.account_id), "from_on": today, "to_on": today + timedelta(days=9)})

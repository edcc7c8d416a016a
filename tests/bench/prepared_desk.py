"""A real desk with people and lodged cases, and the road that every case is then taken along, from received to closed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from breachdesk import resources
from breachdesk.bootstrap import BY_OPERATOR, create_desk, open_desk
from breachdesk.casework.act import Step
from breachdesk.casework.desk import Desk
from breachdesk.casework.open_case import open_case
from breachdesk.casework.people.accounts import NewAccount, add_account_within, add_organisation
from breachdesk.casework.people.terms import VERSION
from breachdesk.casework.procedures.setting_up import create_scheme
from breachdesk.casework.signing_in.one_time_codes import enciphered
from breachdesk.casework.signing_in.passwords import hash_password
from breachdesk.clock import local_day
from breachdesk.identity import Actor
from breachdesk.settings import Settings
from breachdesk.store import people
from breachdesk.store.declarations import declared
from breachdesk.store.roles import note_terms
from breachdesk.store.second_factors import put_factor
from breachdesk.store.session import Session

SCHEME = "derby-and-derbyshire"
BATCH = 20
NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
WORDS = "We were told on the last day of the quarter, in one paragraph, and nobody had spoken to us before. " * 4
# email → (organisation, roles, sector). Nobody here is real.
PEOPLE = {
    "coordinator@amberdale.example": ("amberdale-council", ("coordinator",), "statutory"),
    "carers@riverside.example": ("riverside-carers", (), "voluntary"),
    "grants@fernhollow.example": ("fernhollow-health-partnership", (), "statutory"),
    "friend@larkmoor.example": ("larkmoor-voluntary-action", ("critical_friend",), "voluntary"),
    "one@hillfoot.example": ("hillfoot-community-network", ("panel_member",), "voluntary"),
    "two@amberdale.example": ("amberdale-council", ("panel_member",), "statutory"),
    "three@larkmoor.example": ("larkmoor-voluntary-action", ("panel_member",), "voluntary"),
}
COORDINATOR, COMPLAINANT, RESPONDENT, FRIEND, PANEL = list(PEOPLE)[:5]
ROAD: tuple[tuple[str, str, dict[str, object]], ...] = (
    (COORDINATOR, "acknowledge", {"understanding": WORDS}),
    (COMPLAINANT, "record_direct_contact", {"person": "The grants officer", "contacted_on": "2026-03-02", "how": "email"}),
    (RESPONDENT, "acknowledge_notice", {"who_answers": "The head of grants"}),
    (COORDINATOR, "give_more_time", {"which": "respond", "days": 5, "reason": WORDS}),
    (RESPONDENT, "respond", {"answer": WORDS, "position": "partly", "offer": WORDS}),
    (COMPLAINANT, "refer_to_critical_friend", {"remaining": WORDS}),
    (COORDINATOR, "admit", {"reasons": WORDS}),
    (COORDINATOR, "appoint_critical_friend", {"critical_friend": FRIEND, "mode": "mediator", "declared": "yes"}),
    (FRIEND, "record_meeting", {"met_on": "2026-03-02", "with": "both"}),
    (FRIEND, "end_critical_friend_stage", {"result": "no_agreement"}),
    (COMPLAINANT, "refer_to_panel", {"remaining": WORDS}),
    (COORDINATOR, "convene", {"members": list(PEOPLE)[4:7], "chair": PANEL, "declared": "yes"}),
    (COORDINATOR, "open_panel", {}),
    (PANEL, "send_draft", {"draft": WORDS}),
    (COMPLAINANT, "comment", {"comment": WORDS}),
    (RESPONDENT, "comment", {"comment": WORDS}),
    (PANEL, "propose", {"statement": WORDS, "proposal": WORDS}),
    (COMPLAINANT, "accept", {"process_view": "satisfied"}),
    (RESPONDENT, "accept", {"process_view": "partly"}),
)
COMPLAINT: dict[str, object] = {
    "complainant": "riverside-carers", "contact": "The manager", "respondents": ["fernhollow-health-partnership"],
    "event_on": "2026-02-27", "commitments": ["13.2"], "title": "One month's notice", "what_happened": WORDS, "tried": "no",
    "outcome_sought": WORDS, "notice_read": "yes"}


# The authenticator app of the coordinator, who signs in by a second step.
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def settings_for(folder: Path, url: str = "") -> Settings:
    return Settings(data_dir=str(folder), database_url=url)


def make_desk(folder: Path, url: str, cases: int, wall: Callable[[], datetime] = lambda: NOW, password: str = "") -> None:
    """A new desk with so many cases, all just received. With a PASSWORD its people can sign in."""
    desk = create_desk(settings_for(folder, url), wall=wall)
    kept = hash_password(password) if password else "nobody signs in here"
    desk.database.transact(lambda session: _people(session, desk, kept))
    lodger = actors(desk)[COMPLAINANT]
    helping = [actors(desk)[email].account_id for email in (FRIEND, PANEL)]
    for number in range(1, cases + 1):
        open_case(desk, lodger, SCHEME, COMPLAINT)
        # Whoever helps or judges has declared no interest: on the road only its steps are measured.
        desk.database.transact(lambda session, case_id=number: session.run(
            *(declared(case_id, account, local_day(desk.wall()), "none", 1) for account in helping)))
    desk.database.close()


def _people(session: Session, desk: Desk, password_hash: str) -> None:
    create_scheme(session, desk, BY_OPERATOR, resources.text("workflows", "schemes", f"{SCHEME}.yaml"), f"{SCHEME}.yaml")
    for slug, sector in {place: sector for place, _, sector in PEOPLE.values()}.items():
        add_organisation(session, desk, BY_OPERATOR, slug.replace("-", " ").title(), sector)
    for email, (place, roles, sector) in PEOPLE.items():
        new = NewAccount(email, email.split("@")[0].title(), (place,), roles, SCHEME if roles else "", sector)
        made = add_account_within(session, desk, BY_OPERATOR, new, password_hash)
        note_terms(session, made, VERSION, desk.now(session))
        if email == COORDINATOR:
            put_factor(session, made, enciphered(desk, SECRET), desk.wall(), confirmed_at=desk.wall())


def opened(folder: Path, url: str) -> Desk:
    return open_desk(settings_for(folder, url), wall=lambda: NOW)


def actors(desk: Desk) -> dict[str, Actor]:
    day = local_day(desk.wall())
    found = {email: desk.database.transact(lambda session, email=email: people.actor_by_email(session, email, day)) for email in PEOPLE}
    return {email: actor for email, actor in found.items() if actor}


def reference(number: int) -> str:
    return f"DD-2026-{number:04d}"


def road_of_cases(first: int, last: int) -> Iterator[tuple[int, int]]:
    """(case number, place on the road): twenty cases go along side by side, then the next twenty."""
    for start in range(first, last + 1, BATCH):
        for place in range(len(ROAD)):
            for number in range(start, min(start + BATCH, last + 1)):
                yield number, place


def steps() -> list[tuple[str, Step]]:
    return [(who, Step(action, answers)) for who, action, answers in ROAD]

"""What a scheme needs before its first case, what it has, and why each thing matters: the checklist of its page and of `scheme show`.

`scheme_settings` changes it. Nothing here is stored: it is asked anew each time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from breachdesk.casework.compacts_held import all_held
from breachdesk.casework.desk import Desk
from breachdesk.casework.procedures.publishing import OFFICERS
from breachdesk.casework.schemes_shown import EDITION_STATUS, sector_words, settled
from breachdesk.clock import local_day
from breachdesk.compacts.editions import SECTORS
from breachdesk.compacts.schemes import FIGURES, PAPERS, SUMMARIES, Scheme
from breachdesk.identity import Actor, role_words
from breachdesk.mail.smtp import SmtpMailer
from breachdesk.store import people, schemes
from breachdesk.store.scheme_roles import Holder, holders
from breachdesk.store.schemes import SchemeHead
from breachdesk.store.session import Session
from breachdesk.timekeeping.said import said_day
from breachdesk.workflow.wording import counted, listed

FEWEST_FOR_A_PANEL = 3
HOLIDAYS_SHOWN = 3
# A calendar that ends sooner than this leaves no room for the limits of a case that begins now.
YEARS_THAT_MATTER = 2
REVIEWS_SAID = {
    PAPERS: "Members read the shared papers of each dispute that reached the panel, but for those in which they have an interest.",
    SUMMARIES: "Members read an anonymised summary of each dispute that reached the panel: no names, no reference, none of its papers.",
    FIGURES: "Members see the year's figures, and no dispute at all."}
_NO_ANSWER = "Nobody then answers a side that asks how its case was handled: the clock tells both sides so."


@dataclass(frozen=True, slots=True)
class Part:
    """One thing on the list. `needed`: no case should begin without it; the others are choices that have been made one way or the other.

    `says` is where it stands, `missing` what it lacks (nothing: it is done), `why` what it is for.
    """

    name: str
    title: str
    why: str
    says: tuple[str, ...]
    missing: tuple[str, ...] = ()
    needed: bool = True

    @property
    def done(self) -> bool:
        return not self.missing


@dataclass(frozen=True, slots=True)
class Checklist:
    """A scheme and everything that it settles."""

    slug: str
    title: str
    parts: tuple[Part, ...]

    @property
    def needed(self) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if part.needed)

    @property
    def left(self) -> tuple[Part, ...]:
        """What is needed and not there yet."""
        return tuple(part for part in self.needed if not part.done)

    @property
    def says(self) -> str:
        """“Seven things are needed, five are there.”"""
        there = len(self.needed) - len(self.left)
        said = f"{counted(len(self.needed), 'thing is', 'things are')} needed before the first case, and "
        return (said + (f"{counted(there, 'is', 'are')} there." if self.left else "all of them are there.")).capitalize()


def unfinished(session: Session, desk: Desk, actor: Actor) -> list[Checklist]:
    """The checklists of the schemes that somebody coordinates, where something needed is missing."""
    own = [one for one in schemes.all_schemes(session) if actor.holds("coordinator", one.id)]
    return [found for head in own if (found := checklist(session, desk, head)).left]


def set_up_by(session: Session, actor: Actor) -> list[SchemeHead]:
    """The schemes that somebody sets up, by title."""
    return [one for one in schemes.all_schemes(session) if any(actor.holds(role, one.id) for role in OFFICERS)]


def checklist(session: Session, desk: Desk, head: SchemeHead) -> Checklist:
    """Everything that one scheme settles, in the order in which somebody would set it up."""
    today, scheme = local_day(desk.now(session)), settled(head)
    held, sectors = holders(session, head.id, today), sector_words(session, head)
    return Checklist(head.slug, head.title, (
        _controller(scheme), _compact(session, head, today), _calendar(session, desk, head, today), _partners(session, sectors),
        _roster(scheme, [one for one in held if one.role == "critical_friend"], sectors), _roles(held, sectors), _mail(desk),
        _procedure(session, desk, head), _words(sectors), _reviews(scheme), _single_officer(head), _retention(head)))


def _controller(scheme: Scheme) -> Part:
    why = ("People write about each other here. One organisation answers for what is kept, and tells people what is held about them. "
           "No case can begin before it is named.")
    if not scheme.controller:
        return Part("controller", "Data controller", why, (), ("The organisation that answers for personal information",))
    missing = () if scheme.controller_contact else ("An address to write to about it",)
    return Part("controller", "Data controller", why, (f"{scheme.controller}, {scheme.controller_contact}.",), missing)


def _compact(session: Session, head: SchemeHead, today: date) -> Part:
    why = "A complaint names a commitment, in the wording that the scheme works by on the day of the event."
    compact = next(one for one in all_held(session).values() if one.id == head.compact_id).compact
    now = next((one for one in schemes.operated(session, head.id) if one.covers(today)), None)
    if now is None:
        return Part("compact", "The Compact", why, (f"{compact.title}.",), ("An edition that the scheme works by today",))
    edition, count = compact.edition(now.edition_label), len(schemes.commitments_on(session, head.id, today))
    says = (f"{compact.title}, edition {edition.label} ({EDITION_STATUS[edition.status]}), from {said_day(now.from_on)}"
            f"{' to ' + said_day(now.to_on) if now.to_on else ''}.", f"It has {counted(count, 'commitment')}.")
    wording = () if count else ("The wording of this edition: the operator imports it (breachdesk compact import)",)
    return Part("compact", "The Compact", why, says, wording)


def _calendar(session: Session, desk: Desk, head: SchemeHead, today: date) -> Part:
    why = "Time limits are counted in working days. The calendar says which days are not."
    calendar = desk.calendar(session, head.calendar_id)
    coming = [f"{title}, {said_day(day)}" for day, title in calendar.holidays.items() if day >= today][:HOLIDAYS_SHOWN]
    says = (f"{calendar.title}. It ends on {said_day(calendar.last)}.", *((f"Next holidays: {'; '.join(coming)}.",) if coming else ()))
    short = calendar.last.year < today.year + YEARS_THAT_MATTER
    return Part("calendar", "Calendar", why, says, ("A calendar that reaches further: limits of new cases would run past its end",) * short)


def _partners(session: Session, sectors: Mapping[str, str]) -> Part:
    why = "One organisation complains about another. Both have to be known here first."
    counts = Counter(sector for *_, sector in people.organisations(session))
    told = [f"{sectors.get(name, name.capitalize())}: {counts[name]}" for name in (*SECTORS, "other") if counts[name]]
    missing = tuple(f"{sectors[name]}: no organisation yet" for name in SECTORS if not counts[name])
    said = f"{counted(counts.total(), 'organisation').capitalize()}."
    return Part("partners", "Partners", why, (" ".join([said, *(f"{one}." for one in told)]),), missing)


def _roster(scheme: Scheme, friends: Sequence[Holder], sectors: Mapping[str, str]) -> Part:
    why = ("A Compact promises somebody from each sector, in each area, who supports both sides. Where nobody can be named, a case goes on "
           "to the panel without that help.")
    says = tuple(f"{one.name}: {one.area or 'every area'}, {sectors.get(one.sector, one.sector)}"
                 f"{', until ' + said_day(one.to_on) if one.to_on else ''}." for one in friends)
    missing = tuple(f"{area}, {sectors[sector]}: nobody yet" for area in scheme.areas for sector in SECTORS
                    if not any(one.sector == sector and one.area in ("", area) for one in friends))
    return Part("roster", "Critical friends", why, says or ("Nobody yet.",), missing)


def _roles(held: Sequence[Holder], sectors: Mapping[str, str]) -> Part:
    why = ("The coordinator keeps cases moving. A panel is chosen from its pool, with both sectors on it. The steering group reviews. "
           "Where the coordinator's own organisation is a party, a stand-in decides.")
    by_role = {role: [one for one in held if one.role == role] for role in ("coordinator", "panel_member", "steering_group", "stand_in")}
    says = tuple(f"{role_words(role).capitalize()}: {listed([one.name for one in found]) or 'nobody yet'}."
                 for role, found in by_role.items())
    pool = by_role["panel_member"]
    absent = [sectors[sector] for sector in SECTORS if sector not in {one.sector for one in pool}]
    few = len(pool) < FEWEST_FOR_A_PANEL
    missing = [*(["A coordinator"] if not by_role["coordinator"] else []),
               *([f"At least {counted(FEWEST_FOR_A_PANEL, 'person', 'people')} for panels"] if few else []),
               *([f"Somebody for panels from the other side: {listed(absent)}"] if pool and absent else []),
               *(["A member of the steering group"] if not by_role["steering_group"] else []),
               *(["A stand-in for the coordinator"] if not by_role["stand_in"] else [])]
    return Part("roles", "Who does what", why, says, tuple(missing))


def _mail(desk: Desk) -> Part:
    why = "Both sides hear by mail what happened and by when they must answer. Without it nobody is reminded."
    if isinstance(desk.mailer, SmtpMailer):
        return Part("mail", "Mail", why, (f"Mail is handed to the server {desk.mailer.server}.",))
    if desk.practice:
        return Part("mail", "Mail", why, ("A practice desk sends nothing: its messages are files in a folder of the desk.",))
    return Part("mail", "Mail", why, ("Messages are written to a folder of the desk, and nobody gets them.",),
                ("A mail server: the operator sets BREACHDESK_SMTP_URL",))


def _procedure(session: Session, desk: Desk, head: SchemeHead) -> Part:
    procedure = desk.procedure(session, desk.scheme(session, head.slug).procedure_digest)
    return Part("procedure", "Procedure", "It says which steps there are, who takes them and how long each may last.",
                (f"New cases begin under “{procedure.title}”, version {procedure.version}.",
                 "A case keeps the version under which it began."), needed=False)


def _words(sectors: Mapping[str, str]) -> Part:
    return Part("words", "Words", "Areas call their sectors by different names. Pages, letters and figures use yours.",
                tuple(f"{said} ({name})." for name, said in sectors.items() if name in SECTORS), needed=False)


def _reviews(scheme: Scheme) -> Part:
    narrowed = () if scheme.reviews == PAPERS else (_NO_ANSWER,)
    return Part("reviews", "What the steering group reviews",
                "Members often work for the parties. Ombudsmen advise to keep away from single cases. A Compact may want them closer.",
                (REVIEWS_SAID[scheme.reviews], *narrowed), needed=False)


def _single_officer(head: SchemeHead) -> Part:
    says = ("One person may do alone what otherwise takes two, such as publishing a procedure. The log says each time that nobody else "
            "looked." if head.single_officer else "What takes two people is done by two: what one proposes, another one confirms.")
    return Part("single-officer", "One officer or two", "Some things are safer when two people do them. A small area may have only one.",
                (says,), needed=False)


def _retention(head: SchemeHead) -> Part:
    how = "They go by themselves." if head.disposes_by_itself else "They go once a coordinator has looked at the list of what is due."
    return Part("retention", "How long words and files are kept",
                "People have a right that nobody keeps what they wrote for longer than it is needed. The figures need no words.",
                (f"Files: {counted(head.keep_files_months, 'month')} after the last step of a closed case. Words: "
                 f"{counted(head.keep_record_years, 'year')} after it closed.", how,
                 "Our default is twelve months and six years; it is not in the Compact."), needed=False)

"""Who plays whom in a rehearsal: parts → people of the practice desk, organisations, and answers that name them."""

from __future__ import annotations

from breachdesk.casework.desk import Desk
from breachdesk.casework.people.accounts import NewAccount, add_account_within
from breachdesk.casework.rehearsals.rehearsal_desks import BY_REHEARSAL
from breachdesk.clock import local_day
from breachdesk.errors import BadRehearsal, Fault
from breachdesk.identity import SCHEME_ROLES, Actor
from breachdesk.store import people
from breachdesk.store.session import Session
from breachdesk.workflow.facts import CaseFacts
from breachdesk.workflow.rehearsing import Person, Rehearsal

_NO_PASSWORD = "!"      # noqa: S105  Nobody signs in at a rehearsal.


class Cast:
    """The people of one rehearsal. Raises BadRehearsal when the practice desk has nobody who could play a part."""

    def __init__(self, desk: Desk, rehearsal: Rehearsal) -> None:
        self._desk, self._rehearsal = desk, rehearsal
        self._places: dict[str, str] = {}       # A part's organisation, by slug.
        self._emails: dict[str, str] = {}
        desk.database.transact(self._settle)

    def _settle(self, session: Session) -> None:
        self._scheme = self._desk.scheme(session, self._rehearsal.scheme)
        self._day = local_day(self._desk.now(session))
        self._slugs = {name: slug for _, slug, name, _ in people.organisations(session)}
        self._ids = {slug: place for place, slug, _, _ in people.organisations(session)}
        for part, person in self._rehearsal.people.items():
            self._play(session, part, person)

    def _play(self, session: Session, part: str, person: Person) -> None:
        if person.holds:
            self._invent(session, part, person)
        elif person.named in self._slugs:
            self._places[part] = self._slugs[person.named]
            self._emails[part] = self._member(session, person, self._slugs[person.named])
        else:
            found = next((one for role in SCHEME_ROLES for one in people.candidates(session, self._scheme.id, role, self._day).values()
                          if one.name == person.named), None)
            if found is None:
                raise self._fault(person, f"the practice desk knows no organisation and nobody with an office called “{person.named}”")
            self._emails[part] = found.email

    def _invent(self, session: Session, part: str, person: Person) -> None:
        if person.organisation and person.organisation not in self._slugs:
            raise self._fault(person, f"the practice desk knows no organisation called “{person.organisation}”")
        place = self._slugs.get(person.organisation, "")
        self._emails[part] = f"{part.replace(' ', '.').casefold()}@rehearsal.example"
        add_account_within(session, self._desk, BY_REHEARSAL, NewAccount(
            self._emails[part], part.replace("_", " ").capitalize(), (place,) if place else (), (person.holds,), self._scheme.slug,
            person.sector), _NO_PASSWORD)

    def _member(self, session: Session, person: Person, slug: str) -> str:
        busy = {email for role in SCHEME_ROLES for email in people.candidates(session, self._scheme.id, role, self._day)}
        found = people.recipients(session, self._scheme.id, self._day, organisation_ids=[self._ids[slug]])
        free = [email for _, _, email in found if email not in busy]
        if not free:
            raise self._fault(person, f"nobody on the practice desk belongs to {person.named} without holding an office")
        return free[0]

    def _fault(self, person: Person, message: str) -> BadRehearsal:
        return BadRehearsal([Fault(self._rehearsal.file, person.line, 1, f"{person.part}: {message}")])

    def actor(self, part: str, facts: CaseFacts | None) -> Actor | None:
        """Who plays the part today. A role that nobody was named for is played by whoever serves in the case, or could; None: nobody."""
        with self._desk.database.read() as session:
            day = local_day(self._desk.now(session))
            if part in self._emails:
                return people.actor_by_email(session, self._emails[part], day)
            return self._serving(session, part, facts) or self._free(session, part, facts)

    def _serving(self, session: Session, role: str, facts: CaseFacts | None) -> Actor | None:
        serving = facts.serving(role) if facts else ()
        return people.actor_by_id(session, serving[0].account_id, local_day(self._desk.now(session))) if serving else None

    def _free(self, session: Session, role: str, facts: CaseFacts | None) -> Actor | None:
        parties = {party.organisation_id for party in facts.parties} if facts else set()
        day = local_day(self._desk.now(session))
        pool = people.candidates(session, self._scheme.id, role, day).values()
        found = next((one for one in pool if not one.organisations & parties), None)
        return people.actor_by_email(session, found.email, day) if found else None

    def email(self, part: str) -> str:
        """The address of whoever plays a part; anything else as it is."""
        return self._emails.get(part, part)

    def slug(self, part: str) -> str:
        """The organisation of a part, or of that name, as forms know it; anything else as it is."""
        return self._places.get(part) or self._slugs.get(part, part)

    def party(self, part: str, facts: CaseFacts) -> int:
        """The id of the party that a part's organisation is in the case; 0 when it is none."""
        place = self._ids.get(self.slug(part))
        return next((party.id for party in facts.parties if party.organisation_id == place), 0)

    def everybody(self, part: str, facts: CaseFacts) -> set[int]:
        """The accounts meant by a part that is told something: all of an organisation's members, or whoever plays the part."""
        if part in self._places:
            with self._desk.database.read() as session:
                found = people.recipients(session, self._scheme.id, local_day(self._desk.now(session)),
                                          organisation_ids=[self._ids[self.slug(part)]])
            return {account for account, _, _ in found}
        actor = self.actor(part, facts)
        return {actor.account_id} if actor else set()

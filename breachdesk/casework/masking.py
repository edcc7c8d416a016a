"""Names that one reader does not see in one case: put out of the way once, before words are made, so that every page, list, message,
file and command gets them so.

Who complains unnamed is known to its own side, the coordinator, whoever stands in, and the critical friend. Everybody else reads other
words in its place, also in what people typed, where its name, an address or the name of one of its people stands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from breachdesk.identity import THE_CLOCK, Actor
from breachdesk.permissions import FORMER_PARTY, REPRESENTATIVE
from breachdesk.store import masked, people
from breachdesk.store.cases import CaseRead, read_case
from breachdesk.store.session import Session
from breachdesk.workflow.definition import Action
from breachdesk.workflow.facts import Candidate, Party
from breachdesk.workflow.identity_modes import OPEN, REPRESENTED, stand_for

KNOWING = frozenset({"coordinator", "stand_in", "critical_friend"})
_SIDES = frozenset({"complainant", REPRESENTATIVE, FORMER_PARTY})
_FIND_OUT = ("You are not told who complains, so you cannot be told either whether an organisation has to do with it. "
             "Ask the coordinator to record this.")
Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Mask:
    """What one reader is not told of one case; nearly always nothing, and then everything passes unchanged.

    `parties` and `places` (organisations) hold what is read instead; `people` are the accounts of those organisations,
    `others` the accounts of sides that are named. `typed` finds every name in what people wrote. `cases` are linked ones of which the
    reader may not learn that they belong to this one: somebody is named there who is not named here, or the other way round.
    """

    parties: Mapping[int, str] = field(default_factory=dict)
    places: Mapping[int, str] = field(default_factory=dict)
    slugs: Mapping[str, str] = field(default_factory=dict)
    people: frozenset[int] = frozenset()
    others: frozenset[int] = frozenset()
    typed: re.Pattern[str] | None = None
    instead: Mapping[str, str] = field(default_factory=dict)
    cases: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.parties)

    def case(self, read: CaseRead) -> CaseRead:
        """The case with its parties as the reader knows them: who acts for an unnamed one is not there either."""
        return replace(read, parties=tuple(self._party(one) for one in read.parties)) if self else read

    def _party(self, one: Party) -> Party:
        if one.id not in self.parties:
            return one
        acting = 0 if one.represented_by in self.places else one.represented_by
        return replace(one, name=self.parties[one.id], represented_by=acting)

    def text(self, words: str) -> str:
        """What people wrote, with other words where an unnamed organisation or one of its people is named."""
        if self.typed is None or not words:
            return words
        return self.typed.sub(lambda found: f"[{self.instead[_plain(found[0])]}]", words)

    def texts(self, words: Mapping[Key, str]) -> Mapping[Key, str]:
        return {key: self.text(one) for key, one in words.items()} if self else words

    def place_names(self, names: Mapping[str, str]) -> Mapping[str, str]:
        """Short name → name of organisations, as the reader knows them."""
        return {**names, **self.slugs} if self else names

    def actor_name(self, account_id: int, role: str, name: str) -> str:
        """Who did something, by the role in which they did it: an office that everybody knows stays known."""
        if not self or role not in _SIDES or (account_id in self.others and account_id not in self.people):
            return name
        return "Somebody"

    def candidates(self, found: dict[str, Candidate]) -> dict[str, Candidate]:
        """Those who can be named, without whoever would be barred for a reason that gives a name away."""
        return {email: one for email, one in found.items() if self.places.keys().isdisjoint(one.organisations)} if self else found

    def why_not(self, action: Action) -> tuple[str, ...]:
        """Why somebody who is not told all names cannot take a step: by trying one organisation after the other they would find out."""
        return (_FIND_OUT,) if self and (action.effects.represents or action.effects.succeeded_by) else ()

    def named_in(self, other: Mask, parties: Sequence[Party]) -> bool:
        """Whether somebody whom this keeps back is named among the PARTIES of another case."""
        return any(place in self.places and place not in other.places for one in parties for place in (one.organisation_id,
                                                                                                       one.represented_by))


NO_MASK = Mask()


def mask_for(session: Session, actor: Actor, read: CaseRead, roles: frozenset[str]) -> Mask:
    """What somebody who meets a case in these roles is not told of it."""
    unnamed = [party for party in read.parties if party.identity != OPEN and party.side == "complainant"]
    if not unnamed or actor == THE_CLOCK or KNOWING & roles or _complains(actor, read.parties):
        return NO_MASK
    return _mask(session, read, unnamed)


def linked_in_secret(session: Session, actor: Actor, read: CaseRead, mask: Mask, roles_in: Callable[[Actor, CaseRead], frozenset[str]]
                     ) -> frozenset[str]:
    """The linked cases of which the reader may not learn that they belong to this one."""
    found = set()
    for link in read.holdings.links:
        other = read_case(session, reference=link.reference, to_change=False)
        theirs = mask_for(session, actor, other, roles_in(actor, other)) if other else NO_MASK
        if other and (mask.named_in(theirs, other.parties) or theirs.named_in(mask, read.parties)):
            found.add(link.reference)
    return frozenset(found)


def _complains(actor: Actor, parties: Sequence[Party]) -> bool:
    """Those who complain together know each other, and whoever acts for one of them."""
    return any({one.organisation_id, one.represented_by} & actor.organisations for one in parties if one.side == "complainant")


def _mask(session: Session, read: CaseRead, unnamed: Sequence[Party]) -> Mask:
    organisations = masked.organisations_of(session, read.head.id, [one.id for one in unnamed])
    names = {number: name for number, _, name, _ in people.organisations(session)}
    parties: dict[int, str] = {}
    places: dict[int, str] = {}
    for number, party in enumerate(unnamed, 1):
        fronting = party.represented_by if party.identity == REPRESENTED else 0
        parties[party.id] = stand_for(party.identity, names.get(fronting, ""), number)
        hidden = {party.organisation_id, party.represented_by, *organisations.get(party.id, ())} - {0, fronting}
        places |= {place: parties[party.id] for place in hidden}
    named = {place for one in read.parties if one not in unnamed for place in (one.organisation_id, one.represented_by) if place}
    named |= {one.represented_by for one in unnamed if one.represented_by and one.represented_by not in places}
    known = masked.names_of(session, list(places), {one.account_id for one in read.appointments})
    return Mask(parties, places, {one.slug: places[one.id] for one in known.organisations},
                frozenset(one.id for one in known.people), masked.members_of(session, sorted(named - places.keys())),
                *_typed(known, places, next(iter(parties.values()))))


def _typed(known: masked.Known, places: Mapping[int, str], usual: str) -> tuple[re.Pattern[str] | None, dict[str, str]]:
    """What finds every name in what people wrote, and what stands there instead: the longest name first, as a word of its own."""
    instead: dict[str, str] = {}
    for place in known.organisations:
        for name in (place.name, place.slug):
            instead[_plain(name)] = _small(places[place.id])
    for one in known.people:
        for name in (one.name, one.email):
            instead.setdefault(_plain(name), f"somebody of {_small(usual)}")
    names = sorted((name for name in instead if name), key=len, reverse=True)
    if not names:
        return None, instead
    pattern = "|".join(r"\s+".join(re.escape(word) for word in name.split()) for name in names)
    return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE), instead


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def _small(words: str) -> str:
    return f"{words[:1].lower()}{words[1:]}"


def gives_away(session: Session, organisation_slug: str, words: Mapping[str, object]) -> list[str]:
    """Which of the answers hold the organisation's own name: for those who are about to send them and want it kept back."""
    found = [one for one in people.organisations(session) if one[1] == organisation_slug]
    known = masked.names_of(session, [one[0] for one in found])
    pattern, _ = _typed(known, {one[0]: one[2] for one in found}, organisation_slug)
    return [name for name, said in words.items() if pattern and isinstance(said, str) and pattern.search(said)]

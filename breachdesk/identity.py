"""Who acts: a frozen picture of a person (or the clock) at the moment they came in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

# What somebody can be in a scheme: what people call it, and what it is good for; what each may do stands in `permissions`. Those of
# `COVERED` can be away, and somebody else does it for them.
SCHEME_ROLES: Mapping[str, tuple[str, str]] = {
    "coordinator": ("coordinator", "sees and moves on every case of the scheme"),
    "critical_friend": ("critical friend", "can be named in a case"),
    "panel_member": ("panel pool", "can be asked to sit on a panel"),
    "steering_group": ("steering group", "reviews escalated disputes"),
    "stand_in": ("stand-in pool", "can take the coordinator's place in a case"),
    "auditor": ("auditor", "reads the desk's log and the figures"),
    "operator": ("operator", "keeps the desk running, reads no words"),
}
COVERED = ("coordinator", "critical_friend")
# How somebody can belong to an organisation, as people say it; and with which kinds they complain and answer for it. An administrator
# invites its people and ends their membership; being employed gives nothing, and counts as an interest.
MEMBERSHIPS: Mapping[str, str] = {
    "member": "acts for it", "contact": "its named contact", "administrator": "its administrator", "employee": "employed by it"}
ACTS_FOR, ADMINISTERS = ("member", "contact"), "administrator"


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who can act. `roles` holds (scheme id, role), with those that they cover for others; `organisations` the ids of those that
    they act for today, `administers` of those whose people they look after; `belonged` (organisation id, last day) of those that they
    have left, or belong to in a way that gives nothing: it excludes from their cases; `terms` is the version that they accepted."""

    account_id: int
    name: str
    email: str = ""
    roles: frozenset[tuple[int, str]] = field(default=frozenset())
    organisations: frozenset[int] = field(default=frozenset())
    belonged: frozenset[tuple[int, date]] = field(default=frozenset())
    administers: frozenset[int] = field(default=frozenset())
    terms: str = ""

    def holds(self, role: str, scheme_id: int) -> bool:
        return (scheme_id, role) in self.roles


NOBODY = Actor(account_id=0, name="Somebody who is not signed in")
THE_CLOCK = Actor(account_id=-1, name="The clock")
THE_OPERATOR = Actor(account_id=-2, name="The operator, by command line")


def role_words(role: str) -> str:
    """What people call a role in a scheme: “panel pool”."""
    return SCHEME_ROLES[role][0]

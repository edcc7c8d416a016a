"""The invented people and organisations of a practice desk: somebody in each role, all with the same password, nobody real."""

from __future__ import annotations

from dataclasses import dataclass

from breachdesk.audit.chain import Doer
from breachdesk.casework.desk import Desk
from breachdesk.casework.people.accounts import NewAccount, add_account_within, add_organisation
from breachdesk.casework.people.members import begin_membership
from breachdesk.casework.procedures.setting_up import create_scheme
from breachdesk.casework.signing_in.passwords import hash_password
from breachdesk.clock import local_day
from breachdesk.compacts.schemes import Scheme
from breachdesk.errors import NotPermitted
from breachdesk.identity import THE_OPERATOR
from breachdesk.resources import text
from breachdesk.store.session import Session

PASSWORD = "practice-desk-2026"  # noqa: S105  Everybody may know it: nothing on a practice desk is real.
SCHEME_FILE = "derby-and-derbyshire.yaml"
ORGANISATIONS = (
    ("Amberdale Council", "statutory"), ("Fernhollow Health Partnership", "statutory"), ("Harcastle Borough Council", "statutory"),
    ("Coldwater Constabulary", "statutory"), ("Riverside Carers", "voluntary"), ("Greenway Youth Trust", "voluntary"),
    ("Mossley Food Share", "voluntary"), ("Larkmoor Voluntary Action", "voluntary"), ("Hillfoot Community Network", "voluntary"),
    ("Tansy Lane Playgroup", "voluntary"), ("Mossbank Lunch Club", "voluntary"))
_SECTORS = dict(ORGANISATIONS)


@dataclass(frozen=True, slots=True)
class SignIn:
    """Somebody to sign in as. `role` is empty for a member who complains or answers for the organisation; `kind` says how else
    somebody belongs to it."""

    email: str
    name: str
    organisation: str = ""
    role: str = ""
    sector: str = ""
    area: str = ""
    kind: str = "member"

    @property
    def what(self) -> str:
        """What they are, in few words."""
        parts = (self.role.replace("_", " "), f"{self.kind} of {self.organisation}" if not self.role or self.kind != "member" else "")
        return ", ".join(part for part in parts if part)


_PEOPLE = (
    SignIn("olive@desk.example", "Olive Hart", role="coordinator"),
    SignIn("ops@desk.example", "Otto Spindle", role="operator"),
    SignIn("ruth@riverside.example", "Ruth Ferris", "Riverside Carers"),
    SignIn("rafiq@riverside.example", "Rafiq Dunmore", "Riverside Carers"),
    SignIn("omar@amberdale.example", "Omar Lind", "Amberdale Council"),
    SignIn("aster@amberdale.example", "Aster Quill", "Amberdale Council"),
    SignIn("farah@fernhollow.example", "Farah Winslade", "Fernhollow Health Partnership"),
    SignIn("henrik@harcastle.example", "Henrik Oakes", "Harcastle Borough Council"),
    SignIn("cora@coldwater.example", "Cora Blythe", "Coldwater Constabulary"),
    SignIn("gwen@greenway.example", "Gwen Adair", "Greenway Youth Trust"),
    SignIn("milo@mossley.example", "Milo Thackray", "Mossley Food Share"),
    SignIn("leila@larkmoor.example", "Leila Sorrel", "Larkmoor Voluntary Action"),
    SignIn("hugo@hillfoot.example", "Hugo Penrith", "Hillfoot Community Network"),
    SignIn("tess@tansylane.example", "Tess Marlow", "Tansy Lane Playgroup"),
    SignIn("petra@fernhollow.example", "Petra Novell", "Fernhollow Health Partnership", "panel_member"),
    SignIn("priya@harcastle.example", "Priya Stannard", "Harcastle Borough Council", "panel_member"),
    SignIn("percy@coldwater.example", "Percy Lomax", "Coldwater Constabulary", "panel_member"),
    SignIn("pilar@greenway.example", "Pilar Winter", "Greenway Youth Trust", "panel_member"),
    SignIn("piers@mossley.example", "Piers Ashby", "Mossley Food Share", "panel_member"),
    SignIn("paula@tansylane.example", "Paula Reeve", "Tansy Lane Playgroup", "panel_member"),
    SignIn("sunita@harcastle.example", "Sunita Broome", "Harcastle Borough Council", "steering_group"),
    SignIn("stefan@larkmoor.example", "Stefan Halloway", "Larkmoor Voluntary Action", "steering_group"),
    SignIn("sian@amberdale.example", "Sian Cotterill", "Amberdale Council", "steering_group"),
    SignIn("iris@fernhollow.example", "Iris Dunstan", "Fernhollow Health Partnership", "stand_in"),
    SignIn("ivo@larkmoor.example", "Ivo Kestrel", "Larkmoor Voluntary Action", "stand_in"),
    SignIn("ada@riverside.example", "Ada Finch", "Riverside Carers", kind="administrator"),
    SignIn("audrey@desk.example", "Audrey Pell", role="auditor"),
)

# She coordinates too, has an interest in the one case of her employer, and passes it on. In rehearsals one person coordinates.
_CONFLICTED = SignIn("orla@desk.example", "Orla Penhale", "Mossbank Lunch Club", "coordinator", kind="employee")


def sign_ins(scheme: Scheme, *, conflicted: bool = True) -> tuple[SignIn, ...]:
    """Everybody on a practice desk: the people invented here, and the scheme's critical friends, who are invented in its file."""
    friends = tuple(SignIn(one.email, one.name, one.organisation, "critical_friend", one.sector, one.area)
                    for one in scheme.critical_friends)
    return (*_PEOPLE[:2], *((_CONFLICTED,) if conflicted else ()), *friends, *_PEOPLE[2:])


def set_up_practice(desk: Desk, doer: Doer) -> tuple[SignIn, ...]:
    """Put the scheme, the organisations and somebody in each role on an empty practice desk; whom one can sign in as.

    All in one transaction. Raises NotPermitted on a real desk: its people are real.
    """
    if not desk.practice:
        raise NotPermitted("Invented people belong on a practice desk. This is a real one.")
    # Once for everybody, and outside the transaction: a password hash is slow on purpose.
    password = hash_password(PASSWORD)
    return desk.database.transact(lambda session: _set_up(session, desk, doer, password))


def _set_up(session: Session, desk: Desk, doer: Doer, password: str) -> tuple[SignIn, ...]:
    scheme = create_scheme(session, desk, doer, text("workflows", "schemes", SCHEME_FILE), f"workflows/schemes/{SCHEME_FILE}")
    return put_people(session, desk, doer, scheme, password, conflicted=True)


def put_people(session: Session, desk: Desk, doer: Doer, scheme: Scheme, password: str, *,
               conflicted: bool = False) -> tuple[SignIn, ...]:
    """Put the invented organisations, and somebody in each role of a scheme, on a desk that has none; whom one can sign in as."""
    people = sign_ins(scheme, conflicted=conflicted)
    sectors = {**_SECTORS, **{one.organisation: one.sector for one in people if one.organisation not in _SECTORS}}
    slugs = {name: add_organisation(session, desk, doer, name, sector) for name, sector in sectors.items() if name}
    for one in people:
        account_id = add_account_within(session, desk, doer, NewAccount(
            one.email, one.name, (slugs[one.organisation],) if one.organisation and one.kind == "member" else (),
            (one.role,) if one.role else (), scheme.slug if one.role else "", one.sector or _SECTORS.get(one.organisation, ""), one.area),
            password)
        if one.kind != "member":
            begin_membership(session, desk, THE_OPERATOR, account_id, {
                "organisation": slugs[one.organisation], "kind": one.kind, "from_on": local_day(desk.now(session))})
    return people

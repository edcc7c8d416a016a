"""The forms of a scheme's page that give people their roles in it: `casework.people.members` gives them; here less is asked."""

from __future__ import annotations

from collections.abc import Mapping

from breachdesk.casework.desk import Desk
from breachdesk.casework.people.accounts import SECTORS
from breachdesk.casework.people.members import begin_role
from breachdesk.casework.schemes_shown import settled
from breachdesk.errors import Invalid
from breachdesk.identity import Actor, role_words
from breachdesk.store import accounts
from breachdesk.store.schemes import SchemeHead
from breachdesk.store.session import Session
from breachdesk.workflow.answers import Offered
from breachdesk.workflow.definition import Ask
from breachdesk.workflow.facts import Answers

FRIEND = "critical_friend"
_ROLES = {role: role_words(role).capitalize() for role in ("coordinator", "panel_member", "steering_group", "stand_in")}


def asked(session: Session, scheme: SchemeHead, form: str) -> tuple[tuple[Ask, ...], Offered]:
    """The questions of FORM (“friend” or “role”), each named after its form, and who can be chosen."""
    people = {str(row.id): f"{row.name} ({row.email})" for row in accounts.all_accounts(session) if row.active}
    areas = {area: area for area in settled(scheme).areas}
    sectors = {name: name.capitalize() for name in SECTORS}
    whom = Ask(f"{form}_person", "Who?", "choice", hint="People who are not here yet are invited first.")
    sector = Ask(f"{form}_sector", "From which sector?", "choice", choices=sectors, required=form == "friend",
                 hint="" if form == "friend" else "For the panel pool.")
    term = (Ask(f"{form}_from_on", "From which day?", "date"),
            Ask(f"{form}_to_on", "Until which day?", "date", required=False, not_before=f"{form}_from_on",
                hint="Leave it empty if no end is known."))
    middle = ((sector, Ask(f"{form}_area", "For which area?", "choice", choices=areas)) if form == "friend"
              else (Ask(f"{form}_role", "As what?", "choice", choices=_ROLES), sector))
    return (whom, *middle, *term), Offered(by_ask={f"{form}_person": people})


def give_role(session: Session, desk: Desk, actor: Actor, scheme: SchemeHead, form: str, answers: Answers) -> str:
    """Give the role that was asked for; what has changed, in a sentence. Raises NotPermitted, NotFound or Invalid, by question."""
    said: dict[str, object] = {name.removeprefix(f"{form}_"): answer for name, answer in answers.items()}
    person = int(str(said.pop("person")))
    role = str(said.setdefault("role", FRIEND))
    try:
        begin_role(session, desk, actor, person, {**said, "scheme": scheme.slug})
    except Invalid as wrong:
        raise Invalid(_by_question(wrong.fields, form, answers)) from None
    return f"The role is given: {role_words(role)}. They sign in anew to use it."


def _by_question(fields: Mapping[str, str], form: str, answers: Answers) -> dict[str, str]:
    """What is wrong, under the names of this form's own questions."""
    return {f"{form}_{name}" if name == "sector" or f"{form}_{name}" in answers else f"{form}_person": said
            for name, said in fields.items()}

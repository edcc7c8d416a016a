"""Who sees the name of an organisation that complains: the question about it, and what stands in the name's place.

A procedure's file need not ask. Where it has no question of this name, the desk asks its own, beside the others about who complains.
`casework.masking` puts the words in place of the name for each reader.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from breachdesk.workflow.definition import Ask
from breachdesk.workflow.wording import UNNAMED

OPEN, SHIELDED, REPRESENTED = "open", "shielded", "represented"
MODES = (OPEN, SHIELDED, REPRESENTED)
QUESTION, CONTACT = "identity", "contact"
ASK = Ask(
    QUESTION, "Who may see your organisation's name?", "choice", required=False, page="Who may see your name",
    hint="The coordinator and the critical friend always see it. If you choose nothing, everybody in the case does. Most of what would "
         "put things right cannot be carried out for somebody unnamed: nobody can restore a grant, or say sorry, to an organisation they "
         "do not know. You can show your name later at any time; you cannot take that back.",
    choices={OPEN: "Everybody in the case, the organisation complained about too",
             SHIELDED: "Not the organisation complained about, the panel or the steering group",
             REPRESENTED: "The same, and the organisation that acts for us is named in our place"})


def with_identity_asked(asks: Sequence[Ask]) -> tuple[Ask, ...]:
    """The questions of a complaint with the one about the name, unless the procedure asks it itself."""
    names = [ask.name for ask in asks]
    if QUESTION in names:
        return tuple(asks)
    # Before the last page, with what else there is to say.
    place = max((number for number, ask in enumerate(asks) if ask.page), default=len(asks))
    told = [replace(ask, hint=f"{ask.hint} Everybody in this case reads this; if your name is kept back, the coordinator alone.".strip())
            if ask.name == CONTACT and ask.seen_by == "shared" else ask for ask in asks]
    return (*told[:place], ASK, *told[place:])


def kept_from_others(asks: Sequence[Ask], mode: str) -> tuple[Ask, ...]:
    """The questions as their answers are kept: of somebody unnamed, whom to talk to is for the coordinator alone."""
    return tuple(asks) if mode == OPEN else tuple(replace(ask, seen_by="coordinator") if ask.name == CONTACT else ask for ask in asks)


def mode_chosen(answers: Mapping[str, object]) -> str:
    given = answers.get(QUESTION)
    return given if isinstance(given, str) and given in MODES else OPEN


def stand_for(mode: str, representative: str, number: int) -> str:
    """What is read in place of a name. NUMBER counts the unnamed of a case; REPRESENTATIVE is "" when nobody acts for it."""
    words = f"{UNNAMED}{representative} acts for" if mode == REPRESENTED and representative else f"{UNNAMED}complains"
    return words if number == 1 else f"{words} ({number})"

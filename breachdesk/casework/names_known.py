"""Whether a text names somebody whom the desk knows, or a case: such words stand in no anonymised summary."""

from __future__ import annotations

import re
from collections.abc import Collection

from breachdesk.store import summarising
from breachdesk.store.session import Session

# A case's reference gives as much away as a name.
_REFERENCE = re.compile(r"\b[A-Z]{2,6}-[0-9]{4}-[0-9]+\b")


class KnownNames:
    """Everybody whom the desk knows: people, and organisations by every name that they have had."""

    def __init__(self, names: Collection[str]) -> None:
        wanted = sorted({name.strip() for name in names if name.strip()}, key=len, reverse=True)
        self._any = re.compile(rf"\b(?:{'|'.join(map(re.escape, wanted))})\b", re.IGNORECASE) if wanted else re.compile("(?!)")

    def stand_in(self, text: str) -> bool:
        return bool(self._any.search(text) or _REFERENCE.search(text))


def known_names(session: Session) -> KnownNames:
    return KnownNames(summarising.everybodys_names(session))


def names_somebody(session: Session, text: str) -> bool:
    return known_names(session).stand_in(text)

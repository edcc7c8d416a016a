"""Where rehearsals are played: a practice desk with invented people is prepared once for each scheme, and every rehearsal has a copy."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from breachdesk.audit.chain import Doer
from breachdesk.casework.desk import Desk
from breachdesk.casework.practice.practice_people import PASSWORD, put_people
from breachdesk.casework.procedures.setting_up import create_scheme
from breachdesk.casework.signing_in.passwords import hash_password
from breachdesk.errors import Refused
from breachdesk.identity import THE_OPERATOR
from breachdesk.resources import folder
from breachdesk.store.session import Database, Session
from breachdesk.workflow.rehearsing import Rehearsal

BY_REHEARSAL = Doer(THE_OPERATOR.account_id, "operator")
# Makes an empty practice desk in a folder, with its wall clock stopped at a moment (in UTC): `bootstrap` knows how.
MakeDesk = Callable[[Path, datetime], Desk]


class Desks:
    """Hands out desks to play on. Used in a `with`; afterwards nothing of them is left."""

    def __init__(self, make: MakeDesk) -> None:
        self._make = make
        self._prepared: dict[tuple[str, str, int], Desk] = {}

    def __enter__(self) -> Desks:
        self._folder = TemporaryDirectory(prefix="breachdesk-rehearsals-")
        self._password = hash_password(PASSWORD)
        return self

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()

    @contextmanager
    def one_for(self, rehearsal: Rehearsal) -> Iterator[Desk]:
        """A desk of the rehearsal's scheme and procedure, a year before the story begins; it is gone afterwards."""
        prepared = self._prepared_for(rehearsal)
        with TemporaryDirectory(dir=self._folder.name) as place:
            file = shutil.copy(prepared.data_path / "breachdesk.db", place)
            desk = replace(prepared, database=Database(f"sqlite:///{file}"), data_path=Path(place))
            try:
                yield desk
            finally:
                desk.database.close()

    def _prepared_for(self, rehearsal: Rehearsal) -> Desk:
        key = rehearsal.scheme, rehearsal.procedure, rehearsal.begins.year
        if key not in self._prepared:
            place = Path(self._folder.name, "-".join(map(str, key)))
            desk = self._make(place, datetime(rehearsal.begins.year - 1, 1, 2, 9, tzinfo=UTC))
            desk.database.transact(lambda session: self._fill(session, desk, rehearsal))
            # Closed, the file is whole and can be copied, however SQLite keeps its journal.
            desk.database.close()
            self._prepared[key] = desk
        return self._prepared[key]

    def _fill(self, session: Session, desk: Desk, rehearsal: Rehearsal) -> None:
        scheme = create_scheme(session, desk, BY_REHEARSAL, _scheme_text(rehearsal), f"workflows/schemes/{rehearsal.scheme}.yaml")
        put_people(session, desk, BY_REHEARSAL, scheme, self._password)


def _scheme_text(rehearsal: Rehearsal) -> str:
    """The scheme's file, running the procedure that the rehearsal is about: a scheme goes on to newer ones, its old stories stay."""
    file = folder("workflows") / "schemes" / f"{rehearsal.scheme}.yaml"
    if not file.is_file():
        known = ", ".join(sorted(one.stem for one in file.parent.glob("*.yaml")))
        raise Refused(f"{rehearsal.file}: there is no scheme “{rehearsal.scheme}” to play under; there is: {known}.")
    return re.sub(r"(?m)^procedure:.*$", f"procedure: {rehearsal.procedure}", file.read_text("utf-8"))

"""A complaint that comes with files: all of it or none. The files are checked first, and lie beside the complaint from the beginning."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager

from breachdesk.casework.act import Done
from breachdesk.casework.desk import Desk
from breachdesk.casework.files import Incoming, Taken, drop, taken_in
from breachdesk.casework.open_case import open_within
from breachdesk.casework.rooms import file_with_complaint
from breachdesk.errors import Invalid, NotFound, Refused
from breachdesk.identity import Actor
from breachdesk.store.session import Session

FILES = "files"


def lodge_with_files(desk: Desk, actor: Actor, scheme_slug: str, raw: Mapping[str, object], files: Sequence[Incoming], draft: str) -> Done:
    """Lodge a complaint as `open_case` does, with its files. Sent twice, it is one case, and each file is there once.

    Raises what `open_case` raises, and Invalid for a file that is not taken; then nothing has changed.
    """
    with _all_taken_in(desk, files) as taken:
        done = desk.database.transact(lambda session: _lodge(session, desk, actor, scheme_slug, raw, taken, draft))
        if done.decision is None:
            for one in taken:
                drop(desk, one)
    return done


def _lodge(session: Session, desk: Desk, actor: Actor, scheme_slug: str, raw: Mapping[str, object], taken: Sequence[Taken],
           draft: str) -> Done:
    done = open_within(session, desk, actor, scheme_slug, raw, draft)
    for one in taken if done.decision else ():
        try:
            file_with_complaint(session, desk, actor, done.reference, one)
        except NotFound:
            raise Refused("You have an interest in this complaint, so you will not see it, and can add no file to it. Send it without; "
                          "the organisation that complains, or a stand-in, adds them.") from None
    return done


@contextmanager
def _all_taken_in(desk: Desk, files: Sequence[Incoming]) -> Iterator[list[Taken]]:
    """The files in the desk's folder; none of them stays there when what is done with them fails. Raises Invalid, naming the file."""
    with ExitStack() as stack:
        taken = []
        for one in files:
            try:
                found = stack.enter_context(taken_in(desk, one, ""))
            except Invalid as wrong:
                raise Invalid({FILES: f"“{one.name[:100]}”: {wrong} Nothing was sent. Choose all files again"}) from None
            taken += [found] if found else []
        yield taken

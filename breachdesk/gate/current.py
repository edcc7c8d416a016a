"""The desk and the person of the request that is being answered."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import cast

from flask import current_app, g

from breachdesk.casework.desk import Desk
from breachdesk.casework.signing_in.sessions import Presence
from breachdesk.clock import local_day
from breachdesk.identity import NOBODY, Actor
from breachdesk.store.session import Session


def the_desk() -> Desk:
    return cast(Desk, current_app.extensions["breachdesk"])


def the_actor() -> Actor:
    """Who asks; NOBODY when they have not signed in."""
    return cast(Actor, g.get("actor", NOBODY))


def the_presence() -> Presence | None:
    """The sign-in behind this request; None when there is none."""
    return cast("Presence | None", g.get("presence"))


@contextmanager
def reading() -> Iterator[Session]:
    """A transaction that only reads, for the length of a page."""
    with the_desk().database.read() as session:
        yield session


def today() -> date:
    """The day it is on this desk."""
    with reading() as session:
        return local_day(the_desk().now(session))

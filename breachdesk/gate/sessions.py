"""Who is this? flask-login over sign-ins that live in the database, so that one that is ended is ended at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask, g, session
from flask_login import LoginManager, current_user, login_user, logout_user

from breachdesk.casework import accounts
from breachdesk.gate.current import the_desk
from breachdesk.identity import NOBODY, Actor


class SignedIn:
    """What flask-login keeps for one request: the token of the sign-in, and the person."""

    is_authenticated = is_active = True
    is_anonymous = False

    def __init__(self, token: str, actor: Actor) -> None:
        self.token = token
        self.actor = actor

    def get_id(self) -> str:
        return self.token


def set_up_sessions(app: Flask, idle: timedelta) -> None:
    """Let flask-login find the person behind a cookie, and put them where views look."""
    manager = LoginManager()
    manager.session_protection = None
    manager.init_app(app)

    @manager.user_loader  # type: ignore[untyped-decorator, unused-ignore]
    def _load(token: str) -> SignedIn | None:
        actor = accounts.signed_in(the_desk(), token, idle)
        return SignedIn(token, actor) if actor else None

    @app.before_request
    def _who() -> None:
        user: Any = current_user
        g.actor = user.actor if user.is_authenticated else NOBODY


def begin(email: str, password: str) -> bool:
    """Sign somebody in: a new session with a new token, nothing kept of the old one."""
    token = accounts.sign_in(the_desk(), email, password)
    if token is None:
        return False
    actor = accounts.signed_in(the_desk(), token, timedelta(hours=1))
    if actor is None:
        return False
    session.clear()
    login_user(SignedIn(token, actor))
    return True


def end() -> None:
    """Sign out: the session's row ends, and the cookie is emptied."""
    user: Any = current_user
    if user.is_authenticated:
        accounts.sign_out(the_desk(), user.token)
    logout_user()
    session.clear()

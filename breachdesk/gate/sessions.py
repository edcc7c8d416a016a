"""Who is this? flask-login over sign-ins that live in the database, so that one that is ended is ended at once."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask, g, redirect, request, session, url_for
from flask_login import LoginManager, current_user, login_user, logout_user

from breachdesk.casework.signing_in import passkeys, sessions
from breachdesk.casework.signing_in.oidc import Errand
from breachdesk.casework.signing_in.sessions import Place, Presence
from breachdesk.gate.current import the_actor, the_desk, the_presence
from breachdesk.identity import NOBODY, Actor

_HALFWAY, _CHALLENGE, _ERRAND, _AFTER = "halfway", "challenge", "errand", "after"
# How many seconds a passkey, or a provider, may take to answer.
_LASTS = 300
_BROWSERS = (("Edge", r"Edg(e|A|iOS)?/"), ("Opera", r"OPR/"), ("Firefox", r"Firefox/|FxiOS/"), ("Chrome", r"Chrome/|CriOS/|Chromium/"),
             ("Safari", r"Safari/"))
_SYSTEMS = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac", "Macintosh|Mac OS X"),
            ("Linux", "Linux|X11"))


class SignedIn:
    """What flask-login keeps for one request: who has signed in, and how."""

    is_authenticated = is_active = True
    is_anonymous = False

    def __init__(self, present: Presence) -> None:
        self.present = present

    def get_id(self) -> str:
        return self.present.token


def set_up_sessions(app: Flask) -> None:
    """Let flask-login find the person behind a cookie, and put them where views look."""
    manager = LoginManager()
    manager.session_protection = None
    manager.init_app(app)

    @manager.user_loader  # type: ignore[untyped-decorator, unused-ignore]
    def _load(token: str) -> SignedIn | None:
        present = sessions.presence(the_desk(), token)
        return SignedIn(present) if present else None

    app.before_request(_who)


def _who() -> None:
    user: Any = current_user
    g.presence = user.present if user.is_authenticated else None
    g.actor = g.presence.actor if g.presence else NOBODY


def who_was_refused() -> Actor:
    """Who asked, also where that was refused before anybody looked: a form without its token."""
    if "actor" not in g:
        _who()
    return the_actor()


def place() -> Place:
    """Where this request comes from."""
    return Place(request.remote_addr or "", device_of(request.headers.get("User-Agent", "")))


def device_of(user_agent: str) -> str:
    """A browser's long description in few words, for people: “Firefox on Windows”."""
    browser = next((name for name, pattern in _BROWSERS if re.search(pattern, user_agent)), "")
    system = next((name for name, pattern in _SYSTEMS if re.search(pattern, user_agent)), "")
    return " on ".join(one for one in (browser or "A browser", system) if one)


def begin(email: str, password: str, after: str) -> Any:
    """Sign somebody in by password; the way on, or None when they are not let in. Raises TooManyTries."""
    token = sessions.sign_in(the_desk(), email, password, place())
    return enter(token, after) if token else None


def enter(token: str, after: str = "") -> Any:
    """Let the browser hold a sign-in that has begun; the way on: to AFTER, or to the second step. None when the sign-in is over.

    Nothing is kept of what the browser held before, its id least of all.
    """
    present = sessions.presence(the_desk(), token)
    if present:
        session.clear()
        _hold(present)
        return redirect(after or url_for("home.page"))
    if sessions.waits_for_second_step(the_desk(), token):
        session.clear()
        session[_HALFWAY] = token
        return redirect(url_for("second_step.code", next=after or None))
    return None


def waits_for_code() -> bool:
    """Whether the browser holds a sign-in whose second step is still to come."""
    return sessions.waits_for_second_step(the_desk(), str(session.get(_HALFWAY, "")))


def take_second_step(code: str) -> bool:
    """Finish the sign-in that the browser holds. Raises TooManyTries, or SignInNeeded when it has to begin again."""
    token = sessions.take_second_step(the_desk(), str(session.get(_HALFWAY, "")), code, place())
    return token is not None and enter(token) is not None


def _hold(present: Presence) -> None:
    login_user(SignedIn(present))
    g.presence, g.actor = present, present.actor


def confirm(password: str, code: str) -> bool:
    """Prove again who one is: the sign-in goes on under a new token. Raises TooManyTries."""
    present = the_presence()
    token = sessions.confirm(the_desk(), present, password, code, place()) if present else None
    return token is not None and _renew(token)


def _renew(token: str) -> bool:
    present = sessions.presence(the_desk(), token)
    if present:
        _hold(present)
    return present is not None


def confirm_with_passkey(answer: str) -> bool:
    """The same by a passkey. Raises TooManyTries."""
    present = the_presence()
    token = passkeys.confirm(the_desk(), present, take_challenge("prove"), answer, place()) if present else None
    return token is not None and _renew(token)


def keep_challenge(purpose: str, challenge: str) -> None:
    """Let the browser keep a passkey's challenge in its signed cookie, for a few minutes."""
    session[_CHALLENGE] = [purpose, challenge, int(the_desk().wall().timestamp())]


def take_challenge(purpose: str) -> str:
    """The challenge that the browser kept for this purpose; nothing when there is none, or it is too old."""
    kept_for, challenge, at = session.pop(_CHALLENGE, ["", "", 0])
    return str(challenge) if kept_for == purpose and the_desk().wall().timestamp() - at <= _LASTS else ""


def keep_errand(errand: Errand, after: str) -> None:
    """Let the browser keep what it has to bring back from the provider."""
    session[_ERRAND] = [errand.state, errand.nonce, errand.verifier, after, int(the_desk().wall().timestamp())]


def take_errand() -> tuple[Errand | None, str]:
    """What the browser was sent to the provider with, once, and where it wanted to go."""
    state, nonce, verifier, after, at = session.pop(_ERRAND, ["", "", "", "", 0])
    good = state and the_desk().wall().timestamp() - at <= _LASTS
    return (Errand("", state, nonce, verifier) if good else None), str(after)


def keep_way(after: str) -> None:
    """Let the browser keep where somebody was going who signs in by a mailed link: the link itself cannot say it."""
    session[_AFTER] = after


def take_way() -> str:
    """Where they were going; nothing when the link is opened in another browser."""
    return str(session.pop(_AFTER, ""))


def end() -> None:
    """Sign out: the session's row ends, and the cookie is emptied."""
    present = the_presence()
    if present:
        sessions.sign_out(the_desk(), present.token)
    logout_user()
    session.clear()

"""My account: my address, my password, the second step, and where I am signed in."""

from __future__ import annotations

from collections.abc import Sequence
from tempfile import SpooledTemporaryFile
from typing import cast

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from breachdesk.casework.forgetting.subject_access import write_own_copy
from breachdesk.casework.people import own_account
from breachdesk.casework.signing_in.passkeys import own_passkeys
from breachdesk.casework.signing_in.second_factors import second_factor
from breachdesk.casework.signing_in.sessions import Presence, SignInShown, live_sign_ins
from breachdesk.errors import Invalid, TooManyTries
from breachdesk.gate import sessions
from breachdesk.gate.current import reading, the_desk, the_presence
from breachdesk.gate.needs import Answer, needs
from breachdesk.permissions import Permission
from breachdesk.store.session import Session

pages = Blueprint("account", __name__)
IN_MEMORY = 5_000_000


def me() -> Presence:
    """The sign-in behind this request: every page here needs one."""
    return cast(Presence, the_presence())


def back_to_account(says: str) -> Response:
    flash(says, "done")
    return redirect(url_for("account.page"), code=303)


@pages.get("/account")
@needs(Permission.OWN_ACCOUNT)
def page() -> str:
    with reading() as session:
        return render_template("account/page.html", me=me(), sign_ins=_sign_ins(session),
                               second=second_factor(session, the_desk(), me()), has_password=own_account.has_password(session, me()),
                               passkeys=len(own_passkeys(session, me())))


def _sign_ins(session: Session) -> Sequence[SignInShown]:
    return live_sign_ins(session, the_desk(), me().actor.account_id, here=me().token)


@pages.get("/account/copy")
@needs(Permission.OWN_ACCOUNT, fresh=True)
def copying() -> str:
    return render_template("account/copy.html")


@pages.post("/account/copy")
@needs(Permission.OWN_ACCOUNT, fresh=True)
def copy() -> Response:
    """Everything that is held on the person who asks, as a file to keep."""
    file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  It is closed when it has been sent.
    write_own_copy(the_desk(), me().actor, file)
    file.seek(0)
    return send_file(file, "application/zip", as_attachment=True, download_name="what-is-held-on-me.zip", etag=False)


@pages.post("/account/sign-ins/<key>/end")
@needs(Permission.OWN_ACCOUNT, fresh=True)
def end_one(key: str) -> Response:
    """End one of one's own sign-ins; one that is somebody else's, or over, is none."""
    ended = own_account.end_sign_in(the_desk(), me(), key)
    return back_to_account("That sign-in has ended." if ended else "That sign-in had ended already.")


@pages.post("/account/sign-ins/end-others")
@needs(Permission.OWN_ACCOUNT, fresh=True)
def end_others() -> Response:
    own_account.end_others(the_desk(), me())
    return back_to_account("You are signed out everywhere but here.")


@pages.get("/account/password")
@needs(Permission.OWN_ACCOUNT)
def password() -> Answer:
    return _password({})


@pages.post("/account/password")
@needs(Permission.OWN_ACCOUNT)
def change_password() -> Answer:
    """The old password is asked for, so that somebody who finds an open window cannot take the account over."""
    try:
        own_account.change_password(the_desk(), me(), request.form.get("old", ""), request.form.get("password", ""), sessions.place())
    except Invalid as faults:
        return _password(faults.fields), 422
    except TooManyTries as error:
        return _password({"old": str(error)}), 429
    return back_to_account("Your password is changed. You are signed out everywhere but here.")


def _password(errors: dict[str, str]) -> str:
    return render_template("account/password.html", me=me(), errors=errors)


@pages.get("/account/address")
@needs(Permission.OWN_ACCOUNT, fresh=True)
def address() -> Answer:
    return render_template("account/address.html", me=me(), address="", error="")


@pages.post("/account/address")
@needs(Permission.OWN_ACCOUNT, fresh=True)
def change_address() -> Answer:
    """A link goes to the new address; until it was used, nothing changes. Whether somebody has that address already is not said."""
    wanted = request.form.get("address", "").strip()[:300]
    try:
        own_account.ask_for_address(the_desk(), me(), wanted, sessions.place())
    except Invalid as faults:
        return render_template("account/address.html", me=me(), address=wanted, error=faults.fields["email"]), 422
    except TooManyTries as error:
        return render_template("account/address.html", me=me(), address=wanted, error=str(error)), 429
    return back_to_account(f"A link is on its way to {wanted}. Your address changes when you open it there and press its button.")

"""The rooms of a case, and the files in them. Who reads where is decided in `casework.rooms`; here are only pages."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from breachdesk.casework.file_kinds import TAKEN
from breachdesk.casework.files_fetched import fetch_file
from breachdesk.casework.rooms import open_room, release, say_in_room
from breachdesk.casework.rooms_shown import MessageShown, RoomPage, room_page
from breachdesk.errors import Invalid, NotFound, NotPermitted, Refused
from breachdesk.gate.current import reading, the_actor, the_desk
from breachdesk.gate.needs import Answer, needs
from breachdesk.gate.uploads import sent_files, takes_a_file
from breachdesk.permissions import Permission
from breachdesk.web.forms import form_key, whole_number

pages = Blueprint("rooms", __name__)


@pages.get("/cases/<reference>/rooms/<room>")
@needs(Permission.READ_CASES)
def page(reference: str, room: str) -> str:
    return _page(_read(reference, room), {}, "", whole_number(request.args.get("entry", "")))


@pages.post("/cases/<reference>/rooms/<room>")
@needs(Permission.ACT)
@takes_a_file
def say(reference: str, room: str) -> Answer:
    """Say something there, with a file or without; what was typed is not lost when it cannot be said."""
    words, entry = request.form.get("words", ""), whole_number(request.form.get("entry", ""))
    try:
        file = next(iter(sent_files("file")), None)
        said = say_in_room(the_desk(), the_actor(), reference, room, words, file=file, belongs_to=entry, key=form_key())
    except Invalid as wrong:
        return _page(_read(reference, room), _missing(wrong.fields, words, entry), words, entry), 422
    except Refused as refusal:
        return _page(_read(reference, room), {"": " ".join(refusal.reasons)}, words, 0), 409
    return redirect(url_for("rooms.page", reference=said.reference, room=said.room, _anchor=f"message-{said.seq}"), code=303)


def _missing(wrong: Mapping[str, str], words: str, entry: int) -> Mapping[str, str]:
    """What is wrong, in the page's own words: whoever sends nothing is told what to write, or to choose a file."""
    if words.strip() or "words" not in wrong:
        return wrong
    return {"file": "Choose the file that you want to add"} if entry else {**wrong, "words": "Write something before you send it"}


@pages.get("/cases/<reference>/rooms/<room>/release/<int:seq>")
@needs(Permission.READ_CASES)
def release_form(reference: str, room: str, seq: int) -> str:
    """Who is to read it? It cannot be taken back, so it is asked on a page of its own."""
    shown = _read(reference, room)
    return _release_page(shown, _releasable(shown, seq), {})


@pages.post("/cases/<reference>/rooms/<room>/release/<int:seq>")
@needs(Permission.ACT)
def release_it(reference: str, room: str, seq: int) -> Answer:
    to = request.form.get("to", "")
    shown = _read(reference, room)
    message = _releasable(shown, seq)
    if not request.form.get("sure"):
        wrong = {} if to in dict(message.to) else {"to": "Choose who is to read it."}
        return _release_page(shown, message, wrong | {"sure": "Confirm that you want this, or go back."}, to), 422
    try:
        release(the_desk(), the_actor(), reference, room, seq, to, form_key())
    except Invalid as wrong_choice:
        return _release_page(shown, message, wrong_choice.fields, to), 422
    flash(f"Released to {dict(message.to)[to][:1].lower()}{dict(message.to)[to][1:]}.", "done")
    return redirect(url_for("rooms.page", reference=shown.reference, room=room, _anchor=f"message-{seq}"), code=303)


@pages.get("/cases/<reference>/rooms/<room>/open/<int:account>")
@needs(Permission.READ_CASES)
def open_form(reference: str, room: str, account: int) -> str:
    """Let somebody who was named later read what was said before? It cannot be taken back, so it is asked on a page of its own."""
    shown = _read(reference, room)
    return render_template("rooms/open.html", page=shown, account=account, name=_waiting(shown, account), error="")


@pages.post("/cases/<reference>/rooms/<room>/open/<int:account>")
@needs(Permission.ACT)
def open_it(reference: str, room: str, account: int) -> Answer:
    shown = _read(reference, room)
    name = _waiting(shown, account)
    if not request.form.get("sure"):
        error = "Confirm that you want this, or go back."
        return render_template("rooms/open.html", page=shown, account=account, name=name, error=error), 422
    open_room(the_desk(), the_actor(), reference, room, account)
    flash(f"{name} can now read what was said here before.", "done")
    return redirect(url_for("rooms.page", reference=shown.reference, room=room), code=303)


@pages.get("/cases/<reference>/files/<int:seq>")
@needs(Permission.READ_CASES)
def file(reference: str, seq: int) -> Response:
    """Hand a file out, to be kept and never to be shown by the browser in our name."""
    fetched = fetch_file(the_desk(), the_actor(), reference, seq)
    answer = send_file(BytesIO(fetched.content), "application/octet-stream", as_attachment=True, download_name=fetched.name, etag=False)
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def _read(reference: str, room: str) -> RoomPage:
    with reading() as session:
        return room_page(session, the_desk(), the_actor(), reference, room)


def _page(shown: RoomPage, errors: Mapping[str, str], typed: str, entry: int) -> str:
    listed = [{"text": text, **({"href": f"#{name}"} if name else {})} for name, text in errors.items()]
    return render_template("rooms/page.html", page=shown, errors=errors, listed=listed, typed=typed, entry=entry, key=form_key(),
                           taken=TAKEN, megabytes=the_desk().files.megabytes)


def _release_page(shown: RoomPage, message: MessageShown, errors: Mapping[str, str], to: str = "") -> str:
    listed = [{"text": text, "href": f"#{name}"} for name, text in errors.items()]
    return render_template("rooms/release.html", page=shown, message=message, errors=errors, listed=listed, to=to, key=form_key())


def _releasable(shown: RoomPage, seq: int) -> MessageShown:
    """A message that the reader can release. Raises NotFound for none, and NotPermitted for one that they only read."""
    message = next((one for one in shown.messages if one.seq == seq), None)
    if message is None:
        raise NotFound(f"There is no message {seq} in this room that you can see.")
    if not message.to:
        raise NotPermitted("You cannot release this. Only the organisation that said it can, once, while the case goes on.")
    return message


def _waiting(shown: RoomPage, account: int) -> str:
    name = dict(shown.closed_to).get(account)
    if name is None:
        raise NotFound("There is nobody to whom you could open this room.")
    return name

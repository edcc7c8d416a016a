"""The public page about the record: the keys that sign it, how far it is sealed, and whether a receipt holds. And each entry's receipt."""

from __future__ import annotations

import segno
from flask import Blueprint, Response, render_template, request, url_for
from markupsafe import Markup

from breachdesk.audit.receipt import Receipt, unpacked
from breachdesk.casework.log.receipts import CheckedReceipt, case_receipt, check_receipt, record_of
from breachdesk.casework.log.record_state import ago
from breachdesk.errors import BadCheckpoint, LogBroken
from breachdesk.gate.current import reading, the_actor, the_desk
from breachdesk.gate.needs import needs
from breachdesk.permissions import Permission

pages = Blueprint("record", __name__)


@pages.get("/record")
@needs(Permission.READ_PUBLIC_PAGES)
def page() -> str | tuple[str, int]:
    word = request.args.get("receipt", "")
    if not word:
        return _page()
    try:
        return _checked(unpacked(word))
    except BadCheckpoint as wrong:
        return _page(wrong=str(wrong)), 422


@pages.post("/record")
@needs(Permission.READ_PUBLIC_PAGES)
def check() -> str | tuple[str, int]:
    """Whether the receipt that somebody has pasted holds. Nothing of it is kept."""
    return _checked(request.form.get("receipt", ""))


@pages.get("/record/checkpoint")
@needs(Permission.READ_PUBLIC_PAGES)
def checkpoint() -> Response:
    """The newest checkpoint, for programs that keep it."""
    with reading() as session:
        found = record_of(session)
    return Response(found.note, mimetype="text/plain")


@pages.get("/cases/<reference>/receipts/<int:seq>")
@needs(Permission.READ_CASES)
def receipt(reference: str, seq: int) -> str:
    with reading() as session:
        found = case_receipt(session, the_actor(), reference, seq)
    return render_template("record/receipt.html", found=found, picture=picture(found.receipt) if found.receipt else "")


def picture(held: Receipt) -> Markup:
    """A receipt as a QR code that opens the page which checks it, drawn in the page itself: no picture comes from elsewhere."""
    link = url_for("record.page", receipt=held.packed, _external=False)
    drawn = segno.make(f"{the_desk().base_url.rstrip('/')}{link}", error="l")
    return Markup(drawn.svg_inline(scale=3, border=4, svgclass="desk-qr", lineclass=None, light="#fff",  # noqa: S704  Made of squares.
                                   omitsize=True))


def _checked(text: str) -> str | tuple[str, int]:
    try:
        with reading() as session:
            found = check_receipt(session, text)
    except (BadCheckpoint, LogBroken) as wrong:
        return _page(text, wrong=str(wrong)), 422
    return _page(text, found)


def _page(text: str = "", found: CheckedReceipt | None = None, wrong: str = "") -> str:
    desk = the_desk()
    with reading() as session:
        record, now = record_of(session), desk.wall()
        shift = desk.now(session) - now
    window = ago(now - (record.outer.waits_since - shift), since=True) if record.outer.waits_since else ""
    return render_template("record/page.html", record=record, sealed_ago=ago(now - record.sealed_at) if record.sealed_at else "",
                           window=window, text=text, found=found, wrong=wrong)

"""Every page about a case that somebody was shown is noted as read, in memory: `casework.log.reads_noted` writes it in batches."""

from __future__ import annotations

from flask import Flask, Response, request

from breachdesk.casework.log.reads_noted import KINDS, note_read
from breachdesk.gate.current import the_actor, the_desk
from breachdesk.identity import NOBODY


def set_up_reads(app: Flask) -> None:
    """Note what was shown after each request that showed something of a case."""
    @app.after_request
    def _note(response: Response) -> Response:
        reference = (request.view_args or {}).get("reference")
        if reference and request.method == "GET" and response.status_code == 200 and the_actor() != NOBODY:
            note_read(the_desk(), the_actor().account_id, KINDS.get(request.blueprint or "", "case"), reference)
        return response

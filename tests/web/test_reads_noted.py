"""Every page about a case that somebody was shown is noted as read, and none that they were not shown."""

from __future__ import annotations

from conftest import lodge


def test_what_was_shown_is_noted_and_nothing_else(desk, cast, reader):
    reference = lodge(desk, cast.ruth)
    for who, path in (("ruth", f"/cases/{reference}"), ("omar", f"/cases/{reference}"), ("olive", f"/cases/{reference}"),
                      ("olive", f"/cases/{reference}/rooms/shared"), ("ruth", "/cases"), ("", f"/cases/{reference}")):
        person = reader(who)
        del desk.reads[:]
        person.client.get(path)
        shown = who in ("ruth", "olive") and reference in path
        kind = "room" if "rooms" in path else "case"
        assert desk.reads == ([(getattr(cast, who).account_id, kind, reference)] if shown else [])

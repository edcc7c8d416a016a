"""Who may see the name: the organisation, the coordinator and whoever decides each find what they can do, and that it cannot be undone."""

from __future__ import annotations

from casework.test_masking import lodge_shielded
from conftest import tell


def test_the_organisation_shows_its_name_once_it_has_said_that_it_cannot_be_undone(reader, desk, cast):
    reference = tell(desk, cast.olive, lodge_shielded(desk, cast.ruth))
    ruth, omar = reader("ruth"), reader("omar")
    page = ruth.open(f"/cases/{reference}/identity")

    refused = ruth.send(page.form(f"/cases/{reference}/identity"), {}, expect=422)
    assert "Tick the box to say that you know it cannot be undone" in refused.main
    assert "Riverside" not in omar.open(f"/cases/{reference}").main

    ruth.send(page.form(f"/cases/{reference}/identity"), {"sure": "yes"})
    assert "Riverside Carers" in omar.open(f"/cases/{reference}").main


def test_the_coordinator_says_why_and_is_told_that_somebody_else_decides(reader, desk, cast):
    reference = tell(desk, cast.olive, lodge_shielded(desk, cast.ruth))
    olive = reader("olive")
    page = olive.open(f"/cases/{reference}/identity")

    assert "Enter an answer" in olive.send(page.form(f"/cases/{reference}/identity"), {}, expect=422).main
    olive.send(page.form(f"/cases/{reference}/identity"), {"reason": "Nobody can pay a grant to somebody unnamed."})

    page = olive.open(f"/cases/{reference}/identity")
    assert "Nobody can pay a grant to somebody unnamed." in page.main
    assert "so somebody else decides" in page.main


def test_the_case_page_says_to_each_side_what_is_kept_back(reader, desk, cast):
    reference = tell(desk, cast.olive, lodge_shielded(desk, cast.ruth))

    assert "You are not told who complains." in reader("omar").open(f"/cases/{reference}").main
    assert "Riverside Carers is not named" in reader("ruth").open(f"/cases/{reference}").main
    reader("omar").open(f"/cases/{reference}/identity", 403)

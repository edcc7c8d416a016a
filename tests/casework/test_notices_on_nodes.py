"""Two nodes that send at the same time send each message once; one that dies with a message in its hand is made up for."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from conftest import lodge

from breachdesk.casework.notices import send_waiting_notices
from breachdesk.mail.folder import FolderMailer
from breachdesk.store import notices


@pytest.fixture
def nodes(either_desk, tmp_path):
    """Two machines that serve one desk, each with a folder of its own, and one place to which mail goes."""
    post = FolderMailer(tmp_path / "post", "desk@desk.example")
    return [replace(either_desk, data_path=tmp_path / name, mailer=post) for name in ("one", "two")]


def sent(tmp_path):
    return [line for file in (tmp_path / "post").rglob("*.eml") for line in file.read_text("utf-8").splitlines()
            if line.startswith("Message-ID")]


def test_two_nodes_send_each_message_once(nodes, cast, tmp_path):
    for number in range(6):
        lodge(nodes[0], cast.ruth, title=f"Case {number}")

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(send_waiting_notices, nodes))

    found = sent(tmp_path)
    assert len(found) == len(set(found)) == 12


def test_what_a_node_had_in_hand_when_it_died_is_sent_by_another_five_minutes_later(nodes, cast, clock, tmp_path):
    lodge(nodes[0], cast.ruth)
    with nodes[0].database.begin() as session:
        for row in notices.waiting(session, 10):
            notices.take(session, row.id, clock.now)
    assert send_waiting_notices(nodes[1]) == 0

    clock.move(minutes=5)

    assert send_waiting_notices(nodes[1]) == 2


def test_a_clock_that_was_set_back_holds_no_message_up(nodes, cast, clock):
    lodge(nodes[0], cast.ruth)
    with nodes[0].database.begin() as session:
        for row in notices.waiting(session, 10):
            notices.take(session, row.id, clock.now + timedelta(days=365))

    clock.move(hours=-8)

    assert send_waiting_notices(nodes[0]) == 2

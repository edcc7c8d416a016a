"""Every event of the desk's own log has a sentence, made of nothing but the facts that it declares."""

from __future__ import annotations

import pytest

from breachdesk.casework.log.desk_log_said import said_of
from breachdesk.events import EVENTS

# What stands in the log of a case is told on its page; concerns are told under “Concerns” alone.
_TOLD_ELSEWHERE = {"case", "link", "room", "note", "disposal", "hold", "file", "interest", "access", "summary", "limit", "identity",
                   "notice", "concern"}
_A_DAY = "2026-05-06"
_FACTS = {"made_at": f"{_A_DAY}T09:00:00+00:00", "reads": [{"account": 1, "times": 3}], "added": [_A_DAY], "removed": [],
          "changed": ["area"], "roles": ["panel_member"], "organisations": [5], "what": "words",
          "account": 1, "organisation": 5, "entries": 10, "known": 12,
          "waiting": 3}


@pytest.mark.parametrize("event", sorted(event for event in EVENTS if event.split(":")[0] not in _TOLD_ELSEWHERE))
def test_an_event_of_the_desk_is_a_sentence(event: str) -> None:
    said = said_of(event, {name: _FACTS.get(name, _A_DAY) for name in EVENTS[event]}, {1: "Olive"}, {5: "Derby Aid"})

    assert said != event, "say in casework/log/desk_log_said.py what a reader of the log is told"
    assert said.endswith(".")
    assert "{" not in said


def test_a_name_stays_as_it_is_written_and_who_is_unknown_begins_a_sentence_in_capitals() -> None:
    assert said_of("session:began", {"account": 1}, {1: "van {x} Dyk"}, {}) == "van {x} Dyk signed in."
    assert said_of("session:began", {"account": 1}, {}, {}) == "Somebody signed in."
